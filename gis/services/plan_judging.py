"""A seating of a saved plan on the data of today: arrays, broken rules, figures, and the plan as people read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gis.model.ids import MemberId
from gis.model.plans import PlanIssue
from gis.planning.changes import ChangeKind
from gis.planning.editing import Draft, settle
from gis.planning.problem import UNSEATED, GroupingSolution, Score, Status
from gis.planning.rules import check_plan, groups_of
from gis.planning.scoring import prices_of, score_plan
from gis.services.describing import describe_plan, scores_of
from gis.services.founding import PLAN_TOPICS
from gis.services.grouping_input import grouping_input
from gis.services.plan_issues import LARGE, LEADER_GONE, MEMBER_GONE, MEMBERS_NEW, PLACE_GONE, SMALL, WARN, issue_of
from gis.store.writers.plans import PlanCounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from gis.model.ids import OrgId
    from gis.model.plan import GroupingRequest, GroupPlan, PlannedGroup, Scores, SeatPlan, Unseated
    from gis.model.seating import Seating
    from gis.planning.editing import Group
    from gis.planning.rules import Violation
    from gis.services.grouping_input import GroupingInput
    from gis.store.reader import Reader

MAX_NAMES = 5
MODEST_M = 200  # a stretch of the limit that ranks with the small changes (gis.planning.changes)
EDITED = "edited"
_BY_HAND, _AFTER_EDIT = "BY_HAND", "AFTER_EDIT"


@dataclass(frozen=True, eq=False)
class Data:
    """What is known today about the branches of a plan."""

    given: GroupingInput
    names: Mapping[OrgId | None, str]
    data_version: int
    today: date
    request: GroupingRequest

    @cached_property
    def row_of(self) -> dict[MemberId, int]:
        """Row of each member asked."""
        return {MemberId(int(member.id or 0)): row for row, member in enumerate(self.given.asked)}

    @cached_property
    def column_of(self) -> dict[str, int]:
        """Column of each place, by key."""
        return {place.key: column for column, place in enumerate(self.given.places)}

    def branch_name(self, team: int) -> str:
        """Return the name of a team's branch; of a team of several the first."""
        rows = np.flatnonzero(self.given.problem.team == team)
        return self.names.get(self.given.asked[int(rows[0])].branch_id, "") if len(rows) else ""


def read_data(reader: Reader, branch_ids: tuple[OrgId, ...], request: GroupingRequest, today: date) -> Data:
    """Read and measure what a plan of these branches stands on; groups no longer in force cannot stay frozen."""
    in_force = {group.id for group in reader.groups_in_force(branch_ids)} if request.frozen_groups else set()
    asked = replace(request, frozen_groups=tuple(one for one in request.frozen_groups if one in in_force))
    return Data(
        given=grouping_input(reader, branch_ids, asked, today),
        names={org.id: org.name for org in reader.orgs()},
        data_version=reader.data_version(*PLAN_TOPICS),
        today=today,
        request=request,
    )


@dataclass(frozen=True, eq=False)
class Judged:
    """A seating on the data of today; `group_ids` names the groups of the arrays as the seating does."""

    seating: Seating
    data: Data
    draft: Draft
    group_ids: Mapping[Group, str]

    @property
    def given(self) -> GroupingInput:
        """The problem and what its rows and columns stand for."""
        return self.data.given

    @cached_property
    def key_of(self) -> dict[str, Group]:
        """The group of the arrays for each group id."""
        return {group_id: key for key, group_id in self.group_ids.items()}

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """All broken rules, by the solver's own rule functions."""
        return check_plan(self.given.problem, self.draft.host, self.draft.leader)

    @cached_property
    def issues(self) -> tuple[PlanIssue, ...]:
        """Broken rules and things to know, what blocks first."""
        found = [
            issue_of(one, self.given, self.seating, self.group_ids, self.data.branch_name) for one in self.violations
        ]
        found += [*_lost(self), *_sizes(self)]
        return tuple(sorted(found, key=lambda issue: issue.level is WARN))

    @cached_property
    def walks_m(self) -> list[float]:
        """Walks of the seated in metres, where a way leads there."""
        seated = np.flatnonzero(self.draft.host != UNSEATED)
        walks = self.given.problem.walk_m[seated, self.draft.host[seated]]
        return [float(walk) for walk in walks[np.isfinite(walks)]]

    @cached_property
    def scores(self) -> Scores:
        """The figures by which plans are compared."""
        seated = int((self.draft.host != UNSEATED).sum())
        return replace(scores_of(self.walks_m), seated=seated)

    @property
    def counts(self) -> PlanCounts:
        """The figures of the list of plans."""
        blocks = sum(issue.level is not WARN for issue in self.issues)
        return PlanCounts(len(self.group_ids), len(self.given.asked), self.scores, blocks)


