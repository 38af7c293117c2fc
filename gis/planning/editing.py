"""Edits of a plan by hand, on the same arrays and judged by the same rules and scores as the solver's plans.

An edit may break rules: it is done as asked, and what it breaks is named. What an edit cannot mean at all (a group that
does not exist, a member of another team in a group) is refused with an InputError.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError
from gis.planning.grouping import choose_leaders
from gis.planning.problem import UNSEATED, GroupingProblem
from gis.planning.rules import Violation, check_plan, groups_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

Group = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Draft:
    """A seating under editing.

    Attributes
    ----------
    host
        Shape (n,), column of the problem or UNSEATED.
    leader
        Member number of the leader of each group, keyed by (team, host); a group where nobody can lead has none.
    """

    host: IntArray
    leader: Mapping[Group, int]


@dataclass(frozen=True, eq=False)
class Edited:
    """A draft after an edit.

    Attributes
    ----------
    draft
        The new seating.
    members
        Numbers of the members that were set by hand, whether their host changed or not.
    carried
        Which group before lives on as which group after, where its key changed (moved or merged).
    led
        Groups whose leader was named by hand.
    """

    draft: Draft
    members: IntArray
    carried: Mapping[Group, Group] = field(default_factory=dict)
    led: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """What the rules say of two drafts: violations that are new, that are gone, and that stay."""

    new: tuple[Violation, ...]
    solved: tuple[Violation, ...]
    kept: tuple[Violation, ...]


def settle(problem: GroupingProblem, host: IntArray, leader: Mapping[Group, int]) -> Draft:
    """Return the seating with a leader for each group: the one named, while in the group, else the first choice."""
    chosen = choose_leaders(problem, host)
    for key, members in groups_of(problem, host).items():
        named = leader.get(key)
        if named is not None and named in members:
            chosen[key] = named
    return Draft(np.array(host, dtype=np.int64), chosen)


def move_members(problem: GroupingProblem, draft: Draft, members: Sequence[int], column: int) -> Edited:
    """Seat members at a host, in their own team's group there (opened if need be), or leave them out (UNSEATED)."""
    rows = _rows(problem, members)
    return Edited(settle(problem, _seated(draft, rows, column), draft.leader), rows)


def swap_members(problem: GroupingProblem, draft: Draft, one: int, other: int) -> Edited:
    """Let two members change seats; each sits in the own team's group at the other's host.

    Raises
    ------
    InputError
        Both sit at the same host, or neither has a seat.
    """
    rows = _rows(problem, (one, other))
    if draft.host[one] == draft.host[other]:
        msg = "两人在同一处（或都未安排），对调没有变化"
        raise InputError(msg)
    host = draft.host.copy()
    host[one], host[other] = draft.host[other], draft.host[one]
    return Edited(settle(problem, host, draft.leader), rows)


def split_group(problem: GroupingProblem, draft: Draft, group: Group, members: Sequence[int], column: int) -> Edited:
    """Let some members of a group form one of their own elsewhere.

    Raises
    ------
    InputError
        They are not all of this group, or are all of it; the team meets at the new host already.
    """
    rows, here = _rows(problem, members), _members(problem, draft, group)
    if not set(rows.tolist()) < set(here.tolist()):
        msg = "分组请选择本组的一部分组员"
        raise InputError(msg)
    _refuse_taken(problem, draft, group[0], column)
    return Edited(settle(problem, _seated(draft, rows, column), draft.leader), rows)


def merge_groups(problem: GroupingProblem, draft: Draft, groups: Sequence[Group], column: int) -> Edited:
    """Let groups of one team become one at a host; the leader there leads on, else that of the first group named.

    Raises
    ------
    InputError
        Fewer than two groups, groups of different teams, or another group of the team meets there.
    """
    if len(set(groups)) < 2:  # noqa: PLR2004  # merging takes two
        msg = "并组请选择两个以上的小组"
        raise InputError(msg)
    team = groups[0][0]
    if any(group[0] != team for group in groups):
        msg = "不同支部的小组不能并成一组"
        raise InputError(msg)
    if (team, column) not in groups:
        _refuse_taken(problem, draft, team, column)
    rows = np.concatenate([_members(problem, draft, group) for group in dict.fromkeys(groups)])
    first = (team, column) if (team, column) in groups else groups[0]
    host = _seated(draft, rows, column)
    return _carried(problem, draft, (host, rows), first, (team, column))


