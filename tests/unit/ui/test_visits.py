"""How rounds of visits are said, drawn and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from gis.model.visits import Shift
from gis.ui.visits.picture import spans
from gis.ui.visits.words import days_of, duration, half_of, share, short_half

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
MORNING, AFTERNOON, NEXT_DAY = Shift(MONDAY, 510, 660), Shift(MONDAY, 870, 1020), Shift(TUESDAY, 510, 660)


@pytest.mark.parametrize(
    ("numbers", "said"), [([3], "3"), ([5, 3, 4], "3-5"), ([3, 7], "3+1"), ([2, 3, 9], "2+2"), ([8, 9], "8-9")]
)
def test_stops_at_one_point_share_a_pin(numbers: list[int], said: str):
    assert spans(numbers) == said


@pytest.mark.parametrize(("minutes", "said"), [(35.2, "35 分钟"), (60, "1 小时"), (141.6, "2 小时 22 分")])
def test_durations_are_said_in_hours_and_minutes(minutes: float, said: str):
    assert duration(minutes) == said


def test_half_days_are_told_apart_by_as_little_as_needed():
    assert half_of(AFTERNOON) == "11-23 周一 下午"
    assert short_half(MORNING, [MORNING]) == ""
    assert short_half(MORNING, [MORNING, AFTERNOON]) == "上午"
    assert short_half(NEXT_DAY, [MORNING, NEXT_DAY]) == "11-24 上午"


def test_days_and_shares():
    assert days_of(MONDAY, MONDAY) == "11-23 周一"
    assert days_of(MONDAY, TUESDAY) == "11-23 周一 至 11-24 周二"
    assert (share(84, 110), share(0, 0), share(None, 110)) == ("84/110（76%）", "0/0", "从略")
