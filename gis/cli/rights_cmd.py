"""`jiujin consent …` and `jiujin rights …`: what members agreed to, and what they ask for about the data on them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.kept import keep
from gis.config import settings
from gis.errors import InputError
from gis.model.access import Action, operator
from gis.model.ids import MemberId
from gis.model.papers import PaperFormat
from gis.model.rights import ConsentAnswer, ConsentMethod, ConsentScope, RightKind, RightStatus
from gis.services import consent, consent_notice, exports, member_copy, rights
from gis.services.accounts import SYSTEM, orgs_named

if TYPE_CHECKING:
    from gis.model.ids import OrgId
    from gis.store.database import Store

consent_app = typer.Typer(help="告知与同意：列出、登记、撤回、打印告知书。", no_args_is_help=True)
rights_app = typer.Typer(help="本人权利：登记请求、办理、出具信息副本、限制处理。", no_args_is_help=True)

MemberArgument = Annotated[int, typer.Argument(help="党员编号，见 members list")]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期，默认今天")]


@consent_app.command("list")
def list_consents(
    branch: Annotated[str, typer.Option(help="只列一个支部")] = "", db: DbOption = "", as_json: JsonOption = False
) -> None:
    """列出每名党员对各事项的意见。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        found = consent.list_consents(operator(), store, _branch(store, branch))
        rows = [
            {
                "member": one.member_id,
                "name": one.name,
                "branch": one.branch,
                "restricted": one.is_restricted,
                "answers": [
                    {
                        "scope": state.scope.value,
                        "answer": state.word,
                        "allowed": state.is_allowed,
                        "on": state.last.given_on.isoformat() if state.last else None,
                        "withdrawn_on": _day(state.last.withdrawn_on) if state.last else None,
                        "method": state.last.method.value if state.last else None,
                        "notice": state.last.notice_version if state.last else None,
                        "share_org": state.share_org or None,
                    }
                    for state in one.states
                ],
            }
            for one in found
        ]
        lines = [
            f"{one.member_id}\t{one.name}\t{one.branch}\t"
            + "，".join(f"{state.scope.label}{state.word}" for state in one.states if state.last is not None)
            for one in found
            if any(state.last is not None for state in one.states)
        ]
        emit(rows, as_json=as_json, text="\n".join(lines) or "还没有登记过告知与同意，用 consent set 登记")


