"""The invitation list of a session, built from the side that the affair belongs to (A36).

For daily study every member of the street is invited by exactly one community: where they live; by the old branch who
has chosen to go back there, who lives outside the street, and whose residence is not known.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.dual import has_votes, side_of
from gis.model.meetings import AffairType, Attendance, AttendanceState, SessionKind, Side
from gis.model.modes import StudyMode
from gis.services.access import require, require_orgs
from gis.services.phones import masked
from gis.services.settings import office_settings
from gis.services.territory_sides import territory_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gis.model.access import Actor
    from gis.model.ids import GroupId, MemberId, OrgId, SessionId
    from gis.model.people import Member, PartyGroup
    from gis.services.territory_sides import Territory
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.readers.sides import Person

ELECTION_SHARE = 0.8  # 基层组织选举工作条例: four fifths of those who may vote
_COMMITTEE = re.compile("书记|委员")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an invitation depends on."""

    org_id: OrgId
    kind: SessionKind
    affair: AffairType
    group_id: GroupId | None = None


@dataclass(frozen=True, slots=True)
class Invitee:
    """One member to invite; `how` says by which way, `phone` is masked, `no_vote` says why there is no vote."""

    member_id: MemberId
    name: str
    branch: str
    mode: str
    group: str
    how: str
    phone: str
    has_vote: bool
    no_vote: str = ""
    is_by_consent: bool = False


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of those with a vote must come; `rule` says by which rule."""

    votes: int
    needed: int
    rule: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited, on whose side and why; `unnamed` counts who is known to their own branch only (None: few)."""

    occasion: Occasion
    org: str
    side: Side
    reason: str
    invitees: tuple[Invitee, ...]
    unnamed: int | None
    quorum: Quorum | None


