"""Chance as an argument: one independent stream of numbers for each part of the sample."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

#: The day the made-up street is described on; ages and terms are counted from it, so that a seed says it all.
AS_OF = date(2026, 6, 1)


def stream(seed: int, part: str) -> Random:
    """Return the numbers of one part; other parts may change without changing them."""
    return Random(f"青禾 {seed} {part}")  # noqa: S311  # makes data, protects nothing


def weighted(chance: Random, choices: Sequence[tuple[T, float]]) -> T:
    """Draw one of (value, weight)."""
    values = [value for value, _ in choices]
    return chance.choices(values, [weight for _, weight in choices])[0]


def spread(total: int, weights: Sequence[float]) -> list[int]:
    """Share `total` in whole numbers by weight; the largest remainders get the rest."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares
