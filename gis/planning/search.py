"""Branch and bound on the decisions of one part, over one objective: which groups open, and then what else is whole.

Best bound first with plunging: after branching the nearer child is followed at once, so plans turn up early and the
open node with the lowest bound is never starved. Bounds are rounded up because costs are integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.part import Goal
from gis.planning.problem import UNSEATED
from gis.planning.relaxation import TOLERANCE, Outcome, Point, Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.part import Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_ROUND_UP = 1e-3  # a relaxation within this of an integer is taken for it; far above HiGHS's own 1e-7
_WHOLE = 1e-4  # a seat within this of 0 or 1 is whole; the plan is judged from the raw arrays afterwards
_TRIALS = 8  # openings tried at a node before one is branched on
_TRIAL_ITERATIONS = 15
_ROUND_AT = (0.5, 0.25)  # a group opens in a rounded plan when it is open so far
_DIVES = 60  # linear programs at most for a plan whose openings are decided
_SURE = 0.8  # who sits so much in a place sits there
_AT_ONCE = 12  # one in so many of what is not whole is decided at once: with one at a time dives ended before plans did
_RELIABLE = 1  # trials of one opening, in each direction, after which its history is trusted


@dataclass(frozen=True, eq=False)
class _Node:
    bound: int
    low: npt.NDArray[np.int16]
    high: npt.NDArray[np.int16]


class Search:
    """One objective over one part, resumable.

    Attributes
    ----------
    best
        The best plan so far, and `best_value` its value.
    bound
        No plan has a lower value.
    """

    def __init__(
        self,
        relaxation: Relaxation,
        value: Callable[[IntArray], int],
        best: IntArray,
        bound: int,
        admits: Callable[[IntArray], bool],
    ) -> None:
        self.part: Part = relaxation.part
        self.best, self.best_value = best, value(best)
        self.nodes = 0
        self._relaxation, self._value, self._admits = relaxation, value, admits
        self._column = relaxation.decisions
        self._high = relaxation.columns.upper()[self._column].astype(np.int16)  # not yet ruled out by reduced cost
        self._low = np.zeros_like(self._high)
        self._is_binary = self._high <= 1
        self._root: tuple[float, FloatArray] | None = None
        self._open: list[tuple[int, int, _Node]] = [(bound, 0, _Node(bound, self._low, self._high))]
        self._next: _Node | None = None
        self._now: _Node | None = None  # being looked at
        self._unproven = np.iinfo(np.int64).max  # least bound of nodes given up for numerical reasons
        self._gain = np.zeros((2, len(self._column)))
        self._tried = np.zeros((2, len(self._column)), dtype=np.int64)
        self._serial = 0
        self._level = 0.0  # value of the linear program that trials start from

    @property
    def bound(self) -> int:
        """Least value that any plan can have."""
        nodes = [node.bound for node in (self._next, self._now) if node] + ([self._open[0][0]] if self._open else [])
        return int(min([self.best_value, self._unproven, *nodes]))

    @property
    def is_done(self) -> bool:
        """Nothing is left to look at."""
        return self.bound >= self.best_value or not (self._open or self._next)

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Look at up to so many more nodes, or until the time is up; to be called again."""
        goal = self.nodes + nodes
        while not self.is_done and self.nodes < goal and seconds_left() > 0:
            node = self._next or heappop(self._open)[2]
            self._now, self._next = node, None
            if node.bound < self.best_value and not self._look_at(node, seconds_left):
                self._push(node)  # out of time: keep its bound in the account
                self._now = None
                return
            self._now = None

    def _push(self, node: _Node) -> None:
        self._serial += 1
        heappush(self._open, (node.bound, -self._serial, node))

    def _look_at(self, node: _Node, seconds_left: Callable[[], float]) -> bool:
        """Solve, prune, accept or branch; False when the time ran out before the node was settled."""
        self.nodes += 1
        low, high = np.maximum(node.low, self._low), np.minimum(node.high, self._high)
        if (low > high).any():
            return True
        self._relaxation.bound(self._column, low.astype(np.float64), high.astype(np.float64))
        point = self._solve(seconds_left)
        if point is Outcome.STOPPED and seconds_left() <= 0:
            return False
        if point is Outcome.STOPPED:  # HiGHS gave up on this one: go on, but claim no more than what led here
            self._unproven = min(self._unproven, node.bound)
        if not isinstance(point, Point):
            return True
        bound = max(node.bound, int(np.ceil(point.objective - _ROUND_UP)))
        if self._root is None:
            self._root = (point.objective, point.reduced)
            self._fix()
        if bound >= self.best_value:
            return True
        value = point.columns[self._column]
        fractional = np.flatnonzero(is_fractional(value))
        if not len(fractional):
            self._accept(point, bound)
            return True
        if fractional[0] < self.part.n_groups:  # openings come first, and decide most of the rest
            fractional = fractional[fractional < self.part.n_groups]
        decision = self._choose(value, fractional)
        self._branch(_Node(bound, low, high), decision, float(value[decision]))
        return True

    def _solve(self, seconds_left: Callable[[], float]) -> Point | Outcome:
        point = self._relaxation.solve(seconds_left(), self.best_value - 1 + _ROUND_UP)
        if isinstance(point, Point):
            self._level = point.objective
            if self._root is None and is_fractional(point.y).any():
                self._round(point, seconds_left)
        return point

    def _round(self, point: Point, seconds_left: Callable[[], float]) -> None:
        """Offer the plan of the openings that the root nearly has, so that there is a good plan from the start."""
        relaxation, openings = self._relaxation, self._column[: self.part.n_groups]
        basis = relaxation.basis()
        for share in _ROUND_AT:
            relaxation.bound(self._column, self._low.astype(np.float64), self._high.astype(np.float64))
            opening = (point.y >= share).astype(np.float64)
            relaxation.bound(openings, opening, opening)
            rounded = self._dive(relaxation.solve(seconds_left()), seconds_left)
            plan = plan_of(self.part, rounded) if rounded else None
            if plan is not None and self._admits(plan):
                self.offer(plan)
        relaxation.bound(self._column, self._low.astype(np.float64), self._high.astype(np.float64))
        relaxation.set_basis(basis)

    def _dive(self, point: Point | Outcome, seconds_left: Callable[[], float]) -> Point | None:
        """Decide what is not whole, the surest of it first; None when nothing comes of it."""
        for _ in range(_DIVES):
            if not isinstance(point, Point):
                return None
            value = point.columns[self._column]
            loose = is_fractional(value)
            if not loose.any():
                return point
            share = np.where(loose, value - np.floor(value), -1.0)
            surest = np.sort(share)[-max(int(loose.sum()) // _AT_ONCE, 1)]
            sure = loose & (share >= min(_SURE, surest))
            self._relaxation.bound(self._column[sure], np.ceil(value[sure]), self._high[sure].astype(np.float64))
            point = self._relaxation.solve(seconds_left())
        return None

    def _accept(self, point: Point, bound: int) -> None:
        plan = plan_of(self.part, point)
        if plan is None or not self._admits(plan):
            self._unproven = min(self._unproven, bound)
            return
        self.offer(plan)
        if self._value(plan) > bound:  # cannot be, unless the relaxation was solved badly: claim nothing
            self._unproven = min(self._unproven, bound)

    def offer(self, plan: IntArray) -> None:
        """Take a legal plan when it is better than the best, and rule out openings by reduced cost."""
        value = self._value(plan)
        if value < self.best_value:
            self.best, self.best_value = plan, value
            self._fix()

    def _fix(self) -> None:
        """Decide openings whose reduced cost at the root alone makes a plan no better than the best."""
        if self._root is None:
            return
        objective, reduced = self._root
        slack = self.best_value - 1 - objective + _ROUND_UP
        decided = np.where(self._is_binary, reduced[self._column], 0.0)
        self._high = np.where(decided > slack, 0, self._high).astype(np.int16)
        self._low = np.where(decided < -slack, 1, self._low).astype(np.int16)
        x0 = self._relaxation.x0
        self._relaxation.bound_seats(np.where(reduced[x0:] > slack, 0.0, 1.0))

    def _choose(self, value: FloatArray, fractional: IntArray) -> int:
        """Pick what moves the bound most when decided, by history where there is any, else by trial."""
        part = value[fractional] - np.floor(value[fractional])
        unsure = self._tried[:, fractional].min(axis=0) < _RELIABLE
        order = np.argsort(np.where(unsure, 0.0, 1.0) - np.minimum(part, 1 - part), kind="stable")
        for decision in fractional[order[: min(_TRIALS, int(unsure.sum()))]]:
            self._try(float(value[decision]), int(decision))
        mean = self._gain / np.maximum(self._tried, 1)
        known = self._tried.sum() or 1
        usual = self._gain.sum() / known
        rate = np.where(self._tried > 0, mean, usual)[:, fractional]
        score = np.maximum(rate[0] * part, TOLERANCE) * np.maximum(rate[1] * (1 - part), TOLERANCE)
        return int(fractional[int(score.argmax())])

    @property
    def _cap(self) -> float:
        """Beyond this value of the linear program of the trials no gain counts."""
        return float(self.best_value)

    def _try(self, value: float, decision: int) -> None:
        below, column = float(np.floor(value)), int(self._column[decision])
        low, high = float(self._low[decision]), float(self._high[decision])
        sides = ((low, below, value - below), (below + 1, high, below + 1 - value))
        for side, (least, most, distance) in enumerate(sides):
            figure = self._relaxation.estimate(column, least, most, _TRIAL_ITERATIONS)
            gain = min(figure, self._cap) - self._level
            self._gain[side, decision] += max(gain, 0.0) / distance
            self._tried[side, decision] += 1

    def _branch(self, node: _Node, decision: int, value: float) -> None:
        low, high, below = node.low.copy(), node.high.copy(), int(np.floor(value))
        low[decision], high[decision] = below + 1, below
        up, down = _Node(node.bound, low, node.high), _Node(node.bound, node.low, high)
        first, second = (up, down) if value - below >= 0.4 else (down, up)  # noqa: PLR2004 - half open mostly opens
        self._push(second)
        self._next = first


class LedSearch(Search):
    """The search for the fewest left out, or the fewest groups, led by walks.

    A linear program that counts only who is left out has countless optima and takes a hundred times as long as one
    that counts walks as well; the latter also says which groups a good plan opens. So every node is solved with both,
    and then, from there, for who is left out alone: that value is the bound.
    """

    goal: Goal = Goal.SEATS

    def offer(self, plan: IntArray) -> None:
        """Take a better plan, also one that is better only by what comes after the goal."""
        if self._value(plan) == self.best_value and self.part.score(plan) < self.part.score(self.best):
            self.best = plan
        super().offer(plan)

    def _solve(self, seconds_left: Callable[[], float]) -> Point | Outcome:
        relaxation = self._relaxation
        relaxation.minimise_led(self.goal)
        led = relaxation.solve(seconds_left())
        if not isinstance(led, Point):
            return led
        self._level = led.objective
        whole = not is_fractional(led.columns[self._column]).any()
        if whole:
            plan = plan_of(self.part, led)
            if plan is not None and self._admits(plan):
                self.offer(plan)
        elif self._root is None:
            self._round(led, seconds_left)
        basis = relaxation.basis()
        relaxation.minimise(self.goal)
        point = relaxation.solve(seconds_left(), cut_rounds=0)
        relaxation.minimise_led(self.goal)
        relaxation.set_basis(basis)
        if not isinstance(point, Point) or whole:
            return point
        return Point(point.objective, led.y, led.x, led.columns, point.reduced)

    @property
    def _cap(self) -> float:
        return np.inf


class GroupSearch(LedSearch):
    """The search for the fewest groups."""

    goal = Goal.GROUPS


def is_fractional(value: FloatArray) -> BoolArray:
    """Tell which of what should be whole is not."""
    return np.asarray(np.abs(value - np.rint(value)) > TOLERANCE, dtype=np.bool_)


def plan_of(part: Part, point: Point) -> IntArray | None:
    """Read a plan off a point with whole openings; None when its seats are not whole or it breaks a rule."""
    taken = np.flatnonzero(point.x > 1 - _WHOLE)
    if ((point.x > _WHOLE) & (point.x < 1 - _WHOLE)).any():
        return None
    plan = np.full(part.n_members, UNSEATED, dtype=np.int64)
    plan[part.candidates.arc_member[taken]] = part.candidates.arc_group[taken]
    return plan if part.is_legal(plan) else None
