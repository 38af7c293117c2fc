"""`jiujin plan groups | curve`: what an office asks for, and the trade of changes against walks."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store, say
from gis.cli.interrupting import EnoughOnInterrupt
from gis.config import settings
from gis.errors import InputError, system_reason
from gis.model.access import operator
from gis.model.plan import GroupingRequest, GroupingSettings
from gis.services.adopting import adopt_groups
from gis.services.grouping import branches_named, propose_groups
from gis.services.plan_document import plan_document
from gis.services.plan_wishes import unmet_wishes
from gis.services.plans import save_plan
from gis.services.replanning import change_curve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.model.plan import CurvePoint, GroupPlan, PlanProgress
    from gis.store.database import Store

StreetOption = Annotated[bool, typer.Option("--street", help="全街道")]
BranchOption = Annotated[list[str] | None, typer.Option("--branch", help="支部名称，可多次")]
AllOption = Annotated[bool, typer.Option("--all-members", help="全部党员，不限过渡期")]
SecondsOption = Annotated[float, typer.Option("--seconds", help="最多计算几秒", min=0.0)]
SeedOption = Annotated[int, typer.Option("--seed", help="随机种子")]
PLACES = "地点写 H 加中心户编号或 V 加场所编号；可多次"
PROGRESS_EVERY_S = 1.0


def plan_groups(  # one parameter an option
    street: StreetOption = False,
    branch: BranchOption = None,
    all_members: AllOption = False,
    seconds: SecondsOption = 20.0,
    seed: SeedOption = 0,
    groups: Annotated[int | None, typer.Option("--groups", help="恰好几个小组", min=1)] = None,
    groups_min: Annotated[int | None, typer.Option("--groups-min", help="至少几个小组", min=0)] = None,
    groups_max: Annotated[int | None, typer.Option("--groups-max", help="至多几个小组；0 不限", min=0)] = None,
    fewest: Annotated[bool, typer.Option("--fewest", help="安排的人数相同时，小组越少越好")] = False,
    fair: Annotated[bool, typer.Option("--fair", help="安排的人数相同时，先让走得最远的人走得近")] = False,
    open_cost: Annotated[int | None, typer.Option("--open-cost", help="多设一组折合步行多少米", min=0)] = None,
    require: Annotated[list[str] | None, typer.Option("--require", help="必须设组的地点。" + PLACES)] = None,
    forbid: Annotated[list[str] | None, typer.Option("--forbid", help="不用的地点。" + PLACES)] = None,
    prefer: Annotated[list[str] | None, typer.Option("--prefer", help="优先使用的地点。" + PLACES)] = None,
    freeze: Annotated[list[int] | None, typer.Option("--freeze", help="原样保留的现行小组的编号，可多次")] = None,
    mixed: Annotated[str, typer.Option("--mixed", help="允许几个支部混编：写明上级党组织的决定")] = "",
    max_branches: Annotated[
        int | None, typer.Option("--max-branches", help="混编的小组至多几个支部；0 不限", min=0)
    ] = None,
    members_per_leader: Annotated[int | None, typer.Option(help="每名可任组长的人至多带几人；0 不限", min=0)] = None,
    change_cost: Annotated[int | None, typer.Option(help="一人换组折合步行多少米", min=0)] = None,
    given: Annotated[list[str] | None, typer.Option("--set", help="其他设置：名称=数，见 docs/plan-json.md")] = None,
    json_path: Annotated[str, typer.Option("--json", help="方案写到这个文件；- 为标准输出")] = "",
    save: Annotated[str, typer.Option("--save", help="测算后存为这个名称的草案，见 plan list")] = "",
    adopt: Annotated[bool, typer.Option("--adopt", help="测算后立即采用")] = False,
    db: DbOption = "",
) -> None:
    """为过渡期党员测算就近的临时党小组；不加 --save 或 --adopt 不保存。"""
    with Reporting(as_json=json_path == "-"):
        store, actor = open_store(db), operator()
        usual = replace(GroupingSettings(), detour_factor=settings().detour_factor)
        numbers = {
            "min_groups": groups_min if groups is None else groups,
            "max_groups": groups_max if groups is None else groups,
            "open_cost_m": open_cost,
            "max_branches": max_branches,
            "members_per_leader": members_per_leader,
            "change_cost_m": change_cost,
        }
        wanted = replace(
            _with_numbers(usual, given or ()),
            fewest_groups=fewest,
            fair=fair,
            allow_mixed=bool(mixed.strip()),
            **{name: number for name, number in numbers.items() if number is not None},
        )
        request = replace(
            _request(store, branch, street=street, all_members=all_members, seconds=seconds, seed=seed),
            settings=wanted,
            required_places=_keys(require),
            forbidden_places=_keys(forbid),
            preferred_places=_keys(prefer),
            frozen_groups=tuple(freeze or ()),
            mixed_reason=mixed.strip(),
        )
        with EnoughOnInterrupt(progress_on_stderr()) as told:
            plan = propose_groups(actor, store, request, told.watch)
        write_plan(plan, json_path)
        if save:
            plan_id = save_plan(actor, store, plan, save)
            say(f"已存为方案 {plan_id}“{save}”（草案）")
        if adopt:
            run_id = adopt_groups(actor, store, plan)
            say(f"方案 {run_id} 已采用：{len(plan.groups)} 个小组，{plan.scores.seated} 人")


def _request(  # the options that every plan has
    store: Store, branch: list[str] | None, *, street: bool, all_members: bool, seconds: float, seed: int
) -> GroupingRequest:
    if street == bool(branch):
        msg = "范围请二选一：--street（全街道）或 --branch 支部名称"
        raise typer.BadParameter(msg)
    return GroupingRequest(
        branch_ids=branches_named(operator(), store, branch or []),
        is_all_members=all_members,
        seconds=seconds,
        seed=seed,
        settings=replace(GroupingSettings(), detour_factor=settings().detour_factor),
    )


def _keys(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(key.strip().upper() for key in given or ())


def _with_numbers(usual: GroupingSettings, given: Sequence[str]) -> GroupingSettings:
    """Set numbers by name, such as `limit_80_m=400`."""
    kinds = {field.name: type(getattr(usual, field.name)) for field in fields(usual)}
    numbers = {name: kind for name, kind in kinds.items() if kind is not bool}
    found: dict[str, int | float] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in numbers:
            msg = f"没有设置“{name}”，可用：{'、'.join(numbers)}"
            raise InputError(msg)
        try:
            found[name] = numbers[name](value)
        except ValueError as error:
            msg = f"{name} 应是{'整数' if numbers[name] is int else '数'}，不是“{value}”"
            raise InputError(msg) from error
        if not 0 <= found[name] < float("inf"):
            msg = f"{name} 不能为负"
            raise InputError(msg)
    return replace(usual, **found)  # type: ignore[arg-type]  # each of the field's own kind


def progress_on_stderr() -> Callable[[PlanProgress], bool]:
    """Return a watcher that says about once a second how far the search is."""
    said = [0.0]

    def watch(progress: PlanProgress) -> bool:
        if progress.seconds - said[0] >= PROGRESS_EVERY_S:
            said[0] = progress.seconds
            say(f"{progress.seconds:.0f} 秒：与最优相差不超过 {progress.gap:.2%}")
        return True

    return watch


def write_plan(plan: GroupPlan, json_path: str) -> None:
    """Write the plan where it is wanted and say it in a few lines."""
    text = json.dumps(plan_document(plan), ensure_ascii=False, indent=2)
    if json_path == "-":
        typer.echo(text)
        return
    if json_path:
        try:
            Path(json_path).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            msg = f"方案写不到 {json_path}：{system_reason(error)}"
            raise InputError(msg) from error
    typer.echo(summary(plan))


def summary(plan: GroupPlan) -> str:
    """Say the plan in a few lines."""
    proven = "已证明最优" if plan.status == "optimal" else f"与最优相差不超过 {plan.gap:.2%}"
    lines = [
        f"编组 {len(plan.groups)} 个，安排 {plan.scores.seated} 人，未安排 {len(plan.unseated)} 人（{proven}）",
        f"步行平均 {plan.scores.mean_walk_m:.0f} 米，九成在 {plan.scores.p90_walk_m:.0f} 米以内，"
        f"最远 {plan.scores.longest_walk_m:.0f} 米" + ("（估算）" if plan.is_estimated else ""),
    ]
    lines.extend(unmet_wishes(plan))
    if plan.changes:
        forced = sum(bool(one.why_forced) for one in plan.changes)
        lines.append(f"与现行小组相比变动 {len(plan.changes)} 人，其中 {forced} 人原座位已不可保留")
    return "\n".join([*lines, f"计算用时 {plan.seconds:.2f} 秒"])


def plan_curve(
    street: StreetOption = False,
    branch: BranchOption = None,
    all_members: AllOption = False,
    seconds: SecondsOption = 40.0,
    seed: SeedOption = 0,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """现行小组要变动多少人、平均少走多少米：列出可选的几种，供挑选 --change-cost。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        request = _request(store, branch, street=street, all_members=all_members, seconds=seconds, seed=seed)
        with EnoughOnInterrupt(progress_on_stderr()) as told:
            points = change_curve(operator(), store, request, watch=told.watch)
        emit([asdict(point) for point in points], as_json=as_json, text="\n".join(map(_line, points)))


def _line(point: CurvePoint) -> str:
    return (
        f"变动 {point.changes} 人（{point.forced_changes} 人原座位已不可保留），安排 {point.seated} 人，"
        f"步行平均 {point.mean_walk_m:.0f} 米；--change-cost {point.change_cost_m}"
    )


def register(plan_app: typer.Typer) -> None:
    """Add `groups` and `curve` to `jiujin plan`."""
    plan_app.command("groups")(plan_groups)
    plan_app.command("curve")(plan_curve)
