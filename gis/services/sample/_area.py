"""Buildings that somebody has imported, as estates that made-up people can live in."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import InputError
from gis.model.enums import BuildingStatus, CommunityKind
from gis.services.sample import _names as names
from gis.services.sample._chance import spread, stream
from gis.services.sample._communities import Community
from gis.services.sample._estates import House, Housing
from gis.services.sample._homes import stock_of
from gis.services.sample._orgs import make_orgs
from gis.services.sample._population import Market
from gis.spatial.crs import metric_epsg_of, to_metric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.organisation import PartyOrg
    from gis.model.territory import Building, Road
    from gis.services.sample._orgs import Org

CELL_M = 220.0  # buildings without an estate that stand in one such square are neighbours
HOUSE_M2 = (60.0, 4000.0)  # ground of a dwelling house; kiosks are smaller, halls larger
MIN_HOUSES = 12
FLOORS, HIGH_FLOORS = 5, 8
UNIT_M2 = 220.0
_NUMBERED = re.compile(r"\d+\s*(?:号楼|号|幢|栋|座|楼)?$")
_LIVED_IN = re.compile(r"公寓|宿舍|小区|家园|新村|[苑庭]")
_NO_BLOCK = (0, 0)


def lived_in(buildings: Sequence[Building]) -> list[Building]:
    """Pick the buildings that look like dwelling houses; where too few do, all that stand.

    Raises
    ------
    InputError
        No building has a place.
    """
    standing = [
        b
        for b in buildings
        if b.shape is not None and b.status in (BuildingStatus.STANDING, BuildingStatus.RESETTLEMENT)
    ]
    if not standing:
        msg = "现有辖区里没有在用的楼栋，无处安排党员居住：请先导入楼栋，例如 jiujin import osm"
        raise InputError(msg)
    shapes = _metric(standing)
    areas = shapely.area(shapes)
    homes = [
        b
        for b, area in zip(standing, areas.tolist(), strict=True)
        if _has_home_name(b) and (area == 0 or HOUSE_M2[0] <= area <= HOUSE_M2[1])
    ]
    return homes if len(homes) >= MIN_HOUSES else standing


def _has_home_name(building: Building) -> bool:
    name = building.building_no
    return not name or bool(building.estate or _NUMBERED.search(name) or _LIVED_IN.search(name))


def _metric(buildings: Sequence[Building]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    stored = np.array([*shapely.from_wkb([b.shape for b in buildings]), None], dtype=object)
    return to_metric(stored, metric_epsg_of(stored))[:-1]


def estates_of_area(buildings: Sequence[Building], roads: Sequence[Road]) -> tuple[Housing, ...]:
    """Group buildings by estate, those without one by neighbourhood; the names are theirs or the nearest street's.

    Each house carries the place of its building in `buildings` as `block[0]`.
    """
    shapes = _metric(buildings)
    points = shapely.point_on_surface(shapes)
    cells = np.floor(shapely.get_coordinates(points) / CELL_M).astype(np.int64)
    groups: dict[tuple[str, int, int], list[int]] = {}
    for i, building in enumerate(buildings):
        key = (building.estate, 0, 0) if building.estate else ("", int(cells[i, 0]), int(cells[i, 1]))
        groups.setdefault(key, []).append(i)
    streets = _nearest_streets(buildings, roads)
    found, taken = [], Counter[str]()
    for key in sorted(groups):
        rows = groups[key]
        name = key[0] or f"{Counter(streets[i] for i in rows).most_common(1)[0][0]}附近"
        taken[name] += 1
        unique = name if taken[name] == 1 else f"{name}{taken[name]}片"
        houses = _houses(unique, [(i, buildings[i], shapes[i]) for i in rows])
        hull = shapely.union_all(shapes[rows]).convex_hull.buffer(5)
        found.append(
            Housing(
                name=unique,
                community=_ANYWHERE,
                block=_NO_BLOCK,
                shape=hull,
                street=streets[rows[0]],
                door=0,
                has_letter_units=False,
                houses=houses,
            )
        )
    return tuple(found)


def _houses(estate: str, rows: list[tuple[int, Building, shapely.Polygon]]) -> tuple[House, ...]:
    houses, used = [], set[str]()
    for i, building, shape in rows:
        number = re.sub(r"(?:号楼|号|幢|栋|座|楼)$", "", building.building_no) or f"{building.id}"
        if number in used:
            number = f"{number}-{building.id}"
        used.add(number)
        floors = building.floors or FLOORS
        houses.append(
            House(
                estate=estate,
                number=number,
                block=(i, 0),
                shape=shape,
                units=building.units or max(1, min(6, round(shape.area / UNIT_M2))),
                floors=floors,
                has_lift=bool(building.has_lift) if building.has_lift is not None else floors >= HIGH_FLOORS,
            )
        )
    return tuple(houses)


def _nearest_streets(buildings: Sequence[Building], roads: Sequence[Road]) -> list[str]:
    """Name of the nearest named road of each building."""
    named = [road for road in roads if road.name]
    if not named:
        return ["片区"] * len(buildings)
    tree = shapely.STRtree(shapely.from_wkb([road.shape for road in named]))
    spots = shapely.from_wkb([b.shape for b in buildings])
    return [named[int(at)].name for at in tree.nearest(spots)]


def communities_of_area(members: int) -> tuple[Community, ...]:
    """Choose made-up communities for a number of members: as many villages as resettlement communities, one urban."""
    pairs = max(1, min(len(names.VILLAGES), round(members / 300)))
    chosen = (
        [(name, CommunityKind.URBAN, 1 + i) for i, name in enumerate(names.URBAN[:1])]
        + [(name, CommunityKind.RESETTLEMENT, 4 + i) for i, name in enumerate(names.RESETTLED[:pairs])]
        + [(name, CommunityKind.DEMOLITION_VILLAGE, 201 + i) for i, name in enumerate(names.VILLAGES[:pairs])]
    )
    return tuple(
        Community(f"{names.STREET_CODE[:9]}{number:03d}", name, kind, (), (), shapely.Polygon())
        for name, kind, number in chosen
    )


_ANYWHERE = Community("", "", CommunityKind.RESETTLEMENT, (), (), shapely.Polygon())


def market_of_area(estates: tuple[Housing, ...], communities: Sequence[Community]) -> Market:
    """Let everybody live anywhere."""
    stock = stock_of(list(estates))
    keys = [*(c.code for c in communities), *(kind.value for kind in CommunityKind)]
    return Market(estates, dict.fromkeys(keys, stock), {c.code: c.kind for c in communities})


def orgs_of_area(
    seed: int, existing: Sequence[PartyOrg], communities: Sequence[Community], members: int
) -> tuple[Org, ...]:
    """Make organisations, or share the members among the branches that are there."""
    branches = [org for org in existing if org.is_branch]
    made = make_orgs(seed, communities, members)
    if not branches:
        return made
    chance = stream(seed, "area branches")
    villages = {org.id for org in existing if org.community_kind is CommunityKind.DEMOLITION_VILLAGE}
    homes = {c.kind: c.code for c in communities}
    sizes = spread(members, [chance.uniform(0.9, 1.1) for _ in branches])
    template = next(org for org in made if org.members)
    return tuple(
        _existing(template, org, size, homes, is_village=bool({org.id, org.parent_id} & villages) or not villages)
        for org, size in zip(branches, sizes, strict=True)
    )


def _existing(template: Org, org: PartyOrg, size: int, homes: dict[CommunityKind, str], *, is_village: bool) -> Org:
    kind = CommunityKind.DEMOLITION_VILLAGE if is_village else CommunityKind.URBAN
    return type(template)(org.name, org.kind, org.code, None, homes[kind], None, size)
