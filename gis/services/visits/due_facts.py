"""What the due list needs to know of the members of an organisation, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from gis.model.contact import SurveyResult
from gis.model.enums import GroupKind
from gis.model.ids import GroupId
from gis.model.meetings import SessionMode
from gis.model.modes import StudyMode
from gis.model.rights import ConsentScope
from gis.model.visits import VisitResult
from gis.services.fixed_days import fixed_workday
from gis.services.org_checks import above, parents_of
from gis.services.settings import office_settings
from gis.services.visits.due_rules import DueTime, GroupDay, MemberFacts, SurveyDue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from gis.model.contact import Card
    from gis.model.ids import MemberId, OrgId, RoundId
    from gis.model.meetings import Session
    from gis.model.people import Member, PartyGroup
    from gis.model.settings import OfficeSettings
    from gis.store.reader import Reader

Month = tuple[int, int]


@dataclass(frozen=True)
class DueFacts:
    """All members of an organisation's subtree and those named besides, as of one day.

    `refused`: who does not want the home on record; `planned`: in which issued round somebody still is to be visited
    in these days; `branches` and `estates` name what the list is sorted by.
    """

    when: DueTime
    members: tuple[MemberFacts, ...]
    refused: frozenset[MemberId]
    planned: dict[MemberId, tuple[RoundId, str]]
    branches: dict[OrgId, str]
    estates: dict[MemberId, str]


def read_facts(
    reader: Reader, org_id: OrgId, first_day: date, last_day: date, *, today: date, besides: Collection[MemberId] = ()
) -> DueFacts:
    """Read the facts of the organisation and all below it."""
    options, orgs = office_settings(reader), reader.orgs()
    parents = parents_of(orgs)
    below = frozenset(one for one in reader.org_ids_in_scope if org_id in above(one, parents))
    members = {one.id: one for one in reader.members(below) if one.id is not None}
    extra = reader.visit_members([one for one in besides if one not in members])
    everybody = [*members.values(), *extra.values()]
    buildings = {one.residence.building_id for one in everybody if one.residence and one.residence.building_id}
    named = reader.visit_buildings(buildings)
    made = _Facts(reader, options, first_day, last_day)
    return DueFacts(
        when=DueTime(today, last_day, options),
        members=tuple(made.of(one) for one in everybody),
        refused=reader.refused(ConsentScope.EXACT_LOCATION),
        planned=reader.visits_planned(first_day, last_day),
        branches={one.id: one.name for one in orgs if one.id is not None},
        estates={
            one.id: named[one.residence.building_id].estate
            for one in everybody
            if one.id is not None and one.residence and one.residence.building_id in named
        },
    )


class _Facts:
    """The tables of the scope that the facts are taken from."""

    def __init__(self, reader: Reader, options: OfficeSettings, first_day: date, last_day: date) -> None:
        self.decisions = reader.study_modes()
        self.last_visits = reader.last_visits()
        self.asked = reader.last_visits(results=(VisitResult.MET, VisitResult.DECLINED))
        self.met_for = reader.last_met_for()
        self.contacts = reader.last_met()
        self.seen = reader.last_face_to_face()
        self.attended = reader.last_attended()
        self.promises = _latest_promises(reader)
        self.surveys = _open_surveys(reader, last_day)
        self.windows = {member: _window(card) for member, card in reader.cards().items()}
        self.group_days = _group_days(reader, options, first_day, last_day)

    def of(self, member: Member) -> MemberFacts:
        number = member.id
        assert number is not None  # noqa: S101  # members that were read have one
        decided, asked = self.decisions.get(number), self.asked.get(number)
        mode = decided.mode if decided is not None else None
        return MemberFacts(
            member=member,
            mode=mode,
            mode_since=decided.valid_from if decided is not None else None,
            last_visit=self.last_visits.get(number),
            asked_on=asked.on_day if asked is not None else None,
            met_for=self.met_for.get(number, {}),
            last_contact=self.contacts.get(number),
            last_seen=self.seen.get(number),
            last_attended=self.attended.get(number),
            promise=self.promises.get(number),
            surveys=self.surveys.get(number, ()),
            group_day=self.group_days.get(number) if mode in (None, StudyMode.DELIVER_STUDY_GROUP) else None,
            window=self.windows.get(number),
        )


def _window(card: Card) -> tuple[int, int] | None:
    if card.visit_from_min is None or card.visit_to_min is None:
        return None
    return card.visit_from_min, card.visit_to_min


def _latest_promises(reader: Reader) -> dict[MemberId, tuple[date, date]]:
    """Return of contacts and visits the agreement made last."""
    found = dict(reader.contact_promises())
    for member, promise in reader.visit_promises().items():
        if member not in found or promise[0] >= found[member][0]:
            found[member] = promise
    return found


def _open_surveys(reader: Reader, last_day: date) -> dict[MemberId, tuple[SurveyDue, ...]]:
    """Return by member the surveys that run by the last day and have not found them."""
    running = {one.id: one for one in reader.surveys() if one.closed_on is None and one.started_on <= last_day}
    found: dict[MemberId, tuple[SurveyDue, ...]] = {}
    for target in reader.survey_targets():
        survey = running.get(target.survey_id)
        if survey is not None and target.result in (None, SurveyResult.NOT_HOME):
            due = SurveyDue(survey.name, survey.due_on, target.result is SurveyResult.NOT_HOME)
            found[target.member_id] = (*found.get(target.member_id, ()), due)
    return found


def _group_days(reader: Reader, options: OfficeSettings, first_day: date, last_day: date) -> dict[MemberId, GroupDay]:
    """Return by member when the study group meets first in these days.

    A group without any session in a month meets on the fixed study day of that month.
    """
    groups = reader.groups_in_force(kinds=(GroupKind.TRANSITION, GroupKind.BUILDING))
    if not groups:
        return {}
    months = _months(first_day, last_day)
    fixed = {month: fixed_workday(options, *month, reader.holidays()) for month in months}
    of_group: dict[int, list[Session]] = {}
    for session in reader.sessions(since=first_day.replace(day=1)):
        if session.group_id is not None:
            of_group.setdefault(session.group_id, []).append(session)
    found: dict[MemberId, GroupDay] = {}
    for group in groups:
        planned = of_group.get(group.id, [])
        days = [*_sessions_of(group, planned), *_fixed_days_of(group, planned, fixed, options)]
        meets = min((one for one in days if first_day <= one.at.date() <= last_day), key=_begins, default=None)
        for seat in group.seats if meets is not None else ():
            if meets is not None and (seat.member_id not in found or meets.at < found[seat.member_id].at):
                found[seat.member_id] = meets
    return found


def _begins(one: GroupDay) -> datetime:
    return one.at


def _sessions_of(group: PartyGroup, planned: Iterable[Session]) -> Iterator[GroupDay]:
    for one in planned:
        if one.held_on is None and one.mode is not SessionMode.ONLINE:
            yield GroupDay(GroupId(group.id), one.id, one.planned_at, group.name, one.theme)


def _fixed_days_of(
    group: PartyGroup, planned: Iterable[Session], fixed: Mapping[Month, date], options: OfficeSettings
) -> Iterator[GroupDay]:
    if group.kind != GroupKind.TRANSITION.value:
        return
    taken = {(one.planned_at.year, one.planned_at.month) for one in planned}
    for month, day in fixed.items():
        if month not in taken:
            yield GroupDay(GroupId(group.id), None, datetime.combine(day, time(options.session_hour)), group.name)


def _months(first_day: date, last_day: date) -> list[Month]:
    """Return the months that some days touch."""
    first, last = first_day.year * 12 + first_day.month - 1, last_day.year * 12 + last_day.month - 1
    return [(number // 12, number % 12 + 1) for number in range(first, last + 1)]
