"""Writes of what happens in a member's life: dated rows are closed and opened, nothing is overwritten or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from gis.errors import NotFoundError, StaleError
from gis.model.contact import RequestStatus
from gis.store.readers.people import member_of
from gis.store.schema import (
    AffiliationRow,
    AreaMemberRow,
    BodyMemberRow,
    CompanionRow,
    ContactPersonRow,
    GroupMembershipRow,
    GroupRow,
    LifeEventRow,
    MemberRequestRow,
    MemberRow,
    ModeDecisionRow,
    ResidenceRow,
    ReviewRow,
    TransitionRow,
)
from gis.store.writers.base import values_of
from gis.store.writers.people import PeopleWrites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.ids import MemberId, OrgId, ResidenceId
    from gis.model.life import LifeKind, ReviewKind
    from gis.model.people import Residence
    from gis.model.rights import LeftKind

_META = frozenset({"valid_from"})
#: What ends when a member leaves, by the name under which it is remembered for an undoing
_ENDING: dict[str, type[Any]] = {
    "seats": GroupMembershipRow,
    "contact_persons": ContactPersonRow,
    "modes": ModeDecisionRow,
    "areas": AreaMemberRow,
    "bodies": BodyMemberRow,
    "affiliations": AffiliationRow,
    "homes": ResidenceRow,
}


class LifeWrites(PeopleWrites):
    """Moves, returns, transfers, leaving; which rows change is worked out by the service."""

    def insert_home(
        self,
        member_id: MemberId,
        home: Residence,
        days: tuple[date, date | None],
        reason: str,
        changed: Mapping[ResidenceId, tuple[date, date | None]],
    ) -> int:
        """Insert an address of these days and set the days of its neighbours; return the new row's id.

        The residence organisation that a person had named stays with the address that was left.
        """
        member = self._member_row(member_id)
        is_current = days[1] is None
        for number, (start, end) in changed.items():
            row = self._home_row(number)
            if is_current and row.valid_to is None:
                row.residence_org_id = member.residence_org_id
            row.valid_from, row.valid_to = start, end
        self.session.flush()
        values = values_of(self.agreed_home(member_id, home), leave_out=_META, shape="geom")
        row = ResidenceRow(
            member_id=member_id, valid_from=days[0], valid_to=days[1], move_reason=reason, **values, **self._checked()
        )
        self.session.add(row)
        if is_current and member.residence_org_id is not None:
            member.residence_org_id = None
        self.session.flush()
        if is_current:
            self._keep_file(member, row)
        return int(row.id)

    def correct_home(
        self,
        residence_id: ResidenceId,
        home: Residence | None,
        reason: str,
        changed: Mapping[ResidenceId, tuple[date, date | None]],
        *,
        version: int,
    ) -> None:
        """Put an address, or its days, right in place.

        Raises
        ------
        StaleError
            Somebody has changed the address since `version`.
        """
        row = self._home_row(residence_id)
        if row.version != version:
            msg = "该住址已被他人修改，请刷新后查看"
            raise StaleError(msg, mine=version, theirs=row.version)
        for number, (start, end) in changed.items():
            other = self._home_row(number)
            other.valid_from, other.valid_to = start, end
        if home is not None:
            values = values_of(self.agreed_home(row.member_id, home), leave_out=_META, shape="geom")
            for name, value in {**values, **self._checked()}.items():
                setattr(row, name, value)
        row.corrected_on, row.correction = self.today, reason
        if changed and not row.move_reason:
            row.move_reason = "起始日期已核实"
        self.session.flush()
        if row.valid_to is None:
            self._keep_file(self._member_row(row.member_id), row)

    def _checked(self) -> dict[str, object]:
        return {"verified_on": self.today, "verified_by": self.actor.name}

    def _keep_file(self, member: MemberRow, home: ResidenceRow) -> None:
        """Put a member in transition into the household file of the flat; see `keep_household`."""
        query = select(TransitionRow).where(TransitionRow.member_id == member.id, TransitionRow.returned_on.is_(None))
        episode = self.session.scalar(query)
        if episode is not None:
            self.keep_household(member, member_of(member, home, episode))

    def name_residence_org(self, member_id: MemberId, org_id: OrgId | None) -> None:
        """Say which organisation answers for the present home; None: the one of its community."""
        self._member_row(member_id).residence_org_id = org_id
        self.session.flush()

    def close_episode(self, member_id: MemberId, on: date, community: str) -> int:
        """Close the open transition; return its id.

        Raises
        ------
        NotFoundError
            None is open.
        """
        query = select(TransitionRow).where(TransitionRow.member_id == member_id, TransitionRow.returned_on.is_(None))
        row = self.session.scalar(query)
        if row is None:
            msg = "该党员不在返迁过渡期"
            raise NotFoundError(msg)
        row.returned_on, row.return_community = on, community or row.return_community
        self.close_card(member_id)
        self.session.flush()
        return int(row.id)

    def insert_affiliation(
        self, member_id: MemberId, org_id: OrgId, on: date, reason: str, held: tuple[date, date | None]
    ) -> None:
        """End the open affiliation with the days `held` and open one with another branch."""
        member = self._member_row(member_id)
        query = select(AffiliationRow).where(AffiliationRow.member_id == member_id, AffiliationRow.valid_to.is_(None))
        for row in self.session.scalars(query):
            row.valid_from, row.valid_to = held
        self.session.flush()
        self.session.add(AffiliationRow(member_id=member_id, org_id=org_id, valid_from=on, reason=reason))
        member.branch_id = org_id
        self.session.flush()

    def leave(self, member_id: MemberId, kind: LeftKind, on: date) -> dict[str, object]:
        """Take a member off the roster and end what is open; return what was ended, for an undoing.

        Offices that the member holds (leader, host, post) stay as they are: a person hands them over.
        """
        member = self._member_row(member_id)
        ended: dict[str, object] = {name: self._end_all(row, member_id, on) for name, row in _ENDING.items()}
        ended["companions"] = self._end_companions(member_id, on)
        ended["requests"] = self._end_requests(member_id, on)
        ended["residence_org"] = member.residence_org_id
        ended["restricted"] = member.restricted_on is None
        member.left_on, member.left_kind = on, kind
        member.restricted_on = member.restricted_on or self.today
        self.close_card(member_id)
        self.session.flush()
        return ended

    def _end_all(self, row_type: type[Any], member_id: MemberId, on: date) -> list[int]:
        query = select(row_type).where(row_type.member_id == member_id, row_type.valid_to.is_(None))
        return [_end(row, on) for row in self.session.scalars(query).all()]

    def _end_companions(self, member_id: MemberId, on: date) -> list[int]:
        mine = or_(CompanionRow.member_id == member_id, CompanionRow.companion_id == member_id)
        rows = self.session.scalars(select(CompanionRow).where(CompanionRow.valid_to.is_(None), mine)).all()
        return [_end(row, on) for row in rows]

    def _end_requests(self, member_id: MemberId, on: date) -> dict[str, str]:
        """Close what the member asked for; nobody is left to tell the result to."""
        query = select(MemberRequestRow).where(
            MemberRequestRow.member_id == member_id, MemberRequestRow.status != RequestStatus.CLOSED
        )
        before: dict[str, str] = {}
        for row in self.session.scalars(query).all():
            before[str(row.id)] = row.status.value
            row.status, row.closed_on = RequestStatus.CLOSED, max(on, row.raised_on)
        return before

    def come_back(self, member_id: MemberId, ended: Mapping[str, Any]) -> None:
        """Undo `leave`: open again what it ended, but for what has been filled or closed meanwhile."""
        member = self._member_row(member_id)
        for name, row_type in _ENDING.items():
            self._open_again(row_type, ended.get(name, ()), member_id)
        self._open_pairs(ended.get("companions", ()))
        for number, status in dict(ended.get("requests", {})).items():
            request = self.session.get(MemberRequestRow, int(number))
            if request is not None:
                request.status, request.closed_on = _status(status), None
        member.left_on = member.left_kind = None
        if ended.get("restricted"):
            member.restricted_on = None
        self.session.flush()
        self.issue_missing_cards([member_id])

    def _open_again(self, row_type: type[Any], numbers: Iterable[int], member_id: MemberId) -> None:
        for number in numbers:
            row = self.session.get(row_type, number)
            if row is None or row.member_id != member_id or self._is_taken(row_type, row):
                continue
            row.valid_to = None
            self.session.flush()

    def _is_taken(self, row_type: type[Any], row: Any) -> bool:
        """Whether something else holds in a row's place, or its group is no more."""
        if row_type is GroupMembershipRow:
            group = self.session.get(GroupRow, row.group_id)
            if group is None or group.valid_to is not None:
                return True
        query = select(row_type.id).where(row_type.member_id == row.member_id, row_type.valid_to.is_(None))
        if row_type is ContactPersonRow:
            query = query.where(ContactPersonRow.side == row.side)
        if row_type is BodyMemberRow:
            query = query.where(BodyMemberRow.body_id == row.body_id)
        return self.session.scalar(query) is not None

    def _open_pairs(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            row = self.session.get(CompanionRow, number)
            if row is None:
                continue
            pair = CompanionRow.member_id == row.member_id, CompanionRow.companion_id == row.companion_id
            is_open = self.session.scalar(select(CompanionRow.id).where(*pair, CompanionRow.valid_to.is_(None)))
            others = (self.session.get(MemberRow, one) for one in (row.member_id, row.companion_id))
            is_there = sum(other is not None and other.left_on is None for other in others) == 1  # the one who stayed
            if is_open is None and is_there:
                row.valid_to = None
        self.session.flush()

    def add_event(
        self, member_id: MemberId, kind: LifeKind, on: date, reason: str, closed: Mapping[str, object] | None = None
    ) -> int:
        """Keep what was registered; return its id."""
        row = LifeEventRow(member_id=member_id, kind=kind, on_day=on, reason=reason, closed=dict(closed or {}))
        self.session.add(row)
        self.session.flush()
        return int(row.id)

    def undo_event(self, event_id: int) -> None:
        """Mark a registration as taken back."""
        row = self.session.get(LifeEventRow, event_id)
        if row is not None:
            row.undone_on = self.today
        self.session.flush()

    def raise_reviews(self, member_id: MemberId, event_id: int, kinds: Sequence[ReviewKind]) -> None:
        """Ask a person to look at these again; what is asked already is asked because of the latest event."""
        query = select(ReviewRow).where(ReviewRow.member_id == member_id, ReviewRow.settled_on.is_(None))
        asked = {row.what: row for row in self.session.scalars(query)}
        for what in kinds:
            if what in asked:
                asked[what].event_id, asked[what].raised_on = event_id, self.today
            else:
                self.session.add(ReviewRow(member_id=member_id, event_id=event_id, what=what, raised_on=self.today))
        self.session.flush()

    def settle_reviews(self, member_id: MemberId, kinds: Sequence[ReviewKind], answer: str) -> int:
        """Answer what was asked; returns how many."""
        query = select(ReviewRow).where(
            ReviewRow.member_id == member_id, ReviewRow.what.in_(kinds), ReviewRow.settled_on.is_(None)
        )
        rows = self.session.scalars(query).all()
        for row in rows:
            row.settled_on, row.settled_by, row.answer = self.today, self.actor.name, answer
        self.session.flush()
        return len(rows)

    def _member_row(self, member_id: int) -> MemberRow:
        row = self.session.get(MemberRow, member_id)
        if row is None:
            msg = "该党员的记录已不存在，请刷新后重试"
            raise NotFoundError(msg)
        return row

    def _home_row(self, residence_id: int) -> ResidenceRow:
        row = self.session.get(ResidenceRow, residence_id)
        if row is None:
            msg = "该住址记录已不存在，请刷新后重试"
            raise NotFoundError(msg)
        return row


def _status(code: str) -> RequestStatus:
    return RequestStatus.from_label(code) or RequestStatus.OPEN


def _end(row: Any, on: date) -> int:
    """End a row, at the earliest on the day that it began."""
    row.valid_to = max(on, row.valid_from)
    return int(row.id)
