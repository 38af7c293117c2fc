"""Streets along the edges of blocks, named, without crossings where the canal or the railway bars the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.services.sample import _names as names
from gis.services.sample._chance import stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.services.sample._lattice import Block, Edge, Lattice

ARTERIAL_EVERY = 3
DROPPED_SHARE = 0.07  # streets that were never built through
FIRST_DOOR, DOOR_STEP = 6, 8


@dataclass(frozen=True, slots=True)
class Way:
    """One line of the road layer, metres."""

    name: str
    kind: str
    line: shapely.LineString
    is_walkable: bool = True


@dataclass(frozen=True)
class Streets:
    """Edges that are streets, and their names."""

    edges: frozenset[Edge]
    ways: tuple[Way, ...]

    def gate_edges(self, lattice: Lattice, block: Block) -> dict[str, Edge]:
        """Return the sides of a block where a street passes: S, E, N, W."""
        return {side: edge for side, edge in zip("SENW", lattice.around(block), strict=True) if edge in self.edges}


def street_name(edge: Edge) -> str:
    """Return the name of the line that an edge lies on."""
    kind, c, r = edge
    return names.STREETS_ACROSS[r % len(names.STREETS_ACROSS)] if kind == "h" else names.STREETS_ALONG[c % 16]


def door_number(edge: Edge, side: str) -> int:
    """Return the number of a gate on an edge: even numbers stand north and east of the street, odd ones opposite."""
    kind, c, r = edge
    return FIRST_DOOR + DOOR_STEP * (c if kind == "h" else r) + (side in "NE")


def make_streets(seed: int, lattice: Lattice) -> Streets:
    """Choose which edges are streets and join them into named lines."""
    chance = stream(seed, "streets")
    kept = [edge for edge in lattice.edges if not lattice.is_cut(edge)]
    minor = [edge for edge in kept if not _is_arterial(edge) and not _is_crossing(lattice, edge)]
    streets = set(kept)
    for edge in chance.sample(minor, round(DROPPED_SHARE * len(kept))):
        if _is_spare(streets, edge):
            streets.remove(edge)
    ways = [*_joined(lattice, streets), *_barriers(lattice)]
    return Streets(frozenset(streets), tuple(ways))


def _is_arterial(edge: Edge) -> bool:
    kind, c, r = edge
    return (r if kind == "h" else c) % ARTERIAL_EVERY == 0


def _is_crossing(lattice: Lattice, edge: Edge) -> bool:
    kind, c, r = edge
    return (kind == "v" and r == lattice.canal_row) or (kind == "h" and c == lattice.rail_column)


def _ends(edge: Edge) -> tuple[tuple[int, int], tuple[int, int]]:
    kind, c, r = edge
    return ((c, r), (c + 1, r)) if kind == "h" else ((c, r), (c, r + 1))


def _is_spare(streets: Iterable[Edge], edge: Edge) -> bool:
    """Whether one still gets from one end to the other without the edge."""
    links: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for other in streets:
        if other != edge:
            a, b = _ends(other)
            links.setdefault(a, []).append(b)
            links.setdefault(b, []).append(a)
    start, goal = _ends(edge)
    seen, queue = {start}, [start]
    while queue:
        for node in links.get(queue.pop(), ()):
            if node not in seen:
                seen.add(node)
                queue.append(node)
    return goal in seen


def _joined(lattice: Lattice, streets: set[Edge]) -> list[Way]:
    """Join edges that follow each other on a line into one way."""
    ways: list[Way] = []
    run: list[Edge] = []
    ordered = sorted(streets, key=lambda e: (e[0], e[2], e[1]) if e[0] == "h" else (e[0], e[1], e[2]))
    for edge in ordered:
        if run and (_ends(run[-1])[1] != _ends(edge)[0] or run[0][0] != edge[0]):
            ways.append(_way(lattice, run))
            run = []
        run.append(edge)
    if run:
        ways.append(_way(lattice, run))
    return ways


def _way(lattice: Lattice, run: list[Edge]) -> Way:
    points = np.concatenate([lattice.points(edge)[0 if i == 0 else 1 :] for i, edge in enumerate(run)])
    kind = "primary" if _is_arterial(run[0]) else "tertiary"
    return Way(street_name(run[0]), kind, shapely.LineString(points))


def _barriers(lattice: Lattice) -> list[Way]:
    return [
        Way(names.CANAL, "canal", lattice.barrier(is_canal=True), is_walkable=False),
        Way(names.RAILWAY, "rail", lattice.barrier(is_canal=False), is_walkable=False),
    ]
