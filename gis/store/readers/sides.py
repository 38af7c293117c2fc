"""Both sides of every member: the branch of the relation and what the residence says; as of any day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select, true

from gis.model.enums import GroupStatus, MembershipStatus, MemberStatus, Precision, Preference
from gis.model.ids import MemberId, OrgId
from gis.model.modes import StudyMode
from gis.store.readers.groups import group_of, seat_of
from gis.store.readers.history import HistoryReads
from gis.store.readers.meetings import MeetingReads
from gis.store.schema import (
    EstateRow,
    GridRow,
    GroupMembershipRow,
    GroupRow,
    MemberRow,
    ModeDecisionRow,
    OrgDivisionRow,
    ResidenceRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from sqlalchemy import Select

    from gis.model.people import PartyGroup, Seat


class Place(NamedTuple):
    """Where somebody is organised and lives, without saying who.

    `named_org_id` is the residence organisation that a person entered; `community_code` "" is not known.
    """

    branch_id: OrgId
    named_org_id: OrgId | None
    community_code: str
    is_outside: bool


class Person(NamedTuple):
    """What decides on invitations; `goes_back`: studies at the old branch, by decision or else by wish."""

    place: Place
    can_vote: bool
    goes_back: bool


@dataclass(frozen=True, slots=True)
class CoverLink:
    """An organisation covers a division from a day to a day."""

    org_id: OrgId
    code: str
    valid_from: date | None
    valid_to: date | None


class SideReads(MeetingReads, HistoryReads):
    """Relation and residence of members; counts for the whole street, persons inside the scope."""

    def place_counts(self, day: date | None = None) -> Counter[Place]:
        """Count the members of the whole street by place, now or on an earlier day; no persons, for every scope."""
        if not self.sees_street:
            return Counter()
        return Counter(self._places(day).values())

    def places(self, day: date | None = None) -> dict[MemberId, Place]:
        """Return the place of each member of the scope, now or on an earlier day."""
        if not self.sees_people:
            return {}
        return self._places(day, MemberRow.branch_id.in_(self.org_ids_in_scope))

    def places_shared_with(
        self, org_ids: Collection[OrgId], day: date | None = None
    ) -> dict[MemberId, tuple[str, Place]]:
        """Return name and place of members of any branch who agreed that these organisations of the scope know them."""
        if not self.sees_people:
            return {}
        shared = MemberRow.id.in_(self._shared_with(self.org_ids_in_scope & frozenset(org_ids)))
        found = self._places(day, shared)
        rows = self.session.execute(select(MemberRow.id, MemberRow.name).where(MemberRow.id.in_(found)))
        names = {MemberId(number): name for number, name in rows}
        return {number: (names[number], place) for number, place in found.items()}

    def everybody(self) -> dict[MemberId, Person]:
        """Return what decides on invitations of each member of the street, without a name.

        A residence organisation's invitations are kept for members too whom it does not see.
        """
        if not self.sees_people:
            return {}
        is_full = and_(
            MemberRow.member_status == MemberStatus.FULL, MemberRow.membership_status == MembershipStatus.NORMAL
        )
        query = (
            select(MemberRow.id, is_full, MemberRow.preference, ModeDecisionRow.mode)
            .outerjoin(
                ModeDecisionRow,
                and_(ModeDecisionRow.member_id == MemberRow.id, ModeDecisionRow.valid_to.is_(None)),
            )
            .where(MemberRow.left_on.is_(None))
        )
        places = self._places(None)
        return {
            MemberId(number): Person(places[MemberId(number)], bool(vote), _goes_back(wish, mode))
            for number, vote, wish, mode in self.session.execute(query)
        }

    def meeting_groups(self, branch_ids: Collection[OrgId] | None = None) -> tuple[PartyGroup, ...]:
        """List the confirmed groups of every kind with their open seats, by id."""
        if not self.sees_people:
            return ()
        mine = self.org_ids_in_scope
        branches = mine if branch_ids is None else mine & frozenset(branch_ids)
        rows = self.session.scalars(
            select(GroupRow)
            .where(
                GroupRow.branch_id.in_(branches),
                GroupRow.status == GroupStatus.CONFIRMED,
                GroupRow.valid_to.is_(None),
            )
            .order_by(GroupRow.id)
        ).all()
        query = select(GroupMembershipRow).where(GroupMembershipRow.valid_to.is_(None))
        seats: dict[int, list[Seat]] = {}
        for seat in self.session.scalars(query.order_by(GroupMembershipRow.id)):
            seats.setdefault(seat.group_id, []).append(seat_of(seat))
        return tuple(group_of(row, tuple(seats.get(row.id, ()))) for row in rows)

    def cover_links(self) -> tuple[CoverLink, ...]:
        """List which organisation has covered which division, by id."""
        if not self.sees_street:
            return ()
        rows = self.session.scalars(select(OrgDivisionRow).order_by(OrgDivisionRow.id))
        return tuple(CoverLink(OrgId(row.org_id), row.division_code, row.valid_from, row.valid_to) for row in rows)

    def _places(self, day: date | None, *only: ColumnElement[bool]) -> dict[MemberId, Place]:
        if day is not None:
            past = self.standings(and_(true(), *only), day)
            return {one.member_id: Place(*one.place) for one in past}
        found: dict[MemberId, Place] = {}
        for row in self.session.execute(_now(only)):  # of two rows in force the later one holds
            community = row.community or row.estate or ""
            is_outside = row.precision is Precision.OUTSIDE and not community
            named = OrgId(row.named) if row.named and row.is_present else None
            found[MemberId(row.id)] = Place(OrgId(row.branch), named, community, is_outside)
        return found


def _goes_back(wish: Preference, mode: StudyMode | None) -> bool:
    return wish is Preference.HOME_BRANCH if mode is None else mode is StudyMode.ATTEND_HOME_BRANCH


def _columns(branch: Any) -> tuple[Any, ...]:
    return (
        MemberRow.id,
        branch.label("branch"),
        MemberRow.residence_org_id.label("named"),
        GridRow.community_code.label("community"),
        EstateRow.division_code.label("estate"),
        ResidenceRow.precision,
        ResidenceRow.valid_to.is_(None).label("is_present"),
    )


def _with_home(query: Select[Any], home: ColumnElement[bool]) -> Select[Any]:
    return (
        query.outerjoin(ResidenceRow, and_(ResidenceRow.member_id == MemberRow.id, home))
        .outerjoin(GridRow, GridRow.id == ResidenceRow.grid_id)
        .outerjoin(EstateRow, EstateRow.id == ResidenceRow.estate_id)
    )


def _now(only: Iterable[ColumnElement[bool]]) -> Select[Any]:
    query = _with_home(select(*_columns(MemberRow.branch_id)), ResidenceRow.valid_to.is_(None))
    return query.where(MemberRow.left_on.is_(None), *only).order_by(MemberRow.id, ResidenceRow.id)