def judge_seating(data: Data, seating: Seating) -> Judged:
    """Put a seating into arrays; who is no longer asked, and seats at places that closed, stay out of them."""
    problem = data.given.problem
    host = np.full(problem.n_members, UNSEATED, dtype=np.int64)
    wanted: dict[Group, Counter[str]] = {}
    for member, group_id in seating.seats.items():
        row, column = data.row_of.get(member), data.column_of.get(seating.places.get(group_id, ""))
        if row is not None and column is not None:
            host[row] = column
            wanted.setdefault((int(problem.team[row]), column), Counter())[group_id] += 1
    group_ids = _claimed(wanted, seating.n_named)
    leader = {
        key: data.row_of[seating.leaders[group_id]]
        for key, group_id in group_ids.items()
        if seating.leaders.get(group_id) in data.row_of
    }
    return Judged(seating, data, settle(problem, host, leader), group_ids)


def _claimed(wanted: Mapping[Group, Counter[str]], n_named: int) -> dict[Group, str]:
    """Give every group of the arrays one id: the one most of its members have, a new one where that is taken."""
    claimed: dict[Group, str] = {}
    for key in sorted(wanted, key=lambda one: (-wanted[one].total(), one)):
        free = [group_id for group_id, _ in wanted[key].most_common() if group_id not in claimed.values()]
        n_named += not free
        claimed[key] = free[0] if free else f"G{n_named}"
    return {key: claimed[key] for key in sorted(claimed)}


def _lost(judged: Judged) -> Iterator[PlanIssue]:
    """Say what of the seating the data of today no longer have."""
    seating, data = judged.seating, judged.data
    gone = [member for member in seating.seats if member not in data.row_of]
    if gone:
        yield PlanIssue(MEMBER_GONE, WARN, "", None, f"有 {len(gone)} 名已编入的党员不再参加编组（迁出、改变意愿等）")
    for group_id, key in seating.places.items():
        if key not in data.column_of and group_id in set(seating.seats.values()):
            yield PlanIssue(PLACE_GONE, WARN, group_id, None, f"小组 {group_id} 的活动地点已停用，组员暂时没有座位")
    for group_id, member in seating.leaders.items():
        group = judged.key_of.get(group_id)
        if group is not None and judged.draft.leader.get(group) != data.row_of.get(member):
            yield PlanIssue(LEADER_GONE, WARN, group_id, None, f"小组 {group_id} 原定的组长不在组内，已改由他人担任")


def _sizes(judged: Judged) -> Iterator[PlanIssue]:
    """Say which groups are off the target size (R03); that blocks nothing."""
    rules = judged.given.problem.rules
    for key, members in groups_of(judged.given.problem, judged.draft.host).items():
        where = f"{judged.data.branch_name(key[0])}在{judged.given.places[key[1]].label}的小组"
        if len(members) > rules.target_high:
            text = f"{where}有 {len(members)} 人，超过 {rules.target_high} 人，宜分组"
            yield PlanIssue(LARGE, WARN, judged.group_ids[key], None, text)
        elif rules.min_size <= len(members) < rules.target_low:
            text = f"{where}有 {len(members)} 人，少于 {rules.target_low} 人"
            yield PlanIssue(SMALL, WARN, judged.group_ids[key], None, text)


def new_members(judged: Judged, base: GroupPlan) -> tuple[PlanIssue, ...]:
    """Say how many are asked today whom the plan as it was saved did not know."""
    known = {seat.member_id for group in base.groups for seat in group.seats}
    known |= {one.member_id for one in base.unseated}
    rows = [row for member_id, row in judged.data.row_of.items() if member_id not in known]
    new = [judged.given.asked[row].name for row in rows if judged.draft.host[row] == UNSEATED]
    if not new:
        return ()
    more = f"等 {len(new)} 人" if len(new) > MAX_NAMES else ""
    text = f"保存之后新增的党员还没有安排：{'、'.join(new[:MAX_NAMES])}{more}"
    return (PlanIssue(MEMBERS_NEW, WARN, "", None, text),)


