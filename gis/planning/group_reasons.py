"""Why a group meets where it does and is led by whom it is: what every other answer would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import may_sit, seat_cost
from gis.planning.problem import NO_LOCK, UNSEATED, GroupingProblem

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.resolve import Loss
    from gis.planning.worth import Worth

    IntArray = npt.NDArray[np.int64]

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class LeaderChoice:
    """A member of the group who can lead; the lower rank is preferred, then the shorter walk."""

    member: int
    rank: int
    walk_m: float


@dataclass(frozen=True)
class GroupReason:
    """Of one group: what other places would cost, and who could lead.

    Attributes
    ----------
    other_host, other_cost_m
        The place that would cost the whole group least if it moved there and nobody else moved, and how many weighted
        metres more (less: negative); NOWHERE where no other place may take them all.
    n_cannot
        Where there is no such place: the fewest members of the group who may not sit at one with room for the group.
    without_team, without_anybody
        What it costs when this team may not meet there, and when nobody may: solved again; None beyond the time.
    n_locked
        Members of the group whom a decision holds here.
    leader
        Who leads, NOWHERE for nobody.
    choices
        All who can lead, the preferred first.
    """

    team: int
    host: int
    other_host: int
    other_cost_m: int
    n_cannot: int
    without_team: Loss | None
    without_anybody: Loss | None
    n_locked: int
    leader: int
    choices: tuple[LeaderChoice, ...]


def explain_group(worth: Worth, host: IntArray, group: tuple[int, int], leader: int) -> GroupReason:
    """Explain one group of a legal plan."""
    p = worth.problem
    team, j = group
    members = np.flatnonzero((p.team == team) & (host == j))
    other, cost, cannot = _best_other(p, host, members, j)
    return GroupReason(
        team=team,
        host=j,
        other_host=other,
        other_cost_m=cost,
        n_cannot=cannot,
        without_team=worth.loss(_without_team(p, team, j)),
        without_anybody=worth.loss(replace(p, capacity=np.where(np.arange(p.n_hosts) == j, 0, p.capacity))),
        n_locked=int((p.locked_host[members] != NO_LOCK).sum()),
        leader=leader,
        choices=_choices(p, members, j),
    )


def _without_team(p: GroupingProblem, team: int, j: int) -> GroupingProblem:
    barred = np.zeros(p.walk_m.shape, dtype=np.bool_) if p.forbidden is None else p.forbidden.copy()
    barred[p.team == team, j] = True
    return replace(p, forbidden=barred)


def _best_other(p: GroupingProblem, host: IntArray, members: IntArray, j: int) -> tuple[int, int, int]:
    """Find where the whole group could move with nobody else moving: (host, metres more, members who cannot)."""
    seated = host != UNSEATED
    h = max(p.n_hosts, 1)
    free = p.capacity - np.bincount(host[seated], weights=p.demands[seated], minlength=h)[: p.n_hosts]
    groups = np.bincount(np.unique(p.team[seated] * h + host[seated]) % h, minlength=h)[: p.n_hosts]
    same_team = np.zeros(p.n_hosts, dtype=np.bool_)
    same_team[host[seated & (p.team == p.team[members[0]])]] = True
    ok = (free >= p.demands[members].sum()) & ~same_team
    if p.rules.max_groups_per_host:
        ok &= groups < p.rules.max_groups_per_host
    cannot = (~may_sit(p)[members]).sum(axis=0)
    fit = np.flatnonzero(ok & (cannot == 0))
    if not len(fit):
        return NOWHERE, 0, int(cannot[ok].min(initial=len(members)))
    cost = _moved_cost(p, members)
    best = int(fit[cost[fit].argmin()])
    return best, int(cost[best] - cost[j]), 0


def _moved_cost(p: GroupingProblem, members: IntArray) -> npt.NDArray[np.float64]:
    """Cost of the group at each host: walks, changes, opening; sizes stay as they are."""
    cost: npt.NDArray[np.float64] = seat_cost(p)[members].sum(axis=0)
    if p.host_cost_m is not None:
        cost = cost + p.host_cost_m
    return cost


def _choices(p: GroupingProblem, members: IntArray, j: int) -> tuple[LeaderChoice, ...]:
    rank = np.zeros(p.n_members, dtype=np.int64) if p.leader_rank is None else p.leader_rank
    able = [LeaderChoice(int(i), int(rank[i]), float(p.walk_m[i, j])) for i in members if p.can_lead[i]]
    return tuple(sorted(able, key=lambda one: (one.rank, one.walk_m, one.member)))
