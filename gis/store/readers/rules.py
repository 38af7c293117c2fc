"""What the rules R01–R21 look at, in bulk: one query for each kind of fact, whatever the number of members.

Rows of persons need a scope that sees people and are narrowed to its branches in the query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, not_, or_, select

from gis.model.enums import GroupStatus, MembershipStatus, MemberStatus, Precision
from gis.model.ids import GroupId, HostId, MemberId, OrgId
from gis.model.meetings import AttendanceState
from gis.model.rights import LostStage
from gis.model.rule_facts import AreaFact, GroupFact, HostFact, SeatFact, SessionFact
from gis.model.rules import RuleNote
from gis.store.readers.people import PeopleReads
from gis.store.schema import (
    AffiliationRow,
    AreaRow,
    AttendanceRow,
    CardRow,
    ContactLogRow,
    ContactPersonRow,
    EstateRow,
    GridRow,
    GroupMembershipRow,
    GroupRow,
    HostRow,
    LostContactRow,
    MemberRow,
    ModeDecisionRow,
    ResidenceRow,
    RuleNoteRow,
    RunRow,
    SessionRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from sqlalchemy import ColumnElement, Select

CHUNK = 400  # values of one IN list: databases limit them
OPEN_CASES = (LostStage.SEARCHING, LostStage.PROPOSED, LostStage.CONFIRMED)
_CAME = (AttendanceState.ATTENDED, AttendanceState.SERVED_LATER)


@dataclass(slots=True)
class AttendanceDays:
    """The last day a member came, by who called; asked for leave, which is contact too; or stayed away unexcused."""

    came: dict[OrgId, date] = field(default_factory=dict)
    excused_on: date | None = None
    absent_on: date | None = None

    def note(self, org: OrgId, state: AttendanceState, day: date) -> None:
        """Take a day in; what is only invited says nothing."""
        if state in _CAME:
            self.came[org] = max(day, self.came.get(org, day))
        elif state is AttendanceState.EXCUSED:
            self.excused_on = max(day, self.excused_on or day)
        elif state is AttendanceState.ABSENT:
            self.absent_on = max(day, self.absent_on or day)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member lives, as coarse as rules need it: `code` "" where not known, `is_outside` the street."""

    code: str
    org_id: OrgId | None
    is_outside: bool
    since: date | None


@dataclass(frozen=True, slots=True)
class MemberRecords:
    """What other tables know of one member."""

    reached_on: date | None = None
    tried_on: date | None = None
    failed_on: date | None = None
    has_home_contact: bool = False
    has_mode: bool = False
    has_lost_case: bool = False
    card_no: str = ""
    card_checked_on: date | None = None
    affiliations: tuple[OrgId, ...] = ()


