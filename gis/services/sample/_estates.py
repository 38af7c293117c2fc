"""Estates inside blocks: rows of buildings, lanes between them, gates; and what is left of the villages."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.enums import BuildingStatus, CommunityKind
from gis.services.sample import _names as names
from gis.services.sample._chance import stream, weighted
from gis.services.sample._roads import Way, door_number, street_name

if TYPE_CHECKING:
    from random import Random

    from shapely.geometry.base import BaseGeometry

    from gis.services.sample._communities import Community
    from gis.services.sample._lattice import Block, Lattice
    from gis.services.sample._roads import Streets

EDGE_M = 24.0  # from the middle of the street to the first wall
DEPTH_M, GAP_M, SPINE_M = 12.0, 9.0, 7.0
UNIT_M = 15.0
MIN_SIDE_M = 70.0
ESTATE_COUNT = {CommunityKind.URBAN: 5, CommunityKind.RESETTLEMENT: 4, CommunityKind.DEMOLITION_VILLAGE: 1}
OLD_HOUSES = (8, 14)
PATH_SHARE = 0.45  # of blocks without an estate: a park or a works yard with a footpath through it
GATE_SHARE = 0.65


@dataclass(frozen=True, slots=True)
class House:
    """One building, metres."""

    estate: str
    number: str
    block: Block
    shape: shapely.Polygon
    units: int
    floors: int
    has_lift: bool
    status: BuildingStatus = BuildingStatus.STANDING

    @property
    def flats_per_floor(self) -> int:
        """Flats that one unit has on a floor."""
        return 4 if self.has_lift else 2


@dataclass(frozen=True, slots=True)
class Housing:
    """One estate with its buildings; `street` and `door` are the address of its gate."""

    name: str
    community: Community
    block: Block
    shape: BaseGeometry
    street: str
    door: int
    has_letter_units: bool
    houses: tuple[House, ...]
    lanes: tuple[Way, ...] = ()
    is_old_village: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """Local axes of a block: the origin is its middle, x runs along its southern street."""

    origin: tuple[float, float]
    angle: float
    half_width: float
    half_height: float

    def out(self, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Turn local points to street metres, centimetre exact."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        ox, oy = self.origin
        return [(round(ox + cos * x - sin * y, 2), round(oy + sin * x + cos * y, 2)) for x, y in points]

    def box(self, x: float, y: float, width: float, depth: float) -> shapely.Polygon:
        """Return the rectangle whose lower left corner is (x, y)."""
        return shapely.Polygon(self.out([(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]))


@dataclass(slots=True)
class _Style:
    pitch: float
    units: tuple[tuple[int, float], ...]
    floors: tuple[int, ...]
    has_lift: bool


_WALK_UP = _Style(34.0, ((2, 3.0), (3, 5.0), (4, 3.0)), (5, 6, 6, 6), has_lift=False)
_TALL = _Style(56.0, ((1, 1.0), (2, 3.0)), (11, 18, 18, 24, 27), has_lift=True)


@dataclass(slots=True)
class _Site:
    name: str
    community: Community
    block: Block
    chance: Random
    houses: list[House] = field(default_factory=list)


def make_estates(
    seed: int, lattice: Lattice, streets: Streets, communities: tuple[Community, ...]
) -> tuple[Housing, ...]:
    """Put each community's estates into its blocks, and the ruins of the villages into theirs."""
    found: list[Housing] = []
    for community in communities:
        chance = stream(seed, f"estates {community.code}")
        usable = [b for b in community.blocks if not lattice.is_thin(b) and streets.gate_edges(lattice, b)]
        if community.kind is CommunityKind.DEMOLITION_VILLAGE:
            usable = usable[1:]
            old = community.blocks[0] if not lattice.is_thin(community.blocks[0]) else usable.pop(0)
            found.append(_old_village(chance, lattice, community, old))
        wanted = [*names.ESTATES[community.name]][: ESTATE_COUNT[community.kind] + chance.randint(0, 1)]
        chosen = sorted(chance.sample(usable, min(len(wanted), len(usable))), key=lambda b: (-b[1], b[0]))
        found.extend(
            _estate(_Site(name, community, block, chance), lattice, streets)
            for name, block in zip(wanted, chosen, strict=False)
        )
    return tuple(found)


