"""Made-up rounds of visits, planned: travel of a few seeds, with a tolerance for slower machines.

`python -m tests.golden.test_visits_golden` writes the scores anew, a minute for each round; read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gis.planning.visits.solve import plan_visits
from gis.planning.visits.timing import violations
from gis.services.visits.bench_rounds import made_up_round

SCORES = Path(__file__).with_name("visit_scores.json")
ROUNDS = ((20, 1), (20, 2), (30, 3))
TOLERANCE = 0.05


@pytest.mark.parametrize(("visits", "seed"), ROUNDS)
def test_rounds_are_planned_as_well_as_they_were(visits, seed):
    problem = made_up_round(visits, seed)
    known = json.loads(SCORES.read_text(encoding="utf-8"))[f"{visits} visits, seed {seed}"]
    found = plan_visits(problem, seconds=0.8, seed=1)
    assert violations(problem, found) == ()
    assert len(found.unserved) == known["left_out"]
    assert found.cost_s / 60 <= known["travel_min"] * (1 + TOLERANCE)


def main() -> None:
    """Plan at length and write what was found."""
    scores = {}
    for visits, seed in ROUNDS:
        found = plan_visits(made_up_round(visits, seed), seconds=20, seed=1)
        scores[f"{visits} visits, seed {seed}"] = {
            "left_out": len(found.unserved),
            "travel_min": round(found.cost_s / 60, 1),
        }
    SCORES.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
