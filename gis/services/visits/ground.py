"""The ground under a round of visits, in metres: kept between calls as long as no territory changes.

Nothing of any person is in it, so that it may be shared by everybody who may see the street.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from gis.model.access import Action
from gis.services.access import require
from gis.services.walking import network_of
from gis.spatial.crs import metric_epsg, points_to_metric, to_metric
from gis.store.stamping import TERRITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from gis.model.access import Actor
    from gis.model.ids import BuildingId
    from gis.model.territory import Building, Road
    from gis.spatial.network import WalkNetwork
    from gis.store.database import Store

    FloatArray = npt.NDArray[np.float64]
    GeometryArray = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Ground:
    """Roads and buildings with their shapes in metres of `epsg`, estates' names, and whom to name as the source."""

    epsg: int
    roads: tuple[Road, ...]
    road_shapes: GeometryArray
    buildings: tuple[Building, ...]
    building_shapes: GeometryArray
    sources: tuple[str, ...]

    @cached_property
    def network(self) -> WalkNetwork | None:
        """The walking network; None where no roads have been imported."""
        walkable = [road for road in self.roads if road.is_walkable]
        return network_of(walkable, self.epsg) if walkable else None

    @cached_property
    def row_of(self) -> dict[BuildingId, int]:
        """Rows of the buildings by id."""
        return {building.id: k for k, building in enumerate(self.buildings) if building.id is not None}

    def to_metres(self, lonlat: Sequence[tuple[float, float]]) -> FloatArray:
        """Turn longitude and latitude into metres, shape (n, 2)."""
        return points_to_metric(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2), self.epsg)


_KEPT: WeakKeyDictionary[Store, tuple[tuple[int, bool, int], Ground]] = WeakKeyDictionary()


def ground_of(actor: Actor, store: Store, lon: float) -> Ground:
    """Return the ground of the street, measured in the zone of a longitude.

    Raises
    ------
    DeniedError
        The role has no part in visits.
    """
    require(actor, Action.MAKE_VISITS)
    epsg = metric_epsg(lon)
    with store.reading(actor.scope) as reader:
        version = (store.data_version(TERRITORY), reader.sees_street, epsg)
        kept = _KEPT.get(store)
        if kept is not None and kept[0] == version:
            return kept[1]
        roads, buildings, sources = reader.roads(), reader.buildings(), reader.attributions()
    ground = Ground(
        epsg,
        roads,
        _metres([r.shape for r in roads], epsg),
        buildings,
        _metres([b.shape for b in buildings], epsg),
        sources,
    )
    _KEPT[store] = (version, ground)
    return ground


def _metres(shapes: Sequence[bytes | None], epsg: int) -> GeometryArray:
    raw = np.empty(len(shapes), dtype=object)
    raw[:] = list(shapes)
    return to_metric(shapely.from_wkb(raw), epsg)
