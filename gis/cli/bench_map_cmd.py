"""`jiujin bench map`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import JsonOption, Reporting
from gis.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence


def bench_map(
    buildings: Annotated[int, typer.Option(help="多少幢楼", min=100, max=200_000)] = 20_000,
    members: Annotated[int, typer.Option(help="多少名党员", min=10, max=50_000)] = 1_400,
    grids: Annotated[int, typer.Option(help="多少个网格", min=1, max=5_000)] = 200,
    sessions: Annotated[int, typer.Option(help="同时多少个会话，各想 3 秒；0 为不测", min=0, max=500)] = 0,
    rounds: Annotated[int, typer.Option(help="每项量几次取中位数", min=1, max=50)] = 5,
    as_json: JsonOption = False,
) -> None:
    """在真实浏览器里量一张图有多快：与没有地图的同一页相比，逐项说明是否达到目标。"""
    with Reporting(as_json=as_json):
        words = {"buildings": buildings, "members": members, "grids": grids, "sessions": sessions, "rounds": rounds}
        options = [f"--{name}={number}" for name, number in words.items()]
        raise typer.Exit(_run([*options, "--json"] if as_json else options))


def _run(options: Sequence[str]) -> int:
    """Run the measurement, which belongs to the sources and not to the installed program."""
    if not Path("benchmarks/map/__main__.py").is_file():
        msg = "当前目录没有 benchmarks/map，请到程序源代码所在目录运行 jiujin bench map"
        raise ConfigError(msg)
    return subprocess.call([sys.executable, "-m", "benchmarks.map", *options])  # noqa: S603  # our own words


def register(bench_app: typer.Typer) -> None:
    """Add `jiujin bench map` to the sub-app of benchmarks."""
    bench_app.command("map")(bench_map)
