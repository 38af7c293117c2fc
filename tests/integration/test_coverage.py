"""Coverage on both databases: sums by independent SQL, and what the next host promises holds when it is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from sqlalchemy import text

from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, operator, scope_for
from gis.model.coverage import COVERED, Reach
from gis.model.enums import HostStatus, OrgKind, Precision, Preference, VenueKind
from gis.model.organisation import PartyOrg
from gis.model.people import Residence
from gis.model.territory import Building, Division, Estate, Grid, HostHousehold, Road, Venue
from gis.services.coverage import CoverageRequest, read_coverage
from gis.services.host_checks import STEPS
from gis.services.host_life import take_step
from gis.services.hosts import HostForm, apply_host
from gis.services.next_host import NextHostRequest, next_hosts
from gis.services.sample.street import SampleRequest, sample_street
from gis.services.settings import SettingChange, change_settings
from tests.integration.tiny_street import at, person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.model.coverage import NextHost
    from gis.model.ids import BuildingId, GridId
    from gis.store.database import Store

CLERK = operator()
SQUARE = shapely.box(119.97, 31.78, 120.03, 31.8)
#: Where members of the first branch live, in metres along the road; a host at 0 m seats two
HOMES = (0, 0, 100, 700, 1500, 1550, 1600, 3800)


class Street:
    """A road of 4,000 m: buildings at the homes, one host of two seats at 0 m; members of 70 walk at most 810 m."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            line = [shapely.get_coordinates(shapely.from_wkb(at(x)))[0] for x in range(0, 4001, 100)]
            writer.save_roads([Road(None, "青禾路", "residential", shapely.to_wkb(shapely.LineString(line)))])
            writer.save_divisions(
                [Division(None, "990402001001", "东禾社区"), Division(None, "990402001002", "西禾社区")]
            )
            west, east = writer.save_grids(
                [
                    Grid(None, f"99040200100{n}001", f"网格{n}", f"99040200100{n}", shape=shapely.to_wkb(SQUARE))
                    for n in (2, 1)
                ]
            )
            self.one, self.two = writer.save_orgs(
                [PartyOrg(None, name, OrgKind.BRANCH) for name in ("东风一支部", "东风二支部")]
            )
            places = sorted(set(HOMES))
            (estate,) = writer.save_estates([Estate(None, "青禾苑", shape=shapely.to_wkb(SQUARE))])
            numbers = writer.save_buildings(
                Building(None, "", f"{x}", at(x), estate, grid_id=west if x < 1000 else east) for x in places
            )
            building = dict(zip(places, numbers, strict=True))
            (self.host,) = writer.save_hosts([HostHousehold(None, "甲", self.one, 2, at(0), is_step_free=True)])
            people = [
                person(f"一{n}", self.one, x, residence=_home(x, building, west, east)) for n, x in enumerate(HOMES)
            ]
            people += [
                person("二一", self.two, 100, residence=_home(100, building, west, east), preference=Preference.ONLINE),
                person("二二", self.two, 0, residence=Residence("不详")),
            ]
            self.members = writer.save_members(people)


def _home(x: int, building: dict[int, BuildingId], west: GridId, east: GridId) -> Residence:
    grid = west if x < 1000 else east
    return Residence(f"青禾苑{x}幢", Precision.BUILDING, building_id=building[x], grid_id=grid, shape=at(x))


@pytest.fixture
def street(store: Store) -> Street:
    return Street(store)


def _pairs(rows: Iterable[Any]) -> dict[Any, int]:
    return {one[0]: one[1] for one in rows}


