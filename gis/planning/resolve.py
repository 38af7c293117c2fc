"""What a change would cost: the problem solved again where the change can be felt, and nowhere else.

Teams that have neither a member nor a crowded venue in common do not feel each other, so the rest of the plan keeps its
score. A seat is first fixed with the venues to its own part alone: a bound. Where that plan fits beside the others'
it is the answer; only otherwise are all that share crowded venues solved again together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.planning.candidates import Candidates, find_candidates, venue_binds
from gis.planning.grouping import solve_grouping
from gis.planning.problem import ALONE, UNSEATED, GroupingProblem, GroupingSolution, Score, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

NOWHERE = -1


@dataclass(frozen=True, order=True, slots=True)
class Loss:
    """What the best plan with a change is worse than the best without, first things first; less than 0 where better.

    Decisions no longer kept, members no longer seated, further groups (where few are asked for), longest walk (where
    fairness is asked for) and weighted metres with penalties; the last counts for what it is only where the first four
    are 0.
    """

    decisions: int = 0
    unseated: int = 0
    groups: int = 0
    longest_m: int = 0
    cost_m: int = 0


def loss_between(before: Score, after: Score) -> Loss:
    """Subtract two scores."""
    return Loss(
        after.decisions_broken - before.decisions_broken,
        after.unseated - before.unseated,
        after.n_groups - before.n_groups,
        after.longest_m - before.longest_m,
        after.cost_m - before.cost_m,
    )


class Resolver:
    """Solves a problem again with something changed.

    Every answer is proven or not given. `seconds_left` is asked before each solve.
    """

    def __init__(self, problem: GroupingProblem, seed: int, seconds_left: Callable[[], float]) -> None:
        self.problem = problem
        self.seed = seed
        self.seconds_left = seconds_left
        self.candidates = find_candidates(problem)
        self.part, self.field = parts_and_fields(problem, self.candidates)
        self._alone: dict[int, GroupingSolution | None] = {}
        self._together: dict[int, GroupingSolution | None] = {}

    def solve(self, problem: GroupingProblem) -> GroupingSolution | None:
        """Solve to the end; None when the time does not reach."""
        seconds = self.seconds_left()
        if seconds <= 0:
            return None
        found = solve_grouping(problem, seconds=seconds, seed=self.seed)
        return found if found.status is Status.OPTIMAL else None

    def base(self, field: int) -> GroupingSolution | None:
        """Return the best plan of all that feel each other; members in the order of `rows_of_field`."""
        if field not in self._together:
            self._together[field] = self.solve(self.problem.of_members(self.rows_of_field(field)))
        return self._together[field]

    def rows_of_field(self, field: int) -> IntArray:
        """Members of the teams that feel each other."""
        return np.flatnonzero(self.field == field).astype(np.int64)

    def may_meet(self, member: int, host: int) -> bool:
        """Tell whether the member may sit there and enough others of the team may, too."""
        return host in self.hosts_of(member)

    def hosts_of(self, member: int) -> list[int]:
        """Hosts where the member may sit and the team has the members for a group."""
        c = self.candidates
        row = int(np.searchsorted(c.member, member))
        if row >= len(c.member) or c.member[row] != member:
            return []
        return [int(j) for j in c.group_host[c.arc_group[c.arc_member == row]]]

    def loss_of_seat(self, member: int, host: int) -> Loss | None:
        """Compute what fixing one seat costs, everybody else free; None when the time does not reach.

        `decisions` > 0: no legal plan has the member there that keeps all the other decisions.
        """
        bound = self._bound_of_seat(member, host)
        if bound is not None:
            return bound
        field = int(self.field[member])
        rows = self.rows_of_field(field)
        before = self.base(field)
        after = None if before is None else self.solve(_fixed(self.problem, member, host).of_members(rows))
        return None if before is None or after is None else loss_between(before.score, after.score)

    def _bound_of_seat(self, member: int, host: int) -> Loss | None:
        """Fix the seat within its own part; None where that says nothing about the whole."""
        part, field = int(self.part[member]), int(self.field[member])
        rows = np.flatnonzero(self.part == part)
        if len(rows) == len(self.rows_of_field(field)):
            return None
        before, all_before = self._part_alone(part), self.base(field)
        if before is None or all_before is None or not self._is_sum(field):
            return None
        after = self.solve(_fixed(self.problem, member, host).of_members(rows))
        if after is None or not self._fits(field, rows, after.host):
            return None
        return loss_between(before.score, after.score)

    def _part_alone(self, part: int) -> GroupingSolution | None:
        if part not in self._alone:
            self._alone[part] = self.solve(self.problem.of_members(np.flatnonzero(self.part == part)))
        return self._alone[part]

    def _is_sum(self, field: int) -> bool:
        """Tell whether crowded venues cost nothing: every part does as well as it would alone."""
        whole = self.base(field)
        parts = np.unique(self.part[self.rows_of_field(field)])
        alone = [self._part_alone(int(part)) for part in parts]
        if whole is None or any(one is None for one in alone):
            return False
        least = _sum([one.score for one in alone if one is not None])
        return least == whole.score

    def _fits(self, field: int, rows: IntArray, seats: IntArray) -> bool:
        """Tell whether a part's new plan goes with the plan of the others."""
        everybody, base = self.rows_of_field(field), self.base(field)
        if base is None:
            return False
        host = base.host.copy()
        host[np.searchsorted(everybody, rows)] = seats
        return fits_venues(self.problem.of_members(everybody), host)


