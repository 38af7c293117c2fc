"""去世、转出、出党: off the roster on a day; what was open ends, people hand offices over, an error is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.model.access import Action
from gis.model.life import LifeKind
from gis.model.rights import LeftKind
from gis.services.access import require
from gis.services.life import check_day, check_reason, present_life, read_life
from gis.services.settings import office_settings
from gis.store.writers.retention import ERASED

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.life import Office, OfficeKind
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader

MONTHS = 12


@dataclass(frozen=True, slots=True)
class LeaveRequest:
    """How and when a member left; `offices_later`: a death is registered although offices wait for a successor."""

    member_id: MemberId
    kind: LeftKind
    on: date
    reason: str = ""
    offices_later: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """How many of what ended with it (`seats`, `contact_persons`, …), and the offices still to be handed over."""

    member_id: MemberId
    kind: LeftKind
    on: date
    ended: dict[str, int]
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class GoneMember:
    """One member who has left; what else is on record of them is restricted."""

    member_id: MemberId
    name: str
    branch: str
    kind: LeftKind
    left_on: date


def list_left(actor: Actor, store: Store) -> tuple[GoneMember, ...]:
    """List who has left the rosters of the scope and is still on record, the latest first."""
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        branches = {org.id: org.name for org in reader.orgs()}
        found = [
            GoneMember(one.id, one.name, branches.get(one.branch_id, ""), one.left_kind, one.left_on)
            for one in reader.members(include_left=True)
            if one.id is not None and one.left_on is not None and one.left_kind is not None and one.name != ERASED
        ]
    return tuple(sorted(found, key=lambda one: (one.left_on, one.member_id), reverse=True))


@dataclass(frozen=True, slots=True)
class WaitingOffice:
    """An office whose holder has left: `how` says how and when."""

    kind: OfficeKind
    where: str
    name: str
    how: str


def offices_waiting(actor: Actor, store: Store) -> tuple[WaitingOffice, ...]:
    """List the offices in the scope that members who have left still hold on paper."""
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        offices = reader.offices_held(of_who_left=True)
        members = {one.id: one for one in reader.members(include_left=True)} if offices else {}
    return tuple(
        WaitingOffice(one.kind, one.where, members[one.member_id].name, _how(members[one.member_id]))
        for one in offices
        if one.member_id in members
    )


def _how(member: Member) -> str:
    kind = member.left_kind.label if member.left_kind is not None else ""
    return f"{member.left_on} {kind}"


def register_leaving(actor: Actor, store: Store, request: LeaveRequest) -> Left:
    """Take a member off the roster; their data is restricted from now on and erased when its time is over.

    Raises
    ------
    InputError
        The day cannot be; or the member holds offices: each is named, and somebody hands it over first. A death may
        be registered before that.
    NotFoundError
        There is no such member in the scope.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.writing(actor, Action.MOVE_MEMBERS) as writer:
        present_life(writer, request.member_id)
        check_day(request.on, writer.today, request.kind.label)
        reason = check_reason(request.reason)
        offices = writer.offices_held(member_id=request.member_id)
        _refuse_offices(request, offices)
        ended = writer.leave(request.member_id, request.kind, request.on)
        writer.add_event(request.member_id, LifeKind.LEFT, request.on, reason, ended)
        writer.say(f"登记一名党员{request.kind.label}", member_id=request.member_id)
        counts = {name: len(rows) for name, rows in ended.items() if isinstance(rows, list | dict)}
        return Left(request.member_id, request.kind, request.on, counts, offices)


def _refuse_offices(request: LeaveRequest, offices: tuple[Office, ...]) -> None:
    if not offices or (request.offices_later and request.kind is LeftKind.DECEASED):
        return
    faults = tuple(
        Fault(f"{one.where}：请先另定" if one.where else "请先另定", field=one.kind.label) for one in offices
    )
    more = "；去世的可以先登记，再由支部另定" if request.kind is LeftKind.DECEASED else ""
    msg = "该党员还担任职务，请先由支部另定人选" + more + "：" + "；".join(_named(one) for one in offices)
    raise InputError(msg, faults)


def _named(one: Office) -> str:
    return f"{one.kind.label}（{one.where}）" if one.where else one.kind.label


def undo_leaving(actor: Actor, store: Store, member_id: MemberId, reason: str) -> None:
    """Take back a registration that was wrong: what it ended is open again, unless something else took its place.

    Raises
    ------
    InputError
        The member has not left, no reason was given, or the time of keeping is over.
    NotFoundError
        There is no such member in the scope.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.writing(actor, Action.MOVE_MEMBERS) as writer:
        life = read_life(writer, member_id)
        text = check_reason(reason, is_needed=True)
        left_on = life.person.left_on
        if left_on is None:
            msg = "该党员在花名册上，没有离开登记可撤销"
            raise InputError(msg)
        event = next((one for one in reversed(writer.life_events([member_id])) if one.kind is LifeKind.LEFT), None)
        _refuse_late(writer, left_on, writer.today)
        if event is None or life.person.name == ERASED:
            msg = "该党员的资料已按期限清除，不能撤销；确有错误请作为新党员导入"
            raise InputError(msg)
        writer.come_back(member_id, event.closed)
        writer.undo_event(event.id)
        writer.add_event(member_id, LifeKind.CAME_BACK, writer.today, text)
        writer.say("撤销一名党员的离开登记", member_id=member_id)


def _refuse_late(reader: Reader, left_on: date, today: date) -> None:
    months = office_settings(reader).keep_closed_months
    if (today.year - left_on.year) * MONTHS + today.month - left_on.month - (today.day < left_on.day) >= months:
        msg = f"离开已满 {months} 个月，资料已到清除期限，不能撤销；确有错误请作为新党员导入"
        raise InputError(msg)
