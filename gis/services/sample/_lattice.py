"""The ground plan: warped lines that cut the street into blocks, with a canal and a railway between some of them.

Every edge is one row of points that both its blocks and its road use, so areas tile and roads meet exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.services.sample._chance import stream

if TYPE_CHECKING:
    from random import Random

    import numpy.typing as npt

    Points = npt.NDArray[np.float64]

Block = tuple[int, int]
Edge = tuple[str, int, int]

LINES = 12  # normal blocks in each direction
AREA_M2 = 24.0e6  # domain.md A01: a street of about 24 km²
CANAL_M, RAIL_M = 110.0, 90.0
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)  # points along an edge; the middle one is where a gate opens
BRIDGES = 4


@dataclass(frozen=True, slots=True)
class Warp:
    """A smooth bend of straight lines: amplitude (metres), wave length (metres), phase for x and for y."""

    angle: float
    waves: tuple[tuple[float, float, float], ...]

    def __call__(self, xy: Points) -> Points:
        """Bend points of shape (n, 2) and turn them about the origin; rounded to the centimetre."""
        x, y = xy[:, 0], xy[:, 1]
        (ax, lx, px), (ay, ly, py) = self.waves
        bent_x = x + ax * np.sin(2 * math.pi * y / lx + px) + 0.4 * ax * np.sin(2 * math.pi * x / ly)
        bent_y = y + ay * np.sin(2 * math.pi * x / ly + py) + 0.4 * ay * np.sin(2 * math.pi * y / lx)
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        turned: Points = np.column_stack([cos * bent_x - sin * bent_y, sin * bent_x + cos * bent_y]).round(2)
        return turned


@dataclass(frozen=True)
class Lattice:
    """Blocks (column, row) and the edges around them.

    Attributes
    ----------
    across, along
        Positions of the lines before bending: `along[c]` is the x of a line that runs north, metres.
    row_span
        First and last column of each row of blocks.
    canal_row, rail_column
        The thin row and the thin column.
    bridges, underpasses
        Lines along which one crosses the canal, and lines along which one crosses the railway.
    """

    along: tuple[float, ...]
    across: tuple[float, ...]
    row_span: tuple[tuple[int, int], ...]
    canal_row: int
    rail_column: int
    bridges: frozenset[int]
    underpasses: frozenset[int]
    warp: Warp

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, row by row."""
        return tuple((c, r) for r, (low, high) in enumerate(self.row_span) for c in range(low, high + 1))

    def is_thin(self, block: Block) -> bool:
        """Whether the canal or the railway runs through the block."""
        return block[0] == self.rail_column or block[1] == self.canal_row

    def points(self, edge: Edge) -> Points:
        """Return the points of an edge, shape (5, 2), west to east or south to north."""
        kind, c, r = edge
        start = np.array([self.along[c], self.across[r]])
        end = np.array([self.along[c + 1], self.across[r]] if kind == "h" else [self.along[c], self.across[r + 1]])
        return self.warp(start + np.outer(np.array(STEPS), end - start))

    def around(self, block: Block) -> tuple[Edge, Edge, Edge, Edge]:
        """Return the southern, eastern, northern and western edge of a block."""
        c, r = block
        return ("h", c, r), ("v", c + 1, r), ("h", c, r + 1), ("v", c, r)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All edges of all blocks, in a fixed order."""
        return tuple(sorted({edge for block in self.blocks for edge in self.around(block)}))

    def is_cut(self, edge: Edge) -> bool:
        """Whether the edge would cross the canal or the railway where nothing leads across."""
        kind, c, r = edge
        if kind == "v" and r == self.canal_row:
            return c not in self.bridges
        return kind == "h" and c == self.rail_column and r not in self.underpasses

    @cached_property
    def shape(self) -> dict[Block, shapely.Polygon]:
        """Polygon of each block."""
        return {block: self._polygon(block) for block in self.blocks}

    def _polygon(self, block: Block) -> shapely.Polygon:
        south, east, north, west = (self.points(edge) for edge in self.around(block))
        ring = np.concatenate([south, east[1:], north[::-1][1:], west[::-1][1:]])
        return shapely.Polygon(ring)

    def barrier(self, *, is_canal: bool) -> shapely.LineString:
        """Return the middle line of the canal or of the railway."""
        if is_canal:
            low, high = self.row_span[self.canal_row]
            y = (self.across[self.canal_row] + self.across[self.canal_row + 1]) / 2
            xs = np.linspace(self.along[low], self.along[high + 1], 4 * (high - low + 1) + 1)
            return shapely.LineString(self.warp(np.column_stack([xs, np.full(len(xs), y)])))
        rows = [r for r, (low, high) in enumerate(self.row_span) if low <= self.rail_column <= high]
        x = (self.along[self.rail_column] + self.along[self.rail_column + 1]) / 2
        ys = np.linspace(self.across[rows[0]], self.across[rows[-1] + 1], 4 * len(rows) + 1)
        return shapely.LineString(self.warp(np.column_stack([np.full(len(ys), x), ys])))


def make_lattice(seed: int) -> Lattice:
    """Draw the ground plan of one street."""
    chance = stream(seed, "lattice")
    canal_row, rail_column = chance.randint(4, 7), chance.randint(4, 7)
    widths = _widths(chance, rail_column, RAIL_M)
    heights = _widths(chance, canal_row, CANAL_M)
    spans = _spans(chance, len(heights), len(widths))
    area = sum(heights[r] * sum(widths[low : high + 1]) for r, (low, high) in enumerate(spans))
    scale = math.sqrt(AREA_M2 / area)
    waves = tuple((chance.uniform(60, 95), chance.uniform(4200, 6000), chance.uniform(0, 6.28)) for _ in "xy")
    return Lattice(
        along=_lines(widths, scale),
        across=_lines(heights, scale),
        row_span=tuple(spans),
        canal_row=canal_row,
        rail_column=rail_column,
        bridges=_crossings(chance, rail_column, *spans[canal_row]),
        underpasses=_crossings(chance, canal_row, 0, len(heights) - 1),
        warp=Warp(math.radians(chance.uniform(-11, 11)), waves),
    )


def _widths(chance: Random, thin: int, thin_m: float) -> list[float]:
    widths = [chance.uniform(370, 480) for _ in range(LINES)]
    widths.insert(thin, thin_m)
    return widths


def _lines(widths: list[float], scale: float) -> tuple[float, ...]:
    places = np.concatenate([[0.0], np.cumsum(widths)]) * scale
    return tuple(float(place) for place in places - places[-1] / 2)


def _spans(chance: Random, rows: int, columns: int) -> list[tuple[int, int]]:
    """Trim the corners: rows near the top and the bottom lose blocks at either end."""
    spans = []
    for r in range(rows):
        near = min(r, rows - 1 - r)
        most = max(0, 3 - near)
        low, high = (chance.randint(max(0, most - 1), most) for _ in "we")
        spans.append((low, columns - 1 - high))
    return spans


def _crossings(chance: Random, barrier: int, low: int, high: int) -> frozenset[int]:
    """Pick the few lines that lead across, some on either side of the other barrier."""
    before = [line for line in range(low + 1, barrier + 1) if line % 2 == 1] or [low + 1]
    after = [line for line in range(barrier + 1, high + 1) if line % 2 == 0] or [high]
    half = BRIDGES // 2
    picked = chance.sample(before, min(half, len(before))) + chance.sample(after, min(half, len(after)))
    return frozenset(picked)