def fits_venues(problem: GroupingProblem, host: IntArray) -> bool:
    """Tell whether no venue is crowded, with seats or with groups."""
    seated = host != UNSEATED
    h = max(problem.n_hosts, 1)
    used = np.bincount(host[seated], weights=problem.demands[seated], minlength=h)[: problem.n_hosts]
    groups = np.bincount(np.unique(problem.team[seated] * h + host[seated]) % h, minlength=h)
    most = problem.rules.max_groups_per_host
    return bool((used <= problem.capacity).all() and (not most or (groups <= most).all()))


def _sum(scores: list[Score]) -> Score:
    return Score(
        sum(one.decisions_broken for one in scores),
        sum(one.unseated for one in scores),
        sum(one.n_groups for one in scores),
        max((one.longest_m for one in scores), default=0),
        sum(one.cost_m for one in scores),
    )


def _fixed(problem: GroupingProblem, member: int, host: int) -> GroupingProblem:
    locks = problem.locked_host.copy()
    locks[member] = host
    return replace(problem, locked_host=locks)


def is_coupled(problem: GroupingProblem) -> bool:
    """Tell whether some rule counts over all teams, so that everything feels everything."""
    rules = problem.rules
    counted = rules.max_groups or rules.min_groups or rules.fair
    return bool(counted or (problem.required is not None and problem.required.any()))


def parts_and_fields(problem: GroupingProblem, c: Candidates) -> tuple[IntArray, IntArray]:
    """Label each member with those who feel each other whatever the venues, and those who do through venues."""
    n, g = problem.n_members, len(c.group_team)
    near = [(c.member[c.arc_member], n + c.arc_group), *_companions(problem)]
    part = _label(n + g, near, n)
    if is_coupled(problem):
        return part, np.zeros(n, dtype=np.int64)
    crowded = np.flatnonzero(venue_binds(c)[c.venue_of]) if g else np.zeros(0, dtype=np.int64)
    return part, _label(n + g + len(c.venue_seats), [*near, (n + crowded, n + g + c.venue_of[crowded])], n)


def _companions(problem: GroupingProblem) -> list[tuple[IntArray, IntArray]]:
    if problem.together is None:
        return []
    order = np.argsort(problem.together, kind="stable")
    order = order[problem.together[order] != ALONE]
    same = problem.together[order][1:] == problem.together[order][:-1]
    return [(order[:-1][same], order[1:][same])]


def _label(size: int, links: list[tuple[IntArray, IntArray]], n: int) -> IntArray:
    one, two = (np.concatenate([pair[k] for pair in links]) for k in (0, 1))
    graph = coo_array((np.ones(len(one)), (one, two)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1][:n], dtype=np.int64)
