"""A street whose distances a reader can check in the head: one straight road of 2,000 m with homes beside it.

Positions are metres east of (119.98 E, 31.79 N); one degree of longitude is 94,697 m there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from pyproj import Geod

from gis.model.access import Action, operator
from gis.model.enums import MobilityLevel, OrgKind, Preference
from gis.model.organisation import PartyOrg
from gis.model.people import Member, Residence, Transition
from gis.model.territory import HostHousehold, Road

if TYPE_CHECKING:
    from gis.model.ids import HostId, MemberId, OrgId
    from gis.store.database import Store

CLERK = operator()
WEST = (119.98, 31.79)
_GEOD = Geod(ellps="GRS80")


def at(east_m: float) -> bytes:
    """Return the point so many metres east along the road."""
    lon, lat, _ = _GEOD.fwd(*WEST, 90, east_m)
    return shapely.to_wkb(shapely.Point(lon, lat))


def person(name: str, branch: OrgId, east_m: float, **options: object) -> Member:
    """Make a full member of 70 in transition who lives beside the road."""
    given: dict[str, object] = {
        "birth_ym": "1956-01",
        "residence": Residence(f"青禾路{east_m:.0f}号", shape=at(east_m)),
        "transition": Transition(),
        **options,
    }
    return Member(None, name, branch, **given)  # type: ignore[arg-type]  # fields by name


class TinyStreet:
    """One branch; hosts at 100 m and 1,500 m; seven members, of whom some cannot or will not be seated."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            road = shapely.LineString(
                [shapely.get_coordinates(shapely.from_wkb(at(east)))[0] for east in range(0, 2001, 100)]
            )
            writer.save_roads([Road(None, "青禾路", "residential", shapely.to_wkb(road))])
            (village,) = writer.save_orgs([PartyOrg(None, "东风村党总支", OrgKind.GENERAL_BRANCH)])
            self.branch, self.other = writer.save_orgs(
                [PartyOrg(None, name, OrgKind.BRANCH, parent_id=village) for name in ("东风一支部", "东风二支部")]
            )
            self.near: HostId
            self.far: HostId
            self.near, self.far = writer.save_hosts(
                [
                    HostHousehold(None, "近禾", self.branch, 12, at(100), is_step_free=False),
                    HostHousehold(None, "远禾", self.branch, 12, at(1500), is_step_free=True),
                ]
            )
            people = [
                person("禾一", self.branch, 0, is_leader_eligible=True),
                person("禾二", self.branch, 150),
                person("禾三", self.branch, 300),
                person("禾四", self.branch, 2000),
                person("禾五", self.branch, 200, preference=Preference.HOME_BRANCH),
                person("禾六", self.branch, 120, mobility_level=MobilityLevel.NEEDS_HELP),
                person("禾七", self.branch, 120, residence=Residence("外县某处")),
            ]
            self.members: list[MemberId] = writer.save_members(people)
