"""What hangs on a member: what to look at again after a change, and the offices that somebody else must take over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from gis.model.enums import HostStatus
from gis.model.ids import MemberId
from gis.model.life import Office, OfficeKind, Review, ReviewKind
from gis.store.readers.history import HistoryReads
from gis.store.schema import (
    AreaMemberRow,
    AreaRow,
    ContactPersonRow,
    GridAssignmentRow,
    GridRow,
    GroupMembershipRow,
    GroupRow,
    HostRow,
    LifeEventRow,
    MemberRow,
    ModeDecisionRow,
    OrgRow,
    PairingRow,
    ReviewRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Select

_TIES: dict[ReviewKind, type[Any]] = {
    ReviewKind.GROUP: GroupMembershipRow,
    ReviewKind.MODE: ModeDecisionRow,
    ReviewKind.CONTACT: ContactPersonRow,
    ReviewKind.AREA: AreaMemberRow,
}
_IN_USE = (HostStatus.PROPOSED, HostStatus.APPROVED, HostStatus.SUSPENDED)


class TieReads(HistoryReads):
    """Of members of the scope only."""

    def life_ties(self, member_id: MemberId) -> tuple[ReviewKind, ...]:
        """Return what is in force for a member and may no longer fit after a change."""
        ours = select(MemberRow.id).where(MemberRow.id == member_id, self._life_scope())
        return tuple(
            kind
            for kind, row in _TIES.items()
            if self.session.scalar(select(row.id).where(row.member_id.in_(ours), row.valid_to.is_(None)).limit(1))
        )

    def life_reviews(self, member_ids: Collection[MemberId] | None = None) -> tuple[Review, ...]:
        """List what is still to be looked at again, the oldest first."""
        query = (
            select(ReviewRow, LifeEventRow)
            .join(LifeEventRow, LifeEventRow.id == ReviewRow.event_id)
            .join(MemberRow, MemberRow.id == ReviewRow.member_id)
            .where(ReviewRow.settled_on.is_(None), MemberRow.left_on.is_(None), self._life_scope())
            .order_by(ReviewRow.raised_on, ReviewRow.id)
        )
        if member_ids is not None:
            query = query.where(ReviewRow.member_id.in_(frozenset(member_ids)))
        return tuple(
            Review(row.id, MemberId(row.member_id), row.what, event.kind, event.on_day, row.raised_on)
            for row, event in self.session.execute(query)
        )

    def offices_held(self, *, member_id: MemberId | None = None, of_who_left: bool = False) -> tuple[Office, ...]:
        """List what one member holds, or what members who have left still hold; other people are not named."""
        chosen = select(MemberRow.id).where(self._life_scope())
        if member_id is not None:
            chosen = chosen.where(MemberRow.id == member_id)
        if of_who_left:
            chosen = chosen.where(MemberRow.left_on.is_not(None))
        return tuple(self._held(chosen))

    def _held(self, chosen: Select[Any]) -> Iterator[Office]:
        for kind, holder, where, conditions in _HELD:
            query = select(holder, *where).where(holder.in_(chosen), *conditions)
            for row in self.session.execute(_joined(kind, query).order_by(holder)):
                yield Office(MemberId(row[0]), kind, "".join(_words(row[1:])))


def _words(cells: Any) -> Iterator[str]:
    for cell in cells:
        yield str(getattr(cell, "label", cell))


def _joined(kind: OfficeKind, query: Select[Any]) -> Select[Any]:
    """Add the table that says where."""
    if kind is OfficeKind.GRID_POST:
        return query.join(GridRow, GridRow.id == GridAssignmentRow.grid_id)
    if kind in (OfficeKind.HOST, OfficeKind.HOST_KEEPER):
        return query.join(OrgRow, OrgRow.id == HostRow.branch_id)
    if kind is OfficeKind.CONTACT_PERSON:
        return query.join(MemberRow, MemberRow.id == ContactPersonRow.member_id).join(
            OrgRow, OrgRow.id == MemberRow.branch_id
        )
    return query


_NO_WORDS: tuple[Any, ...] = ()
#: kind, who holds it, what says where, when it is held
_HELD: tuple[tuple[OfficeKind, Any, tuple[Any, ...], tuple[Any, ...]], ...] = (
    (OfficeKind.GROUP_LEADER, GroupRow.leader_member_id, (GroupRow.name,), (GroupRow.valid_to.is_(None),)),
    (OfficeKind.HOST, HostRow.member_id, (OrgRow.name,), (HostRow.status.in_(_IN_USE),)),
    (OfficeKind.HOST_KEEPER, HostRow.responsible_member_id, (OrgRow.name,), (HostRow.status.in_(_IN_USE),)),
    (OfficeKind.AREA_LEADER, AreaRow.leader_member_id, (AreaRow.name,), (AreaRow.valid_to.is_(None),)),
    (
        OfficeKind.GRID_POST,
        GridAssignmentRow.member_id,
        (GridRow.name, GridAssignmentRow.post),
        (GridAssignmentRow.valid_to.is_(None),),
    ),
    (
        OfficeKind.CONTACT_PERSON,
        ContactPersonRow.person_member_id,
        (OrgRow.name,),
        (ContactPersonRow.valid_to.is_(None),),
    ),
    (OfficeKind.HELPER, PairingRow.helper_member_id, _NO_WORDS, (PairingRow.valid_to.is_(None),)),
)
