"""Checks of grids against each other, their community and the buildings; measured in metres, never repaired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gis.spatial.crs import Geometries

TOLERANCE_M2 = 1.0  # domain.md 3.2; below it two drawings of one boundary differ by rounding only
NOT_IN_GRID = -1


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two grids that cover the same ground."""

    first: str
    second: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class Misfit:
    """How the grids of a community fail to fill it: what is left open and what sticks out."""

    community_code: str
    gap_m2: float
    gap_parts: int
    outside_m2: float


@dataclass(frozen=True, slots=True)
class Membership:
    """Which grid each building is in.

    `grid` has shape (n_buildings,): the position of its only grid, or NOT_IN_GRID; `hits` is the number of grids.
    """

    grid: NDArray[np.int64]
    hits: NDArray[np.int64]


def overlaps(codes: Sequence[str], shapes: Geometries) -> tuple[Overlap, ...]:
    """List pairs of grids that overlap by more than 1 m², largest first; `shapes` of shape (n,) in metres."""
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    area = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    found = [
        Overlap(min(codes[a], codes[b]), max(codes[a], codes[b]), round(float(size), 1))
        for a, b, size in zip(left.tolist(), right.tolist(), area.tolist(), strict=True)
        if size > TOLERANCE_M2
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.area_m2, pair.first, pair.second)))


def misfits(
    community_of: Sequence[str], shapes: Geometries, communities: Mapping[str, shapely.Geometry]
) -> tuple[Misfit, ...]:
    """Compare the union of each community's grids with the community; communities in order of code.

    Parameters
    ----------
    community_of, shapes
        Code of each grid's community and the grids in metres, both of shape (n,).
    communities
        Code → boundary in the same metric CRS; a community without any grid is not compared.
    """
    found = []
    for code in sorted(set(community_of) & communities.keys()):
        own = shapes[[position for position, name in enumerate(community_of) if name == code]]
        covered = shapely.union_all(own)
        gap = shapely.difference(communities[code], covered)
        parts = [part for part in shapely.get_parts(gap) if shapely.area(part) > TOLERANCE_M2]
        gap_m2 = float(sum(shapely.area(part) for part in parts))
        outside = shapely.get_parts(shapely.difference(covered, communities[code]))
        outside_m2 = float(sum(size for size in shapely.area(outside).tolist() if size > TOLERANCE_M2))
        if gap_m2 > 0 or outside_m2 > 0:
            found.append(Misfit(code, round(gap_m2, 1), len(parts), round(outside_m2, 1)))
    return tuple(found)


def grid_of_points(points: Geometries, grids: Geometries) -> Membership:
    """Find the grid of each building by its representative point; both in one CRS, buildings of shape (n,).

    A point on a shared boundary belongs to the grid that comes first, so that it is in exactly one.
    """
    inner, grid = shapely.STRtree(grids).query(points, predicate="within")
    hits = np.bincount(inner, minlength=len(points)).astype(np.int64)
    only = np.full(len(points), NOT_IN_GRID, dtype=np.int64)
    only[inner] = grid
    only[hits != 1] = NOT_IN_GRID
    on_edge = np.flatnonzero(hits == 0)
    if len(on_edge):
        edge, near = shapely.STRtree(grids).query(points[on_edge], predicate="intersects")
        for position, found in sorted(zip(on_edge[edge].tolist(), near.tolist(), strict=True), reverse=True):
            only[position], hits[position] = found, 1
    return Membership(only, hits)


def representative_points(shapes: Geometries) -> Geometries:
    """Return a point inside each shape of shape (n,); None stays None."""
    points: Geometries = shapely.point_on_surface(shapes)
    return points
