"""Search for plans of a plain problem, with a bound: prices, regional moves, and covering by groups seen.

The prices open hosts and bound the cost; small regions are shaken and improved again and again; now and then the groups
of all plans passed through are combined anew. Exact when the plan meets the bound.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.covering import Pool
from gis.planning.median_closing import close, seats_left
from gis.planning.median_moves import improve, value
from gis.planning.median_parts import settled_columns, solve_part
from gis.planning.median_prices import Prices
from gis.planning.median_regions import MEMBERS, Change, cut_out, near_hosts, shake
from gis.planning.median_seating import packed, seat, trimmed
from gis.planning.median_transfers import Transfers
from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.median import Median
    from gis.planning.median_moves import Layout
    from gis.planning.median_regions import Cut

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_ROUNDS = 25  # of prices between two plans made from them
_FRACTIONS = 500  # rounds of prices with members in parts; more would gain little
_FEWEST, _GROUPS = 40, 8  # members at least of a region to be shaken, and groups, unless these are too large
_SOLVED_MEMBERS = 130  # of a region to be solved to its end
_SHAKES = 300  # of regions between two combinations
_SHAKES_A_MEMBER = 5  # before the first combination, where regions are smaller than the whole
_PRICE_SHARE, _WHOLE_SHARE = 0.15, 0.25  # of the time at most until prices are settled
_COVERED = 1_500  # members; combining groups of more takes longer than it is worth
_GROUPED = 600  # members; making groups of more takes longer than it is worth
_GROUPS_SHARE = 0.3  # of the time left, for making groups of the whole
_COVER_SHARE = 0.08  # of the time left, for one combination
_ADRIFT = 0.004  # worse than the best plan by such a share a shaken one may be, less and less
_REFINED = 6  # changes of each kind that are looked at closer
_WARM = 0.02  # of a region's cost: so much worse may a region become by a shake
_OVERLOAD = 3.0  # a unit too much costs so many times what a unit of a seat does
_LIMITS = (1.0, 0.5, 0.25)  # of the way from the bound to the plan: where closing is tried, the widest first
_EASY, _CLOSABLE = 12, 35  # seats a member that closing is tried with, at first and after
_PATIENT = 4  # turns of moves
_CLOSE_SHARE = 0.5  # of the time left
_REGION_STEPS = 60  # that solving one region counts for
_REGION_SHARE = 0.3  # of the time left, for solving regions of one turn
_LARGE_SHARE = 0.7  # the same where all groups are too many to be combined
_DEARER = 1.05  # an overload that a sweep leaves costs so much more in the next
_SWEEPS = 4  # at most until nothing is overloaded
_POOLED = 60_000
_SHARED = 0.5  # of what the plan costs more than the bound, that a group of a better one may cost more
_KNOWN = 500  # groups of the pool that a region begins with
_ROUND_UP = 1e-3


class MedianSearch:
    """The best plan so far and the bound; resumable.

    Attributes
    ----------
    host, value
        Host of each member or UNSEATED, and the cost with `never` for each member left out.
    steps
        Rounds of prices and regions shaken: the work, on any machine.
    """

    def __init__(self, median: Median, seed: int) -> None:
        self.median, self.steps = median, 0
        self._random = np.random.default_rng(seed)
        self.prices = Prices(median)
        self.pool, self._is_pooled = Pool(median), median.n_members <= _COVERED
        self._size = min(MEMBERS, max(_FEWEST, _GROUPS * median.n_members // max(median.most, 1)))
        self._solved: set[tuple[int, bytes]] = set()
        self._transfers = Transfers(median, self._size)
        self._is_grouped = False
        self._closed, self._tried, self._turns = 0.0, np.inf, 0
        self.host: IntArray = np.full(median.n_members, UNSEATED, dtype=np.int64)
        self.value = median.value(self.host)
        self._overload = _OVERLOAD * float(self.prices.price.mean()) / max(float(median.demand.mean()), 1.0) + 1e-6
        self._now = self.host.copy()

    @property
    def bound(self) -> float:
        """No plan that seats everybody costs less; whole, as costs are."""
        known = max(self.prices.bound, self._closed, 0.0)
        return min(self.value, float(np.ceil(known - _ROUND_UP * max(1.0, known * 1e-6))))

    @property
    def is_done(self) -> bool:
        """The plan meets the bound."""
        return self.value <= self.bound

    def run(self, seconds_left: Callable[[], float]) -> None:
        """Search until the bound is met or the time is up."""
        whole = seconds_left()
        self._settle(seconds_left, _PRICE_SHARE * whole, is_whole=False)
        if self.prices.can_be_whole and self._is_pooled:
            self.prices.restart()
            self._settle(seconds_left, _WHOLE_SHARE * whole, is_whole=True)
        if self.value < self.median.never:
            self._now = self.host.copy()
        each = (_SHAKES_A_MEMBER if self._is_pooled else 1) * (self.median.n_members > 2 * MEMBERS)
        pause = todo = max(_SHAKES, each * self.median.n_members)
        while seconds_left() > 0 and not self.is_done:
            self._shake(_ADRIFT * max(seconds_left(), 0.0) / whole)
            todo -= 1
            if not todo:
                pause *= self._take_turn(seconds_left)
                todo = pause
        if self.value >= self.median.never:
            self._now = packed(self.median, np.unique(self._now[self._now != UNSEATED]))
            self._sweep()
        if self.value >= self.median.never:
            self.take(trimmed(self.median, self._now))

    def _take_turn(self, seconds_left: Callable[[], float]) -> int:
        """Combine, close and solve regions; return how many times as many moves are to come before the next turn."""
        before, is_large = self.value, self.median.n_members > 2 * MEMBERS
        if is_large:
            self._transfer(partial(_less, seconds_left, (1 - _REGION_SHARE) * seconds_left()))
        if self._turns or is_large:
            self._make_groups(partial(_less, seconds_left, (1 - _GROUPS_SHARE) * seconds_left()))
        if self._is_pooled:
            self._combine(_COVER_SHARE * seconds_left())
        self._close(seconds_left)
        if is_large:
            share = _REGION_SHARE if self._is_pooled else _LARGE_SHARE
            self._solve_regions(partial(_less, seconds_left, (1 - share) * seconds_left()))
        if self.value >= before and not is_large:
            self._start_anew()
        return 2 if self.value >= before and is_large else 1

    def _settle(self, seconds_left: Callable[[], float], share: float, *, is_whole: bool) -> None:
        """Work on the prices for a share of the time, and make plans of them on the way."""
        end = seconds_left() - share
        while seconds_left() > max(end, 0.0) and not self.is_done and not self.prices.is_settled:
            last = self.prices.run(_ROUNDS, lambda: seconds_left() - max(end, 0.0), is_whole=is_whole)
            self.steps += _ROUNDS
            for j, members in self.prices.groups.items() if is_whole else ():
                self.pool.add(np.array(members, dtype=np.int64), j)
            if is_whole or self.median.n_members <= 2 * MEMBERS:
                self._try_hosts(last.opened, self.prices.groups if is_whole else {})
            if not is_whole and self.steps >= _FRACTIONS:
                break
        if not len(self.pool):
            self._try_hosts(self.prices.run(1, seconds_left).opened, {})

    def _make_groups(self, seconds_left: Callable[[], float]) -> None:
        """Make groups until the prices settle, once: for a better bound, and to combine them."""
        is_small = self.median.n_members <= _GROUPED and self.prices.can_be_whole
        if self._is_grouped or not is_small or self.is_done or seconds_left() <= 0:
            return
        self._is_grouped, self._tried = True, np.inf  # with better prices closing may be worth another try
        everybody, anywhere = np.arange(self.median.n_members), np.arange(self.median.n_hosts)
        known = self.pool.inside(everybody, anywhere, self.prices.price, 3 * _KNOWN)
        columns = settled_columns(self.median, self.prices, self.host, seconds_left, known)
        for members, host in columns.groups:
            self.pool.add(members, host)

    def _try_hosts(self, opened: IntArray, groups: dict[int, list[int]]) -> None:
        """Seat everybody at these hosts, improve region by region, and keep the plan if it is the best."""
        m = self.median
        if len(opened) < m.most:
            rest = np.argsort(self.prices.host_value, kind="stable")
            rest = rest[~np.isin(rest, opened)]
            opened = np.concatenate([opened, rest[: m.most - len(opened)]])
        self._now = seat(m, opened, groups, self._overload)
        for _ in range(_SWEEPS):
            self._sweep()
            if np.isfinite(m.value(self._now)):
                break

    def _start_anew(self) -> None:
        """Open hosts that the prices like, not always the same ones."""
        worth = self.prices.host_value * self._random.uniform(0.5, 1.0, self.median.n_hosts)
        self._try_hosts(np.argsort(worth, kind="stable")[: self.median.most], {})

    def _sweep(self) -> None:
        """Improve the region around every host once."""
        m = self.median
        todo = set(self._now[self._now != UNSEATED].tolist())
        while todo:
            centre = min(todo)
            if not (self._now == centre).any():  # moved on since
                todo.discard(centre)
                continue
            region = near_hosts(m, self._now, centre, self._size)
            todo -= {centre, *region[: max(1, len(region) // 2)].tolist()}
            self._rework(region, 0.0, is_shaken=False)
        if m.value(self._now) < self.value:
            self.take(self._now)

    def take(self, plan: IntArray) -> None:
        """Keep a plan if it is the best."""
        found = self.median.value(plan)
        if found < self.value:
            self.host, self.value = plan.copy(), found
            for j in np.unique(plan[plan != UNSEATED]) if self._is_pooled else ():
                self.pool.add(np.flatnonzero(plan == j), int(j))

    def _shake(self, drift: float) -> None:
        """Shake a region somewhere and improve it; keep it unless the plan is then worse than `drift` allows."""
        self.steps += 1
        seated, before = np.flatnonzero(self._now != UNSEATED), self._now
        centre = int(self._now[self._random.choice(seated)]) if len(seated) else UNSEATED
        if centre == UNSEATED:
            return
        hosts = near_hosts(self.median, self._now, centre, self._size)
        self._rework(np.append(hosts, self._spare(hosts)), _WARM, is_shaken=True)
        found = self.median.value(self._now)
        if found < self.value:
            self.take(self._now)
        elif self.value < self.median.never and found > self.value * (1 + drift):
            self._now = before

    def _spare(self, hosts: IntArray) -> IntArray:
        """Choose up to two free hosts near some others, as far as more may open."""
        m = self.median
        opened = np.unique(self._now[self._now != UNSEATED])
        if len(opened) >= m.most:
            return opened[:0]
        near = np.unique(m.near[np.isin(self._now, hosts)])
        free = self._random.permutation(near[~np.isin(near, opened)])
        return free[: min(2, m.most - len(opened))]

    def _rework(self, hosts: IntArray, warmth: float, *, is_shaken: bool) -> None:
        """Improve some open hosts' members, shaken before or not, and keep what is not worse than warmth allows."""
        cut = cut_out(self.median, self._now, hosts)
        layout, region = cut.layout(), cut.region(self._overload)
        before, too_much = value(region, layout)
        if is_shaken:
            shake(region, layout, self._random)
        improve(region, layout)
        after, left = value(region, layout)
        self._pool_groups(cut, layout)
        if left < too_much or (left == too_much and after <= before * (1 + warmth)):
            self._now = self._now.copy()
            self._now[cut.members] = cut.usable[layout.host[layout.group]]
        if left and not is_shaken:
            self._overload *= _DEARER

    def _solve_regions(self, seconds_left: Callable[[], float]) -> None:
        """Solve regions to their end, first where the plan costs most beyond what the prices say."""
        loss, size = self._losses(), max(MEMBERS, min(_SOLVED_MEMBERS, self.median.n_members // 3))
        while loss and seconds_left() > 0 and not self.is_done:
            centre = max(loss, key=lambda j: loss[j])
            if not (self._now == centre).any():
                del loss[centre]
                continue
            hosts = near_hosts(self.median, self._now, centre, size)
            for j in hosts[: max(1, len(hosts) // 2)].tolist():
                loss.pop(j, None)
            self._solve_region(hosts, seconds_left)

    def _losses(self) -> dict[int, float]:
        """Compute what each group costs beyond the prices of its members."""
        m, plan = self.median, self._now
        seated = np.flatnonzero(plan != UNSEATED)
        extra = np.bincount(
            plan[seated], weights=m.cost[seated, plan[seated]] - self.prices.price[seated], minlength=m.n_hosts
        )
        return {int(j): float(extra[j]) for j in np.unique(plan[seated])}

    def _solve_region(self, hosts: IntArray, seconds_left: Callable[[], float]) -> None:
        cut = cut_out(self.median, self._now, hosts)
        key = len(hosts), cut.key
        if key in self._solved:
            return
        self._solved.add(key)
        found = self._solve_cut(cut, len(hosts), cut.hosts[cut.group], seconds_left)
        if found is not None:
            self._now = self._now.copy()
            self._now[cut.members] = found
            self.take(self._now)

    def _solve_cut(self, cut: Cut, most: int, plan: IntArray, seconds_left: Callable[[], float]) -> IntArray | None:
        """Solve a region to its end; return hosts of its members better than those of a plan, or None."""
        part, now = cut.part(most), np.searchsorted(cut.usable, plan)
        prices = Prices(part, self.prices.price[cut.members])
        if part.value(now) >= part.never or not prices.can_be_whole:
            return None
        self.steps += _REGION_STEPS
        known = self.pool.inside(cut.members, cut.usable, self.prices.price, _KNOWN)
        found = solve_part(part, prices, now, seconds_left, known)
        return None if found is None else cut.usable[found]

    def _transfer(self, seconds_left: Callable[[], float]) -> None:
        """Close groups here and open them there, while that helps."""
        if self.value >= self.median.never or self.is_done:
            return
        self.take(self._transfers.improve(self.host, self._overload, seconds_left))
        if self._is_pooled:
            self._transfer_closely(seconds_left)
        self._now = self.host.copy()

    def _transfer_closely(self, seconds_left: Callable[[], float]) -> None:
        """Solve the regions of the most promising changes to their end, and make those that then save."""

        def refine(cut: Cut, step: int, change: Change) -> Change:
            most = len(cut.hosts) + step
            found = self._solve_cut(cut, most, change.host, seconds_left)
            if found is None:
                return change
            cost = self.median.cost
            saved = cost[cut.members, change.host].sum() - cost[cut.members, found].sum()
            return Change(cut.members, found, change.more - float(saved))

        found = self._transfers.refined(self.host, self._overload, _REFINED, refine, seconds_left)
        if found is not None:
            self.take(found)

    def _pool_groups(self, cut: Cut, layout: Layout) -> None:
        if self._is_pooled and len(self.pool) < _POOLED:
            for k, host in enumerate(layout.host):
                self.pool.add(cut.members[layout.group == k], int(cut.usable[host]))

    def _combine(self, seconds: float) -> None:
        gap = self.value - self.prices.bound
        if self._is_grouped:
            gap *= _SHARED
        plan = self.pool.combine(self.prices.price, self.prices.host_value, gap, seconds)
        if plan is not None:
            self.take(plan)
            self._now = self.host.copy()

    def _close(self, seconds_left: Callable[[], float]) -> None:
        """Prove the plan or find a better one among the seats that the prices leave, unless these are too many."""
        is_able = self.prices.can_be_whole and self._is_pooled
        if not is_able or self.value >= self._tried or seconds_left() <= 0 or self.is_done:
            return
        self._turns += 1
        each = _CLOSABLE if self._turns > _PATIENT else _EASY
        low, most = max(self.prices.bound, self._closed), each * self.median.n_members
        limits = (low + share * (self.value - 1 - low) for share in _LIMITS)
        fitting = [(limit, kept) for limit in limits if (kept := seats_left(self.prices, limit)).sum() <= most]
        if not fitting:
            return
        self._tried = self.value
        limit, kept = fitting[0]
        plan, bound = close(self.median, kept, limit, _CLOSE_SHARE * seconds_left())
        is_whole = limit >= self.value - 1  # then nothing below the plan is left, and costs are whole numbers
        self._closed = max(self._closed, bound + (is_whole and bound >= limit))
        if plan is not None:
            self.take(plan)
            self._now = self.host.copy()


def _less(seconds_left: Callable[[], float], kept: float) -> float:
    return seconds_left() - kept
