"""Few moves: how many changes against the groups in force buy how much shorter walks, to choose from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import NotFoundError
from gis.model.plan import CurvePoint
from gis.planning.grouping import solve_grouping
from gis.planning.problem import UNSEATED
from gis.services.describing import seat_changes
from gis.services.grouping import read_grouping, watcher_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.plan import GroupingRequest
    from gis.planning.problem import GroupingSolution
    from gis.services.grouping import Watch
    from gis.services.grouping_input import GroupingInput
    from gis.store.database import Store

#: Prices of one change that are tried, in walked metres; at the last nobody moves who need not.
PRICES_M = (0, 25, 50, 100, 200, 400, 800, 1600, 20_000)


def change_curve(
    actor: Actor,
    store: Store,
    request: GroupingRequest,
    prices_m: Sequence[int] = PRICES_M,
    watch: Watch | None = None,
) -> tuple[CurvePoint, ...]:
    """Plan again at several prices of a change and keep the plans of which none is better in both.

    Each point is solved anew with a share of `request.seconds`; seats come before walks and changes at every price.

    Returns
    -------
    points
        By number of changes; more changes always buy a shorter mean walk. At least one.

    Raises
    ------
    DeniedError, InputError
        As `propose_groups`.
    NotFoundError
        No groups are in force: there is nothing to change.
    """
    given = read_grouping(actor, store, request).given
    if not given.force.seat:
        msg = "所选支部还没有现行小组，无从比较变动：请直接测算"
        raise NotFoundError(msg)
    points, share, told = [], request.seconds / len(prices_m), watcher_of(watch)
    for price in prices_m:
        rules = replace(given.problem.rules, change_cost_m=int(price))
        problem = replace(given.problem, rules=rules)
        solution = solve_grouping(problem, seconds=share, seed=request.seed, watch=told)
        points.append(_point(given, solution, int(price)))
    return _frontier(points)


def _point(given: GroupingInput, solution: GroupingSolution, price_m: int) -> CurvePoint:
    changes = seat_changes(given, solution.host)
    seated = np.flatnonzero(solution.host != UNSEATED)
    walks = given.walks.walk_m[seated, solution.host[seated]]
    return CurvePoint(
        changes=len(changes),
        forced_changes=sum(bool(one.why_forced) for one in changes),
        mean_walk_m=round(float(walks.mean()), 1) if len(walks) else 0.0,
        seated=len(seated),
        change_cost_m=price_m,
    )


def _frontier(points: Sequence[CurvePoint]) -> tuple[CurvePoint, ...]:
    """Keep the plans with the most seats of which no other has fewer changes and no longer walks."""
    most = max(point.seated for point in points)
    kept: list[CurvePoint] = []
    for point in sorted(points, key=lambda one: (one.changes, one.mean_walk_m, one.change_cost_m)):
        if point.seated == most and (not kept or point.mean_walk_m < kept[-1].mean_walk_m):
            kept.append(point)
    return tuple(kept)
