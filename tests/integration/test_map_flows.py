"""Flow lines of the map: sums against SQL written on its own, the board's flows, and what counting roles learn."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import closing
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import text

from gis.errors import DeniedError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import DivisionLevel, OrgKind, VenueKind
from gis.model.flows import FlowRequest, Leg, Untold
from gis.model.organisation import PartyOrg
from gis.model.territory import Division, Venue
from gis.services.kpi import read_kpis
from gis.services.map_flows import flow_card, read_flows
from gis.services.sample.street import SampleRequest, sample_street
from gis.services.village_places import BY_BASE, BY_DIVISION, BY_GROUND, Gazetteer
from gis.store import schema as s
from tests.fixtures.stores import open_store
from tests.integration.tiny_street import CLERK, at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.model.flows import FlowMap
    from gis.model.ids import OrgId
    from gis.store.database import Store

LEADER = Actor("leader", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
#: Written by hand: who is in transition, from which village, in which community, at which place of a group
BY_HAND = """
SELECT m.id, m.branch_id, coalesce(nullif(m.original_village, ''), h.original_village, '') AS village,
    coalesce(d.name, '') AS community, r.precision AS how, p.host_id, p.venue_id
FROM member m
JOIN transition_episode t ON t.member_id = m.id AND t.returned_on IS NULL
LEFT JOIN household h ON h.id = m.household_id
LEFT JOIN residence_history r ON r.member_id = m.id AND r.valid_to IS NULL
LEFT JOIN grid g ON g.id = r.grid_id LEFT JOIN estate e ON e.id = r.estate_id
LEFT JOIN division d ON d.code = coalesce(g.community_code, e.division_code)
LEFT JOIN group_membership gm ON gm.member_id = m.id AND gm.valid_to IS NULL
LEFT JOIN party_group p ON p.id = gm.group_id AND p.valid_to IS NULL
    AND p.status = 'confirmed' AND p.kind = 'transition'
WHERE m.left_on IS NULL"""


@pytest.fixture(scope="module")
def street(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a made-up street with groups at three places, that is only read."""
    path = tmp_path_factory.mktemp("flows") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        sample_street(CLERK, store, SampleRequest(seed=11, members=400))
        _found_groups(store)
        yield store


def _found_groups(store: Store) -> None:
    with store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        session = writer.session
        moving = [row.member_id for row in session.query(s.TransitionRow).order_by(s.TransitionRow.member_id)]
        branches = {row.id: row.branch_id for row in session.query(s.MemberRow)}
        hosts = [row.id for row in session.query(s.HostRow).order_by(s.HostRow.id)][:2]
        venues = [row.id for row in session.query(s.VenueRow).order_by(s.VenueRow.id)]
        places: list[dict[str, int]] = [{"host_id": hosts[0]}, {"host_id": hosts[1]}, {"venue_id": venues[0]}]
        for number, place in enumerate(places):
            mine = moving[number::4]
            more = {"status": "confirmed", "valid_from": date(2026, 1, 1)}
            group = s.GroupRow(name=f"{number}组", branch_id=branches[mine[0]], kind="transition", **place, **more)
            session.add(group)
            session.flush()
            for member in mine:
                seat = {"role": "member", "source": "manual", "valid_from": date(2026, 1, 1)}
                session.add(s.GroupMembershipRow(group_id=group.id, member_id=member, **seat))


def by_hand(store: Store) -> list[tuple[str, str, str, int]]:
    """Return village, community or why there is none, place of the group or "", and branch of each by SQL."""
    with store.engine.connect() as connection:
        rows = connection.execute(text(BY_HAND)).all()
    found = []
    for row in rows:
        village = row.village.rstrip("0123456789组") or "原村未登记"
        community = row.community or ("街道外" if row.how == "outside" else "住址不明")
        place = f"host-{row.host_id}" if row.host_id else f"venue-{row.venue_id}" if row.venue_id else ""
        found.append((village, community, place, row.branch_id))
    return found


def untold(found: FlowMap, leg: Leg) -> dict[Untold, int]:
    return {why: count for one, why, count in found.untold if one is leg}


def test_lines_and_what_is_not_drawn_are_what_sql_counts(street: Store):
    found, rows = read_flows(CLERK, street), by_hand(street)
    assert found.total == len(rows) > 20
    drawn = {(line.start, line.end): line.count for line in found.of(Leg.HOME)}
    inside = Counter(row[:2] for row in rows if row[1] not in {"街道外", "住址不明"})
    assert drawn == {pair: count for pair, count in inside.items() if pair[0] not in found.nowhere}
    seated = Counter(row[:2] for row in rows if row[2])
    assert {(line.start, line.end): line.grouped for line in found.of(Leg.HOME)} == {one: seated[one] for one in drawn}
    meeting = Counter(row[1:3] for row in rows if row[2] and row[1] not in {"街道外", "住址不明"})
    assert {(line.start, line.place): line.count for line in found.of(Leg.MEETING)} == meeting
    assert untold(found, Leg.MEETING)[Untold.UNGROUPED] == sum(not row[2] for row in rows)
    for leg in Leg:
        assert sum(line.count for line in found.of(leg)) + sum(untold(found, leg).values()) == found.total
    assert len({line.key for line in found.lines}) == len(found.lines)