def described(judged: Judged, base: GroupPlan, *, is_edited: bool) -> GroupPlan:
    """Name and explain the seating; what was set by hand says by whom, and nothing claims to be proven any more."""
    data, is_same_data = judged.data, judged.data.data_version == base.data_version
    solution = _solution(judged, base, is_proven=not is_edited and is_same_data)
    known = still_left_out(judged, base) if is_same_data and base.as_of == data.today else {}
    plan = describe_plan(
        judged.given,
        data.names,
        data.request,
        solution,
        today=data.today,
        data_version=data.data_version,
        unsearched=frozenset(data.row_of[member] for member in known),
    )
    groups = tuple(_own(group, judged, is_edited=is_edited) for group in plan.groups)
    return replace(
        plan,
        status=EDITED if is_edited else base.status if is_same_data else Status.FEASIBLE.value,
        solver=base.solver,
        groups=tuple(sorted(groups, key=lambda group: (group.branch_id, _number(group.id)))),
        unseated=tuple(
            known.get(one.member_id) or _left_out(one, judged, is_edited=is_edited) for one in plan.unseated
        ),
        scores=judged.scores,
    )


def still_left_out(judged: Judged, base: GroupPlan) -> dict[MemberId, Unseated]:
    """Return what the base says of unseated members whom no edit since can have changed: a street has hundreds.

    Those of teams that sit as they sat, who can reach no place whose seats changed, not even with their limit stretched
    as far as the changes named for them (or by a modest stretch) ask for.
    """
    problem, host, row_of = judged.given.problem, judged.draft.host, judged.data.row_of
    before = np.full(problem.n_members, UNSEATED, dtype=np.int64)
    for group in base.groups:
        for seat in group.seats:
            if seat.member_id in row_of:
                before[row_of[seat.member_id]] = judged.data.column_of.get(group.place.key, UNSEATED)
    changed = before != host
    teams = set(problem.team[changed].tolist())
    touched = np.union1d(before[changed], host[changed])
    touched = touched[touched != UNSEATED]
    found = {}
    for one in base.unseated:
        row = row_of.get(one.member_id)
        if row is None or one.member_id in judged.seating.hand or int(problem.team[row]) in teams:
            continue
        stretch = max([MODEST_M, *(change.amount for change in one.changes if change.kind == ChangeKind.LONGER_LIMIT)])
        if one.code != "UNPROVEN" and (problem.walk_m[row, touched] > problem.limit_m[row] + stretch).all():
            found[one.member_id] = one
    return found


def _number(group_id: str) -> int:
    return int(group_id.removeprefix("G") or 0)


def _own(group: PlannedGroup, judged: Judged, *, is_edited: bool) -> PlannedGroup:
    """Give a described group the id that it has in the seating, and its members what is known of the hand."""
    row = judged.data.row_of[group.seats[0].member_id]
    key = int(judged.given.problem.team[row]), int(judged.draft.host[row])
    seats = tuple(_seat(seat, judged, is_edited=is_edited) for seat in group.seats)
    return replace(group, id=judged.group_ids[key], seats=seats)


def _seat(seat: SeatPlan, judged: Judged, *, is_edited: bool) -> SeatPlan:
    by = judged.seating.hand.get(seat.member_id)
    if by is not None:
        return replace(seat, why=f"由 {by} 手工调整")
    return replace(seat, why=_not_timed(seat.why)) if is_edited else seat


def _left_out(one: Unseated, judged: Judged, *, is_edited: bool) -> Unseated:
    by = judged.seating.hand.get(one.member_id)
    if by is not None and one.member_id in judged.data.row_of:
        text = f"由 {by} 手工移出小组"
        return replace(one, code=_BY_HAND, reason=text, smallest_change="在方案中为其选一个小组", changes=())
    if is_edited and one.code == "UNPROVEN":
        text = "手工调整之后有了位置，还没有安排"
        return replace(one, code=_AFTER_EDIT, reason=text, smallest_change="用“自动补齐”重新安排", changes=())
    return one


def _not_timed(why: str) -> str:
    return "手工调整之后没有重新测算，可能还有更近的" if "限定时间" in why else why


def _solution(judged: Judged, base: GroupPlan, *, is_proven: bool) -> GroupingSolution:
    """Wrap the seating as a solution with its own figures; the bound of the base holds while the data are the same."""
    problem, host = judged.given.problem, judged.draft.host
    prices, score = prices_of(problem), score_plan(problem, host)
    worth = prices.worth(score)
    bound = int(min(base.bound, worth)) if judged.data.data_version == base.data_version else 0
    missing = (worth - bound) // max(prices.seat, 1)
    gap = missing / max(problem.n_members, 1) if missing else (worth - bound) / max(score.cost_m, 1)
    return GroupingSolution(
        host=host,
        leader=dict(judged.draft.leader),
        score=score,
        score_bound=Score(),
        status=Status.OPTIMAL if is_proven and base.status == Status.OPTIMAL.value else Status.FEASIBLE,
        objective=worth,
        bound=bound,
        gap=min(gap, 1.0) if worth > bound else 0.0,
        unseated_penalty=prices.seat,
        seconds=base.seconds,
        nodes=0,
        group_price=prices.group,
        longest_price=prices.longest,
    )
