"""The made-up street, planned: scores of a few seeds, with a tolerance.

`python -m tests.golden.test_sample_street_golden` writes them anew; read the difference.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gis.model.access import operator
from gis.model.plan import GroupingRequest
from gis.services.grouping import propose_groups
from gis.services.plan_check import check_plan
from gis.services.plan_document import plan_document
from gis.services.sample.street import SampleRequest, sample_street
from tests.fixtures.stores import open_store

GOLDEN = Path(__file__).with_name("sample_street_scores.json")
TODAY = datetime(2026, 11, 21)  # noqa: DTZ001  # the store's clock is naive UTC; ages count from it
SEEDS = (7, 11, 2026)
WALK_TOLERANCE_M = 2.0  # another release of GEOS or PROJ may move a vertex


def _plan(seed: int, url: str) -> tuple[dict[str, Any], list[str]]:
    """Make the street of a seed, plan it, and check the plan."""
    with closing(open_store(url)) as store:
        store.clock = lambda: TODAY
        sample_street(operator(), store, SampleRequest(seed, 1366, None))
        document = json.loads(json.dumps(plan_document(propose_groups(operator(), store, GroupingRequest()))))
        return document, [f"{one.rule} {one.where}" for one in check_plan(operator(), store, document)]


def _scores(document: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": document["status"],
        "gap": document["gap"],
        "groups": len(document["groups"]),
        "unseated": len(document["unseated"]),
        **document["scores"],
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_transition_members_are_planned_to_proven_optimum(seed: int, sqlite_url: str):
    document, violations = _plan(seed, sqlite_url)
    want = json.loads(GOLDEN.read_text(encoding="utf-8"))[str(seed)]
    found = _scores(document)
    assert violations == []
    assert {name: found[name] for name in ("status", "gap", "groups", "unseated", "seated")} == {
        name: want[name] for name in ("status", "gap", "groups", "unseated", "seated")
    }
    for name in ("mean_walk_m", "p90_walk_m", "longest_walk_m"):
        assert found[name] == pytest.approx(want[name], abs=WALK_TOLERANCE_M)
    assert all(seat["why"] for group in document["groups"] for seat in group["members"])
    assert all(one["reason"] and one["smallest_change"] for one in document["unseated"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = {str(seed): _scores(_plan(seed, f"sqlite:///{folder}/{seed}.db")[0]) for seed in SEEDS}
    GOLDEN.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
