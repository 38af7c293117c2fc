"""Why a member has no seat in a plan: the hardest reason that is true, with its number."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.planning.problem import NO_LOCK, WALK_SLACK_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.planning.standing import Standing


class Reason(StrEnum):
    """Why a member has no seat; the first that is true. `Unseated.amount` in brackets.

    LOCK_IMPOSSIBLE: the locked host itself excludes the member (no way, steps, branch, wish, room for no group).
    LOCK_GROUP: no legal group forms at the locked host (members of the team who could come).
    NO_HOST at all. UNREACHABLE: no way leads to any. NO_HOST_IN_REACH (metres from the limit to the nearest).
    ONLY_NOT_STEP_FREE, ONLY_OTHER_BRANCH, ONLY_FORBIDDEN, ONLY_SMALL: hosts in reach, all excluded so.
    TOO_FEW_NEAR (most members of the team who could meet at one host). NO_FULL_MEMBER, NO_LEADER among any of those.
    Legal groups could form, but in the present plan: CAPACITY: every group or host in reach is full (hosts).
    TOGETHER, LEADER_LOAD, MAX_BRANCHES, MAX_GROUPS: without this rule a seat could be had (companions, members per
    leader, branches in a group, groups in all). LEADER_ELSEWHERE: those near who could lead are needed in other groups
    (leaders). OTHERS_ELSEWHERE: the members near have seats already (unseated ones left). UNPROVEN: a seat could be
    had; the search ran out of time.
    """

    LOCK_IMPOSSIBLE = "lock_impossible"
    LOCK_GROUP = "lock_group"
    NO_HOST = "no_host"
    UNREACHABLE = "unreachable"
    NO_HOST_IN_REACH = "no_host_in_reach"
    ONLY_NOT_STEP_FREE = "only_not_step_free"
    ONLY_OTHER_BRANCH = "only_other_branch"
    ONLY_FORBIDDEN = "only_forbidden"
    ONLY_SMALL = "only_small"
    TOO_FEW_NEAR = "too_few_near"
    NO_FULL_MEMBER = "no_full_member"
    NO_LEADER = "no_leader"
    CAPACITY = "capacity"
    TOGETHER = "together"
    LEADER_LOAD = "leader_load"
    MAX_BRANCHES = "max_branches"
    MAX_GROUPS = "max_groups"
    LEADER_ELSEWHERE = "leader_elsewhere"
    OTHERS_ELSEWHERE = "others_elsewhere"
    UNPROVEN = "unproven"


def reasons_of(standing: Standing, i: int) -> Iterator[tuple[Reason, int]]:
    """Yield reasons from the hardest to the softest; the first is the answer."""
    p = standing.problem
    if p.locked_host[i] != NO_LOCK:
        j = int(p.locked_host[i])
        if not standing.may_sit[i, j]:
            yield Reason.LOCK_IMPOSSIBLE, 0
        elif next(_no_group(standing, i), None):
            yield Reason.LOCK_GROUP, int(standing.may_sit[:, j].sum())
    else:
        yield from _no_host(standing, i)
    yield from _no_group(standing, i)
    yield from _no_seat(standing, i)


def _no_host(standing: Standing, i: int) -> Iterator[tuple[Reason, int]]:
    p = standing.problem
    walk = p.walk_m[i]
    if not p.n_hosts:
        yield Reason.NO_HOST, 0
        return
    if not np.isfinite(walk).any():
        yield Reason.UNREACHABLE, 0
        return
    left = walk <= p.limit_m[i] + WALK_SLACK_M
    if not left.any():
        yield Reason.NO_HOST_IN_REACH, int(np.ceil(walk.min() - p.limit_m[i]))
    wish = np.ones(p.n_hosts, dtype=np.bool_) if p.forbidden is None else ~p.forbidden[i]
    for reason, ok in (
        (Reason.ONLY_NOT_STEP_FREE, p.is_step_free | ~p.needs_step_free[i]),
        (Reason.ONLY_OTHER_BRANCH, (p.host_branch < 0) | (p.host_branch == p.branch[i])),
        (Reason.ONLY_FORBIDDEN, wish),
        (Reason.ONLY_SMALL, p.capacity >= p.rules.min_size),
    ):
        left = left & ok
        if not left.any():
            yield reason, 0


def _no_group(standing: Standing, i: int) -> Iterator[tuple[Reason, int]]:
    """No host in reach has the members for a legal group, wherever these sit now."""
    p, rules = standing.problem, standing.problem.rules
    could = standing.may_sit[:, standing.may_sit[i]]
    size, full, lead = could.sum(0), could[p.is_full].sum(0), could[p.can_lead].sum(0)
    enough = size >= rules.min_size
    if not enough.any():
        yield Reason.TOO_FEW_NEAR, int(size.max(initial=0))
    enough = enough & (full >= rules.min_full)
    if not enough.any():
        yield Reason.NO_FULL_MEMBER, int(full.max(initial=0))
    if rules.needs_leader and not (enough & (lead > 0)).any():
        yield Reason.NO_LEADER, 0


def _no_seat(standing: Standing, i: int) -> Iterator[tuple[Reason, int]]:
    """Legal groups could form, but others hold the seats, the leaders or the company in this plan."""
    if standing.is_seatable(i):
        yield Reason.UNPROVEN, 0
        return
    yield from _without_rule(standing, i)
    p, hosts = standing.problem, np.flatnonzero(standing.may_sit[i])
    roomy = hosts[standing.may_open[hosts]]
    if not len(roomy):
        yield Reason.CAPACITY, len(hosts)
        return
    free = [standing.free_members(int(j)) for j in roomy]
    if p.rules.needs_leader and any(len(members) >= p.rules.min_size for members in free):
        able = int((standing.may_sit[:, roomy].any(axis=1) & p.can_lead).sum())
        yield (Reason.LEADER_ELSEWHERE, able) if able else (Reason.NO_LEADER, 0)
    yield Reason.OTHERS_ELSEWHERE, max(len(members) for members in free)


def _without_rule(standing: Standing, i: int) -> Iterator[tuple[Reason, int]]:
    """Try the rules that an office may ask for besides: without which of them could the member sit down?"""
    p = standing.problem
    if len(standing.unit(i)) > 1:
        alone = replace(standing, problem=replace(p, together=None))
        if alone.is_seatable(i):
            yield Reason.TOGETHER, len(standing.unit(i)) - 1
    for reason, name in (
        (Reason.LEADER_LOAD, "members_per_leader"),
        (Reason.MAX_BRANCHES, "max_branches"),
        (Reason.MAX_GROUPS, "max_groups"),
    ):
        amount = int(getattr(p.rules, name))
        if amount:
            freed: dict[str, Any] = {name: 0, "min_groups": 0}
            if replace(standing, problem=replace(p, rules=replace(p.rules, **freed))).is_seatable(i):
                yield reason, amount
