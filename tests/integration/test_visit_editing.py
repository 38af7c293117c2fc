"""A saved round changed by hand, on both databases: new times, what breaks, and what may not be done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.ids import StopId, TargetId, VenueId
from gis.model.visits import ResultSource, RoundState, SaidResult, Visitor, VisitResult
from gis.services.visits.check import check_visits
from gis.services.visits.document import visit_document
from gis.services.visits.editing import (
    AddMember,
    ChangeStart,
    DropStop,
    LockStop,
    MoveStop,
    SetVisitors,
    apply_edit,
    preview_edit,
    replan_round,
)
from gis.services.visits.proposing import TeamRequest, VisitRequest, adopt_visits, propose_visits, status_of
from gis.services.visits.results import record_results
from tests.fixtures.visit_world import CLERK, WorldSpec, make_world

if TYPE_CHECKING:
    from gis.model.ids import RoundId
    from gis.model.visits import VisitRound, VisitStop
    from gis.services.visits.editing import EditEffect, VisitEdit
    from gis.store.database import Store
    from tests.fixtures.visit_world import VisitWorld

DAY = date(2026, 12, 8)


@dataclass
class Saved:
    """A draft of two teams with the last member left out by hand."""

    world: VisitWorld
    store: Store
    id: RoundId

    @property
    def now(self) -> VisitRound:
        """The round as it is kept."""
        with self.store.reading(CLERK.scope) as reader:
            found = reader.visit_round(self.id)
        assert found is not None
        return found

    def stop(self, team: int, at: int = 0) -> VisitStop:
        """Return a stop by team and place."""
        return self.now.teams[team - 1].stops[at]

    def try_(self, edit: VisitEdit) -> EditEffect:
        """Preview."""
        return preview_edit(CLERK, self.store, self.id, self.now.version, edit)

    def do(self, edit: VisitEdit) -> EditEffect:
        """Apply, and see that the preview had said the same."""
        said = self.try_(edit)
        done = apply_edit(CLERK, self.store, self.id, said.version, edit)
        assert done.text == said.text
        assert done.teams == said.teams
        assert [one.message for one in done.problems] == [one.message for one in said.problems]
        assert times(done.round) == times(said.round) == times(self.now)
        return done

    def faults(self) -> set[str]:
        """Return what the check finds in the round as kept."""
        document = visit_document(CLERK, self.store, self.now, status_of(self.now))
        return {one.rule for one in check_visits(CLERK, self.store, document)}


def times(planned: VisitRound) -> list[tuple[object, ...]]:
    """Return the stops by the clock."""
    return [
        (team.number, stop.shift, stop.arrive, stop.leave, tuple(one.member_id for one in stop.targets))
        for team in planned.teams
        for stop in team.stops
    ]


@pytest.fixture
def saved(store: Store) -> Saved:
    """Give a round on a street where nobody has a time of their own."""
    world = make_world(store, WorldSpec(members=14, share_windows=0))
    request = VisitRequest(
        world.village,
        (DAY,),
        teams=(TeamRequest(), TeamRequest()),
        everyone=True,
        exclude=frozenset({world.members[-1]}),
        seconds=0.2,
    )
    proposed = propose_visits(CLERK, store, request)
    assert all(len(team.stops) > 2 for team in proposed.round.teams)
    return Saved(world, store, adopt_visits(CLERK, store, proposed.round))


def test_moved_within_and_between_teams_with_new_times(saved: Saved) -> None:
    stop = saved.stop(1)
    effect = saved.do(MoveStop(stop.id or StopId(0), 2, 1))
    assert effect.round.teams[1].stops[0].id == stop.id
    first, second = effect.teams
    assert (first.stops_after, second.stops_after) == (first.stops_before - 1, second.stops_before + 1)
    assert second.minutes_after > second.minutes_before
    assert saved.faults() <= {"HOURS", "HALF_DAY", "CAPACITY", "ORDER"}
    back = saved.do(MoveStop(stop.id or StopId(0), 1, 1))
    assert back.teams[0].minutes_after == first.minutes_before
    assert back.version == effect.version + 1


def test_too_much_in_half_a_day_is_named_and_saved_all_the_same(saved: Saved) -> None:
    for stop in saved.now.teams[1].stops:
        effect = saved.do(MoveStop(stop.id or StopId(0), 1, 99))
    codes = {one.code for one in effect.problems}
    assert "HOURS" in codes
    assert any("超出半天" in one.message for one in effect.problems)
    assert effect.round.teams[1].stops == ()
    assert "HOURS" in saved.faults()


def test_a_time_of_ones_own_that_is_missed_is_named(saved: Saved) -> None:
    stop = saved.stop(1)
    stops = saved.now
    late = replace(stop, window=(8 * 60 + 30, 9 * 60))
    teams = (replace(stops.teams[0], stops=(late, *stops.teams[0].stops[1:])), *stops.teams[1:])
    with saved.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        writer.save_visit_round(replace(stops, teams=teams))
    effect = saved.do(MoveStop(stop.id or StopId(0), 1, 99))
    assert [one.stop_id for one in effect.problems if one.code == "WINDOW"] == [stop.id]
    assert any("本人时段外" in one.message for one in effect.problems)


def test_dropped_with_a_reason_and_added_again(saved: Saved) -> None:
    stop = saved.stop(2)
    members = [one.member_id for one in stop.targets]
    with pytest.raises(InputError, match="写明"):
        saved.try_(DropStop(stop.id or StopId(0), " "))
    dropped = saved.do(DropStop(stop.id or StopId(0), "本人约到下周"))
    assert [one.reason for one in dropped.round.left_out if members[0] in one.member_ids] == ["手工去掉：本人约到下周"]
    assert saved.faults() == set()
    added = saved.do(AddMember(members[0], 1))
    there = [s for s in added.round.teams[0].stops if members[0] in [one.member_id for one in s.targets]]
    assert len(there) == 1
    assert there[0].id is not None
    assert not any(members[0] in one.member_ids for one in added.round.left_out)
    assert saved.faults() <= {"HOURS", "HALF_DAY", "CAPACITY"}
    saved.do(AddMember(saved.world.members[-1], 2))  # who was not to be visited when it was planned
    assert saved.faults() <= {"HOURS", "HALF_DAY", "CAPACITY"}
    with pytest.raises(InputError, match="已经在"):
        saved.try_(AddMember(members[0], 2))


def test_who_lives_behind_a_door_that_is_gone_to_anyway_joins_it(saved: Saved) -> None:
    shared = [s for team in saved.now.teams for s in team.stops if len(s.targets) > 1]
    assert shared, "somebody is meant to live together in this street"
    stop = shared[0]
    gone = stop.targets[-1].member_id
    rest = replace(stop, targets=stop.targets[:-1])
    now = saved.now
    teams = tuple(replace(t, stops=tuple(rest if s.id == stop.id else s for s in t.stops)) for t in now.teams)
    with saved.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        writer.save_visit_round(replace(now, teams=teams))
    effect = saved.do(AddMember(gone, 1))
    joined = next(s for team in effect.round.teams for s in team.stops if s.id == stop.id)
    assert {one.member_id for one in joined.targets} == {one.member_id for one in stop.targets}
    assert joined.service_min == stop.service_min


def test_visitors_are_named_once_at_a_time(saved: Saved) -> None:
    pair = (Visitor("麦甲"), Visitor("麦乙"))
    effect = saved.do(SetVisitors(1, pair))
    assert effect.round.teams[0].visitors == pair
    assert not any("第 1 组" in one.message for one in effect.problems if one.code == "VISITORS")
    with pytest.raises(InputError, match="同一时间"):
        saved.try_(SetVisitors(2, pair[:1]))


def test_another_start_changes_the_minutes(saved: Saved) -> None:
    first_door = saved.do(ChangeStart(1))
    assert first_door.round.teams[0].stops[0].walk_m == 0
    assert first_door.teams[0].minutes_after < first_door.teams[0].minutes_before
    assert saved.faults() == set()
    back = saved.do(ChangeStart(1, saved.world.venue))
    assert back.teams[0].minutes_after == first_door.teams[0].minutes_before
    with pytest.raises(NotFoundError):
        saved.try_(ChangeStart(1, VenueId(4711)))


def test_somebody_else_was_first(saved: Saved) -> None:
    version = saved.now.version
    edit = LockStop(saved.stop(1).id or StopId(0))
    apply_edit(CLERK, saved.store, saved.id, version, edit)
    with pytest.raises(StaleError):
        apply_edit(CLERK, saved.store, saved.id, version, edit)


def test_what_is_done_stays_with_its_team(saved: Saved) -> None:
    stop = saved.stop(1)
    target = stop.targets[0].id
    assert target is not None
    with saved.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        writer.set_round_state(saved.id, saved.now.version, RoundState.ISSUED)
    record(saved, target)
    with pytest.raises(InputError, match="别的组"):
        saved.try_(MoveStop(stop.id or StopId(0), 2, 1))
    with pytest.raises(InputError, match="走访结果"):
        saved.try_(DropStop(stop.id or StopId(0), "不走了"))
    saved.do(MoveStop(stop.id or StopId(0), 1, 2))
    after = replan_round(CLERK, saved.store, saved.id, saved.now.version, 0.2)
    assert stop.id in [one.id for one in after.round.teams[0].stops]


def record(saved: Saved, target: int) -> None:
    """Let somebody have been met."""
    said = SaidResult("k1", TargetId(target), VisitResult.MET, saved.store.today(), "麦甲")
    (outcome,) = record_results(CLERK, saved.store, [said], ResultSource.DESK)
    assert outcome.result_id is not None


def test_planned_anew_keeps_what_is_locked_and_tries_who_was_left_out(saved: Saved) -> None:
    stop = saved.stop(1, 1)
    saved.do(LockStop(stop.id or StopId(0)))
    moved = saved.stop(2)
    saved.do(MoveStop(moved.id or StopId(0), 1, 1, stop.shift))
    effect = replan_round(CLERK, saved.store, saved.id, saved.now.version, 0.3)
    locked = next(s for s in effect.round.teams[0].stops if s.id == stop.id)
    assert (locked.is_locked, locked.shift) == (True, stop.shift)
    assert times(effect.round) == times(saved.now)
    assert not [one for one in effect.problems if one.code != "VISITORS"]
    assert saved.faults() == set()


def test_a_round_that_is_over_cannot_be_changed(saved: Saved) -> None:
    with saved.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        writer.set_round_state(saved.id, saved.now.version, RoundState.CANCELLED, closed_on=DAY)
    with pytest.raises(InputError, match="不能再改"):
        saved.try_(LockStop(StopId(1)))


@pytest.mark.parametrize("edit", [MoveStop(StopId(9_999), 1, 1), SetVisitors(7, ()), LockStop(StopId(9_999))])
def test_what_is_not_there_is_said(saved: Saved, edit: VisitEdit) -> None:
    with pytest.raises(NotFoundError):
        saved.try_(edit)
