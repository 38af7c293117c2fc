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
from gis.services.visits.bench import bench_visits
from gis.services.visits.bench_rounds import bench_rounds

if TYPE_CHECKING:
    from gis.services.visits.bench import RoutesResult
    from gis.services.visits.bench_rounds import RoundResult

_SECONDS = 20.0
_MOST_VISITS = 2_000
_PLANNERS = {"ours": "本系统", "vroom": "VROOM 单独", "pyvrp": "PyVRP 单独"}


def visits(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Solomon 的带时间窗算例，可多个；与 --synthetic 同用时为更多的走访数")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="每次最多计算几秒；默认算例 20 秒，虚构批次按走访数 5、10、15、60 秒", min=0.1)
    ] = None,
    seed: Annotated[int, typer.Option(help="随机种子", min=0)] = 1,
    capacity: Annotated[int | None, typer.Option(help="每辆车的容量；文件未写明、文件名也看不出时用", min=1)] = None,
    synthetic: Annotated[
        list[int] | None, typer.Option(help="改为虚构的走访批次，写走访数，例如 --synthetic 20 50 150 600", min=1)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """用上门走访的同一求解器计算公开的带时间窗路线算例，或与别的求解器比虚构的批次。"""
    with Reporting(as_json=as_json):
        if synthetic:
            _rounds([*synthetic, *_sizes(files or [])], (seconds, seed), as_json=as_json)
        elif files:
            _files(files, (seconds or _SECONDS, seed, capacity), as_json=as_json)
        else:
            msg = "请给出至少一个算例文件，例如：jiujin bench visits C101.txt；或用 --synthetic 20 50 150 600"
            raise InputError(msg)


def _sizes(words: list[Path]) -> list[int]:
    """Read the numbers behind the first one: on the command line they stand where files would."""
    wrong = [word for word in words if not str(word).isdecimal() or not 0 < int(str(word)) <= _MOST_VISITS]
    if wrong:
        msg = f"--synthetic 后面应为 1 到 {_MOST_VISITS} 的走访数：{'、'.join(map(str, wrong))}"
        raise InputError(msg)
    return [int(str(word)) for word in words]


def _files(files: list[Path], how: tuple[float, int, int | None], *, as_json: bool) -> None:
    results = []
    for result in bench_visits(files, seconds=how[0], seed=how[1], capacity=how[2]):
        results.append(result)
        (say if as_json else typer.echo)(_line(result))
    if as_json:
        typer.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2))
        return
    gaps = [result.gap for result in results if result.gap is not None]
    mean = f"，平均相差 {fmean(gaps):.2%}" if gaps else ""
    typer.echo(f"{len(results)} 个文件，{sum(result.is_feasible for result in results)} 个方案可行{mean}")


def _rounds(sizes: list[int], how: tuple[float | None, int], *, as_json: bool) -> None:
    results = []
    for result in bench_rounds(sizes, seconds=how[0], seed=how[1]):
        results.append(result)
        (say if as_json else typer.echo)(_round_line(result))
    if as_json:
        typer.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2))


def _round_line(result: RoundResult) -> str:
    ratio = "未全部安排" if result.ratio is None else f"为最好的 {result.ratio:.2%}"
    return (
        f"{result.visits} 户 {result.teams} 组，{_PLANNERS.get(result.planner, result.planner)}："
        f"路上 {result.travel_min:.1f} 分钟，{ratio}，未安排 {result.left_out} 户，"
        f"违反规则 {result.violations} 处；{result.seconds:.1f} 秒（处理器 {result.cpu_seconds:.1f} 秒）"
    )


def _line(result: RoutesResult) -> str:
    value = f"有 {result.unserved} 个点未能安排" if result.distance is None else f"{result.distance:.2f}"
    best = ""
    if result.best_known_distance is not None:
        best = f"；已知最好 {result.best_known_vehicles} 辆 {result.best_known_distance:.2f}"
    gap = f"，相差 {round(result.gap, 4) + 0.0:.2%}" if result.gap is not None else ""
    start = f"缺 {result.start_unserved} 个点" if result.start_distance is None else f"{result.start_distance:.2f}"
    return f"{result.file}：{result.vehicles} 辆 {value}{best}{gap}；初始方案 {start}；{result.seconds:.1f} 秒"


def register(bench_app: typer.Typer) -> None:
    """Add `jiujin bench visits` to the sub-app of benchmarks."""
    bench_app.command("visits")(visits)
