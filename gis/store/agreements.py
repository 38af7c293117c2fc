"""What members did not agree to does not get into the database, whoever writes: watched at every flush.

A refused (or withdrawn) EXACT_LOCATION leaves homes at their grid, a refused MOBILITY leaves no level and no limit of
the walk, a refused CARE leaves no needs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, func, select
from sqlalchemy.orm.attributes import flag_modified

from gis.errors import InputError
from gis.model.enums import HostStatus, MapPrecision, PositionSource
from gis.model.ids import BuildingId, EstateId, GridId
from gis.model.people import Residence
from gis.model.rights import ConsentAnswer, ConsentScope
from gis.spatial.coarse import RoughPlaces, is_rough_text, rough_home
from gis.spatial.points import point_of, same_point
from gis.store.readers.people import residence_of
from gis.store.readers.territory import building_of, grid_of
from gis.store.schema import (
    BuildingRow,
    CareNeedRow,
    ConsentRow,
    DivisionRow,
    EstateRow,
    GridRow,
    HostRow,
    HouseholdRow,
    MemberRow,
    PairingRow,
    ResidenceRow,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NEAR = frozenset({MapPrecision.EXACT, MapPrecision.BUILDING})
#: Columns of a home that a rough home fills differently
_HOME_COLUMNS = (
    "address",
    "precision",
    "source",
    "confidence",
    "building_id",
    "estate_id",
    "grid_id",
    "unit_no",
    "room_no",
    "reason",
)


class Agreements:
    """The refusals in force in one transaction, and a watch over what is written in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._refused: dict[ConsentScope, frozenset[int]] | None = None
        event.listen(session, "before_flush", self._before_flush)

    def refused(self, scope: ConsentScope) -> frozenset[int]:
        """Return the members whose last word on `scope` is no."""
        if self._refused is None:
            self._refused = self._read()
        return self._refused.get(scope, frozenset())

    def _read(self) -> dict[ConsentScope, frozenset[int]]:
        with self.session.no_autoflush:
            return refusals(self.session)

    def forget(self) -> None:
        """Read again: an answer has changed."""
        self._refused = None

    @cached_property
    def places(self) -> RoughPlaces:
        """What homes are told by when they are told roughly."""
        with self.session.no_autoflush:
            return rough_places(self.session)

    def agreed_home(self, member_id: int | None, home: Residence) -> Residence:
        """Return the home as precisely as the member agrees to."""
        if member_id is None or member_id not in self.refused(ConsentScope.EXACT_LOCATION):
            return home
        return rough_home(home, self.places)

    def _before_flush(self, session: Session, _context: object, _instances: object) -> None:
        changed = [*session.new, *session.dirty]
        if any(isinstance(row, ConsentRow) for row in changed):
            self.forget()
        if not any(
            isinstance(row, (ResidenceRow, MemberRow, HostRow, HouseholdRow, CareNeedRow, PairingRow))
            for row in changed
        ):
            return
        for row in changed:
            self._watch(row)

    def _watch(self, row: Any) -> None:
        no_place, no_mobility = self.refused(ConsentScope.EXACT_LOCATION), self.refused(ConsentScope.MOBILITY)
        if isinstance(row, ResidenceRow) and row.member_id in no_place:
            self.make_rough(row)
        elif isinstance(row, MemberRow):
            if row.id in no_place and row.map_precision in _NEAR:
                row.map_precision = MapPrecision.GRID
            if row.id in no_mobility and (row.mobility_level is not None or row.max_walk_m is not None):
                row.mobility_level, row.max_walk_m = None, None
        elif isinstance(row, HostRow) and row.member_id in no_place:
            self.make_host_rough(row)
        elif isinstance(row, HouseholdRow) and no_place:
            self._watch_household(row)
        elif isinstance(row, (CareNeedRow, PairingRow)) and row.id is None:
            self._watch_care(row)

    def make_rough(self, row: ResidenceRow) -> bool:
        """Make a stored home rough; returns whether it was more precise."""
        if row.source is PositionSource.GRID:
            return False
        rough = rough_home(residence_of(row), self.places)
        for name in _HOME_COLUMNS:
            setattr(row, name, getattr(rough, name))
        row.geom, row.candidates = rough.shape, []
        return True

    def make_host_rough(self, row: HostRow) -> bool:
        """Make the home of a host rough; a home that nobody can find receives no groups: it is suspended."""
        if row.building_id is None and row.floor is None and is_rough_text(row.address, self.places):
            points = [point_of(grid.shape) for grid in self.places.grids.values()]
            if row.geom is None or any(same_point(row.geom, point) for point in points):
                return False
        home = Residence(address=row.address, building_id=row.building_id, shape=row.geom)  # type: ignore[arg-type]  # plain numbers
        rough = rough_home(home, self.places)
        row.address, row.building_id, row.floor, row.geom = rough.address, None, None, rough.shape
        if row.status in (HostStatus.APPROVED, HostStatus.PROPOSED):
            row.status = HostStatus.SUSPENDED
        return True

    def building_label(self, building_id: int | None) -> str:
        """Return what people call a building, "" for none: `青竹苑 3幢`."""
        row = self.session.get(BuildingRow, building_id) if building_id is not None else None
        if row is None:
            return ""
        name = self.places.estates.get(row.estate_id, "") if row.estate_id is not None else ""  # type: ignore[call-overload]  # plain numbers
        return building_of(row, {row.estate_id or 0: name}).label

    def building_shape(self, building_id: int | None) -> bytes | None:
        """Return the outline of a building."""
        row = self.session.get(BuildingRow, building_id) if building_id is not None else None
        return row.geom if row is not None else None

    def _watch_household(self, row: HouseholdRow) -> None:
        if row.id is None:
            return
        with self.session.no_autoflush:
            query = select(MemberRow.id).where(MemberRow.household_id == row.id)
            mine = set(self.session.scalars(query)) & self.refused(ConsentScope.EXACT_LOCATION)
            if not mine:
                return
            homes = select(ResidenceRow).where(ResidenceRow.member_id == min(mine), ResidenceRow.valid_to.is_(None))
            home = self.session.scalars(homes).first()
        rough = rough_home(residence_of(home), self.places).address if home is not None else ""
        row.current_address, row.floor_no = rough, None

    def _watch_care(self, row: CareNeedRow | PairingRow) -> None:
        if row.member_id in self.refused(ConsentScope.CARE):
            msg = "本人不同意登记关爱需要，不能登记"
            raise InputError(msg)


