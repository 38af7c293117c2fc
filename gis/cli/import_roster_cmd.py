"""`jiujin import roster | folder`."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import EXIT_FAULT, DbOption, JsonOption, Reporting, emit, fault_rows, open_store, say
from gis.cli.import_cmd import import_app
from gis.model.access import operator
from gis.model.ids import MemberId
from gis.model.imports import Decision
from gis.services.import_folder import FolderRequest, apply_folder, dry_run_folder
from gis.services.import_roster import RosterRequest, apply_roster, dry_run_roster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.services.import_folder import FileOutcome, FolderReport
    from gis.services.import_roster import MergeCase, RosterReport

MAX_LINES = 50


@import_app.command("roster")
def import_roster(
    file: Annotated[Path, typer.Argument(help="花名册：xlsx、xls 或 csv")],
    sheet: Annotated[str, typer.Option(help="工作表名称；不填则读取所有花名册工作表")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="写入数据库；不加只检查")] = False,
    faults: Annotated[Path | None, typer.Option(help="把标注了问题的副本写到这个 xlsx")] = None,
    same: Annotated[
        list[str] | None, typer.Option(help="认定一行是已有党员：行号=党员编号，或 工作表:行号=编号")
    ] = None,
    new: Annotated[list[str] | None, typer.Option(help="认定一行是新的人：行号，或 工作表:行号")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导入党员花名册：先检查并列出全部问题，加 --apply 才写入。"""
    with Reporting(as_json=as_json):
        run = apply_roster if apply else dry_run_roster
        request = RosterRequest(file, sheet, faults, decisions=_decisions(same or (), new or ()))
        report = run(operator(), open_store(db), request)
        emit(roster_document(report), as_json=as_json, text=_roster_text(report))


def _decisions(same: Sequence[str], new: Sequence[str]) -> tuple[Decision, ...]:
    found = []
    for text, pattern in (
        *((text, r"(?:(.+)[:：])?(\d+)=(\d+)") for text in same),
        *((text, r"(?:(.+)[:：])?(\d+)()") for text in new),
    ):
        match = re.fullmatch(pattern, text.strip())
        if match is None:
            msg = f"“{text}”：--same 请写 行号=党员编号，例如 5=12；--new 请写 行号"
            raise typer.BadParameter(msg)
        sheet, row, member = match.groups()
        found.append(Decision(sheet or "", int(row), MemberId(int(member)) if member else None))
    return tuple(found)


@import_app.command("folder")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="文件夹：区划、组织、小区、网格、楼栋、道路、场所、花名册、中心户")],
    crs: Annotated[str, typer.Option(help="文件自身没有写明坐标系时使用，例如 EPSG:4490、gcj02")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="写入数据库；不加只检查")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """按正确顺序导入一个文件夹里的全部文件。"""
    with Reporting(as_json=as_json):
        run = apply_folder if apply else dry_run_folder
        report = run(operator(), open_store(db), FolderRequest(folder, crs))
        for outcome in report.files:
            if outcome.error:
                say(f"{outcome.file}：{outcome.error}")
        emit(folder_document(report), as_json=as_json, text=_folder_text(report))
        if not report.is_complete:
            raise typer.Exit(EXIT_FAULT)


def roster_document(report: RosterReport) -> dict[str, object]:
    """Return the report as it stands in JSON (docs/guide/rosters.md); people are named by row, never by name."""
    return {
        "file": report.file,
        "kind": "roster",
        "layouts": list(report.layouts),
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "missing": report.missing,
        "applied": report.applied,
        "faults": fault_rows(report.faults),
        "merges": [
            {"sheet": m.sheet, "row": m.row, "branch": m.branch, "reason": m.reason, "candidates": list(m.candidates)}
            for m in report.merges
        ],
        "notes": list(report.notes),
        "located": asdict(report.located),
    }


def folder_document(report: FolderReport) -> dict[str, object]:
    """Return the report as it stands in JSON (docs/guide/rosters.md)."""
    return {"files": [_file_document(outcome) for outcome in report.files], "located": asdict(report.located)}


def _file_document(outcome: FileOutcome) -> dict[str, object]:
    document: dict[str, object] = {
        "file": outcome.file,
        "kind": outcome.kind,
        "rows": outcome.rows,
        "new": outcome.new,
        "changed": outcome.changed,
        "missing": outcome.missing,
        "applied": outcome.applied,
        "faults": fault_rows(outcome.faults),
        "notes": list(outcome.notes),
    }
    if outcome.part:
        document["sheet"] = outcome.part
    if outcome.merges:
        document["merges"] = [{"sheet": m.sheet, "row": m.row, "reason": m.reason} for m in outcome.merges]
    return document | ({"error": outcome.error} if outcome.error else {})


def _roster_text(report: RosterReport) -> str:
    done = "已导入" if report.applied else "检查完毕（未写入，加 --apply 导入）"
    found = report.located
    people = f"新增 {report.new} 人，变化 {report.changed} 人，未变 {report.unchanged} 人，缺少 {report.missing} 人"
    lines = [
        f"{report.file} {done}：{report.rows} 行，{people}",
        f"住址：定位到楼栋 {found.exact}，到小区 {found.estate}，待核定 {found.queue}，辖区外 {found.outside}",
        *report.notes,
        *(f"  {fault}" for fault in report.faults[:MAX_LINES]),
        *(f"  {_merge_line(m)}" for m in report.merges[:MAX_LINES]),
    ]
    return "\n".join(lines)


def _merge_line(case: MergeCase) -> str:
    ids = "、".join(str(number) for number in case.candidates)
    who = f"；可能是党员 {ids}，用 --same {case.row}=编号 认定" if ids else ""
    return f"{case.sheet} 第 {case.row} 行 {case.name}：{case.reason}{who}；是新的人用 --new {case.row}"


def _folder_text(report: FolderReport) -> str:
    found = report.located
    lines = []
    for one in report.files:
        if one.kind is None:
            lines.append(f"{one.file}：{one.error or '未读取'}")
            continue
        done = one.error or ("已导入" if one.applied else "检查完毕")
        lines.append(f"{one.file}（{one.kind}）{done}：{one.rows} 行，新增 {one.new}，变化 {one.changed}")
        lines.extend(f"  {fault}" for fault in one.faults[:MAX_LINES])
    lines.append(f"住址：定位到楼栋 {found.exact}，到小区 {found.estate}，待核定 {found.queue}，辖区外 {found.outside}")
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Register nothing of its own: the commands above belong to `jiujin import`."""
    del app
