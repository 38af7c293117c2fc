"""The figures above the map and in its grids; who sees counts only gets those of the wall, which are safe together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.ids import GridId
from gis.model.office_day import local_day
from gis.model.wall import WallLevel
from gis.services.access import require
from gis.services.settings import office_settings
from gis.services.suppress import hidden_cells, is_sum_safe
from gis.services.wall_counts import wall_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures above the map, for the members in transition of the actor's scope; None where not shown.

    `by_community` is the count of each grid's community, for who sees counts only; empty for others.
    """

    in_transition: int | None
    grouped: int | None
    groups: int
    by_grid: Mapping[GridId, int | None]
    as_of: date
    by_community: Mapping[GridId, int | None] = field(default_factory=dict)

    @property
    def is_by_community(self) -> bool:
        """Whether the grids tell too little to be shaded: more of those with members are blank than shown."""
        blank = sum(count is None for count in self.by_grid.values())
        return bool(self.by_community) and blank > sum(bool(count) for count in self.by_grid.values())


def overview(actor: Actor, store: Store) -> Overview:
    """Count members in transition, those seated and the groups, and members by grid.

    Roles that see counts only get no small count, and none from which a small one follows, also together with the
    figures of the wall and the flows.
    """
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        by_grid = reader.member_counts_by_grid()
        groups, grouped = reader.group_counts()
        as_of = local_day(reader.last_change() or store.clock())
        below = office_settings(reader).suppress_below
    if actor.scope.sees_people:
        counts = {grid: count for grid, count in by_grid.items() if grid is not None}
        return Overview(sum(by_grid.values()), grouped, groups, counts, as_of)
    if actor.may(Action.VIEW_KPIS):
        return _of_wall(actor, store, groups, as_of)
    whole, shown = _alone(by_grid, below)
    return Overview(whole, None, groups, shown, as_of)


def _of_wall(actor: Actor, store: Store, groups: int, as_of: date) -> Overview:
    wall = wall_now(actor, store)
    grids = {
        GridId(one.number): one for one in wall.nodes.values() if one.level is WallLevel.GRID and one.number is not None
    }
    by_grid = {grid: one.counts.transition for grid, one in grids.items()}
    above = {grid: wall.nodes[one.parent].counts.transition for grid, one in grids.items() if one.parent is not None}
    counts = wall.street.counts
    return Overview(counts.transition, counts.grouped, groups, by_grid, as_of, above)


def _alone(by_grid: Mapping[GridId | None, int], below: int) -> tuple[int | None, dict[GridId, int | None]]:
    """Choose for who sees no other figures: the whole, and the grids; who is in no grid is the rest."""
    whole = sum(by_grid.values())
    line = tuple(by_grid)
    hidden = hidden_cells(by_grid, [line], below)
    shown = {grid: None if grid in hidden else count for grid, count in by_grid.items() if grid is not None}
    return whole if is_sum_safe(line, hidden, by_grid, below) else None, shown
