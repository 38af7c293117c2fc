"""Any seating as a plan that people read: who meets where and why, who is left out and what would help."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from gis.model.ids import MemberId
from gis.model.plan import GroupPlan, PlannedGroup, Scores, SeatChange, SeatPlan, Unseated
from gis.planning.explain import explain_plan
from gis.planning.force import lost_seats
from gis.planning.problem import NO_LOCK, UNSEATED
from gis.services.abilities import walking_pace
from gis.services.explain_text import Namer
from gis.services.grouping_input import NOT_ASKED
from gis.services.grouping_wishes import wish_changes
from gis.services.in_force import NOT_ASKED_NOW, OTHER_BRANCH_NOW, PLACE_GONE, WHY_LOST, place_key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    import numpy.typing as npt

    from gis.model.ids import OrgId
    from gis.model.people import Member
    from gis.model.plan import GroupingRequest
    from gis.planning.explain import Explanation, Seated
    from gis.planning.problem import GroupingSolution
    from gis.services.grouping_input import GroupingInput

    IntArray = npt.NDArray[np.int64]

STAYS = "所在小组保持不变"


def describe_plan(  # noqa: PLR0913  # a seating, what it was asked for, when, and what is known of it
    given: GroupingInput,
    names: Mapping[OrgId | None, str],
    request: GroupingRequest,
    solution: GroupingSolution,
    *,
    today: date,
    data_version: int,
    unsearched: Collection[int] = (),
) -> GroupPlan:
    """Name and explain a seating: the planner's, or one that was set by hand and judged.

    Parameters
    ----------
    given
        The problem that `solution.host` seats, with what its rows and columns stand for.
    names
        Of the organisations, by id.
    data_version
        Of the data that `given` was read from.
    unsearched
        Rows of members without a seat whose changes the caller knows already.

    Returns
    -------
    plan
        A group where nobody can lead has no leader.
    """
    n_asked = len(given.asked)
    explained = explain_plan(given.problem, solution.host, given.home_walk_m[:n_asked, :n_asked], unsearched=unsearched)
    namer = Namer(given, names)
    groups = _groups(given, solution, _Said(namer, explained, today, request))
    return GroupPlan(
        request=request,
        branch_ids=given.branch_ids,
        as_of=today,
        data_version=data_version,
        status=solution.status.value,
        objective=float(solution.objective),
        bound=float(solution.bound),
        gap=float(solution.gap),
        unseated_penalty=float(solution.unseated_penalty),
        seconds=solution.seconds,
        solver=f"jiujin {version('jiujin')}, highspy {version('highspy')}",
        is_estimated=any(seat.is_estimated for group in groups for seat in group.seats),
        groups=groups,
        unseated=_unseated(given, explained, namer, wish_changes(given, solution, namer)),
        scores=scores_of([seat.walk_m for group in groups for seat in group.seats]),
        changes=seat_changes(given, solution.host),
        changes_cost_m=_changes_cost(given, solution.host),
        group_price=float(solution.group_price),
        longest_price=float(solution.longest_price),
    )


def seat_changes(given: GroupingInput, host: IntArray) -> tuple[SeatChange, ...]:
    """List whose seat in force a seating does not keep, those who had to change first, then by member.

    Parameters
    ----------
    host
        Shape (n,), of `given.problem`.
    """
    force, row = given.force, {member.id: i for i, member in enumerate(given.asked)}
    held = given.problem.current_host
    lost: dict[int, str] = {}
    if held is not None:
        changed = np.flatnonzero((held != UNSEATED) & (held != host))
        lost = {i: WHY_LOST[rule] for i, rule in lost_seats(given.problem).of_changes(changed).items()}
    open_keys = {place.key for place in given.places}
    found = []
    for member in given.everybody:
        group = force.seat.get(member.id) if member.id is not None else None
        if group is None:
            continue
        i = row.get(member.id, UNSEATED)
        after = given.places[host[i]] if i != UNSEATED and host[i] != UNSEATED else None
        if i != UNSEATED and held is not None and held[i] != UNSEATED and held[i] == host[i]:
            continue
        if i == UNSEATED:
            why = NOT_ASKED_NOW
        elif held is None or held[i] == UNSEATED:
            why = OTHER_BRANCH_NOW if place_key_of(group) in open_keys else PLACE_GONE
        else:
            why = lost.get(i, "")
        found.append(
            SeatChange(
                member_id=MemberId(int(member.id or 0)),
                name=member.name,
                branch_id=member.branch_id,
                before=force.place[group.id],
                after=after.label if after else "",
                why_forced=why,
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.why_forced, one.member_id)))


def _changes_cost(given: GroupingInput, host: IntArray) -> float:
    """Return what the objective pays for those seated elsewhere than now."""
    held = given.problem.current_host
    if held is None:
        return 0.0
    moved = (held != UNSEATED) & (host != UNSEATED) & (held != host)
    return float(given.problem.rules.change_cost_m * int(moved.sum()))


@dataclass(frozen=True)
class _Said:
    """What turns numbers into words for one plan."""

    namer: Namer
    explained: Explanation
    today: date
    request: GroupingRequest

    @cached_property
    def seat_of(self) -> dict[int, Seated]:
        return {seat.member: seat for seat in self.explained.seated}


def _groups(given: GroupingInput, solution: GroupingSolution, said: _Said) -> tuple[PlannedGroup, ...]:
    """Name the groups, in the order of branch and place."""
    rows_of: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(solution.host != UNSEATED):
        rows_of.setdefault((int(given.problem.team[row]), int(solution.host[row])), []).append(int(row))
    groups: list[PlannedGroup] = []
    for (team, column), rows in sorted(rows_of.items()):
        leader = solution.leader.get((team, column))
        branch_id = given.asked[rows[0] if leader is None else leader].branch_id
        seats = [_seat(given, said, row, column) for row in rows]
        groups.append(
            PlannedGroup(
                id=f"G{len(groups) + 1}",
                place=given.places[column],
                branch_id=branch_id,
                branch=said.namer.branch(branch_id),
                leader_id=None if leader is None else MemberId(int(given.asked[leader].id or 0)),
                seats=tuple(sorted(seats, key=lambda seat: (seat.walk_m, seat.member_id))),
            )
        )
    return tuple(groups)


def _seat(given: GroupingInput, said: _Said, row: int, column: int) -> SeatPlan:
    member, walk = given.asked[row], float(given.walks.walk_m[row, column])
    _, speed = walking_pace(member, said.request.settings, said.today)
    found = said.seat_of[row]
    is_frozen, alternatives = member.id in given.force.frozen_members, said.namer.alternatives(found)
    return SeatPlan(
        member_id=MemberId(int(member.id or 0)),
        name=member.name,
        walk_m=walk,
        minutes=math.ceil(round(walk / speed / 60, 6)) if math.isfinite(walk) else 0,  # set by hand where no way leads
        why=STAYS if is_frozen else said.namer.why(found),
        is_estimated=bool(given.walks.estimated[row, column]),
        is_locked=bool(given.problem.locked_host[row] != NO_LOCK) and not is_frozen,
        alternatives=tuple(replace(one, why_not=STAYS) if is_frozen else one for one in alternatives),
    )


def _unseated(
    given: GroupingInput, explained: Explanation, namer: Namer, wishes: Mapping[MemberId | None, str]
) -> tuple[Unseated, ...]:
    found = [
        _left_out(member, code, NOT_ASKED[code][0], wishes.get(member.id) or NOT_ASKED[code][1])
        for member, code in given.not_asked
    ] + [
        replace(
            _left_out(
                given.asked[one.member],
                one.reason.name,
                namer.reason(one, is_locked=bool(given.problem.locked_host[one.member] != NO_LOCK)),
                namer.change(one),
            ),
            changes=namer.changes(one),
        )
        for one in explained.unseated
    ]
    return tuple(sorted(found, key=lambda one: (one.branch_id, one.member_id)))


def _left_out(member: Member, code: str, reason: str, smallest_change: str) -> Unseated:
    return Unseated(
        member_id=MemberId(int(member.id or 0)),
        name=member.name,
        branch_id=member.branch_id,
        code=code,
        reason=reason,
        smallest_change=smallest_change,
    )


def scores_of(walks_m: list[float]) -> Scores:
    """Sum up the walks of the seated; a seat that no way leads to (set by hand) counts as a seat without a walk."""
    walks = np.array(walks_m)[np.isfinite(walks_m)]
    if not len(walks):
        return Scores(len(walks_m), 0.0, 0.0, 0.0)
    return Scores(
        seated=len(walks_m),
        mean_walk_m=round(float(walks.mean()), 1),
        p90_walk_m=round(float(np.percentile(walks, 90)), 1),
        longest_walk_m=round(float(walks.max()), 1),
    )
