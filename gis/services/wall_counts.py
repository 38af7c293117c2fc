"""大屏的地图: members in transition by where they live, down to single buildings, together with the board of figures.

What is shown of both is chosen in one go. Counted again only where something or the day has changed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gis.model.access import Action
from gis.model.kpis import KpiKey
from gis.model.wall import Wall, WallCounts, WallLevel, WallNode, WallPart
from gis.services.access import require
from gis.services.kpi import count_board
from gis.services.kpis_counting import OUTSIDE, UNKNOWN, home_of
from gis.services.on_wall import OnWall, kept_now
from gis.services.served_words import DEFINITION as SERVED_DEFINITION
from gis.services.tree_suppress import Beside, Level, Tree, shown_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.services.kpi import Counted
    from gis.store.database import Store
    from gis.store.readers.kpis import GridName

    BoolArray = NDArray[np.bool_]
    IntArray = NDArray[np.int64]

STREET, NO_GRID, NO_BUILDING = "全部", "未定位到网格", "未标到楼栋"
DEFINITION = (
    "在册的过渡期党员，按现住址所在的社区、网格、楼栋计；已编组：编入支委会确认、没有停止的临时党小组的；"
    f"本月服务：{SERVED_DEFINITION}。本人不愿在楼栋上显示的，只计到网格"
)


def wall_now(actor: Actor, store: Store) -> Wall:
    """Return map and board as of this moment; counted anew only where something or the day has changed."""
    now = store.clock()
    wall, _ = _now(actor, store)
    return replace(wall, as_of=now, board=replace(wall.board, as_of=now))


def on_wall_now(actor: Actor, store: Store) -> OnWall:
    """Return who counts in what the wall shows."""
    return _now(actor, store)[1]


def _now(actor: Actor, store: Store) -> tuple[Wall, OnWall]:
    return kept_now(actor, store, "wall", lambda: _count(actor, store))


def read_wall(actor: Actor, store: Store) -> Wall:
    """Count the actor's scope; see `gis.model.wall`."""
    require(actor, Action.VIEW_KPIS)
    return _count(actor, store)[0]


def _count(actor: Actor, store: Store) -> tuple[Wall, OnWall]:
    counted = count_board(actor, store)
    with store.reading(actor.scope) as reader:
        ground = _Ground.of(counted, reader.grid_names())
    below = counted.board.suppress_below
    tree = ground.tree(counted)
    beside = Beside(counted.sets.masks(counted.shown), _flows(counted))
    shown = shown_counts(tree, ground.first(counted, tree), beside, below)
    made = _Nodes(ground, tree, shown, is_told=below <= 1)
    with store.reading(actor.scope) as reader:
        nodes = made.nodes(reader.building_names(made.buildings()))
    wall = Wall(counted.board.as_of, counted.board.day, below, DEFINITION, nodes, counted.board)
    return wall, OnWall(counted.counting.people, counted.counting.moving, tree, shown, beside, below)


def _flows(counted: Counted) -> BoolArray:
    """Return the flows that are shown, (n, n_persons): row k has the k-th flow to each community."""
    moves = counted.sets.moves
    number: Counter[int] = Counter()
    row = np.full(len(moves.flows) + 1, -1)
    for flow in (int(one) for one in np.nonzero(counted.flows)[0]):
        home = int(moves.flow_home[flow])
        row[flow] = number[home]
        number[home] += 1
    at = row[moves.flow_at]
    most = max(number.values(), default=0)
    return np.array([at == k for k in range(most)], dtype=np.bool_).reshape(most, len(at))


@dataclass(frozen=True)
class _Ground:
    """Which places there are, by number: communities by code and the two ends without one, grids, buildings.

    Place k of the grids is `grids[k]`; after them one for each community, for who is in none of its grids. So with
    the buildings, after which there is one for each place of the grids.
    """

    codes: tuple[str, ...]
    names: Mapping[str, str]
    grids: tuple[GridName, ...]
    building_ids: tuple[int, ...]
    building_grid: tuple[int, ...]

    @classmethod
    def of(cls, counted: Counted, grids: Sequence[GridName]) -> _Ground:
        """Take every community and grid, and the buildings where somebody is counted."""
        counting = counted.counting
        used = {home_of(one) for one, is_in in zip(counting.people, counting.moving, strict=True) if is_in}
        codes = sorted({one.code for one in grids if one.code} | used - {OUTSIDE, UNKNOWN})
        listed = tuple(one for one in grids if one.code)
        number = {one.id: place for place, one in enumerate(listed)}
        homes = {one.home for one, is_in in zip(counting.people, counting.moving, strict=True) if is_in}
        pairs = sorted(
            {(one.building_id, number[one.grid_id]) for one in homes if one.building_id if one.grid_id in number}
        )
        return cls(
            (*codes, OUTSIDE, UNKNOWN),
            counted.names,
            listed,
            tuple(building for building, _ in pairs),
            tuple(grid for _, grid in pairs),
        )

    def tree(self, counted: Counted) -> Tree:
        """Say of each person where it is counted."""
        counting = counted.counting
        code_at = {code: place for place, code in enumerate(self.codes)}
        grid_at = {one.id: place for place, one in enumerate(self.grids)}
        building_at = {number: place for place, number in enumerate(self.building_ids)}
        n_codes, n_grids, n_buildings = len(self.codes), len(self.grids), len(self.building_ids)
        at = np.full((4, len(counting.people)), -1, dtype=np.int64)
        for row in (int(one) for one in np.nonzero(counting.moving)[0]):
            one = counting.people[row]
            code = code_at[home_of(one)]
            at[:2, row] = 0, code
            if code < n_codes - 2:
                grid = grid_at.get(one.home.grid_id or 0, n_grids + code)
                at[2, row] = grid
                if grid < n_grids:
                    at[3, row] = building_at.get(one.home.building_id or 0, n_buildings + grid)
        in_code = np.array([*(code_at[one.code] for one in self.grids), *range(n_codes)], dtype=np.int64)
        in_grid = np.array([*self.building_grid, *range(n_grids)], dtype=np.int64)
        levels = (
            Level(at[0], np.zeros(1, dtype=np.int64)),
            Level(at[1], np.zeros(n_codes, dtype=np.int64)),
            Level(at[2], in_code),
            Level(at[3], in_grid, is_listed=False),
        )
        return Tree(levels, np.array([counting.moving, counting.grouped, counting.served], dtype=np.bool_))

    def first(self, counted: Counted, tree: Tree) -> list[BoolArray]:
        """Return what the board has chosen: the whole, and who lives in each community."""
        keys = (KpiKey.TRANSITION.value, KpiKey.GROUPED.value, KpiKey.SERVED.value)
        top = np.array([[key in counted.shown for key in keys]], dtype=np.bool_)
        homes = np.zeros((len(self.codes), len(tree.measures)), dtype=np.bool_)
        named = [f"home/{code}" for code in self.codes]
        # Where nobody lives that is known, unless it would tell that those left out are in few places
        is_whole = all(name in counted.shown or name not in counted.sets.figures for name in named)
        is_any = any(name in counted.shown for name in named)
        homes[:, 0] = [
            name in counted.shown or (name not in counted.sets.figures and (is_whole or is_any)) for name in named
        ]
        return [top, homes & top[:, :1]]


