"""`jiujin bench groups | map | replan | visits`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli import bench_map_cmd, bench_visits_cmd
from gis.cli.common import JsonOption, Reporting, say
from gis.model.access import operator
from gis.services.benchmarking import bench_groups
from gis.services.replan_bench import bench_replan

if TYPE_CHECKING:
    from gis.services.benchmarking import BenchmarkResult
    from gis.services.replan_bench import ReplanResult

bench_app = typer.Typer(help="检验测算的质量和一张图的速度。", no_args_is_help=True)


@bench_app.command("groups")
def groups(
    files: Annotated[list[Path], typer.Argument(help="OR-Library pmedcap 或 Lorena 的 p-中位文件")],
    seconds: Annotated[float, typer.Option(help="每个文件最多计算几秒", min=0.0)] = 10.0,
    seed: Annotated[int, typer.Option(help="随机种子")] = 0,
    as_json: JsonOption = False,
) -> None:
    """用编组的同一求解器计算公开的容量限制 p-中位算例。"""
    with Reporting(as_json=as_json):
        results = []
        for result in bench_groups(files, seconds=seconds, seed=seed):
            results.append(result)
            if as_json:
                say(f"{result.file}：{result.seconds:.1f} 秒")
            else:
                typer.echo(_line(result))
        if as_json:
            typer.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2))


def _line(result: BenchmarkResult) -> str:
    best = "" if result.best_known is None else f"，已知最好 {result.best_known:.2f}"
    return f"{result.file}：{_found(result, best)}，{result.seconds:.1f} 秒"


def _found(result: BenchmarkResult, best: str) -> str:
    if result.impossible is not None:
        return f"已证明不可能安排所有点：{result.impossible}{best}"
    if result.objective is None:
        return f"限定时间内未找到能安排所有点的方案，也未证明不可能{best}"
    over = "" if result.gap_to_best is None else f"（相差 {result.gap_to_best:.3%}）"
    proven = "，已证明最优" if result.is_proven else f"，下界 {result.bound:.2f}"
    return f"{result.objective:.2f}{best}{over}{proven}"


@bench_app.command("replan")
def replan(
    seeds: Annotated[int, typer.Option(help="几个虚构街道，种子从 1 起", min=1)] = 10,
    share: Annotated[float, typer.Option(help="迁居的党员占多少", min=0.0, max=1.0)] = 0.05,
    seconds: Annotated[float, typer.Option(help="每次测算最多几秒", min=0.1)] = 20.0,
    as_json: JsonOption = False,
) -> None:
    """虚构街道采用方案后有党员迁居：重新测算要变动几人，比从头测算多走多少。"""
    with Reporting(as_json=as_json):
        results = []
        for result in bench_replan(operator(), range(1, seeds + 1), share=share, seconds=seconds):
            results.append(result)
            (say if as_json else typer.echo)(_replan_line(result))
        if as_json:
            typer.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2))
            return
        met, impossible = sum(one.is_met for one in results), sum(not one.is_possible for one in results)
        end = f"；其中 {impossible} 个已证明没有任何方案能达到" if impossible else ""
        typer.echo(f"{len(results)} 个中 {met} 个达到（多变动不超过 2 人，多走不超过 1%）{end}")


def _replan_line(one: ReplanResult) -> str:
    verdict = "达到" if one.is_met else "未达到" if one.is_possible else "未达到，已证明无法达到"
    return (
        f"种子 {one.seed}：迁居 {one.moved} 人，安排 {one.seated} 人；不得不变动 {one.forced} 人"
        f"（原座位不可保留 {one.lost} 人），实际变动 {one.changes} 人，多 {one.beyond} 人；"
        f"步行平均 {one.mean_walk_m:.1f} 米，从头测算 {one.scratch_mean_walk_m:.1f} 米、变动 {one.scratch_changes} 人，"
        f"多走 {one.extra_walk:.2%}；{verdict}"
    )


def register(app: typer.Typer) -> None:
    """Add `jiujin bench`."""
    bench_map_cmd.register(bench_app)
    bench_visits_cmd.register(bench_app)
    app.add_typer(bench_app, name="bench")
