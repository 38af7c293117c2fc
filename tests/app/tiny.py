"""A street of two grids, three buildings and five members; every name in it tries to break out of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import shapely

from gis.model.access import Action, Role
from gis.model.enums import (
    DivisionLevel,
    MapPrecision,
    MobilityLevel,
    OrgKind,
    PositionSource,
    Precision,
    VenueKind,
)
from gis.model.ids import OrgId
from gis.model.organisation import PartyOrg
from gis.model.people import Member, Residence, Transition
from gis.model.territory import Building, Division, Estate, Grid, HostHousehold, Venue
from gis.services.accounts import SYSTEM, NewAccount, actor_of, add_account, list_accounts, sign_in

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import BuildingId, GridId
    from gis.store.database import Store
    from gis.store.writer import Writer

#: web.md section 4: markup, template literal, end of script, back-tick, Markdown
HOSTILE = '<img src=x onerror="window.ran=1">${window.ran=1}</script>`*x*'
PASSWORD = "Kuaile-2026-xx"
WEST, SOUTH = 120.0, 31.0
ROLES_WITH_ORG = {Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY, Role.GROUP_LEADER, Role.LIAISON}


@dataclass(frozen=True)
class Tiny:
    """Ids of what was built, and a token for each role."""

    branch: OrgId
    other_branch: OrgId
    grids: tuple[GridId, ...]
    buildings: tuple[BuildingId, ...]
    tokens: dict[Role, str]


def build(store: Store) -> Tiny:
    """Build the street; one account for each role, of the first branch where the role needs one."""
    with store.writing(SYSTEM, Action.IMPORT_DATA) as writer:
        branch, other = _orgs(writer)
        grids, buildings = _ground(writer)
        _places(writer, branch, other, buildings[0])
        _members(writer, (branch, other), grids, buildings)
    tokens = {}
    for role in Role:
        org = (branch,) if role in ROLES_WITH_ORG else ()
        add_account(SYSTEM, store, NewAccount(role.value, HOSTILE, role, org), PASSWORD)
        tokens[role] = sign_in(store, role.value, PASSWORD)
    return Tiny(branch, other, grids, buildings, tokens)


def signed_in_as(store: Store, role: Role) -> Actor:
    """Return the acting side of the account of a role."""
    return next(actor_of(one) for one in list_accounts(SYSTEM, store) if one.username == role.value)


def square(column: int, row: int, side: float) -> bytes:
    """Return a square as WKB; `column` and `row` count sides from the south-west corner."""
    x, y = WEST + column * side, SOUTH + row * side
    return bytes(shapely.to_wkb(shapely.box(x, y, x + side, y + side)))


def _orgs(writer: Writer) -> tuple[OrgId, OrgId]:
    village = writer.save_orgs([PartyOrg(None, "东风村党总支", OrgKind.GENERAL_BRANCH)])[0]
    first, second = writer.save_orgs(
        [
            PartyOrg(None, "东风一支部", OrgKind.BRANCH, parent_id=village),
            PartyOrg(None, "东风二支部", OrgKind.BRANCH, parent_id=village),
        ]
    )
    return first, second


def _ground(writer: Writer) -> tuple[tuple[GridId, ...], tuple[BuildingId, ...]]:
    writer.save_divisions([Division(None, "990402001001", HOSTILE, DivisionLevel.VILLAGE)])
    grids = writer.save_grids(
        Grid(None, f"99040200100{n}", HOSTILE, "990402001001", shape=square(n, 0, 0.01), area_m2=1e6) for n in (0, 1)
    )
    estate = writer.save_estates([Estate(None, HOSTILE, shape=square(0, 0, 0.002))])[0]
    buildings = writer.save_buildings(
        Building(None, "", number, square(n * 4 + 4, 4, 0.0005), estate, grids[0], floors=6, units=2)
        for n, number in enumerate((HOSTILE, "2幢", "3幢"))
    )
    return tuple(grids), tuple(buildings)


def _places(writer: Writer, branch: OrgId, other: OrgId, building: BuildingId) -> None:
    shape = bytes(shapely.to_wkb(shapely.Point(WEST + 0.0022, SOUTH + 0.0022)))
    for name, org in ((HOSTILE, branch), ("外支部户主", other)):
        writer.save_hosts(
            [HostHousehold(None, name, org, 15, shape, address=HOSTILE, building_id=building, is_step_free=True)]
        )
    writer.save_venues([Venue(None, HOSTILE, VenueKind.ACTIVITY_ROOM, 40, shape, org_id=branch)])


def _members(
    writer: Writer, branches: tuple[OrgId, OrgId], grids: tuple[GridId, ...], buildings: tuple[BuildingId, ...]
) -> None:
    point = bytes(shapely.to_wkb(shapely.Point(WEST + 0.0024, SOUTH + 0.0022)))

    def member(name: str, branch: OrgId, precision: MapPrecision = MapPrecision.BUILDING, **more: object) -> Member:
        home = Residence(
            HOSTILE, Precision.BUILDING, PositionSource.ADDRESS, 1.0, buildings[0], grid_id=grids[0], shape=point
        )
        values: dict[str, object] = {
            "birth_ym": "1960-01",
            "is_leader_eligible": True,
            "mobility_level": MobilityLevel.FREE,
            "transition": Transition(started_on=date(2025, 1, 1)),
            "residence": home,
        }
        return Member(None, name, branch, map_precision=precision, **(values | more))  # type: ignore[arg-type]

    lost = Residence(HOSTILE, Precision.QUEUE, candidates=(buildings[1],), reason="没有写幢号")
    writer.save_members(
        [
            member(HOSTILE, branches[0]),
            member("甲", branches[0]),
            member("乙", branches[0]),
            member("藏", branches[0], MapPrecision.HIDDEN),
            member("格", branches[0], MapPrecision.GRID),
            member("待", branches[0], residence=lost),
            member("外人", branches[1]),
        ]
    )
