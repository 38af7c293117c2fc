"""Writes of territory and places; each `save_*` returns the ids in the order given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.ids import BuildingId, DivisionId, EstateId, GridId, HostId, RoadId, VenueId
from gis.store.schema import BuildingRow, DivisionRow, EstateRow, GridRow, HostRow, RoadRow, VenueRow
from gis.store.writers.base import Writes, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.model import territory as t


class TerritoryWrites(Writes):
    """Insert or update by id; a stale version is refused."""

    def save_divisions(self, items: Iterable[t.Division]) -> list[DivisionId]:
        """Save divisions."""
        rows = [self._save(DivisionRow, item, values_of(item, shape="geom")) for item in items]
        self.session.flush()
        return [DivisionId(row.id) for row in rows]

    def save_grids(self, items: Iterable[t.Grid]) -> list[GridId]:
        """Save grids."""
        rows = [self._save(GridRow, item, values_of(item, shape="geom")) for item in items]
        self.session.flush()
        return [GridId(row.id) for row in rows]

    def save_estates(self, items: Iterable[t.Estate]) -> list[EstateId]:
        """Save estates."""
        rows = [self._save(EstateRow, item, values_of(item, shape="geom")) for item in items]
        self.session.flush()
        return [EstateId(row.id) for row in rows]

    def save_buildings(self, items: Iterable[t.Building]) -> list[BuildingId]:
        """Save buildings; `estate_id` counts, the estate's name is not a column."""
        drop = frozenset({"estate"})
        rows = [self._save(BuildingRow, item, values_of(item, leave_out=drop, shape="geom")) for item in items]
        self.session.flush()
        return [BuildingId(row.id) for row in rows]

    def save_roads(self, items: Iterable[t.Road]) -> list[RoadId]:
        """Save roads."""
        rows = [self._save(RoadRow, item, values_of(item, shape="geom")) for item in items]
        self.session.flush()
        return [RoadId(row.id) for row in rows]

    def save_venues(self, items: Iterable[t.Venue]) -> list[VenueId]:
        """Save venues."""
        rows = [self._save(VenueRow, item, values_of(item, shape="geom")) for item in items]
        self.session.flush()
        return [VenueId(row.id) for row in rows]

    def save_hosts(self, items: Iterable[t.HostHousehold]) -> list[HostId]:
        """Save host households."""
        rows = [self._save(HostRow, item, values_of(item, shape="geom")) for item in items]
        self.session.flush()
        return [HostId(row.id) for row in rows]
