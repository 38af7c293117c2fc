"""`jiujin sessions`: the register of organisational life."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store, say
from gis.cli.dual_cmd import read_day
from gis.cli.session_texts import (
    days_document,
    days_text,
    line_document,
    line_text,
    sheet_document,
    sheet_text,
)
from gis.config import settings
from gis.errors import InputError, system_reason
from gis.model.access import operator
from gis.model.enums import Labelled
from gis.model.ids import GroupId, HostId, MemberId, OrgId, SessionId, VenueId
from gis.model.meetings import AffairType, AttendanceState, SessionFormat, SessionKind, SessionMode
from gis.model.papers import PaperFormat
from gis.services.dual import org_named
from gis.services.fixed_days import MONTHS, FixedDaysRequest, plan_fixed_days, propose_fixed_days
from gis.services.session_ics import sessions_ics
from gis.services.session_papers import SessionPaper, session_paper
from gis.services.session_views import SessionQuery, list_sessions, open_session
from gis.services.sessions import (
    SessionPlan,
    SessionRecord,
    cancel_session,
    invite_session,
    plan_session,
    record_session,
)

sessions_app = typer.Typer(help="组织生活：计划、通知、登记、固定日、日历。", no_args_is_help=True)
Org = Annotated[list[str] | None, typer.Option("--org", help="组织名称或编码，可多次；不填为全部")]
Since = Annotated[str, typer.Option(help="从哪一天")]
Until = Annotated[str, typer.Option(help="到哪一天")]
NOTHING = "还没有：用 sessions plan 计划一次，或用 sessions calendar 排固定日"
KindT = TypeVar("KindT", bound=Labelled)
Number = Annotated[int, typer.Argument(help="编号，见 sessions list")]


def _code(kind: type[KindT], text: str, what: str) -> KindT:
    found = kind.from_label(text)
    if found is None:
        msg = f"{what}没有“{text}”，可选：{'、'.join(kind.labels())}"
        raise InputError(msg)
    return found


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        msg = f"时间“{text}”：请填 年-月-日 时:分，例如 2026-03-05 14:00"
        raise InputError(msg) from error


@sessions_app.command("list")
def list_command(
    org: Org = None,
    since: Since = "",
    until: Until = "",
    cancelled: Annotated[bool, typer.Option("--cancelled", help="也列已取消的")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出组织生活，按时间先后。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        orgs = [org_named(actor, store, name) for name in org] if org else None
        query = SessionQuery(orgs, read_day(since), read_day(until), with_cancelled=cancelled)
        lines = list_sessions(actor, store, query)
        text = (
            "\n".join(line_text(line) for line in lines)
            or "还没有：用 sessions plan 计划一次，或 sessions calendar 排固定日"
        )
        emit([line_document(line) for line in lines], as_json=as_json, text=text)


@sessions_app.command("show")
def show(session: Number, db: DbOption = "", as_json: JsonOption = False) -> None:
    """打开一次组织生活：通知名单、到会情况、记录。"""
    with Reporting(as_json=as_json):
        sheet = open_session(operator(), open_store(db), SessionId(session))
        emit(sheet_document(sheet), as_json=as_json, text=sheet_text(sheet))


@sessions_app.command("plan")
def plan(  # one option for each field of a plan
    org: Annotated[str, typer.Option(help="召集的组织，名称或编码")],
    kind: Annotated[str, typer.Option(help="类别：" + "、".join(SessionKind.labels()))],
    at: Annotated[str, typer.Option(help="时间，例如 '2026-03-05 14:00'")],
    theme: Annotated[str, typer.Option(help="主题")],
    affair: Annotated[str, typer.Option(help="事务：" + "、".join(AffairType.labels()))] = AffairType.DAILY_STUDY.label,
    form: Annotated[str, typer.Option("--format", help="形式：" + "、".join(SessionFormat.labels()))] = "",
    mode: Annotated[str, typer.Option(help="方式：" + "、".join(SessionMode.labels()))] = SessionMode.ONSITE.label,
    detail: Annotated[str, typer.Option("--plan", help="计划安排")] = "",
    responsible: Annotated[str, typer.Option(help="责任人")] = "",
    group: Annotated[int | None, typer.Option(help="党小组会的小组编号")] = None,
    venue: Annotated[int | None, typer.Option(help="场所编号")] = None,
    host: Annotated[int | None, typer.Option(help="党员中心户编号")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """计划一次组织生活，并按事务类型从正确的一侧生成通知名单。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        wanted = SessionPlan(
            org_id=org_named(actor, store, org),
            kind=_code(SessionKind, kind, "类别"),
            affair=_code(AffairType, affair, "事务"),
            planned_at=_time(at),
            theme=theme,
            plan=detail,
            format=_code(SessionFormat, form, "形式") if form else None,
            mode=_code(SessionMode, mode, "方式"),
            group_id=GroupId(group) if group else None,
            venue_id=VenueId(venue) if venue else None,
            host_id=HostId(host) if host else None,
            responsible=responsible,
        )
        sheet = open_session(actor, store, plan_session(actor, store, wanted))
        emit(sheet_document(sheet), as_json=as_json, text=sheet_text(sheet))


