"""`jiujin visits sheet | sheets | return | void`: the sheets that teams carry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store, say
from gis.cli.kept import keep
from gis.config import settings
from gis.errors import InputError, NotFoundError
from gis.model.access import Action, operator
from gis.model.ids import RoundId, TeamId
from gis.model.visits import SheetKind
from gis.services.exports import Kept
from gis.services.visits.sheets import (
    SheetLine,
    SheetRequest,
    SheetStanding,
    list_sheets,
    make_sheet,
    return_sheet,
    void_sheet,
)
from gis.services.visits.views import open_round

Round = Annotated[int, typer.Argument(help="走访批次编号，见 visits list")]
Number = Annotated[str, typer.Argument(help="走访单单号，在单子的右上角或页脚，例如 SX20261120-3-2-1")]
KINDS = {".pdf": SheetKind.PAPER, ".html": SheetKind.OFFLINE, ".htm": SheetKind.OFFLINE}


def sheet(
    number: Round,
    team: Annotated[int, typer.Option("--team", help="第几组", min=1)],
    out: Annotated[Path, typer.Option("--out", "-o", help="存到哪个文件：.pdf 为纸质单，.html 为手机离线单")],
    holder: Annotated[str, typer.Option("--holder", help="由谁拿着这张走访单")],
    address: Annotated[
        str, typer.Option("--address", help="系统地址，印成二维码，例如 http://10.0.0.8:8501；不填则不印二维码")
    ] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """打印一个走访小组的走访单（PDF），或生成不联网也能用的手机离线单（HTML）；每打印一次是一个新单号。"""
    with Reporting(as_json=as_json):
        kind = KINDS.get(out.suffix.lower())
        if kind is None:
            msg = f"文件名 {out.name} 要以 .pdf（纸质单）或 .html（手机离线单）结尾"
            raise InputError(msg)
        store, actor = open_store(db), operator()
        view = open_round(actor, store, RoundId(number))
        found = next((one.team.id for one in view.teams if one.team.number == team), None)
        if found is None:
            listed = "、".join(str(one.team.number) for one in view.teams) or "无"
            msg = f"批次 {number} 没有第 {team} 组，现有：{listed}"
            raise NotFoundError(msg)
        request = SheetRequest(TeamId(found), holder, kind, address, settings().font_dir)
        made = make_sheet(actor, store, request)
        kept = Kept(out, f"走访单（{kind.label}）", made.member_ids, Action.MAKE_VISITS, f"{holder}走访")
        is_recorded = keep(store, kept, made.content)
        older = [one.number for one in made.still_out]
        if older:
            say(f"这一组还有 {len(older)} 张走访单没有交回：{'、'.join(older)}；不用的请作废（visits void）")
        document = {
            "number": made.number,
            "kind": kind.value,
            "file": str(out),
            "bytes": len(made.content),
            "members": len(made.member_ids),
            "recorded": is_recorded,
            "still_out": older,
        }
        emit(document, as_json=as_json, text=f"走访单 {made.number} 已存为 {out}，共 {len(made.member_ids)} 人")


def sheets(number: Round, db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出一批走访的全部走访单：谁拿着、用到哪天、是否交回。"""
    with Reporting(as_json=as_json):
        lines = list_sheets(operator(), open_store(db), RoundId(number))
        text = "\n".join(map(_text, lines)) or "这一批还没有打印过走访单：用 visits sheet 打印"
        emit({"sheets": [_document(line) for line in lines]}, as_json=as_json, text=text)


def give_back(number: Number, db: DbOption = "", as_json: JsonOption = False) -> None:
    """登记一张走访单已交回。"""
    with Reporting(as_json=as_json):
        line = return_sheet(operator(), open_store(db), number)
        emit(_document(line), as_json=as_json, text=f"走访单 {line.sheet.number} 已登记交回")


def void(number: Number, db: DbOption = "", as_json: JsonOption = False) -> None:
    """作废一张走访单：遗失或换了新单时用，扫它的二维码不再能登记。"""
    with Reporting(as_json=as_json):
        line = void_sheet(operator(), open_store(db), number)
        emit(_document(line), as_json=as_json, text=f"走访单 {line.sheet.number} 已作废")


def _document(line: SheetLine) -> dict[str, object]:
    one = line.sheet
    return {
        "number": one.number,
        "team": line.team_number,
        "visitors": list(line.visitors),
        "kind": one.kind.value,
        "holder": one.holder,
        "issued_at": one.issued_at.isoformat(),
        "expires_on": one.expires_on.isoformat(),
        "returned_on": one.returned_on.isoformat() if one.returned_on else None,
        "voided_on": one.voided_on.isoformat() if one.voided_on else None,
        "standing": line.standing.value,
    }


def _text(line: SheetLine) -> str:
    one = line.sheet
    ended = one.voided_on if line.standing is SheetStanding.VOIDED else one.returned_on
    said = f"{line.standing.label} {ended.isoformat()}" if ended else f"{line.standing.label}，用到 {one.expires_on}"
    return f"第 {line.team_number} 组　{one.number}　{one.kind.label}　{one.holder}　{said}"


def register(app: typer.Typer) -> None:
    """Add the commands to `jiujin visits`."""
    app.command("sheet")(sheet)
    app.command("sheets")(sheets)
    app.command("return")(give_back)
    app.command("void")(void)
