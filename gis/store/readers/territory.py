"""Lists of territory and places; open to every scope that reaches the street."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select

from gis.model import territory as t
from gis.model.enums import HostStatus
from gis.model.ids import BuildingId, DivisionId, EstateId, GridId, HostId, MemberId, OrgId, RoadId, VenueId
from gis.store.readers.base import ScopedReads
from gis.store.schema import Base, BuildingRow, DivisionRow, EstateRow, GridRow, GroupRow, HostRow, RoadRow, VenueRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

RowT = TypeVar("RowT", bound=Base)
IN_USE = (HostStatus.APPROVED, HostStatus.PROPOSED)


class TerritoryReads(ScopedReads):
    """Divisions, grids, estates, buildings, roads, venues and hosts."""

    def _all(self, row: type[RowT]) -> Sequence[RowT]:
        if not self.sees_street:
            return ()
        return self.session.scalars(select(row).order_by(row.id)).all()  # type: ignore[attr-defined]  # all have an id

    def divisions(self) -> tuple[t.Division, ...]:
        """List divisions by id."""
        return tuple(division_of(row) for row in self._all(DivisionRow))

    def grids(self) -> tuple[t.Grid, ...]:
        """List grids by id."""
        return tuple(grid_of(row) for row in self._all(GridRow))

    def grid(self, grid_id: GridId) -> t.Grid | None:
        """Return one grid."""
        row = self.session.get(GridRow, grid_id) if self.sees_street else None
        return grid_of(row) if row is not None else None

    def estates(self) -> tuple[t.Estate, ...]:
        """List estates by id."""
        return tuple(estate_of(row) for row in self._all(EstateRow))

    def buildings(self) -> tuple[t.Building, ...]:
        """List buildings by id, each with its estate's name."""
        names = {row.id: row.name for row in self._all(EstateRow)}
        return tuple(building_of(row, names) for row in self._all(BuildingRow))

    def building_shapes(self) -> dict[BuildingId | None, bytes | None]:
        """Return the shapes of all buildings, by id: a tenth of the work of `buildings`."""
        if not self.sees_street:
            return {}
        query = select(BuildingRow.id, BuildingRow.geom).order_by(BuildingRow.id)
        return {BuildingId(number): shape for number, shape in self.session.execute(query)}

    def building(self, building_id: BuildingId) -> t.Building | None:
        """Return one building with its estate's name."""
        row = self.session.get(BuildingRow, building_id) if self.sees_street else None
        if row is None:
            return None
        estate = self.session.get(EstateRow, row.estate_id) if row.estate_id else None
        return building_of(row, {estate.id: estate.name} if estate else {})

    def building_ids_in(self, grid_id: GridId) -> frozenset[BuildingId]:
        """Return the buildings of a grid."""
        if not self.sees_street:
            return frozenset()
        query = select(BuildingRow.id).where(BuildingRow.grid_id == grid_id)
        return frozenset(BuildingId(number) for number in self.session.scalars(query))

    def roads(self) -> tuple[t.Road, ...]:
        """List roads by id."""
        return tuple(road_of(row) for row in self._all(RoadRow))

    def places_in_grid(self, grid_id: GridId) -> tuple[int, int, int]:
        """Count the buildings of a grid, the hosts in them as `hosts` lists them, and the venues in them."""
        if not self.sees_street:
            return 0, 0, 0
        here = select(BuildingRow.id).where(BuildingRow.grid_id == grid_id)
        queries = (
            select(func.count()).select_from(here.subquery()),
            select(func.count(HostRow.id)).where(HostRow.building_id.in_(here), HostRow.status.in_(IN_USE)),
            select(func.count(VenueRow.id)).where(VenueRow.building_id.in_(here)),
        )
        buildings, hosts, venues = (self.session.scalar(query) or 0 for query in queries)
        return buildings, hosts, venues

    def venues(self) -> tuple[t.Venue, ...]:
        """List venues by id."""
        return tuple(venue_of(row) for row in self._all(VenueRow))

    def venue(self, venue_id: VenueId) -> t.Venue | None:
        """Return one venue."""
        row = self.session.get(VenueRow, venue_id) if self.sees_street else None
        return venue_of(row) if row is not None else None

    def venues_at(self, building_id: BuildingId) -> tuple[t.Venue, ...]:
        """List the venues of one building by id."""
        if not self.sees_street:
            return ()
        query = select(VenueRow).where(VenueRow.building_id == building_id).order_by(VenueRow.id)
        return tuple(venue_of(row) for row in self.session.scalars(query))

    def hosts(self, *, with_ended: bool = False) -> tuple[t.HostHousehold, ...]:
        """List host households by id.

        Everybody in scope may know that a building has a host with so many seats; name, address and note are
        blank for hosts of branches outside the scope, unless a group of the scope meets there (domain.md 2B).
        """
        rows = self._all(HostRow)
        return self._hosts_told([row for row in rows if with_ended or row.status in IN_USE])

    def host(self, host_id: HostId) -> t.HostHousehold | None:
        """Return one host household, also one that has ended, with what `hosts` tells of it."""
        row = self.session.get(HostRow, host_id) if self.sees_street else None
        return next(iter(self._hosts_told([row], [host_id])), None) if row is not None else None

    def hosts_at(self, building_id: BuildingId) -> tuple[t.HostHousehold, ...]:
        """List the host households of one building by id, as `hosts` does."""
        if not self.sees_street:
            return ()
        here = HostRow.building_id == building_id, HostRow.status.in_(IN_USE)
        rows = self.session.scalars(select(HostRow).where(*here).order_by(HostRow.id)).all()
        return self._hosts_told(rows, [row.id for row in rows]) if rows else ()

    def _hosts_told(self, rows: Sequence[HostRow], only: Collection[int] | None = None) -> tuple[t.HostHousehold, ...]:
        known = self.org_ids_in_scope if self.sees_people else frozenset()
        visited = self._hosts_of_groups(known, only)
        return tuple(host_of(row, is_known=OrgId(row.branch_id) in known or row.id in visited) for row in rows)

    def _hosts_of_groups(self, branches: frozenset[OrgId], only: Collection[int] | None) -> frozenset[int]:
        """Return the hosts where open groups of these branches meet, all of them or among a few."""
        query = select(GroupRow.host_id).where(
            GroupRow.branch_id.in_(branches), GroupRow.host_id.is_not(None), GroupRow.valid_to.is_(None)
        )
        if only is not None:
            query = query.where(GroupRow.host_id.in_(only))
        return frozenset(host for host in self.session.scalars(query) if host is not None)


