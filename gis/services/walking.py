"""The walking network of the imported roads, in the metric system of the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.spatial.crs import metric_epsg, points_to_metric, to_metric
from gis.spatial.network import WalkNetwork, build_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from gis.model.territory import Road
    from gis.store.reader import Reader

    FloatArray = npt.NDArray[np.float64]

OSM_PREFIX = "osm:"  # lines from OpenStreetMap join at shared vertices only: a crossing without one is a bridge


def walking_network(reader: Reader, points: Sequence[FloatArray]) -> tuple[WalkNetwork | None, int]:
    """Build the network of all walkable roads; None where no roads have been imported.

    `points` (each of shape (n, 2), longitude and latitude) say where on earth we are when there are no roads.
    Returns the network and the EPSG code of the metric system that it is in.
    """
    everywhere = np.concatenate([np.asarray(some, dtype=np.float64).reshape(-1, 2) for some in points])
    epsg = metric_epsg(float(np.nanmean(everywhere[:, 0])))
    roads = [road for road in reader.roads() if road.is_walkable]
    return (network_of(roads, epsg), epsg) if roads else (None, epsg)


def network_of(roads: Sequence[Road], epsg: int) -> WalkNetwork:
    """Join roads into a network; office-made layers get a junction at every crossing."""
    lines = to_metric(shapely.from_wkb([road.shape for road in roads]), epsg)
    is_osm = all(road.source_id.startswith(OSM_PREFIX) for road in roads)
    return build_network(lines, node_crossings=not is_osm)


def metric_xy(lonlat: FloatArray, epsg: int) -> FloatArray:
    """Project longitude and latitude, shape (n, 2), to metres."""
    return points_to_metric(lonlat, epsg)
