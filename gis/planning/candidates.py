"""Which member could sit where, which groups could open, and which of them have to do with each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.planning.problem import ALONE, ANY_BRANCH, NO_LOCK, UNSEATED, WALK_SLACK_M, GroupingProblem, GroupingRules

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Groups that could open and the seats in them, or one independent part of these.

    A group is a (team, host) pair. Arcs are sorted by group, then member; `arc_member` counts within `member`,
    `arc_group` within `group_team`. `group_cost` is what opening costs. `venue_of` numbers the hosts within the part;
    `venue_seats` is what all groups there may hold together, `venue_groups` how many may open, `venue_required` whether
    a group must meet there. `least_groups` and `most_groups` limit the groups in all. A part of a whole has only those
    of these requirements that are its own to meet.
    """

    member: IntArray
    group_team: IntArray
    group_host: IntArray
    group_seats: IntArray
    group_cost: IntArray
    arc_member: IntArray
    arc_group: IntArray
    arc_cost: IntArray
    venue_of: IntArray
    venue_seats: IntArray
    venue_groups: IntArray
    venue_required: BoolArray
    least_groups: int
    most_groups: int


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
    allowed, rules, team = _with_companions(problem, may_sit(problem)), problem.rules, problem.team
    member, host = np.nonzero(allowed)
    key = team[member] * max(problem.n_hosts, 1) + host
    keys, group = np.unique(key, return_inverse=True)
    group = np.asarray(group, dtype=np.int64).reshape(-1)
    n_groups = len(keys)
    size = np.bincount(group, minlength=n_groups)
    full = np.bincount(group, weights=problem.is_full[member], minlength=n_groups)
    lead = np.bincount(group, weights=problem.can_lead[member], minlength=n_groups)
    alive = (size >= rules.min_size) & (full >= rules.min_full) & ((lead >= 1) | (not needs_lead(rules)))
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


def needs_lead(rules: GroupingRules) -> bool:
    """Tell whether a group needs somebody who can lead, were it only because members are counted by leaders."""
    return rules.needs_leader or rules.members_per_leader > 0


def _with_companions(problem: GroupingProblem, allowed: BoolArray) -> BoolArray:
    """Leave to companions the hosts that all of them may use, and none where they may share no group."""
    if problem.together is None:
        return allowed
    together, team = problem.together, problem.team
    for k in np.unique(together[together != ALONE]):
        rows = np.flatnonzero(together == k)
        of_one_team = (team[rows] == team[rows[0]]).all()
        allowed[rows] = allowed[rows].all(axis=0) & of_one_team
    return allowed


def _with_venues(
    problem: GroupingProblem,
    groups: tuple[IntArray, IntArray, IntArray, IntArray],
    arcs: tuple[IntArray, IntArray, IntArray],
) -> Candidates:
    rules, host = problem.rules, groups[2]
    venues, venue_of = np.unique(host, return_inverse=True)
    seats = problem.capacity[venues]
    most = seats // max(rules.min_size, 1)
    if rules.max_groups_per_host:
        most = np.minimum(most, rules.max_groups_per_host)
    cost = np.full(len(host), rules.open_cost_m, dtype=np.int64)
    if problem.host_cost_m is not None:
        cost += problem.host_cost_m[host]
    required = np.zeros(len(venues), dtype=np.bool_) if problem.required is None else problem.required[venues]
    return Candidates(
        *groups,
        cost,
        *arcs,
        np.asarray(venue_of, dtype=np.int64).reshape(-1),
        seats,
        most,
        required,
        min(rules.min_groups, len(host)),
        min(rules.max_groups or len(host), len(host)),
    )


def venue_binds(part: Candidates, seats_each: int = 1) -> BoolArray:
    """Tell at which venues the groups get in each other's way, a member taking so many seats; shape (n_venues,)."""
    wanted = seats_each * np.bincount(part.venue_of, weights=part.group_seats, minlength=len(part.venue_seats))
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
    required = whole.venue_required & (room.groups == 0) if room else whole.venue_required & _only(whole, chosen)
    opened = int(room.groups.sum()) if room else 0
    least = whole.least_groups - opened if room or chosen.all() else 0
    chosen &= ((seats >= (room.min_size if room else 1)) & (most >= 1))[whole.venue_of]
    if opened >= whole.most_groups:
        chosen[:] = False
    arcs = chosen[whole.arc_group]
    members, arc_member = np.unique(whole.arc_member[arcs], return_inverse=True)
    venues, venue_of = np.unique(whole.venue_of[chosen], return_inverse=True)
    n_groups = int(chosen.sum())
    return Candidates(
        whole.member[members],
        whole.group_team[chosen],
        whole.group_host[chosen],
        np.minimum(whole.group_seats[chosen], seats[whole.venue_of[chosen]]),
        whole.group_cost[chosen],
        np.asarray(arc_member, dtype=np.int64).reshape(-1),
        (np.cumsum(chosen) - 1)[whole.arc_group[arcs]],
        whole.arc_cost[arcs],
        np.asarray(venue_of, dtype=np.int64).reshape(-1),
        seats[venues],
        most[venues],
        required[venues],
        min(max(least, 0), n_groups),
        min(whole.most_groups - opened, n_groups),
    )


def numbers_in(whole: Candidates, some: Candidates) -> IntArray:
    """Return the numbers that some of the groups of a whole have there."""
    hosts = int(whole.group_host.max(initial=0)) + 1
    keys = whole.group_team * hosts + whole.group_host
    return np.searchsorted(keys, some.group_team * hosts + some.group_host).astype(np.int64)


def keep_seats(whole: Candidates, is_left: BoolArray) -> Candidates:
    """Keep some of the seats, and all groups and members, were it without any seat."""
    return replace(
        whole,
        arc_member=whole.arc_member[is_left],
        arc_group=whole.arc_group[is_left],
        arc_cost=whole.arc_cost[is_left],
    )


def _only(whole: Candidates, chosen: BoolArray) -> BoolArray:
    """Tell at which venues only the chosen groups could meet; shape (n_venues,)."""
    others = np.bincount(whole.venue_of[~chosen], minlength=len(whole.venue_seats))
    return np.asarray(others == 0, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Room:
    """What other groups take of each venue of the whole: seats and groups, shape (n_venues,)."""

    seats: IntArray
    groups: IntArray
    min_size: int
