"""Where the groups of a saved plan can meet: what hand editing chooses from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.plan import GroupingSettings
from gis.services.access import require, require_orgs
from gis.services.grouping_input import meeting_places

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plan import GroupPlan, Place
    from gis.store.database import Store


def places_of_plan(actor: Actor, store: Store, plan: GroupPlan) -> tuple[Place, ...]:
    """List the approved hosts and agreed venues, with the seats that groups of other branches leave free."""
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, plan.branch_ids)
        return meeting_places(reader, plan.branch_ids, plan.request.settings)


def places_in_reach(actor: Actor, store: Store) -> tuple[Place, ...]:
    """List every approved host and agreed venue that a plan of the actor's branches could use."""
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        branches = [org.id for org in reader.branches_in_scope() if org.id is not None]
        return meeting_places(reader, branches, GroupingSettings())
