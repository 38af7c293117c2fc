"""`jiujin plan streets`: many street databases at once."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.bench_cmd import bench_app
from gis.cli.common import EXIT_FAULT, JsonOption, Reporting, emit, say
from gis.cli.plan_cmd import plan_app
from gis.config import settings
from gis.errors import InputError
from gis.model.access import operator
from gis.model.plan import GroupingRequest, GroupingSettings
from gis.services.many_streets import Cluster, plan_streets, street_tasks, streets_in
from gis.services.streets_bench import StreetsBench, bench_streets

if TYPE_CHECKING:
    from gis.services.street_task import StreetResult


def plan_many(
    sources: Annotated[list[str], typer.Argument(help="街道数据库：文件、装有 *.db 的目录或服务器地址，可多个")],
    out: Annotated[Path, typer.Option(help="每个街道的方案存到这个目录；中断后再运行，已算好的不重算")],
    workers: Annotated[int, typer.Option(help="本机同时计算的进程数；0 为逐个计算", min=0, max=256)] = 2,
    all_members: Annotated[bool, typer.Option("--all-members", help="全部党员，不限过渡期")] = False,
    seconds: Annotated[float, typer.Option(help="每个街道最多计算几秒", min=0.0)] = 20.0,
    seed: Annotated[int, typer.Option(help="随机种子")] = 0,
    as_json: JsonOption = False,
) -> None:
    """一次测算许多街道，一个街道一个任务；设了 JIUJIN_DASK_SCHEDULER 就交给多台机器。不保存到任何数据库。"""
    with Reporting(as_json=as_json):
        given, started = settings(), monotonic()
        if out.exists() and not out.is_dir():
            msg = f"--out 须是目录：{out}"
            raise InputError(msg)
        request = GroupingRequest(
            is_all_members=all_members,
            seconds=seconds,
            seed=seed,
            settings=replace(GroupingSettings(), detour_factor=given.detour_factor),
        )
        cluster = Cluster(workers, given.dask_scheduler)
        actor = operator()
        tasks = street_tasks(actor, streets_in(sources), request, ships=bool(cluster.scheduler))
        rows = []
        for result in plan_streets(actor, tasks, cluster, out):
            rows.append(street_row(result))  # the plan itself is on disk: thousands would not fit in memory
            say(f"{len(rows)}/{len(tasks)} {line_of(result)}")
        document = summary(rows) | {"seconds": round(monotonic() - started, 2)}
        emit(document, as_json=as_json, text=_text(document, out))
        if document["failed"]:
            raise typer.Exit(EXIT_FAULT)


def bench_many(
    streets: Annotated[int, typer.Option(help="虚构街道数", min=1)] = 50,
    members: Annotated[int, typer.Option(help="每个街道的党员数", min=60)] = 1366,
    distinct: Annotated[int, typer.Option(help="其中互不相同的街道数，其余为副本", min=1)] = 10,
    workers: Annotated[int, typer.Option(help="同时计算的进程数", min=1, max=256)] = 2,
    kill: Annotated[bool, typer.Option("--kill", help="算到一成时停掉一个工作进程")] = False,
    serial: Annotated[bool, typer.Option("--serial/--no-serial", help="再逐个算一遍，核对结果相同")] = True,
    all_members: Annotated[bool, typer.Option("--all-members", help="全部党员，不限过渡期")] = False,
    seconds: Annotated[float, typer.Option(help="每个街道最多计算几秒", min=0.0)] = 20.0,
    as_json: JsonOption = False,
) -> None:
    """许多虚构街道一次算完要花多少：每个街道的计算秒数、总用时，以及中途停掉一个进程的后果。"""
    with Reporting(as_json=as_json):
        wanted = StreetsBench(streets, members, workers, distinct, kill, serial)
        request = GroupingRequest(is_all_members=all_members, seconds=seconds)
        cost = bench_streets(operator(), wanted, request, say)
        same = (
            "" if cost.identical is None else f"，与逐个计算相同 {cost.identical} 个（逐个 {cost.serial_seconds} 秒）"
        )
        text = (
            f"街道 {cost.streets} 个（互不相同 {cost.distinct} 个），算出 {cost.results} 个，"
            f"证明最优 {cost.proven} 个{same}\n"
            f"工作进程 {cost.workers} 个，停掉 {cost.killed} 个，先后用到 {cost.processes} 个；"
            f"总用时 {cost.seconds} 秒，"
            f"计算合计 {cost.cpu_seconds} 秒，每个街道 {cost.cpu_seconds_per_street} 秒"
        )
        emit(asdict(cost), as_json=as_json, text=text)
        if cost.failed or cost.identical not in (None, cost.streets):
            raise typer.Exit(EXIT_FAULT)


def line_of(result: StreetResult) -> str:
    """Say one street in one line."""
    if result.plan is None or result.provenance is None:
        return f"{result.name}：{result.error}"
    row = street_row(result)
    return (
        f"{result.name}：小组 {row['groups']} 个，安排 {row['seated']} 名，未安排 {row['unseated']} 名，"
        f"{result.provenance.seconds:.1f} 秒（{result.provenance.host}，进程 {result.provenance.pid}）"
    )


def street_row(result: StreetResult) -> dict[str, object]:
    """Return the figures of one street, with where they come from."""
    plan = result.plan or {}
    groups, unseated, scores = plan.get("groups"), plan.get("unseated"), plan.get("scores")
    return {
        "street": result.name,
        "status": plan.get("status", "error"),
        "error": result.error,
        "groups": len(groups) if isinstance(groups, list) else 0,
        "seated": scores["seated"] if isinstance(scores, dict) else 0,
        "unseated": len(unseated) if isinstance(unseated, list) else 0,
        "mean_walk_m": scores["mean_walk_m"] if isinstance(scores, dict) else None,
        "gap": plan.get("gap"),
        "provenance": asdict(result.provenance) if result.provenance else None,
    }


def summary(rows: list[dict[str, object]]) -> dict[str, object]:
    """Add the streets up, in the order of their names."""
    rows = sorted(rows, key=lambda row: str(row["street"]))
    made = [row["provenance"] for row in rows]
    spent = [float(one["cpu_seconds"]) for one in made if isinstance(one, dict)]
    return {
        "streets": len(rows),
        "failed": sum(row["status"] == "error" for row in rows),
        "proven": sum(row["status"] == "optimal" for row in rows),
        "groups": sum(int(str(row["groups"])) for row in rows),
        "seated": sum(int(str(row["seated"])) for row in rows),
        "unseated": sum(int(str(row["unseated"])) for row in rows),
        "cpu_seconds": round(sum(spent), 2),
        "results": rows,
    }


def _text(document: dict[str, object], out: Path) -> str:
    return (
        f"街道 {document['streets']} 个（已证明最优 {document['proven']} 个，没有算出 {document['failed']} 个），"
        f"小组 {document['groups']} 个，安排 {document['seated']} 名，未安排 {document['unseated']} 名\n"
        f"用时 {document['seconds']} 秒，计算合计 {document['cpu_seconds']} 秒；方案在 {out}"
    )


def register(_app: typer.Typer) -> None:
    """Add `jiujin plan streets` and `jiujin bench streets`."""
    plan_app.command("streets")(plan_many)
    bench_app.command("streets")(bench_many)
