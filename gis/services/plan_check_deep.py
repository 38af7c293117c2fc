"""Check what a plan says other places would cost: every figure is solved again from the start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gis.planning.grouping import solve_grouping
from gis.planning.problem import Status
from gis.planning.resolve import loss_between
from gis.services.plan_facts import Violation
from gis.services.plan_reading import place_key, seats_of
from gis.services.why_facts import SEED, read_why_facts, seats_of_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.access import Actor
    from gis.planning.problem import GroupingProblem, GroupingSolution
    from gis.planning.resolve import Loss
    from gis.services.why_facts import WhyFacts
    from gis.store.database import Store


def check_costs(
    actor: Actor, store: Store, document: dict[str, Any], *, seconds: float
) -> tuple[tuple[Violation, ...], int]:
    """Solve the whole problem again for every cost that the plan states.

    Returns
    -------
    violations, n_unchecked
        Costs that are wrong, and how many the time did not reach.

    Raises
    ------
    StaleError
        The data have changed since the plan was made: its costs are of other data.
    """
    facts = read_why_facts(actor, store, seats_of_document(document), seconds)
    before = _solved(facts, facts.given.problem)
    column = {place.key: number for number, place in enumerate(facts.given.places)}
    found: list[Violation] = []
    unchecked = 0
    for row, key, where, other in _stated(document, facts):
        after = None if before is None else _solved(facts, _locked(facts.given.problem, row, column[key]))
        if before is None or after is None:
            unchecked += 1
        elif (text := _difference(other, loss_between(before.score, after.score))) is not None:
            found.append(Violation("ALTERNATIVE_COST", where, text))
    return tuple(found), unchecked


def _stated(document: dict[str, Any], facts: WhyFacts) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    places = {place.key for place in facts.given.places}
    for group, seat in seats_of(document):
        row = facts.row_of.get(seat["member"])
        for other in seat.get("alternatives", []):
            key = str(other.get("host"))
            if row is not None and key in places and other.get("cost_known") and not other.get("rule"):
                yield row, key, f"小组 {group.get('id', place_key(group))} 党员 {seat['member']} 其他地点 {key}", other


def _solved(facts: WhyFacts, problem: GroupingProblem) -> GroupingSolution | None:
    seconds = facts.seconds_left()
    found = solve_grouping(problem, seconds=seconds, seed=SEED) if seconds > 0 else None
    return found if found is not None and found.status is Status.OPTIMAL else None


def _locked(problem: GroupingProblem, row: int, column: int) -> GroupingProblem:
    locks = problem.locked_host.copy()
    locks[row] = column
    return replace(problem, locked_host=locks)


def _difference(other: dict[str, Any], loss: Loss) -> str | None:
    if (other.get("cost_seats"), other.get("cost_m")) == (loss.unseated, loss.cost_m):
        return None
    said = f"少安排 {other.get('cost_seats')} 人、多走 {other.get('cost_m')} 米"
    return f"方案写{said}，重新求解为少安排 {loss.unseated} 人、多走 {loss.cost_m} 米"
