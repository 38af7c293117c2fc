"""`jiujin calendar`: the holiday table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError, system_reason
from gis.model.access import operator
from gis.model.meetings import Holiday
from gis.services.calendar import import_holidays, list_holidays, remove_holidays, save_holidays

if TYPE_CHECKING:
    from gis.services.calendar import CalendarChange

calendar_app = typer.Typer(help="放假与调休：固定学习日遇假期顺延、工作日计算都按这张表。", no_args_is_help=True)
WEEKDAYS = "一二三四五六日"


@calendar_app.command("list")
def list_days(
    year: Annotated[int | None, typer.Option(help="只列某一年")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出放假和调休上班的日子。"""
    with Reporting(as_json=as_json):
        days = list_holidays(operator(), open_store(db), year)
        emit(
            [{"day": one.day.isoformat(), "is_workday": one.is_workday, "name": one.name} for one in days],
            as_json=as_json,
            text="\n".join(_line(one) for one in days) or "还没有登记：用 calendar import-csv 导入当年的放假安排",
        )


@calendar_app.command("add")
def add_days(
    days: Annotated[list[str], typer.Argument(help="日期，例如 2026-10-01，可多个")],
    work: Annotated[bool, typer.Option("--work", help="调休上班；不写为放假")] = False,
    name: Annotated[str, typer.Option(help="名称，例如 国庆节")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记放假或调休上班的日子；已登记的按新的改。"""
    with Reporting(as_json=as_json):
        wanted = [Holiday(_day(text), work, name) for text in days]
        _tell(save_holidays(operator(), open_store(db), wanted), as_json=as_json)


@calendar_app.command("remove")
def remove_days(
    days: Annotated[list[str], typer.Argument(help="日期，可多个")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """删去登记错的日子。"""
    with Reporting(as_json=as_json):
        _tell(remove_holidays(operator(), open_store(db), [_day(text) for text in days]), as_json=as_json)


@calendar_app.command("import-csv")
def import_csv(
    file: Annotated[Path, typer.Argument(help="CSV：日期、到（可空）、安排（放假或上班）、名称")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导入一年的放假安排；有一行读不懂就整份不导入。"""
    with Reporting(as_json=as_json):
        try:
            content = file.read_bytes()
        except OSError as error:
            msg = f"文件读不了 {file}：{system_reason(error)}"
            raise InputError(msg) from error
        _tell(import_holidays(operator(), open_store(db), content, file.name), as_json=as_json)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"日期“{text}”：请填 年-月-日，例如 2026-10-01"
        raise InputError(msg) from error


def _line(one: Holiday) -> str:
    what = "上班" if one.is_workday else "放假"
    return f"{one.day.isoformat()} 星期{WEEKDAYS[one.day.weekday()]}  {what}  {one.name}".rstrip()


def _tell(done: CalendarChange, *, as_json: bool) -> None:
    document = {"new": done.new, "changed": done.changed, "removed": done.removed}
    emit(document, as_json=as_json, text=f"新增 {done.new} 天，更改 {done.changed} 天，删去 {done.removed} 天")


def register(app: typer.Typer) -> None:
    """Add `jiujin calendar`."""
    app.add_typer(calendar_app, name="calendar")
