"""`jiujin visits record | results | conflicts | settle | served`: what came of visits, from the desk or a file."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import EXIT_FAULT, DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_days import read_day
from gis.errors import InputError, NotFoundError
from gis.model.access import operator
from gis.model.ids import RoundId
from gis.model.visits import ResultSource, ResultState, SaidResult, VisitResult
from gis.services.served import served_in_month
from gis.services.visits.effects import moved_to_register
from gis.services.visits.files import LARGEST_FILE, apply_results_file
from gis.services.visits.results import conflicts, record_results, settle_conflict
from gis.services.visits.views import open_round, open_sheet_team

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import TargetId
    from gis.model.visits import KeptResult
    from gis.services.served import ServedView
    from gis.services.visits.files import FileReport
    from gis.services.visits.results import Conflict, ResultOutcome
    from gis.services.visits.view_model import RoundView, TargetView
    from gis.store.database import Store

RoundArgument = Annotated[int, typer.Argument(help="走访批次编号，见 visits list")]
HIDDEN = "不显示"


def record(  # one parameter an option
    number: RoundArgument,
    member: Annotated[str, typer.Option(help="党员姓名或编号")],
    result: Annotated[str, typer.Option(help="结果：" + "、".join(VisitResult.labels()))],
    on: Annotated[str, typer.Option("--on", help="走访日期；不填为今天")] = "",
    by: Annotated[str, typer.Option(help="走访人；不填为该组的人")] = "",
    note: Annotated[str, typer.Option(help="备注，不超过 100 字")] = "",
    next_on: Annotated[str, typer.Option("--next", help="下次走访日期")] = "",
    sheet: Annotated[str, typer.Option(help="走访单号")] = "",
    key: Annotated[str, typer.Option(help="这条结果的唯一编号：同一编号重复提交只算一次；不填自动生成")] = "",
    correct: Annotated[
        bool, typer.Option("--correct", help="更正已登记的结果；不加时与已登记的不同则留待核对")
    ] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记一名党员的走访结果。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        target = _target_of(open_round(actor, store, RoundId(number)), member)
        found = VisitResult.from_label(result)
        if found is None or target.target.id is None:
            msg = f"结果没有“{result}”，可选：{'、'.join(VisitResult.labels())}"
            raise InputError(msg)
        known = target.result.id if target.result is not None else 0
        said = SaidResult(
            key=key or f"cli-{uuid.uuid4()}",
            target_id=target.target.id,
            result=found,
            on_day=read_day(on, "走访日期") or store.today(),
            by_name=by,
            note=note,
            next_on=read_day(next_on, "下次走访日期"),
            based_on=known if correct else None,
        )
        (outcome,) = record_results(actor, store, [said], ResultSource.DESK, sheet)
        if outcome.is_refused:
            raise InputError(outcome.message)
        emit(_outcome_document(outcome), as_json=as_json, text=f"{target.name}：{outcome.message}")


def _target_of(view: RoundView, text: str) -> TargetView:
    """Find a member of a round by name or number."""
    every = [one for team in view.teams for stop in team.stops for one in stop.targets]
    wanted = text.strip()
    found = [one for one in every if wanted in (one.name, str(one.target.member_id))]
    if len(found) > 1:
        which = "、".join(f"{one.target.member_id}（{one.branch}）" for one in found)
        msg = f"这批走访里有 {len(found)} 名“{wanted}”，请改用编号：{which}"
        raise InputError(msg)
    if not found:
        msg = f"这批走访里没有“{wanted}”，请用 jiujin visits show 核对名单"
        raise NotFoundError(msg)
    return found[0]


def results(
    file: Annotated[Path, typer.Argument(help="手机离线单导出的结果文件")],
    apply: Annotated[bool, typer.Option("--apply", help="登记；不加只试读，什么也不改")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """读入离线结果文件：先试读，加 --apply 登记；同一个文件读几次都只算一次。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        report = apply_results_file(actor, store, _content(file), apply=apply)
        names = _sheet_names(actor, store, report.sheet_number)
        emit(_report_document(report), as_json=as_json, text=_report_text(report, names))
        if report.refused:
            raise typer.Exit(EXIT_FAULT)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as error:
        msg = f"文件打不开：{file}，请核对路径"
        raise InputError(msg) from error