class _About(NamedTuple):
    """A place by level and number, and what it is called."""

    level: WallLevel
    place: int
    number: int | None
    code: str
    name: str
    parent: str | None


class _Nodes:
    """The places that are shown, put into words."""

    def __init__(self, ground: _Ground, tree: Tree, shown: Sequence[BoolArray], *, is_told: bool) -> None:
        self.ground, self.shown, self.is_told = ground, shown, is_told
        self.counts = [tree.counts(level) for level in range(len(tree.levels))]
        self.in_code, self.in_grid = tree.levels[2].inside, tree.levels[3].inside

    def buildings(self) -> list[int]:
        """Return the ids of the buildings with a figure."""
        return [self.ground.building_ids[place] for place in self._buildings()]

    def _buildings(self) -> list[int]:
        return [place for place in range(len(self.ground.building_ids)) if self.shown[3][place, 0]]

    def nodes(self, names: Mapping[int, str]) -> dict[str, WallNode]:
        """Return all places by key, from the top down."""
        ground, n_codes, n_grids = self.ground, len(self.ground.codes) - 2, len(self.ground.grids)
        grids_in: list[list[int]] = [[] for _ in range(n_codes)]
        for place in range(n_grids):
            grids_in[self.in_code[place]].append(place)
        buildings_in: list[list[int]] = [[] for _ in range(n_grids)]
        for place in self._buildings():
            buildings_in[self.in_grid[place]].append(place)
        outside = [WallPart(ground.codes[k], self._of(1, k)) for k in (n_codes, n_codes + 1)]
        found = [self._node(_About(WallLevel.STREET, 0, None, "", STREET, None), range(n_codes), outside)]
        for place, code in enumerate(ground.codes[:-2]):
            about = _About(WallLevel.COMMUNITY, place, None, code, ground.names.get(code, code), "street")
            others = [WallPart(NO_GRID, self._of(2, n_grids + place))]
            found.append(self._node(about, grids_in[place], others))
        for place, grid in enumerate(ground.grids):
            about = _About(WallLevel.GRID, place, grid.id, grid.code, grid.name, f"community/{grid.code}")
            others = [WallPart(NO_BUILDING, self._of(3, len(ground.building_ids) + place))] if self.is_told else []
            found.append(self._node(about, buildings_in[place], others))
        for place in self._buildings():
            number, grid = ground.building_ids[place], ground.grids[self.in_grid[place]]
            about = _About(WallLevel.BUILDING, place, number, grid.code, names.get(number, ""), f"grid/{grid.id}")
            found.append(self._node(about, (), []))
        return {one.key: one for one in found}

    def _of(self, level: int, place: int) -> WallCounts:
        numbers = [
            int(count) if is_shown else None
            for count, is_shown in zip(self.counts[level][place], self.shown[level][place], strict=True)
        ]
        return WallCounts(*numbers)

    def _key(self, level: int, place: int) -> str:
        ground = self.ground
        of_level = {
            1: lambda: f"community/{ground.codes[place]}",
            2: lambda: f"grid/{ground.grids[place].id}",
            3: lambda: f"building/{ground.building_ids[place]}",
        }
        return of_level[level]() if level else "street"

    def _node(self, about: _About, inside: Sequence[int], others: Sequence[WallPart]) -> WallNode:
        level = tuple(WallLevel).index(about.level)
        counts = self._of(level, about.place)
        is_last = about.level is WallLevel.BUILDING
        parts = [*(self._of(level + 1, one) for one in inside), *(one.counts for one in others)]
        return WallNode(
            key=self._key(level, about.place),
            level=about.level,
            number=about.number,
            code=about.code,
            name=about.name,
            parent=about.parent,
            counts=counts,
            children=tuple(self._key(level + 1, one) for one in inside),
            others=tuple(others),
            rest=WallCounts(0, 0, 0) if is_last else _rest(counts, parts),
        )


def _rest(whole: WallCounts, parts: Sequence[WallCounts]) -> WallCounts:
    """Return those of the whole who are in no part that is shown."""
    found = []
    for measure in ("transition", "grouped", "served"):
        count = getattr(whole, measure)
        found.append(None if count is None else count - sum(getattr(one, measure) or 0 for one in parts))
    return WallCounts(*found)
