"""The benchmark runner from end to end on the smallest worlds, and the planner against the full model it is held to."""

from __future__ import annotations

import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks import ours
from benchmarks.checker import check
from benchmarks.peers import greedy
from benchmarks.peers.common import Task
from benchmarks.peers.model import ABSOLUTE_GAP, LEFT_OUT_M, full_model, plan_of
from benchmarks.worlds import Size, world
from gis.planning import mixed_search
from tests.architecture.sources import ROOT

SMALL = Size(90, 12, 1, 900.0, 0.0)


@pytest.mark.parametrize("rules", ["base", "plain", "one branch", "mixing price", "five branches"])
def test_the_planner_finds_what_the_full_model_proves(rules: str):
    compare_with_full_model(rules)


@pytest.mark.parametrize("rules", ["mixing price", "five branches"])
def test_so_it_does_with_groups_priced_whole(rules: str):
    with mock.patch.object(mixed_search, "_LEAST_SEATS", 0):
        compare_with_full_model(rules)


def compare_with_full_model(rules: str) -> None:
    """Solve a small world to its end by HiGHS and by the planner: the same seats, the same cost, proven."""
    made = world(SMALL, 4, rules)
    model = full_model(made)
    done = milp(
        model.cost,
        integrality=model.is_integer,
        bounds=Bounds(0, model.upper),
        constraints=LinearConstraint(model.rows, model.low, model.high),
        options={"mip_rel_gap": 0.0},
    )
    theirs = check(made, plan_of(model, made, done.x))
    answer = ours.solve(Task(made, seconds=20.0, seed=0, groups=0))
    mine = check(made, answer.host)
    assert (theirs.breaches, mine.breaches) == ({}, {})
    worth = LEFT_OUT_M * (theirs.members - theirs.seated) + theirs.cost_m
    assert worth == pytest.approx(done.fun, abs=ABSOLUTE_GAP)
    assert (mine.seated, mine.cost_m) == (theirs.seated, theirs.cost_m)
    assert answer.proven


def test_the_repair_step_makes_a_legal_plan_of_a_spoiled_one():
    made = world(SMALL, 5)
    answer = greedy.solve(Task(made, seconds=0.0, seed=0, groups=0))
    assert answer.raw is not None
    assert check(made, answer.raw).violations > 0
    assert check(made, answer.host).violations == 0
    assert check(made, answer.host).seated > 0


def test_a_quick_run_prints_the_table_and_the_goals():
    words = ["--quick", "--world", "transition", "--seeds", "1", "--no-others"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith(("| ours", "| greedy"))]
    assert len(rows) == 2
    assert "| 1 of 1" in rows[0]
    assert "every plan of ours passes the checker" in done.stdout


def test_a_peer_that_nobody_knows_is_refused():
    words = ["--quick", "--peers", "oracle"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no such peer: oracle" in done.stderr


def test_the_corner_of_a_split_plan_is_whole():
    made = world(SMALL, 4)
    model = full_model(made)
    done = milp(
        model.cost,
        integrality=model.is_integer,
        bounds=Bounds(0, model.upper),
        constraints=LinearConstraint(model.rows, model.low, model.high),
    )
    split = done.x.copy()
    split[model.first_seat] = 0.5
    verdict = check(made, plan_of(model, made, split))
    best = check(made, plan_of(model, made, done.x))
    assert (verdict.breaches, verdict.seated, verdict.cost_m) == ({}, best.seated, best.cost_m)
    assert np.isfinite(done.x).all()
