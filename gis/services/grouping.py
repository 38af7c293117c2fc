"""Propose study groups near home: read, measure, solve, name. Nothing is saved here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.ids import MemberId
from gis.model.plan import GroupPlan, PlannedGroup, Scores, SeatPlan, Unseated
from gis.planning.explain import explain_plan
from gis.planning.grouping import solve_grouping
from gis.planning.problem import NO_LOCK
from gis.services.access import require, require_orgs
from gis.services.adopting import PLAN_TOPICS
from gis.services.explain_text import Namer
from gis.services.grouping_input import NOT_ASKED, GroupingInput, grouping_input, walking_pace
from gis.services.grouping_wishes import wish_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.people import Member
    from gis.model.plan import GroupingRequest
    from gis.planning.explain import Explanation, Seated
    from gis.planning.problem import GroupingSolution
    from gis.store.database import Store
    from gis.store.reader import Reader

MAX_NAMES_SHOWN = 30


def propose_groups(actor: Actor, store: Store, request: GroupingRequest) -> GroupPlan:
    """Choose hosts and venues and seat the members of the branches asked for; nothing is saved.

    Raises
    ------
    DeniedError
        The actor may not plan, or not for these branches.
    NotFoundError
        No branch is in reach of the actor, or nobody is in transition there.
    """
    require(actor, Action.PLAN_GROUPS)
    today = store.clock().date()
    with store.reading(actor.scope) as reader:
        branch_ids = _branches(actor, reader, request)
        data_version = reader.data_version(*PLAN_TOPICS)
        names = {org.id: org.name for org in reader.orgs()}
        given = grouping_input(reader, branch_ids, request, today)
    if not given.asked and not given.not_asked:
        who = "党员" if request.is_all_members else "过渡期党员"
        msg = f"所选范围内没有{who}，请先导入花名册"
        raise NotFoundError(msg)
    solution = solve_grouping(given.problem, seconds=request.seconds, seed=request.seed)
    n_asked = len(given.asked)
    explained = explain_plan(given.problem, solution.host, given.home_walk_m[:n_asked, :n_asked])
    namer = Namer(given, names)
    groups = _groups(given, solution, _Said(namer, explained, today, request))
    return GroupPlan(
        request=request,
        branch_ids=branch_ids,
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
    )


def branches_named(actor: Actor, store: Store, names: Sequence[str]) -> tuple[OrgId, ...]:
    """Return the branches with these names.

    Raises
    ------
    NotFoundError
        A name is unknown within the actor's scope; the message lists the names there are.
    """
    require(actor, Action.VIEW_GROUPS)
    with store.reading(actor.scope) as reader:
        known = {org.name: org.id for org in reader.branches_in_scope() if org.id is not None}
    unknown = [name for name in names if name not in known]
    if unknown:
        shown = "、".join(list(known)[:MAX_NAMES_SHOWN]) or "无"
        msg = f"没有支部：{'、'.join(unknown)}。现有支部：{shown}"
        raise NotFoundError(msg)
    return tuple(known[name] for name in names)


def _branches(actor: Actor, reader: Reader, request: GroupingRequest) -> tuple[OrgId, ...]:
    if request.seconds < 0 or not math.isfinite(request.seconds):
        msg = "计算时间请填不小于 0 的秒数"
        raise InputError(msg)
    if request.branch_ids:
        require_orgs(actor, reader, request.branch_ids)
        return tuple(sorted(request.branch_ids))
    found = tuple(org.id for org in reader.branches_in_scope() if org.id is not None)
    if not found:
        msg = "管理范围内没有党支部，请先导入组织"
        raise NotFoundError(msg)
    return found


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
    groups: list[PlannedGroup] = []
    for (team, column), leader in sorted(solution.leader.items()):
        rows = np.flatnonzero((solution.host == column) & (given.problem.team == team))
        seats = [_seat(given, said, int(row), column) for row in rows]
        branch_id = given.branch_ids[team]
        groups.append(
            PlannedGroup(
                id=f"G{len(groups) + 1}",
                place=given.places[column],
                branch_id=branch_id,
                branch=said.namer.branch(branch_id),
                leader_id=MemberId(int(given.asked[leader].id or 0)),
                seats=tuple(sorted(seats, key=lambda seat: (seat.walk_m, seat.member_id))),
            )
        )
    return tuple(groups)


def _seat(given: GroupingInput, said: _Said, row: int, column: int) -> SeatPlan:
    member, walk = given.asked[row], float(given.walks.walk_m[row, column])
    _, speed = walking_pace(member, said.request.settings, said.today)
    found = said.seat_of[row]
    return SeatPlan(
        member_id=MemberId(int(member.id or 0)),
        name=member.name,
        walk_m=walk,
        minutes=math.ceil(round(walk / speed / 60, 6)),
        why=said.namer.why(found),
        is_estimated=bool(given.walks.estimated[row, column]),
        is_locked=bool(given.problem.locked_host[row] != NO_LOCK),
        alternatives=said.namer.alternatives(found),
    )


def _unseated(
    given: GroupingInput, explained: Explanation, namer: Namer, wishes: Mapping[MemberId | None, str]
) -> tuple[Unseated, ...]:
    found = [
        _left_out(member, code, NOT_ASKED[code][0], wishes.get(member.id) or NOT_ASKED[code][1])
        for member, code in given.not_asked
    ] + [
        _left_out(given.asked[one.member], one.reason.name, namer.reason(one), namer.change(one))
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
    """Sum up the walks of the seated."""
    if not walks_m:
        return Scores(0, 0.0, 0.0, 0.0)
    walks = np.array(walks_m)
    return Scores(
        seated=len(walks_m),
        mean_walk_m=round(float(walks.mean()), 1),
        p90_walk_m=round(float(np.percentile(walks, 90)), 1),
        longest_walk_m=round(float(walks.max()), 1),
    )
