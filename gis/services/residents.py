"""Members by name for the choices on screens: whom the actor may name, and where each belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.store.database import Store


def members_named(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None, *, full_only: bool = False
) -> dict[MemberId, str]:
    """Name the members of the actor's scope with their branch, by branch and name."""
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        names = {org.id: org.name for org in reader.orgs()}
        found = [one for one in reader.members(branch_ids) if one.is_full or not full_only]
    found.sort(key=lambda one: (one.branch_id, one.name, one.id or 0))
    return {one.id: f"{one.name}　{names.get(one.branch_id, '')}" for one in found if one.id is not None}