@consent_app.command("set")
def set_consent(
    member: MemberArgument,
    scope: Annotated[ConsentScope, typer.Argument(help="事项")],
    answer: Annotated[ConsentAnswer, typer.Argument(help="given 同意，refused 不同意")],
    method: Annotated[ConsentMethod, typer.Option(help="方式")] = ConsentMethod.PAPER,
    witness: Annotated[str, typer.Option(help="见证人，口头表示必填")] = "",
    on: DayOption = None,
    org: Annotated[str, typer.Option(help="提供给哪个组织（只用于 share_with）")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记一名党员对一个事项的意见；不同意的立即生效。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        entry = consent.ConsentEntry(scope, answer, method, witness, on.date() if on else None, _org(store, org))
        outcome = consent.record_consent(operator(), store, MemberId(member), entry)
        emit({"member": member, "effects": list(outcome.effects)}, as_json=as_json, text="\n".join(outcome.effects))


@consent_app.command("withdraw")
def withdraw_consent(
    member: MemberArgument,
    scope: Annotated[ConsentScope, typer.Argument(help="事项")],
    org: Annotated[str, typer.Option(help="撤回提供给哪个组织（只用于 share_with）")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """撤回一项同意，效果与不同意相同。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        done = consent.withdraw_consent(operator(), store, MemberId(member), scope, share_org_id=_org(store, org))
        emit({"member": member, "effects": list(done.effects)}, as_json=as_json, text="\n".join(done.effects))


@consent_app.command("notice")
def notice(
    member: Annotated[int | None, typer.Option(help="写上这名党员的姓名")] = None,
    form: Annotated[PaperFormat, typer.Option("--format", help="格式")] = PaperFormat.DOCX,
    out: Annotated[Path | None, typer.Option(help="存到哪个目录，默认程序的导出目录")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """生成个人信息告知书，供当面说明和签字。"""
    with Reporting(as_json=as_json):
        if form is PaperFormat.XLSX:
            msg = "告知书只有 Word 和 PDF 两种格式"
            raise InputError(msg)
        store, who = open_store(db), MemberId(member) if member is not None else None
        made = consent_notice.notice_file(operator(), store, form, member_id=who, font_dir=settings().font_dir)
        ids = (who,) if who is not None else ()
        _emit_kept(store, made, out, exports.Kept(Path(), "告知书", ids, Action.MANAGE_CONSENT), as_json=as_json)


@rights_app.command("list")
def list_rights(
    open_only: Annotated[bool, typer.Option("--open", help="只列待办的")] = False,
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="按哪一天算期限")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出本人权利请求及期限。"""
    with Reporting(as_json=as_json):
        day = as_of.date() if as_of else None
        found = rights.list_requests(operator(), open_store(db), as_of=day, open_only=open_only)
        rows = [
            {
                "id": one.request.id,
                "member": one.request.member_id,
                "name": one.name,
                "branch": one.branch,
                "kind": one.request.kind.value,
                "detail": one.request.detail,
                "received_on": one.request.received_on.isoformat(),
                "due_on": one.request.due_on.isoformat(),
                "status": one.request.status.value,
                "handled_on": _day(one.request.handled_on),
                "answer": one.request.answer,
                "days_left": one.days_left,
                "overdue": one.is_overdue,
                "version": one.request.version,
            }
            for one in found
        ]
        lines = [
            f"{one.request.id}\t{one.name}\t{one.request.kind.label}\t{one.request.status.label}\t"
            f"{one.request.due_on}{'（已超期）' if one.is_overdue else ''}"
            for one in found
        ]
        emit(rows, as_json=as_json, text="\n".join(lines) or "没有本人权利请求，收到后用 rights add 登记")


@rights_app.command("add")
def add_right(
    member: MemberArgument,
    kind: Annotated[RightKind, typer.Argument(help="类别")],
    detail: Annotated[str, typer.Option(help="本人要求，不超过 200 字")] = "",
    received: DayOption = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记一件请求，按工作日算出应办结日期。"""
    with Reporting(as_json=as_json):
        entry = rights.RightEntry(kind, detail, received.date() if received else None)
        made = rights.open_request(operator(), open_store(db), MemberId(member), entry)
        document = {"id": made.id, "due_on": made.due_on.isoformat(), "version": made.version}
        emit(document, as_json=as_json, text=f"已登记，编号 {made.id}，请在 {made.due_on} 前办结")


@rights_app.command("answer")
def answer_right(
    request: Annotated[int, typer.Argument(help="请求编号，见 rights list")],
    status: Annotated[RightStatus, typer.Argument(help="done 已办结，declined 未予办理")],
    text: Annotated[str, typer.Option(help="答复，不超过 200 字")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """办结一件请求；限制处理、删除随即生效。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        found = {one.request.id: one.request.version for one in rights.list_requests(operator(), store)}
        answer = rights.RightAnswer(status, text, found.get(request, 0))
        done = rights.answer_request(operator(), store, request, answer)
        emit({"id": request, "done": list(done)}, as_json=as_json, text="\n".join(("已登记办理结果", *done)))


@rights_app.command("copy")
def copy_member(
    member: MemberArgument,
    form: Annotated[str, typer.Option("--format", help="docx 或 json")] = "docx",
    out: Annotated[Path | None, typer.Option(help="存到哪个目录，默认程序的导出目录")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """出具本人信息副本；加 --json 时直接打印，不存文件。"""
    with Reporting(as_json=as_json):
        if form not in ("docx", "json"):
            msg = "副本的格式请填 docx 或 json"
            raise InputError(msg)
        store = open_store(db)
        document = member_copy.member_copy(operator(), store, MemberId(member))
        if as_json:
            emit(document, as_json=True, text="")
            return
        text = json.dumps(document, ensure_ascii=False, indent=2).encode()
        name = f"本人信息副本-{document['name']}.json"
        paper = member_copy.copy_docx(document, store.clock())
        made = consent_notice.PaperFile(name, text) if form == "json" else paper
        kept = exports.Kept(Path(), "本人信息副本", (MemberId(member),), Action.HANDLE_RIGHTS)
        _emit_kept(store, made, out, kept, as_json=False)


@rights_app.command("restrict")
def restrict(
    member: MemberArgument,
    lift: Annotated[bool, typer.Option("--lift", help="解除限制")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """限制处理一名党员的信息：不列入名单、方案和导出。"""
    with Reporting(as_json=as_json):
        rights.set_restriction(operator(), open_store(db), MemberId(member), is_restricted=not lift)
        text = "已解除限制处理" if lift else "已限制处理：不列入名单、方案和导出"
        emit({"member": member, "restricted": not lift}, as_json=as_json, text=text)


def _emit_kept(
    store: Store, made: consent_notice.PaperFile, out: Path | None, kept: exports.Kept, *, as_json: bool
) -> None:
    home = settings().home
    file = (out or exports.exports_folder(home)) / "".join("-" if one in '/\\:*?"<>|' else one for one in made.name)
    noted = keep(store, replace(kept, path=file), made.content)
    until = f"\n已登记，{exports.KEEP_DAYS} 天后由到期清理删除" if noted else ""
    emit({"file": str(file), "recorded": noted}, as_json=as_json, text=f"{file}{until}")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _branch(store: Store, name: str) -> tuple[OrgId, ...] | None:
    return orgs_named(SYSTEM, store, [name]) if name else None


def _org(store: Store, name: str) -> OrgId | None:
    return orgs_named(SYSTEM, store, [name])[0] if name else None


def register(app: typer.Typer) -> None:
    """Add `jiujin consent` and `jiujin rights`."""
    app.add_typer(consent_app, name="consent")
    app.add_typer(rights_app, name="rights")
