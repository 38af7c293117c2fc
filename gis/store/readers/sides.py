"""Both sides of every member: the branch of the relation and what the residence says; as of any day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from gis.model.enums import MembershipStatus, MemberStatus, Precision
from gis.model.ids import MemberId, OrgId
from gis.store.readers.meetings import MeetingReads
from gis.store.schema import (
    AffiliationRow,
    EstateRow,
    GridRow,
    MemberRow,
    OrgDivisionRow,
    ResidenceRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from sqlalchemy import Select


class Place(NamedTuple):
    """Where somebody is organised and lives, without saying who.

    `named_org_id` is the residence organisation that a person entered; `community_code` "" is not known.
    """

    branch_id: OrgId
    named_org_id: OrgId | None
    community_code: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class CoverLink:
    """An organisation covers a division from a day to a day."""

    org_id: OrgId
    code: str
    valid_from: date | None
    valid_to: date | None


class SideReads(MeetingReads):
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

    def place_of_everybody(self) -> dict[MemberId, tuple[Place, bool]]:
        """Return place and right to vote of each member of the street, without a name.

        For the invitations of a residence organisation, which are stored for members whom it does not see.
        """
        if not self.sees_people:
            return {}
        is_full = and_(
            MemberRow.member_status == MemberStatus.FULL, MemberRow.membership_status == MembershipStatus.NORMAL
        )
        can_vote = {
            MemberId(number): bool(vote) for number, vote in self.session.execute(select(MemberRow.id, is_full))
        }
        return {number: (place, can_vote[number]) for number, place in self._places(None).items()}

    def cover_links(self) -> tuple[CoverLink, ...]:
        """List which organisation has covered which division, by id."""
        if not self.sees_street:
            return ()
        rows = self.session.scalars(select(OrgDivisionRow).order_by(OrgDivisionRow.id))
        return tuple(CoverLink(OrgId(row.org_id), row.division_code, row.valid_from, row.valid_to) for row in rows)

    def _places(self, day: date | None, *only: ColumnElement[bool]) -> dict[MemberId, Place]:
        query = _now(only) if day is None else _then(day, only)
        found: dict[MemberId, Place] = {}
        for row in self.session.execute(query):  # of two rows in force the later one holds
            community = row.community or row.estate or ""
            is_outside = row.precision is Precision.OUTSIDE and not community
            named = OrgId(row.named) if row.named and row.is_present else None
            found[MemberId(row.id)] = Place(OrgId(row.branch), named, community, is_outside)
        return found


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


def _then(day: date, only: Iterable[ColumnElement[bool]]) -> Select[Any]:
    belongs = and_(
        AffiliationRow.member_id == MemberRow.id,
        AffiliationRow.valid_from <= day,
        or_(AffiliationRow.valid_to.is_(None), AffiliationRow.valid_to > day),
    )
    home = and_(ResidenceRow.valid_from <= day, or_(ResidenceRow.valid_to.is_(None), ResidenceRow.valid_to > day))
    query = _with_home(select(*_columns(AffiliationRow.org_id)).join(AffiliationRow, belongs), home)
    is_there = or_(MemberRow.left_on.is_(None), MemberRow.left_on > day)
    return query.where(is_there, *only).order_by(MemberRow.id, AffiliationRow.id, ResidenceRow.id)
