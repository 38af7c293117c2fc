"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from gis.errors import InputError
from gis.ui.dates import read_day


@pytest.mark.parametrize("text", ["2026-3-5", "2026-03-05", "2026/3/5", " 2026年3月5日 ", "2026.03.05"])
def test_a_day_is_read_however_it_is_written(text: str):
    assert read_day(text, "决定日期") == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["", "2026-02-30", "2026-13-01", "去年", "20260305", "2026-3-5-1"])
def test_what_is_no_day_is_refused_with_an_example(text: str):
    with pytest.raises(InputError, match="例如 2026-03-05"):
        read_day(text, "决定日期")
