"""Names in a layer file looked up in the database: communities, organisations, estates, grids, buildings."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.enums import DivisionLevel, GridKind, OrgStatus
from gis.services._roster_branches import BranchFinder
from gis.spatial.addresses import normalise_address
from gis.spatial.locate import Gazetteer
from gis.spatial.names import canonical_building_no, fold_name
from gis.spatial.prefixes import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from gis.model.ids import MemberId, OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.territory import Building, Division, Estate, Grid
    from gis.store.reader import Reader


def plain_name(text: str) -> str:
    """Name as compared: NFKC, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def estate_key(name: str) -> str:
    """Name of an estate as compared: 紫云苑小区 and 紫云苑 are one."""
    return fold_name(normalise_address(name))


def shapes_of(items: Iterable[object]) -> NDArray[np.object_]:
    """Return the shapes of model objects as an array, None where they have none."""
    found = [getattr(item, "shape", None) for item in items]
    shapes: NDArray[np.object_] = shapely.from_wkb(np.array([*found, None], dtype=object))
    return shapes[:-1]


def heirs_of(orgs: Iterable[PartyOrg]) -> dict[OrgId, OrgId]:
    """Return who continues each abolished organisation, over several successions; those without are left out."""
    by_id = {org.id: org for org in orgs if org.id is not None}
    found: dict[OrgId, OrgId] = {}
    for number, org in by_id.items():
        heir, seen = org, {number}
        while heir.status is OrgStatus.ABOLISHED and heir.successor_id in by_id and heir.successor_id not in seen:
            heir = by_id[heir.successor_id]
            seen.add(heir.id or number)
        if org.status is OrgStatus.ABOLISHED and heir.status is not OrgStatus.ABOLISHED and heir.id is not None:
            found[number] = heir.id
    return found


class Known:
    """What the database holds, loaded when first asked for."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    @cached_property
    def divisions(self) -> tuple[Division, ...]:
        """All divisions."""
        return self.reader.divisions()

    @cached_property
    def estates(self) -> tuple[Estate, ...]:
        """All estates."""
        return self.reader.estates()

    @cached_property
    def buildings(self) -> tuple[Building, ...]:
        """All buildings."""
        return self.reader.buildings()

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """All grids."""
        return self.reader.grids()

    @cached_property
    def base_grids(self) -> tuple[Grid, ...]:
        """All base grids."""
        return tuple(grid for grid in self.grids if grid.kind is GridKind.BASE)

    @cached_property
    def orgs(self) -> tuple[PartyOrg, ...]:
        """All organisations."""
        return self.reader.orgs()

    @cached_property
    def org_ids(self) -> dict[str, OrgId]:
        """Names and codes of organisations; an abolished one leads to who continues it."""
        found: dict[str, OrgId] = {}
        heirs = heirs_of(self.orgs)
        for org in self.orgs:
            if org.id is not None:
                found[plain_name(org.name)] = heirs.get(org.id, org.id)
                if org.code:
                    found.setdefault(plain_name(org.code), heirs.get(org.id, org.id))
        return found

    @cached_property
    def _branches(self) -> BranchFinder:
        return BranchFinder(self.orgs)

    def branch_called(self, text: str) -> OrgId | None:
        """Return the branch of this name, or of a usual spelling that only it can mean."""
        exact = self.org_ids.get(plain_name(text))
        if exact is not None or not text:
            return exact
        found = self._branches.find(text)
        return found.ids[0] if len(found.ids) == 1 else None

    @cached_property
    def member_ids(self) -> dict[tuple[OrgId, str], MemberId]:
        """Branch and name of members, where a branch has only one of that name."""
        found: dict[tuple[OrgId, str], list[MemberId]] = {}
        for member in self.reader.members():
            if member.id is not None:
                found.setdefault((member.branch_id, plain_name(member.name)), []).append(member.id)
        return {key: ids[0] for key, ids in found.items() if len(ids) == 1}

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Ask it for addresses."""
        return Gazetteer(self.estates, self.buildings, self.divisions)

    @cached_property
    def _codes_by_name(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for division in self.divisions:
            for name in {plain_name(division.name), stem(plain_name(division.name)), division.code}:
                found.setdefault(name, set()).add(division.code)
        return found

    def division_code(self, text: str) -> str:
        """Code of the division called `text` (name, name without 社区, or code); "" when none or several."""
        plain = plain_name(text)
        found = self._codes_by_name.get(plain) or self._codes_by_name.get(stem(plain)) or set()
        if len(found) > 1:
            villages = {d.code for d in self.divisions if d.level is DivisionLevel.VILLAGE} & found
            found = villages or found
        if len(found) == 1:
            return next(iter(found))
        is_code = plain.isascii() and plain.isdigit() and len(plain) == 12  # noqa: PLR2004 - digits of a full code
        return plain if is_code and not self.divisions else ""

    def community_of(self, shapes: NDArray[np.object_]) -> list[str]:
        """Code of the community that holds each shape's representative point; "" where none does."""
        villages = [d for d in self.divisions if d.level is DivisionLevel.VILLAGE and d.shape is not None]
        return _holder(shapes, shapes_of(villages), [d.code for d in villages])

    def estate_holding(self, shapes: NDArray[np.object_]) -> list[Estate | None]:
        """Estate whose outline holds each shape's representative point."""
        outlined = [estate for estate in self.estates if estate.shape is not None]
        numbers = _holder(shapes, shapes_of(outlined), [str(position) for position in range(len(outlined))])
        return [outlined[int(number)] if number else None for number in numbers]

    @cached_property
    def _estates_by_name(self) -> dict[str, list[Estate]]:
        found: dict[str, list[Estate]] = {}
        for estate in self.estates:
            for key in {estate_key(name) for name in (estate.name, *estate.aliases)}:
                found.setdefault(key, []).append(estate)
        return found

    def estates_called(self, name: str) -> Sequence[Estate]:
        """List estates of this name or alias; one that is called so exactly goes before aliases."""
        found = self._estates_by_name.get(estate_key(name), [])
        exact = [estate for estate in found if plain_name(estate.name) == plain_name(name)]
        return exact or found

    @cached_property
    def _buildings_by_number(self) -> dict[tuple[int, str], Building]:
        return {
            (building.estate_id, canonical_building_no(building.building_no)): building
            for building in self.buildings
            if building.estate_id is not None
        }

    def building_called(self, estate: str, number: str) -> Building | None:
        """Return the building of that number in the only estate of that name, or None."""
        places = self.estates_called(estate) if estate else ()
        if len(places) != 1 or places[0].id is None:
            return None
        return self._buildings_by_number.get((places[0].id, canonical_building_no(number)))

    def building_holding(self, shapes: NDArray[np.object_]) -> list[Building | None]:
        """Return the building on whose ground each point stands."""
        outlines = shapes_of(self.buildings)
        numbers = _holder(shapes, outlines, [str(position) for position in range(len(outlines))])
        return [self.buildings[int(number)] if number else None for number in numbers]


def _holder(shapes: NDArray[np.object_], areas: NDArray[np.object_], names: Sequence[str]) -> list[str]:
    """Name of the first area that holds each shape's representative point."""
    found = [""] * len(shapes)
    if len(shapes) and len(areas):
        points = shapely.point_on_surface(shapes)
        inner, area = shapely.STRtree(areas).query(points, predicate="intersects")
        for position, number in sorted(zip(inner.tolist(), area.tolist(), strict=True), reverse=True):
            found[position] = names[number]
    return found
