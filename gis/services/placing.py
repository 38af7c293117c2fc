"""An address that a person types in → a residence: looked up like a roster's, or put into the building they name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import PositionSource, Precision
from gis.services._roster_merge import residence_of
from gis.services.access import require
from gis.spatial.addresses import parse_address
from gis.spatial.locate import Gazetteer
from gis.spatial.points import point_of

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import BuildingId
    from gis.model.people import Residence
    from gis.model.territory import Building
    from gis.store.database import Store
    from gis.store.reader import Reader

LEAST_LETTERS, MOST_LETTERS = 2, 500


class Placer:
    """The names known to one reader, ready to be asked."""

    def __init__(self, reader: Reader, today: date) -> None:
        """Read the buildings now and the rest when an address has to be looked up."""
        self._reader, self._today = reader, today
        self._buildings: dict[BuildingId, Building] = {one.id: one for one in reader.buildings() if one.id is not None}

    def place(self, address: str, building_id: BuildingId | None = None) -> Residence:
        """Return the residence of an address; without address it is the building's.

        Raises
        ------
        InputError
            The address is empty or too long, or names several buildings and none was chosen.
        NotFoundError
            The building chosen does not exist.
        """
        chosen = self._chosen(building_id)
        text = " ".join(address.split()) or (chosen.label if chosen is not None else "")
        if not LEAST_LETTERS <= len(text) <= MOST_LETTERS:
            msg = f"请填写新住址（{LEAST_LETTERS}–{MOST_LETTERS} 字），例如 葵岸苑3幢2单元501室；也可以直接选楼栋"
            raise InputError(msg)
        gazetteer = self._gazetteer()
        found = gazetteer.locate(text)
        if chosen is None and parse_address(text).is_range and found.is_range:
            msg = "写了几幢楼，不是一幢：请写明住在哪一幢"
            raise InputError(msg)
        home = residence_of(text, found, dict(self._plain()), self._today)
        return home if chosen is None else in_building(home, chosen, self._today)

    def _chosen(self, building_id: BuildingId | None) -> Building | None:
        if building_id is None:
            return None
        if building_id not in self._buildings:
            msg = "所选楼栋已不存在，请刷新后重新选择"
            raise NotFoundError(msg)
        return self._buildings[building_id]

    def _plain(self) -> dict[int, Building]:
        return {int(number): building for number, building in self._buildings.items()}

    def _gazetteer(self) -> Gazetteer:
        known = [one.residence.address for one in self._reader.members() if one.residence is not None]
        return Gazetteer(self._reader.estates(), self._buildings.values(), self._reader.divisions(), known)


def in_building(home: Residence, building: Building, today: date) -> Residence:
    """Place a home in a building that a person has named."""
    return replace(
        home,
        precision=Precision.BUILDING,
        source=PositionSource.CONFIRMED,
        confidence=1.0,
        building_id=building.id,
        estate_id=building.estate_id,
        grid_id=building.grid_id,
        shape=point_of(building.shape),
        candidates=(),
        reason="",
        located_on=today,
    )


def building_choices(actor: Actor, store: Store) -> dict[str, dict[BuildingId, str]]:
    """Name the buildings of every estate, for a person to choose one."""
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        buildings = reader.buildings()
    found: dict[str, dict[BuildingId, str]] = {}
    for one in buildings:
        if one.id is not None:
            found.setdefault(one.estate or "不属于小区的楼", {})[one.id] = one.building_no or one.address or one.label
    return {estate: found[estate] for estate in sorted(found)}
