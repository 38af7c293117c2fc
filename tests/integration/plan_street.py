"""A street for saved plans: two branches along the road, four hosts, so that there is room to move people about.

东风一支部 lives at 0 to 500 m, 东风二支部 at 900 to 1,300 m; hosts stand at 100, 400 (of the first), 1,000 and 1,500 m.
All are 70 years old (810 m at most) and may lead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from gis.model.access import Action, Actor, Role, operator, scope_for
from gis.model.enums import MobilityLevel, OrgKind
from gis.model.organisation import PartyOrg
from gis.model.plan import GroupingRequest
from gis.model.territory import HostHousehold, Road
from gis.services.grouping import propose_groups
from gis.services.plans import open_plan, save_plan
from tests.integration.tiny_street import at, person

if TYPE_CHECKING:
    from gis.model.ids import MemberId, OrgId, PlanId
    from gis.model.plan import GroupPlan
    from gis.model.plans import SavedPlan
    from gis.store.database import Store

CLERK = operator()
FIRST = (0, 60, 120, 180, 350, 400, 450, 500)
SECOND = (900, 950, 1000, 1050, 1300)


class PlanStreet:
    """Ids of what stands on the street, and a few short ways to say things."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            line = shapely.LineString(
                [shapely.get_coordinates(shapely.from_wkb(at(x)))[0] for x in range(0, 2001, 100)]
            )
            writer.save_roads([Road(None, "青禾路", "residential", shapely.to_wkb(line))])
            self.village: OrgId
            (self.village,) = writer.save_orgs([PartyOrg(None, "东风村党总支", OrgKind.GENERAL_BRANCH)])
            self.one, self.two = writer.save_orgs(
                [PartyOrg(None, name, OrgKind.BRANCH, parent_id=self.village) for name in ("东风一支部", "东风二支部")]
            )
            self.hosts = writer.save_hosts(
                [
                    HostHousehold(None, name, branch, capacity, at(x), is_step_free=is_free)
                    for name, branch, capacity, x, is_free in (
                        ("甲", self.one, 12, 100, True),
                        ("乙", self.one, 12, 400, False),
                        ("丙", self.two, 12, 1000, True),
                        ("丁", self.two, 4, 1500, True),
                    )
                ]
            )
            people = [person(f"一{n}", self.one, x, is_leader_eligible=True) for n, x in enumerate(FIRST)]
            people += [person(f"二{n}", self.two, x, is_leader_eligible=True) for n, x in enumerate(SECOND)]
            people.append(person("需扶", self.one, 390, mobility_level=MobilityLevel.NEEDS_HELP))
            self.members: list[MemberId] = writer.save_members(people)
        self.first, self.second = self.members[: len(FIRST)], self.members[len(FIRST) : len(FIRST) + len(SECOND)]
        self.frail = self.members[-1]

    def place(self, number: int) -> str:
        """Key of a host, by its order on the road."""
        return f"H{self.hosts[number]}"

    def secretary(self, *branches: OrgId, name: str = "zhibu") -> Actor:
        return Actor(name, Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset(branches)))

    def actor(self, role: Role, *branches: OrgId) -> Actor:
        return Actor(f"u-{role.value}", role, scope_for(role, frozenset(branches)))

    def propose(self, *branches: OrgId, seed: int = 0) -> GroupPlan:
        return propose_groups(CLERK, self.store, GroupingRequest(branch_ids=branches, seconds=5, seed=seed))

    def save(self, *branches: OrgId, name: str = "方案") -> PlanId:
        return save_plan(CLERK, self.store, self.propose(*branches), name)

    def open(self, plan_id: PlanId) -> SavedPlan:
        return open_plan(CLERK, self.store, plan_id)

    def group_of(self, plan: SavedPlan, member: MemberId) -> str:
        """Id of the group a member sits in, "" for none."""
        found = [group.id for group in plan.plan.groups for seat in group.seats if seat.member_id == member]
        return found[0] if found else ""

    def place_of(self, plan: SavedPlan, member: MemberId) -> str:
        """Key of the place where a member sits, "" for none."""
        found = [group.place.key for group in plan.plan.groups for seat in group.seats if seat.member_id == member]
        return found[0] if found else ""
