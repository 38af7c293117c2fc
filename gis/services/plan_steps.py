"""What an edit means for a seating, and what a step from one seating to the next does: figures, sizes, rules, words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError, NotFoundError
from gis.model.ids import MemberId
from gis.model.plans import (
    ChangeLeader,
    ChangePlace,
    EditEffect,
    MergeGroups,
    MoveMembers,
    SizeChange,
    SplitGroup,
    StepKind,
    SwapMembers,
)
from gis.model.seating import Seating
from gis.planning import editing
from gis.planning.problem import UNSEATED
from gis.planning.rules import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.model.plans import Edit, PlanIssue
    from gis.planning.editing import Edited, Group
    from gis.services.plan_judging import Judged

MAX_NAMES = 3
MAX_TEXT = 900

KINDS: dict[type, StepKind] = {
    MoveMembers: StepKind.MOVE,
    SwapMembers: StepKind.SWAP,
    SplitGroup: StepKind.SPLIT,
    MergeGroups: StepKind.MERGE,
    ChangePlace: StepKind.PLACE,
    ChangeLeader: StepKind.LEADER,
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """An edit worked out: the seating after it and one sentence."""

    seating: Seating
    text: str


def worked_out(judged: Judged, edit: Edit, by: str) -> Outcome:
    """Apply an edit to a judged seating; `by` is the account that does it.

    Raises
    ------
    NotFoundError
        A group, a place or a member named is not in the plan today.
    InputError
        The edit cannot be meant (see `gis.planning.editing`), or changes nothing.
    """
    edited, text = _apply(judged, edit)
    seating = after(judged, edited, by)
    if seating == judged.seating:
        msg = "这样调整没有变化"
        raise InputError(msg)
    return Outcome(seating, text[:MAX_TEXT])


def _apply(judged: Judged, edit: Edit) -> tuple[Edited, str]:
    """Do the edit on the arrays."""
    problem, draft = judged.given.problem, judged.draft
    match edit:
        case MoveMembers(member_ids, to):
            rows = _rows(judged, member_ids)
            column = _target(judged, rows, to)
            return editing.move_members(problem, draft, rows, column), _moved(judged, rows, column)
        case SwapMembers(one, other):
            first, second = _rows(judged, (one, other))
            text = f"{_name(judged, first)}与{_name(judged, second)}对调"
            return editing.swap_members(problem, draft, first, second), text
        case SplitGroup(group_id, member_ids, place_key):
            rows, column = _rows(judged, member_ids), _column(judged, place_key)
            text = f"{group_id} 分出 {len(rows)} 人到{_place(judged, column)}：{_names(judged, rows)}"
            return editing.split_group(problem, draft, _group(judged, group_id), rows, column), text
        case MergeGroups(group_ids, place_key):
            groups = [_group(judged, one) for one in group_ids]
            if not groups:
                msg = "并组请选择两个以上的小组"
                raise InputError(msg)
            column = _column(judged, place_key) if place_key else groups[0][1]
            text = f"{'、'.join(group_ids)} 并为一组，在{_place(judged, column)}"
            return editing.merge_groups(problem, draft, groups, column), text
        case ChangePlace(group_id, place_key):
            group, column = _group(judged, group_id), _column(judged, place_key)
            text = f"{group_id} 由{_place(judged, group[1])}改到{_place(judged, column)}"
            return editing.change_place(problem, draft, group, column), text
        case ChangeLeader(group_id, member_id):
            (row,) = _rows(judged, (member_id,))
            text = f"{group_id} 组长改为{_name(judged, row)}"
            return editing.change_leader(problem, draft, _group(judged, group_id), row), text


def after(judged: Judged, edited: Edited, by: str) -> Seating:
    """Return the seating that an edited draft stands for; what today's data do not know stays as it was."""
    seating, draft = _named(judged, edited.draft, edited.carried), edited.draft
    row_ids = _member_ids(judged)
    hand = {**judged.seating.hand, **{row_ids[int(row)]: by for row in edited.members}}
    group_of = {key: seating.seats[row_ids[int(rows[0])]] for key, rows in _groups(judged, draft).items()}
    led = {group_of[key]: by for key in edited.led}
    kept = {
        group_id: who
        for group_id, who in judged.seating.hand_leaders.items()
        if group_id in seating.leaders and seating.leaders[group_id] == judged.seating.leaders.get(group_id)
    }
    return replace(seating, hand=hand, hand_leaders={**kept, **led})


def renamed(judged: Judged, draft: editing.Draft, *, keep_unknown: bool = True) -> Seating:
    """Return the seating of a draft that no hand touched; without `keep_unknown` only what today's data know."""
    seating = _named(judged, draft, {})
    hand = dict(judged.seating.hand)
    if not keep_unknown:
        known = set(judged.data.row_of)
        seats = {member: group for member, group in seating.seats.items() if _is_seated(judged, draft, member)}
        places = {group: place for group, place in seating.places.items() if group in set(seats.values())}
        leaders = {group: who for group, who in seating.leaders.items() if seats.get(who) == group}
        seating = replace(seating, seats=seats, places=places, leaders=leaders)
        hand = {member: by for member, by in hand.items() if member in known}
    led = {group: by for group, by in judged.seating.hand_leaders.items() if group in seating.leaders}
    return replace(seating, hand=hand, hand_leaders=led)


def _is_seated(judged: Judged, draft: editing.Draft, member: MemberId) -> bool:
    row = judged.data.row_of.get(member)
    return row is not None and bool(draft.host[row] != UNSEATED)


