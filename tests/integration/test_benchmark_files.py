"""Public files end at the best known value, by the command that everybody can run; easy ones, as tests must be fast."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from gis.cli.main import app
from tests.fixtures.components import need


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
