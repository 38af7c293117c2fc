"""How few moves a re-plan makes: made-up streets, adopted, some members moved home, planned again and from scratch."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gis.model.access import Action
from gis.model.enums import Precision
from gis.model.people import Residence
from gis.model.plan import GroupingRequest
from gis.planning.candidates import may_sit
from gis.planning.grouping import solve_grouping
from gis.planning.problem import UNSEATED
from gis.services.access import require
from gis.services.adopting import adopt_groups
from gis.services.describing import seat_changes
from gis.services.grouping import propose_groups, read_grouping
from gis.services.replanning import PRICES_M
from gis.services.sample.street import SampleRequest, sample_street
from gis.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gis.model.access import Actor
    from gis.planning.problem import GroupingSolution
    from gis.services.grouping_input import GroupingInput

AS_OF = datetime(2026, 11, 21)  # noqa: DTZ001  # the store's clock is naive UTC; ages count from it
MEMBERS = 1366
FREE_M, DEAR_M = PRICES_M[0], PRICES_M[-1]
TRIALS = 6
MORE_CHANGES, MORE_WALK = 2, 0.01  # the bar: so many changes beyond those forced, at so much more walk


@dataclass(frozen=True, slots=True)
class ReplanResult:
    """One street planned again after some members moved home.

    Attributes
    ----------
    moved, seated
        Members who moved; seats of the new plan, as many as without the groups in force.
    forced, lost
        Changes that no plan with as many seats avoids: the fewest there can be, found with changes first. Of them
        `lost` give up a seat that is not legal any more, or whose group cannot stand with those who are left; the
        others make room. A group may also be saved by members who had no seat, so fewer can be lost here than where
        walks count.
    changes, beyond
        Changes of the new plan at the usual price of a change, and how many of them are not forced.
    mean_walk_m, scratch_mean_walk_m, extra_walk
        Of the new plan, of a plan from scratch with `scratch_changes`, and how much longer the first is, as a share.
    is_met
        At most 2 changes beyond those forced at no more than 1 % more walk.
    is_possible
        False: proven that no plan whatever meets this (from the bounds of plans at several prices of a change).
    """

    seed: int
    moved: int
    seated: int
    lost: int
    forced: int
    changes: int
    beyond: int
    mean_walk_m: float
    scratch_changes: int
    scratch_mean_walk_m: float
    extra_walk: float
    is_met: bool
    is_possible: bool
    seconds: float


def bench_replan(
    actor: Actor, seeds: Iterable[int], *, share: float = 0.05, seconds: float = 20.0
) -> Iterator[ReplanResult]:
    """Measure re-planning on one made-up street per seed, in a database that is gone afterwards.

    Parameters
    ----------
    share
        Of the members planned for, so many move to another building of the street, by chance.
    seconds
        For each plan at most.
    """
    require(actor, Action.IMPORT_DATA)
    for seed in seeds:
        with tempfile.TemporaryDirectory(prefix="jiujin-") as folder:
            url = f"sqlite:///{Path(folder) / 'street.db'}"
            with closing(Store.open(url, clock=lambda: AS_OF)) as store:
                yield _measure(actor, store, seed, share, seconds)


def _measure(actor: Actor, store: Store, seed: int, share: float, seconds: float) -> ReplanResult:
    start, request = perf_counter(), GroupingRequest(seconds=seconds, seed=0)
    sample_street(actor, store, SampleRequest(seed, MEMBERS, None))
    adopt_groups(actor, store, propose_groups(actor, store, request))
    moved = _move_homes(actor, store, seed, share)
    given = read_grouping(actor, store, request).given
    usual = request.settings.change_cost_m
    plans = {price: _solve(given, price, seconds) for price in sorted({FREE_M, usual, DEAR_M})}
    changes = {price: seat_changes(given, plan.host) for price, plan in plans.items()}
    walk = {price: _mean_walk(given, plan) for price, plan in plans.items()}
    forced = len(changes[DEAR_M])
    beyond, extra = len(changes[usual]) - forced, walk[usual] / max(walk[FREE_M], 1e-9) - 1
    is_met = beyond <= MORE_CHANGES and extra <= MORE_WALK
    return ReplanResult(
        seed=seed,
        moved=moved,
        seated=int((plans[usual].host != UNSEATED).sum()),
        lost=sum(bool(one.why_forced) for one in changes[DEAR_M]),
        forced=forced,
        changes=len(changes[usual]),
        beyond=beyond,
        mean_walk_m=round(walk[usual], 1),
        scratch_changes=len(changes[FREE_M]),
        scratch_mean_walk_m=round(walk[FREE_M], 1),
        extra_walk=round(extra, 4),
        is_met=is_met,
        is_possible=is_met or _may_be_met(given, plans, forced, seconds),
        seconds=round(perf_counter() - start, 1),
    )


def _solve(given: GroupingInput, price_m: int, seconds: float) -> GroupingSolution:
    rules = replace(given.problem.rules, change_cost_m=price_m)
    return solve_grouping(replace(given.problem, rules=rules), seconds=seconds, seed=0)


def _mean_walk(given: GroupingInput, solution: GroupingSolution) -> float:
    seated = np.flatnonzero(solution.host != UNSEATED)
    return float(given.walks.walk_m[seated, solution.host[seated]].mean()) if len(seated) else 0.0


def _may_be_met(given: GroupingInput, plans: dict[int, GroupingSolution], forced: int, seconds: float) -> bool:
    """Tell whether a plan within the bar might exist, in weighted metres with sizes.

    A plan with k changes costs, at price p, p·k more than without; so no plan with at most k changes costs less than
    the bound at p without p·k. The best price lies where a plan with few changes and one with many cost the same.
    """
    most = forced + MORE_CHANGES - _dropped(given, plans[FREE_M])
    allowed = (1 + MORE_WALK) * plans[FREE_M].score.cost_m
    few, many = _priced(given, plans[DEAR_M], DEAR_M), _priced(given, plans[FREE_M], FREE_M)
    for _ in range(TRIALS):
        if few[1] >= many[1]:
            return True
        price = max(round((few[0] - many[0]) / (many[1] - few[1])), 1)
        solution = _solve(given, price, seconds)
        if solution.score_bound.cost_m - price * most > allowed:
            return False
        found = _priced(given, solution, price)
        if found in (few, many):
            return True
        few, many = (found, many) if found[1] <= most else (few, found)
    return True


def _dropped(given: GroupingInput, scratch: GroupingSolution) -> int:
    """Count at least how many lose a seat in force and get none, in any plan with as many seats: a change for nothing.

    More have a seat in force than there are seats, or cannot be seated anywhere.
    """
    held, seated = given.problem.current_host, int((scratch.host != UNSEATED).sum())
    able = 0 if held is None else int(((held != UNSEATED) & may_sit(given.problem).any(axis=1)).sum())
    return len(given.force.seat) - min(able, seated)


def _priced(given: GroupingInput, solution: GroupingSolution, price_m: int) -> tuple[int, int]:
    """Return the cost of a plan without its changes, and how many changes were paid for."""
    held = given.problem.current_host
    paid = (
        0 if held is None else int(((held != UNSEATED) & (solution.host != UNSEATED) & (held != solution.host)).sum())
    )
    return solution.score.cost_m - price_m * paid, paid


def _move_homes(actor: Actor, store: Store, seed: int, share: float) -> int:
    """Move a share of the transition members to other buildings with an address, one by one, by chance."""
    chance = Random(seed)  # noqa: S311  # a made-up street
    with store.reading(actor.scope) as reader:
        members = [member for member in reader.members(in_transition_only=True) if member.id is not None]
        buildings = [one for one in reader.buildings() if one.estate and one.id is not None]
    located = [member for member in members if member.residence is not None and member.residence.building_id]
    movers = chance.sample(located, min(len(located), max(1, round(share * len(members)))))
    with store.writing(actor, Action.IMPORT_DATA) as writer:
        for member in movers:
            old = member.residence.building_id if member.residence else None
            new = chance.choice([one for one in buildings if one.id != old])
            home = Residence(
                new.label, Precision.BUILDING, building_id=new.id, estate_id=new.estate_id, shape=new.shape
            )
            if member.id is not None:
                writer.move(member.id, home)
        writer.say(f"虚构街道：{len(movers)} 名党员迁居")
    return len(movers)
