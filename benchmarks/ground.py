"""The ground of a made-up world: streets of walled estates on a lattice of lanes, and the walks between buildings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.spatial.network import WalkNetwork
from gis.spatial.walk_pairs import walk_pairs

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

LANE_M = 50.0  # between two lanes of an estate
JITTER_M = 12.0
BLOCK = 6  # lanes across an estate: 300 m, the usual size of a walled estate
INNER_LANES = 0.88  # share of the lanes inside an estate that exist
GATES = 0.45  # share of the lanes between two estates that are open
MEMBERS_PER_ESTATE = 42
BUILDINGS_PER_ESTATE = 14
SCATTERED = 0.12  # share of homes outside the estates
NONE = -1


@dataclass(frozen=True)
class Layout:
    """How many of what; streets are squares of `side_m`, `gap_m` apart."""

    streets: int
    side_m: float
    gap_m: float
    members: int
    hosts: int


@dataclass(frozen=True, eq=False)
class Ground:
    """Network and buildings.

    Attributes
    ----------
    building_xy
        Shape (n_buildings, 2).
    home, host
        Building of each member and of each host.
    home_street, home_estate
        Shape (n_members,); NONE for who lives outside the estates.
    """

    network: WalkNetwork
    building_xy: FloatArray
    home: IntArray
    host: IntArray
    home_street: IntArray
    home_estate: IntArray

    def walks(self, homes: IntArray, hosts: IntArray, limit_m: float) -> tuple[IntArray, IntArray, FloatArray]:
        """Measure all walks of at most `limit_m` with the product's own distances: rows of both, metres."""
        pairs = walk_pairs(self.network, self.building_xy[homes], self.building_xy[hosts], limit_m)
        return pairs.source, pairs.target, np.round(pairs.walk_m, 3)


def lay_ground(layout: Layout, rng: np.random.Generator) -> Ground:
    """Lay lanes, estates, buildings; settle members and hosts."""
    across = int(np.ceil(np.sqrt(layout.streets)))
    pitch = layout.side_m + layout.gap_m
    corner = np.stack(np.divmod(np.arange(layout.streets), across), axis=1)[:, ::-1] * pitch
    lanes = max(BLOCK, round(layout.side_m / LANE_M / BLOCK) * BLOCK)
    network = _network(corner, lanes, layout, rng)
    return _settle(network, corner, lanes, layout, rng)


def _network(corner: FloatArray, lanes: int, layout: Layout, rng: np.random.Generator) -> WalkNetwork:
    """Join the lattices of all streets; between streets that lie apart runs one road each."""
    step = layout.side_m / lanes
    row, column = np.divmod(np.arange(lanes * lanes), lanes)
    local = np.stack([column, row], axis=1) * step + step / 2
    xy = (corner[:, None, :] + local[None, :, :]).reshape(-1, 2)
    xy = xy + rng.uniform(-JITTER_M, JITTER_M, xy.shape)
    inner = np.concatenate([_lattice_edges(lanes, rng) + s * lanes * lanes for s in range(len(corner))])
    edges = np.concatenate([inner, _links(corner, lanes, layout, rng)])
    return _largest(xy, edges)


def _lattice_edges(lanes: int, rng: np.random.Generator) -> IntArray:
    number = np.arange(lanes * lanes).reshape(lanes, lanes)
    pairs = np.concatenate(
        [
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
            np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
        ]
    )
    block = np.arange(lanes) // BLOCK
    estate = (block[:, None] * lanes + block[None, :]).ravel()
    inside = estate[pairs[:, 0]] == estate[pairs[:, 1]]
    return np.asarray(pairs[rng.random(len(pairs)) < np.where(inside, INNER_LANES, GATES)], dtype=np.int64)


def _links(corner: FloatArray, lanes: int, layout: Layout, rng: np.random.Generator) -> IntArray:
    """Roads from street to street: one over a gap, as many as an estate has gates where they touch."""
    pitch = layout.side_m + layout.gap_m
    place = {(round(x / pitch), round(y / pitch)): s for s, (x, y) in enumerate(corner)}
    links: list[IntArray] = [np.zeros((0, 2), dtype=np.int64)]
    middle = np.array([lanes // 2])
    for (x, y), s in place.items():
        for right in (True, False):
            other = place.get((x + 1, y) if right else (x, y + 1))
            if other is None:
                continue
            at = middle if layout.gap_m else np.flatnonzero(rng.random(lanes) < GATES)
            near = at * lanes + lanes - 1 if right else (lanes - 1) * lanes + at
            far = at * lanes if right else at
            links.append(np.stack([s * lanes * lanes + near, other * lanes * lanes + far], axis=1).astype(np.int64))
    return np.concatenate(links)


def _largest(xy: FloatArray, edges: IntArray) -> WalkNetwork:
    """Keep what hangs together; nobody lives on a lane that leads nowhere."""
    graph = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(len(xy), len(xy)))
    label = connected_components(graph, directed=False)[1]
    main = label == np.bincount(label).argmax()
    edges = edges[main[edges[:, 0]]]
    number = np.cumsum(main) - 1
    return _network_of(xy[main], number[edges])


def _network_of(xy: FloatArray, edges: IntArray) -> WalkNetwork:
    ends = xy[edges]
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    return WalkNetwork(xy, edges[:, 0], edges[:, 1], length, ends.reshape(-1, 2), np.arange(len(edges) + 1) * 2)


def _settle(network: WalkNetwork, corner: FloatArray, lanes: int, layout: Layout, rng: np.random.Generator) -> Ground:
    blocks = lanes // BLOCK
    share = layout.members / layout.streets
    estates = int(np.clip(round(share / MEMBERS_PER_ESTATE), 2, blocks * blocks))
    block_m = layout.side_m / blocks
    where = np.stack([rng.permutation(blocks * blocks)[:estates] for _ in corner])
    low = corner[:, None, :] + np.stack([where % blocks, where // blocks], axis=2) * block_m
    n_estates, n_streets = low.shape[0] * low.shape[1], len(corner)
    spots = low.reshape(-1, 1, 2) + rng.uniform(0.08, 0.92, (n_estates, BUILDINGS_PER_ESTATE, 2)) * block_m
    lone = max(4, round(share * SCATTERED))
    alone = corner[:, None, :] + rng.uniform(0.0, layout.side_m, (n_streets, lone, 2))
    buildings = np.concatenate([spots.reshape(-1, 2), alone.reshape(-1, 2)])

    def draw(count: int, spread: float) -> tuple[IntArray, IntArray, IntArray]:
        street = (np.arange(count) * n_streets // count).astype(np.int64)
        pull = rng.gamma(spread, 1.0, (n_streets, estates)) + 1e-9
        ladder = np.cumsum(pull / pull.sum(axis=1, keepdims=True), axis=1)
        pick = (rng.random(count)[:, None] > ladder[street]).sum(axis=1).clip(max=estates - 1)
        estate = street * estates + pick
        building = estate * BUILDINGS_PER_ESTATE + rng.integers(0, BUILDINGS_PER_ESTATE, count)
        out = rng.random(count) < SCATTERED
        building[out] = n_estates * BUILDINGS_PER_ESTATE + street[out] * lone + rng.integers(0, lone, int(out.sum()))
        return street, np.where(out, NONE, estate), building

    home_street, home_estate, home = draw(layout.members, 1.5)
    _, _, host = draw(layout.hosts, 4.0)
    return Ground(network, buildings, home, host, home_street, home_estate)
