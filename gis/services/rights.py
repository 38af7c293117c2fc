"""本人权利请求: registered with a due date, handled by a person, and what was decided done at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.rights import RightKind, RightsRequest, RightStatus
from gis.services.access import require
from gis.services.calendar import working_days_after
from gis.services.life import check_day
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class RightEntry:
    """What a member asks for; `received_on` None is today."""

    kind: RightKind
    detail: str = ""
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class RightAnswer:
    """How a request was handled; `version` as it was read."""

    status: RightStatus
    answer: str
    version: int


@dataclass(frozen=True, slots=True)
class RightLine:
    """One request of the register; `days_left` counts calendar days, negative when overdue, None when handled."""

    request: RightsRequest
    name: str
    branch: str
    days_left: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been handled by now."""
        return self.days_left is not None and self.days_left < 0


def open_request(actor: Actor, store: Store, member_id: MemberId, entry: RightEntry) -> RightsRequest:
    """Register a request; it is due so many working days after the day it was received.

    Raises
    ------
    InputError
        The text is too long, or the day lies in the future.
    NotFoundError
        The member is not in scope.
    """
    require(actor, Action.HANDLE_RIGHTS)
    with store.writing(actor, Action.HANDLE_RIGHTS) as writer:
        _member(writer, member_id)
        received = entry.received_on or writer.today
        check_day(received, writer.today, "收到")
        _check_text(entry.detail)
        days = office_settings(writer).rights_due_working_days
        request = RightsRequest(
            member_id=member_id,
            kind=entry.kind,
            detail=entry.detail.strip(),
            received_on=received,
            due_on=working_days_after(received, days, writer.holidays()),
        )
        number = writer.save_rights_request(request)
        writer.say(f"登记一件本人权利请求：{entry.kind.label}", member_id=member_id, request=number)
    return replace(request, id=number)


def list_requests(
    actor: Actor, store: Store, *, as_of: date | None = None, open_only: bool = False
) -> tuple[RightLine, ...]:
    """List the register of the scope, the earliest due first."""
    require(actor, Action.HANDLE_RIGHTS)
    today = as_of or store.today()
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org.name for org in reader.orgs()}
        who = {one.id: one for one in reader.members(include_left=True)}
        requests = reader.rights_requests()
    return tuple(
        RightLine(
            request=one,
            name=who[one.member_id].name if one.member_id in who else "",
            branch=orgs.get(who[one.member_id].branch_id, "") if one.member_id in who else "",
            days_left=(one.due_on - today).days if one.status is RightStatus.OPEN else None,
        )
        for one in requests
        if not open_only or one.status is RightStatus.OPEN
    )


def answer_request(actor: Actor, store: Store, request_id: int, answer: RightAnswer) -> tuple[str, ...]:
    """Close a request; what was asked for and granted is done in the same transaction. Returns what was done.

    Raises
    ------
    InputError
        The request is closed already, or a refusal gives no reason.
    NotFoundError
        The request is not in scope.
    StaleError
        Somebody else changed it.
    """
    require(actor, Action.HANDLE_RIGHTS)
    if answer.status is RightStatus.OPEN:
        msg = "请填写办理结果：已办结或未予办理"
        raise InputError(msg)
    _check_text(answer.answer)
    if answer.status is RightStatus.DECLINED and not answer.answer.strip():
        msg = "未予办理的须向本人说明理由，请填写答复"
        raise InputError(msg)
    with store.writing(actor, Action.HANDLE_RIGHTS) as writer:
        request = _request(writer, request_id)
        if request.version != answer.version:
            msg = "该请求已被他人修改，请刷新后重试"
            raise StaleError(msg, mine=answer.version, theirs=request.version)
        writer.save_rights_request(
            replace(request, status=answer.status, answer=answer.answer.strip(), handled_on=writer.today)
        )
        done = _grant(writer, request) if answer.status is RightStatus.DONE else ()
        writer.say(f"办理本人权利请求：{request.kind.label}，{answer.status.label}", request=request_id)
    if done and request.kind is RightKind.DELETE:
        store.erase_traces()
    return done


def _grant(writer: Writer, request: RightsRequest) -> tuple[str, ...]:
    """Do what can be done by itself; a correction and an explanation are a person's work."""
    if request.kind is RightKind.RESTRICT:
        writer.restrict(request.member_id, writer.today)
        return ("已限制处理：不列入名单、方案和导出",)
    if request.kind is RightKind.DELETE:
        counts = writer.make_homes_rough([request.member_id])
        writer.clear_mobility(request.member_id)
        number = writer.delete_care(request.member_id) + writer.clear_family(request.member_id)
        number += writer.forget_hospital([request.member_id])
        return (f"详细住址 {counts.get('residence_history', 0)} 条只留网格，敏感信息 {number} 处已删除",)
    return ()


def set_restriction(actor: Actor, store: Store, member_id: MemberId, *, is_restricted: bool) -> None:
    """Restrict what is done with a member's data, or lift it."""
    require(actor, Action.HANDLE_RIGHTS)
    with store.writing(actor, Action.HANDLE_RIGHTS) as writer:
        _member(writer, member_id)
        writer.restrict(member_id, writer.today if is_restricted else None)
        writer.say("限制处理一名党员的信息" if is_restricted else "解除限制处理", member_id=member_id)


def _request(reader: Reader, request_id: int) -> RightsRequest:
    request = next((one for one in reader.rights_requests() if one.id == request_id), None)
    if request is None:
        msg = f"没有编号为 {request_id} 的请求，或不在管理范围内"
        raise NotFoundError(msg)
    if request.status is not RightStatus.OPEN:
        msg = f"该请求{request.status.label}，不能再改；本人另有要求的，另行登记"
        raise InputError(msg)
    return request


def _member(reader: Reader, member_id: MemberId) -> Member:
    member = next((one for one in reader.members(include_left=True) if one.id == member_id), None)
    if member is None:
        msg = "没有这名党员，或不在管理范围内"
        raise NotFoundError(msg)
    return member


def _check_text(text: str) -> None:
    if len(text.strip()) > MAX_TEXT:
        msg = f"请写得简短些，不超过 {MAX_TEXT} 字"
        raise InputError(msg)
