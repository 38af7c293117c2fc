"""`jiujin bench visits`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import JsonOption, Reporting, say
from gis.errors import InputError
from gis.services.visits_bench import bench_visits

if TYPE_CHECKING:
    from gis.services.visits_bench import RoutesResult


def visits(
    files: Annotated[list[Path] | None, typer.Argument(help="Solomon 的带时间窗算例，可多个")] = None,
    seconds: Annotated[float, typer.Option(help="每个文件最多计算几秒", min=0.1)] = 20.0,
    seed: Annotated[int, typer.Option(help="随机种子")] = 0,
    capacity: Annotated[int | None, typer.Option(help="每辆车的容量；文件未写明、文件名也看不出时用", min=1)] = None,
    as_json: JsonOption = False,
) -> None:
    """用上门走访的同一求解器计算公开的带时间窗路线算例。"""
    with Reporting(as_json=as_json):
        if not files:
            msg = "请给出至少一个算例文件，例如：jiujin bench visits C101.txt"
            raise InputError(msg)
        results = []
        for result in bench_visits(files, seconds=seconds, seed=seed, capacity=capacity):
            results.append(result)
            (say if as_json else typer.echo)(_line(result))
        if as_json:
            typer.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2))
            return
        gaps = [result.gap for result in results if result.gap is not None]
        mean = f"，平均相差 {fmean(gaps):.2%}" if gaps else ""
        typer.echo(f"{len(results)} 个文件，{sum(result.is_feasible for result in results)} 个方案可行{mean}")


def _line(result: RoutesResult) -> str:
    value = f"有 {result.unserved} 个点未能安排" if result.distance is None else f"{result.distance:.2f}"
    best = ""
    if result.best_known_distance is not None:
        best = f"；已知最好 {result.best_known_vehicles} 辆 {result.best_known_distance:.2f}"
    gap = f"，相差 {result.gap:.2%}" if result.gap is not None else ""
    start = f"缺 {result.start_unserved} 个点" if result.start_distance is None else f"{result.start_distance:.2f}"
    return f"{result.file}：{result.vehicles} 辆 {value}{best}{gap}；初始方案 {start}；{result.seconds:.1f} 秒"


def register(bench_app: typer.Typer) -> None:
    """Add `jiujin bench visits` to the sub-app of benchmarks."""
    bench_app.command("visits")(visits)
