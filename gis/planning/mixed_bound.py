"""Prices of members that bound the walks of all plans whose groups may mix branches.

At any prices the best groups, each alone, cost no more than any plan: what members pay, and what may be saved by as
many groups as like, is a bound. Prices climb first by averaged steps (the volume algorithm), which is quick and ends a
little below the best; then a linear program over the groups seen so far says which way to go, and asks for groups until
it agrees with the bound.
Source: Held and Karp 1971; Barahona and Anbil 2000 (volume); prices drawn to the best ones, by as much as pays, after
Wentges 1997 and Pessoa et al. 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.mixed_prices import GroupPrices, Priced
    from gis.planning.part import Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_INF = highspy.kHighsInf
_STEP, _LESS, _MORE, _LEAST = 0.5, 0.75, 1.1, 1e-3  # share of the way to the aim, and how it changes
_PATIENCE = 8  # steps without a better bound before they get shorter
_NEWEST = 0.1  # share of the latest direction in the average, at most
_AIM = 6e-4  # of the bound: so far ahead lies the aim
_CHARGE_WEIGHT = 50.0  # the charge moves so much less than a price, as it counts everybody left out
_DRAWN, _MORE_DRAWN, _MOST_DRAWN = 0.6, 0.05, 0.8  # towards the best prices: at first, more each time, at most
_CLOSE_ENOUGH = 2.0  # metres between the program and the bound
_ROUNDS = 400
_NEAR = 25.0  # metres from the best prices: farther the program does not look until there are better ones


@dataclass(frozen=True, eq=False)
class Prices:
    """What each member pays for a seat, what leaving one out is charged, and the bound that comes of it.

    `slope` and `charge_slope` say how the bound rises with them. What members pay beyond the charge does not count, as
    they are then left out. `state` says which groups open (1) and which do not (-1) in the plans that are bounded, 0
    where it is left open; shape (n_groups,).
    """

    price: FloatArray
    charge: float
    bound: float
    priced: Priced
    slope: FloatArray
    charge_slope: float
    state: IntArray

    @property
    def paid(self) -> FloatArray:
        """What each member pays, no more than the charge for leaving one out."""
        return np.minimum(self.price, self.charge)

    @property
    def share(self) -> FloatArray:
        """What each group adds to the bound."""
        free = np.where(self.state < 0, 0.0, np.minimum(self.priced.gain, 0.0))
        return np.where(self.state > 0, self.priced.gain, free)


class MixedBound:
    """Looks for the prices with the highest bound for plans that leave out no more than `most_out` members.

    Attributes
    ----------
    best
        The best prices so far.
    most_out
        The bound is of plans that leave out no more.
    use
        How much each group opens in the last answer of the program (shape (n_groups,)); None before there is one.
    """

    def __init__(
        self,
        part: Part,
        groups: GroupPrices,
        start: tuple[FloatArray, float],
        most_out: int,
        state: IntArray | None = None,
    ) -> None:
        self.part, self._groups, self.most_out = part, groups, most_out
        self._state = np.zeros(part.n_groups, dtype=np.int64) if state is None else state
        self.use: FloatArray | None = None
        self.best = self.at(start[0], max(start[1], 0.0))
        self._seen: list[IntArray] = [self.best.priced.arc]

    def branch(self, group: int, state: int) -> MixedBound:
        """Bound those of the plans in which a group opens (1), or does not (-1)."""
        states = self._state.copy()
        states[group] = state
        other = MixedBound(self.part, self._groups, (self.best.price, self.best.charge), self.most_out, states)
        other._seen += self._seen
        return other

    def at(self, price: FloatArray, charge: float) -> Prices:
        """Work out the bound at these prices."""
        out = price > charge
        paid = np.minimum(price, charge)
        priced = self._groups.best(paid)
        opens = (self._state > 0) | ((self._state == 0) & (priced.gain < 0))
        c = self.part.candidates
        arc = priced.arc[opens[c.arc_group[priced.arc]]]
        seated = np.bincount(c.arc_member[arc], minlength=len(price))
        bound = float(paid.sum() - charge * self.most_out + priced.gain[opens].sum())
        slope = (1.0 - seated - out).astype(np.float64)
        return Prices(price, charge, bound, priced, slope, float(out.sum() - self.most_out), self._state)

    def _take(self, tried: Prices) -> bool:
        self._seen.append(tried.priced.arc)
        if tried.bound <= self.best.bound:
            return False
        self.best = tried
        return True

    def climb(self, seconds_left: Callable[[], float], most_steps: int) -> None:
        """Go along the average of the slopes seen, as long as it pays."""
        way, charge_way, share, idle = self.best.slope, self.best.charge_slope, _STEP, 0
        ahead = max(_AIM * abs(self.best.bound), 1.0)
        aim = self.best.bound + ahead
        for _ in range(most_steps):
            square = float(way @ way + charge_way**2 / _CHARGE_WEIGHT)
            if seconds_left() <= 0 or share < _LEAST or square <= 0:
                return
            step = share * (aim - self.best.bound) / square
            charge = max(self.best.charge + step * charge_way / _CHARGE_WEIGHT, 0.0)
            tried = self.at(self.best.price + step * way, charge)
            agrees = tried.slope @ way > 0
            newest = _best_share(way, tried.slope)
            way = (1 - newest) * way + newest * tried.slope
            charge_way = (1 - newest) * charge_way + newest * tried.charge_slope
            if self._take(tried):
                share, idle = share * (_MORE if agrees else 1.0), 0
                aim = max(aim, self.best.bound + ahead / 2)
            else:
                idle += 1
                if idle == _PATIENCE:
                    share, idle = share * _LESS, 0

    def settle(
        self,
        seconds_left: Callable[[], float],
        known: IntArray | None = None,
        enough: float = np.inf,
        close: float = _CLOSE_ENOUGH,
    ) -> None:
        """Ask for groups until the program over them agrees with the bound closely, or that is high enough.

        `known` are the seats of a plan.
        """
        program = _Program(self.part, self.most_out, self.best)
        if known is not None:
            program.add(known)
        for arc in self._seen:
            program.add(arc)
        drawn = _DRAWN
        for _ in range(_ROUNDS):
            asked = program.solve(seconds_left())
            if asked is None:
                return
            self.use = asked.use
            if asked.value - self.best.bound < close or self.best.bound >= enough:
                return
            tried, share = self.best, drawn
            while seconds_left() > 0:
                price = share * self.best.price + (1 - share) * asked.price
                tried = self.at(price, share * self.best.charge + (1 - share) * asked.charge)
                is_better = self._take(tried)
                if is_better:
                    program.stay_near(tried.paid)
                if program.add(tried.priced.arc) or is_better:
                    break
                if share <= 0:
                    return
                share = max(share - 0.3, 0.0)
            ahead = tried.slope @ (asked.price - tried.price) + tried.charge_slope * (asked.charge - tried.charge)
            drawn = min(drawn + _MORE_DRAWN, _MOST_DRAWN) if ahead < 0 else max(drawn - 0.1, 0.1)


def _best_share(way: FloatArray, slope: FloatArray) -> float:
    """Return how much of the newest slope makes the average the shortest, within limits."""
    change = slope - way
    square = float(change @ change)
    return min(max(-float(way @ change) / square, _NEWEST / 10), _NEWEST) if square > 0 else _NEWEST


@dataclass(frozen=True, eq=False)
class _Asked:
    value: float
    price: FloatArray
    charge: float
    use: FloatArray


class _Program:
    """The linear program that chooses among the groups made so far.

    Rows: each member once, members left out, one group a host. Columns: left out; too few and too often seated, at so
    little that prices stay near the best known, or the program would jump from corner to corner (du Merle et al. 1999);
    groups.
    """

    def __init__(self, part: Part, most_out: int, prices: Prices) -> None:
        self._part, n, g = part, part.n_members, part.n_groups
        self._made: set[tuple[int, bytes]] = set()
        self._group: list[int] = []
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 3 * n, n + 1 + g
        lp.col_cost_ = np.zeros(3 * n)
        lp.col_lower_, lp.col_upper_ = np.zeros(3 * n), np.repeat([1.0, _INF, _INF], n)
        lp.row_lower_ = np.concatenate([np.ones(n), [-_INF], np.where(prices.state > 0, 1.0, 0.0)])
        lp.row_upper_ = np.concatenate([np.ones(n), [float(most_out)], np.where(prices.state < 0, 0.0, 1.0)])
        members = np.arange(n, dtype=np.int32)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([2 * members, 2 * n + np.arange(2 * n + 1)]).astype(np.int32)
        both = np.stack([members, np.full(n, n, dtype=np.int32)], axis=1).ravel()
        lp.a_matrix_.index_ = np.concatenate([both, members, members])
        lp.a_matrix_.value_ = np.repeat([1.0, -1.0], [3 * n, n])
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package types only its compiled half
        options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "parallel": "off", "random_seed": 0}
        # new groups leave the last answer feasible: the primal simplex goes on from it, the dual one begins anew
        options |= {"presolve": "off", "solver": "simplex", "simplex_strategy": 4, "simplex_scale_strategy": 0}
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(lp)
        self.stay_near(prices.paid)

    def stay_near(self, price: FloatArray) -> None:
        """Let the prices that the program asks for differ no more than so much from these."""
        n = self._part.n_members
        columns = np.arange(n, 3 * n, dtype=np.int32)
        self._highs.changeColsCost(2 * n, columns, np.concatenate([price + _NEAR, _NEAR - price]))

    def add(self, arc: IntArray) -> int:
        """Add the groups that these seats make, where they are new; return how many."""
        part, c, n = self._part, self._part.candidates, self._part.n_members
        arc = np.sort(arc)  # seats are sorted by group
        start = np.flatnonzero(np.diff(c.arc_group[arc], prepend=-1))
        cost, rows, starts = [], [], [0]
        for seats in np.split(arc, start[1:]) if len(arc) else []:
            group = int(c.arc_group[seats[0]])
            key = group, seats.tobytes()
            if key not in self._made:
                self._made.add(key)
                self._group.append(group)
                cost.append(float(group_cost(part, group, seats)))
                rows.append(np.append(c.arc_member[seats], n + 1 + group).astype(np.int32))
                starts.append(starts[-1] + len(rows[-1]))
        if cost:
            k, total = len(cost), starts[-1]
            first = np.array(starts[:-1], dtype=np.int32)
            low, high = np.zeros(k), np.full(k, _INF)
            self._highs.addCols(k, np.array(cost), low, high, total, first, np.concatenate(rows), np.ones(total))
        return len(cost)

    def solve(self, seconds_left: float) -> _Asked | None:
        """Return the value of the program and its prices; None when the time is up."""
        highs, n = self._highs, self._part.n_members
        if seconds_left <= 0:
            return None
        highs.setOptionValue("time_limit", min(highs.getRunTime() + seconds_left, 1e9))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = highs.getSolution()
        dual, taken = np.array(found.row_dual), np.array(found.col_value[3 * n :])
        use = np.bincount(np.array(self._group, dtype=np.int64), weights=taken, minlength=self._part.n_groups).astype(
            np.float64
        )
        return _Asked(highs.getInfo().objective_function_value, dual[:n], max(-float(dual[n]), 0.0), use)


def group_cost(part: Part, group: int, seats: IntArray) -> int:
    """Add up what a group with these seats costs: walks, opening, its size, its branches."""
    rules, c, size = part.rules, part.candidates, len(seats)
    branches = len(np.unique(part.branch[c.arc_member[seats]]))
    penalty = rules.small_penalty_m * max(rules.target_low - size, 0)
    penalty += rules.large_penalty_m * max(size - rules.target_high, 0) + rules.mix_cost_m * (branches - 1)
    return int(c.arc_cost[seats].sum() + c.group_cost[group] + penalty)