class RuleReads(PeopleReads):
    """Facts of the scope's branches."""

    def rule_groups(self, branch_ids: Collection[OrgId] | None = None) -> tuple[GroupFact, ...]:
        """List confirmed, open groups of every kind with their seats; who has left has no seat."""
        branches = self._branches(branch_ids)
        query = (
            select(GroupRow, RunRow.parameters)
            .outerjoin(RunRow, RunRow.id == GroupRow.run_id)
            .where(*_open_groups(branches))
            .order_by(GroupRow.id)
        )
        seats = self._seats(branches)
        return tuple(
            GroupFact(
                id=GroupId(row.id),
                name=row.name,
                branch_id=OrgId(row.branch_id),
                leader_id=MemberId(row.leader_member_id) if row.leader_member_id else None,
                mixed_reason=str((parameters or {}).get("mixed_reason") or ""),
                decided_on=row.decided_on,
                reported_on=row.reported_on,
                valid_from=row.valid_from,
                seats=tuple(seats.get(row.id, ())),
            )
            for row, parameters in self.session.execute(query)
        )

    def _seats(self, branches: frozenset[OrgId]) -> dict[int, list[SeatFact]]:
        query = (
            select(GroupMembershipRow.group_id, MemberRow.id, MemberRow.branch_id, _is_full())
            .join(MemberRow, MemberRow.id == GroupMembershipRow.member_id)
            .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
            .where(*_open_groups(branches), GroupMembershipRow.valid_to.is_(None), MemberRow.left_on.is_(None))
            .order_by(GroupMembershipRow.id)
        )
        found: dict[int, list[SeatFact]] = {}
        for group, member, branch, is_full in self.session.execute(query):
            found.setdefault(group, []).append(SeatFact(MemberId(member), OrgId(branch), bool(is_full)))
        return found

    def rule_places(self, branch_ids: Collection[OrgId] | None = None) -> dict[MemberId, Place]:
        """Say where members of these branches, and whoever sits in their groups, live: the community only."""
        branches = self._branches(branch_ids)
        seated = (
            select(GroupMembershipRow.member_id)
            .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
            .where(*_open_groups(branches), GroupMembershipRow.valid_to.is_(None))
        )
        query = (
            select(
                MemberRow.id,
                MemberRow.residence_org_id,
                ResidenceRow.precision,
                ResidenceRow.valid_from,
                GridRow.community_code,
                EstateRow.division_code,
            )
            .outerjoin(ResidenceRow, and_(ResidenceRow.member_id == MemberRow.id, ResidenceRow.valid_to.is_(None)))
            .outerjoin(GridRow, GridRow.id == ResidenceRow.grid_id)
            .outerjoin(EstateRow, EstateRow.id == ResidenceRow.estate_id)
            .where(or_(MemberRow.branch_id.in_(branches), MemberRow.id.in_(seated)), MemberRow.left_on.is_(None))
        )
        return {
            MemberId(member): Place(
                code=community or division or "",
                org_id=OrgId(org) if org else None,
                is_outside=precision is Precision.OUTSIDE,
                since=since,
            )
            for member, org, precision, since, community, division in self.session.execute(query)
        }

    def rule_areas(self, org_ids: Collection[OrgId] | None = None) -> tuple[AreaFact, ...]:
        """List open 片区 of these organisations by id."""
        query = (
            select(AreaRow.id, AreaRow.name, AreaRow.org_id, AreaRow.leader_member_id, MemberRow.id, MemberRow.left_on)
            .outerjoin(MemberRow, MemberRow.id == AreaRow.leader_member_id)
            .where(AreaRow.org_id.in_(self._branches(org_ids)), AreaRow.valid_to.is_(None))
            .order_by(AreaRow.id)
        )
        return tuple(
            AreaFact(number, name, OrgId(org), MemberId(leader) if leader else None, known == leader and left is None)
            for number, name, org, leader, known, left in self.session.execute(query)
        )

    def rule_hosts(self, branch_ids: Collection[OrgId] | None = None) -> tuple[HostFact, ...]:
        """List host households of these branches with the standing of their householder, by id."""
        query = (
            select(HostRow.id, HostRow.name, HostRow.branch_id, HostRow.status, MemberRow.id, _is_full())
            .outerjoin(MemberRow, MemberRow.id == HostRow.member_id)
            .where(HostRow.branch_id.in_(self._branches(branch_ids)))
            .order_by(HostRow.id)
        )
        return tuple(
            HostFact(
                id=HostId(number),
                name=name,
                branch_id=OrgId(branch),
                status=status,
                member_id=MemberId(member) if member else None,
                is_full=bool(is_full) if member else None,
            )
            for number, name, branch, status, member, is_full in self.session.execute(query)
        )

    def rule_sessions(self, org_ids: Collection[OrgId] | None = None) -> tuple[SessionFact, ...]:
        """List sessions of these organisations that were not cancelled, with counts of their attendance, by id."""
        orgs = self._branches(org_ids)
        counts = {
            row.session_id: (int(row.voters or 0), int(row.present or 0))
            for row in self.session.execute(_attendance_counts(orgs))
        }
        unfit: dict[int, list[MemberId]] = {}
        for session, member in self.session.execute(_votes_without_right(orgs)):
            unfit.setdefault(session, []).append(MemberId(member))
        return tuple(
            SessionFact(
                id=row.id,
                org_id=OrgId(row.org_id),
                kind=row.kind,
                planned_on=row.planned_at.date(),
                held_on=row.held_on,
                group_id=GroupId(row.group_id) if row.group_id else None,
                affair=row.affair,
                theme=row.theme,
                plan=row.plan,
                format=row.format.label if row.format else "",
                record="有" if row.has_record else "",
                responsible=row.responsible,
                voters=counts.get(row.id, (0, 0))[0],
                voters_present=counts.get(row.id, (0, 0))[1],
                voting_without_right=tuple(unfit.get(row.id, ())),
            )
            for row in self.session.execute(_sessions(orgs))
        )

    def attendance_days(self, branch_ids: Collection[OrgId] | None = None) -> dict[MemberId, AttendanceDays]:
        """Return the last days on which members of these branches came, asked for leave, or stayed away."""
        query = (
            select(AttendanceRow.member_id, SessionRow.org_id, AttendanceRow.state, func.max(SessionRow.held_on))
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .where(
                AttendanceRow.member_id.in_(self._rule_members(branch_ids)),
                SessionRow.held_on.is_not(None),
                SessionRow.cancelled_on.is_(None),
            )
            .group_by(AttendanceRow.member_id, SessionRow.org_id, AttendanceRow.state)
        )
        found: dict[MemberId, AttendanceDays] = {}
        for member, org, state, day in self.session.execute(query):
            if day is not None:
                found.setdefault(MemberId(member), AttendanceDays()).note(OrgId(org), state, day)
        return found

    def attendance_span(self, org_ids: Collection[OrgId] | None = None) -> dict[OrgId, tuple[date, date]]:
        """Return the first and the last day with attendance on record, by organisation; dates without persons."""
        query = (
            select(SessionRow.org_id, func.min(SessionRow.held_on), func.max(SessionRow.held_on))
            .join(AttendanceRow, AttendanceRow.session_id == SessionRow.id)
            .where(
                SessionRow.org_id.in_(self._branches(org_ids)),
                SessionRow.held_on.is_not(None),
                SessionRow.cancelled_on.is_(None),
            )
            .group_by(SessionRow.org_id)
        )
        return {
            OrgId(org): (first, last)
            for org, first, last in self.session.execute(query)
            if first is not None and last is not None
        }

    def member_records(self, branch_ids: Collection[OrgId] | None = None) -> dict[MemberId, MemberRecords]:
        """Return what contact log, cards, affiliations, modes and lost cases know of members of these branches."""
        mine = self._rule_members(branch_ids)
        found: dict[int, dict[str, object]] = {}

        def note(member: int, **values: object) -> None:
            found.setdefault(member, {}).update(values)

        for member, reached, failed, tried in self.session.execute(_contacts(mine)):
            note(member, reached_on=reached, failed_on=failed, tried_on=tried)
        home = select(ContactPersonRow.member_id).where(
            ContactPersonRow.side == "home", ContactPersonRow.valid_to.is_(None)
        )
        for member in self.session.scalars(home.where(ContactPersonRow.member_id.in_(mine))):
            note(member, has_home_contact=True)
        modes = select(ModeDecisionRow.member_id).where(ModeDecisionRow.valid_to.is_(None))
        for member in self.session.scalars(modes.where(ModeDecisionRow.member_id.in_(mine))):
            note(member, has_mode=True)
        lost = select(LostContactRow.member_id).where(LostContactRow.stage.in_(OPEN_CASES))
        for member in self.session.scalars(lost.where(LostContactRow.member_id.in_(mine))):
            note(member, has_lost_case=True)
        cards = select(CardRow.member_id, CardRow.mobile_card_no, CardRow.mobile_card_checked_on)
        for member, number, checked in self.session.execute(cards.where(CardRow.member_id.in_(mine))):
            note(member, card_no=number.strip(), card_checked_on=checked)
        for member, orgs in self._affiliations(mine):
            note(member, affiliations=orgs)
        return {MemberId(member): MemberRecords(**values) for member, values in found.items()}  # type: ignore[arg-type]  # fields by name

    def _affiliations(self, mine: Select[int]) -> Iterator[tuple[int, tuple[OrgId, ...]]]:
        query = select(AffiliationRow.member_id, AffiliationRow.org_id).where(
            AffiliationRow.valid_to.is_(None), AffiliationRow.member_id.in_(mine)
        )
        found: dict[int, list[OrgId]] = {}
        for member, org in self.session.execute(query):
            found.setdefault(member, []).append(OrgId(org))
        for member, orgs in found.items():
            yield member, tuple(sorted(orgs))

    def rule_notes(self, subjects: Collection[str]) -> tuple[RuleNote, ...]:
        """List what was said about these subjects, which the caller found within its own scope."""
        if not self.sees_people:
            return ()
        wanted = sorted(set(subjects))
        rows = [
            row
            for start in range(0, len(wanted), CHUNK)
            for row in self.session.scalars(
                select(RuleNoteRow).where(RuleNoteRow.subject.in_(wanted[start : start + CHUNK]))
            )
        ]
        return tuple(
            RuleNote(row.rule, row.subject, row.facts, row.reason, row.updated_by, row.updated_at) for row in rows
        )

    def _rule_members(self, branch_ids: Collection[OrgId] | None) -> Select[int]:
        """Select the members on the roster of these branches."""
        return select(MemberRow.id).where(
            MemberRow.branch_id.in_(self._branches(branch_ids)), MemberRow.left_on.is_(None)
        )