def test_the_board_and_the_map_count_the_same_flows(street: Store):
    board = {(one.village, one.community): one.count for one in read_kpis(CLERK, street).flows}
    found = read_flows(CLERK, street)
    assert {(one.start, one.end): one.count for one in found.of(Leg.HOME)}.items() <= board.items()
    assert sum(board.values()) == found.total


def test_one_village_or_branch_is_asked_for_by_who_sees_people(street: Store):
    village, _, _, branch = next(row for row in by_hand(street) if row[0] != "原村未登记")
    rows = by_hand(street)
    assert read_flows(CLERK, street, FlowRequest(village)).total == sum(row[0] == village for row in rows)
    of_branch = read_flows(CLERK, street, FlowRequest(branch_ids=(branch,)))  # type: ignore[arg-type]  # an id of SQL
    assert of_branch.total == sum(row[3] == branch for row in rows)
    assert village in of_branch.villages


def test_a_card_names_who_is_in_a_line_to_those_who_may_see_them(street: Store):
    asked = FlowRequest()
    line = next(line for line in read_flows(CLERK, street).of(Leg.HOME) if line.grouped and line.grouped < line.count)
    card = flow_card(CLERK, street, asked, line.key)
    assert card.members is not None
    assert len(card.members) + card.unnamed == line.count
    assert sum(count for _, count in card.groups) == line.grouped
    assert card.ungrouped == line.count - (line.grouped or 0)
    shown = read_flows(LEADER, street).of(Leg.HOME)
    assert shown
    assert flow_card(LEADER, street, asked, shown[0].key).members is None
    with pytest.raises(NotFoundError):
        flow_card(CLERK, street, asked, 1)


def test_a_secretary_gets_the_own_members_only(street: Store):
    branch = by_hand(street)[0][3]
    scope = scope_for(Role.BRANCH_SECRETARY, frozenset({branch}))  # type: ignore[arg-type]  # an id of SQL
    found = read_flows(Actor("z", Role.BRANCH_SECRETARY, scope), street)
    assert found.total == sum(row[3] == branch for row in by_hand(street))


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.GROUP_LEADER, Role.LIAISON, Role.AUDIT_ADMIN])
def test_who_may_not_see_figures_gets_no_flows(street: Store, role: Role):
    with pytest.raises(DeniedError):
        read_flows(Actor("x", role, scope_for(role, frozenset())), street)


def test_counting_roles_learn_nothing_small_also_not_by_subtraction(street: Store):
    """Sets of persons by hand: none is small, and of no two, one inside the other, is the rest."""
    found, rows = read_flows(LEADER, street), by_hand(street)
    everybody = frozenset(range(len(rows)))
    sets: dict[object, frozenset[int]] = {"all": everybody} if found.total is not None else {}
    for line in found.lines:
        where = (line.start, line.end) if line.leg is Leg.HOME else (line.start, line.place)
        first = 0 if line.leg is Leg.HOME else 1
        sets[line.key] = frozenset(k for k, row in enumerate(rows) if (row[first], row[first + 1]) == where)
        assert len(sets[line.key]) == line.count
        if line.leg is Leg.HOME and line.grouped is not None:
            sets["in", line.key] = frozenset(k for k in sets[line.key] if rows[k][2])
    if Untold.UNGROUPED in untold(found, Leg.MEETING):
        sets["grouped"] = frozenset(k for k in everybody if rows[k][2])
    assert found.of(Leg.HOME)
    assert not [one for one in sets.values() if 0 < len(one) < 3]
    for one, other in combinations(sets.values(), 2):
        if one <= other or other <= one:
            assert not 0 < abs(len(one) - len(other)) < 3
    for leg in Leg:
        assert untold(found, leg).get(Untold.FEW, 3) not in {1, 2}
        if found.total is not None:
            assert sum(line.count for line in found.of(leg)) + sum(untold(found, leg).values()) == found.total
    board = {(one.village, one.community): one.count for one in read_kpis(LEADER, street).flows}
    assert {(one.start, one.end): one.count for one in found.of(Leg.HOME)}.items() <= board.items()


def test_a_village_lies_where_its_division_its_ground_or_its_base_is_and_else_nowhere(sqlite_store: Store):
    box = shapely.to_wkb(shapely.box(119.97, 31.78, 119.98, 31.79))
    with sqlite_store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_divisions(
            [
                Division(None, "990402001201", "东村", DivisionLevel.VILLAGE, shape=box),
                Division(None, "990402001202", "老区", DivisionLevel.VILLAGE, shape=box),
            ]
        )
        orgs: list[OrgId] = writer.save_orgs(
            [
                PartyOrg(None, "西村党总支", OrgKind.GENERAL_BRANCH, division_codes=("990402001202",)),
                PartyOrg(None, "南村党总支", OrgKind.GENERAL_BRANCH),
                PartyOrg(None, "北村一支部", OrgKind.BRANCH),
                PartyOrg(None, "北村二支部", OrgKind.BRANCH),
            ]
        )
        writer.save_venues([Venue(None, "留守阵地", VenueKind.HOME_BRANCH_BASE, 20, at(500), org_id=orgs[1])])
    with sqlite_store.reading(CLERK.scope) as reader:
        found = Gazetteer(reader).villages(["东村", "西村", "南村", "北村", "外村"])
    assert {name: how for name, (_, how) in found.items()} == {"东村": BY_DIVISION, "西村": BY_GROUND, "南村": BY_BASE}
    assert found["南村"][0] == pytest.approx(tuple(shapely.get_coordinates(shapely.from_wkb(at(500)))[0]))
