"""`jiujin bench groups`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import JsonOption, Reporting, say
from gis.services.benchmarking import bench_groups

if TYPE_CHECKING:
    from gis.services.benchmarking import BenchmarkResult

bench_app = typer.Typer(help="公开算例：检验测算的质量。", no_args_is_help=True)


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
    value = "未能安排所有点" if result.objective is None else f"{result.objective:.2f}"
    best = "" if result.best_known is None else f"，已知最好 {result.best_known:.2f}"
    over = "" if result.gap_to_best is None else f"（相差 {result.gap_to_best:.3%}）"
    proven = "，已证明最优" if result.is_proven else f"，下界 {result.bound:.2f}"
    return f"{result.file}：{value}{best}{over}{proven}，{result.seconds:.1f} 秒"


def register(app: typer.Typer) -> None:
    """Add `jiujin bench`."""
    app.add_typer(bench_app, name="bench")
