"""What the database says today about a plan document: the ground on which it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gis.model.access import Action
from gis.model.ids import MemberId, OrgId
from gis.services.access import require
from gis.services.adopting import PLAN_TOPICS
from gis.services.grouping_input import WISHES, measure_walks, meeting_places, obstacle, why_not_asked
from gis.services.in_force import place_key_of
from gis.services.plan_reading import request_of, seats_of

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.people import Member, PartyGroup
    from gis.model.plan import GroupingRequest, GroupingSettings, Place
    from gis.store.database import Store
    from gis.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its code, where, and one Chinese sentence."""

    rule: str
    where: str
    message: str


@dataclass(frozen=True)
class Facts:
    """What the database says today.

    `in_force` are the groups that the plan would replace, by id; `is_same_data`: nothing changed since the plan was
    made, so that what it says about these groups can be checked.
    """

    members: dict[int, Member]
    places: dict[str, Place]
    walks: dict[tuple[int, str], float]
    branches: dict[int, str]
    request: GroupingRequest
    in_force: dict[int, PartyGroup]
    leading_elsewhere: frozenset[MemberId]
    is_same_data: bool
    today: date

    @property
    def settings(self) -> GroupingSettings:
        """The settings that the plan was asked with."""
        return self.request.settings

    @property
    def frozen_at(self) -> dict[int, str]:
        """Place of each member whose group was to stay as it is."""
        frozen = (self.in_force[number] for number in self.request.frozen_groups if number in self.in_force)
        return {int(seat.member_id): place_key_of(group) for group in frozen for seat in group.seats}

    def stays_at(self, member_id: MemberId, key: str) -> bool:
        """Whether a member's group was to stay at this place; once such a plan is adopted it is in force anew."""
        if member_id in self.frozen_at:
            return self.frozen_at[member_id] == key
        return not self.in_force.keys() >= {*self.request.frozen_groups} and self.held.get(member_id) == key

    @property
    def held(self) -> dict[int, str]:
        """Place of each member's group in force, as far as the planner counts leaving it as a change."""
        is_mixed = self.settings.allow_mixed
        return {
            int(seat.member_id): place_key_of(group)
            for group in self.in_force.values()
            for seat in group.seats
            if place_key_of(group) in self.places and int(seat.member_id) in self.members
            if is_mixed or self.members[int(seat.member_id)].branch_id == group.branch_id
        }


def read_facts(actor: Actor, store: Store, document: dict[str, Any]) -> Facts:
    """Read what a document that has the shape of a plan is to be checked against.

    Raises
    ------
    DeniedError
        The role may not see members.
    """
    require(actor, Action.VIEW_MEMBERS)
    request, today = request_of(document), store.today()
    with store.reading(actor.scope) as reader:
        branches = {int(org.id): org.name for org in reader.branches_in_scope() if org.id is not None}
        chosen, is_all_members = _range(document, branches, reader)
        known = reader.members(chosen, in_transition_only=not is_all_members)
        members = [one for one in known if one.restricted_on is None]
        places = meeting_places(reader, chosen, request.settings)
        in_force = {group.id: group for group in reader.groups_in_force(chosen)}
        frozen = {
            seat.member_id for number in request.frozen_groups if number in in_force for seat in in_force[number].seats
        }
        located = [member for member in members if why_not_asked(member) is None]
        wishful = [
            member for member in members if why_not_asked(member) in WISHES.values() and obstacle(member) is None
        ]
        walks = measure_walks(reader, [*located, *wishful], places, request.settings, frozen)[0].walk_m
        leading_elsewhere = reader.leading_elsewhere(chosen)
        data_version = reader.data_version(*PLAN_TOPICS)
    return Facts(
        members={int(member.id or 0): member for member in members},
        places={place.key: place for place in places},
        walks={
            (int(member.id or 0), place.key): float(walks[row, column])
            for row, member in enumerate(located)
            for column, place in enumerate(places)
        },
        branches=branches,
        request=request,
        in_force=in_force,
        leading_elsewhere=leading_elsewhere,
        is_same_data=document.get("data_version") == data_version,
        today=today,
    )


def _range(document: dict[str, Any], branches: dict[int, str], reader: Reader) -> tuple[list[OrgId], bool]:
    """Return the branches and whether all members were asked; a document without its request is taken by its names."""
    request = document.get("request")
    if request is not None:
        asked = request.get("branches") or list(branches)
        return [OrgId(branch) for branch in branches if branch in asked], bool(request.get("all_members", False))
    named = {seat["member"] for _, seat in seats_of(document)} | {one["member"] for one in document["unseated"]}
    found = [member for member in reader.members() if member.id in named]
    meant = {member.branch_id for member in found} or {OrgId(branch) for branch in branches}
    return sorted(meant), any(not member.is_in_transition for member in found)
