"""What every write leaves behind: author and time on the rows, versions, and one audit row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, inspect

from gis.store.chain import append
from gis.store.schema import AuditRow, DataVersionRow
from gis.store.schema.base import Rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from gis.model.access import Action, Actor

TERRITORY, PEOPLE, GROUPS, PLANS, SYSTEM = "territory", "people", "groups", "plans", "system"
CARDS, MEETINGS, BODIES, RIGHTS, VISITS = "cards", "meetings", "bodies", "rights", "visits"
MAX_AUDITED_IDS = 200  # enough to find the rows of a hand edit; an import is found by its batch

#: Table → topic whose version it bumps; tables left out (audit, sign-ins, import records) bump none.
TOPICS: dict[str, str] = {
    **dict.fromkeys(("division", "grid", "estate", "building", "road", "venue", "host_household", "area"), TERRITORY),
    **dict.fromkeys(("party_org", "org_division", "household", "member", "affiliation_history"), PEOPLE),
    **dict.fromkeys(("residence_history", "transition_episode", "member_companion"), PEOPLE),
    **dict.fromkeys(("party_group", "group_membership", "assignment_run", "group_plan"), GROUPS),
    **dict.fromkeys(("saved_plan", "saved_plan_branch", "plan_step", "plan_event"), PLANS),
    **dict.fromkeys(("contact_card", "contact_person", "contact_log", "member_request"), CARDS),
    **dict.fromkeys(("survey_campaign", "survey_target", "study_mode_decision"), CARDS),
    **dict.fromkeys(("life_event", "life_review"), CARDS),
    **dict.fromkeys(("session", "attendance", "holiday"), MEETINGS),
    **dict.fromkeys(("visit_round", "visit_team", "visit_team_person", "visit_stop"), VISITS),
    **dict.fromkeys(("visit_target", "visit_result", "visit_sheet"), VISITS),
    **dict.fromkeys(
        ("area_building", "grid_assignment", "joint_body", "joint_body_member", "org_event", "area_member"), BODIES
    ),
    **dict.fromkeys(("consent", "rights_request", "care_need", "pairing", "lost_contact", "rule_note"), RIGHTS),
    **dict.fromkeys(("app_user", "role", "scope", "setting", "display_token"), SYSTEM),
}


#: Columns that say when somebody looked at a row, not what it says: nothing that is planned from it gets out of date
_LOOKED_AT: dict[str, frozenset[str]] = {"residence_history": frozenset({"verified_on", "verified_by"})}


class Stamper:
    """Listens to one session's flushes; `finish` writes versions and audit row into the same transaction."""

    def __init__(self, session: Session, actor: Actor, action: Action, *, now: datetime) -> None:
        self.session, self.actor, self.action, self.now = session, actor, action, now
        self.summary = ""
        self.details: dict[str, object] = {}
        self.counts: Counter[str] = Counter()
        self._touched: dict[str, list[Any]] = {}
        self._topics: set[str] = set()
        event.listen(session, "before_flush", self._before_flush)

    def _before_flush(self, session: Session, _context: object, _instances: object) -> None:
        for row in session.new:
            self._note(row, "new")
            self._bump(row)
            if isinstance(row, Rows):
                row.created_at, row.created_by = self.now, self.actor.name
                row.updated_at, row.updated_by = self.now, self.actor.name
        for row in session.dirty:
            if session.is_modified(row):
                self._note(row, "changed")
                self._bump(row, is_looked_at=_is_only_looked_at(row))
                if isinstance(row, Rows):
                    row.updated_at, row.updated_by = self.now, self.actor.name
        for row in session.deleted:
            self._note(row, "deleted")
            self._bump(row)

    def _note(self, row: Any, what: str) -> None:
        table = str(row.__tablename__)
        self.counts[f"{table}.{what}"] += 1
        self._touched.setdefault(table, []).append(row)

    def _bump(self, row: Any, *, is_looked_at: bool = False) -> None:
        topic = CARDS if is_looked_at else TOPICS.get(str(row.__tablename__))
        if topic is not None:
            self._topics.add(topic)

    def finish(self, versions: dict[str, DataVersionRow]) -> None:
        """Flush, bump the versions of what was touched, and append the audit row."""
        self.session.flush()
        topics = sorted(self._topics)
        counts, ids = dict(self.counts), self._ids()
        for topic in topics:
            row = versions.get(topic)
            if row is None:
                row = versions[topic] = DataVersionRow(topic=topic, number=0)
                self.session.add(row)
            row.number += 1
        audit = AuditRow(
            at=self.now,
            actor=self.actor.name,
            role=self.actor.role.value,
            action=self.action.value,
            summary=self.summary,
            details={**self.details, "counts": counts, "ids": ids},
            data_version=sum(row.number for row in versions.values()),
        )
        append(self.session, audit)

    def _ids(self) -> dict[str, list[int]]:
        return {
            table: sorted({row.id for row in rows})
            for table, rows in self._touched.items()
            if len(rows) <= MAX_AUDITED_IDS and hasattr(rows[0], "id")
        }


def _is_only_looked_at(row: Any) -> bool:
    """Whether nothing of a row changes but when somebody found it right."""
    names = _LOOKED_AT.get(str(row.__tablename__))
    if names is None:
        return False
    changed = {one.key for one in inspect(row).attrs if one.history.has_changes()}
    return changed <= names
