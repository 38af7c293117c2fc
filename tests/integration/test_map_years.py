"""The years of the map: against SQL written on its own and the board's trend; who is drawn where, and who is not."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import closing
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import MapPrecision
from gis.model.years import Step
from gis.services.kpi import read_kpis
from gis.services.map_layers import people_on_map
from gis.services.map_years import LEFT, RESTRICTED, read_years
from gis.services.sample.street import SampleRequest, sample_street
from gis.store import schema as s
from tests.fixtures.stores import open_store
from tests.integration.tiny_street import CLERK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from gis.model.ids import OrgId
    from gis.model.years import TimeLine
    from gis.store.database import Store

LEADER = Actor("leader", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
RECORDED = date(2024, 3, 1)
MOVED = date(2025, 6, 1)
MOVING = """EXISTS (SELECT 1 FROM transition_episode t WHERE t.member_id = m.id
    AND t.started_on <= :day AND (t.returned_on IS NULL OR t.returned_on > :day))"""
ROSTER = """FROM member m WHERE (m.left_on IS NULL OR m.left_on > :day) AND EXISTS (
    SELECT 1 FROM affiliation_history a WHERE a.member_id = m.id AND (
        (a.valid_from <= :day AND (a.valid_to IS NULL OR a.valid_to > :day))
        OR (a.valid_from > :day AND (m.joined_on = '' OR substr(m.joined_on || '-01-01', 1, 10) <= :day))))"""
BY_HAND = {
    "in_transition": f"SELECT count(*) {ROSTER} AND {MOVING}",
    "returned": f"""SELECT count(*) {ROSTER} AND NOT {MOVING} AND EXISTS (
        SELECT 1 FROM transition_episode t WHERE t.member_id = m.id AND t.returned_on <= :day)""",
    "new": f"""SELECT count(*) {ROSTER} AND EXISTS (SELECT 1 FROM transition_episode t
        WHERE t.member_id = m.id AND t.started_on BETWEEN substr(:day, 1, 4) || '-01-01' AND :day)""",
    "grouped": f"""SELECT count(*) {ROSTER} AND {MOVING} AND EXISTS (
        SELECT 1 FROM group_membership g JOIN party_group p ON p.id = g.group_id WHERE g.member_id = m.id
        AND g.valid_from <= :day AND (g.valid_to IS NULL OR g.valid_to > :day)
        AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to > :day) AND p.kind = 'transition')""",
}


class Street:
    """A made-up street in which much has happened; `moving` are in transition, by id."""

    def __init__(self, store: Store) -> None:
        self.store = store
        sample_street(CLERK, store, SampleRequest(seed=11, members=400))
        with store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
            session = writer.session
            episodes = (
                session.query(s.TransitionRow).order_by(s.TransitionRow.started_on, s.TransitionRow.member_id).all()
            )
            self.moving = [row.member_id for row in episodes]
            for affiliation in session.query(s.AffiliationRow):
                affiliation.valid_from = RECORDED
            for row in episodes[:3]:
                row.returned_on = date(2025, 9, 1)
            people = {row.id: row for row in session.query(s.MemberRow)}
            people[self.moving[4]].left_on = date(2025, 3, 1)
            people[self.moving[5]].restricted_on = date(2026, 1, 1)
            people[self.moving[6]].map_precision = MapPrecision.HIDDEN
            self.mover = next(one for one in self.moving[7:] if self._home(session, one).building_id)
            people[self.mover].map_precision = MapPrecision.BUILDING
            self._move(session)
            self._seat(session, self.moving[8:20])

    @staticmethod
    def _home(session: Session, member: int) -> s.ResidenceRow:
        return session.query(s.ResidenceRow).filter_by(member_id=member, valid_to=None).one()

    def _move(self, session: Session) -> None:
        """Let one member have lived in another building before."""
        now = self._home(session, self.mover)
        other = session.query(s.BuildingRow).filter(s.BuildingRow.grid_id.not_in([now.grid_id])).limit(1).one()
        self.before, self.after = other.grid_id, now.grid_id
        kept = {"address": "青禾路1号", "precision": now.precision, "source": now.source, "confidence": 1.0}
        row = s.ResidenceRow(member_id=self.mover, building_id=other.id, grid_id=other.grid_id, **kept, candidates=[])
        row.valid_from, row.valid_to, row.geom = date(2023, 1, 1), MOVED, other.geom
        now.valid_from = MOVED
        session.add(row)

    @staticmethod
    def _seat(session: Session, members: list[int]) -> None:
        """Found two groups, of which one has ended."""
        branch = session.get_one(s.MemberRow, members[0]).branch_id
        for mine, until, status in ((members[:6], None, "confirmed"), (members[6:], date(2026, 2, 1), "closed")):
            days = {"valid_from": date(2025, 5, 1), "valid_to": until}
            group = s.GroupRow(name="禾组", branch_id=branch, kind="transition", status=status, **days)
            session.add(group)
            session.flush()
            for one in mine:
                seat = {"role": "member", "source": "manual", **days}
                session.add(s.GroupMembershipRow(group_id=group.id, member_id=one, **seat))


@pytest.fixture(scope="module")
def street(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    path = tmp_path_factory.mktemp("years") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        yield Street(store)


def drawn(line: TimeLine, day: int) -> Counter[int | None]:
    """Count the marks of a day by grid."""
    return Counter(one.grid_id for one in line.marks or () if one.first <= day <= one.last)


def test_each_figure_of_each_year_is_what_sql_counts(street: Street):
    line = read_years(CLERK, street.store)
    assert len(line.moments) > 5
    assert line.recorded_from == RECORDED
    with street.store.engine.connect() as connection:
        for one in line.moments:
            for name, query in BY_HAND.items():
                assert getattr(one, name) == connection.execute(text(query), {"day": str(one.day)}).scalar(), (
                    name,
                    one,
                )
    assert [one.groups for one in line.moments[-2:]] == [2, 1]


def test_the_trend_of_the_board_says_the_same(street: Street):
    told = {one.as_of: one.transition for one in read_kpis(CLERK, street.store).trend}
    line = read_years(CLERK, street.store, Step.MONTH)
    both = [one for one in line.moments if told.get(one.day) is not None]
    assert len(both) == 12
    assert [one.in_transition for one in both] == [told[one.day] for one in both]
    assert line.moments[-1].grouped == read_kpis(CLERK, street.store).kpis[5].numerator


def test_everybody_is_drawn_or_the_reason_is_counted(street: Street):
    line = read_years(CLERK, street.store, Step.QUARTER)
    for day, one in enumerate(line.moments):
        assert drawn(line, day).total() + sum(one.left_out.values()) == one.in_transition
    assert all(one.assumed <= drawn(line, day).total() for day, one in enumerate(line.moments))


def test_today_is_what_the_map_shows(street: Street):
    line = read_years(CLERK, street.store)
    now = people_on_map(CLERK, street.store).marks
    assert drawn(line, len(line.moments) - 1) == Counter(one.grid_id for one in now if one.is_in_transition)


def test_who_moved_stands_where_the_home_was_on_that_day(street: Street):
    line = read_years(CLERK, street.store)
    year = {one.day.year: day for day, one in enumerate(line.moments)}
    with_mover, without = drawn(line, year[2024]), drawn(_without(street, street.mover), year[2024])
    assert with_mover - without == Counter({street.before: 1})
    now, less = drawn(line, year[2025]), drawn(_without(street, street.mover), year[2025])
    assert now - less == Counter({street.after: 1})


def _without(street: Street, member: int) -> TimeLine:
    """Read the years as if a member did not wish to be on the map."""
    with street.store.writing(CLERK, Action.EDIT_CARDS) as writer:
        row = writer.session.get_one(s.MemberRow, member)
        kept, row.map_precision = row.map_precision, MapPrecision.HIDDEN
    line = read_years(CLERK, street.store)
    with street.store.writing(CLERK, Action.EDIT_CARDS) as writer:
        row = writer.session.get_one(s.MemberRow, member)
        row.map_precision = kept
    return line


def test_hidden_restricted_and_departed_members_are_drawn_for_no_day(street: Street):
    line = read_years(CLERK, street.store)
    year = {one.day.year: one for one in line.moments}
    assert year[2024].left_out[LEFT] == 1
    assert LEFT not in line.moments[-1].left_out
    assert line.moments[-1].left_out[RESTRICTED] == 1
    assert line.moments[-1].left_out["按本人意愿不显示"] >= 1


def test_a_branch_sees_its_own_and_counting_roles_no_marks(street: Street):
    with street.store.reading(CLERK.scope) as reader:
        branch: OrgId = next(one.branch_id for one in reader.members() if one.id == street.mover)
    scope = scope_for(Role.BRANCH_SECRETARY, frozenset({branch}))
    mine = read_years(Actor("z", Role.BRANCH_SECRETARY, scope), street.store)
    assert (
        mine.moments[-1].in_transition
        == read_years(CLERK, street.store, Step.YEAR, (branch,)).moments[-1].in_transition
    )
    line = read_years(LEADER, street.store)
    assert line.marks is None
    with pytest.raises(InputError):
        read_years(LEADER, street.store, Step.MONTH)
    for role in (Role.SYS_ADMIN, Role.GROUP_LEADER):
        with pytest.raises(DeniedError):
            read_years(Actor("x", role, scope_for(role, frozenset())), street.store)


def test_counting_roles_learn_of_no_one_or_two(street: Street):
    """No figure, no change from one year to another, and no rest of a year is about one or two persons."""
    line, whole = read_years(LEADER, street.store), read_years(CLERK, street.store)
    assert line.by_community is not None
    for name in ("in_transition", "grouped", "returned"):
        seen = [getattr(one, name) for one in line.moments]
        assert [a for a, b in zip(seen, whole.moments, strict=True) if a is not None and a != getattr(b, name)] == []
        small_changes(seen)
    assert line.moments[-1].in_transition == whole.moments[-1].in_transition
    for counts in line.by_community.values():
        small_changes(list(counts))
    for day, one in enumerate(line.moments):
        known = [counts[day] for counts in line.by_community.values()]
        if one.in_transition is not None and None in known and any(count is not None for count in known):
            assert one.in_transition - sum(count or 0 for count in known) >= 5
            assert known.count(None) > 1
    for early, late in zip(line.moments, line.moments[1:], strict=False):
        if None not in (early.in_transition, late.in_transition, late.new):
            assert early.in_transition + late.new - late.in_transition not in {1, 2}  # type: ignore[operator]  # shown


def small_changes(seen: list[int | None]) -> None:
    kept = [count for count in seen if count is not None]
    assert not [count for count in kept if count in {1, 2}]
    assert not [pair for pair in combinations(kept, 2) if abs(pair[0] - pair[1]) in {1, 2}]
