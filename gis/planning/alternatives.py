"""The best other hosts of a seated member: what each would cost, everybody else free to move, or which rule bars it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.explain import RULES, Alternative, WhyNot, why_not
from gis.planning.problem import NO_LOCK

if TYPE_CHECKING:
    from gis.planning.resolve import Loss, Resolver
    from gis.planning.standing import Standing

MOST = 3


def best_alternatives(standing: Standing, i: int, resolver: Resolver) -> tuple[Alternative, ...]:
    """Name up to three other hosts: the cheapest first, then (nearest first) those that a rule bars.

    A host whose cost the time did not reach to prove stands between them, without a cost. When all are proven no host
    that is not named costs less than one that is.

    Parameters
    ----------
    i
        Number within the team; a member with a seat.
    """
    p, member = standing.problem, int(standing.member[i])
    here, walk = int(standing.host[i]), standing.problem.walk_m[i]
    legal = set() if p.locked_host[i] != NO_LOCK else set(resolver.hosts_of(member)) - {here}
    reached = [int(k) for k in np.argsort(walk, kind="stable") if k != here and np.isfinite(walk[k])]
    found = [
        _costed(standing, i, k, resolver.loss_of_seat(member, k)) if k in legal else _barred(standing, i, k)
        for k in _needed(reached, legal)
    ]
    return tuple(sorted(found, key=_rank))[:MOST]


def _needed(reached: list[int], legal: set[int]) -> list[int]:
    """Leave out the barred beyond the nearest few: they would not be named."""
    barred = [k for k in reached if k not in legal][:MOST]
    return [k for k in reached if k in legal or k in barred]


def _costed(standing: Standing, i: int, k: int, loss: Loss | None) -> Alternative:
    walk = float(standing.problem.walk_m[i, k])
    if loss is not None and loss.decisions > 0:
        return Alternative(k, walk, WhyNot.NO_PLAN, 0)
    return Alternative(k, walk, *why_not(standing, i, k), loss)


def _barred(standing: Standing, i: int, k: int) -> Alternative:
    code, amount = why_not(standing, i, k)
    walk = float(standing.problem.walk_m[i, k])
    return Alternative(k, walk, code, amount) if code in RULES else Alternative(k, walk, WhyNot.NO_PLAN, 0)


def _rank(one: Alternative) -> tuple[int, tuple[int, ...], float, int]:
    if one.loss is not None:
        order = (one.loss.decisions, one.loss.unseated, one.loss.groups, one.loss.longest_m, one.loss.cost_m)
        return 0, order, one.walk_m, one.host
    return (2 if one.why_not in RULES else 1), (), one.walk_m, one.host
