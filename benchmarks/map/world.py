"""A made-up street of any size, put into an empty database in bulk through the product's own writer.

A square of 4.9 km at no real place: a lattice of footprints with four to twelve corners, grids in rows, a lane every
120 m. One in ten is in transition, eight in ten sit in groups in force; the page is opened with all members in sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.access import Action, Role
from gis.model.enums import CommunityKind, DivisionLevel, OrgKind, PositionSource, Precision
from gis.model.organisation import PartyOrg
from gis.model.people import Member, Residence, Transition
from gis.model.territory import Building, Division, Estate, Grid, HostHousehold, Road
from gis.services.accounts import SYSTEM, NewAccount, add_account
from gis.services.sample import _names as names
from gis.store.writers.groups import NewGroup, NewRun, NewSeat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis.model.ids import BuildingId, EstateId, GridId, MemberId, OrgId
    from gis.store.database import Store
    from gis.store.writer import Writer

SIDE_M = 4900.0
WEST, SOUTH = 119.95, 31.78
M_PER_LON, M_PER_LAT = 94_600.0, 110_870.0  # at this latitude, near enough
ESTATES_A_SIDE, LANE_M = 14, 120.0
PER_BRANCH, PER_GROUP, GROUPED = 35, 10, 0.8
IN_TRANSITION = 10  # one in so many: each brings a household file and a card, which nothing here looks at
USER, PASSWORD = "zuzhi", f"Aa1-{token_urlsafe(12)}"  # of a database that lives for minutes

#: Corners in a unit square: a slab, an L, a U and a notched block; 8.9 corners on average
_SHAPES = (
    ((0, 0), (1, 0), (1, 1), (0, 1)),
    ((0, 0), (1, 0), (1, 0.5), (0.5, 0.5), (0.5, 1), (0, 1)),
    ((0, 0), (1, 0), (1, 1), (0.7, 1), (0.7, 0.4), (0.3, 0.4), (0.3, 1), (0, 1)),
    (
        *((0.2, 0), (0.8, 0), (0.8, 0.2), (1, 0.2), (1, 0.8), (0.8, 0.8)),
        *((0.8, 1), (0.2, 1), (0.2, 0.8), (0, 0.8), (0, 0.2), (0.2, 0.2)),
    ),
)
_SHARES = (0.1, 0.15, 0.35, 0.4)


@dataclass(frozen=True)
class Size:
    """How much to make."""

    buildings: int
    members: int
    grids: int
    seed: int = 7


@dataclass(frozen=True)
class _Ground:
    grid_ids: list[GridId]
    building_ids: list[BuildingId]
    at: NDArray[np.float64]  # of buildings, metres
    grid_of: NDArray[np.int64]
    centres: list[bytes]


def fill(store: Store, size: Size) -> None:
    """Put the street and one account of the street's clerk into an empty database."""
    chance = np.random.default_rng(size.seed)
    with store.writing(SYSTEM, Action.IMPORT_DATA, "虚构街道（一张图的测量）") as writer:
        ground = _save_ground(writer, size, chance)
    with store.writing(SYSTEM, Action.IMPORT_DATA, "虚构党员（一张图的测量）") as writer:
        _save_people(writer, size, ground, chance)
    add_account(SYSTEM, store, NewAccount(USER, "街道组织员（测量）", Role.STREET_CLERK), PASSWORD)


