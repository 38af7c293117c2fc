"""What a visit leaves behind in other records, as changes that can be taken back one by one.

A change is kept as `{"table", "id", "before", "after"}` with the columns it set. It is taken back only where the row
still says what the visit made it say: what a person has changed since stays.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from gis.model.contact import SurveyResult
from gis.model.meetings import AffairType, AttendanceState, SessionKind
from gis.store.schema import (
    AttendanceRow,
    CardRow,
    ContactLogRow,
    ResidenceRow,
    SessionRow,
    SurveyRow,
    SurveyTargetRow,
    VisitResultRow,
)
from gis.store.writers.base import Writes, values_of
from gis.store.writers.cards import LONGEST_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gis.model.contact import ContactEntry
    from gis.model.ids import GroupId, MemberId, OrgId, SessionId

Change = dict[str, Any]
_ROWS: dict[str, type[Any]] = {
    row.__tablename__: row for row in (ResidenceRow, CardRow, SurveyTargetRow, AttendanceRow)
}
#: What can be made up for by a visit; an election or a review cannot
STUDIES = (
    SessionKind.BRANCH_ASSEMBLY,
    SessionKind.GROUP_MEETING,
    SessionKind.PARTY_LECTURE,
    SessionKind.THEME_DAY,
    SessionKind.STUDY_DAY,
)
MISSED = (AttendanceState.INVITED, AttendanceState.EXCUSED, AttendanceState.ABSENT)
_DONE = (SurveyResult.VERIFIED, SurveyResult.CHANGED, SurveyResult.MOVED, SurveyResult.DECLINED)


class VisitEffectWrites(Writes):
    """Effects of results; who may see the member is asked by the service before."""

    def log_visit(self, member_id: MemberId, entry: ContactEntry) -> int:
        """Add a visit to the contact log; returns the id of the entry."""
        row = ContactLogRow(member_id=int(member_id), **values_of(entry))
        self.session.add(row)
        self.session.flush()
        return row.id

    def remove_visit_log(self, contact_id: int) -> None:
        """Take an entry that a visit made out of the contact log; nothing happens where it has been cleared."""
        for result in self.session.scalars(select(VisitResultRow).where(VisitResultRow.contact_log_id == contact_id)):
            result.contact_log_id = None
        self.session.flush()
        row = self.session.get(ContactLogRow, contact_id)
        if row is not None:
            self.session.delete(row)
            self.session.flush()

    def home_seen(self, member_id: MemberId, day: date, by: str) -> list[Change]:
        """Note that the present address was found right; an older visit written up late does not undo a newer one."""
        query = select(ResidenceRow).where(
            ResidenceRow.member_id == int(member_id), ResidenceRow.valid_to.is_(None), ResidenceRow.valid_from <= day
        )
        rows = [row for row in self.session.scalars(query) if row.verified_on is None or row.verified_on < day]
        return [_changed(row, verified_on=day, verified_by=by[:LONGEST_ACCOUNT]) for row in rows]

    def card_seen(self, member_id: MemberId, day: date, by: str) -> list[Change]:
        """Note that the whole card was checked with the member."""
        query = select(CardRow).where(CardRow.member_id == int(member_id), CardRow.closed_on.is_(None))
        rows = [row for row in self.session.scalars(query) if row.verified_on is None or row.verified_on < day]
        return [_changed(row, verified_on=day, verified_by=by) for row in rows]

    def survey_said(self, member_id: MemberId, result: SurveyResult, day: date, by: str) -> list[Change]:
        """Answer the open surveys that still wait for this member."""
        query = (
            select(SurveyTargetRow)
            .join(SurveyRow, SurveyRow.id == SurveyTargetRow.survey_id)
            .where(
                SurveyTargetRow.member_id == int(member_id),
                SurveyRow.closed_on.is_(None),
                SurveyRow.started_on <= day,
            )
            .order_by(SurveyTargetRow.id)
        )
        rows = [row for row in self.session.scalars(query) if row.result not in _DONE]
        return [_changed(row, result=result, done_on=day, done_by=by) for row in rows]

    def study_served(self, member_id: MemberId, branch_id: OrgId, day: date) -> list[Change]:
        """Note that the study of this month that was missed has been made up for: of branch and group the latest."""
        missed = (
            select(AttendanceRow, SessionRow)
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .where(
                AttendanceRow.member_id == int(member_id),
                SessionRow.org_id == int(branch_id),
                SessionRow.cancelled_on.is_(None),
                SessionRow.affair == AffairType.DAILY_STUDY,
                SessionRow.kind.in_(STUDIES),
            )
            .order_by(SessionRow.planned_at, SessionRow.id)
        )
        latest: dict[bool, AttendanceRow] = {}
        for row, of in self.session.execute(missed):
            held = of.held_on or of.planned_at.date()
            if (held.year, held.month) == (day.year, day.month) and held <= day:
                latest[of.group_id is None] = row
        return [_changed(row, state=AttendanceState.SERVED_LATER) for row in latest.values() if row.state in MISSED]

    def study_attended(
        self, member_id: MemberId, session_id: SessionId | None, group_id: GroupId | None, day: date
    ) -> list[Change]:
        """Note that the member was there when the group met: at that session, or at the group's of that day."""
        query = (
            select(AttendanceRow, SessionRow)
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .where(AttendanceRow.member_id == int(member_id), SessionRow.cancelled_on.is_(None))
            .order_by(SessionRow.id)
        )
        if session_id is not None:
            query = query.where(SessionRow.id == int(session_id))
        else:
            query = query.where(SessionRow.group_id == int(group_id or 0))
        return [
            _changed(row, state=AttendanceState.ATTENDED)
            for row, of in self.session.execute(query)
            if row.state in MISSED and (session_id is not None or (of.held_on or of.planned_at.date()) == day)
        ]

    def take_back(
        self, changes: Sequence[Mapping[str, Any]], others: Sequence[int]
    ) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
        """Take changes back; returns which rows say again what they said, and the tables of those left as they are.

        `others` are the results of the same member that still stand: one that built on what is taken back now builds
        on what was there before it.
        """
        restored: list[tuple[str, int]] = []
        left: list[str] = []
        for change in reversed(changes):
            row = self.session.get(_ROWS[change["table"]], change["id"])
            if row is None:
                continue
            if _said(row, change["after"]) == change["after"]:
                for name, value in change["before"].items():
                    setattr(row, name, _value(row, name, value))
                restored.append((change["table"], change["id"]))
            elif not self._splice(change, others):
                left.append(change["table"])
        self.session.flush()
        return tuple(restored), tuple(left)

    def _splice(self, change: Mapping[str, Any], others: Sequence[int]) -> bool:
        """Hand what was there before on to the result that built on this change."""
        for number in others:
            row = self.session.get(VisitResultRow, number)
            kept = list(row.effects.get("changes", ())) if row is not None else []  # type: ignore[call-overload]  # a list in JSON
            for place, one in enumerate(kept):
                is_next = (one["table"], one["id"], one["before"]) == (change["table"], change["id"], change["after"])
                if is_next and row is not None:
                    kept[place] = {**one, "before": change["before"]}
                    row.effects = {**row.effects, "changes": kept}
                    return True
        return False

    def take_only(self, changes: Iterable[Change], rows: Collection[tuple[str, int]]) -> list[Change]:
        """Of changes just made keep those of these rows and undo the others."""
        kept: list[Change] = []
        undone: list[Change] = []
        for change in changes:
            (kept if (change["table"], change["id"]) in rows else undone).append(change)
        self.take_back(undone, ())
        return kept


def _changed(row: Any, **values: Any) -> Change:
    """Set columns of any mapped row; returns the change as it is kept."""
    names = tuple(values)
    before = _said(row, names)
    for name, value in values.items():
        setattr(row, name, value)
    return {"table": row.__tablename__, "id": row.id, "before": before, "after": _said(row, names)}


def _said(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _value(row: Any, name: str, value: Any) -> Any:
    """Return what a column holds for a kept value."""
    kind = row.__table__.columns[name].type.python_type
    if value is None or isinstance(value, kind):
        return value
    return date.fromisoformat(value) if kind is date else kind(value)
