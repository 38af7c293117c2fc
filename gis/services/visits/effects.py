"""What an accepted result changes elsewhere, and taking exactly that back when it is corrected.

An accepted result becomes a line of the contact log. Who was met at home lives where the register says; who was
visited for a survey is done on it; who was taught at home has made up for the study of the month that was missed.
That somebody is in hospital (住院) is told by the result alone: the log says no more than that nobody was reached.
Somebody found to have moved is a to-do: an address is changed by a person who knows the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.contact import ContactChannel, ContactEntry, SurveyResult
from gis.model.visits import VisitPurpose, VisitResult
from gis.services.access import require

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis.model.access import Actor
    from gis.model.visits import KeptResult
    from gis.store.database import Store
    from gis.store.readers.visit_cases import FoundMoved, Standing, VisitCase
    from gis.store.writer import Writer
    from gis.store.writers.visit_effects import Change

#: What a survey learns from a result; nothing from a telephone call, and of a hospital no more than a shut door
_SURVEYED = {
    VisitResult.MET: SurveyResult.VERIFIED,
    VisitResult.NOT_HOME: SurveyResult.NOT_HOME,
    VisitResult.MOVED: SurveyResult.MOVED,
    VisitResult.DECLINED: SurveyResult.DECLINED,
    VisitResult.IN_HOSPITAL: SurveyResult.NOT_HOME,
}
_LEFT = {
    "residence_history": "住址核实日期",
    "contact_card": "联系卡核实日期",
    "survey_target": "摸排结果",
    "attendance": "到会情况",
}


def moved_to_register(actor: Actor, store: Store) -> tuple[FoundMoved, ...]:
    """List who was found to have moved away and whose move is not registered yet, the oldest first."""
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        return reader.found_moved()


def apply_effects(writer: Writer, case: VisitCase, kept: KeptResult, by: str) -> None:
    """Change what an accepted result changes, and keep with it what that was; `by` is who wrote it down."""
    contact_id = writer.log_visit(case.member_id, _entry(case, kept))
    changes = _changes(writer, case, kept, by)
    writer.save_visit_result(kept.id, effects={"changes": changes}, contact_log_id=contact_id)


def _entry(case: VisitCase, kept: KeptResult) -> ContactEntry:
    is_meeting = case.group_id is not None or case.session_id is not None
    channel = ContactChannel.MEETING if is_meeting else ContactChannel.VISIT
    if kept.result is VisitResult.PHONED:
        channel = ContactChannel.PHONE
    return ContactEntry(
        on_day=kept.on_day,
        channel=channel,
        by_name=kept.by_name,
        is_reached=kept.result.is_reached,
        next_on=kept.next_on,
        note="" if kept.result is VisitResult.IN_HOSPITAL else kept.note,
    )


def _changes(writer: Writer, case: VisitCase, kept: KeptResult, by: str) -> list[Change]:
    member, day = case.member_id, kept.on_day
    if case.group_id is not None or case.session_id is not None:
        if kept.result is not VisitResult.MET:
            return []
        return writer.study_attended(member, case.session_id, case.group_id, day)
    changes: list[Change] = []
    is_survey = VisitPurpose.SURVEY in case.purposes
    if is_survey and kept.result in _SURVEYED:
        changes += writer.survey_said(member, _SURVEYED[kept.result], day, by[:100])
    if kept.result is VisitResult.MET:
        changes += writer.home_seen(member, day, kept.by_name)
        changes += writer.card_seen(member, day, kept.by_name) if is_survey else []
        if VisitPurpose.STUDY in case.purposes:
            changes += writer.study_served(member, case.branch_id, day)
    return changes


def undo_effects(writer: Writer, standing: Standing) -> tuple[str, ...]:
    """Take back what a result changed; it no longer stands. Returns what a person has changed since and so stays.

    What another result of the same member would have changed, had this one not, it changes now.
    """
    kept, case = standing.kept, standing.case
    if standing.contact_id is not None:
        writer.remove_visit_log(standing.contact_id)
    others = [one for one in writer.standing_results(member_id=case.member_id) if one.kept.id != kept.id]
    restored, left = writer.take_back(standing.effects.get("changes", ()), [one.kept.id for one in others])
    writer.save_visit_result(kept.id, effects={})
    if restored:
        _renew(writer, case, frozenset(restored))
    return tuple(f"{_LEFT[table]}后来另有登记，没有改回" for table in dict.fromkeys(left))


def _renew(writer: Writer, case: VisitCase, rows: Collection[tuple[str, int]]) -> None:
    for one in writer.standing_results(member_id=case.member_id):
        found = _changes(writer, one.case, one.kept, one.kept.said_by)
        more = writer.take_only(found, rows)
        if more:
            changes = [*one.effects.get("changes", ()), *more]
            writer.save_visit_result(one.kept.id, effects={**one.effects, "changes": changes})
