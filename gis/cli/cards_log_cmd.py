"""`jiujin cards contact | request | requests | person`: contacts, requests, and who is responsible for a member."""

from __future__ import annotations

from typing import Annotated

import typer

from gis.cli.cards_cmd import DayOption, MemberArgument, cards_app, chosen, day_of
from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError, NotFoundError
from gis.model.access import operator
from gis.model.contact import ContactChannel, ContactEntry, ContactSide, RequestCategory, RequestStatus
from gis.model.ids import MemberId
from gis.services.cards import open_card
from gis.services.contacts import NewContactPerson, end_contact_person, log_contact, name_contact_person
from gis.services.grouping import branches_named
from gis.services.requests import (
    NewRequest,
    RequestStep,
    handle_request,
    list_requests,
    note_no_concerns,
    raise_request,
)


@cards_app.command("contact")
def card_contact(
    member: MemberArgument,
    by: Annotated[str, typer.Option(help="联系人姓名")],
    channel: Annotated[
        str, typer.Option(help="方式：" + "、".join(ContactChannel.labels()))
    ] = ContactChannel.PHONE.label,
    on: DayOption = "",
    reached: Annotated[bool, typer.Option("--reached/--not-reached", help="是否联系上")] = True,
    next_on: Annotated[str, typer.Option(help="下次联系日期，年-月-日")] = "",
    note: Annotated[str, typer.Option(help="备注，只记事情，不作评价，不超过 100 字")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记一次联系。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        entry = ContactEntry(
            on_day=day_of(on, "--on") or store.today(),
            channel=chosen(ContactChannel, channel, "--channel"),
            by_name=by,
            is_reached=reached,
            next_on=day_of(next_on, "--next-on"),
            note=note,
        )
        log_contact(operator(), store, MemberId(member), entry)
        document = {"member": member, "on": entry.on_day.isoformat(), "channel": entry.channel.value}
        emit({**document, "reached": reached}, as_json=as_json, text="已登记")


@cards_app.command("request")
def card_request(
    member: MemberArgument,
    text: Annotated[str, typer.Option(help="本人提出了什么，一句话，不超过 200 字")] = "",
    category: Annotated[
        str, typer.Option(help="类别：" + "、".join(RequestCategory.labels()))
    ] = RequestCategory.OTHER.label,
    handler: Annotated[str, typer.Option(help="办理人")] = "",
    on: DayOption = "",
    none: Annotated[bool, typer.Option("--none", help="问过本人，暂无诉求")] = False,
    handle: Annotated[int | None, typer.Option(help="办理已登记的诉求：填诉求编号")] = None,
    status: Annotated[str, typer.Option(help="状态：" + "、".join(RequestStatus.labels()))] = RequestStatus.DOING.label,
    result: Annotated[str, typer.Option(help="办理结果，办结时必填")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记或办理本人提出的诉求与关切；--none 记下问过本人、暂无诉求。"""
    with Reporting(as_json=as_json):
        store, actor, day = open_store(db), operator(), day_of(on, "--on")
        if none:
            note_no_concerns(actor, store, MemberId(member), day)
            emit({"member": member, "none": True}, as_json=as_json, text="已登记：问过本人，暂无诉求")
            return
        if handle is None:
            wanted = NewRequest(chosen(RequestCategory, category, "--category"), text, handler, day)
            number = raise_request(actor, store, MemberId(member), wanted)
            emit({"member": member, "request": number}, as_json=as_json, text=f"已登记，诉求编号 {number}")
            return
        found = next((one for one in open_card(actor, store, MemberId(member)).requests if one.id == handle), None)
        if found is None:
            msg = f"该党员没有编号为 {handle} 的诉求"
            raise NotFoundError(msg)
        step = RequestStep(
            chosen(RequestStatus, status, "--status"), handler or found.handler, result or found.result, found.version
        )
        handle_request(actor, store, handle, step)
        emit({"member": member, "request": handle, "status": step.status.value}, as_json=as_json, text="已登记")


@cards_app.command("requests")
def card_requests(
    closed: Annotated[bool, typer.Option("--closed", help="含已办结的")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出待办的诉求，提出最早的在前。"""
    with Reporting(as_json=as_json):
        found = list_requests(operator(), open_store(db), with_closed=closed)
        rows = [
            {
                "request": one.request.id,
                "member": one.request.member_id,
                "name": one.name,
                "branch": one.branch,
                "category": one.request.category.value,
                "text": one.request.text,
                "raised_on": one.request.raised_on.isoformat(),
                "handler": one.request.handler,
                "status": one.request.status.value,
            }
            for one in found
        ]
        lines = [
            f"{one.request.id}\t{one.request.raised_on.isoformat()}\t{one.name}\t{one.request.category.label}\t"
            f"{one.request.text}\t{one.request.status.label}"
            for one in found
        ]
        emit(rows, as_json=as_json, text="\n".join(lines) or "没有待办的诉求")


@cards_app.command("person")
def card_person(
    member: MemberArgument,
    side: Annotated[str, typer.Option(help="哪一侧：" + "、".join(ContactSide.labels()))],
    name: Annotated[str, typer.Option(help="联系人姓名")] = "",
    phone: Annotated[str, typer.Option(help="联系人电话")] = "",
    person: Annotated[int | None, typer.Option(help="联系人也是在册党员时，其党员编号")] = None,
    branch: Annotated[str, typer.Option(help="联系人所在支部")] = "",
    since: Annotated[str, typer.Option(help="起始日期，年-月-日；不填为今天")] = "",
    end: Annotated[bool, typer.Option("--end", help="停止现在的联系人")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """双联双管：确定或更换一侧的联系人，原来的留在历史里。"""
    with Reporting(as_json=as_json):
        store, actor, wanted = open_store(db), operator(), chosen(ContactSide, side, "--side")
        if end:
            end_contact_person(actor, store, MemberId(member), wanted)
        elif not name and person is None:
            msg = "写明联系人：--name 姓名，或 --person 党员编号"
            raise InputError(msg)
        else:
            new = NewContactPerson(
                side=wanted,
                name=name,
                phone=phone,
                org_id=branches_named(actor, store, [branch])[0] if branch else None,
                person_member_id=MemberId(person) if person is not None else None,
                valid_from=day_of(since, "--since"),
            )
            name_contact_person(actor, store, MemberId(member), new)
        emit({"member": member, "side": wanted.value, "ended": end}, as_json=as_json, text="已登记")


def register(_app: typer.Typer) -> None:
    """Add nothing more: importing this module has put the commands into `jiujin cards`."""