def test_every_member_stands_in_one_state_and_all_sums_agree(street: Street):
    found = read_coverage(CLERK, street.store)
    assert found.parts == {
        Reach.GROUPED: 0,
        Reach.FREE: 4,  # 0, 0, 100 and 700 m
        Reach.FULL: 0,
        Reach.NONE: 4,  # 1,500 m and beyond
        Reach.UNKNOWN: 1,
        Reach.ELSEWHERE: 1,
    }
    assert (found.denominator, found.count, found.without_seat) == (10, 4, 6)  # two seats for eight
    with street.store.reading(CLERK.scope) as reader:
        run = reader.session.execute
        in_transition = (
            "FROM member m WHERE m.left_on IS NULL AND EXISTS "
            "(SELECT 1 FROM transition_episode t WHERE t.member_id = m.id AND t.returned_on IS NULL)"
        )
        assert run(text(f"SELECT COUNT(*) {in_transition}")).scalar_one() == found.denominator
        by_branch = _pairs(run(text(f"SELECT m.branch_id, COUNT(*) {in_transition} GROUP BY m.branch_id")))
        by_community = _pairs(
            run(
                text(
                    "SELECT COALESCE(g.community_code, ''), COUNT(*) FROM member m "
                    "JOIN residence_history r ON r.member_id = m.id AND r.valid_to IS NULL "
                    "LEFT JOIN grid g ON g.id = r.grid_id WHERE m.left_on IS NULL GROUP BY 1"
                )
            )
        )
    assert {int(one.key): one.denominator for one in found.branches} == by_branch
    assert {one.key: one.denominator for one in found.communities} == by_community
    for table in (found.branches, found.communities):
        assert sum(one.count or 0 for one in table) == found.count
        assert {state: sum(one.parts[state] for one in table) for state in Reach} == found.parts
        assert all(one.count == sum(one.parts[state] for state in COVERED) for one in table)


def test_gaps_name_the_buildings_and_the_branches(street: Street):
    found = read_coverage(CLERK, street.store)
    assert [(gap.label, gap.members, gap.nearest_m) for gap in found.gaps] == [
        ("青禾苑 1500幢", 1, 1500),
        ("青禾苑 1550幢", 1, 1550),
        ("青禾苑 1600幢", 1, 1600),
        ("青禾苑 3800幢", 1, None),
    ]
    assert (found.buildings, found.buildings_of) == (3, 7)
    assert [(one.branch, one.has_no_group, one.last_held) for one in found.org_gaps] == [
        ("东风一支部", True, None),
        ("东风二支部", True, None),
    ]


def test_the_best_next_host_is_the_one_that_seats_most_and_walks_least(street: Street):
    found = next_hosts(CLERK, street.store, NextHostRequest(seats=3))
    assert (found.waiting, found.without_seat, found.uncovered) == (8, 6, 4)
    best = found.best[0]
    assert (best.label, best.more_seated) == ("青禾苑 1550幢", 3)  # at 700 m three could sit as well, and walk farther
    assert best.more_m == pytest.approx(100, abs=1)
    assert [one.more_seated for one in found.in_turn][:3] == [3, 2, 1]
    assert sum(one.more_seated for one in found.in_turn) == found.without_seat


def _found_for_real(street: Street, place: NextHost) -> None:
    """Take a proposal through all steps: application, three approvals."""
    member, _ = place.hosts[0]
    host = apply_host(CLERK, street.store, HostForm(member, place.seats))
    for step in STEPS[1:]:
        with street.store.reading(CLERK.scope) as reader:
            version = next(one.version for one in reader.hosts() if one.id == host)
        take_step(CLERK, street.store, host, step, street.store.today(), version)
    with street.store.reading(CLERK.scope) as reader:
        assert next(one.status for one in reader.hosts() if one.id == host) is HostStatus.APPROVED


@pytest.mark.parametrize("seats", [1, 3, 15])
def test_what_is_promised_holds_when_the_host_is_there(street: Street, seats: int):
    request = NextHostRequest(seats=seats)
    for _ in range(3):
        before, proposal = read_coverage(CLERK, street.store), next_hosts(CLERK, street.store, request)
        best = proposal.best[0]
        expected = proposal.in_turn[1:]
        _found_for_real(street, best)
        after, again = read_coverage(CLERK, street.store), next_hosts(CLERK, street.store, request)
        assert (before.without_seat or 0) - (after.without_seat or 0) == best.more_seated
        assert (after.count or 0) - (before.count or 0) == best.fewer_uncovered
        assert before.parts[Reach.NONE] - after.parts[Reach.NONE] == best.newly_reached  # type: ignore[operator]  # seen
        told = [(one.key, one.more_seated, one.more_m, one.fewer_uncovered) for one in again.in_turn]
        assert told[: len(expected)] == [
            (one.key, one.more_seated, one.more_m, one.fewer_uncovered) for one in expected
        ]
        if not again.best:
            break


