"""Walks measured afresh for a check: one search for each leg, by another method than the planner's matrix."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import SAME_PLACE_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from gis.spatial.network import Snaps, WalkNetwork
    from gis.store.reader import Reader

    FloatArray = npt.NDArray[np.float64]

LonLat = tuple[float, float]


@dataclass(frozen=True)
class Leg:
    """Metres of one way, and whether they are a straight line times detour."""

    metres: float
    is_estimated: bool


@dataclass(frozen=True)
class Ways:
    """The network with some places on it; `number` of each place, `known` the legs measured so far."""

    network: WalkNetwork | None
    xy: FloatArray
    snaps: Snaps | None
    number: dict[LonLat, int]
    detour: float
    known: dict[tuple[int, int], Leg] = field(default_factory=dict)

    def leg(self, here: LonLat, there: LonLat) -> Leg:
        """Measure the way from one place to another."""
        a, b = sorted((self.number[here], self.number[there]))
        if (a, b) not in self.known:
            self.known[a, b] = self._leg(a, b)
        return self.known[a, b]

    def _leg(self, a: int, b: int) -> Leg:
        gap = self.xy[a] - self.xy[b]
        if float(np.abs(gap).max()) <= SAME_PLACE_M:
            return Leg(0.0, is_estimated=False)
        on = self.snaps is not None and bool(self.snaps.is_snapped[a] and self.snaps.is_snapped[b])
        metres = self._search(a, b) if on else math.inf
        if math.isfinite(metres):
            return Leg(metres, is_estimated=False)
        return Leg(float(np.hypot(*gap)) * self.detour, is_estimated=True)

    def _search(self, a: int, b: int) -> float:
        """Dijkstra from one place until the other is reached; inf where no way leads."""
        network, snaps = self.network, self.snaps
        if network is None or snaps is None:
            return math.inf
        best = math.inf
        if snaps.edge[a] == snaps.edge[b]:
            best = float(snaps.leg_m[a] + abs(snaps.along_m[a] - snaps.along_m[b]) + snaps.leg_m[b])
        goal = dict(self._ends(b))
        done: set[int] = set()
        queue = [(metres, node) for node, metres in self._ends(a)]
        heapq.heapify(queue)
        graph = network.graph
        while queue:
            metres, node = heapq.heappop(queue)
            if metres >= best:
                break
            if node in done:
                continue
            done.add(node)
            best = min(best, metres + goal.get(node, math.inf))
            for at in range(graph.indptr[node], graph.indptr[node + 1]):
                other = int(graph.indices[at])
                if other not in done:
                    heapq.heappush(queue, (metres + float(graph.data[at]), other))
        return best

    def _ends(self, place: int) -> list[tuple[int, float]]:
        """Return the two ends of the edge that a place stands at, with the metres to each, the nearer first."""
        network, snaps = self.network, self.snaps
        if network is None or snaps is None:
            return []
        edge = int(snaps.edge[place])
        first, along = float(snaps.leg_m[place]), float(snaps.along_m[place])
        ends = [
            (int(network.edge_from[edge]), first + along),
            (int(network.edge_to[edge]), first + float(network.edge_m[edge]) - along),
        ]
        return sorted(ends, key=lambda one: -one[1])  # of a loop the nearer stays in a dictionary


def measure_ways(reader: Reader, places: Sequence[LonLat], detour: float) -> Ways:
    """Put the places on the network."""
    unique = list(dict.fromkeys(places))
    if not unique:
        return Ways(None, np.zeros((0, 2)), None, {}, detour)
    lonlat = np.array(unique, dtype=np.float64).reshape(-1, 2)
    network, epsg = walking_network(reader, (lonlat,))
    xy = metric_xy(lonlat, epsg)
    has_edges = network is not None and len(network.edge_m) > 0
    snaps = network.snap(xy) if network is not None and has_edges else None
    return Ways(network if has_edges else None, xy, snaps, {one: k for k, one in enumerate(unique)}, detour)
