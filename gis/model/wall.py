"""大屏上的地图: members in transition by where they live, from the street down to single buildings, as counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from gis.model.kpis import KpiBoard


class WallLevel(Labelled):
    """Levels of the map, from the top down."""

    STREET = "street", "街道"
    COMMUNITY = "community", "社区（村）"
    GRID = "grid", "网格"
    BUILDING = "building", "楼栋"


@dataclass(frozen=True, slots=True)
class WallCounts:
    """Members in transition, those of them in a group, and those reached this month; None is not shown."""

    transition: int | None
    grouped: int | None
    served: int | None


@dataclass(frozen=True, slots=True)
class WallPart:
    """Those of a place who live in none of the places inside it that the map has: 街道外, 住址不明, 未定位到网格."""

    label: str
    counts: WallCounts


@dataclass(frozen=True, slots=True)
class WallNode:
    """One place. `number` is the id of a grid or building; `code` that of the community it lies in.

    Of each measure that is shown, `counts` are the sum of what is shown of `children` and `others`, and of `rest`:
    those in parts that are not shown. Buildings without anybody, or without a figure, are not among the children.
    """

    key: str
    level: WallLevel
    number: int | None
    code: str
    name: str
    parent: str | None
    counts: WallCounts
    children: tuple[str, ...]
    others: tuple[WallPart, ...]
    rest: WallCounts


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything on the screen on the wall, from one reading: what is shown of map and board is safe together.

    `nodes` by key: `street`, `community/<code>`, `grid/<id>`, `building/<id>`; `suppress_below` 1: all is shown.
    """

    as_of: datetime
    day: date
    suppress_below: int
    definition: str
    nodes: Mapping[str, WallNode]
    board: KpiBoard

    @property
    def street(self) -> WallNode:
        """The whole."""
        return self.nodes["street"]

    def children(self, key: str) -> tuple[WallNode, ...]:
        """Return the places right inside a place."""
        return tuple(self.nodes[one] for one in self.nodes[key].children)
