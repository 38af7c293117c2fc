"""Every single run in `var/bench/results.json`, so that a long run can be made in pieces on one machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from benchmarks.checker import Verdict
from benchmarks.goals import Goal
from benchmarks.others import Section
from benchmarks.records import Case, Record, Results, WorldFacts

if TYPE_CHECKING:
    from pathlib import Path


def keep(results: Results, others: list[Section], path: Path) -> None:
    """Write all that was measured."""
    document = {
        "records": [asdict(record) for record in results.records],
        "worlds": [[asdict(case), asdict(facts)] for case, facts in results.worlds.items()],
        "others": [asdict(section) for section in others],
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")


def take_up(path: Path) -> tuple[Results, list[Section]]:
    """Read what `keep` wrote; nothing where there is no such file."""
    if not path.exists():
        return Results(), []
    document = json.loads(path.read_text(encoding="utf-8"))
    records = [
        Record(
            **{
                **row,
                "case": Case(**row["case"]),
                "verdict": Verdict(**row["verdict"]) if row["verdict"] else None,
                "before": Verdict(**row["before"]) if row["before"] else None,
            }
        )
        for row in document["records"]
    ]
    worlds = {Case(**case): WorldFacts(**facts) for case, facts in document["worlds"]}
    others = [Section(row["text"], tuple(Goal(**goal) for goal in row["goals"])) for row in document["others"]]
    return Results(records, worlds), others


def without(results: Results, measured_again: set[tuple[str, str]]) -> Results:
    """Leave out what is measured again: sizes under rules."""
    return Results(
        [record for record in results.records if (record.case.size, record.case.rules) not in measured_again],
        {case: facts for case, facts in results.worlds.items() if (case.size, case.rules) not in measured_again},
    )