def list_conflicts(
    number: Annotated[int | None, typer.Argument(help="走访批次编号；不写为全部")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出与已登记结果不一致、待核对的结果，以及已迁走、待登记变动的党员。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = conflicts(actor, store, RoundId(number) if number is not None else None)
        moved = moved_to_register(actor, store)
        document = {
            "conflicts": [_conflict_document(one) for one in found],
            "moved": [
                {
                    "member": one.member_id,
                    "name": one.name,
                    "branch": one.branch,
                    "on": one.on_day.isoformat(),
                    "by": one.by_name,
                    "round": one.round_id,
                }
                for one in moved
            ],
        }
        lines = [_conflict_text(one) for one in found] or ["没有待核对的结果"]
        lines += [
            f"{one.member_id}\t{one.name}\t{one.branch}\t{one.on_day} 走访时已迁，请登记变动：jiujin life move"
            for one in moved
        ]
        emit(document, as_json=as_json, text="\n".join(lines))


def settle(
    result_id: Annotated[int, typer.Argument(help="待核对的结果编号，见 visits conflicts")],
    accept: Annotated[bool | None, typer.Option("--accept/--dismiss", help="采用这一份，或不采用")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """核对一份不一致的结果：--accept 采用它（原来的一份随之更正），--dismiss 不采用。"""
    with Reporting(as_json=as_json):
        if accept is None:
            msg = "请写明 --accept（采用）或 --dismiss（不采用）"
            raise InputError(msg)
        left = settle_conflict(operator(), open_store(db), result_id, accept)
        said = "已采用，原来的一份改为已更正" if accept else "已核对，不采用"
        document = {"result_id": result_id, "accepted": accept, "left": list(left)}
        emit(document, as_json=as_json, text="；".join((said, *left)))


def served(
    month: Annotated[str, typer.Option(help="哪一月，例如 2026-11；不填为本月")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """本月服务率：过渡期党员中，当月至少以一种方式服务到的有多少，还有谁没有。"""
    with Reporting(as_json=as_json):
        view = served_in_month(operator(), open_store(db), month)
        emit(_served_document(view), as_json=as_json, text=_served_text(view))


def _outcome_document(one: ResultOutcome) -> dict[str, object]:
    return {
        "key": one.key,
        "target": one.target_id,
        "state": one.state.value if one.state is not None else "refused",
        "same": one.is_same,
        "result_id": one.result_id,
        "message": one.message,
    }


def _report_document(report: FileReport) -> dict[str, object]:
    return {
        "sheet": report.sheet_number,
        "applied": report.is_done,
        "accepted": report.accepted,
        "same": report.same,
        "conflict": report.in_conflict,
        "refused": report.refused,
        "results": [_outcome_document(one) for one in report.outcomes],
    }


def _sheet_names(actor: Actor, store: Store, sheet_number: str) -> dict[TargetId, str]:
    try:
        _, team, _ = open_sheet_team(actor, store, sheet_number)
    except NotFoundError:
        return {}
    return {one.target.id: one.name for stop in team.stops for one in stop.targets if one.target.id is not None}


def _outcome_line(one: ResultOutcome, names: Mapping[TargetId, str], *, is_done: bool) -> str:
    said = one.message if is_done or one.state is not ResultState.ACCEPTED or one.is_same else "将登记"
    name = names.get(one.target_id, f"走访对象 {one.target_id}")
    return f"  {said}" if said.startswith(f"{name}：") else f"  {name}：{said}"


def _report_text(report: FileReport, names: Mapping[TargetId, str]) -> str:
    head = (
        f"走访单 {report.sheet_number}：新登记 {report.accepted} 条，已有 {report.same} 条，"
        f"待核对 {report.in_conflict} 条，不能登记 {report.refused} 条"
    )
    lines = [
        _outcome_line(one, names, is_done=report.is_done)
        for one in report.outcomes
        if one.is_refused or not one.is_same
    ]
    foot = [] if report.is_done else ["以上是试读，什么也没有改；确认后加 --apply 登记"]
    return "\n".join([head, *lines, *foot])


def _kept_document(one: KeptResult | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {
        "result_id": one.id,
        "result": one.result.value,
        "on": one.on_day.isoformat(),
        "by": one.by_name,
        "note": one.note,
        "next_on": one.next_on.isoformat() if one.next_on else None,
        "source": one.source.value,
        "said_by": one.said_by,
        "said_at": one.said_at.isoformat(sep=" ", timespec="seconds"),
    }


def _conflict_document(one: Conflict) -> dict[str, object]:
    return {
        "round": one.round_id,
        "member": one.member_id,
        "name": one.name,
        "accepted": _kept_document(one.accepted),
        "other": _kept_document(one.other),
    }


def _conflict_text(one: Conflict) -> str:
    return f"{one.other.id}\t{one.name}\t{one.round_name}\t已登记：{_said(one.accepted)}\t另一份：{_said(one.other)}"


def _said(one: KeptResult | None) -> str:
    if one is None:
        return "没有"
    note = f"，{one.note}" if one.note else ""
    return f"{one.on_day} {one.result.label}（{one.by_name}，{one.source.label}{note}）"


def _served_document(view: ServedView) -> dict[str, object]:
    return {
        "month": view.month,
        "as_of": view.as_of.isoformat(),
        "definition": view.definition,
        "of": "返迁过渡期党员",
        "denominator": view.denominator,
        "served": view.served,
        "ways": dict(view.ways),
        "branches": [
            {"branch": one.branch, "denominator": one.denominator, "served": one.count} for one in view.branches
        ],
        "roster": {"denominator": view.all_denominator, "served": view.all_served},
        "unserved": [
            {
                "member": one.member_id,
                "name": one.name,
                "branch": one.branch,
                "last_met": one.last_met.isoformat() if one.last_met else None,
            }
            for one in view.unserved
        ],
    }


def _served_text(view: ServedView) -> str:
    of = f"过渡期党员 {_count(view.denominator)} 名，服务到 {_count(view.served)} 名"
    lines = [
        f"{view.month} 本月服务率（截至 {view.as_of}）：{of}{_share(view.served, view.denominator)}",
        view.definition,
        *(f"  {way}：{_count(count)}" for way, count in view.ways.items()),
        *(f"  {one.branch}：{_count(one.count)} / {_count(one.denominator)}" for one in view.branches),
        f"  全部在册党员：{_count(view.all_served)} / {_count(view.all_denominator)}",
        *(f"{one.member_id}\t{one.name}\t{one.branch}\t还没有服务到" for one in view.unserved),
    ]
    return "\n".join(lines)


def _share(served: int | None, denominator: int | None) -> str:
    return f"（{100 * served / denominator:.1f} %）" if served is not None and denominator else ""


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def register(app: typer.Typer) -> None:
    """Add the commands to `jiujin visits`."""
    app.command("record")(record)
    app.command("results")(results)
    app.command("conflicts")(list_conflicts)
    app.command("settle")(settle)
    app.command("served")(served)
