"""Build the picture that the rules look at: a few bulk queries for an organisation, a branch or the whole street."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.model.enums import OrgKind
from gis.model.lost import LastSeen
from gis.model.rule_facts import MemberFact, OrgFact, RuleFacts, RuleLimits
from gis.services.settings import office_settings
from gis.store.readers.rules import AttendanceDays, MemberRecords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from gis.model.ids import MemberId, OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member
    from gis.model.rule_facts import GroupFact
    from gis.store.reader import Reader
    from gis.store.readers.rules import Place

_NOTHING = MemberRecords()


def load_facts(reader: Reader, today: date, org_ids: Collection[OrgId] | None = None) -> RuleFacts:
    """Return what the rules look at of these organisations, of the whole scope where none are given."""
    tree = Tree(reader.orgs())
    mine = reader.org_ids_in_scope if org_ids is None else reader.org_ids_in_scope & frozenset(org_ids)
    members = reader.members(mine)
    places = reader.rule_places(mine)
    return RuleFacts(
        today=today,
        limits=_limits(reader),
        orgs=tuple(_orgs(tree, members, mine)),
        groups=tuple(_placed(group, places, tree) for group in reader.rule_groups(mine)),
        areas=reader.rule_areas(mine),
        hosts=reader.rule_hosts(mine),
        sessions=reader.rule_sessions(mine),
        members=tuple(_members(reader, members, places, tree, today)),
        attendance=reader.attendance_span(mine),
    )


def _limits(reader: Reader) -> RuleLimits:
    given = office_settings(reader)
    return RuleLimits(
        group_split=given.group_target_high,
        lost_warn_months=given.lost_warn_months,
        lost_alert_months=given.lost_alert_months,
    )


class Tree:
    """The organisations of the street: who is above whom, which are villages, and what each covers."""

    def __init__(self, orgs: Sequence[PartyOrg]) -> None:
        self.by_id: dict[OrgId, PartyOrg] = {org.id: org for org in orgs if org.id is not None}
        self._lines = {org: tuple(self._line(org)) for org in self.by_id}

    def _line(self, org_id: OrgId) -> Iterator[OrgId]:
        seen: set[OrgId] = set()
        at: OrgId | None = org_id
        while at is not None and at in self.by_id and at not in seen:
            seen.add(at)
            yield at
            at = self.by_id[at].parent_id

    def line(self, org_id: OrgId) -> tuple[OrgId, ...]:
        """Return an organisation and those above it, the nearest first."""
        return self._lines.get(org_id, ())

    def below(self, org_id: OrgId) -> frozenset[OrgId]:
        """Return an organisation and all under it."""
        return frozenset(org for org, line in self._lines.items() if org_id in line)

    def is_top(self, org_id: OrgId) -> bool:
        """Whether it is the street's own: a 党工委, or a committee above everything that is no community's."""
        org = self.by_id[org_id]
        is_root_committee = org.parent_id is None and org.kind is OrgKind.COMMITTEE and org.community_kind is None
        return org.kind is OrgKind.WORKING_COMMITTEE or is_root_committee

    def is_village(self, org_id: OrgId) -> bool:
        """Whether it is the organisation of a village or community: the first below the street's own."""
        line = [org for org in self.line(org_id) if not self.is_top(org)]
        return bool(line) and line[-1] == org_id

    def covers(self, org_id: OrgId) -> frozenset[str]:
        """Return the divisions of an organisation and of those above it, without the street's own."""
        return frozenset(
            code for org in self.line(org_id) if not self.is_top(org) for code in self.by_id[org].division_codes
        )

    def is_at(self, place: Place | None, org_id: OrgId) -> bool | None:
        """Whether a place lies where an organisation has its territory; None where one of them is not known."""
        if place is None:
            return None
        if place.org_id is not None:
            return self._village_of(place.org_id) == self._village_of(org_id)
        if place.is_outside:
            return False
        covered = self.covers(org_id)
        return place.code in covered if place.code and covered else None

    def _village_of(self, org_id: OrgId) -> OrgId | None:
        return next((org for org in self.line(org_id) if self.is_village(org)), None)


