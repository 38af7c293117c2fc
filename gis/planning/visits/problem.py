"""A round of visits as arrays, and its solution.

A *job* is one stop: a door, or a group session. A *route* is one team on one half-day. All times are whole seconds
after midnight of the day of the route: every route has the same clock, so that a window of the day needs no copies
of the job for each day (engine.md, section B); what may be done on one date only is said by `allowed`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

NOWHERE = -1  # a route without a start begins at its first job; without an end it stops at its last
UNLOCKED = -1


@dataclass(frozen=True, eq=False)
class VisitProblem:
    """n jobs, r routes, p points, w ways of getting around.

    Attributes
    ----------
    travel_s
        Shape (w, p, p), seconds between points, with parking; ways that are not on the network are estimated.
    point
        Shape (n,), the point of each job.
    service_s
        Shape (n,), how long each takes, stairs included.
    window_s
        Shape (n, 2), earliest start and latest *start* of the visit.
    allowed
        Shape (n, r): which route may do which job (date, named visitor, team that may see the member).
    strangeness_s
        Shape (n, r): seconds added to the cost, not to the clock, where the route is not the wished one (the visitor
        of last time).
    required
        Shape (n,): False where the visit may be left out for lack of time.
    priority
        Shape (n,), larger is kept first when not all can be done; positive.
    order_key
        Shape (n,): jobs at one point are done in ascending order where the windows allow it (unit, floor).
    locked_route, locked_after
        Shape (n,): the route a job is tied to, or UNLOCKED; the job it must directly follow in it, or UNLOCKED.
    demand, capacity
        Shape (n,) and (r,): what a job takes of what a route can hold; with demand 1, how many doors a half-day has.
    way, start, end
        Shape (r,): row of `travel_s`; points or NOWHERE.
    open_s
        Shape (r, 2), when each route may begin and must be over (the way back included where it has an end).
    team
        Shape (r,): routes of one team share the number; the load is balanced between teams.
    """

    travel_s: IntArray
    point: IntArray
    service_s: IntArray
    window_s: IntArray
    allowed: BoolArray
    strangeness_s: IntArray
    required: BoolArray
    priority: IntArray
    order_key: FloatArray
    locked_route: IntArray
    locked_after: IntArray
    demand: IntArray
    capacity: IntArray
    way: IntArray
    start: IntArray
    end: IntArray
    open_s: IntArray
    team: IntArray

    @property
    def n_jobs(self) -> int:
        """Number of jobs."""
        return len(self.point)

    @property
    def n_routes(self) -> int:
        """Number of routes."""
        return len(self.way)


@dataclass(frozen=True, eq=False)
class VisitSolution:
    """`routes[k]` are the jobs of route k in order, with the second at which each begins and ends.

    `unserved` are the jobs in no route. `cost_s` is travel plus strangeness in seconds, all routes together; comparing
    two solutions, the one that leaves out less priority is the better one, then the lower cost. `start_cost_s` and
    `n_start_unserved` are those of the first plan that the search began with: the answer is never worse.
    """

    routes: tuple[tuple[int, ...], ...]
    arrive_s: IntArray
    leave_s: IntArray
    unserved: tuple[int, ...]
    cost_s: int
    start_cost_s: int
    n_start_unserved: int
    is_exact: bool = False
    stats: dict[str, float] = field(default_factory=dict)
