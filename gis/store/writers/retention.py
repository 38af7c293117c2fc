"""Clear what was kept long enough: one method for each rule of gis/model/retention.py, each returns rows by table."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from gis.model.plans import PlanState
from gis.model.retention import Retained
from gis.store import schema as s
from gis.store.chain import erase_payloads
from gis.store.writers.departed import DepartedWrites

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement

ERASED = "（已清除）"


class RetentionWrites(DepartedWrites):
    """Really delete; what remains is a figure or a date."""

    def clear(self, kind: Retained, cutoff: date, *, forget_cutoff: date) -> Counter[str]:
        """Clear what began before or on `cutoff`; records of disclosures go by `forget_cutoff`."""
        counts: Counter[str] = getattr(self, f"_clear_{kind.value}")(cutoff)
        if kind is Retained.EXPORTS:
            gone = (s.ExportRow.deleted_on.is_not(None), s.ExportRow.deleted_on <= forget_cutoff)
            counts += self._delete(s.ExportRow, *gone)
        self.session.flush()
        return +counts

    def note_retention_run(self, on_day: date, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Keep that a run took place, and what it deleted."""
        self.session.add(s.RetentionRunRow(on_day=on_day, counts={key: dict(value) for key, value in counts.items()}))
        self.session.flush()

    def _delete(self, row_type: type[Any], *conditions: ColumnElement[bool]) -> Counter[str]:
        rows = self.session.scalars(select(row_type).where(*conditions)).all()
        for row in rows:
            self.session.delete(row)
        self.session.flush()
        return Counter({row_type.__tablename__: len(rows)})

    def _clear_left(self, cutoff: date) -> Counter[str]:
        query = select(s.MemberRow.id).where(s.MemberRow.left_on <= cutoff, s.MemberRow.name != ERASED)
        return self.erase_departed(self.session.scalars(query).all(), ERASED)

    def _clear_closed_homes(self, cutoff: date) -> Counter[str]:
        counts: Counter[str] = Counter()
        for member_id, returned_on in self._returned_for_good(cutoff).items():
            counts += Counter(self.make_homes_rough([member_id], only=lambda row, on=returned_on: row.valid_from <= on))  # type: ignore[misc]  # bound at once
            counts += self._clear_sensitive(member_id)
            for row_type in (s.CareNeedRow, s.PairingRow):
                counts += self._delete(row_type, row_type.member_id == member_id, row_type.valid_from <= returned_on)
        counts += self._clear_files_of_returned(cutoff)
        return counts

    def _returned_for_good(self, cutoff: date) -> dict[int, date]:
        """Return who came back long enough ago and has no open transition, with the day."""
        is_open = select(s.TransitionRow.member_id).where(s.TransitionRow.returned_on.is_(None))
        query = (
            select(s.TransitionRow.member_id, func.max(s.TransitionRow.returned_on))
            .join(s.MemberRow, s.MemberRow.id == s.TransitionRow.member_id)
            .where(s.MemberRow.left_on.is_(None), s.TransitionRow.member_id.not_in(is_open))
            .group_by(s.TransitionRow.member_id)
        )
        return {number: on for number, on in self.session.execute(query) if on is not None and on <= cutoff}

    def _clear_sensitive(self, member_id: int) -> Counter[str]:
        counts: Counter[str] = Counter()
        row = self.session.get(s.MemberRow, member_id)
        held = ("mobility_level", "lives_alone", "max_walk_m")
        if row is not None and any(getattr(row, name) is not None for name in held):
            for name in held:
                setattr(row, name, None)
            counts["member"] += 1
        counts["contact_card"] += self.clear_emergency(member_id)
        counts["visit_result"] += self.forget_hospital([member_id])
        counts += Counter(self.forget_reasons([member_id]))
        notes = select(s.TransitionRow).where(s.TransitionRow.member_id == member_id, s.TransitionRow.note != "")
        for episode in self.session.scalars(notes):
            episode.note = ""
            counts["transition_episode"] += 1
        return counts

    def _clear_files_of_returned(self, cutoff: date) -> Counter[str]:
        """Clear household files whose members all came back, or left, long enough ago."""
        returned = self._returned_for_good(cutoff)
        counts: Counter[str] = Counter()
        for file in self.session.scalars(select(s.HouseholdRow).order_by(s.HouseholdRow.id)):
            members = self.session.execute(
                select(s.MemberRow.id, s.MemberRow.left_on).where(s.MemberRow.household_id == file.id)
            ).all()
            is_due = all(number in returned or (left is not None and left <= cutoff) for number, left in members)
            if members and is_due and (file.current_address or file.floor_no is not None or file.has_lift is not None):
                file.current_address, file.floor_no, file.has_lift = "", None, None
                counts["household"] += 1
        return counts

    def _clear_contact_logs(self, cutoff: date) -> Counter[str]:
        old = select(s.ContactLogRow.id).where(s.ContactLogRow.on_day <= cutoff)
        self.forget_visit_logs(old)
        return self._delete(s.ContactLogRow, s.ContactLogRow.on_day <= cutoff)

    def _clear_requests(self, cutoff: date) -> Counter[str]:
        return self._delete(s.MemberRequestRow, s.MemberRequestRow.closed_on <= cutoff)

    def _clear_care(self, cutoff: date) -> Counter[str]:
        return self._delete(s.CareNeedRow, s.CareNeedRow.valid_to <= cutoff) + self._delete(
            s.PairingRow, s.PairingRow.valid_to <= cutoff
        )

    def _clear_attendance(self, cutoff: date) -> Counter[str]:
        counts: Counter[str] = Counter()
        sessions = select(s.SessionRow).where(s.SessionRow.planned_at < datetime.combine(cutoff, time.max))
        for row in self.session.scalars(sessions):
            if (row.held_on or row.planned_at.date()) > cutoff:
                continue
            lines = self.session.scalars(select(s.AttendanceRow).where(s.AttendanceRow.session_id == row.id)).all()
            if lines:
                row.kept_counts = _figures(lines)
            for line in lines:
                self.session.delete(line)
            if row.responsible and row.responsible != ERASED:
                row.responsible = ERASED
                counts["session"] += 1
            counts["attendance"] += len(lines)
        return counts

    def _clear_modes(self, cutoff: date) -> Counter[str]:
        return self._delete(s.ModeDecisionRow, s.ModeDecisionRow.valid_to <= cutoff)

    def _clear_ties(self, cutoff: date) -> Counter[str]:
        counts = self._delete(
            s.BodyMemberRow, s.BodyMemberRow.valid_to <= cutoff, s.BodyMemberRow.member_id.is_not(None)
        )
        for row_type in (s.ContactPersonRow, s.GridAssignmentRow, s.AreaMemberRow, s.CompanionRow):
            counts += self._delete(row_type, row_type.valid_to <= cutoff)
        return counts

    def _clear_seats(self, cutoff: date) -> Counter[str]:
        has_more = or_(s.GroupMembershipRow.walk_m.is_not(None), s.GroupMembershipRow.reason != "")
        rows = self.session.scalars(
            select(s.GroupMembershipRow).where(s.GroupMembershipRow.valid_to <= cutoff, has_more)
        ).all()
        for row in rows:
            row.walk_m, row.reason = None, ""
        return Counter({"group_membership": len(rows)})

    def _clear_plans(self, cutoff: date) -> Counter[str]:
        end = datetime.combine(cutoff, time.max)
        is_old_draft = (s.SavedPlanRow.state.in_([p for p in PlanState if p.is_open])) & (
            s.SavedPlanRow.updated_at <= end
        )
        query = select(s.SavedPlanRow.id).where(
            or_(s.SavedPlanRow.stopped_on <= cutoff, s.SavedPlanRow.discarded_at <= end, is_old_draft)
        )
        due = list(self.session.scalars(query))
        if not due:
            return self._clear_runs(cutoff)
        for row in self.session.scalars(select(s.SavedPlanRow).where(s.SavedPlanRow.based_on_id.in_(due))):
            row.based_on_id = None
        self.session.flush()
        counts: Counter[str] = Counter()
        for row_type in (s.PlanStepRow, s.PlanEventRow, s.SavedPlanBranchRow):
            counts += self._delete(row_type, row_type.plan_id.in_(due))
        counts += self._delete(s.SavedPlanRow, s.SavedPlanRow.id.in_(due))
        return counts + self._clear_runs(cutoff)

    def _clear_runs(self, cutoff: date) -> Counter[str]:
        """Empty the documents of runs whose groups all ended long enough ago."""
        still = select(s.GroupRow.run_id).where(
            s.GroupRow.run_id.is_not(None), or_(s.GroupRow.valid_to.is_(None), s.GroupRow.valid_to > cutoff)
        )
        kept = select(s.SavedPlanRow.run_id).where(s.SavedPlanRow.run_id.is_not(None))
        end = datetime.combine(cutoff, time.max)
        query = select(s.RunRow).where(s.RunRow.accepted_at <= end, s.RunRow.id.not_in(still), s.RunRow.id.not_in(kept))
        rows = [row for row in self.session.scalars(query) if row.document]
        for row in rows:
            row.document = {}
        return Counter({"assignment_run": len(rows)})

    def _clear_surveys(self, cutoff: date) -> Counter[str]:
        closed = select(s.SurveyRow.id).where(s.SurveyRow.closed_on <= cutoff)
        return self._delete(s.SurveyTargetRow, s.SurveyTargetRow.survey_id.in_(closed))

    def _clear_visits(self, cutoff: date) -> Counter[str]:
        """Delete all of rounds that are over but for the round itself, of which figures stay."""
        rounds = self.session.scalars(select(s.VisitRoundRow).where(s.VisitRoundRow.last_day <= cutoff)).all()
        ids = [row.id for row in rounds]
        if not ids:
            return Counter()
        counts = Counter({"visit_round": sum(self.blank_visit_round(row) for row in rounds)})
        targets = select(s.VisitTargetRow.id).where(s.VisitTargetRow.round_id.in_(ids))
        teams = select(s.VisitTeamRow.id).where(s.VisitTeamRow.round_id.in_(ids))
        counts += self._delete(s.VisitResultRow, s.VisitResultRow.target_id.in_(targets))
        counts += self._delete(s.VisitTargetRow, s.VisitTargetRow.round_id.in_(ids))
        counts += self._delete(s.VisitStopRow, s.VisitStopRow.round_id.in_(ids))
        counts += self._delete(s.VisitSheetRow, s.VisitSheetRow.team_id.in_(teams))
        counts += self._delete(s.VisitorRow, s.VisitorRow.team_id.in_(teams))
        return counts + self._delete(s.VisitTeamRow, s.VisitTeamRow.round_id.in_(ids))

    def _clear_hosts(self, cutoff: date) -> Counter[str]:
        rows = self.session.scalars(
            select(s.HostRow).where(s.HostRow.ended_on <= cutoff, s.HostRow.name != ERASED)
        ).all()
        for row in rows:
            self.blank_host(row, ERASED)
        return Counter({"host_household": len(rows)})

    def _clear_life(self, cutoff: date) -> Counter[str]:
        is_open = select(s.TransitionRow.member_id).where(s.TransitionRow.returned_on.is_(None))
        events = self.session.scalars(
            select(s.LifeEventRow).where(
                s.LifeEventRow.on_day <= cutoff, s.LifeEventRow.reason != "", s.LifeEventRow.member_id.not_in(is_open)
            )
        ).all()
        for row in events:
            row.reason = ""
        reviews = self._delete(s.ReviewRow, s.ReviewRow.settled_on <= cutoff, s.ReviewRow.member_id.not_in(is_open))
        return Counter({"life_event": len(events)}) + reviews

    def _clear_lost(self, cutoff: date) -> Counter[str]:
        closed = select(s.LostContactRow.id).where(s.LostContactRow.closed_on <= cutoff)
        counts = self._delete(s.LostEventRow, s.LostEventRow.lost_id.in_(closed))
        return counts + self._delete(s.LostContactRow, s.LostContactRow.closed_on <= cutoff)

    def _clear_answers(self, cutoff: date) -> Counter[str]:
        """Delete answers that a later one took the place of; the last word stands as long as the member does."""
        last = select(func.max(s.ConsentRow.id)).group_by(
            s.ConsentRow.member_id, s.ConsentRow.scope, s.ConsentRow.share_org_id
        )
        counts = self._delete(s.ConsentRow, s.ConsentRow.withdrawn_on <= cutoff, s.ConsentRow.id.not_in(last))
        return counts + self._delete(s.RightsRequestRow, s.RightsRequestRow.handled_on <= cutoff)

    def _clear_notes(self, cutoff: date) -> Counter[str]:
        return self._delete(s.RuleNoteRow, s.RuleNoteRow.updated_at <= datetime.combine(cutoff, time.max))

    def _clear_faults(self, cutoff: date) -> Counter[str]:
        end = datetime.combine(cutoff, time.max)
        rows = [
            row
            for row in self.session.scalars(select(s.ImportBatchRow).where(s.ImportBatchRow.created_at <= end))
            if row.faults
        ]
        for row in rows:
            row.faults = []
        return Counter({"import_batch": len(rows)})

    def _clear_exports(self, cutoff: date) -> Counter[str]:
        rows = self.session.scalars(
            select(s.ExportRow).where(s.ExportRow.deleted_on.is_(None), s.ExportRow.expires_on <= cutoff)
        ).all()
        for row in rows:
            row.deleted_on, row.member_ids = cutoff, []
        return Counter({"export_record": len(rows)})

    def _clear_sign_ins(self, cutoff: date) -> Counter[str]:
        end = datetime.combine(cutoff, time.max)
        counts = self._delete(s.SignInRow, s.SignInRow.seen_at <= end)
        ended = or_(s.DisplayTokenRow.expires_at <= end, s.DisplayTokenRow.revoked_at <= end)
        counts += self._delete(s.DisplayTokenRow, ended)
        query = select(s.UserRow).where(
            s.UserRow.is_active.is_(False), s.UserRow.updated_at <= end, s.UserRow.password_hash != ""
        )
        rows = self.session.scalars(query).all()
        for row in rows:
            row.password_hash = ""
        return counts + Counter({"app_user": len(rows)})

    def _clear_audit(self, cutoff: date) -> Counter[str]:
        on = self.retention_day
        return Counter({"audit_log": erase_payloads(self.session, datetime.combine(cutoff, time.max), on)})


def _figures(lines: Any) -> dict[str, object]:
    states: Counter[str] = Counter(line.state.value for line in lines)
    came = sum(line.has_vote for line in lines if line.state.value == "attended")
    return {"states": dict(states), "votes": sum(line.has_vote for line in lines), "votes_present": came}
