"""A street of three communities, each with its organisation, one estate and one grid; a clock that tests set."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import shapely

from gis.model.access import Action, operator
from gis.model.enums import CommunityKind, DivisionLevel, OrgKind
from gis.model.organisation import PartyOrg
from gis.model.people import Member, Transition
from gis.model.territory import Building, Division, Estate, Grid, HostHousehold
from gis.services.placing import Placer
from gis.store.writers.groups import NewGroup, NewRun, NewSeat

if TYPE_CHECKING:
    from gis.model.ids import MemberId, OrgId
    from gis.store.database import Store

CLERK = operator()
TODAY = date(2026, 11, 20)
WEST, SOUTH, SIDE = 119.98, 31.79, 0.01
#: community, organisation, estate
PLACES = (
    ("东风村", "东风村党总支", "东风家园"),
    ("常青社区", "常青社区党总支", "常青花园"),
    ("新丰社区", "新丰社区党总支", "新丰苑"),
)


def box(column: int, part: float = 1.0) -> bytes:
    """Return a square of one community, or a part of it."""
    x = WEST + column * SIDE
    return bytes(shapely.to_wkb(shapely.box(x, SOUTH, x + SIDE * part, SOUTH + SIDE * part)))


def code_of(column: int) -> str:
    """Return the division code of a community."""
    return f"99040200100{column + 1}"


class LifeStreet:
    """Members of 东风一支部 (in transition, homes in 常青花园), and a branch in each of the other communities."""

    def __init__(self, store: Store, today: date = TODAY) -> None:
        self.store = store
        self.today = today
        store.clock = lambda: datetime(self.today.year, self.today.month, self.today.day, 8)  # noqa: DTZ001 - the store's clock is naive UTC
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            writer.save_divisions(
                Division(None, code_of(n), name, DivisionLevel.VILLAGE) for n, (name, _, _) in enumerate(PLACES)
            )
            self.grids = grids = writer.save_grids(
                Grid(None, f"{code_of(n)}001", f"{name}第1网格", code_of(n), shape=box(n), area_m2=1e6)
                for n, (name, _, _) in enumerate(PLACES)
            )
            estates = writer.save_estates(
                Estate(None, estate, division_code=code_of(n), shape=box(n, 0.5))
                for n, (_, _, estate) in enumerate(PLACES)
            )
            writer.save_buildings(
                Building(None, estate, str(number), box(n, 0.01 * number), estates[n], grids[n], floors=6, units=2)
                for n, (_, _, estate) in enumerate(PLACES)
                for number in range(1, 10)
            )
            self.villages: list[OrgId] = writer.save_orgs(
                PartyOrg(
                    None,
                    org,
                    OrgKind.GENERAL_BRANCH,
                    division_codes=(code_of(n),),
                    community_kind=CommunityKind.RESETTLEMENT,
                )
                for n, (_, org, _) in enumerate(PLACES)
            )
            self.branches: list[OrgId] = writer.save_orgs(
                PartyOrg(None, f"{org.removesuffix('党总支')}一支部", OrgKind.BRANCH, parent_id=self.villages[n])
                for n, (_, org, _) in enumerate(PLACES)
            )
            placer = Placer(writer, self.today)
            self.members: list[MemberId] = writer.save_members(
                Member(
                    None,
                    name,
                    self.branches[0],
                    birth_ym="1956-01",
                    joined_on="1980-07",
                    transition=Transition(started_on=date(2024, 3, 1), expected_return="2027"),
                    residence=placer.place(f"常青花园{n}幢1单元10{n}室"),
                )
                for n, name in enumerate(("禾一", "禾二", "禾三"), start=1)
            )

    def seat(self, members: list[MemberId], leader: MemberId | None = None) -> None:
        """Found one group in force with these members; the leader is the first who is not named otherwise."""
        host = HostHousehold(None, "禾家", self.branches[0], 12, box(1, 0.01))
        with self.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
            (host_id,) = writer.save_hosts([host])
            run = writer.add_run(NewRun({}, 0, "none", "done", 0.0, 0.0))
            seats = tuple(NewSeat(one, 0.0, "") for one in members)
            head = leader or self.members[2]
            writer.found_groups(run, [NewGroup(self.branches[0], "东风小组", head, host_id, None, seats)])
