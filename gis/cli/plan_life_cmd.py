"""`jiujin plan submit | send-back | decide | report | publish | start | stop`: the life of a saved plan."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.plan_cmd import plan_app
from gis.cli.plan_saved_cmd import CURRENT, IdArgument, VersionOption, version_of
from gis.errors import InputError
from gis.model.access import operator
from gis.model.ids import PlanId
from gis.services import plan_life
from gis.services.plan_keeping import plain
from gis.services.plans import list_plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.store.database import Store

    Act = Callable[[Actor, Store, PlanId, int], object]

DayOption = Annotated[str, typer.Option("--on", help="日期，例如 2026-03-15；不填为今天")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因")]


@plan_app.command("submit")
def submit(
    plan_id: IdArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """把草案提交支委会审核。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, plan_life.submit_plan, as_json=as_json)


@plan_app.command("send-back")
def send_back(
    plan_id: IdArgument,
    reason: ReasonOption = "",
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """把审核中或已报上级的方案退回草案，须写明原因。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, lambda a, s, p, v: plan_life.send_back(a, s, p, v, reason), as_json=as_json)


@plan_app.command("decide")
def decide(
    plan_id: IdArgument,
    on: DayOption = "",
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记支委会决定日期。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, lambda a, s, p, v: plan_life.decide_plan(a, s, p, v, _day(s, on)), as_json=as_json)


@plan_app.command("report")
def report(
    plan_id: IdArgument,
    on: DayOption = "",
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记报上级日期。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, lambda a, s, p, v: plan_life.report_plan(a, s, p, v, _day(s, on)), as_json=as_json)


@plan_app.command("publish")
def publish(
    plan_id: IdArgument,
    reason: ReasonOption = "",
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """发布方案：建立小组和组员关系，取代同支部现行的小组；缺少登记日期时须写明原因。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, lambda a, s, p, v: plan_life.publish_plan(a, s, p, v, reason), as_json=as_json)


@plan_app.command("start")
def start(
    plan_id: IdArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """登记已发布的方案开始执行。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, plan_life.start_plan, as_json=as_json)


@plan_app.command("stop")
def stop(
    plan_id: IdArgument,
    reason: ReasonOption = "",
    on: DayOption = "",
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """停止执行中的方案：小组和组员关系到这一天为止，记录保留。"""
    with Reporting(as_json=as_json):

        def act(actor: Actor, store: Store, plan: PlanId, at: int) -> None:
            plan_life.stop_plan(actor, store, plan, at, reason, stopped_on=_day(store, on))

        _do(plan_id, version, db, act, as_json=as_json)


def _do(plan_id: int, version: int, db: str, act: Act, *, as_json: bool) -> None:
    """Do it and say in which state the plan is now."""
    store, actor = open_store(db), operator()
    act(actor, store, PlanId(plan_id), version_of(actor, store, plan_id, version))
    head = next(one for one in list_plans(actor, store) if one.id == plan_id)
    emit(
        plain(head),
        as_json=as_json,
        text=f"方案 {plan_id}“{head.name}”现在是：{head.state.label}（第 {head.version} 版）",
    )


def _day(store: Store, text: str) -> date:
    if not text:
        return store.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"日期 {text}：请写 年-月-日，例如 2026-03-15"
        raise InputError(msg) from error


def register(app: typer.Typer) -> None:
    """Add nothing to `app` itself: the commands belong to `jiujin plan`, which `plan_cmd` adds."""
    del app
