"""Members, places, walks and what the office asks for as the planner's arrays; contradictions are refused here."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import Fault, InputError
from gis.model.plan import SETTING_BOUNDS, USUAL_BOUNDS
from gis.planning.problem import ALONE, ANY_BRANCH, NO_LOCK, UNSEATED, GroupingProblem, GroupingRules
from gis.planning.rules import check_plan
from gis.services.abilities import can_lead, is_frail, leader_rank, needs_step_free, walking_pace
from gis.services.in_force import PLACE_GONE, WHY_LOST, place_key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    import numpy.typing as npt

    from gis.model.ids import OrgId
    from gis.model.people import Member, PartyGroup
    from gis.model.plan import GroupingRequest, GroupingSettings, Place
    from gis.services.in_force import InForce
    from gis.spatial.distances import WalkMatrix

    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

FIRST_RANK = -1  # who leads a group in force goes on leading: before everybody with a post


@dataclass(frozen=True, slots=True)
class Given:
    """What was read and measured: rows of the problem, its columns, the walks between them, branches by number."""

    members: tuple[Member, ...]
    places: tuple[Place, ...]
    walks: WalkMatrix
    branches: tuple[OrgId, ...]
    force: InForce

    @property
    def column(self) -> dict[str, int]:
        """Column of each place by its key."""
        return {place.key: number for number, place in enumerate(self.places)}

    @property
    def branch(self) -> IntArray:
        """Number of each member's branch."""
        number = {branch: position for position, branch in enumerate(self.branches)}
        return np.array([number[member.branch_id] for member in self.members], dtype=np.int64)


def refuse_unreasoned(request: GroupingRequest) -> None:
    """Refuse settings out of bounds, and mixed groups without the decision that allows them (domain.md section 4).

    Raises
    ------
    InputError
        Names each setting with its bounds; or groups may be mixed, and no reason is given.
    """
    faults = tuple(_out_of_bounds(request.settings))
    if faults:
        raise InputError("；".join(fault.message for fault in faults), faults)
    if request.settings.allow_mixed and not request.mixed_reason.strip():
        msg = "一个小组只编同一原支部党员；确需混编的，请写明上级党组织的决定"
        raise InputError(msg, (Fault(msg, field="mixed_reason"),))


def _out_of_bounds(settings: GroupingSettings) -> Iterator[Fault]:
    for one in fields(settings):
        value = getattr(settings, one.name)
        least, most = SETTING_BOUNDS.get(one.name, USUAL_BOUNDS)
        if not least <= value <= most:
            yield Fault(f"设置 {one.name} 应在 {least:,g} 到 {most:,.0f} 之间，不是 {value:g}", field=one.name)


def grouping_problem(given: Given, request: GroupingRequest, today: date) -> GroupingProblem:
    """Build the planner's problem.

    Raises
    ------
    InputError
        A place named in the request is not there, or is asked for and excluded at once.
    """
    members, places, settings = given.members, given.places, request.settings
    _refuse_places(given, request)
    column = given.column
    frozen = _frozen(given)
    locked = [column.get(f"H{member.locked_host_id}", NO_LOCK) for member in members]
    return GroupingProblem(
        walk_m=given.walks.walk_m,
        limit_m=np.array([walking_pace(member, settings, today)[0] for member in members], dtype=np.float64),
        weight=np.array([settings.frail_weight if is_frail(member, today) else 1.0 for member in members]),
        branch=given.branch,
        is_full=np.array([member.is_full for member in members], dtype=np.bool_),
        can_lead=np.array(
            [can_lead(member) and member.id not in given.force.leading_elsewhere for member in members], dtype=np.bool_
        ),
        needs_step_free=np.array([needs_step_free(member) for member in members], dtype=np.bool_),
        is_step_free=np.array([place.is_step_free for place in places], dtype=np.bool_),
        capacity=np.array([place.capacity for place in places], dtype=np.int64),
        host_branch=np.full(len(places), ANY_BRANCH, dtype=np.int64),
        locked_host=np.where(frozen == NO_LOCK, np.array(locked, dtype=np.int64), frozen),
        forbidden=_forbidden(given, request, frozen),
        leader_rank=np.array(
            [FIRST_RANK if member.id in given.force.leaders else leader_rank(member) for member in members],
            dtype=np.int64,
        ),
        together=_together(given, frozen, _team(given, settings)),
        current_host=_current_host(given, settings),
        required=_columns(given, request.required_places),
        host_cost_m=_host_cost(given, request),
        rules=rules_of(settings),
    )


def rules_of(settings: GroupingSettings) -> GroupingRules:
    """Return the planner's rules as the office set them."""
    return GroupingRules(
        min_size=int(settings.min_size),
        target_low=int(settings.target_low),
        target_high=int(settings.target_high),
        open_cost_m=int(settings.open_cost_m),
        max_groups_per_host=int(settings.groups_per_place),
        one_branch=not settings.allow_mixed,
        min_groups=int(settings.min_groups),
        max_groups=int(settings.max_groups),
        fewest_groups=settings.fewest_groups,
        fair=settings.fair,
        mix_cost_m=int(settings.mix_cost_m) if settings.allow_mixed else 0,
        max_branches=int(settings.max_branches) if settings.allow_mixed else 0,
        members_per_leader=int(settings.members_per_leader),
        change_cost_m=int(settings.change_cost_m),
    )