def _is_full() -> ColumnElement[bool]:
    return and_(
        MemberRow.member_status == MemberStatus.FULL, MemberRow.membership_status == MembershipStatus.NORMAL
    ).label("is_full")


def _open_groups(branches: frozenset[OrgId]) -> tuple[ColumnElement[bool], ...]:
    return GroupRow.branch_id.in_(branches), GroupRow.status == GroupStatus.CONFIRMED, GroupRow.valid_to.is_(None)


def _sessions(orgs: frozenset[OrgId]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SessionRow.id,
            SessionRow.org_id,
            SessionRow.group_id,
            SessionRow.kind,
            SessionRow.affair,
            SessionRow.planned_at,
            SessionRow.held_on,
            SessionRow.theme,
            SessionRow.plan,
            SessionRow.format,
            SessionRow.responsible,
            (func.trim(SessionRow.record) != "").label("has_record"),
        )
        .where(SessionRow.org_id.in_(orgs), SessionRow.cancelled_on.is_(None))
        .order_by(SessionRow.id)
    )


def _attendance_counts(orgs: frozenset[OrgId]) -> Select[int, Any, Any]:
    has_vote = case((AttendanceRow.has_vote, 1), else_=0)
    came = case((and_(AttendanceRow.has_vote, AttendanceRow.state == AttendanceState.ATTENDED), 1), else_=0)
    return (
        select(AttendanceRow.session_id, func.sum(has_vote).label("voters"), func.sum(came).label("present"))
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .where(SessionRow.org_id.in_(orgs))
        .group_by(AttendanceRow.session_id)
    )


def _votes_without_right(orgs: frozenset[OrgId]) -> Select[int, int]:
    return (
        select(AttendanceRow.session_id, AttendanceRow.member_id)
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .join(MemberRow, MemberRow.id == AttendanceRow.member_id)
        .where(SessionRow.org_id.in_(orgs), AttendanceRow.has_vote, not_(_is_full()))
    )


def _contacts(mine: Select[int]) -> Select[int, Any, Any, date]:
    reached = case((ContactLogRow.is_reached, ContactLogRow.on_day), else_=None)
    failed = case((not_(ContactLogRow.is_reached), ContactLogRow.on_day), else_=None)
    return (
        select(ContactLogRow.member_id, func.max(reached), func.max(failed), func.min(ContactLogRow.on_day))
        .where(ContactLogRow.member_id.in_(mine))
        .group_by(ContactLogRow.member_id)
    )
