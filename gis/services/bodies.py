"""党建联合委员会、党建联盟、活动小组: memberships of organisations (and people) of several places; never a 党小组."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.bodies import Body, BodyKind, BodyRole, BodySeat
from gis.model.enums import OrgStatus
from gis.services.access import require, require_orgs

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import BodyId, BodySeatId, MemberId, OrgId
    from gis.store.database import Store
    from gis.store.reader import Reader

LONGEST_NAME, LONGEST_TOWN, LONGEST_NOTE = 200, 100, 500
ONE_ONLY = frozenset({BodyRole.LEAD, BodyRole.SECRETARY})


@dataclass(frozen=True, slots=True)
class BodyForm:
    """What a person sets about a body."""

    name: str
    kind: BodyKind
    lead_org_id: OrgId
    founded_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SeatForm:
    """A new member of a body: exactly one of `org_id`, `member_id` and `name` (outside this system, with its town)."""

    role: BodyRole = BodyRole.MEMBER
    org_id: OrgId | None = None
    member_id: MemberId | None = None
    name: str = ""
    town: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One member of a body with its name; `is_outside` is not in this system."""

    seat: BodySeat
    name: str
    town: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One body with the members that the actor may see; `towns` are the places that it joins."""

    body: Body
    lead: str
    seats: tuple[SeatLine, ...]
    towns: tuple[str, ...]
    may_edit: bool


def list_bodies(actor: Actor, store: Store, *, with_ended: bool = False) -> tuple[BodyLine, ...]:
    """List the bodies with their members, by kind and name."""
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org.name for org in reader.orgs()}
        members = {member.id: member.name for member in reader.members(include_left=True)}
        own = _own_town(reader)
        bodies, mine = reader.bodies(with_ended=with_ended), reader.org_ids_in_scope

    def line(seat: BodySeat) -> SeatLine:
        is_outside = seat.org_id is None and seat.member_id is None
        name = seat.name if is_outside else orgs.get(seat.org_id, "") or members.get(seat.member_id, "")
        return SeatLine(seat, name, seat.town or ("" if is_outside else own), is_outside)

    found = []
    for body in bodies:
        seats = tuple(line(seat) for seat in body.seats)
        towns = tuple(sorted({one.town for one in seats if one.town and one.seat.valid_to is None}))
        may_edit = actor.may(Action.MANAGE_ORGS) and body.lead_org_id in mine
        found.append(BodyLine(body, orgs.get(body.lead_org_id, ""), seats, towns, may_edit))
    order = list(BodyKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.body.kind), one.body.name)))


def add_body(actor: Actor, store: Store, form: BodyForm) -> BodyId:
    """Found a body that an organisation of the actor's scope leads; it becomes its first member.

    Raises
    ------
    InputError
        The name is missing or taken, the day lies ahead, or the leading organisation is abolished.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        require_orgs(actor, writer, [form.lead_org_id])
        name = _text(form.name, "名称", LONGEST_NAME)
        if any(body.name == name for body in writer.bodies(with_ended=True)):
            msg = f"已有联合体叫“{name}”，请换一个名称"
            raise InputError(msg)
        _check_org(writer, form.lead_org_id)
        _check_day(form.founded_on, writer.today)
        note = form.note.strip()[:LONGEST_NOTE]
        body_id = writer.save_body(Body(None, name, form.kind, form.lead_org_id, form.founded_on, note=note))
        writer.save_body_seats(
            [BodySeat(None, body_id, BodyRole.LEAD, org_id=form.lead_org_id, valid_from=form.founded_on)]
        )
        writer.say(f"成立{form.kind.label}：{name}", body_id=body_id)
    return body_id


def add_seat(actor: Actor, store: Store, body_id: BodyId, form: SeatForm) -> BodySeatId:
    """Take a member into a body whose leading organisation is in the actor's scope.

    Raises
    ------
    InputError
        Not exactly one member is named, it is in the body already, a person is named for something else than an
        activity group, or the role is taken.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        body = _body(actor, writer, body_id)
        seat = _checked(writer, body, form, writer.today)
        (saved,) = writer.save_body_seats([seat])
        writer.say(f"{body.name}增加一个成员", body_id=body_id)
    return saved


def end_seat(actor: Actor, store: Store, seat_id: BodySeatId, version: int, *, on: date | None = None) -> None:
    """End a membership; the row stays. The leading organisation stays as long as the body does.

    Raises
    ------
    NotFoundError
        It is not there, or has ended.
    InputError
        It is the leading organisation's, or the day is wrong.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        seat = next((one for body in writer.bodies() for one in body.seats if one.id == seat_id), None)
        if seat is None:
            msg = "该成员已不存在或已退出，请刷新后重试"
            raise NotFoundError(msg)
        body = _body(actor, writer, seat.body_id)
        if seat.role is BodyRole.LEAD and seat.org_id == body.lead_org_id:
            msg = f"{body.name}的牵头组织不能退出：先终止联合体，或另立牵头组织"
            raise InputError(msg)
        day = _ending_day(on, seat.valid_from, writer.today)
        writer.save_body_seats([replace(seat, valid_to=day, version=version)])
        writer.say(f"{body.name}减少一个成员", body_id=body.id)


