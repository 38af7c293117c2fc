"""Which member could sit where, which groups could open, and which of them have to do with each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.planning.problem import ANY_BRANCH, NO_LOCK, UNSEATED, WALK_SLACK_M, GroupingProblem

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Groups that could open and the seats in them, or one independent part of these.

    A group is a (team, host) pair. Arcs are sorted by group, then member; `arc_member` counts within `member`,
    `arc_group` within `group_team`. `venue_of` numbers the hosts within the part; `venue_seats` is what all groups
    there may hold together, `venue_groups` how many may open.
    """

    member: IntArray
    group_team: IntArray
    group_host: IntArray
    group_seats: IntArray
    arc_member: IntArray
    arc_group: IntArray
    arc_cost: IntArray
    venue_of: IntArray
    venue_seats: IntArray
    venue_groups: IntArray


def may_sit(problem: GroupingProblem) -> BoolArray:
    """Tell which member may sit at which host as far as the two of them are concerned; shape (n, h)."""
    allowed = np.isfinite(problem.walk_m) & fits(problem)
    locked = problem.locked_host != NO_LOCK
    near = problem.walk_m <= problem.limit_m[:, None] + WALK_SLACK_M
    allowed[~locked] &= near[~locked]
    rows = np.flatnonzero(locked)
    only = np.zeros((len(rows), problem.n_hosts), dtype=np.bool_)
    only[np.arange(len(rows)), problem.locked_host[rows]] = True
    allowed[rows] &= only
    return allowed


def fits(problem: GroupingProblem) -> BoolArray:
    """Tell which pairs agree in everything but the way: steps, wishes, branch, room for a group; shape (n, h)."""
    ok = problem.is_step_free[None, :] | ~problem.needs_step_free[:, None]
    ok &= (problem.host_branch == ANY_BRANCH)[None, :] | (problem.branch[:, None] == problem.host_branch[None, :])
    ok &= (problem.capacity >= problem.rules.min_size)[None, :]
    if problem.forbidden is not None:
        ok &= ~problem.forbidden
    return np.asarray(ok, dtype=np.bool_)


def seat_cost(problem: GroupingProblem) -> FloatArray:
    """Weighted metres of each pair, rounded, and what a change of host costs; inf where no way leads."""
    cost = np.rint(problem.walk_m * problem.weight[:, None])
    if problem.current_host is not None and problem.rules.change_cost_m:
        rows = np.flatnonzero(problem.current_host != UNSEATED)
        stay = problem.current_host[rows]
        cost[rows] += problem.rules.change_cost_m
        cost[rows, stay] -= np.where(np.isfinite(cost[rows, stay]), problem.rules.change_cost_m, 0)
    return cost


def find_candidates(problem: GroupingProblem) -> Candidates:
    """List the groups that have enough members, full members and a leader within reach, and the seats in them."""
    allowed, rules, team = may_sit(problem), problem.rules, problem.team
    member, host = np.nonzero(allowed)
    key = team[member] * max(problem.n_hosts, 1) + host
    keys, group = np.unique(key, return_inverse=True)
    group = np.asarray(group, dtype=np.int64).reshape(-1)
    n_groups = len(keys)
    size = np.bincount(group, minlength=n_groups)
    full = np.bincount(group, weights=problem.is_full[member], minlength=n_groups)
    lead = np.bincount(group, weights=problem.can_lead[member], minlength=n_groups)
    alive = (size >= rules.min_size) & (full >= rules.min_full) & (lead >= 1)
    number = np.cumsum(alive) - 1
    keep = alive[group]
    member, host, group = member[keep], host[keep], number[group[keep]]
    order = np.lexsort((member, group))
    member, host, group = member[order], host[order], np.asarray(group[order], dtype=np.int64)
    group_host = keys[alive] % max(problem.n_hosts, 1)
    seats = np.minimum(np.minimum(problem.capacity[group_host], rules.hard_max), size[alive])
    cost = seat_cost(problem)[member, host].astype(np.int64)
    members, arc_member = np.unique(member, return_inverse=True)
    return _with_venues(
        problem,
        (members, keys[alive] // max(problem.n_hosts, 1), group_host, seats),
        (np.asarray(arc_member, dtype=np.int64).reshape(-1), group, cost),
    )


def _with_venues(
    problem: GroupingProblem,
    groups: tuple[IntArray, IntArray, IntArray, IntArray],
    arcs: tuple[IntArray, IntArray, IntArray],
) -> Candidates:
    venues, venue_of = np.unique(groups[2], return_inverse=True)
    seats = problem.capacity[venues]
    most = seats // max(problem.rules.min_size, 1)
    if problem.rules.max_groups_per_host:
        most = np.minimum(most, problem.rules.max_groups_per_host)
    return Candidates(*groups, *arcs, np.asarray(venue_of, dtype=np.int64).reshape(-1), seats, most)


def venue_binds(part: Candidates) -> BoolArray:
    """Tell at which venues the groups get in each other's way; shape (n_venues,)."""
    wanted = np.bincount(part.venue_of, weights=part.group_seats, minlength=len(part.venue_seats))
    groups = np.bincount(part.venue_of, minlength=len(part.venue_seats))
    return np.asarray((groups > 1) & ((wanted > part.venue_seats) | (groups > part.venue_groups)), dtype=np.bool_)


def split(whole: Candidates) -> list[IntArray]:
    """Cut the groups into sets that have no member in common, whatever venues they share."""
    m, g = len(whole.member), len(whole.group_team)
    if not g:
        return []
    links = coo_array((np.ones(len(whole.arc_member)), (whole.arc_member, m + whole.arc_group)), shape=(m + g, m + g))
    label = connected_components(links, directed=False)[1][m:]
    order = np.argsort(label, kind="stable")
    return np.split(order.astype(np.int64), np.flatnonzero(np.diff(label[order])) + 1)


def restrict(whole: Candidates, groups: IntArray, room: Room | None = None) -> Candidates:
    """Keep some groups, with the members who may sit in them and the room that others leave."""
    chosen = np.zeros(len(whole.group_team), dtype=np.bool_)
    chosen[groups] = True
    seats = whole.venue_seats - room.seats if room else whole.venue_seats
    most = whole.venue_groups - room.groups if room else whole.venue_groups
    least = int(room.min_size) if room else 1
    chosen &= ((seats >= least) & (most >= 1))[whole.venue_of]
    arcs = chosen[whole.arc_group]
    members, arc_member = np.unique(whole.arc_member[arcs], return_inverse=True)
    venues, venue_of = np.unique(whole.venue_of[chosen], return_inverse=True)
    return Candidates(
        whole.member[members],
        whole.group_team[chosen],
        whole.group_host[chosen],
        np.minimum(whole.group_seats[chosen], seats[whole.venue_of[chosen]]),
        np.asarray(arc_member, dtype=np.int64).reshape(-1),
        (np.cumsum(chosen) - 1)[whole.arc_group[arcs]],
        whole.arc_cost[arcs],
        np.asarray(venue_of, dtype=np.int64).reshape(-1),
        seats[venues],
        most[venues],
    )


@dataclass(frozen=True, eq=False)
class Room:
    """What other groups take of each venue of the whole: seats and groups, shape (n_venues,)."""

    seats: IntArray
    groups: IntArray
    min_size: int
