"""The facts that the boards count by: of the scope's branches, without a person where the scope sees none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from gis.model.boards import BoardFacts, MissingItem
from gis.model.contact import ContactSide
from gis.model.enums import Precision, Preference
from gis.model.ids import MemberId, OrgId
from gis.model.meetings import AttendanceState
from gis.store.readers.base import ScopedReads
from gis.store.schema import (
    AttendanceRow,
    ContactLogRow,
    ContactPersonRow,
    HouseholdRow,
    MemberRow,
    ModeDecisionRow,
    ResidenceRow,
    SessionRow,
    TransitionRow,
)

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select

    from gis.model.modes import StudyMode

_DOUBTFUL = frozenset({None, Precision.QUEUE, Precision.COMMUNITY, Precision.ESTATE})


class BoardReads(ScopedReads):
    """Counts for every scope, names where it sees people."""

    def board_facts(self) -> tuple[BoardFacts, ...]:
        """List the facts of every member on the roster of the scope's branches, by branch and id."""
        found = self._board_facts()
        if self.sees_people:
            return tuple(found.values())
        return tuple(replace(facts, member_id=MemberId(0), name="") for facts in found.values())

    def _board_facts(self) -> dict[int, BoardFacts]:
        """Return the facts of each member by id, whoever asks; what leaves the readers says no id to counts only."""
        branches = self.org_ids_in_scope
        if not branches:
            return {}
        ours = select(MemberRow.id).where(MemberRow.branch_id.in_(branches), MemberRow.left_on.is_(None))
        last, modes, sides = self._last_met(ours), self._modes(ours), self._sides(ours)
        rows = self.session.execute(_columns().where(MemberRow.id.in_(ours)))
        found: dict[int, BoardFacts] = {}
        for row in rows:  # of two open episodes the later one holds
            found[row.id] = _facts(row, last.get(row.id), modes.get(row.id), sides.get(row.id, frozenset()))
        return found

    def last_met(self) -> dict[MemberId, date]:
        """Return when each member of the scope was last reached or attended; who never was is left out."""
        branches = self.org_ids_in_scope if self.sees_people else frozenset[OrgId]()
        ours = select(MemberRow.id).where(MemberRow.branch_id.in_(branches), MemberRow.left_on.is_(None))
        return {MemberId(number): day for number, day in self._last_met(ours).items()}

    def _last_met(self, ours: Select[Any]) -> dict[int, date]:
        """Return when each was last reached or attended."""
        reached = (
            select(ContactLogRow.member_id, func.max(ContactLogRow.on_day))
            .where(ContactLogRow.is_reached, ContactLogRow.member_id.in_(ours))
            .group_by(ContactLogRow.member_id)
        )
        attended = (
            select(AttendanceRow.member_id, func.max(SessionRow.held_on))
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .where(
                AttendanceRow.state.in_((AttendanceState.ATTENDED, AttendanceState.SERVED_LATER)),
                AttendanceRow.member_id.in_(ours),
                SessionRow.held_on.is_not(None),
            )
            .group_by(AttendanceRow.member_id)
        )
        found: dict[int, date] = {}
        for query in (reached, attended):
            for member, day in self.session.execute(query):
                if day is not None:
                    found[member] = max(day, found.get(member, day))
        return found

    def _modes(self, ours: Select[Any]) -> dict[int, StudyMode]:
        query = select(ModeDecisionRow.member_id, ModeDecisionRow.mode).where(
            ModeDecisionRow.valid_to.is_(None), ModeDecisionRow.member_id.in_(ours)
        )
        return {row.member_id: row.mode for row in self.session.execute(query)}

    def _sides(self, ours: Select[Any]) -> dict[int, frozenset[ContactSide]]:
        query = select(ContactPersonRow.member_id, ContactPersonRow.side).where(
            ContactPersonRow.valid_to.is_(None), ContactPersonRow.member_id.in_(ours)
        )
        found: dict[int, set[ContactSide]] = {}
        for member, side in self.session.execute(query):
            found.setdefault(member, set()).add(side)
        return {member: frozenset(sides) for member, sides in found.items()}


def _columns() -> Any:
    person = (MemberRow.id, MemberRow.name, MemberRow.branch_id, MemberRow.birth_ym, MemberRow.phone, MemberRow.phone2)
    said = (MemberRow.preference, MemberRow.mobility_level, MemberRow.lives_alone)
    moved = (TransitionRow.id.label("episode"), TransitionRow.started_on, TransitionRow.expected_return)
    more = (TransitionRow.return_community, TransitionRow.housing_kind, HouseholdRow.housing_kind.label("file_kind"))
    home = (ResidenceRow.address, ResidenceRow.precision)
    open_episode = (TransitionRow.member_id == MemberRow.id) & TransitionRow.returned_on.is_(None)
    present = (ResidenceRow.member_id == MemberRow.id) & ResidenceRow.valid_to.is_(None)
    return (
        select(*person, *said, *moved, *more, *home)
        .outerjoin(TransitionRow, open_episode)
        .outerjoin(ResidenceRow, present)
        .outerjoin(HouseholdRow, HouseholdRow.id == MemberRow.household_id)
        .order_by(MemberRow.branch_id, MemberRow.id, TransitionRow.id)
    )


def _facts(row: Any, last: date | None, mode: StudyMode | None, sides: frozenset[ContactSide]) -> BoardFacts:
    return BoardFacts(
        member_id=MemberId(row.id),
        name=row.name,
        branch_id=OrgId(row.branch_id),
        birth_ym=row.birth_ym,
        is_in_transition=row.episode is not None,
        started_on=row.started_on,
        expected_return=row.expected_return or "",
        return_community=row.return_community or "",
        last_contact=last,
        mode=mode,
        preference=row.preference,
        mobility=row.mobility_level,
        lives_alone=row.lives_alone,
        precision=row.precision,
        missing=_missing(row, mode, sides),
    )


def _missing(row: Any, mode: StudyMode | None, sides: frozenset[ContactSide]) -> frozenset[MissingItem]:
    """Return what is not on record; a position cannot be missing where the address already is."""
    has = {
        MissingItem.PHONE: row.phone or row.phone2,
        MissingItem.BIRTH: row.birth_ym,
        MissingItem.ADDRESS: row.address,
        MissingItem.POSITION: not row.address or row.precision not in _DOUBTFUL,
        MissingItem.STARTED: row.started_on,
        MissingItem.EXPECTED: row.expected_return,
        MissingItem.HOUSING: row.housing_kind or row.file_kind,
        MissingItem.MOBILITY: row.mobility_level,
        MissingItem.WISH: row.preference is not Preference.NONE,
        MissingItem.MODE: mode,
        MissingItem.HOME_CONTACT: ContactSide.HOME in sides,
        MissingItem.RESIDENCE_CONTACT: ContactSide.RESIDENCE in sides,
    }
    return frozenset(item for item, value in has.items() if not value)
