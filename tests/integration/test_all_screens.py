"""What roles that see counts only are shown, on all screens together, tells of no one or two members."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.plans import NOT_TOLD
from gis.services.dual import dual_matrices
from gis.services.map_layers import places_on_map
from gis.services.org_tree import ORG, org_card, org_tree
from gis.services.plans import list_plans
from gis.services.sample.street import SampleRequest, sample_street
from gis.services.seats_shown import seats_shown
from gis.services.served import served_in_month
from gis.store import schema as s
from gis.ui.navigation import SCREENS
from tests.fixtures.attack import told
from tests.fixtures.stores import open_store
from tests.integration.leader_screens import LEADER, SCREEN, leader_figures, screen_figures
from tests.integration.tiny_street import CLERK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store.database import Store

#: What a leader of the street may open, and who answers for its numbers of persons; `-`: there are none
ANSWERS = {
    "map": "wall, seats, flows, years, coverage, reach",
    "wall": "wall",
    "dual": "dual",
    "boards": "boards, served, coverage",
    "groups": "wall",
    "plans": "-",
    "orgs": "orgs",
    "rules": "rules",
    "account": "-",
}
STREETS = [(3, 110), (5, 300)]


@pytest.fixture(scope="module", params=STREETS, ids=str)
def street(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Give a made-up street with groups, returned and departed members, that is only read."""
    seed, members = request.param
    path = tmp_path_factory.mktemp("screens") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        sample_street(CLERK, store, SampleRequest(seed=seed, members=members))
        _let_live(store)
        yield store


def _let_live(store: Store) -> None:
    """Let groups meet at three places, some members return and one leave."""
    with store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        session = writer.session
        episodes = session.query(s.TransitionRow).order_by(s.TransitionRow.member_id).all()
        people = {row.id: row for row in session.query(s.MemberRow)}
        for affiliation in session.query(s.AffiliationRow):
            affiliation.valid_from = date(2023, 3, 1)
        for row in episodes[5::9]:
            row.returned_on = date(2025, 9, 1)
        people[episodes[3].member_id].left_on = date(2025, 3, 1)
        people[episodes[7].member_id].restricted_on = date(2026, 1, 1)
        moving = [row.member_id for row in episodes if row.returned_on is None]
        hosts = [row.id for row in session.query(s.HostRow).order_by(s.HostRow.id)][:2]
        venue = session.query(s.VenueRow).order_by(s.VenueRow.id).limit(1).one()
        for number, place in enumerate([{"host_id": hosts[0]}, {"host_id": hosts[1]}, {"venue_id": venue.id}]):
            mine = moving[number::4]
            since = {"valid_from": date(2025, 5, 1)}
            branch = people[mine[0]].branch_id
            what = {"kind": "transition", "status": "confirmed"}
            group = s.GroupRow(name=f"{number}组", branch_id=branch, **what, **place, **since)
            session.add(group)
            session.flush()
            for one in mine:
                seat = {"role": "member", "source": "manual", **since}
                session.add(s.GroupMembershipRow(group_id=group.id, member_id=one, **seat))


def test_a_leader_of_the_street_works_out_no_one_or_two(street: Store):
    figures = leader_figures(street).found
    kinds = {name.partition("/")[0] for name in figures}
    assert kinds >= {"wall", "years", "orgs", "dual", "boards", "coverage"}
    assert told(figures.values()) == []


def test_nor_does_the_account_of_a_screen(street: Store):
    assert told(screen_figures(street).found.values()) == []


def test_every_screen_of_a_leader_has_somebody_who_answers_for_it():
    assert {one.address for one in SCREENS if LEADER.may(one.action)} == set(ANSWERS)
    assert {one.address for one in SCREENS if SCREEN.may(one.action)} == {"map", "wall", "account"}


def test_days_and_months_beside_each_other_are_not_for_who_sees_counts(street: Store):
    with pytest.raises(InputError, match="只看现在的数量"):
        dual_matrices(LEADER, street, date(2026, 1, 1))
    assert dual_matrices(LEADER, street, street.today()) == dual_matrices(LEADER, street)
    with pytest.raises(InputError, match="只看本月"):
        served_in_month(LEADER, street, "2026-01")


def test_who_looks_after_the_system_gets_no_numbers_of_members(street: Store):
    admin = Actor("admin", Role.SYS_ADMIN, scope_for(Role.SYS_ADMIN, frozenset()))
    assert {line.members for line in org_tree(admin, street).lines if line.level == ORG} == {None}
    assert set(places_on_map(admin, street).taken.values()) == {None}
    top = next(line.id for line in org_tree(CLERK, street).lines if line.level == ORG)
    assert org_card(admin, street, top).members is None  # type: ignore[arg-type]  # an id of a line
    with pytest.raises(DeniedError):
        dual_matrices(admin, street)


def test_who_sees_members_gets_every_seat(street: Store):
    with street.reading(CLERK.scope) as reader:
        assert seats_shown(CLERK, street) == reader.seats_taken()
    shown = seats_shown(LEADER, street)
    assert all(count is None or count >= 3 for count in shown.values())
    assert {one.seated for one in list_plans(LEADER, street)} <= {NOT_TOLD}
