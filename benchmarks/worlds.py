"""Made-up worlds of any size: a walking network, homes clumped in estates, hosts among them, and who may walk where.

`world(name, seed)` is the same on every machine. Everything that decides a plan is in plain arrays; `save` and `load`
carry them to solvers that run in other environments.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.ground import Ground, Layout, lay_ground

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

NOBODY = -1
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
class Rules:
    """The product's rules, in its own words (gis.planning.problem); the checker and the peers read these."""

    min_size: int = 3
    min_full: int = 1
    target_low: int = 5
    target_high: int = 15
    hard_max: int = 50
    small_penalty_m: int = 200
    large_penalty_m: int = 100
    one_branch: bool = False
    max_groups_per_host: int = 3
    mix_cost_m: int = 0
    max_branches: int = 0
    change_cost_m: int = 150
    has_host_cost: bool = True


#: What is asked for. "base": mixed groups, a group costs what its host asks, moving costs 150 m.
RULES = {
    "base": Rules(),
    "plain": Rules(change_cost_m=0, has_host_cost=False),
    "one branch": Rules(one_branch=True),
    "mixing price": Rules(mix_cost_m=100),
    "five branches": Rules(max_branches=5),
}


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


@dataclass(frozen=True, eq=False)
class World:
    """Members, hosts and the walks within each member's limit.

    Attributes
    ----------
    arc_member, arc_host, arc_walk_m
        Shape (n_arcs,), sorted by member, then host: every host within the member's own limit, steps or not.
    limit_m, weight, branch, is_full, can_lead, needs_step_free, present
        Shape (n_members,); `present` is the host of the group in force or NOBODY.
    is_step_free, capacity, host_cost_m
        Shape (n_hosts,).
    home_xy, host_xy
        Metres in a plane.
    network_seconds, distance_seconds
        Wall seconds for making the network and for measuring all walks.
    """

    name: str
    seed: int
    rules: Rules
    arc_member: IntArray
    arc_host: IntArray
    arc_walk_m: FloatArray
    limit_m: FloatArray
    weight: FloatArray
    branch: IntArray
    is_full: BoolArray
    can_lead: BoolArray
    needs_step_free: BoolArray
    present: IntArray
    is_step_free: BoolArray
    capacity: IntArray
    host_cost_m: IntArray
    home_xy: FloatArray
    host_xy: FloatArray
    network_nodes: int
    network_seconds: float
    distance_seconds: float

    @property
    def n_members(self) -> int:
        """Count the members."""
        return len(self.branch)

    @property
    def n_hosts(self) -> int:
        """Count the hosts."""
        return len(self.capacity)

    @property
    def n_arcs(self) -> int:
        """Count the walks within the limits."""
        return len(self.arc_member)

    def under(self, rules: str) -> World:
        """Return the same world under other rules."""
        return replace(self, rules=RULES[rules])

    def digest(self) -> str:
        """Return a fingerprint of everything but the seconds."""
        seen = sha256(json.dumps(asdict(self.rules), sort_keys=True).encode())
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                seen.update(np.ascontiguousarray(value).tobytes())
        return seen.hexdigest()[:16]


def save(given: World, path: Path) -> None:
    """Write a world for a solver that runs elsewhere."""
    plain = {field.name: getattr(given, field.name) for field in fields(given) if field.name != "rules"}
    np.savez(path, rules=json.dumps(asdict(given.rules)), **plain)


def load(path: Path) -> World:
    """Read what `save` wrote."""
    with np.load(path) as file:
        values: dict[str, Any] = {name: file[name] for name in file.files}
    scalars = {name: value.item() for name, value in values.items() if value.ndim == 0 and name != "rules"}
    return World(**{**values, **scalars, "rules": Rules(**json.loads(str(values["rules"])))})


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


def slices(count: int, parts: int) -> list[tuple[int, int]]:
    """Cut `count` things into nearly equal runs."""
    return list(pairwise(np.linspace(0, count, parts + 1).astype(int).tolist()))
