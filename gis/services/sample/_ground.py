"""How the made-up organisations divide their ground: 片区 of the villages, posts in the grids.

A stream of its own: what other parts make does not change when this does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.bodies import Area, GridAssignment, GridPost
from gis.model.enums import CommunityKind
from gis.services.posts import DUTIES
from gis.services.sample import _names as names
from gis.services.sample._chance import AS_OF, stream

if TYPE_CHECKING:
    from random import Random

    from gis.model.ids import BuildingId, GridId, OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member
    from gis.model.territory import Grid
    from gis.store.writer import Writer

MOST_AREAS, LEAST_IN_AREA = 4, 3
BY_HAND_SHARE, EMPTY_SHARE, CADRE_SHARE = 0.5, 0.04, 0.6
HEADS = 2


def divide_ground(writer: Writer, seed: int) -> None:
    """Add to a street that is saved already its 片区 and posts."""
    _divide(writer, stream(seed, "areas"))
    _fill_posts(writer, stream(seed, "posts"))


def _divide(writer: Writer, chance: Random) -> None:
    orgs = writer.orgs()
    of_estate: dict[int, set[BuildingId]] = {}
    place_of: dict[BuildingId, tuple[int, str]] = {}
    communities = {division.code: division.name.removesuffix("社区") for division in writer.divisions()}
    grids = {grid.id: communities.get(grid.community_code, "") for grid in writer.grids()}
    for building in writer.buildings():
        if building.id is not None and building.estate_id is not None:
            of_estate.setdefault(building.estate_id, set()).add(building.id)
            place_of[building.id] = (building.estate_id, grids.get(building.grid_id, ""))
    for org in orgs:
        if org.community_kind is not CommunityKind.DEMOLITION_VILLAGE or org.id is None:
            continue
        branches = [one.id for one in orgs if one.parent_id == org.id and one.id is not None]
        _divide_one(writer, chance, org, list(writer.members(branches)), (of_estate, place_of))


def _divide_one(
    writer: Writer,
    chance: Random,
    org: PartyOrg,
    members: list[Member],
    ground: tuple[dict[int, set[BuildingId]], dict[BuildingId, tuple[int, str]]],
) -> None:
    """Make an area of each community where several members live; the other places belong to the last one."""
    of_estate, place_of = ground
    living: dict[str, list[tuple[int, Member]]] = {}
    for member in members:
        home = member.residence.building_id if member.residence else None
        if member.is_in_transition and home in place_of:
            estate, community = place_of[home]
            living.setdefault(community, []).append((estate, member))
    ranked = sorted(living.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    parts = [pair for pair in ranked[:MOST_AREAS] if len(pair[1]) >= LEAST_IN_AREA] or ranked[:1]
    rest = [row for _, rows in ranked[len(parts) :] for row in rows]
    if not parts:
        return
    parts[-1] = (parts[-1][0] + ("等" if rest else ""), [*parts[-1][1], *rest])
    stem = org.name.removesuffix(org.kind.label)
    full = [one for one in members if one.is_full and one.id is not None]
    made = []
    for label, rows in parts:
        here = [member for _, member in rows if member.is_full and member.is_leader_eligible]
        leader = chance.choice(here or [member for _, member in rows if member.is_full] or full)
        buildings = frozenset(number for estate in {e for e, _ in rows} for number in of_estate[estate])
        area = Area(None, f"{stem}{label}片", org.id or _no(org), leader.id, buildings, valid_from=AS_OF)
        made.append(writer.save_area(area))
    for member in members:
        residence = member.residence
        is_vague = member.is_in_transition and residence is not None and residence.building_id is None
        if is_vague and member.id is not None and chance.random() < BY_HAND_SHARE:
            writer.place_in_area(member.id, chance.choice(made), made)


def _no(org: PartyOrg) -> OrgId:
    msg = f"{org.name} has not been saved"
    raise ValueError(msg)


def _fill_posts(writer: Writer, chance: Random) -> None:
    by_community: dict[str, list[Grid]] = {}
    for grid in writer.grids():
        by_community.setdefault(grid.community_code, []).append(grid)
    buildings: dict[GridId, list[BuildingId]] = {}
    for building in writer.buildings():
        if building.id is not None and building.grid_id is not None:
            buildings.setdefault(building.grid_id, []).append(building.id)
    members = [one for one in writer.members() if one.is_full and one.residence and one.residence.grid_id]
    rows: list[GridAssignment] = []
    for _, grids in sorted(by_community.items()):
        adviser, worker = _person(chance), _person(chance)
        for grid in grids:
            if grid.id is None or chance.random() < EMPTY_SHARE:
                continue  # somebody has left and nobody has come
            near = [one for one in members if one.residence and one.residence.grid_id == grid.id]
            rows += _of_grid(chance, grid.id, (adviser, worker), near)
            heads = chance.sample(buildings.get(grid.id, []), min(HEADS, len(buildings.get(grid.id, []))))
            rows += [_post(grid.id, GridPost.BUILDING_HEAD, _person(chance), building=one) for one in heads]
    writer.save_assignments(rows)


def _of_grid(
    chance: Random, grid_id: GridId, shared: tuple[tuple[str, str], tuple[str, str]], near: list[Member]
) -> list[GridAssignment]:
    """Fill a grid: a chief of its own, a worker for all of the community's grids, an adviser, sometimes a volunteer."""
    adviser, worker = shared
    is_cadre = not near or chance.random() < CADRE_SHARE
    chief = _post(grid_id, GridPost.GRID_CHIEF, _person(chance))
    if not is_cadre:
        chief = _member_post(grid_id, GridPost.GRID_CHIEF, chance.choice(near))
    found = [chief, _post(grid_id, GridPost.GRID_WORKER, worker), _post(grid_id, GridPost.PARTY_WORKER, adviser)]
    if near and chance.random() < BY_HAND_SHARE:
        found.append(_member_post(grid_id, GridPost.VOLUNTEER, chance.choice(near)))
    return found


def _person(chance: Random) -> tuple[str, str]:
    name = chance.choice(names.SURNAMES) + chance.choice(names.GIVEN_FIRST) + chance.choice(names.GIVEN_SECOND)
    return name, f"0000-555{chance.randrange(10**4):04d}"  # no area has the code 0000


def _post(
    grid_id: GridId, post: GridPost, person: tuple[str, str], *, building: BuildingId | None = None
) -> GridAssignment:
    name, phone = person
    return GridAssignment(
        None, grid_id, post, name, building_id=building, phone=phone, duties=DUTIES[post], valid_from=AS_OF
    )


def _member_post(grid_id: GridId, post: GridPost, member: Member) -> GridAssignment:
    return GridAssignment(None, grid_id, post, member.name, member_id=member.id, duties=DUTIES[post], valid_from=AS_OF)
