"""Made-up worlds of any size: a walking network, homes clumped in estates, hosts among them, and who may walk where.

`world(name, seed)` is the same on every machine.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.ground import Ground, Layout, lay_ground
from benchmarks.model import NOBODY, RULES, World, save

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

LIMITS_M = (800.0, 500.0, 300.0, 0.0)  # by mobility: free, slow, with help, cannot leave the home
MOBILITY_SHARES = (0.74, 0.17, 0.08, 0.01)
WEIGHTS = (1.0, 1.0, 1.5, 1.5)
STEP_FREE_NEEDED = (0.0, 0.15, 0.6, 1.0)
FULL_SHARE, LEADER_SHARE = 0.95, 0.115  # leaders as a share of the full members: about 11 % of all
STEP_FREE_HOSTS = 0.6
ROOM_SHARE = 0.3  # public rooms; the others are homes of host households
HOME_SEATS, ROOM_SEATS = (8, 15), (15, 40)
OPENING_M = (500, 1800)
MEMBERS_PER_BRANCH = 45
LOYAL_SHARE = 0.7  # of the members of an estate are in one of its own branches
IN_FORCE_SHARE, MEETING_SHARE = 0.6, 0.75


@dataclass(frozen=True)
class Size:
    """How many, on how much ground; `streets` lie apart by `gap_m`, or wall to wall when it is 0."""

    members: int
    hosts: int
    streets: int
    side_m: float
    gap_m: float


SIZES = {
    "transition": Size(130, 30, 1, 1400.0, 0.0),
    "street": Size(1_366, 120, 1, 2700.0, 0.0),
    "district": Size(20_000, 1_500, 15, 2600.0, 1000.0),
    "city": Size(200_000, 15_000, 150, 2600.0, 1000.0),
    "giant": Size(200_000, 15_000, 150, 2100.0, 0.0),
}


def world(size: str | Size, seed: int, rules: str = "base") -> World:
    """Make a world of a named or given size."""
    wanted = SIZES[size] if isinstance(size, str) else size
    name = size if isinstance(size, str) else f"{wanted.members}x{wanted.hosts}"
    rng = np.random.default_rng([seed, wanted.members, wanted.hosts])
    start = perf_counter()
    ground = lay_ground(Layout(wanted.streets, wanted.side_m, wanted.gap_m, wanted.members, wanted.hosts), rng)
    made = perf_counter()
    mobility = rng.choice(len(LIMITS_M), size=wanted.members, p=MOBILITY_SHARES)
    limit = np.array(LIMITS_M)[mobility]
    member, host, walk = _arcs(ground, limit)
    measured = perf_counter()
    is_full = rng.random(wanted.members) < FULL_SHARE
    in_room = rng.random(wanted.hosts) < ROOM_SHARE
    seats = np.where(in_room, rng.integers(*ROOM_SEATS, wanted.hosts), rng.integers(*HOME_SEATS, wanted.hosts))
    return World(
        name=name,
        seed=seed,
        rules=RULES[rules],
        arc_member=member,
        arc_host=host,
        arc_walk_m=walk,
        limit_m=limit,
        weight=np.array(WEIGHTS)[mobility],
        branch=_branches(ground, rng),
        is_full=is_full,
        can_lead=is_full & (rng.random(wanted.members) < LEADER_SHARE),
        needs_step_free=rng.random(wanted.members) < np.array(STEP_FREE_NEEDED)[mobility],
        present=_present(wanted, (member, host, walk), rng),
        is_step_free=in_room | (rng.random(wanted.hosts) < STEP_FREE_HOSTS),
        capacity=seats.astype(np.int64),
        host_cost_m=rng.integers(OPENING_M[0] // 10, OPENING_M[1] // 10, wanted.hosts) * 10,
        home_xy=ground.building_xy[ground.home],
        host_xy=ground.building_xy[ground.host],
        network_nodes=len(ground.network.node_xy),
        network_seconds=made - start,
        distance_seconds=measured - made,
    )


def _arcs(ground: Ground, limit: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Spread the walks from lived-in buildings over the people who live there, each within the own limit."""
    homes, home_row = np.unique(ground.home, return_inverse=True)
    building, host, walk = ground.walks(homes, ground.host, max(LIMITS_M))
    order = np.lexsort((host, building))
    building, host, walk = building[order], host[order], walk[order]
    start = np.searchsorted(building, np.arange(len(homes) + 1))
    count = np.diff(start)[home_row]
    member = np.repeat(np.arange(len(home_row)), count)
    offset = np.arange(len(member)) - np.repeat(np.cumsum(count) - count, count)
    arc = start[home_row][member] + offset
    keep = walk[arc] <= limit[member]
    return member[keep].astype(np.int64), host[arc][keep].astype(np.int64), walk[arc][keep]


def _branches(ground: Ground, rng: np.random.Generator) -> IntArray:
    """Members of an estate are mostly in one of its three branches, the others anywhere in the street."""
    street = ground.home_street
    per_street = np.maximum(1, np.bincount(street) // MEMBERS_PER_BRANCH)
    estate = ground.home_estate
    own = rng.integers(0, 1 << 30, (int(estate.max(initial=0)) + 1, 3))
    number = np.where(
        (estate != NOBODY) & (rng.random(len(street)) < LOYAL_SHARE),
        own[estate, rng.integers(0, 3, len(street))],
        rng.integers(0, 1 << 30, len(street)),
    )
    first = np.concatenate([[0], np.cumsum(per_street)[:-1]])
    return np.asarray(first[street] + number % per_street[street], dtype=np.int64)


def _present(size: Size, arcs: tuple[IntArray, IntArray, FloatArray], rng: np.random.Generator) -> IntArray:
    """Make up a plan in force: some of the members at one of the nearer hosts where a group meets now."""
    member, host, walk = arcs
    meets = rng.random(size.hosts) < MEETING_SHARE
    likes = walk * rng.uniform(0.7, 1.6, len(walk))
    usable = np.flatnonzero(meets[host])
    order = usable[np.lexsort((likes[usable], member[usable]))]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = member[order][1:] != member[order][:-1]
    present = np.full(size.members, NOBODY, dtype=np.int64)
    present[member[order][first]] = host[order][first]
    present[rng.random(size.members) >= IN_FORCE_SHARE] = NOBODY
    return present


def main() -> None:
    """Write one world and print what it is: `python -m benchmarks.worlds street 1 base world.npz`."""
    size, seed, rules, path = sys.argv[1:5]
    made = world(size, int(seed), rules)
    save(made, Path(path))
    said = {name: getattr(made, name) for name in ("n_members", "n_hosts", "n_arcs", "network_nodes")}
    seconds = {name: round(getattr(made, name), 3) for name in ("network_seconds", "distance_seconds")}
    print(json.dumps({**said, **seconds, "digest": made.digest()}))


if __name__ == "__main__":
    main()
