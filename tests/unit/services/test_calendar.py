"""Working days, fixed days and the file of a year's holidays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gis.errors import InputError
from gis.model.meetings import Holiday, HolidayShift, SessionKind
from gis.model.settings import OfficeSettings
from gis.services.calendar import is_working_day, shifted, working_days_after, years_without_table
from gis.services.fixed_days import fixed_day
from gis.services.holiday_file import read_holidays
from gis.services.sample._holidays import HOLIDAYS

NATIONAL_DAY = read_holidays(HOLIDAYS.encode(), "放假安排")
THURSDAY = date(2026, 9, 24)


def test_without_a_table_the_week_has_five_working_days():
    assert working_days_after(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert working_days_after(date(2026, 11, 20), 15) == date(2026, 12, 11)


def test_no_working_days_later_is_the_same_day_whatever_it_is():
    assert working_days_after(date(2026, 11, 21), 0) == date(2026, 11, 21)


def test_holidays_do_not_count_and_make_up_days_do():
    # 24 Sep; 25–27 off, 28, 29, 30, 1–7 off, 8, 9, 10 (Saturday, worked)
    assert working_days_after(THURSDAY, 3, NATIONAL_DAY) == date(2026, 9, 30)
    assert working_days_after(THURSDAY, 6, NATIONAL_DAY) == date(2026, 10, 10)


def test_a_mapping_says_the_same_as_the_rows():
    table = {one.day: one.is_workday for one in NATIONAL_DAY}
    assert working_days_after(THURSDAY, 6, table) == working_days_after(THURSDAY, 6, NATIONAL_DAY)


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [(date(2026, 10, 1), False), (date(2026, 10, 10), True), (date(2026, 10, 17), False), (date(2026, 10, 16), True)],
)
def test_the_table_goes_before_the_week(day: date, is_worked: bool):  # noqa: FBT001  # the value that is compared
    assert is_working_day(day, NATIONAL_DAY) is is_worked


@pytest.mark.parametrize(
    ("policy", "held"),
    [
        (HolidayShift.KEEP, date(2026, 10, 5)),
        (HolidayShift.NEXT, date(2026, 10, 8)),
        (HolidayShift.PREVIOUS, date(2026, 9, 30)),
    ],
)
def test_a_fixed_day_on_a_holiday_moves_as_the_office_says(policy: HolidayShift, held: date):
    assert shifted(date(2026, 10, 5), policy, NATIONAL_DAY) == held


def test_a_working_day_stays():
    assert shifted(date(2026, 11, 5), HolidayShift.NEXT, NATIONAL_DAY) == date(2026, 11, 5)


def test_the_fixed_day_of_a_short_month_is_its_last():
    settings = OfficeSettings(study_day=31)
    assert fixed_day(settings, SessionKind.STUDY_DAY, 2027, 2) == date(2027, 2, 28)
    assert fixed_day(settings, SessionKind.SERVICE_DAY, 2027, 2) == date(2027, 2, 25)


def test_a_year_without_a_table_is_named():
    assert years_without_table([date(2026, 5, 5), date(2027, 5, 5)], NATIONAL_DAY) == (2027,)


def test_a_row_may_name_a_stretch_of_days():
    found = read_holidays(
        "日期,到,安排,名称\n2027-01-01,2027-01-03,放假,元旦\n2027/1/4,,上班,\n".encode("gb18030"), "x.csv"
    )
    assert found == (
        Holiday(date(2027, 1, 1), is_workday=False, name="元旦"),
        Holiday(date(2027, 1, 2), is_workday=False, name="元旦"),
        Holiday(date(2027, 1, 3), is_workday=False, name="元旦"),
        Holiday(date(2027, 1, 4), is_workday=True),
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("日期,安排\n2027-02-30,放假\n", "2027-02-30"),
        ("日期,安排\n2027-02-03,休息\n", "请填 放假 或 上班"),
        ("日期,到,安排\n2027-02-03,2027-02-01,放假\n", "终止日期"),
        ("日期,到,安排\n2027-02-03,2028-02-01,放假\n", "30 天"),
        ("日子,安排\n2027-02-03,放假\n", "日期"),
        ("日期,安排\n", "没有一天"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, why: str):
    with pytest.raises(InputError, match=why):
        read_holidays(text.encode(), "放假.csv")


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(InputError, match="编码"):
        read_holidays(b"\xff\xfe\x00\xd8\x00", "x.csv")


def test_the_file_that_is_shipped_is_the_sample_s_table():
    shipped = Path(__file__).parents[3] / "data/holidays-2026.csv"
    assert shipped.read_text(encoding="utf-8") == HOLIDAYS
