"""The register of sessions as it is read: lists, one session with its attendance, and the ways to choose."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.enums import HostStatus
from gis.model.ids import GroupId
from gis.model.meetings import AttendanceCount, AttendanceState
from gis.services.access import require
from gis.services.invitations import Occasion, Quorum, quorum
from gis.services.phones import masked
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import HostId, MemberId, OrgId, SessionId, VenueId
    from gis.model.meetings import Attendance, Session
    from gis.store.database import Store
    from gis.store.reader import Reader

FIVE = 5  # 五有


@dataclass(frozen=True, slots=True)
class SessionQuery:
    """Which sessions; None: all of the scope. `kinds` empty: every kind."""

    org_ids: Collection[OrgId] | None = None
    since: date | None = None
    until: date | None = None
    kinds: Collection[str] = ()
    with_cancelled: bool = False
    with_guests: bool = True


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session on a list; `is_guest`: held by another organisation, own members are invited."""

    session: Session
    org: str
    place: str
    count: AttendanceCount
    is_guest: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """What of the 五有 is not there; a session still ahead needs no record."""
        return tuple(one for one in self.session.missing() if one != "记录" or self.session.held_on is not None)

    @property
    def complete(self) -> int:
        """How many of the 五有 are there."""
        return FIVE - len(self.session.missing())


@dataclass(frozen=True, slots=True)
class Attendee:
    """One invited member as the actor may see them."""

    member_id: MemberId
    name: str
    branch: str
    phone: str
    state: AttendanceState
    has_vote: bool


@dataclass(frozen=True, slots=True)
class SessionSheet:
    """One session with its attendance; `unnamed` counts the invited whom only their own branch knows (None: few)."""

    line: SessionLine
    attendees: tuple[Attendee, ...]
    unnamed: int | None
    quorum: Quorum | None
    group: str


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """What a plan can choose from."""

    orgs: Mapping[OrgId, str]
    groups: Mapping[GroupId, tuple[OrgId, str]]
    venues: Mapping[VenueId, str]
    hosts: Mapping[HostId, tuple[OrgId, str]]


def list_sessions(actor: Actor, store: Store, query: SessionQuery) -> tuple[SessionLine, ...]:
    """List sessions by time: one's own, and those of others to which one's own members are invited."""
    require(actor, Action.HOLD_SESSIONS)
    with store.reading(actor.scope) as reader:
        own = reader.sessions(query.org_ids, since=query.since, until=query.until, with_cancelled=query.with_cancelled)
        guests = reader.sessions_inviting(since=query.since, until=query.until) if query.with_guests else ()
        lines = _Lines(reader)
        counts = reader.attendance_counts([one.id for one in own if one.id is not None])
        nobody = AttendanceCount()
        found = [lines.line(one, nobody if one.id is None else counts.get(one.id, nobody)) for one in own]
        rows = _by_session(reader.attendance([one.id for one in guests if one.id is not None]))
        found += [lines.line(one, counted(rows.get(one.id, ())), is_guest=True) for one in guests]
    chosen = [one for one in found if not query.kinds or one.session.kind.value in query.kinds]
    return tuple(sorted(chosen, key=lambda one: (one.session.planned_at, one.session.id or 0)))


def _by_session(rows: Collection[Attendance]) -> dict[SessionId | None, list[Attendance]]:
    found: dict[SessionId | None, list[Attendance]] = {}
    for row in rows:
        found.setdefault(row.session_id, []).append(row)
    return found


def open_session(actor: Actor, store: Store, session_id: SessionId) -> SessionSheet:
    """Open one session with everybody invited whom the actor may see.

    Raises
    ------
    NotFoundError
        It does not exist or is outside the scope.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.reading(actor.scope) as reader:
        session = reader.meeting(session_id)
        if session is None:
            msg = "没有这次组织生活，或不在管理范围内"
            raise NotFoundError(msg)
        return _sheet(reader, session, session_id)


def _sheet(reader: Reader, session: Session, session_id: SessionId) -> SessionSheet:
    is_guest = session.org_id not in reader.org_ids_in_scope
    rows, lines = reader.attendance([session_id]), _Lines(reader)
    count = counted(rows) if is_guest else reader.attendance_counts([session_id]).get(session_id, AttendanceCount())
    orgs = lines.orgs
    members = {one.id: one for one in reader.members(include_left=True)}
    shared = reader.places_shared_with(frozenset(orgs))

    def attendee(row: Attendance) -> Attendee:
        member = members.get(row.member_id)
        if member is None:
            name, place = shared[row.member_id]
            return Attendee(row.member_id, name, orgs.get(place.branch_id, ""), "", row.state, row.has_vote)
        phone = masked(member.phone or member.phone2)
        branch = orgs.get(member.branch_id, "")
        return Attendee(row.member_id, member.name, branch, phone, row.state, row.has_vote)

    visible = [row for row in rows if row.member_id in members or row.member_id in shared]
    unnamed = count.invited - len(visible)
    occasion = Occasion(session.org_id, session.kind, session.affair, session.group_id)
    groups = {one.id: one.name for one in reader.meeting_groups()}
    return SessionSheet(
        line=lines.line(session, count, is_guest=is_guest),
        attendees=tuple(sorted((attendee(row) for row in visible), key=lambda one: (one.branch, one.member_id))),
        unnamed=None if 0 < unnamed < office_settings(reader).suppress_below else unnamed,
        quorum=None if is_guest else quorum(occasion, count.votes),
        group=groups.get(session.group_id or 0, ""),
    )


def counted(rows: Collection[Attendance]) -> AttendanceCount:
    """Count what can be seen."""
    came = [row for row in rows if row.state is AttendanceState.ATTENDED]
    return AttendanceCount(
        Counter(row.state for row in rows), sum(row.has_vote for row in rows), sum(row.has_vote for row in came)
    )


def plan_choices(actor: Actor, store: Store) -> PlanChoices:
    """Name the organisations, groups, venues and hosts that a plan can choose."""
    require(actor, Action.HOLD_SESSIONS)
    with store.reading(actor.scope) as reader:
        mine = reader.org_ids_in_scope
        orgs = {org.id: org.name for org in reader.orgs() if org.id is not None and org.id in mine}
        labels = {building.id: building.label for building in reader.buildings()}
        return PlanChoices(
            orgs=orgs,
            groups={GroupId(one.id): (one.branch_id, one.name) for one in reader.meeting_groups()},
            venues={one.id: one.name for one in reader.venues() if one.id is not None},
            hosts={
                one.id: (one.branch_id, f"{one.name}家（{labels.get(one.building_id, '')}）")
                for one in reader.hosts()
                if one.id is not None and one.name and one.status is HostStatus.APPROVED
            },
        )


class _Lines:
    """Names of organisations and places."""

    def __init__(self, reader: Reader) -> None:
        self.orgs = {org.id: org.name for org in reader.orgs() if org.id is not None}
        self._venues = {one.id: one.name for one in reader.venues()}
        self._hosts = {one.id: one for one in reader.hosts(with_ended=True)}

    def line(self, session: Session, count: AttendanceCount, *, is_guest: bool = False) -> SessionLine:
        return SessionLine(session, self.orgs.get(session.org_id, ""), self._place(session), count, is_guest)

    def _place(self, session: Session) -> str:
        if session.venue_id is not None:
            return self._venues.get(session.venue_id, "")
        host = self._hosts.get(session.host_id) if session.host_id is not None else None
        return f"{host.name}家（党员中心户）" if host is not None and host.name else ""
