"""`jiujin plan groups | visits | check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli import plan_groups_cmd, plan_visits_cmd
from gis.cli.common import EXIT_FAULT, DbOption, JsonOption, Reporting, emit, open_store, say
from gis.errors import InputError, system_reason
from gis.model.access import operator
from gis.services.plan_check import check_plan
from gis.services.plan_check_deep import check_costs
from gis.services.plan_reading import changed_settings
from gis.services.visits.check import check_visits, is_visit_document

if TYPE_CHECKING:
    pass

plan_app = typer.Typer(help="测算：就近编组，核对方案。", no_args_is_help=True)


@plan_app.command("check")
def plan_check(
    plan: Annotated[Path, typer.Argument(help="plan groups 写出的方案，或 plan visits 写出的安排")],
    deep: Annotated[bool, typer.Option("--deep", help="另把其他地点的代价逐一重新求解")] = False,  # a flag
    seconds: Annotated[float, typer.Option(help="--deep 最多计算几秒", min=0.0)] = 120.0,
    db: DbOption = "",
    as_json: JsonOption = False,  # a flag
) -> None:
    """从数据库逐条核对编组方案或上门送学安排；有违规时说明并以 1 退出。"""
    with Reporting(as_json=as_json):
        try:
            document = json.loads(plan.read_text(encoding="utf-8"))
        except OSError as error:
            msg = f"方案读不到：{plan}（{system_reason(error)}）"
            raise InputError(msg) from error
        except ValueError as error:
            msg = f"{plan.name} 不是方案文件：不是有效的 JSON"
            raise InputError(msg) from error
        store = open_store(db)
        is_visits = is_visit_document(document)
        check = check_visits if is_visits else check_plan
        violations = check(operator(), store, document)
        if deep and not is_visits:
            wrong, unchecked = check_costs(operator(), store, document, seconds=seconds)
            violations += wrong
            if unchecked:
                say(f"有 {unchecked} 处代价没有在 {seconds:g} 秒内重新算完")
        rows = [{"rule": one.rule, "where": one.where, "message": one.message} for one in violations]
        changed = {} if is_visits else changed_settings(document)
        lines = [f"{one.rule} {one.where}：{one.message}" for one in violations]
        if changed:
            say("方案所用的设置与默认不同：" + "，".join(f"{name}={value:g}" for name, value in changed.items()))
        emit(
            {"violations": rows, "changed_settings": changed},
            as_json=as_json,
            text="\n".join(lines) or "核对通过，没有违规",
        )
        if violations:
            raise typer.Exit(EXIT_FAULT)


def register(app: typer.Typer) -> None:
    """Add `jiujin plan`."""
    plan_groups_cmd.register(plan_app)
    plan_visits_cmd.register(plan_app)
    app.add_typer(plan_app, name="plan")
