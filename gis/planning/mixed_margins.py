"""By how much prices of members make plans with this or that dearer, and the model of the plans below a level.

At prices of a bound each group, each seat and each member left out has a margin: plans with it cost at least so much
more than the bound. What has a larger margin than a level leaves is in no plan below that level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import keep_seats
from gis.planning.mixed_prices import NEVER
from gis.planning.part import Goal, share_of
from gis.planning.relaxation import Relaxation

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.mixed_bound import Prices
    from gis.planning.mixed_prices import GroupPrices
    from gis.planning.part import Part
    from gis.planning.problem import Score

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_ROUND_UP = 1e-3


class Margins:
    """What the prices of one bound say of every decision.

    Attributes
    ----------
    prices
        The prices.
    of_seat
        By how much plans with each seat cost more than the bound, at least; shape of arcs.
    """

    def __init__(self, part: Part, groups: GroupPrices, prices: Prices) -> None:
        self.part, self.prices = part, prices
        at = part.candidates.arc_group
        more = groups.with_each(prices.paid) - prices.share[at]
        self.of_seat: FloatArray = np.where(prices.state[at] < 0, NEVER, more)

    def is_below(self, margin: FloatArray, level: int) -> BoolArray:
        """Tell of decisions with these margins whether a plan below the level may have them."""
        return np.asarray(self.prices.bound + margin <= level - 1 + _ROUND_UP, dtype=np.bool_)

    def seats_below(self, level: int) -> BoolArray:
        """Tell which seats a plan below the level may have."""
        return self.is_below(self.of_seat, level)

    def losses(self, plan: IntArray) -> FloatArray:
        """Return by how much each group of a plan costs more than the best group at these prices."""
        part, c, rules = self.part, self.part.candidates, self.part.rules
        seats, size = seats_of(part, plan), part.sizes(plan)
        walks = c.arc_cost[seats] - self.prices.paid[c.arc_member[seats]]
        cost = np.bincount(c.arc_group[seats], weights=walks, minlength=part.n_groups)
        cost += rules.small_penalty_m * np.maximum(rules.target_low - size, 0)
        cost += rules.large_penalty_m * np.maximum(size - rules.target_high, 0) + c.group_cost
        cost += rules.mix_cost_m * (part.branch_counts(plan) - 1)
        return np.asarray(np.where(size > 0, cost, 0.0) - self.prices.share, dtype=np.float64)

    def rest(self, level: int, held: Score) -> Relaxation:
        """Return the model of all plans below a level that are by the goals before the walks no worse than a score.

        It is without what none of them has, and with what all have.
        """
        part, prices, relaxation = self.part, self.prices, self.liked(level, held)
        gain, state = prices.priced.gain, prices.state
        opens = (state > 0) | ((state == 0) & ~self.is_below(np.maximum(-gain, 0.0), level))
        closed = (state < 0) | ((state == 0) & ~self.is_below(np.maximum(gain, 0.0), level))
        seated = ~self.is_below(np.maximum(prices.charge - prices.price, 0.0), level)
        groups, members = np.arange(part.n_groups), relaxation.columns.u0 + np.arange(part.n_members)
        relaxation.bound(groups, opens.astype(np.float64), (~closed).astype(np.float64))
        relaxation.bound(members, np.zeros(part.n_members), (~seated).astype(np.float64))
        return relaxation

    def liked(self, level: int, held: Score) -> Relaxation:
        """Return the same without the seats that no plan below the level has, whatever opens and whoever is out."""
        part = self.part
        relaxation = Relaxation(share_of(part, keep_seats(part.candidates, self.seats_below(level))), 0)
        relaxation.minimise(Goal.WALKS)
        for goal in part.goals[:-1]:
            relaxation.hold(goal, held)
        return relaxation


def seats_of(part: Part, plan: IntArray) -> IntArray:
    """List the seats that a plan takes."""
    c = part.candidates
    return np.flatnonzero(plan[c.arc_member] == c.arc_group)
