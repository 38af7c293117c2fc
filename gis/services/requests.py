"""诉求与关切: what a member asked for in one neutral sentence, who deals with it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.contact import MemberRequest, RequestStatus
from gis.services.access import require
from gis.services.card_editing import open_for_edit
from gis.services.life import check_day

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.contact import RequestCategory
    from gis.model.ids import MemberId
    from gis.store.database import Store

LONGEST_TEXT, LONGEST_NAME = 200, 100


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What the member said, in the member's words or one neutral sentence; `raised_on` None: today."""

    category: RequestCategory
    text: str
    handler: str = ""
    raised_on: date | None = None


@dataclass(frozen=True, slots=True)
class RequestStep:
    """What becomes of a request; `version` of the request that was shown."""

    status: RequestStatus
    handler: str
    result: str
    version: int


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with whose it is."""

    name: str
    branch: str
    request: MemberRequest


def list_requests(actor: Actor, store: Store, *, with_closed: bool = False) -> tuple[RequestLine, ...]:
    """List the requests of the scope, the oldest open ones first."""
    require(actor, Action.LOG_CONTACTS)
    with store.reading(actor.scope) as reader:
        names = {org.id: org.name for org in reader.orgs()}
        who = {one.id: one for one in reader.members()}
        lines = [
            RequestLine(who[member].name, names.get(who[member].branch_id, ""), one)
            for member, rows in reader.requests().items()
            if member in who
            for one in rows
            if with_closed or one.status is not RequestStatus.CLOSED
        ]
    closed = RequestStatus.CLOSED
    return tuple(sorted(lines, key=lambda one: (one.request.status is closed, one.request.raised_on)))


def raise_request(actor: Actor, store: Store, member_id: MemberId, wanted: NewRequest) -> int:
    """Keep what a member asked for; returns its number.

    Raises
    ------
    InputError
        No text, a text that is too long, or a day in the future.
    NotFoundError
        The member is not within the scope.
    """
    require(actor, Action.LOG_CONTACTS)
    with store.writing(actor, Action.LOG_CONTACTS) as writer:
        open_for_edit(writer, member_id)
        day = wanted.raised_on or writer.today
        text = _checked_text(wanted.text, "写一句本人提出了什么")
        if not text:
            msg = "写一句本人提出了什么，例如“想打听安置房什么时候交付”"
            raise InputError(msg)
        check_day(day, writer.today, "提出")
        handler = _checked_name(wanted.handler)
        number = writer.save_request(MemberRequest(None, member_id, wanted.category, text, day, handler))
        writer.say(f"登记一项诉求：{wanted.category.label}", member_id=member_id, request=number)
    return number


def handle_request(actor: Actor, store: Store, request_id: int, step: RequestStep) -> None:
    """Say who deals with a request and what came of it; closing needs the result.

    Raises
    ------
    InputError
        Closed without a result, or a text that is too long.
    NotFoundError
        There is no such request within the scope.
    StaleError
        Somebody changed it meanwhile.
    """
    require(actor, Action.LOG_CONTACTS)
    with store.writing(actor, Action.LOG_CONTACTS) as writer:
        every = (one for rows in writer.requests().values() for one in rows)
        found = next((one for one in every if one.id == request_id), None)
        if found is None:
            msg = f"管理范围内没有编号为 {request_id} 的诉求"
            raise NotFoundError(msg)
        open_for_edit(writer, found.member_id)
        result = _checked_text(step.result, "办理结果")
        is_closed = step.status is RequestStatus.CLOSED
        if is_closed and not result:
            msg = "办结须写明结果，并告诉本人"
            raise InputError(msg)
        closed_on = (found.closed_on or writer.today) if is_closed else None
        handler = _checked_name(step.handler)
        changed = replace(found, status=step.status, handler=handler, result=result, closed_on=closed_on)
        writer.save_request(replace(changed, version=step.version))
        writer.say(f"诉求{step.status.label}", member_id=found.member_id, request=request_id)


def note_no_concerns(actor: Actor, store: Store, member_id: MemberId, day: date | None = None) -> None:
    """Keep that the member was asked and has nothing to raise.

    Raises
    ------
    InputError
        The day lies in the future.
    NotFoundError
        The member is not within the scope, or has no card.
    """
    require(actor, Action.LOG_CONTACTS)
    with store.writing(actor, Action.LOG_CONTACTS) as writer:
        open_for_edit(writer, member_id)
        card = writer.cards([member_id]).get(member_id)
        if card is None:
            msg = "该党员不在返迁过渡期，没有联系卡"
            raise NotFoundError(msg)
        asked_on = day or writer.today
        if asked_on > writer.today:
            msg = "日期不能晚于今天"
            raise InputError(msg)
        writer.save_card(replace(card, no_concerns_on=asked_on))
        writer.say("问过本人，暂无诉求", member_id=member_id)


def _checked_text(text: str, what: str) -> str:
    said = text.strip()
    if len(said) > LONGEST_TEXT:
        msg = f"{what}，不超过 {LONGEST_TEXT} 字，现在 {len(said)} 字"
        raise InputError(msg)
    return said


def _checked_name(name: str) -> str:
    if len(name) > LONGEST_NAME:
        msg = f"办理人姓名不超过 {LONGEST_NAME} 字"
        raise InputError(msg)
    return name.strip()
