"""`jiujin visits record-book`, `visits report`, `visits ics`: what goes out of rounds of visits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.kept import keep
from gis.cli.org_days import need_day
from gis.model.access import Action, operator
from gis.model.ids import RoundId
from gis.services.exports import Kept, keep_file
from gis.services.surveys import org_named
from gis.services.visits.exports import RecordQuery, record_book
from gis.services.visits.ics import visits_ics
from gis.services.visits.report import round_names, round_report

if TYPE_CHECKING:
    from gis.services.visits.exports import VisitFile
    from gis.store.database import Store

Round = Annotated[int, typer.Argument(help="走访批次编号，见 visits list")]


def book(
    reason: Annotated[str, typer.Option(help="用途，例如“录入市平台”；记入操作日志")],
    since: Annotated[str, typer.Option("--from", help="从哪一天，例如 2026-08-01")],
    until: Annotated[str, typer.Option("--to", help="到哪一天")],
    branch: Annotated[str, typer.Option(help="支部或上级组织的名称；不写为全部")] = "",
    rooms: Annotated[bool, typer.Option("--rooms", help="居住地址写到室；不加则写到楼栋单元")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="存到哪个文件")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导出走访记录（Excel，每月一张表），版式与市平台录入的一致；导出记入操作日志。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        org_id = org_named(actor, store, branch) if branch else None
        query = RecordQuery(need_day(since, "起始日期"), need_day(until, "截止日期"), reason, org_id, with_rooms=rooms)
        made = record_book(actor, store, query)
        _emit(store, made, out, "走访记录", reason, as_json=as_json)


def report(
    number: Round,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="存到哪个文件")] = None,
    names: Annotated[bool, typer.Option("--names", help="改为导出留支部的名单，不是报告")] = False,
    reason: Annotated[str, typer.Option(help="导出名单的用途；记入操作日志")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导出一批走访的情况报告（Word）：只有数量，没有姓名；--names 另存名单。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        if names:
            made = round_names(actor, store, RoundId(number), reason)
        else:
            made = round_report(actor, store, RoundId(number))
        _emit(store, made, out, "走访名单" if names else "走访情况报告", reason, as_json=as_json)


def ics(
    number: Round,
    team: Annotated[int | None, typer.Option(min=1, help="第几组；不写为全部")] = None,
    address: Annotated[str, typer.Option(help="本系统的网址，写进说明；例如 https://jiujin.example")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="存到哪个文件")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导出走访日历（ICS）：每半天一项，不写党员姓名和住址。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        made = visits_ics(operator(), store, RoundId(number), team, address=address)
        file = out or Path(_file_name(made.name))
        keep_file(file, made.content)
        emit({"file": str(file), "events": made.content.count(b"BEGIN:VEVENT")}, as_json=as_json, text=str(file))


def _emit(store: Store, made: VisitFile, out: Path | None, kind: str, reason: str, *, as_json: bool) -> None:
    file = out or Path(_file_name(made.name))
    keep(store, Kept(file, kind, made.member_ids, Action.PLAN_VISITS, reason), made.content)
    document = {"file": str(file), "members": len(made.member_ids), "notes": list(made.notes)}
    emit(document, as_json=as_json, text="\n".join((str(file), *made.notes)))


def _file_name(name: str) -> str:
    """Keep the name of a round from leading out of the folder."""
    return "".join("-" if letter in '/\\:*?"<>|' or ord(letter) < ord(" ") else letter for letter in name)


def register(visits_app: typer.Typer) -> None:
    """Add the commands to `jiujin visits`."""
    visits_app.command("record-book")(book)
    visits_app.command("report")(report)
    visits_app.command("ics")(ics)