def _orgs(tree: Tree, members: Sequence[Member], mine: Collection[OrgId]) -> Iterator[OrgFact]:
    own: dict[OrgId, int] = {}
    full: dict[OrgId, int] = {}
    below: dict[OrgId, int] = {}
    for member in members:
        own[member.branch_id] = own.get(member.branch_id, 0) + 1
        full[member.branch_id] = full.get(member.branch_id, 0) + member.is_full
        for above in tree.line(member.branch_id):
            below[above] = below.get(above, 0) + 1
    for org_id in sorted(mine):
        org = tree.by_id[org_id]
        yield OrgFact(
            id=org_id,
            name=org.name,
            kind=org.kind,
            status=org.status,
            parent_id=org.parent_id,
            community_kind=org.community_kind,
            is_village=tree.is_village(org_id) and bool(org.community_kind or org.division_codes),
            founded_on=org.founded_on,
            ended_on=org.valid_to,
            approved_by=org.approved_by,
            approved_on=org.approved_on,
            term_ends_on=org.term_ends_on,
            committee_size=org.committee_size,
            task_body=org.task_body,
            unit_count=org.unit_count,
            members=own.get(org_id, 0),
            full=full.get(org_id, 0),
            members_below=below.get(org_id, 0),
        )


def _placed(group: GroupFact, places: Mapping[MemberId, Place], tree: Tree) -> GroupFact:
    seats = (replace(seat, is_local=tree.is_at(places.get(seat.member_id), group.branch_id)) for seat in group.seats)
    return replace(group, seats=tuple(seats))


def _members(
    reader: Reader, members: Sequence[Member], places: Mapping[MemberId, Place], tree: Tree, today: date
) -> Iterator[MemberFact]:
    branches = {member.branch_id for member in members}
    attended, records = reader.attendance_days(branches), reader.member_records(branches)
    for member in members:
        if member.id is None:
            continue
        place, days = places.get(member.id), attended.get(member.id, AttendanceDays())
        known = records.get(member.id, _NOTHING)
        is_here = tree.is_at(place, member.branch_id)
        yield MemberFact(
            id=member.id,
            name=member.name,
            branch_id=member.branch_id,
            status=member.member_status,
            membership=member.membership_status,
            age=member.age_on(today),
            mobility=member.mobility_level,
            preference=member.preference,
            is_in_transition=member.is_in_transition,
            is_away=None if is_here is None else not is_here,
            away_since=_away_since(member, place),
            attended_on=_latest(days.came.get(org) for org in tree.line(member.branch_id)),
            reached_on=_latest((known.reached_on, days.excused_on, *days.came.values())),
            tried_on=known.tried_on,
            missed_on=_latest((known.failed_on, days.absent_on)),
            has_home_contact=known.has_home_contact,
            has_mode=known.has_mode,
            may_lead=member.is_leader_eligible,
            mobile_card_no=known.card_no,
            mobile_card_checked_on=known.card_checked_on,
            affiliations=known.affiliations,
            has_lost_case=known.has_lost_case,
            is_restricted=member.restricted_on is not None,
        )


def last_seen_of(reader: Reader, members: Sequence[Member], tree: Tree) -> Iterator[LastSeen]:
    """Say of each of these members when they last came or were reached, and when that was first tried."""
    branches = {member.branch_id for member in members}
    attended, records = reader.attendance_days(branches), reader.member_records(branches)
    for member in members:
        if member.id is not None:
            days, known = attended.get(member.id, AttendanceDays()), records.get(member.id, _NOTHING)
            org = tree.by_id.get(member.branch_id)
            yield LastSeen(
                member_id=member.id,
                name=member.name,
                branch_id=member.branch_id,
                branch=org.name if org else "",
                attended_on=_latest(days.came.values()),
                reached_on=_latest((known.reached_on, days.excused_on)),
                tried_on=known.tried_on,
            )


def _away_since(member: Member, place: Place | None) -> date | None:
    """Return since when the member has lived elsewhere: from the start of the transition, whatever moves followed."""
    begun = member.transition.started_on if member.transition is not None and member.is_in_transition else None
    days = [day for day in (begun, place.since if place else None) if day is not None]
    return min(days, default=None)


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
