"""`jiujin plan groups | check`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import EXIT_FAULT, DbOption, JsonOption, Reporting, emit, open_store, say
from gis.config import settings
from gis.errors import InputError
from gis.model.access import operator
from gis.model.plan import GroupingRequest, GroupingSettings
from gis.services.adopting import adopt_groups
from gis.services.grouping import branches_named, propose_groups
from gis.services.plan_check import check_plan
from gis.services.plan_check_deep import check_costs
from gis.services.plan_document import plan_document
from gis.services.plan_reading import changed_settings

if TYPE_CHECKING:
    from gis.model.plan import GroupPlan

plan_app = typer.Typer(help="测算：就近编组，核对方案。", no_args_is_help=True)


@plan_app.command("groups")
def plan_groups(  # one parameter an option
    street: Annotated[bool, typer.Option("--street", help="全街道")] = False,  # a flag
    branch: Annotated[list[str] | None, typer.Option(help="支部名称，可多次")] = None,
    all_members: Annotated[bool, typer.Option("--all-members", help="全部党员，不限过渡期")] = False,  # a flag
    seconds: Annotated[float, typer.Option(help="最多计算几秒", min=0.0)] = 20.0,
    seed: Annotated[int, typer.Option(help="随机种子")] = 0,
    json_path: Annotated[str, typer.Option("--json", help="方案写到这个文件；- 为标准输出")] = "",
    adopt: Annotated[bool, typer.Option("--adopt", help="测算后立即采用")] = False,  # a flag
    db: DbOption = "",
) -> None:
    """为过渡期党员测算就近的临时党小组；不加 --adopt 不保存。"""
    with Reporting(as_json=json_path == "-"):
        if street == bool(branch):
            msg = "范围请二选一：--street（全街道）或 --branch 支部名称"
            raise typer.BadParameter(msg)
        store, actor = open_store(db), operator()
        request = GroupingRequest(
            branch_ids=branches_named(actor, store, branch or []),
            is_all_members=all_members,
            seconds=seconds,
            seed=seed,
            settings=replace(GroupingSettings(), detour_factor=settings().detour_factor),
        )
        plan = propose_groups(actor, store, request)
        _write(plan, json_path)
        if adopt:
            run_id = adopt_groups(actor, store, plan)
            say(f"方案 {run_id} 已采用：{len(plan.groups)} 个小组，{plan.scores.seated} 人")


def _write(plan: GroupPlan, json_path: str) -> None:
    text = json.dumps(plan_document(plan), ensure_ascii=False, indent=2)
    if json_path == "-":
        typer.echo(text)
        return
    if json_path:
        try:
            Path(json_path).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            msg = f"方案写不到 {json_path}：{error.strerror}"
            raise InputError(msg) from error
    typer.echo(summary(plan))


def summary(plan: GroupPlan) -> str:
    """Say the plan in four lines."""
    proven = "已证明最优" if plan.status == "optimal" else f"与最优相差不超过 {plan.gap:.2%}"
    return "\n".join(
        [
            f"编组 {len(plan.groups)} 个，安排 {plan.scores.seated} 人，未安排 {len(plan.unseated)} 人（{proven}）",
            f"步行平均 {plan.scores.mean_walk_m:.0f} 米，九成在 {plan.scores.p90_walk_m:.0f} 米以内，"
            f"最远 {plan.scores.longest_walk_m:.0f} 米" + ("（估算）" if plan.is_estimated else ""),
            f"计算用时 {plan.seconds:.2f} 秒",
        ]
    )


@plan_app.command("check")
def plan_check(
    plan: Annotated[Path, typer.Argument(help="plan groups 写出的方案")],
    deep: Annotated[bool, typer.Option("--deep", help="另把其他地点的代价逐一重新求解")] = False,  # a flag
    seconds: Annotated[float, typer.Option(help="--deep 最多计算几秒", min=0.0)] = 120.0,
    db: DbOption = "",
    as_json: JsonOption = False,  # a flag
) -> None:
    """从数据库逐条核对方案；有违规时说明并以 1 退出。"""
    with Reporting(as_json=as_json):
        try:
            document = json.loads(plan.read_text(encoding="utf-8"))
        except OSError as error:
            msg = f"方案读不到：{plan}（{error.strerror}）"
            raise InputError(msg) from error
        except ValueError as error:
            msg = f"{plan.name} 不是方案文件：不是有效的 JSON"
            raise InputError(msg) from error
        store = open_store(db)
        violations = check_plan(operator(), store, document)
        if deep:
            wrong, unchecked = check_costs(operator(), store, document, seconds=seconds)
            violations += wrong
            if unchecked:
                say(f"有 {unchecked} 处代价没有在 {seconds:g} 秒内重新算完")
        rows = [{"rule": one.rule, "where": one.where, "message": one.message} for one in violations]
        changed = changed_settings(document)
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
    app.add_typer(plan_app, name="plan")
