"""A day is the office's day: nobody takes it from a time of the database."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: The date of a time that is naive UTC; planned times and times of a route are local
OF_UTC = re.compile(r"clock\(\)\.date\(\)|\bnow\.date\(\)|(created|published|saved|changed|issued|said)_at\.date\(\)")


def test_no_day_is_taken_from_a_time_in_utc():
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("gis", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if OF_UTC.search(line)
    ]
    assert found == []
