"""Members who left: what is kept of them in the end is one row in which nobody can be recognised."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from gis.model.enums import Gender, MapPrecision, Preference
from gis.store import schema as s
from gis.store.traces import Traces, remove_traces
from gis.store.writers.erasing import ErasingWrites

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

DEPARTED = "（已离开）"
#: Where members are quoted by name
_PLANS = frozenset({"saved_plan", "plan_step", "assignment_run"})
_VISITS = frozenset({"visit_round", "visit_team_person", "visit_target", "visit_result", "visit_sheet"})
#: Rows about the member, those that refer to others first
_OWN = (
    s.ReviewRow,
    s.LifeEventRow,
    s.CardRow,
    s.ContactPersonRow,
    s.ContactLogRow,
    s.MemberRequestRow,
    s.SurveyTargetRow,
    s.ModeDecisionRow,
    s.ConsentRow,
    s.RightsRequestRow,
    s.CareNeedRow,
    s.PairingRow,
    s.AreaMemberRow,
    s.GridAssignmentRow,
    s.BodyMemberRow,
    s.ResidenceRow,
    s.TransitionRow,
)
_BLANK: dict[str, Any] = {
    "gender": Gender.UNKNOWN,
    "birth_ym": "",
    "phone": "",
    "phone2": "",
    "joined_on": "",
    "confirmed_on": "",
    "household_id": None,
    "post": "",
    "original_village": "",
    "categories": [],
    "preference": Preference.NONE,
    "mobility_level": None,
    "lives_alone": None,
    "is_leader_eligible": False,
    "locked_host_id": None,
    "max_walk_m": None,
    "map_precision": MapPrecision.HIDDEN,
    "roster_source": "",
    "initials": "",
    "residence_org_id": None,
}


class DepartedWrites(ErasingWrites):
    """Erase members; figures that counted them stay right, as an empty row still counts."""

    retention_day: date

    def clear_emergency(self, member_id: int) -> int:
        """Remove the emergency contact of a card; returns how many cards held one."""
        number = 0
        for card in self.session.scalars(select(s.CardRow).where(s.CardRow.member_id == member_id)):
            if card.emergency_name or card.emergency_phone or card.emergency_relation is not None:
                card.emergency_name, card.emergency_phone, card.emergency_relation = "", "", None
                card.is_emergency_told = False
                number += 1
        return number

    def erase_departed(self, member_ids: Sequence[int], erased: str) -> Counter[str]:
        """Erase members who left; returns the rows deleted or blanked by table."""
        counts: Counter[str] = Counter()
        if not member_ids:
            return counts
        names = {row.id: row.name for row in self._members(member_ids)}
        counts += Counter(self.make_homes_rough(member_ids))  # what quotes their homes goes with the homes
        del counts["residence_history"]  # deleted below
        counts += self.erase_visits(member_ids)
        counts += self._delete_own(member_ids)
        counts += self._blank_mentions(member_ids, erased)
        counts += self._blank_names(names)
        for row in self._members(member_ids):
            row.name = erased
            for column, value in _BLANK.items():
                setattr(row, column, list(value) if isinstance(value, list) else value)
            counts["member"] += 1
        self.session.flush()
        return counts + self._empty_files()

    def _members(self, member_ids: Collection[int]) -> Sequence[s.MemberRow]:
        return self.session.scalars(select(s.MemberRow).where(s.MemberRow.id.in_(member_ids))).all()

    def _delete_own(self, member_ids: Collection[int]) -> Counter[str]:
        lost = select(s.LostContactRow.id).where(s.LostContactRow.member_id.in_(member_ids))
        counts = self._remove(s.LostEventRow, s.LostEventRow.lost_id.in_(lost))
        counts += self._remove(s.LostContactRow, s.LostContactRow.member_id.in_(member_ids))
        either = or_(s.CompanionRow.member_id.in_(member_ids), s.CompanionRow.companion_id.in_(member_ids))
        counts += self._remove(s.CompanionRow, either)
        for row_type in _OWN:
            counts += self._remove(row_type, row_type.member_id.in_(member_ids))
        keys = (s.ImportKeyRow.target == "member", s.ImportKeyRow.target_id.in_(member_ids))
        return counts + self._remove(s.ImportKeyRow, *keys)

    def _remove(self, row_type: type[Any], *conditions: ColumnElement[bool]) -> Counter[str]:
        rows = self.session.scalars(select(row_type).where(*conditions)).all()
        for row in rows:
            self.session.delete(row)
        self.session.flush()
        return Counter({row_type.__tablename__: len(rows)})

    def _blank_mentions(self, member_ids: Collection[int], erased: str) -> Counter[str]:
        counts: Counter[str] = Counter()
        for person in self.session.scalars(
            select(s.ContactPersonRow).where(s.ContactPersonRow.person_member_id.in_(member_ids))
        ):
            person.name, person.phone, person.person_member_id = DEPARTED, "", None
            counts["contact_person"] += 1
        for pair in self.session.scalars(select(s.PairingRow).where(s.PairingRow.helper_member_id.in_(member_ids))):
            pair.helper, pair.helper_member_id = DEPARTED, None
            counts["pairing"] += 1
        for host in self.session.scalars(select(s.HostRow).where(s.HostRow.member_id.in_(member_ids))):
            self.blank_host(host, erased)
            counts["host_household"] += 1
        for seat in self.session.scalars(
            select(s.GroupMembershipRow).where(s.GroupMembershipRow.member_id.in_(member_ids))
        ):
            seat.walk_m, seat.reason = None, ""
        for spell in self.session.scalars(select(s.AffiliationRow).where(s.AffiliationRow.member_id.in_(member_ids))):
            spell.reason = ""
        self.session.flush()
        return counts

    def blank_host(self, row: s.HostRow, erased: str) -> None:
        """Blank a host household: a place that was, without whose and where."""
        row.name, row.address, row.note = erased, "", ""
        row.building_id = row.floor = row.geom = row.is_step_free = None
        row.member_id = row.responsible_member_id = None

    def _blank_names(self, names: dict[int, str]) -> Counter[str]:
        """Take names out of plans; a text is left alone where somebody else on the roster has the same name."""
        query = select(s.MemberRow.name).where(s.MemberRow.id.not_in(names), s.MemberRow.name.in_(names.values()))
        namesakes = frozenset(self.session.scalars(query))
        texts = {name: DEPARTED for name in names.values() if name not in namesakes}
        traces = Traces(texts=texts, nameless=dict.fromkeys(names, DEPARTED), least=2)
        return Counter(remove_traces(self.session, traces, _PLANS | _VISITS))

    def _empty_files(self) -> Counter[str]:
        """Delete household files that nobody is in any more."""
        used = select(s.MemberRow.household_id).where(s.MemberRow.household_id.is_not(None))
        told = select(s.TransitionRow.household_id).where(s.TransitionRow.household_id.is_not(None))
        empty = (s.HouseholdRow.id.not_in(used), s.HouseholdRow.id.not_in(told))
        number = self.session.scalar(select(func.count()).select_from(s.HouseholdRow).where(*empty))
        return self._remove(s.HouseholdRow, *empty) if number else Counter()