def end_body(actor: Actor, store: Store, body_id: BodyId, version: int, *, on: date | None = None) -> None:
    """End a body and its memberships; the rows stay."""
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        body = _body(actor, writer, body_id)
        day = _ending_day(on, body.founded_on, writer.today)
        everyone = writer.all_body_seats(body_id)
        writer.save_body_seats([replace(seat, valid_to=day) for seat in everyone])
        writer.save_body(replace(body, valid_to=day, version=version))
        writer.say(f"终止{body.kind.label}：{body.name}", body_id=body_id)


def _body(actor: Actor, reader: Reader, body_id: BodyId) -> Body:
    body = next((one for one in reader.bodies() if one.id == body_id), None)
    if body is None:
        msg = "该联合体已不存在或已终止，请刷新后重试"
        raise NotFoundError(msg)
    require_orgs(actor, reader, [body.lead_org_id])
    return body


def _checked(reader: Reader, body: Body, form: SeatForm, today: date) -> BodySeat:
    outside = form.name.strip()
    if sum((form.org_id is not None, form.member_id is not None, bool(outside))) != 1:
        msg = "请指明一个成员：本系统内的组织、系统外的组织名称，或（活动小组）一名党员"
        raise InputError(msg)
    if form.member_id is not None:
        if body.kind is not BodyKind.ACTIVITY_GROUP:
            msg = f"{body.kind.label}的成员是组织；个人只参加活动小组"
            raise InputError(msg)
        if all(member.id != form.member_id for member in reader.members()):
            msg = "该党员不在管理范围内，请重新选择"
            raise InputError(msg)
    if form.org_id is not None:
        _check_org(reader, form.org_id)
    if outside:
        outside = _text(outside, "名称", LONGEST_NAME)
        _text(form.town, "所属镇、街道", LONGEST_TOWN)
    _check_day(form.valid_from, today)
    for other in body.seats:
        same_org = form.org_id is not None and other.org_id == form.org_id
        same_person = form.member_id is not None and other.member_id == form.member_id
        same_name = bool(outside) and (other.name, other.town) == (outside, form.town.strip())
        if same_org or same_person or same_name:
            msg = f"已是{body.name}的成员（{other.role.label}），不必重复登记"
            raise InputError(msg)
        if form.role in ONE_ONLY and other.role is form.role:
            msg = f"{body.name}已有{form.role.label}，请先终止原来的再登记"
            raise InputError(msg)
    return BodySeat(
        None,
        body.id or 0,  # type: ignore[arg-type]  # read from the database
        form.role,
        form.org_id,
        form.member_id,
        outside,
        form.town.strip(),
        form.valid_from or today,
    )


def _check_org(reader: Reader, org_id: OrgId) -> None:
    org = next((one for one in reader.orgs() if one.id == org_id), None)
    if org is None or org.status is OrgStatus.ABOLISHED:
        msg = "该组织不存在或已撤销，请重新选择"
        raise InputError(msg)


def _check_day(day: date | None, today: date) -> None:
    if day is not None and day > today:
        msg = f"日期 {day.isoformat()} 在今天之后，请核对"
        raise InputError(msg)


def _ending_day(on: date | None, first: date | None, today: date) -> date:
    day = on or today
    if day > today or (first is not None and day < first):
        msg = "终止日期应在起始日期和今天之间"
        raise InputError(msg)
    return day


def _text(text: str, label: str, limit: int) -> str:
    plain = text.strip()
    if not plain or len(plain) > limit:
        msg = f"请填写{label}" if not plain else f"{label}不超过 {limit} 字"
        raise InputError(msg)
    return plain


def _own_town(reader: Reader) -> str:
    """Return the name of the street that this system serves."""
    return next((division.name for division in reader.divisions() if division.level.value == "street"), "本街道")
