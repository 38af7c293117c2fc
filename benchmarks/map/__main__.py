"""How fast the map is beside the same page without it: `python -m benchmarks.map`; `jiujin bench map` calls it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.map.run import Wanted, measure
from benchmarks.map.told import lines


def main() -> int:
    """Measure and print: a table, or with `--json` one document."""
    given = _arguments()
    why = _missing()
    if why:
        sys.stderr.write(f"{why}\n")
        return 2
    with TemporaryDirectory(prefix="jiujin-map-") as folder:
        wanted = Wanted(given.buildings, given.members, given.grids, given.sessions, given.rounds)
        found = measure(wanted, Path(folder), lambda text: print(text, file=sys.stderr, flush=True))
    if given.as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(found)))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("buildings", 20_000), ("members", 1_400), ("grids", 200), ("sessions", 0), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--json", action="store_true", dest="as_json")
    return parser.parse_args()


def _missing() -> str:
    """Say in one sentence what has to be installed first; empty where nothing has."""
    from benchmarks.map.browser import executable  # noqa: PLC0415  # beside its only use

    packages = [name for name in ("playwright", "websockets") if find_spec(name) is None]
    if packages:
        return f"缺少 Python 包 {'、'.join(packages)}：请先运行 make dev（或 pip install {' '.join(packages)}）"
    if executable() is None:
        return "没有找到 Chromium 浏览器：请先安装（Debian、Ubuntu：apt-get install chromium）"
    return ""


if __name__ == "__main__":
    sys.exit(main())