def make_paths(seed: int, lattice: Lattice, streets: Streets, built: set[Block]) -> tuple[Way, ...]:
    """Footpaths through some of the blocks without an estate, from one street to another."""
    chance = stream(seed, "paths")
    ways = []
    for block in lattice.blocks:
        gates = streets.gate_edges(lattice, block)
        if block in built or lattice.is_thin(block) or chance.random() > PATH_SHARE or len(gates) < 2:  # noqa: PLR2004
            continue
        first, last = chance.sample(sorted(gates), 2)
        middle = lattice.shape[block].centroid.coords[0]
        bend = tuple(round(float(value) + chance.uniform(-40, 40), 2) for value in middle)
        ends = [tuple(lattice.points(gates[side])[2]) for side in (first, last)]
        ways.append(Way("", "footway", shapely.LineString([ends[0], bend, ends[1]])))
    return tuple(ways)


def _estate(site: _Site, lattice: Lattice, streets: Streets) -> Housing:
    chance = site.chance
    frame = _frame(lattice, site.block, chance)
    style = weighted(chance, ((_WALK_UP, 7.0), (_TALL, 3.0 if site.community.kind is CommunityKind.URBAN else 2.0)))
    rows = max(2, int(2 * frame.half_height / style.pitch))
    first_y = -frame.half_height
    for row in range(rows):
        _row(site, frame, style, first_y + style.pitch * row + (style.pitch - DEPTH_M) / 2)
    gates = streets.gate_edges(lattice, site.block)
    doors = {side: tuple(float(v) for v in lattice.points(edge)[2]) for side, edge in gates.items()}
    open_sides = _open_sides(chance, sorted(doors))
    lane_ys = [first_y + style.pitch * (2 * k + 1) for k in range((rows + 1) // 2)]
    gate_points = {side: doors[side] for side in open_sides}
    lanes = _lanes(frame, lane_ys, gate_points, has_side_path=chance.random() < GATE_SHARE)
    side = open_sides[0]
    main = gates[side]
    hull = frame.box(-frame.half_width - 6, first_y - 6, 2 * frame.half_width + 12, 2 * frame.half_height + 12)
    return Housing(
        name=site.name,
        community=site.community,
        block=site.block,
        shape=hull.intersection(lattice.shape[site.block].buffer(-8, join_style="mitre")),
        street=street_name(main),
        door=door_number(main, side),
        has_letter_units=chance.random() < 0.75,  # noqa: PLR2004  # domain.md: three quarters of real unit labels
        houses=tuple(site.houses),
        lanes=lanes,
    )


def _open_sides(chance: Random, sides: list[str]) -> list[str]:
    """Gates: a southern or northern one first, as most estates have."""
    order = sorted(sides, key=lambda side: ("SNEW".index(side) // 2, chance.random()))
    extra = [side for side in order[1:] if chance.random() < GATE_SHARE]
    return [order[0], *extra[:2]]


def _frame(lattice: Lattice, block: Block, chance: Random) -> _Frame:
    """Fit the largest upright rectangle about the middle of the block, then leave some of it green."""
    shape = lattice.shape[block]
    south = lattice.points(lattice.around(block)[0])
    angle = math.atan2(*(south[-1] - south[0])[::-1])
    x, y = shape.centroid.coords[0]
    inner = shape.buffer(-EDGE_M, join_style="mitre")
    points = np.array(inner.exterior.coords) - (x, y)
    cos, sin = math.cos(-angle), math.sin(-angle)
    turned = np.abs(points @ np.array([[cos, sin], [-sin, cos]]))
    frame = _Frame((x, y), angle, float(turned[:, 0].max()), float(turned[:, 1].max()))
    while not inner.contains(_whole(frame)):
        frame = _Frame(frame.origin, angle, 0.97 * frame.half_width, 0.97 * frame.half_height)
    width, height = chance.uniform(0.62, 0.95), chance.uniform(0.5, 0.85)
    return _Frame(
        frame.origin,
        angle,
        max(MIN_SIDE_M, width * frame.half_width),
        max(MIN_SIDE_M, height * frame.half_height),
    )


def _whole(frame: _Frame) -> shapely.Polygon:
    return frame.box(-frame.half_width, -frame.half_height, 2 * frame.half_width, 2 * frame.half_height)


def _row(site: _Site, frame: _Frame, style: _Style, y: float) -> None:
    """Set one row of buildings on both sides of the spine, numbered west to east."""
    chance = site.chance
    for low, high in ((-frame.half_width, -SPINE_M), (SPINE_M, frame.half_width)):
        x = low
        while True:
            units = weighted(chance, style.units)
            width = units * UNIT_M * (1.3 if style.has_lift else 1.0)
            if x + width > high:
                break
            site.houses.append(
                House(
                    estate=site.name,
                    number=str(len(site.houses) + 1),
                    block=site.block,
                    shape=frame.box(x, y, width, DEPTH_M),
                    units=units,
                    floors=chance.choice(style.floors),
                    has_lift=style.has_lift,
                )
            )
            x += width + GAP_M + chance.uniform(0, 6)


def _lanes(
    frame: _Frame, lane_ys: list[float], doors: dict[str, tuple[float, ...]], *, has_side_path: bool
) -> tuple[Way, ...]:
    """Lay a spine from gate to gate, lanes off it, perhaps a path that joins the lanes' eastern ends."""
    width = frame.half_width
    spine = frame.out([(0.0, y) for y in lane_ys])
    lines: list[list[tuple[float, ...]]] = [
        [*([doors["S"]] if "S" in doors else []), *spine, *([doors["N"]] if "N" in doors else [])]
    ]
    lines += [[*frame.out([(-width, y), (0.0, y), (width, y)])] for y in lane_ys]
    middle = lane_ys[len(lane_ys) // 2]
    lines += [
        [doors[side], frame.out([(sign * width, middle)])[0]]
        for side, sign in (("E", 1.0), ("W", -1.0))
        if side in doors
    ]
    ways = [Way("", "service", shapely.LineString(line)) for line in lines if len(line) > 1]
    if has_side_path and len(lane_ys) > 1:
        ways.append(Way("", "footway", shapely.LineString(frame.out([(width, y) for y in lane_ys]))))
    return tuple(ways)


def _old_village(chance: Random, lattice: Lattice, community: Community, block: Block) -> Housing:
    """Small houses that stand on the register and nowhere else."""
    name = f"{community.name}旧址"
    frame = _frame(lattice, block, chance)
    houses = []
    for number in range(1, chance.randint(*OLD_HOUSES) + 1):
        x = -frame.half_width + 22.0 * ((number - 1) % 6)
        y = -frame.half_height + 26.0 * ((number - 1) // 6)
        ruin = frame.box(x + chance.uniform(0, 6), y + chance.uniform(0, 6), 11.0, 9.0)
        houses.append(House(name, str(number), block, ruin, 1, 2, has_lift=False, status=BuildingStatus.DEMOLISHED))
    hull: BaseGeometry = shapely.union_all([house.shape for house in houses]).convex_hull.buffer(12, join_style="mitre")
    edge = lattice.around(block)[0]
    return Housing(
        name=name,
        community=community,
        block=block,
        shape=hull.intersection(lattice.shape[block].buffer(-8, join_style="mitre")),
        street=street_name(edge),
        door=door_number(edge, "S"),
        has_letter_units=False,
        houses=tuple(houses),
        is_old_village=True,
    )