def rough_places(session: Session) -> RoughPlaces:
    """Read what homes are told by when they are told roughly."""
    grids = session.scalars(select(GridRow).where(GridRow.valid_to.is_(None)).order_by(GridRow.id)).all()
    names = session.execute(select(DivisionRow.code, DivisionRow.name)).all()
    estates = session.execute(select(EstateRow.id, EstateRow.name)).all()
    buildings = session.execute(select(BuildingRow.id, BuildingRow.estate_id, BuildingRow.grid_id)).all()
    return RoughPlaces(
        grids={GridId(row.id): grid_of(row) for row in grids},
        community={row.code: row.name for row in names},
        estates={EstateId(row.id): row.name for row in estates},
        building_at={BuildingId(row.id): (row.estate_id, row.grid_id) for row in buildings},
    )


def refusals(session: Session) -> dict[ConsentScope, frozenset[int]]:
    """Return by scope the members whose last word is no: refused, or given and withdrawn since."""
    last = (
        select(func.max(ConsentRow.id))
        .where(ConsentRow.scope != ConsentScope.SHARE_WITH)
        .group_by(ConsentRow.member_id, ConsentRow.scope)
    )
    found: dict[ConsentScope, set[int]] = {}
    query = select(ConsentRow.member_id, ConsentRow.scope, ConsentRow.answer, ConsentRow.withdrawn_on)
    for member_id, scope, answer, withdrawn_on in session.execute(query.where(ConsentRow.id.in_(last))):
        if answer is ConsentAnswer.REFUSED or withdrawn_on is not None:
            found.setdefault(scope, set()).add(member_id)
    return {scope: frozenset(members) for scope, members in found.items()}


def touch(row: Any) -> None:
    """Have a row looked at in the next flush."""
    flag_modified(row, "updated_at")
