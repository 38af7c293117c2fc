"""`jiujin lost`: 失联 step by step; to propose and to confirm take two accounts with their passwords."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.config import settings
from gis.errors import InputError, NotFoundError, SignInError
from gis.model.access import Actor, operator
from gis.model.ids import MemberId
from gis.model.rights import LostBasis, LostReason
from gis.services import accounts, lost_contact
from gis.store.database import Store

lost_app = typer.Typer(help="失联：查找、提出、第二人确认、结束；每一步留痕。", no_args_is_help=True)

AsOption = Annotated[str, typer.Option("--as", help="以哪个账号办理；会要求输入口令")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="从标准输入读一行口令")]
CaseArgument = Annotated[int, typer.Argument(help="记录编号，见 lost list")]


@contextmanager
def _acting_as(store: Store, username: str, *, from_stdin: bool) -> Iterator[Actor]:
    """Sign in as an account for one act: a name alone could be typed by anybody."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt(f"{username} 的口令", hide_input=True, err=True)
    token = accounts.sign_in(store, username, password, address="命令行")
    account = accounts.account_for_token(store, token, settings=settings())
    actor = accounts.actor_of(account)
    try:
        if account.must_change:
            msg = "请先登录网页修改初始口令"
            raise SignInError(msg)
        yield actor
    finally:
        accounts.sign_out(actor, store, token)


@lost_app.command("list")
def list_cases(
    closed: Annotated[bool, typer.Option("--closed", help="也列已结束的")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出失联记录：进展、日期依据、最后一次到会和联系上的日期、每一步由谁办理。"""
    with Reporting(as_json=as_json):
        found = lost_contact.list_lost(operator(), open_store(db), with_closed=closed)
        lines = [
            f"{one.case.id}\t{one.case.stage.label}\t{one.seen.name}（{one.seen.branch}）\t"
            f"{one.case.last_on.isoformat()} 起，依据{one.case.basis.label}"
            for one in found
        ]
        emit([_document(one) for one in found], as_json=as_json, text="\n".join(lines) or "没有在办的失联记录")


def _document(one: lost_contact.LostView) -> dict[str, object]:
    case, seen = one.case, one.seen
    return {
        "id": case.id,
        "member_id": case.member_id,
        "name": seen.name,
        "branch": seen.branch,
        "stage": case.stage.value,
        "last_on": case.last_on.isoformat(),
        "basis": case.basis.value,
        "reason_code": case.reason_code.value if case.reason_code else None,
        "tried": case.reason,
        "proposed_by": case.proposed_by,
        "confirmed_by": case.confirmed_by,
        "closed_on": _iso(case.closed_on),
        "close_reason": case.close_reason,
        "attended_on": _iso(seen.attended_on),
        "reached_on": _iso(seen.reached_on),
        "events": [
            {"stage": step.stage.value, "at": step.at.isoformat(), "by": step.by, "reason": step.reason}
            for step in case.events
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@lost_app.command("search")
def search(
    member: Annotated[int, typer.Argument(help="党员编号，见 members list")],
    last_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="失去联系日期")],
    tried: Annotated[str, typer.Option(help="已经怎样查找")],
    basis: Annotated[str, typer.Option(help="日期依据：attendance 或 dues")] = LostBasis.ATTENDANCE.value,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """开始查找一名党员。"""
    with Reporting(as_json=as_json):
        found = LostBasis.from_label(basis)
        if found is None:
            msg = f"日期依据请填 {'、'.join(one.value for one in LostBasis)}"
            raise InputError(msg)
        start = lost_contact.SearchStart(last_on.date(), found, tried)
        case = lost_contact.open_search(operator(), open_store(db), MemberId(member), start)
        emit({"id": case}, as_json=as_json, text=f"已开始查找，记录编号 {case}")


@lost_app.command("propose")
def propose(
    case: CaseArgument,
    code: Annotated[str, typer.Option(help="原因代码 1–7")],
    tried: Annotated[str, typer.Option(help="查找经过")],
    username: AsOption,
    password_stdin: StdinOption = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """查找无果，提出失联，等第二人确认。"""
    with Reporting(as_json=as_json):
        reason = LostReason.from_label(code)
        if reason is None:
            choices = "，".join(f"{one.value} {one.label}" for one in LostReason)
            msg = f"原因代码请填：{choices}"
            raise InputError(msg)
        store = open_store(db)
        with _acting_as(store, username, from_stdin=password_stdin) as actor:
            version = _version(actor, store, case)
            lost_contact.propose_lost(actor, store, case, version, lost_contact.Proposal(reason, tried))
        emit({"id": case, "stage": "proposed"}, as_json=as_json, text="已提出，请另一名有权限的人确认")


@lost_app.command("confirm")
def confirm(
    case: CaseArgument,
    username: AsOption,
    reason: Annotated[str, typer.Option(help="说明，可不填")] = "",
    password_stdin: StdinOption = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """由提出人以外的账号确认；不改变党籍和组织关系。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        with _acting_as(store, username, from_stdin=password_stdin) as actor:
            lost_contact.confirm_lost(actor, store, case, _version(actor, store, case), reason)
        emit({"id": case, "stage": "confirmed"}, as_json=as_json, text="已确认；党籍和组织关系不因此改变")


@lost_app.command("close")
def close(
    case: CaseArgument,
    reason: Annotated[str, typer.Option(help="怎样联系上的，或为何不予认定")],
    found: Annotated[bool, typer.Option("--found/--withdraw", help="已联系上，或不予认定")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """结束一条记录；经过保留。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        version = _version(operator(), store, case)
        lost_contact.close_lost(operator(), store, case, version, reason, is_found=found)
        stage = "found" if found else "withdrawn"
        emit({"id": case, "stage": stage}, as_json=as_json, text="已结束")


def _version(actor: Actor, store: Store, case_id: int) -> int:
    cases = lost_contact.list_lost(actor, store, with_closed=True)
    found = next((one.case.version for one in cases if one.case.id == case_id), None)
    if found is None:
        msg = f"没有编号 {case_id} 的失联记录，或不在管理范围内"
        raise NotFoundError(msg)
    return found


def register(app: typer.Typer) -> None:
    """Add `jiujin lost`."""
    app.add_typer(lost_app, name="lost")
