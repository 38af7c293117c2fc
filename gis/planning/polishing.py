"""Make the best of the openings of a plan: HiGHS decides who sits where, the groups that open being given.

Where branches, companions or leaders make the seats a search of their own, this finds in one go what branching finds
one decision at a time. The plan is judged from the raw arrays; no bound comes of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import highspy
import numpy as np

from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.relaxation import Relaxation

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_STEP = 0.99
_NEAR_ENOUGH = 3e-4  # of the cost; what is left is for branching
_NODES = 40
_HALF = 0.5
_GOES_ON = highspy.cb.HighsCallbackType.kCallbackMipInterrupt


def polish(relaxation: Relaxation, plan: IntArray, seconds_left: Callable[[], float]) -> IntArray | None:
    """Return a better plan with the same openings, by the goal that the relaxation counts, or None."""
    highs = relaxation.whole_model(_STEP, with_links=False)
    columns = relaxation.columns
    start = columns.values(plan)
    low, high = np.zeros(columns.count), columns.upper()
    openings = np.arange(relaxation.part.n_groups)
    low[openings] = high[openings] = start[openings]
    highs.changeColsBounds(columns.count, np.arange(columns.count, dtype=np.int32), low, high)
    first = highspy.HighsSolution()
    first.col_value = start.tolist()
    highs.setSolution(first)
    for name, value in {"time_limit": max(seconds_left(), 0.0), "mip_rel_gap": _NEAR_ENOUGH}.items():
        highs.setOptionValue(name, value)
    highs.setOptionValue("mip_max_nodes", _NODES)
    highs.setCallback(partial(_ask, seconds_left), None)
    highs.startCallback(_GOES_ON)
    highs.run()
    found = highs.getSolution().col_value
    return plan_in(relaxation, np.array(found)) if len(found) else None


def _ask(
    seconds_left: Callable[[], float],
    _kind: highspy.cb.HighsCallbackType,
    _message: str,
    _out: highspy.cb.HighsCallbackOutput,
    to: highspy.cb.HighsCallbackInput,
    _data: None,
) -> None:
    to.user_interrupt = seconds_left() <= 0


def plan_in(relaxation: Relaxation, values: FloatArray) -> IntArray | None:
    """Read a plan off the values of all columns; None when it breaks a rule."""
    part = relaxation.part
    taken = np.flatnonzero(values[relaxation.x0 :] > _HALF)
    plan = np.full(part.n_members, UNSEATED, dtype=np.int64)
    plan[part.candidates.arc_member[taken]] = part.candidates.arc_group[taken]
    return plan if part.is_legal(plan) else None
