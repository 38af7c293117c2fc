"""What is wrong with a layer's geometries, all of it at once and in the user's language; nothing is repaired."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.layers import Shape
from gis.spatial.crs import is_in_china, outside_reason, to_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis.spatial.crs import DeclaredCrs, Geometries

_FAMILY = {
    0: Shape.POINT,
    4: Shape.POINT,
    1: Shape.LINE,
    5: Shape.LINE,
    2: Shape.LINE,
    3: Shape.POLYGON,
    6: Shape.POLYGON,
}  # shapely's type numbers: point, line, ring, polygon and their multis; 7 is a collection
_TYPE_NAMES = ("点", "线", "环线", "面", "多点", "多线", "多面", "几何集合")
_INVALID = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "边界在一点上自相接",
    "Hole lies outside shell": "内洞在外边界之外",
    "Holes are nested": "内洞互相套叠",
    "Nested shells": "各部分互相重叠",
    "Interior is disconnected": "内部被内洞切断",
    "Duplicate Rings": "有重复的边界",
    "Too few points in geometry component": "点数太少，不成形",
    "Invalid Coordinate": "坐标不是有效的数",
    "Ring is not closed": "边界没有闭合",
}
_REASON = re.compile(r"^(?P<what>[^\[]+?)\s*(?:\[(?P<x>\S+) (?P<y>\S+?)\])?$")


@dataclass(frozen=True, slots=True)
class Placed:
    """Geometries in EPSG:4490 with the faults found on the way, as (position, message); bad ones are None."""

    geometry: Geometries
    faults: tuple[tuple[int, str], ...]
    all_outside: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """What geometries a layer may hold; `groups` keeps duplicates apart that are meant (a street and its village)."""

    shapes: frozenset[Shape]
    is_required: bool
    is_unique: bool
    groups: Sequence[str] | None = None


def place(
    geometry: Geometries,
    unreadable: NDArray[np.bool_],
    rows: Sequence[int],
    declared: DeclaredCrs,
    rules: PlaceRules,
) -> Placed:
    """Check geometries of shape (n,) as read from a file and convert them to EPSG:4490.

    `unreadable[i]` marks a None that the file did give something for; `rows[i]` is the row the user sees.
    `all_outside` holds the reason when every geometry lies outside China: then the declaration is wrong, not the rows.
    """
    faults = _missing(geometry, unreadable, rules)
    usable = geometry.copy()
    usable[[position for position, _ in faults]] = None
    stored = to_store(usable, declared)
    outside = _outside(usable, stored, declared)
    present = int((~shapely.is_missing(usable)).sum())
    if outside and len(outside) == present:
        return Placed(stored, tuple(faults), all_outside=outside[0][1])
    stored[[position for position, _ in outside]] = None
    invalid = _invalid(stored)
    repeated = _repeated(stored, rows, rules.groups) if rules.is_unique else []
    faults += outside + invalid + repeated
    stored[[position for position, _ in faults]] = None
    return Placed(stored, tuple(sorted(faults)))


def _missing(geometry: Geometries, unreadable: NDArray[np.bool_], rules: PlaceRules) -> list[tuple[int, str]]:
    allowed = "、".join(shape.label for shape in Shape if shape in rules.shapes)
    types = shapely.get_type_id(geometry)
    empty = shapely.is_empty(geometry)
    faults = []
    for position, (kind, is_empty) in enumerate(zip(types.tolist(), empty.tolist(), strict=True)):
        if unreadable[position]:
            faults.append((position, "几何无法读取：请在制图软件中重绘"))
        elif kind < 0 or is_empty:
            if rules.is_required or is_empty:
                faults.append((position, "几何为空：请补绘，或删去这一行"))
        elif _FAMILY.get(kind) not in rules.shapes:
            faults.append((position, f"几何类型是{_TYPE_NAMES[kind]}，应为{allowed}"))
    return faults


def _outside(source: Geometries, stored: Geometries, declared: DeclaredCrs) -> list[tuple[int, str]]:
    corners = shapely.bounds(stored)
    has = ~shapely.is_missing(stored)
    inside = is_in_china(corners[:, :2]) & is_in_china(corners[:, 2:])
    faults = []
    for position in np.flatnonzero(has & ~inside).tolist():
        before = shapely.get_coordinates(source[position])
        after = shapely.get_coordinates(stored[position])
        faults.append((position, outside_reason(before, after, declared) or "坐标不是有效的数"))
    return faults


def _invalid(stored: Geometries) -> list[tuple[int, str]]:
    bad = np.flatnonzero(~shapely.is_missing(stored) & ~shapely.is_valid(stored))
    return [(position, _invalid_text(shapely.is_valid_reason(stored[position]))) for position in bad.tolist()]


def _invalid_text(reason: str) -> str:
    found = _REASON.match(reason)
    what = _INVALID.get(found["what"], "形状无效") if found else "形状无效"
    where = f"（在 {float(found['x']):.6f}, {float(found['y']):.6f} 处）" if found and found["x"] else ""
    return f"几何无效：{what}{where}，请在制图软件中修正"


def _repeated(stored: Geometries, rows: Sequence[int], groups: Sequence[str] | None) -> list[tuple[int, str]]:
    """Find geometries that are the same whatever point or direction they start from."""
    present = np.flatnonzero(~shapely.is_missing(stored))
    prints = shapely.to_wkb(shapely.normalize(stored[present]))
    first: dict[tuple[str, bytes], int] = {}
    faults = []
    for position, print_ in zip(present.tolist(), prints.tolist(), strict=True):
        key = (groups[position] if groups else "", print_)
        if key in first:
            faults.append((position, f"几何与第 {rows[first[key]]} 行完全相同：请删去重复的一个"))
        else:
            first[key] = position
    return faults