def _refuse_places(given: Given, request: GroupingRequest) -> None:
    named = (*request.required_places, *request.forbidden_places, *request.preferred_places)
    unknown = sorted(set(named) - given.column.keys())
    if unknown:
        msg = f"没有这些地点：{'、'.join(unknown)}。地点写 H 加中心户编号或 V 加场所编号，须已批准、可使用"
        raise InputError(msg)
    label = {place.key: place.label for place in given.places}
    held = {place_key_of(group) for group in given.force.frozen}
    both = sorted(set(request.forbidden_places) & ({*request.required_places} | held))
    if both:
        msg = f"同一地点不能既排除又要求设组或保留：{'、'.join(label[key] for key in both)}"
        raise InputError(msg)


def _columns(given: Given, keys: Iterable[str]) -> BoolArray | None:
    wanted = set(keys)
    return np.array([place.key in wanted for place in given.places], dtype=np.bool_) if wanted else None


def _host_cost(given: Given, request: GroupingRequest) -> IntArray | None:
    preferred = _columns(given, request.preferred_places)
    return None if preferred is None else np.where(preferred, 0, int(request.settings.prefer_m)).astype(np.int64)


def _team(given: Given, settings: GroupingSettings) -> IntArray:
    return np.zeros(len(given.members), dtype=np.int64) if settings.allow_mixed else given.branch


def _frozen(given: Given) -> IntArray:
    """Return the column where each member of a frozen group stays, or NO_LOCK."""
    stays, column = given.force.frozen_members, given.column
    keys = (stays.get(member.id) if member.id is not None else None for member in given.members)
    return np.array(
        [NO_LOCK if group is None else column.get(place_key_of(group), NO_LOCK) for group in keys], dtype=np.int64
    )


def _forbidden(given: Given, request: GroupingRequest, frozen: IntArray) -> BoolArray | None:
    """Exclude places for everybody, and the places of frozen groups for others of the same team."""
    excluded = _columns(given, request.forbidden_places)
    if excluded is None and not (frozen != NO_LOCK).any():
        return None
    table = np.zeros((len(given.members), len(given.places)), dtype=np.bool_)
    if excluded is not None:
        table[:, excluded] = True
    team = _team(given, request.settings)
    for k, j in {(int(team[i]), int(frozen[i])) for i in np.flatnonzero(frozen != NO_LOCK)}:
        table[(team == k) & (frozen != j), j] = True
    return table


def _together(given: Given, frozen: IntArray, team: IntArray) -> IntArray | None:
    """Give companions one number; who stays in a frozen group stays there whatever the companions do."""
    row = {member.id: i for i, member in enumerate(given.members) if frozen[i] == NO_LOCK}
    number = np.full(len(given.members), ALONE, dtype=np.int64)
    for start, i in row.items():
        queue = [start] if number[i] == ALONE and given.members[i].companion_ids else []
        while queue:
            here = row[queue.pop()]
            number[here] = i
            queue += [
                other
                for other in given.members[here].companion_ids
                if other in row and number[row[other]] == ALONE and team[row[other]] == team[here]
            ]
    return number if (number != ALONE).any() else None


def _current_host(given: Given, settings: GroupingSettings) -> IntArray | None:
    """Return where each member's group in force meets; a group of a former branch, or at a place gone, is none."""
    seat, column = given.force.seat, given.column

    def column_of(member: Member) -> int:
        group = seat.get(member.id) if member.id is not None else None
        if group is None or (group.branch_id != member.branch_id and not settings.allow_mixed):
            return UNSEATED
        return column.get(place_key_of(group), UNSEATED)

    return np.array([column_of(member) for member in given.members], dtype=np.int64) if seat else None


def refuse_unkept(problem: GroupingProblem, members: Sequence[Member], places: Sequence[Place], force: InForce) -> None:
    """Refuse to freeze groups that today's rules no longer allow.

    Raises
    ------
    InputError
        Names each group and what is wrong with it.
    """
    faults = [f"{group.name}：{fault}" for group in force.frozen for fault in _faults(problem, members, places, group)]
    if 0 < problem.rules.max_groups < len(force.frozen):
        faults.append(f"要原样保留 {len(force.frozen)} 个小组，而小组总数至多 {problem.rules.max_groups} 个")
    if faults:
        msg = "有小组不能原样保留：" + "；".join(faults)
        raise InputError(msg, tuple(Fault(text) for text in faults))


def _faults(
    problem: GroupingProblem, members: Sequence[Member], places: Sequence[Place], group: PartyGroup
) -> Iterator[str]:
    column = next((number for number, place in enumerate(places) if place.key == place_key_of(group)), None)
    if column is None:
        yield PLACE_GONE
        return
    ids = {seat.member_id for seat in group.seats}
    rows = [i for i, member in enumerate(members) if member.id in ids]
    for i in rows:
        host_id = members[i].locked_host_id
        if host_id is not None and places[column].host_id != host_id:
            yield f"支部为{members[i].name}指定了别处"
    leader = next((i for i in rows if members[i].id == group.leader_id), None)
    if leader is None or not problem.can_lead[leader]:
        yield "组长现在不能任组长"
        return
    held = np.full(problem.n_members, UNSEATED, dtype=np.int64)
    held[rows] = column
    named = {(int(problem.team[i]), column): leader for i in rows}
    found = {one.rule for one in check_plan(problem, held, named) if not one.is_tolerated}
    yield from (WHY_LOST[rule] for rule in WHY_LOST if rule in found)
