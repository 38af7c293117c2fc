"""Where communities lie and where an original village lay; a village without a place of its own has none.

A village's place is, in this order: the division of that name, the ground that the organisation of that name covers,
the base that this organisation has kept. Demolition projects are known by name only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.enums import DivisionLevel, VenueKind
from gis.services.territory_sides import territory_of
from gis.spatial.display import centres, merged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.services.territory_sides import Territory
    from gis.store.reader import Reader

    Spot = tuple[float, float]

BY_DIVISION, BY_GROUND, BY_BASE = "按行政区划", "按党组织覆盖范围", "按留守阵地"


class Gazetteer:
    """Finds points for names; built once for a picture."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._divisions = reader.divisions()
        self._grids = [(grid.shape, grid.community_code) for grid in reader.grids()]
        self._shapes = {one.code: one.shape for one in self._divisions if one.shape is not None}

    def communities(self, codes: Collection[str]) -> dict[str, Spot]:
        """Return a point inside each community: of its grids, as the map names it, else of its own outline."""
        wanted = [(shape, code) for shape, code in self._grids if code in codes]
        found: dict[str, bytes] = merged([shape for shape, _ in wanted], [code for _, code in wanted])
        shapes = {code: found.get(code) or self._shapes.get(code) for code in sorted(codes)}
        return _points(shapes)

    def villages(self, names: Iterable[str]) -> dict[str, tuple[Spot, str]]:
        """Return a point for each original village that has a place, and what says so."""
        wanted = [name for name in dict.fromkeys(names) if name]
        codes = {one.name: one.code for one in self._divisions if one.level is DivisionLevel.VILLAGE}
        at = self.communities({codes[name] for name in wanted if name in codes})
        found = {name: (at[codes[name]], BY_DIVISION) for name in wanted if codes.get(name) in at}
        left = [name for name in wanted if name not in found]
        if left:
            found |= self._by_organisation(left)
        return found

    def _by_organisation(self, names: list[str]) -> dict[str, tuple[Spot, str]]:
        territory = territory_of(self._reader)
        orgs = {name: org for name in names if (org := _org_named(name, territory)) is not None}
        grounds = {name: self._ground(org.division_codes) for name, org in orgs.items()}
        found = {name: (spot, BY_GROUND) for name, spot in _points(grounds).items()}
        bases = self._bases()
        for name, org in orgs.items():
            own = sorted(one for one in territory.subtree(org.id or 0) if one in bases)  # type: ignore[arg-type]  # ids of read rows are set
            if name not in found and own:
                found[name] = (bases[own[0]], BY_BASE)
        return found

    def _ground(self, codes: Collection[str]) -> bytes | None:
        parts = [shape for code in codes if (shape := self._shapes.get(code)) is not None]
        parts += [shape for shape, code in self._grids if code in codes and code not in self._shapes and shape]
        return bytes(shapely.to_wkb(shapely.union_all(shapely.from_wkb(parts)))) if parts else None

    def _bases(self) -> dict[OrgId, Spot]:
        bases = {
            one.org_id: one for one in self._reader.venues() if one.kind is VenueKind.HOME_BRANCH_BASE and one.org_id
        }
        shapes = {org: one.shape or self._building(one.building_id) for org, one in bases.items()}
        return _points(shapes)

    def _building(self, number: object) -> bytes | None:
        found = self._reader.building(number) if number else None  # type: ignore[arg-type]  # a building's id
        return found.shape if found is not None else None


def _org_named(village: str, territory: Territory) -> PartyOrg | None:
    """Return the topmost organisation whose name begins with the village's; of several side by side none."""
    named = [org for org in territory.orgs.values() if len(village) > 1 and org.name.startswith(village)]
    if not named:
        return None
    depth = {org.id: len(territory.above(org.id)) for org in named if org.id is not None}
    top = [org for org in named if org.id is not None and depth[org.id] == min(depth.values())]
    return top[0] if len(top) == 1 else None


def _points(shapes: Mapping[str, bytes | None] | Mapping[OrgId, bytes | None]) -> dict:  # type: ignore[type-arg]  # keyed as given
    points = centres(list(shapes.values()))
    return {key: (float(x), float(y)) for key, (x, y) in zip(shapes, points, strict=True) if not np.isnan(x)}
