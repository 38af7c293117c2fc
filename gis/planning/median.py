"""A plain problem: hosts to choose, demands and capacities, and no rule about who is in a group.

This is the capacitated median problem. Its relaxation needs branching on the seats as well, so plans come from moves
(`median_moves`) in small regions and from covering (`covering`), and the bound from prices (`median_prices`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import may_sit, seat_cost
from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.problem import GroupingProblem

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_NEAR_HOSTS = 25  # of each member, where a region looks for hosts


@dataclass(frozen=True, eq=False)
class Median:
    """n members, h hosts, at most `most` of them open.

    Attributes
    ----------
    cost
        Shape (n, h), whole numbers, `never` where a member may not sit; opening costs count apart.
    demand, capacity
        Shapes (n,) and (h,).
    open_cost
        Of one host.
    never
        More than any plan costs.
    near
        Shape (n, k), the nearest hosts of each member.
    """

    cost: FloatArray
    demand: IntArray
    capacity: IntArray
    most: int
    open_cost: int
    never: float
    near: IntArray

    @property
    def n_members(self) -> int:
        """Count the members."""
        return len(self.demand)

    @property
    def n_hosts(self) -> int:
        """Count the hosts."""
        return len(self.capacity)

    def value(self, host: IntArray) -> float:
        """Cost of a plan; a member left out costs `never`. Infinite when it breaks a rule."""
        seated = np.flatnonzero(host != UNSEATED)
        load = np.bincount(host[seated], weights=self.demand[seated], minlength=self.n_hosts)
        n_open = len(np.unique(host[seated]))
        each = self.cost[seated, host[seated]]
        if (load > self.capacity).any() or n_open > self.most or (each >= self.never).any():
            return np.inf
        return float(each.sum()) + self.open_cost * n_open + self.never * (len(host) - len(seated))


def is_plain(problem: GroupingProblem) -> bool:
    """Tell whether no rule looks at who is in a group or how many, so that only capacities and numbers count."""
    rules, n = problem.rules, problem.n_members
    one_team = n == 0 or bool((problem.team == problem.team[0]).all())
    no_sizes = rules.min_size <= 1 and rules.hard_max >= n and not rules.open_cost_m
    no_targets = (rules.target_low <= 1 or not rules.small_penalty_m) and (
        rules.target_high >= n or not rules.large_penalty_m
    )
    no_people = not rules.min_full and not rules.needs_leader and not rules.members_per_leader
    return one_team and no_sizes and no_targets and no_people and not _has_wishes(problem)


def _has_wishes(problem: GroupingProblem) -> bool:
    """Tell whether anything is asked of the groups besides how many there may be at most."""
    rules = problem.rules
    numbers = rules.min_groups or rules.fewest_groups or rules.fair
    mixing = not rules.one_branch and (rules.mix_cost_m or rules.max_branches)
    arrays = (problem.together, problem.required, problem.host_cost_m, problem.must_seat)
    return bool(numbers or mixing or any(array is not None for array in arrays))


def needs_median(problem: GroupingProblem) -> bool:
    """Tell whether the problem is to be solved as a median problem: plain, with demands or few groups in one room."""
    asks = problem.demand is not None or problem.rules.max_groups or not problem.rules.needs_leader
    return bool(asks) and is_plain(problem)


def median_of(problem: GroupingProblem) -> Median:
    """Take the numbers of a plain problem."""
    cost = seat_cost(problem)
    allowed = may_sit(problem)
    top = float(cost[allowed].max(initial=0.0))
    never = (top + problem.rules.open_cost_m + 1) * (problem.n_members + 1)
    cost[~allowed] = never
    k = min(_NEAR_HOSTS, problem.n_hosts)
    near = np.argpartition(cost, k - 1, axis=1)[:, :k] if k else np.zeros((problem.n_members, 0), dtype=np.int64)
    most = min(problem.rules.max_groups or problem.n_hosts, problem.n_hosts)
    return Median(
        cost, problem.demands, problem.capacity, most, problem.rules.open_cost_m, never, near.astype(np.int64)
    )