def change_place(problem: GroupingProblem, draft: Draft, group: Group, column: int) -> Edited:
    """Let a whole group meet elsewhere, its leader with it.

    Raises
    ------
    InputError
        It meets there already, or another group of its team does: that would be a merger.
    """
    rows = _members(problem, draft, group)
    if group[1] == column:
        msg = "小组已经在这里活动"
        raise InputError(msg)
    _refuse_taken(problem, draft, group[0], column)
    return _carried(problem, draft, (_seated(draft, rows, column), rows), group, (group[0], column))


def change_leader(problem: GroupingProblem, draft: Draft, group: Group, member: int) -> Edited:
    """Name a member of the group as its leader; who may not lead is named all the same, and the rule reports it.

    Raises
    ------
    InputError
        The member is not in the group, or leads it already.
    """
    if member not in _members(problem, draft, group):
        msg = "组长须是本组组员"
        raise InputError(msg)
    if draft.leader.get(group) == member:
        msg = "该党员已经是本组组长"
        raise InputError(msg)
    edited = Draft(draft.host.copy(), {**draft.leader, group: member})
    return Edited(edited, np.array([member], dtype=np.int64), led=(group,))


def judge_edit(problem: GroupingProblem, before: Draft, after: Draft) -> Judgement:
    """Compare what the rules say before and after; a breach is the same while rule, member, group and host are."""
    old = {_key(one): one for one in check_plan(problem, before.host, before.leader)}
    new = {_key(one): one for one in check_plan(problem, after.host, after.leader)}
    return Judgement(
        new=tuple(one for key, one in new.items() if key not in old),
        solved=tuple(one for key, one in old.items() if key not in new),
        kept=tuple(one for key, one in new.items() if key in old),
    )


def _key(one: Violation) -> tuple[str, int, int, int]:
    member = one.member if one.rule != "leader" else UNSEATED  # a group without a good leader, whoever is named
    return one.rule.value, member, one.team, one.host


def _rows(problem: GroupingProblem, members: Sequence[int]) -> IntArray:
    rows = np.array(sorted(set(members)), dtype=np.int64)
    if not len(rows) or rows[0] < 0 or rows[-1] >= problem.n_members:
        msg = "请选择要调整的党员"
        raise InputError(msg)
    return rows


def _members(problem: GroupingProblem, draft: Draft, group: Group) -> IntArray:
    team, column = group
    rows = np.flatnonzero((problem.team == team) & (draft.host == column))
    if column == UNSEATED or not len(rows):
        msg = "这个小组已不存在"
        raise InputError(msg)
    return rows


def _refuse_taken(problem: GroupingProblem, draft: Draft, team: int, column: int) -> None:
    if not 0 <= column < problem.n_hosts:
        msg = "请选择活动地点"
        raise InputError(msg)
    if ((problem.team == team) & (draft.host == column)).any():
        msg = "那里已有本支部的小组：同一支部在一处只设一个组，可以并组"
        raise InputError(msg)


def _seated(draft: Draft, rows: IntArray, column: int) -> IntArray:
    host = draft.host.copy()
    host[rows] = column
    return host


def _carried(
    problem: GroupingProblem, draft: Draft, seated: tuple[IntArray, IntArray], old: Group, new: Group
) -> Edited:
    """Settle a group that lives on at another host with its leader."""
    host, rows = seated
    leader = dict(draft.leader)
    if old in leader:
        leader[new] = leader[old]
    return Edited(settle(problem, host, leader), rows, {} if old == new else {old: new})
