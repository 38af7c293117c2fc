"""What the command line measures, read and set out; the command itself is played."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks import others
from benchmarks.measure import Measured

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def answer(output: str, why: str = "") -> Measured:
    return Measured(why, 1.0, 1.0, 100.0, output)


def play(monkeypatch: pytest.MonkeyPatch, **outputs: str) -> None:
    def jiujin(words: list[str], _: float) -> Measured:
        return answer(outputs[words[1]]) if words[1] in outputs else answer("No such command", "failed")

    monkeypatch.setattr(others, "_jiujin", jiujin)


def test_progress_before_the_document_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    seeds = [{"seed": s, "is_met": s > 1, "is_possible": True} for s in range(1, 11)]
    streets = {"streets": 50, "results": 50, "identical": 50, "killed": 1}
    play(monkeypatch, replan=f"[1/10] done\n{json.dumps(seeds, indent=1)}", streets=json.dumps(streets))
    public, replan, many = others.other_sections(tmp_path, quick=False)
    assert "no such files" in public.text
    assert (replan.goals[0].found, replan.goals[0].is_reached) == ("9 of 10", False)
    assert many.goals[0].is_reached
    assert "| killed    | 1     |" in many.text


def test_a_command_that_is_missing_is_said_and_settles_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    play(monkeypatch)
    _, replan, many = others.other_sections(tmp_path, quick=False)
    assert "this version has no such command" in replan.text
    assert {replan.goals[0].is_reached, many.goals[0].is_reached} == {None}


def test_a_public_file_gets_its_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "pmedcap_01.txt").write_text("", encoding="ascii")
    row = {"best_known": 713.0, "objective": 713.0, "gap_to_best": 0.0, "bound": 713.0, "is_proven": True, "seconds": 1}
    play(monkeypatch, groups=json.dumps([row]))
    (section,) = others.other_sections(tmp_path, quick=True)
    assert "| pmedcap_01.txt | 713.00     | 713.00 | 0.000% | 713.00 | yes    | 1.0" in section.text


def test_public_files_settle_how_far_above_the_best_known_value_is_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for name in ("SJC1.dat", "p3038_600.dat"):
        (tmp_path / name).write_text("", encoding="ascii")
    row = {
        "best_known": 100.0,
        "objective": 101.0,
        "gap_to_best": 0.01,
        "bound": 99.0,
        "is_proven": False,
        "seconds": 1,
    }
    play(monkeypatch, groups=json.dumps([row]))
    goals = next(others.other_sections(tmp_path, quick=False)).goals
    found = {goal.text.split(":")[0]: (goal.found, goal.is_reached) for goal in goals}
    assert found == {
        "public files pmedcap*.txt": ("not run: no such file here", None),
        "public files SJC[12].*": ("0 of 1, worst +1.000%", False),
        "public files SJC[34]*.*": ("not run: no such file here", None),
        "public files p3038*.*": ("1 of 1, worst +1.000%", True),
    }
