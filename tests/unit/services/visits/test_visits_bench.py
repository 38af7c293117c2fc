"""Public routes and made-up rounds go through the planner, and are checked apart from it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.services.visits.bench import bench_routes, faults_of, routes_distance
from gis.services.visits.bench_rounds import bench_rounds, made_up_round
from gis.store.formats.vrptw import RoutesFile

ROWS = (
    "1 0 0 0 0 100 0\n2 3 4 6 0 50 1.5\n3 3 5 6 0 50 1\n4 -3 -4 6 20 50 1\n5 0 7 6 0 100 1\n"
    "6 9 0 6 0 100 1\n7 0 9 6 0 100 1\n8 9 9 6 0 100 1\n9 1 1 6 0 100 1\n"
)


@pytest.fixture
def square() -> RoutesFile:
    """Put a depot in the middle of four customers, each ten away, two to a vehicle."""
    xy = np.array([[0, 0], [10, 0], [10, 1], [-10, 0], [-10, 1]], dtype=np.float64)
    return RoutesFile(
        name="square",
        xy=xy,
        demand=np.array([0, 1, 1, 1, 1.0]),
        ready=np.zeros(5),
        due=np.full(5, 100.0),
        service=np.zeros(5),
        capacity=2,
        best_known=(2, 40.0),
    )


def test_two_vehicles_take_two_customers_each(square):
    found = bench_routes(square, seconds=0.5, seed=1)
    assert (found.vehicles, found.is_feasible, found.unserved, found.is_never_worse) == (2, True, 0, True)
    assert found.distance == pytest.approx(2 * (10 + 1 + np.hypot(10, 1)), abs=0.01)
    assert found.gap == pytest.approx((2 * (10 + 1 + np.hypot(10, 1))) / 40 - 1, abs=1e-3)


def test_one_vehicle_is_enough_where_it_holds_all(square):
    assert bench_routes(replace(square, capacity=4), seconds=0.5, seed=1).vehicles == 1


def test_faults_are_found_in_real_numbers(square):
    assert faults_of(square, [[0, 1], [2, 3]]) == ()
    assert faults_of(square, [[0, 1, 2], [3]]) == ("route 0: over capacity",)
    assert faults_of(square, [[0, 1], [2]]) == ("not everybody exactly once",)
    late = replace(square, due=np.array([100, 9.999, 100, 100, 100]))
    assert faults_of(late, [[0, 1], [2, 3]]) == ("route 0: late at 1",)
    assert routes_distance(square, [[0], []]) == 20


def test_a_customer_nobody_reaches_makes_no_feasible_plan(square):
    far = replace(square, due=np.array([100, 5.0, 100, 100, 100]))
    found = bench_routes(far, seconds=0.5, seed=1)
    assert (found.is_feasible, found.distance, found.gap, found.unserved) == (False, None, None, 1)


def test_made_up_rounds_are_the_same_for_the_same_seed_and_nobody_is_left_out():
    one, two = made_up_round(10, 3), made_up_round(10, 3)
    assert (one.travel_s == two.travel_s).all()
    results = list(bench_rounds([10], seconds=0.3, seed=3))
    assert [result.planner for result in results] == ["ours", "vroom", "pyvrp"]
    assert [result.violations for result in results] == [0, 0, 0]
    assert results[0].left_out == 0
    assert min(result.ratio or 9 for result in results) == 1


def test_the_command_prints_one_document(tmp_path):
    path = tmp_path / "r1.txt"
    path.write_text(ROWS, encoding="utf-8")
    done = CliRunner().invoke(app, ["bench", "visits", str(path), "--capacity", "20", "--seconds", "0.5", "--json"])
    assert done.exit_code == 0
    (row,) = json.loads(done.stdout)
    assert (row["file"], row["is_feasible"], row["best_known_distance"], row["gap"]) == ("r1.txt", True, None, None)
    rounds = CliRunner().invoke(app, ["bench", "visits", "--synthetic", "4", "6", "--seconds", "0.2", "--json"])
    assert {row["visits"] for row in json.loads(rounds.stdout)} == {4, 6}


@pytest.mark.parametrize("words", [[], ["no.txt"], ["--synthetic", "4", "some.txt"]])
def test_what_cannot_be_read_is_said(words):
    done = CliRunner().invoke(app, ["bench", "visits", *words])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
