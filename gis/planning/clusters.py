"""Teams solved apart, merged where their plans crowd a venue.

The clusters partition the teams. Each is solved as if it had its venues to itself, so the sum of their bounds bounds
every plan, and when their plans together crowd no venue they are the optimum. A merged cluster knows the shared
venues and keeps the sum of its parts' bounds. In between, `best` is always a legal plan of everything.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.planning.candidates import Room, find_candidates, numbers_in, restrict, split, venue_binds
from gis.planning.closing import ClosingSolver
from gis.planning.cluster import Cluster
from gis.planning.greedy import first_plan
from gis.planning.part import make_part
from gis.planning.part_solver import BranchingSolver, PartSolver
from gis.planning.problem import UNSEATED, GroupingProblem, Score, sum_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

_REPAIR_ROUNDS = 2
_CLOSED = 300  # seats; below, branching alone settles crowded venues sooner than cutting planes would
_CLOSABLE = 40_000  # seats; above, one linear program of the whole model takes longer than anybody waits
_FAR = 30  # members left out beyond the bound; closing finds no way from such a plan in any time
_RIVALS = 4
_FIRST_NODES = 4  # every cluster gets so many nodes, then twice as many, and so on: none starves another
_REPAIR_NODES = 15  # per cluster and repair; its result is only a plan, never a bound


class Plans:
    """The clusters of a problem, the best legal plan so far and the bound.

    Attributes
    ----------
    whole
        The problem as one part.
    plan, best
        The best legal plan (group of each member of the part) and its score.
    with_walks
        Walks count; otherwise only what comes before them is searched for.
    """

    def __init__(
        self, problem: GroupingProblem, seed: int, *, start: IntArray | None = None, with_walks: bool = True
    ) -> None:
        self._problem, self._seed, self.with_walks = problem, seed, with_walks
        self.whole = make_part(problem, find_candidates(problem))
        self._seats_each = int(self.whole.demand.max(initial=1))
        self._clusters = [self._cluster(groups, BranchingSolver) for groups in split(self.whole.candidates)]
        self._sort()
        self._teams = list(self._clusters)  # as they were before any merging
        self._retired_nodes = 0
        self._glimpse: IntArray | None = None  # a better plan seen in the middle of a run
        wish = self._wish()
        self.plan = wish if len(self._clusters) == 1 and self.whole.is_legal(wish) else first_plan(self.whole)
        self.best = self.whole.score(self.plan)
        self.assemble()
        if start is not None:
            self._begin_with(start)

    def know(self, bound: Score) -> None:
        """Take a bound of the problem from an earlier search; it helps where all teams are one cluster."""
        if len(self._clusters) == 1:
            known, lost = astuple(bound), astuple(self._lost)
            least = Score(known[0] - lost[0], known[1] - lost[1], *known[2:])
            self._clusters[0].least = self._clusters[0].solver.known = least

    def _begin_with(self, host: IntArray) -> None:
        """Take a plan of the problem where it is legal and better, as a whole and in each cluster."""
        candidates, n_hosts = self.whole.candidates, max(self._problem.n_hosts, 1)
        at, team = host[candidates.member], self._problem.team[candidates.member]
        keys = candidates.group_team * n_hosts + candidates.group_host
        wanted = team * n_hosts + at
        group = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        if len(keys):
            plan = np.where((at != UNSEATED) & (keys[group] == wanted), group, UNSEATED)
            if self.whole.is_legal(plan) and self._take(plan):
                for cluster in self._clusters:
                    cluster.offer(plan)

    def _cluster(self, groups: IntArray, solver: type[PartSolver]) -> Cluster:
        part = make_part(self._problem, restrict(self.whole.candidates, groups))
        cluster = Cluster(self.whole, groups, solver(part, self._seed))
        if not self.with_walks:
            cluster.solver.goals = part.goals[:-1]
        return cluster

    def _sort(self) -> None:
        self._clusters.sort(key=lambda c: (len(c.solver.part.candidates.arc_cost), int(c.groups[0])))

    @property
    def nodes(self) -> int:
        """How many linear programs were branched on."""
        return self._retired_nodes + sum(cluster.solver.nodes for cluster in self._clusters)

    @property
    def bound(self) -> Score:
        """No plan has a lower score."""
        return min(self.best, sum_scores(cluster.bound() for cluster in self._clusters))

    @property
    def is_optimal(self) -> bool:
        """The best plan meets the bound, as far as walks count."""
        return self.cut(self.best) <= self.cut(self.bound)

    def cut(self, score: Score) -> Score:
        """Take the walks out of a score where they do not count."""
        return score if self.with_walks else replace(score, cost_m=0)

    def search(self, seconds_left: Callable[[], float], is_enough: Callable[[], bool] = lambda: False) -> None:
        """Search until the plan is proven the best, the time is up, or what there is is enough."""
        budget = _FIRST_NODES
        while seconds_left() > 0 and not self.is_optimal and not is_enough():
            if self.run(budget, seconds_left):
                budget = _FIRST_NODES
                self.repair(seconds_left)
                if not self.merge():
                    break
            else:
                budget *= 2
        self.assemble()
        if seconds_left() <= 0 and self._glimpse is not None:
            self._take(self._glimpse)

    def found(self) -> tuple[Score, Score]:
        """Score the best plan of all members, those who can sit nowhere too, and bound it."""
        return sum_scores([self._lost, self.best]), sum_scores([self._lost, self.bound])

    def standing(self) -> tuple[Score, Score]:
        """Tell what is found at any moment, in the middle of a run too."""
        wish = self._wish()
        if self.whole.is_legal(wish) and self.whole.score(wish) < self.best:
            self._glimpse = wish
        best, bound = self.found()
        if self._glimpse is not None:
            best = min(best, sum_scores([self._lost, self.whole.score(self._glimpse)]))
        return best, bound

    @cached_property
    def _lost(self) -> Score:
        """What no plan can keep: members who may sit nowhere, hosts and numbers that no groups make."""
        problem, candidates = self._problem, self.whole.candidates
        hopeless = np.ones(problem.n_members, dtype=np.bool_)
        hopeless[candidates.member] = False
        broken = int((hopeless & problem.comes_first).sum()) + problem.rules.min_groups - candidates.least_groups
        if problem.required is not None:
            broken += len(np.setdiff1d(np.flatnonzero(problem.required), candidates.group_host))
        return Score(broken, int(hopeless.sum()))

    def host(self) -> IntArray:
        """Return the best plan as the host of each member of the problem."""
        host = np.full(self._problem.n_members, UNSEATED, dtype=np.int64)
        seated = np.flatnonzero(self.plan != UNSEATED)
        candidates = self.whole.candidates
        host[candidates.member[seated]] = candidates.group_host[self.plan[seated]]
        return host

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> bool:
        """Search on in every cluster that is not solved; tell whether all are.

        Clusters to be closed get their share of the time, by size, as their work cannot be rationed.
        """
        closing = [c for c in self._clusters if isinstance(c.solver, ClosingSolver) and not c.solver.is_done]
        arcs = sum(len(cluster.solver.part.candidates.arc_cost) for cluster in closing)
        for cluster in self._clusters:
            mine = len(cluster.solver.part.candidates.arc_cost) if cluster in closing else 0
            kept = seconds_left() * (1 - mine / arcs) if mine else 0.0
            arcs -= mine
            cluster.solver.run(nodes, partial(_less, seconds_left, kept))
        self.assemble()
        return all(cluster.solver.is_done for cluster in self._clusters)

    def assemble(self) -> IntArray:
        """Put the clusters' plans together; what does not fit a venue is seated anew, greedily."""
        wish = self._wish()
        self._take(wish if self.whole.is_legal(wish) else first_plan(self.whole, wish))
        return wish

    def _wish(self) -> IntArray:
        """Put the clusters' plans together, whether they fit or not."""
        wish = np.full(self.whole.n_members, UNSEATED, dtype=np.int64)
        for cluster in self._clusters:
            cluster.write(wish)
        return wish

    def _take(self, plan: IntArray) -> bool:
        score = self.whole.score(plan)
        if score < self.best:
            self.plan, self.best = plan, score
            return True
        return False

    def repair(self, seconds_left: Callable[[], float]) -> None:
        """Improve the best plan: solve each cluster, then pairs of teams, in the room that the rest of it leaves."""
        for cluster in self._clusters:
            if seconds_left() <= 0 or self.is_optimal:
                return
            if self.cut(cluster.score_in(self.plan)) > self.cut(cluster.bound()):
                self._reseat(cluster.groups, cluster.member, seconds_left)
        if self.best.unseated - self.bound.unseated > _FAR or len(self.whole.candidates.arc_cost) > _CLOSABLE:
            self._exchange(seconds_left)

    def _exchange(self, seconds_left: Callable[[], float]) -> None:
        """Solve teams that do worse than alone together with teams that sit where they would."""
        tried: set[tuple[int, int]] = set()
        loss = [team.loss_in(self.plan) for team in self._teams]
        for k in sorted(range(len(loss)), key=lambda k: loss[k], reverse=True):
            team = self._teams[k]
            for other in self._rivals(team):
                pair = (min(k, int(other)), max(k, int(other)))
                if pair in tried or seconds_left() <= 0 or self.is_optimal:
                    continue
                tried.add(pair)
                rival = self._teams[other]
                self._reseat(
                    np.concatenate([team.groups, rival.groups]),
                    np.concatenate([team.member, rival.member]),
                    seconds_left,
                )

    def _rivals(self, team: Cluster) -> IntArray:
        """Teams with the most seats at full venues where members of a team would sit, had they the choice."""
        candidates, lost = self.whole.candidates, team.loss_in(self.plan)
        if lost <= (0, 0, 0, 0):
            return np.zeros(0, dtype=np.int64)
        wish = np.full(self.whole.n_members, UNSEATED, dtype=np.int64)
        team.write(wish)
        wanted = np.unique(wish[(wish != UNSEATED) & (wish != self.plan)])
        if lost[1]:
            out = np.isin(candidates.arc_member, team.member[self.plan[team.member] == UNSEATED])
            wanted = np.unique(candidates.arc_group[out])
        seats, _ = self.whole.load(self.plan)
        full = candidates.venue_seats - seats < self._problem.rules.min_size
        crowded = full & np.isin(np.arange(len(full)), candidates.venue_of[wanted])
        held = np.where(crowded[candidates.venue_of], self._sizes(self.plan), 0)
        rank = np.array([0 if other is team else int(held[other.groups].sum()) for other in self._teams])
        order = np.argsort(-rank, kind="stable")[:_RIVALS]
        return order[rank[order] > 0].astype(np.int64)

    def _reseat(self, groups: IntArray, member: IntArray, seconds_left: Callable[[], float]) -> bool:
        """Give some members the best plan that the others leave room for; tell whether the whole got better."""
        whole, others = self.whole, self.plan.copy()
        others[member] = UNSEATED
        room = Room(*self.whole.load(others), self._problem.rules.min_size)
        part = make_part(self._problem, restrict(whole.candidates, groups, room))
        if not part.n_groups:
            return False
        solver: PartSolver = BranchingSolver(part, self._seed)
        if not part.is_plain:
            solver = ClosingSolver(part, self._seed, solver.plan, _REPAIR_NODES)
        for _ in range(_REPAIR_ROUNDS):  # the first may end with the seats, the second goes on with the walks
            solver.run(_REPAIR_NODES, seconds_left)
        self._retired_nodes += solver.nodes
        seated = np.flatnonzero(solver.plan != UNSEATED)
        members = np.searchsorted(whole.candidates.member, part.candidates.member)
        others[members[seated]] = numbers_in(whole.candidates, part.candidates)[solver.plan[seated]]
        return whole.is_legal(others) and self._take(others)

    def _sizes(self, plan: IntArray) -> IntArray:
        return self.whole.sizes(plan)

    def _taken(self, plan: IntArray) -> IntArray:
        """Count the seats that each group of a plan takes."""
        seated = np.flatnonzero(plan != UNSEATED)
        taken = np.bincount(plan[seated], weights=self.whole.demand[seated], minlength=self.whole.n_groups)
        return taken.astype(np.int64)

    def merge(self) -> bool:
        """Join clusters whose plans crowd a venue, leave a required one empty or are not as many groups as asked for.

        Clusters that share venues and are many together are joined at once and closed. Of others the most crowded are
        joined first, each cluster once. Tells whether any were joined.
        """
        wish = self.assemble()
        if self._close() or self._join_all(wish) or self._join_required(wish):
            return True
        candidates = self.whole.candidates
        seats, groups = self.whole.load(wish)
        excess = np.maximum(seats - candidates.venue_seats, 3 * (groups - candidates.venue_groups))
        owner, size = self._owner(), self._taken(wish)
        done: set[int] = set()
        for venue in np.argsort(-excess, kind="stable")[: int((excess > 0).sum())]:
            here = np.flatnonzero((candidates.venue_of == venue) & (size > 0))
            users = _crowd(
                owner[here], size[here], int(candidates.venue_seats[venue]), int(candidates.venue_groups[venue])
            )
            if len(users) > 1 and not done & users:
                done |= users
                self._join(sorted(users), BranchingSolver)
        self._drop(done)
        return bool(done)

    def _owner(self) -> IntArray:
        """Cluster of each group of the whole."""
        owner = np.full(self.whole.n_groups, -1, dtype=np.int64)
        for k, cluster in enumerate(self._clusters):
            owner[cluster.groups] = k
        return owner

    def _join_all(self, wish: IntArray) -> bool:
        """Join all clusters where their groups together are fewer or more than asked for; tell whether it was done."""
        candidates, opened = self.whole.candidates, int((self._sizes(wish) > 0).sum())
        if len(self._clusters) < 2 or candidates.least_groups <= opened <= candidates.most_groups:  # noqa: PLR2004 - two
            return False
        self._join_and_drop(set(range(len(self._clusters))))
        return True

    def _join_required(self, wish: IntArray) -> bool:
        """Join the clusters that could fill a required venue which none of them does; tell whether any were."""
        candidates, owner = self.whole.candidates, self._owner()
        met = np.bincount(candidates.venue_of, weights=self._sizes(wish) > 0, minlength=len(candidates.venue_seats))
        for venue in np.flatnonzero(candidates.venue_required & (met == 0)):
            users = set(owner[candidates.venue_of == venue].tolist())
            if len(users) > 1:
                self._join_and_drop(users)
                return True
        return False

    def _join_and_drop(self, users: set[int]) -> None:
        arcs = sum(len(self._clusters[k].solver.part.candidates.arc_cost) for k in users)
        self._join(sorted(users), ClosingSolver if arcs >= _CLOSED else BranchingSolver)
        self._drop(users)

    def _close(self) -> bool:
        """Join the clusters that share venues short of room where together they are large; tell whether any are."""
        candidates, n = self.whole.candidates, len(self._clusters)
        groups = np.concatenate([cluster.groups for cluster in self._clusters])
        owner = np.repeat(np.arange(n), [len(cluster.groups) for cluster in self._clusters])
        binds = venue_binds(candidates, self._seats_each)[candidates.venue_of[groups]]
        venue = n + candidates.venue_of[groups][binds]
        size = n + len(candidates.venue_seats)
        links = coo_array((np.ones(len(venue)), (owner[binds], venue)), shape=(size, size))
        label = connected_components(links, directed=False)[1][:n]
        arcs = [len(cluster.solver.part.candidates.arc_cost) for cluster in self._clusters]
        total = np.bincount(label, weights=arcs)
        done: set[int] = set()
        if total.max(initial=0) < _CLOSED:
            return False
        for k in np.flatnonzero((total <= _CLOSABLE) & (np.bincount(label) > 1)):
            users = np.flatnonzero(label == k).tolist()
            done |= set(users)
            self._join(users, ClosingSolver if total[k] >= _CLOSED else BranchingSolver)
        self._drop(done)
        return bool(done)

    def _drop(self, done: set[int]) -> None:
        self._clusters = [cluster for k, cluster in enumerate(self._clusters) if k not in done]
        self._sort()

    def _join(self, users: list[int], solver: type[PartSolver]) -> None:
        parts = [self._clusters[k] for k in users]
        joined = self._cluster(np.concatenate([part.groups for part in parts]), solver)
        joined.least = sum_scores(part.bound() for part in parts)
        joined.offer(self.plan)
        self._retired_nodes += sum(part.solver.nodes for part in parts)
        self._clusters.append(joined)


def _less(seconds_left: Callable[[], float], kept: float) -> float:
    return seconds_left() - kept


def _crowd(owner: IntArray, size: IntArray, seats: int, groups: int) -> set[int]:
    """Find few clusters that are together too many for a venue."""
    owners, of = np.unique(owner, return_inverse=True)
    load, count = np.bincount(of, weights=size), np.bincount(of)
    users: set[int] = set()
    taken = opened = 0
    for k in np.lexsort((owners, -load)):
        users.add(int(owners[k]))
        taken, opened = taken + int(load[k]), opened + int(count[k])
        if taken > seats or opened > groups:
            return users
    return set()