@sessions_app.command("invite")
def invite(session: Number, db: DbOption = "", as_json: JsonOption = False) -> None:
    """按现在的组织关系、住处和学习方式更新通知名单。"""
    with Reporting(as_json=as_json):
        done = invite_session(operator(), open_store(db), SessionId(session))
        document = {"invited": done.invited, "added": done.added, "removed": done.removed}
        emit(document, as_json=as_json, text=f"通知 {done.invited} 人，新增 {done.added} 人，减少 {done.removed} 人")


@sessions_app.command("record")
def record(  # one option for each state
    session: Number,
    held_on: Annotated[str, typer.Option(help="召开日期")],
    text: Annotated[str, typer.Option("--record", help="记录")] = "",
    attended: Annotated[list[int] | None, typer.Option(help="到会党员的编号，可多次")] = None,
    excused: Annotated[list[int] | None, typer.Option(help="请假")] = None,
    absent: Annotated[list[int] | None, typer.Option(help="缺席")] = None,
    served_later: Annotated[list[int] | None, typer.Option(help="会后补学")] = None,
    rest: Annotated[str, typer.Option(help="其余还没登记的人算：到会、请假、缺席；不填为不登记")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记召开：日期、到会情况、记录。可以再登记，例如补学。"""
    with Reporting(as_json=as_json):
        store, actor, number = open_store(db), operator(), SessionId(session)
        day = read_day(held_on)
        if day is None:
            msg = "请用 --held-on 写明召开日期"
            raise InputError(msg)
        named = {
            AttendanceState.ATTENDED: attended,
            AttendanceState.EXCUSED: excused,
            AttendanceState.ABSENT: absent,
            AttendanceState.SERVED_LATER: served_later,
        }
        states = {MemberId(one): state for state, numbers in named.items() for one in numbers or ()}
        sheet = open_session(actor, store, number)
        if rest:
            other = _code(AttendanceState, rest, "--rest")
            waiting = [one.member_id for one in sheet.attendees if one.state is AttendanceState.INVITED]
            states = {**dict.fromkeys(waiting, other), **states}
        kept = text or sheet.line.session.record
        record_session(actor, store, number, SessionRecord(day, kept, states))
        sheet = open_session(actor, store, number)
        emit(sheet_document(sheet), as_json=as_json, text=line_text(sheet.line))


@sessions_app.command("cancel")
def cancel(session: Number, db: DbOption = "", as_json: JsonOption = False) -> None:
    """取消一次还没有召开的组织生活；登记里仍留有这一次。"""
    with Reporting(as_json=as_json):
        cancel_session(operator(), open_store(db), SessionId(session))
        emit({"cancelled": session}, as_json=as_json, text="已取消")


@sessions_app.command("calendar")
def calendar(  # one option for each part of the request
    year: Annotated[int, typer.Option(help="哪一年")],
    org: Annotated[list[str], typer.Option("--org", help="组织名称或编码，可多次")],
    month: Annotated[list[int] | None, typer.Option(help="月份，可多次；不填为全年")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="学习日或服务日，可多次；不填为学习日")] = None,
    responsible: Annotated[str, typer.Option(help="责任人")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="存为计划；不加只看")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """按设置的固定日排全年学习日、服务日，遇放假按设置调整；已有的不重复。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        kinds = [_code(SessionKind, one, "--kind") for one in kind or [SessionKind.STUDY_DAY.label]]
        orgs: list[OrgId] = [org_named(actor, store, name) for name in org]
        request = FixedDaysRequest(tuple(orgs), year, tuple(month or MONTHS), tuple(kinds), responsible)
        found = (plan_fixed_days if apply else propose_fixed_days)(actor, store, request)
        for unknown in found.years_unknown:
            say(f"{unknown} 年的放假安排还没有登记，只按周末推算；公布后用 calendar import-csv 导入再排")
        emit({**days_document(found), "applied": apply}, as_json=as_json, text=days_text(found))


@sessions_app.command("ics")
def ics(
    out: Annotated[Path, typer.Option(help="存到哪个文件")] = Path("组织生活.ics"),
    org: Org = None,
    since: Since = "",
    until: Until = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导出日历文件（ICS），手机和电脑的日历都能打开；不含个人姓名和住址。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        orgs = [org_named(actor, store, name) for name in org] if org else None
        query = SessionQuery(orgs, read_day(since), read_day(until), with_cancelled=True)
        content = sessions_ics(actor, store, query)
        _write(out, content)
        emit({"file": str(out), "sessions": content.count(b"BEGIN:VEVENT")}, as_json=as_json, text=str(out))


@sessions_app.command("paper")
def paper(
    session: Number,
    kind: Annotated[SessionPaper, typer.Option(help="通知名单或签到表")] = SessionPaper.SIGN_IN,
    form: Annotated[PaperFormat, typer.Option("--format", help="格式")] = PaperFormat.PDF,
    out: Annotated[Path, typer.Option(help="存到哪个目录")] = Path(),
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """打印通知名单或签到表；导出记入操作日志。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        made = session_paper(operator(), store, SessionId(session), kind, form, font_dir=settings().font_dir)
        file = out / "".join("-" if letter in '/\\:*?"<>|' or letter < " " else letter for letter in made.name)
        _write(file, made.content)
        emit({"file": str(file)}, as_json=as_json, text=str(file))


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        msg = f"文件写不到 {file}：{system_reason(error)}"
        raise InputError(msg) from error


def register(app: typer.Typer) -> None:
    """Add `jiujin sessions`."""
    app.add_typer(sessions_app, name="sessions")
