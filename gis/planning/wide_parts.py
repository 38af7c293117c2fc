"""Cut a wide problem into parts that have nothing to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.planning.problem import ALONE, UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.wide import WideProblem

    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


class Parts:
    """The parts of a wide problem.

    Two members belong to one part when they may share a group, sit at hosts whose room their groups may have to share,
    or are companions; also when a rule counts the groups of all.

    Attributes
    ----------
    arcs
        Numbers of the pairs that a plan may use, sorted by part.
    start
        Part k has the pairs `arcs[start[k]:start[k + 1]]`.
    hopeless
        Shape (n,), members whom no plan can seat: they are in no part.
    """

    def __init__(self, problem: WideProblem) -> None:
        self.problem = problem
        arcs, group = _useful(problem)
        self.hopeless: BoolArray = np.ones(problem.n_members, dtype=np.bool_)
        self.hopeless[problem.arc_member[arcs]] = False
        label = _label(problem, arcs, group)
        order = np.argsort(label, kind="stable")
        self.arcs: IntArray = arcs[order]
        cuts = np.flatnonzero(np.diff(label[order])) + 1
        self.start: IntArray = np.concatenate([[0], cuts, [len(arcs)]] if len(arcs) else [[0]]).astype(np.int64)

    def __len__(self) -> int:
        """Count the parts."""
        return len(self.start) - 1

    @property
    def n_arcs(self) -> IntArray:
        """Count the pairs of each part."""
        return np.diff(self.start)

    def part(self, k: int) -> tuple[IntArray, IntArray, WideProblem]:
        """Return the members, the hosts and the problem of one part.

        Hosts where a member's group in force meets are among the hosts, whether or not the member may still sit there.
        """
        problem = self.problem
        arcs = self.arcs[self.start[k] : self.start[k + 1]]
        members = np.unique(problem.arc_member[arcs])
        own = np.unique(problem.arc_host[arcs])
        hosts = own
        if problem.current_host is not None:
            current = problem.current_host[members]
            hosts = np.union1d(own, current[current != UNSEATED])
        mine = problem.of(members, hosts, np.sort(arcs))
        if mine.required is not None:
            mine.required[~np.isin(hosts, own)] = False  # `of` has copied it
        return members, hosts, mine


def _useful(problem: WideProblem) -> tuple[IntArray, IntArray]:
    """Find the pairs in groups that could open, and the group of each: a (team, host) pair by number."""
    arcs = _with_companions(problem, np.flatnonzero(problem.may_sit()))
    rules = problem.rules
    member, host = problem.arc_member[arcs], problem.arc_host[arcs]
    key = problem.team[member] * max(problem.n_hosts, 1) + host
    keys, group = np.unique(key, return_inverse=True)
    group = np.asarray(group, dtype=np.int64).reshape(-1)
    size = np.bincount(group, minlength=len(keys))
    full = np.bincount(group, weights=problem.is_full[member], minlength=len(keys))
    lead = np.bincount(group, weights=problem.can_lead[member], minlength=len(keys))
    needs_lead = rules.needs_leader or rules.members_per_leader > 0
    alive = (size >= rules.min_size) & (full >= rules.min_full) & ((lead >= 1) | (not needs_lead))
    keep = alive[group]
    return arcs[keep], group[keep]


def _with_companions(problem: WideProblem, arcs: IntArray) -> IntArray:
    """Leave to companions the hosts that all of them may use, and none where they may share no group."""
    if problem.together is None:
        return arcs
    together, team = problem.together, problem.team
    with_others = np.flatnonzero(together != ALONE)
    count = np.bincount(together[with_others])
    low, high = np.full(len(count), np.iinfo(np.int64).max), np.full(len(count), -1)
    np.minimum.at(low, together[with_others], team[with_others])
    np.maximum.at(high, together[with_others], team[with_others])
    of = together[problem.arc_member[arcs]]
    alone = of == ALONE
    key = np.where(alone, 0, of) * max(problem.n_hosts, 1) + problem.arc_host[arcs]
    keys, of_key = np.unique(key[~alone], return_inverse=True)
    complete = np.bincount(of_key, minlength=len(keys)) == count[keys // max(problem.n_hosts, 1)]
    keep: BoolArray = alone.copy()
    keep[~alone] = complete[of_key] & (low == high)[of[~alone]]
    return np.asarray(arcs[keep], dtype=np.int64)


def _label(problem: WideProblem, arcs: IntArray, group: IntArray) -> IntArray:
    """Give each pair the number of its part."""
    if problem.rules.min_groups or problem.rules.max_groups:
        return np.zeros(len(arcs), dtype=np.int64)
    n, h = problem.n_members, problem.n_hosts
    member, host = problem.arc_member[arcs], problem.arc_host[arcs]
    _, group = np.unique(group, return_inverse=True)
    group = np.asarray(group, dtype=np.int64).reshape(-1)
    g = int(group.max(initial=-1)) + 1
    group_host = np.zeros(g, dtype=np.int64)
    group_host[group] = host
    shared = np.flatnonzero(_is_tight(problem, group, group_host)[group_host])
    left, right = [member, n + shared], [n + group, n + g + group_host[shared]]
    if problem.together is not None:
        bound = np.flatnonzero(problem.together != ALONE)
        left.append(bound)
        right.append(n + g + h + problem.together[bound])
        most = int(problem.together.max(initial=0)) + 1
    size = n + g + h + (most if problem.together is not None else 0)
    links = coo_array((np.ones(sum(map(len, left))), (np.concatenate(left), np.concatenate(right))), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1][member], dtype=np.int64)


def _is_tight(problem: WideProblem, group: IntArray, group_host: IntArray) -> BoolArray:
    """Tell at which hosts the groups of several teams have to do with each other; shape (h,)."""
    rules, h = problem.rules, problem.n_hosts
    seats = np.minimum(np.bincount(group, minlength=len(group_host)), rules.hard_max)
    if problem.demand is not None:
        seats = np.full(len(group_host), problem.capacity.max(initial=0) + 1)
    wanted = np.bincount(group_host, weights=np.minimum(seats, problem.capacity[group_host]), minlength=h)
    groups = np.bincount(group_host, minlength=h)
    most = problem.capacity // max(rules.min_size, 1)
    if rules.max_groups_per_host:
        most = np.minimum(most, rules.max_groups_per_host)
    tight = (wanted > problem.capacity) | (groups > most)
    if problem.required is not None:
        tight |= problem.required
    return np.asarray(tight & (groups > 1), dtype=np.bool_)