def test_a_candidate_venue_counts_with_its_own_seats(street: Street):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (venue,) = writer.save_venues([Venue(None, "禾场", VenueKind.CANDIDATE, 8, at(1000))])
    best = next_hosts(CLERK, street.store, NextHostRequest(seats=1)).best[0]
    assert (best.key, best.more_seated, best.hosts) == (f"V{venue}", 4, ())  # 700, 1,500, 1,550 and 1,600 m


def test_roles_and_bounds(street: Street):
    leader = Actor("ld", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
    secretary = Actor("sj", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.two})))
    with pytest.raises(DeniedError):
        next_hosts(leader, street.store)
    with pytest.raises(DeniedError):
        read_coverage(secretary, street.store, CoverageRequest((street.one,)))
    with pytest.raises(DeniedError):
        read_coverage(leader, street.store, CoverageRequest((street.one,)))
    with pytest.raises(InputError):
        next_hosts(CLERK, street.store, NextHostRequest(top=0))
    with pytest.raises(InputError):
        read_coverage(CLERK, street.store, CoverageRequest(months=0))
    mine = read_coverage(secretary, street.store)
    whole = read_coverage(CLERK, street.store)
    assert [one.key for one in mine.branches] == [str(street.two)]
    assert mine.branches[0].parts == next(one.parts for one in whole.branches if one.key == str(street.two))


def test_who_sees_counts_only_gets_no_small_ones(street: Street):
    leader = Actor("ld", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
    found = read_coverage(leader, street.store)
    assert (found.gaps, found.without_seat) == ((), None)
    for table in (found.branches, found.communities):
        assert all(one.parts == {} for one in table)
        assert not [one for one in table if one.denominator in (1, 2) or one.count in (1, 2)]
    assert not [count for count in found.parts.values() if count in (1, 2)]


def test_nobody_and_nothing_is_no_fault(store: Store):
    found, proposal = read_coverage(CLERK, store), next_hosts(CLERK, store)
    assert (found.denominator, found.count, found.buildings_of, found.gaps) == (0, 0, 0, ())
    assert (proposal.best, proposal.in_turn, proposal.n_candidates) == ((), (), 0)


def test_a_suspended_host_covers_nobody(street: Street):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        host = next(one for one in writer.hosts() if one.id == street.host)
        writer.save_hosts([replace(host, status=HostStatus.SUSPENDED, suspended_on=date(2026, 1, 1))])
    found = read_coverage(CLERK, street.store)
    assert (found.places, found.parts[Reach.NONE], found.without_seat) == (0, 8, 8)


def test_the_promise_holds_on_the_sample_street(sqlite_store: Store):
    """Each host seats one only, so that seats are short; the best two are added one after another."""
    sample_street(CLERK, sqlite_store, SampleRequest(seed=5, members=200))
    with sqlite_store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_venues([replace(one, capacity=0) for one in writer.venues()])
    change_settings(CLERK, sqlite_store, [SettingChange("host_capacity", 1), SettingChange("group_walk_min", 6)])
    proposal = next_hosts(CLERK, sqlite_store, NextHostRequest(top=2))
    for place in proposal.in_turn:
        before = read_coverage(CLERK, sqlite_store)
        with sqlite_store.writing(CLERK, Action.MANAGE_HOSTS) as writer:
            member = next(one for one in writer.members() if one.id == place.hosts[0][0])
            home = member.residence
            assert home is not None
            writer.save_hosts(
                [
                    HostHousehold(
                        None,
                        member.name,
                        member.branch_id,
                        place.seats,
                        home.shape,
                        member_id=member.id,
                        building_id=home.building_id,
                        status=HostStatus.APPROVED,
                    )
                ]
            )
        after = read_coverage(CLERK, sqlite_store)
        assert (before.without_seat or 0) - (after.without_seat or 0) == place.more_seated
        assert (after.count or 0) - (before.count or 0) == place.fewer_uncovered
    assert proposal.in_turn
    assert proposal.in_turn[0].more_seated > 0