def _named(judged: Judged, draft: editing.Draft, carried: Mapping[Group, Group]) -> Seating:
    """Give the groups of a draft their ids: those they had, those carried over, else new ones."""
    old, n_named = judged.seating, judged.seating.n_named
    n_named = max([n_named, *(int(one.removeprefix("G") or 0) for one in judged.group_ids.values())])
    came_from = {new: judged.group_ids[before] for before, new in carried.items()}
    seats = {member: group for member, group in old.seats.items() if not _was_seated(judged, member)}
    places = {group: place for group, place in old.places.items() if group in set(seats.values())}
    leaders = {group: who for group, who in old.leaders.items() if group in places}
    row_ids = _member_ids(judged)
    for key, rows in _groups(judged, draft).items():
        group_id = judged.group_ids.get(key) or came_from.get(key)
        if group_id is None:
            n_named += 1
            group_id = f"G{n_named}"
        places[group_id] = judged.given.places[key[1]].key
        seats.update({row_ids[int(row)]: group_id for row in rows})
        if key in draft.leader:
            leaders[group_id] = row_ids[draft.leader[key]]
        else:
            leaders.pop(group_id, None)
    return Seating(seats, places, leaders, n_named=n_named)


def _was_seated(judged: Judged, member: MemberId) -> bool:
    return _is_seated(judged, judged.draft, member)


def _groups(judged: Judged, draft: editing.Draft) -> dict[Group, np.ndarray]:
    return groups_of(judged.given.problem, draft.host)


def _member_ids(judged: Judged) -> list[MemberId]:
    return [MemberId(int(member.id or 0)) for member in judged.given.asked]


def effect(before: Judged, now: Judged, text: str, version: int) -> EditEffect:
    """Compare two judged seatings of one plan; an issue is the same while its rule, group and member are."""
    old = {_key(issue): issue for issue in before.issues}
    new = {_key(issue): issue for issue in now.issues}
    return EditEffect(
        text=text,
        before=before.scores,
        after=now.scores,
        sizes=_sizes(before, now),
        new_issues=tuple(issue for key, issue in new.items() if key not in old),
        solved_issues=tuple(issue for key, issue in old.items() if key not in new),
        version=version,
    )


def _key(issue: PlanIssue) -> tuple[str, str, int | None, str]:
    whole = issue.message if not issue.group_id and issue.member_id is None else ""
    return issue.rule, issue.group_id, issue.member_id, whole


def _sizes(before: Judged, now: Judged) -> tuple[SizeChange, ...]:
    old, new = _sized(before), _sized(now)
    found = []
    for group_id in sorted(old.keys() | new.keys(), key=lambda one: int(one.removeprefix("G") or 0)):
        here, there = old.get(group_id), new.get(group_id)
        if here != there:
            branch, place, _ = there or here or ("", "", 0)
            found.append(SizeChange(group_id, branch, place, here[2] if here else 0, there[2] if there else 0))
    return tuple(found)


def _sized(judged: Judged) -> dict[str, tuple[str, str, int]]:
    return {
        judged.group_ids[key]: (judged.data.branch_name(key[0]), judged.given.places[key[1]].label, len(rows))
        for key, rows in _groups(judged, judged.draft).items()
    }


def _rows(judged: Judged, member_ids: Iterable[MemberId]) -> list[int]:
    unknown = [member for member in member_ids if member not in judged.data.row_of]
    if unknown:
        msg = f"编号为 {'、'.join(map(str, unknown))} 的党员不参加这份方案的编组"
        raise NotFoundError(msg)
    return [judged.data.row_of[member] for member in member_ids]


def _group(judged: Judged, group_id: str) -> Group:
    key = judged.key_of.get(group_id)
    if key is None:
        msg = f"方案里没有小组 {group_id}"
        raise NotFoundError(msg)
    return key


def _column(judged: Judged, place_key: str) -> int:
    column = judged.data.column_of.get(place_key)
    if column is None:
        msg = f"没有可用的活动地点 {place_key or '（未填）'}"
        raise NotFoundError(msg)
    return column


def _target(judged: Judged, rows: list[int], to: str) -> int:
    if not to:
        return UNSEATED
    if to in judged.data.column_of:
        return judged.data.column_of[to]
    if not to.startswith("G"):
        return _column(judged, to)
    team, column = _group(judged, to)
    strangers = [row for row in rows if judged.given.problem.team[row] != team]
    if strangers:
        msg = f"{to} 是{judged.data.branch_name(team)}的小组，一个小组只编同一支部的党员：{_names(judged, strangers)}"
        raise InputError(msg)
    return column


def _moved(judged: Judged, rows: list[int], column: int) -> str:
    where = _place(judged, column)
    if len(rows) > 1:
        return f"{len(rows)} 人改到{where}：{_names(judged, rows)}"
    row = rows[0]
    before = int(judged.draft.host[row])
    if column == before:
        return f"{_name(judged, row)}固定在{where}"
    if column == UNSEATED:
        return f"{_name(judged, row)}移出小组（原在{_place(judged, before)}）"
    return f"{_name(judged, row)}：{_walk(judged, row, before)} → {_walk(judged, row, column)}"


def _walk(judged: Judged, row: int, column: int) -> str:
    if column == UNSEATED:
        return "未安排"
    walk = float(judged.given.problem.walk_m[row, column])
    return f"{_place(judged, column)}（{f'步行 {walk:.0f} 米' if np.isfinite(walk) else '走不到'}）"


def _place(judged: Judged, column: int) -> str:
    return "小组之外" if column == UNSEATED else judged.given.places[column].label


def _name(judged: Judged, row: int) -> str:
    return judged.given.asked[row].name


def _names(judged: Judged, rows: Iterable[int]) -> str:
    names = [_name(judged, row) for row in rows]
    return "、".join(names[:MAX_NAMES]) + ("等" if len(names) > MAX_NAMES else "")
