"""What the benchmarks print and write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.checker import Verdict
from benchmarks.goals import Goal, judge
from benchmarks.keeping import keep, take_up, without
from benchmarks.others import Section
from benchmarks.records import OURS, Case, Record, Results, WorldFacts
from benchmarks.report import END, START, sections, table, write

if TYPE_CHECKING:
    from pathlib import Path

CASE = Case("street", 1, "base")


def record(seated: int, cost: int, **given: Any) -> Record:
    verdict = Verdict(100, seated, 9, cost, 200.0, 700.0, 0, given.pop("breaches", {}))
    fields: dict[str, Any] = {"case": CASE, "solver": OURS, "label": "ours", "limit_s": 60.0, "verdict": verdict}
    return Record(**{**fields, **given})


def test_a_gap_is_of_seats_first_and_of_metres_after():
    assert record(98, 1000, bound=900, bound_seats=98).gap == pytest.approx(0.1)
    assert record(98, 1000, bound=900, bound_seats=99).gap == pytest.approx(0.01)
    assert record(98, 1000).gap is None


def test_a_bound_on_metres_and_empty_seats_together_is_taken_apart():
    assert record(98, 1000, bound=2 * 20_000 + 950, left_out_m=20_000).gap == pytest.approx(0.05)
    assert record(98, 1000, bound=20_000 + 990, left_out_m=20_000).seats_open == 1


def test_a_legal_plan_that_beats_a_bound_is_a_contradiction():
    ours = record(98, 1000, bound=1000, bound_seats=98, is_proven=True)
    better = record(98, 900, solver="scip", label="SCIP")
    assert Results([ours, record(98, 1000, solver="scip")]).contradictions() == []
    assert Results([ours, better]).contradictions() == ["SCIP on street 1 (base)"]
    assert Results([ours, record(98, 900, breaches={"capacity": 1})]).contradictions() == []


def test_goals_that_were_not_run_are_neither_reached_nor_missed():
    assert {goal.is_reached for goal in judge(Results()) if goal.found == "not run"} == {None}


def test_a_plan_that_breaks_a_rule_fails_its_goal():
    goals = judge(Results([record(98, 1000, breaches={"capacity": 1})]))
    assert [goal.is_reached for goal in goals if goal.text.startswith("every plan")] == [False]


def test_fifteen_streets_proven_in_time_reach_their_goal_and_fourteen_do_not_tell():
    runs = [record(98, 1, case=Case("street", s, "base"), is_proven=True, wall_s=2.0) for s in range(1, 16)]
    reached = [
        [goal.is_reached for goal in judge(Results(some)) if "median at most 3 s" in goal.text]
        for some in (runs, runs[:-1], [*runs[:-1], record(98, 1, is_proven=True, wall_s=21.0)])
    ]
    assert reached == [[True], [None], [False]]


def test_a_table_is_markdown():
    assert table(("a", "b"), [("1", "23")]) == "| a | b  |\n|---|----|\n| 1 | 23 |"


def test_what_was_measured_is_taken_up_again_but_for_what_is_measured_anew(tmp_path: Path):
    other = Case("transition", 1, "base")
    facts = WorldFacts(10, 2, 30, 5, 0.1, 0.2, "abc", 70.0)
    runs = [record(98, 1000, bound=900, bound_seats=98), record(9, 10, case=other, before=None, when="today")]
    keep(Results(runs, {CASE: facts, other: facts}), [Section("more", (Goal("a", "b", None),))], tmp_path / "kept")
    found, others = take_up(tmp_path / "kept")
    assert (found.records, found.worlds) == (runs, {CASE: facts, other: facts})
    assert others == [Section("more", (Goal("a", "b", None),))]
    rest = without(found, {("street", "base")})
    assert (rest.records, rest.worlds) == (runs[1:], {other: facts})
    assert sections(rest)[0].startswith("### transition: 10 x 2, rules: base")
    assert take_up(tmp_path / "nothing")[0].records == []


def test_what_a_person_wrote_in_the_document_stays(tmp_path: Path):
    path = tmp_path / "benchmarks.md"
    path.write_text(f"# Mine\n\nbefore\n\n{START}\nold\n{END}\n\nafter\n", encoding="utf-8")
    write("new", path)
    write("newer", path)
    assert path.read_text(encoding="utf-8") == f"# Mine\n\nbefore\n\n{START}\n\nnewer\n\n{END}\n\nafter\n"


def test_a_document_without_a_measured_part_gets_one(tmp_path: Path):
    path = tmp_path / "benchmarks.md"
    path.write_text("# Mine\n", encoding="utf-8")
    write("new", path)
    assert path.read_text(encoding="utf-8") == f"# Mine\n\n{START}\n\nnew\n\n{END}\n"
