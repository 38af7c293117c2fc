"""What a planner sees before anything is saved: who stands on a list, and a proposed round like a kept one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require, require_orgs
from gis.services.cards import place_of
from gis.services.settings import office_settings
from gis.services.visits.opening import opened_round, read_known

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.settings import OfficeSettings
    from gis.model.visits import VisitRound
    from gis.services.visits.view_model import RoundView
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class VisitPerson:
    """One member as a planner's list names them; `place` is without the room."""

    name: str
    branch: str
    place: str


def visit_people(actor: Actor, store: Store, member_ids: Collection[MemberId]) -> Mapping[MemberId, VisitPerson]:
    """Name members of the scope; who lies outside it, or has left, is not in the answer."""
    require(actor, Action.PLAN_VISITS)
    wanted = frozenset(member_ids)
    with store.reading(actor.scope) as reader:
        branches = {org.id: org.name for org in reader.orgs()}
        return {
            one.id: VisitPerson(one.name, branches.get(one.branch_id, ""), place_of(one))
            for one in reader.members()
            if one.id is not None and one.id in wanted
        }


def visit_options(actor: Actor, store: Store) -> OfficeSettings:
    """Return the settings by which visits are planned."""
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        return office_settings(reader)


def view_planned(actor: Actor, store: Store, planned: VisitRound) -> RoundView:
    """View a proposed round as `open_round` would once it is saved; stops have no numbers yet.

    Raises
    ------
    DeniedError
        The role does not plan visits, or the organisation lies outside the scope.
    """
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [planned.org_id])
        known = read_known(reader, [planned], store.today())
        return opened_round(reader, actor, planned, known, is_planner=True)
