"""`jiujin plan notices`: papers of a saved plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.kept import keep
from gis.cli.plan_cmd import plan_app
from gis.config import settings
from gis.model.access import Action, operator
from gis.model.ids import PlanId
from gis.model.papers import PaperFormat
from gis.services.exports import Kept
from gis.services.notices import NoticeKind, notice_file
from gis.services.plans import open_plan


def plan_notices(
    plan: Annotated[int, typer.Argument(help="方案编号，见 plan list")],
    kind: Annotated[list[NoticeKind] | None, typer.Option(help="哪一种，可多次；默认小组名册")] = None,
    form: Annotated[PaperFormat, typer.Option("--format", help="格式")] = PaperFormat.PDF,
    out: Annotated[Path, typer.Option(help="存到哪个目录")] = Path(),
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导出小组名册、编组通知、签到表和设立小组的报告；导出记入操作日志。"""
    with Reporting(as_json=as_json):
        store, files = open_store(db), []
        groups = open_plan(operator(), store, PlanId(plan)).plan.groups
        about = tuple(seat.member_id for group in groups for seat in group.seats)
        for one in kind or [NoticeKind.GROUP_LIST]:
            made = notice_file(operator(), store, PlanId(plan), one, form, font_dir=settings().font_dir)
            file = out / _file_name(made.name)
            keep(store, Kept(file, one.label, about, Action.PLAN_GROUPS), made.content)
            files.append(str(file))
        emit({"files": files}, as_json=as_json, text="\n".join(files))


def _file_name(name: str) -> str:
    """Keep a plan's name from leading out of the folder."""
    return "".join("-" if letter in '/\\:*?"<>|' or ord(letter) < ord(" ") else letter for letter in name)


def register(_app: typer.Typer) -> None:
    """Add `jiujin plan notices`."""
    plan_app.command("notices")(plan_notices)
