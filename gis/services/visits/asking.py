"""What people type when they ask for a round of visits: names of members, places and visitors → numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.visits import Visitor
from gis.services.access import require, require_orgs
from gis.services.territory_sides import territory_of
from gis.services.visits.views import possible_visitors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, MemberId, OrgId, VenueId
    from gis.store.database import Store

MOST_SHOWN = 5


def top_org(actor: Actor, store: Store) -> OrgId:
    """Return the organisation of the scope with the most below it: the whole street for its clerk.

    Raises
    ------
    NotFoundError
        There is no organisation yet.
    """
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        territory, inside = territory_of(reader), reader.org_ids_in_scope
    if not inside:
        msg = "还没有党组织，请先导入花名册"
        raise NotFoundError(msg)
    return max(sorted(inside), key=lambda one: len(territory.subtree(one)))


def members_called(actor: Actor, store: Store, org_id: OrgId, texts: Sequence[str]) -> tuple[MemberId, ...]:
    """Find members of an organisation's subtree by name or number.

    Raises
    ------
    NotFoundError
        There is none of this name.
    InputError
        Several have the name: their numbers are listed.
    """
    require(actor, Action.PLAN_VISITS)
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [org_id])
        members = reader.members(territory_of(reader).subtree(org_id))
        orgs = {org.id: org.name for org in reader.orgs()}
    found: list[MemberId] = []
    for text in (one.strip() for one in texts):
        same = [one for one in members if text in (one.name, str(one.id))]
        if not same:
            msg = f"这个组织里没有党员“{text}”，请核对姓名，或改写编号"
            raise NotFoundError(msg)
        if len(same) > 1:
            shown = "、".join(f"{one.id}（{orgs.get(one.branch_id, '')}）" for one in same[:MOST_SHOWN])
            msg = f"有 {len(same)} 名党员叫“{text}”，请改写编号：{shown}"
            raise InputError(msg)
        found += [one.id for one in same if one.id is not None]
    return tuple(dict.fromkeys(found))


def place_called(actor: Actor, store: Store, text: str) -> tuple[VenueId | None, BuildingId | None]:
    """Find a venue by its name, else a building by what people call it.

    Raises
    ------
    NotFoundError
        There is none, or it has no position.
    InputError
        Several are called so.
    """
    require(actor, Action.PLAN_VISITS)
    wanted = "".join(text.split())
    with store.reading(actor.scope) as reader:
        venues = [one for one in reader.venues() if one.shape is not None]
        buildings = [one for one in reader.buildings() if one.shape is not None]
    exact = [one for one in venues if wanted == "".join(one.name.split())]
    near = exact or [one for one in venues if wanted and wanted in "".join(one.name.split())]
    houses = [one for one in buildings if wanted == "".join(one.label.split())]
    if len(near) == 1:
        return near[0].id, None
    if not near and len(houses) == 1:
        return None, houses[0].id
    shown = "、".join([one.name for one in near][:MOST_SHOWN] or [f"{one.label}（{one.id}）" for one in houses])
    if shown:
        msg = f"出发地点“{text}”有几处：{shown}，请写全称"
        raise InputError(msg)
    msg = f"没有出发地点“{text}”：请写场所名称或楼栋，例如 葵岸苑3幢"
    raise NotFoundError(msg)


def visitors_called(actor: Actor, store: Store, org_id: OrgId, names: Sequence[str]) -> tuple[Visitor, ...]:
    """Return visitors by name, with their account where exactly one of the possible visitors is called so."""
    accounts = possible_visitors(actor, store, org_id)
    found = []
    for name in (one.strip() for one in names):
        same = [one for one in accounts if one.name == name]
        found.append(same[0] if len(same) == 1 else Visitor(name))
    return tuple(one for one in found if one.name)