def _save_ground(writer: Writer, size: Size, chance: np.random.Generator) -> _Ground:
    boxes = grid_boxes(size.grids)
    per = max(10, size.grids // 100)
    communities = -(-size.grids // per)
    codes = [f"990402002{100 + k:03d}" for k in range(communities)]
    writer.save_divisions(
        [Division(None, names.STREET_CODE, names.STREET, DivisionLevel.STREET, shape=_box(0, 0, SIDE_M, SIDE_M))]
        + [Division(None, code, f"第{k + 1}社区", parent_code=names.STREET_CODE) for k, code in enumerate(codes)]
    )
    grid_ids = writer.save_grids(
        Grid(None, f"{codes[k // per]}{k % per + 1:03d}", f"{k // per + 1}社区第{k % per + 1}网格", codes[k // per],
             shape=_box(*box), area_m2=float((box[2] - box[0]) * (box[3] - box[1])))
        for k, box in enumerate(boxes)
    )  # fmt: skip
    estate_ids = _save_estates(writer)
    writer.save_roads(_roads())
    shapes, at = footprints(size.buildings, chance)
    grid_of = _grid_at(at, boxes)
    ids = writer.save_buildings(
        Building(None, "", str(k % 97 + 1), shape, estate_id=estate_ids[_estate_at(x, y)],
                 grid_id=grid_ids[grid_of[k]], floors=int(k % 12 + 1), has_lift=bool(k % 3))
        for k, (shape, (x, y)) in enumerate(zip(shapes, at, strict=True))
    )  # fmt: skip
    centres = [bytes(shape) for shape in shapely.to_wkb(shapely.points(degrees(at)))]
    return _Ground(grid_ids, ids, at, grid_of, centres)


def grid_boxes(many: int) -> NDArray[np.float64]:
    """Return west, south, east, north in metres of so many grids, row by row, of nearly equal size."""
    rows = max(1, round(many**0.5))
    counts = np.full(rows, many // rows)
    counts[: many % rows] += 1
    high = SIDE_M / rows
    found = [
        (SIDE_M * k / count, row * high, SIDE_M * (k + 1) / count, (row + 1) * high)
        for row, count in enumerate(counts)
        for k in range(count)
    ]
    return np.array(found)


def _grid_at(at: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    tree = shapely.STRtree([shapely.box(*box) for box in boxes])
    points, grids = tree.query(shapely.points(at), predicate="intersects")
    found = np.zeros(len(at), dtype=np.int64)
    found[points] = grids
    return found


def footprints(many: int, chance: np.random.Generator) -> tuple[list[bytes], NDArray[np.float64]]:
    """Return well-known binary in longitude, latitude, and the middles in metres."""
    a_side = int(np.ceil(many**0.5))
    step = SIDE_M / a_side
    place = np.arange(many)
    at: NDArray[np.float64] = np.column_stack([place % a_side, place // a_side]).astype(np.float64) * step + step / 2
    at += chance.uniform(-0.06, 0.06, (many, 2)) * step
    sides = chance.uniform(0.4, 0.72, (many, 2)) * step
    turn = chance.normal(0, 0.08, many)
    kind = chance.choice(len(_SHAPES), many, p=_SHARES)
    found = np.empty(many, dtype=object)
    for number, corners in enumerate(_SHAPES):
        mine = np.flatnonzero(kind == number)
        local = (np.array(corners)[None] - 0.5) * sides[mine, None]
        cos, sin = np.cos(turn[mine])[:, None], np.sin(turn[mine])[:, None]
        turned = np.stack([local[..., 0] * cos - local[..., 1] * sin, local[..., 0] * sin + local[..., 1] * cos], -1)
        found[mine] = shapely.to_wkb(shapely.polygons(degrees(turned + at[mine, None])))
    return list(found), at


def _save_estates(writer: Writer) -> list[EstateId]:
    wide = SIDE_M / ESTATES_A_SIDE
    return writer.save_estates(
        Estate(None, f"虚构{k + 1}苑", shape=_box(k % ESTATES_A_SIDE * wide, k // ESTATES_A_SIDE * wide,
                                              (k % ESTATES_A_SIDE + 1) * wide, (k // ESTATES_A_SIDE + 1) * wide))
        for k in range(ESTATES_A_SIDE**2)
    )  # fmt: skip


def _estate_at(x: float, y: float) -> int:
    wide, last = SIDE_M / ESTATES_A_SIDE, ESTATES_A_SIDE - 1
    return min(last, int(y / wide)) * ESTATES_A_SIDE + min(last, int(x / wide))


def _roads() -> list[Road]:
    lanes = int(SIDE_M / LANE_M)
    found: list[Road] = []
    for lane in range(lanes + 1):
        kind = "primary" if lane % 10 == 0 else "footway" if lane % 3 == 1 else "residential"
        for piece in range(lanes):
            a, b, c = lane * LANE_M, piece * LANE_M, (piece + 1) * LANE_M
            for line in (((a, b), (a + 3, (b + c) / 2), (a, c)), ((b, a), ((b + c) / 2, a + 3), (c, a))):
                shape = bytes(shapely.to_wkb(shapely.linestrings(degrees(np.array(line)))))
                found.append(Road(None, f"第{lane}路", kind, shape, source_id=f"B-{len(found)}"))
    return found


def _save_people(writer: Writer, size: Size, ground: _Ground, chance: np.random.Generator) -> None:
    branches = _save_branches(writer, max(1, size.members // PER_BRANCH))
    # neighbours share a branch: buildings in the order of a coarse lattice, branch after branch
    home = np.sort(chance.integers(0, len(ground.building_ids), size.members))
    home = home[np.argsort((ground.at[home] // 350) @ np.array([1, 100]), kind="stable")]
    branch_of = np.arange(size.members) * len(branches) // size.members
    members = writer.save_members(
        Member(
            None, _name(k), branches[branch_of[k]], birth_ym=f"{1935 + k % 70}-{k % 12 + 1:02d}",
            residence=Residence("", Precision.BUILDING, PositionSource.ADDRESS, 1.0,
                                building_id=ground.building_ids[at], grid_id=ground.grid_ids[ground.grid_of[at]]),
            transition=Transition(project="虚构项目") if k % IN_TRANSITION == 0 else None,
        )
        for k, at in enumerate(home.tolist())
    )  # fmt: skip
    _save_groups(writer, [(branches[b], m, h) for b, m, h in zip(branch_of, members, home, strict=True)], ground)


def _save_branches(writer: Writer, many: int) -> list[OrgId]:
    top = writer.save_orgs([PartyOrg(None, f"{names.STREET}党工委", OrgKind.WORKING_COMMITTEE)])[0]
    found: list[OrgId] = []
    while len(found) < many:
        title = f"第{len(found) // 10 + 1}村"
        kind = CommunityKind.DEMOLITION_VILLAGE
        village = writer.save_orgs([PartyOrg(None, f"{title}党总支", OrgKind.GENERAL_BRANCH, top, community_kind=kind)])
        few = min(10, many - len(found))
        found += writer.save_orgs(
            PartyOrg(None, f"{title}第{k + 1}支部", OrgKind.BRANCH, village[0], community_kind=kind) for k in range(few)
        )
    return found


def _save_groups(writer: Writer, people: Sequence[tuple[OrgId, MemberId, int]], ground: _Ground) -> None:
    """Found groups of neighbours in one branch, each at a host's in the home of its first member."""
    by_branch: dict[OrgId, list[tuple[MemberId, int]]] = {}
    for branch, member, home in people:
        by_branch.setdefault(branch, []).append((member, home))
    teams = [
        (branch, found[k : k + PER_GROUP])
        for branch, found in by_branch.items()
        for k in range(0, int(len(found) * GROUPED), PER_GROUP)
    ]
    hosts = writer.save_hosts(
        HostHousehold(None, "虚构", branch, 14, ground.centres[team[0][1]], member_id=team[0][0],
                      building_id=ground.building_ids[team[0][1]])
        for branch, team in teams
    )  # fmt: skip
    run = writer.add_run(NewRun({}, 0, "benchmark", "feasible", 0.0, 0.0))
    writer.found_groups(
        run,
        [
            NewGroup(branch, f"第{k + 1}小组", team[0][0], host, None, tuple(NewSeat(m, 200.0, "") for m, _ in team))
            for k, ((branch, team), host) in enumerate(zip(teams, hosts, strict=True))
        ],
    )


def _name(k: int) -> str:
    first, second = names.GIVEN_FIRST, names.GIVEN_SECOND
    return names.SURNAMES[k % len(names.SURNAMES)] + first[k // 20 % len(first)] + second[k // 640 % len(second)]


def degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return longitude, latitude of metres east and north of the corner; the last axis is the pair."""
    found: NDArray[np.float64] = metres / np.array([M_PER_LON, M_PER_LAT]) + np.array([WEST, SOUTH])
    return found


def _box(west: float, south: float, east: float, north: float) -> bytes:
    corners = np.array([(west, south), (east, south), (east, north), (west, north)])
    return bytes(shapely.to_wkb(shapely.segmentize(shapely.polygons(degrees(corners)), 0.002)))
