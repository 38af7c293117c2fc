"""Public files end at the best known value, by the command that everybody can run; easy ones, as tests must be fast."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from tests.fixtures.components import need

if TYPE_CHECKING:
    from pathlib import Path


def test_public_files_end_at_the_best_known_value():
    folder = need("benchmarks") / "cpmp"
    files = [str(folder / name) for name in ("pmedcap_02.txt", "pmedcap_04.txt", "SJC1.dat")]
    done = CliRunner().invoke(app, ["bench", "groups", *files, "--seconds", "60", "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert [(row["best_known"], row["objective"], row["gap_to_best"]) for row in rows] == [
        (740.0, 740.0, 0.0),
        (651.0, 651.0, 0.0),
        (17288.99, 17288.99, 0.0),
    ]
    assert all(row["bound"] <= row["objective"] and row["seconds"] >= 0 for row in rows)


@pytest.mark.parametrize(
    ("groups", "capacity", "demands", "why"),
    [
        (2, 10, (11, 1, 1), "有一点的需求为 11，而容量最大的一处只有 10"),
        (2, 10, (7, 7, 7), "需求共 21，而容量最大的 2 处一共只有 20"),
        (2, 10, (6, 6, 6, 1), "需求不小于 6 的有 3 个点，而容量最大的 2 处只容得下 2 个这样的点"),
    ],
)
def test_a_file_that_nobody_can_solve_is_told_so(tmp_path: Path, groups, capacity, demands, why):
    file = _written(tmp_path, groups, capacity, demands)
    done = CliRunner().invoke(app, ["bench", "groups", file, "--seconds", "1"])
    assert done.exit_code == 0
    assert done.stdout == f"hard.txt：已证明不可能安排所有点：{why}，0.0 秒\n"
    row = json.loads(CliRunner().invoke(app, ["bench", "groups", file, "--seconds", "1", "--json"]).stdout)[0]
    assert (row["objective"], row["is_proven"], row["impossible"]) == (None, False, why)


def test_where_nothing_is_proven_only_the_search_is_spoken_of(tmp_path: Path):
    file = _written(tmp_path, 2, 10, (6, 6, 3, 3, 2))  # 20 in 2 x 10, but 6 and 3 leave room for no 2
    done = CliRunner().invoke(app, ["bench", "groups", file, "--seconds", "0.2"])
    assert done.stdout.startswith("hard.txt：限定时间内未找到能安排所有点的方案，也未证明不可能，")
    assert "下界" not in done.stdout


def test_a_file_that_just_fits_is_solved(tmp_path: Path):
    file = _written(tmp_path, 2, 10, (6, 5, 5, 4))
    done = CliRunner().invoke(app, ["bench", "groups", file, "--seconds", "5", "--json"])
    row = json.loads(done.stdout)[0]
    assert (row["objective"], row["is_proven"], row["impossible"]) == (40.0, True, None)


def _written(folder: Path, groups: int, capacity: int, demands: tuple[int, ...], name: str = "hard.txt") -> str:
    rows = "".join(f"{i + 1} {10 * i} 0 {demand}\n" for i, demand in enumerate(demands))
    (folder / name).write_text(f"1 0\n{len(demands)} {groups} {capacity}\n{rows}", encoding="utf-8")
    return str(folder / name)
