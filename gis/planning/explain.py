"""Why each member sits where they sit, or sits nowhere: codes and numbers, each computed from the plan.

Sentences are made elsewhere. Every statement is about this plan and can be checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.changes import Change, smallest_changes
from gis.planning.left_out import Reason, reasons_of
from gis.planning.problem import NO_LOCK, UNSEATED, WALK_SLACK_M, GroupingProblem
from gis.planning.standing import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from gis.planning.resolve import Loss

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_ALTERNATIVES = 3


class Why(StrEnum):
    """Why a member sits at a host; the first that is true.

    LOCKED by decision. NEAREST of all hosts that a way leads to. NEAREST_ALLOWED of the hosts the member may use
    (steps, branch, wish). NEAREST_GROUP of the hosts where the own team meets. NEAREST_FREE of these, nearer ones being
    full. NEAREST_FIT of those where the rules on who shares a group (leaders' load, branches) take the member. TOGETHER
    with those who must sit in the same group. HOLDS_GROUP: there is a nearer group with a free seat, but without this
    member the present one would break the minimum. STAYS: nearer would be better but for the price of a change.
    BALANCE: a nearer seat is free, but sitting there would make the whole cost more (sizes, mixing).
    UNPROVEN: moving nearer would be better; the search ran out of time.
    """

    LOCKED = "locked"
    NEAREST = "nearest"
    NEAREST_ALLOWED = "nearest_allowed"
    NEAREST_GROUP = "nearest_group"
    NEAREST_FREE = "nearest_free"
    NEAREST_FIT = "nearest_fit"
    TOGETHER = "together"
    STAYS = "stays"
    HOLDS_GROUP = "holds_group"
    BALANCE = "balance"
    UNPROVEN = "unproven"


class WhyNot(StrEnum):
    """Why not this other host; `Alternative.amount` in brackets.

    LOCKED elsewhere; FORBIDDEN by wish; NOT_STEP_FREE; OTHER_BRANCH has the host; TOO_FAR (metres beyond the limit).
    The own team meets there: FULL (seats), KEEPS_GROUP (members of the present group, which would break its minimum),
    LONGER (metres), BALANCE (what the whole would cost more), BETTER (what it would save; the plan is not proven).
    It does not meet there: NO_ROOM (free seats, too few for a group), MANY_GROUPS (groups that meet there already),
    TOO_FEW (members of the team who could come), NO_FULL, NO_LEADER among these, LONGER (metres), NOT_OPENED.
    COMPANIONS (those who must sit in the same group), LEADER_LOAD (members whom a leader may have), MAX_BRANCHES (in a
    group), MAX_GROUPS (in all). NO_PLAN: solved again, no legal plan seats the member there and keeps all the other
    decisions.
    """

    LOCKED = "locked"
    FORBIDDEN = "forbidden"
    NOT_STEP_FREE = "not_step_free"
    OTHER_BRANCH = "other_branch"
    TOO_FAR = "too_far"
    FULL = "full"
    KEEPS_GROUP = "keeps_group"
    LONGER = "longer"
    BALANCE = "balance"
    BETTER = "better"
    NO_ROOM = "no_room"
    MANY_GROUPS = "many_groups"
    TOO_FEW = "too_few"
    NO_FULL = "no_full"
    NO_LEADER = "no_leader"
    NOT_OPENED = "not_opened"
    COMPANIONS = "companions"
    LEADER_LOAD = "leader_load"
    MAX_BRANCHES = "max_branches"
    MAX_GROUPS = "max_groups"
    NO_PLAN = "no_plan"


#: What no plan can help: it concerns the member and the host, or who may go there at all.
RULES = frozenset(
    {
        WhyNot.LOCKED,
        WhyNot.FORBIDDEN,
        WhyNot.NOT_STEP_FREE,
        WhyNot.OTHER_BRANCH,
        WhyNot.TOO_FAR,
        WhyNot.TOO_FEW,
        WhyNot.NO_FULL,
        WhyNot.NO_LEADER,
        WhyNot.NO_PLAN,
    }
)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another host for a seated member and what speaks against it.

    `loss`: what the best plan with the member there is worse than the best plan; None where `why_not` is a rule, or it
    has not been computed.
    """

    host: int
    walk_m: float
    why_not: WhyNot
    amount: int
    loss: Loss | None = None


@dataclass(frozen=True, slots=True)
class Seated:
    """A member with a seat; `over_limit_m` > 0 where a lock asks for a longer walk than the limit."""

    member: int
    host: int
    walk_m: float
    why: Why
    over_limit_m: float
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Unseated:
    """A member without a seat, the reason, and changes that would give them one (smallest first, maybe none)."""

    member: int
    reason: Reason
    amount: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Explanation:
    """What is said about every member of a plan, in order of their numbers."""

    seated: tuple[Seated, ...]
    unseated: tuple[Unseated, ...]


def explain_plan(
    problem: GroupingProblem,
    host: IntArray,
    home_walk_m: FloatArray | None = None,
    *,
    unsearched: Collection[int] = (),
) -> Explanation:
    """Explain a legal plan, the solver's or one changed by hand.

    Parameters
    ----------
    host
        Shape (n,), host of each member or UNSEATED.
    home_walk_m
        Shape (n, n), walks between homes, inf beyond what was measured; with it new hosts are proposed.
    unsearched
        Members without a seat for whom no changes are looked for: the caller knows them already.
    """
    seated: list[Seated] = []
    unseated: list[Unseated] = []
    for team in np.unique(problem.team):
        standing = standing_of(problem, host, int(team))
        homes = None if home_walk_m is None else home_walk_m[np.ix_(standing.member, standing.member)]
        for i in range(len(standing.member)):
            if standing.host[i] == UNSEATED and int(standing.member[i]) in unsearched:
                reason, amount = next(reasons_of(standing, i))
                unseated.append(Unseated(int(standing.member[i]), reason, amount, ()))
            elif standing.host[i] == UNSEATED:
                unseated.append(explain_left_out(standing, i, homes))
            else:
                seated.append(explain_seated(standing, i))
    return Explanation(tuple(sorted(seated, key=lambda s: s.member)), tuple(sorted(unseated, key=lambda u: u.member)))


def explain_seated(standing: Standing, i: int) -> Seated:
    """Explain one member with a seat, against the nearest other hosts; `i` is the number within the team."""
    p, j = standing.problem, int(standing.host[i])
    walk = p.walk_m[i]
    near = [int(k) for k in np.argsort(walk, kind="stable") if k != j and np.isfinite(walk[k])][:_ALTERNATIVES]
    alternatives = (Alternative(k, float(walk[k]), *why_not(standing, i, k)) for k in near)
    over = max(0.0, float(walk[j] - p.limit_m[i]))
    return Seated(int(standing.member[i]), j, float(walk[j]), _why(standing, i), over, tuple(alternatives))


def _why(standing: Standing, i: int) -> Why:
    p, j = standing.problem, int(standing.host[i])
    if p.locked_host[i] == j:
        return Why.LOCKED
    if not np.isfinite(p.walk_m[i, j]):
        return Why.UNPROVEN  # set by hand where no way is known to lead
    nearer = p.walk_m[i] < p.walk_m[i, j] - WALK_SLACK_M
    for why, still in (
        (Why.NEAREST, np.ones_like(nearer)),
        (Why.NEAREST_ALLOWED, standing.may_sit[i]),
        (Why.NEAREST_GROUP, standing.size > 0),
        (Why.NEAREST_FREE, standing.seats_left > 0),
    ):
        nearer = nearer & still
        if not nearer.any():
            return why
    return _why_not_nearer(
        standing, i, [int(k) for k in np.flatnonzero(nearer) if standing.takes(np.array([i]), int(k))]
    )


def _why_not_nearer(standing: Standing, i: int, hosts: list[int]) -> Why:
    """Say why a member does not sit in one of the nearer groups that have a seat."""
    p = standing.problem
    if not hosts:
        return Why.NEAREST_FIT
    if len(standing.unit(i)) > 1:
        return Why.TOGETHER
    if _breaks_group(standing, i):
        return Why.HOLDS_GROUP
    cost = min(_move_cost(standing, i, k) for k in hosts)
    if cost < 0:
        return Why.UNPROVEN
    return Why.STAYS if _stays(p, i) and cost < p.rules.change_cost_m else Why.BALANCE


def _stays(p: GroupingProblem, i: int) -> bool:
    return p.current_host is not None and bool(p.current_host[i] != UNSEATED)


def _breaks_group(standing: Standing, i: int) -> bool:
    """Tell whether the member's group breaks its minimum without them."""
    p, rules = standing.problem, standing.problem.rules
    rest = np.flatnonzero(standing.host == standing.host[i])
    rest = rest[rest != i]
    lead = int(p.can_lead[rest].sum())
    overload = rules.members_per_leader and len(rest) > rules.members_per_leader * lead
    few = len(rest) < rules.min_size or p.is_full[rest].sum() < rules.min_full
    return bool(few or overload or (rules.needs_leader and not lead))


def _move_cost(standing: Standing, i: int, k: int) -> int:
    """Compute what the whole costs more when one member moves to another open group."""
    p, rules, j = standing.problem, standing.problem.rules, int(standing.host[i])

    def penalty(size: int) -> int:
        few, many = max(rules.target_low - size, 0), max(size - rules.target_high, 0)
        return rules.small_penalty_m * few + rules.large_penalty_m * many

    now = p.walk_m[i, j] if np.isfinite(p.walk_m[i, j]) else p.walk_m[i, k]  # set by hand where no way leads
    walk = np.rint(p.walk_m[i, k] * p.weight[i]) - np.rint(now * p.weight[i])
    before = penalty(int(standing.size[j])) + penalty(int(standing.size[k]))
    after = penalty(int(standing.size[j]) - 1) + penalty(int(standing.size[k]) + 1)
    return int(walk) + after - before


def _mixed(standing: Standing, i: int, host: int) -> int:
    """Compute what mixing branches costs more at a host when a member leaves it or comes there."""
    p = standing.problem
    if p.rules.one_branch or not p.rules.mix_cost_m:
        return 0
    group = np.flatnonzero(standing.host == host)
    others = len(np.unique(p.branch[group[group != i]]))
    all_of = len(np.unique(p.branch[np.union1d(group, [i])]))
    more = max(all_of - 1, 0) - max(others - 1, 0)
    return p.rules.mix_cost_m * (-more if standing.host[i] == host else more)


def why_not(standing: Standing, i: int, k: int) -> tuple[WhyNot, int]:
    """Say what speaks against a host, with everybody else where they are: the two alone first, then the groups."""
    barred = _barred(standing, i, k)
    if barred:
        return barred
    return _why_not_join(standing, i, k) if standing.size[k] else _why_not_open(standing, i, k)


def _barred(standing: Standing, i: int, k: int) -> tuple[WhyNot, int] | None:
    p = standing.problem
    if p.locked_host[i] != NO_LOCK:
        return WhyNot.LOCKED, 0
    if p.forbidden is not None and p.forbidden[i, k]:
        return WhyNot.FORBIDDEN, 0
    if p.needs_step_free[i] and not p.is_step_free[k]:
        return WhyNot.NOT_STEP_FREE, 0
    if not standing.fits[i, k] and p.capacity[k] >= p.rules.min_size:
        return WhyNot.OTHER_BRANCH, int(p.host_branch[k])
    over = p.walk_m[i, k] - p.limit_m[i]
    return (WhyNot.TOO_FAR, int(np.ceil(over))) if over > WALK_SLACK_M else None


def _why_not_join(standing: Standing, i: int, k: int) -> tuple[WhyNot, int]:
    if not standing.seats_left[k]:
        return WhyNot.FULL, int(standing.problem.capacity[k])
    shared = _sharing(standing, i, k)
    if shared:
        return shared
    if _breaks_group(standing, i):
        return WhyNot.KEEPS_GROUP, int(standing.size[standing.host[i]])
    longer = _longer(standing, i, k)
    if longer > 0:
        return WhyNot.LONGER, longer
    cost = _move_cost(standing, i, k)
    return (WhyNot.BALANCE, cost) if cost >= 0 else (WhyNot.BETTER, -cost)


def _sharing(standing: Standing, i: int, k: int) -> tuple[WhyNot, int] | None:
    """Say which rule on who shares a group speaks against joining one."""
    rules, unit = standing.problem.rules, standing.unit(i)
    if len(unit) > 1:
        return WhyNot.COMPANIONS, len(unit) - 1
    if standing.takes(unit, k):
        return None
    load = replace(rules, members_per_leader=0)
    lighter = replace(standing, problem=replace(standing.problem, rules=load))
    return (
        (WhyNot.LEADER_LOAD, rules.members_per_leader)
        if rules.members_per_leader and lighter.takes(unit, k)
        else (WhyNot.MAX_BRANCHES, rules.max_branches)
    )


def _why_not_open(standing: Standing, i: int, k: int) -> tuple[WhyNot, int]:
    p, rules = standing.problem, standing.problem.rules
    could = np.flatnonzero(standing.may_sit[:, k])
    full, longer = int(p.is_full[could].sum()), _longer(standing, i, k)
    taken = int(standing.groups_taken[k])
    found = (
        (WhyNot.NO_ROOM, int(standing.seats_left[k]), standing.seats_left[k] < rules.min_size),
        (WhyNot.MANY_GROUPS, taken, rules.max_groups_per_host and taken >= rules.max_groups_per_host),
        (WhyNot.TOO_FEW, len(could), len(could) < rules.min_size),
        (WhyNot.NO_FULL, full, full < rules.min_full),
        (WhyNot.NO_LEADER, 0, rules.needs_leader and not p.can_lead[could].any()),
        (WhyNot.MAX_GROUPS, rules.max_groups, not standing.may_open[k]),
        (WhyNot.LONGER, longer, longer > 0),
    )
    return next(((code, amount) for code, amount, holds in found if holds), (WhyNot.NOT_OPENED, 0))


def _longer(standing: Standing, i: int, k: int) -> int:
    walk = standing.problem.walk_m[i]
    longer = walk[k] - walk[standing.host[i]]
    return int(np.rint(longer)) if np.isfinite(longer) else 0  # set by hand where no way is known to lead


def explain_left_out(standing: Standing, i: int, homes: FloatArray | None = None) -> Unseated:
    """Explain one member without a seat; `i` is the number within the team, `homes` as in `smallest_changes`."""
    reason, amount = next(reasons_of(standing, i))
    return Unseated(int(standing.member[i]), reason, amount, _named(standing, smallest_changes(standing, i, homes)))


def _named(standing: Standing, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Give members their numbers in the whole problem."""
    return tuple(
        Change(c.kind, c.host, c.amount, int(standing.member[c.other]) if c.other >= 0 else c.other, c.opens)
        for c in changes
    )