def propose_invitation(actor: Actor, store: Store, occasion: Occasion) -> Invitation:
    """Build the list; nothing is saved.

    Raises
    ------
    InputError
        A group meeting without its group.
    DeniedError
        The organisation lies outside the scope.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [occasion.org_id])
        return invitation(reader, occasion)


def invited(reader: Reader, occasion: Occasion) -> dict[MemberId, bool]:
    """Return whom the occasion invites, with whether they have a vote; members outside the scope too.

    Raises
    ------
    InputError
        A group meeting without its group.
    """
    territory, everybody = territory_of(reader), reader.everybody()
    below = territory.subtree(occasion.org_id)
    chosen = _chooser(reader, occasion, territory)
    votes = has_votes(occasion.kind, occasion.affair)
    return {
        number: votes and person.can_vote and person.place.branch_id in below
        for number, person in everybody.items()
        if chosen(number, person)
    }


def _chooser(reader: Reader, occasion: Occasion, territory: Territory) -> Callable[[MemberId, Person], bool]:
    below = territory.subtree(occasion.org_id)
    if occasion.kind is SessionKind.GROUP_MEETING:
        seats = frozenset(seat.member_id for seat in group_of(reader, occasion).seats)
        return lambda number, _: number in seats
    if occasion.kind is SessionKind.COMMITTEE_MEETING:
        posts = frozenset(one.id for one in reader.members(below) if _COMMITTEE.search(one.post))
        return lambda number, _: number in posts
    side, _why = side_of(occasion.kind, occasion.affair)
    if side is Side.RELATION:
        return lambda _, person: person.place.branch_id in below
    is_study = occasion.affair is AffairType.DAILY_STUDY
    return lambda _, person: _lives_on_this_side(person, occasion.org_id, territory, is_study=is_study)


def _lives_on_this_side(person: Person, org_id: OrgId, territory: Territory, *, is_study: bool) -> bool:
    """Whether a residence-side session of this organisation invites the person.

    A branch invites its own who live in its community and who was given to it by name; the others who live there are
    the community's.
    """
    below, here = territory.subtree(org_id), territory.here(org_id)
    home = territory.residence_org(person.place)
    is_own = person.place.branch_id in below
    if is_study and person.goes_back:
        return is_own
    if is_study and home is None:
        return is_own
    if territory.seat(org_id) == org_id:
        return home in here
    return home in below or (is_own and home in here)


def group_of(reader: Reader, occasion: Occasion) -> PartyGroup:
    """Return the group of a group meeting.

    Raises
    ------
    InputError
        None is named, or it is not an open group of the organisation.
    """
    found = next((one for one in reader.meeting_groups([occasion.org_id]) if one.id == occasion.group_id), None)
    if found is None:
        msg = "党小组会须选定本支部正在运行的党小组"
        raise InputError(msg)
    return found


def invitation(reader: Reader, occasion: Occasion) -> Invitation:
    """Build the list as the reader sees it."""
    asked = invited(reader, occasion)
    side, reason = side_of(occasion.kind, occasion.affair)
    words = _Words(reader, occasion, side)
    named = tuple(words.invitee(number, has_vote=asked[number]) for number in words.visible(asked))
    unnamed = len(asked) - len(named)
    below = office_settings(reader).suppress_below
    return Invitation(
        occasion=occasion,
        org=words.orgs[occasion.org_id],
        side=side,
        reason=reason,
        invitees=named,
        unnamed=None if 0 < unnamed < below else unnamed,
        quorum=quorum(occasion, sum(asked.values())),
    )


def quorum(occasion: Occasion, votes: int) -> Quorum | None:
    """Return how many with a vote must come (R12; elections: four fifths); None where no votes are taken."""
    if not has_votes(occasion.kind, occasion.affair):
        return None
    if occasion.affair is AffairType.ELECTION:
        return Quorum(votes, math.ceil(round(votes * ELECTION_SHARE, 6)), "党组织选举：有选举权的到会不少于五分之四")
    return Quorum(votes, votes // 2 + 1, "到会有表决权的党员须过半数（R12）")


def attendance_of(session_id: SessionId, asked: Mapping[MemberId, bool], side: Side) -> list[Attendance]:
    """Return the rows of an invitation."""
    return [Attendance(session_id, number, AttendanceState.INVITED, vote, side) for number, vote in asked.items()]


class _Words:
    """What is said of each invitee."""

    def __init__(self, reader: Reader, occasion: Occasion, side: Side) -> None:
        self.orgs = {org.id: org.name for org in reader.orgs() if org.id is not None}
        self.occasion, self.side = occasion, side
        self._members = {member.id: member for member in reader.members() if member.id is not None}
        territory = territory_of(reader)
        ours = territory.subtree(occasion.org_id) | territory.here(occasion.org_id)
        self._shared = reader.places_shared_with(ours)
        self._modes = reader.study_modes()
        self._group_of = {seat.member_id: one.name for one in reader.meeting_groups() for seat in one.seats}

    def visible(self, asked: Mapping[MemberId, bool]) -> list[MemberId]:
        known = [number for number in asked if number in self._members or number in self._shared]
        return sorted(known, key=lambda number: (self._branch_id(number), number))

    def _branch_id(self, number: MemberId) -> OrgId:
        member = self._members.get(number)
        return member.branch_id if member else self._shared[number][1].branch_id

    def invitee(self, number: MemberId, *, has_vote: bool) -> Invitee:
        branch, member = self.orgs.get(self._branch_id(number), ""), self._members.get(number)
        if member is None:
            name = self._shared[number][0]
            how = "由本人的支部转告"
            return Invitee(number, name, branch, "", "", how, "", has_vote=False, is_by_consent=True)
        mode = self._modes[number].mode if number in self._modes else None
        group = self._group_of.get(number, "")
        return Invitee(
            member_id=number,
            name=member.name,
            branch=branch,
            mode=mode.label if mode else "",
            group=group,
            how=self._how(mode, group),
            phone=masked(member.phone or member.phone2),
            has_vote=has_vote,
            no_vote="" if has_vote else self._why_no_vote(member),
        )

    def _how(self, mode: StudyMode | None, group: str) -> str:
        if mode is StudyMode.DELIVER_STUDY_HOME:
            return "上门告知" if self.side is Side.RELATION else "上门送学，会后补学"
        if group:
            return f"由{group}组长通知"
        if mode is StudyMode.ONLINE_STUDY:
            return "网上通知，并打电话确认"
        if mode is StudyMode.ATTEND_HOME_BRANCH:
            return "电话通知，到原支部参加"
        return "电话通知"

    def _why_no_vote(self, member: Member) -> str:
        if not has_votes(self.occasion.kind, self.occasion.affair):
            return ""
        return "预备党员没有表决权（R19）" if member.membership_status.value == "normal" else "已停止党籍"