def division_of(row: DivisionRow) -> t.Division:
    """Row to model."""
    return t.Division(
        id=DivisionId(row.id),
        code=row.code,
        name=row.name,
        level=row.level,
        parent_code=row.parent_code,
        shape=row.geom,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        version=row.version,
    )


def grid_of(row: GridRow) -> t.Grid:
    """Row to model."""
    return t.Grid(
        id=GridId(row.id),
        grid_code=row.grid_code,
        name=row.name,
        community_code=row.community_code,
        kind=row.kind,
        shape=row.geom,
        area_m2=row.area_m2,
        version=row.version,
    )


def estate_of(row: EstateRow) -> t.Estate:
    """Row to model."""
    return t.Estate(
        id=EstateId(row.id),
        name=row.name,
        aliases=tuple(row.aliases),
        division_code=row.division_code,
        shape=row.geom,
        version=row.version,
    )


def building_of(row: BuildingRow, estate_names: dict[int, str]) -> t.Building:
    """Row to model."""
    return t.Building(
        id=BuildingId(row.id),
        estate=estate_names.get(row.estate_id or 0, ""),
        building_no=row.building_no,
        shape=row.geom,
        estate_id=EstateId(row.estate_id) if row.estate_id else None,
        grid_id=GridId(row.grid_id) if row.grid_id else None,
        address=row.address,
        floors=row.floors,
        units=row.units,
        households=row.households,
        has_lift=row.has_lift,
        status=row.status,
        source_id=row.source_id,
        source_crs=row.source_crs,
        version=row.version,
    )


def road_of(row: RoadRow) -> t.Road:
    """Row to model."""
    return t.Road(
        id=RoadId(row.id),
        name=row.name,
        kind=row.kind,
        shape=row.geom,
        is_walkable=row.is_walkable,
        source_id=row.source_id,
        version=row.version,
    )


def venue_of(row: VenueRow) -> t.Venue:
    """Row to model."""
    return t.Venue(
        id=VenueId(row.id),
        name=row.name,
        kind=row.kind,
        capacity=row.capacity,
        shape=row.geom,
        org_id=OrgId(row.org_id) if row.org_id else None,
        building_id=BuildingId(row.building_id) if row.building_id else None,
        floor=row.floor,
        has_lift=row.has_lift,
        is_step_free=row.is_step_free,
        equipment=tuple(row.equipment),
        version=row.version,
    )


def host_of(row: HostRow, *, is_known: bool) -> t.HostHousehold:
    """Row to model; personal fields are blank unless `is_known`."""
    return t.HostHousehold(
        id=HostId(row.id),
        name=row.name if is_known else "",
        branch_id=OrgId(row.branch_id),
        capacity=row.capacity,
        shape=row.geom,
        address=row.address if is_known else "",
        member_id=MemberId(row.member_id) if row.member_id and is_known else None,
        building_id=BuildingId(row.building_id) if row.building_id else None,
        floor=row.floor,
        is_step_free=row.is_step_free,
        equipment=tuple(row.equipment),
        status=row.status,
        applied_on=row.applied_on,
        recommended_on=row.recommended_on,
        group_proposed_on=row.group_proposed_on,
        approved_on=row.approved_on,
        agreement_signed_on=row.agreement_signed_on,
        responsible_member_id=(MemberId(row.responsible_member_id) if row.responsible_member_id and is_known else None),
        suspended_on=row.suspended_on,
        ended_on=row.ended_on,
        ended_reason=row.ended_reason if is_known else "",
        capacity_reason=row.capacity_reason,
        note=row.note if is_known else "",
        version=row.version,
    )
