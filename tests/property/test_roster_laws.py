"""Laws of rosters: no cell raises anything but a sentence, and every spelling of a value is the same value."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from gis.store.formats import roster_values as values
from gis.store.formats.roster_headers import find_header, recognise
from gis.store.formats.roster_rows import read_row
from gis.store.formats.roster_values import CellError
from tests.fixtures.rosters import AS_OF, BRANCH_HEADER, branch_row

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - as Excel gives them
    st.from_regex(r"\d{4}[./年\-]?\d{0,2}[月]?", fullmatch=True),
)
PARSERS: list[Callable[[Any], Any]] = [
    values.parse_name,
    values.parse_gender,
    values.parse_status,
    values.parse_membership,
    values.parse_phones,
    values.parse_age,
    values.parse_party_age,
    values.parse_yes,
    values.parse_housing,
    values.parse_job,
    values.parse_mode,
    values.is_damaged_id,
    lambda cell: values.parse_birth(cell, AS_OF),
    lambda cell: values.parse_past(cell, AS_OF),
]
SPELLINGS = (
    "{y}.{m:02d}",
    "{y}{m:02d}",
    "{y}-{m}",
    "{y}年{m}月",
    "{y}/{m}/12",
    "{y}{m:02d}12",
    "{y}年{m:02d}月12日",
    "{y}、{m}",
)


@given(CELLS)
def test_a_cell_raises_nothing_but_a_sentence(cell: Any):
    for parse in PARSERS:
        with contextlib.suppress(CellError):
            parse(cell)


@given(st.integers(1930, 2005), st.integers(1, 12), st.sampled_from(SPELLINGS))
def test_every_spelling_of_a_month_is_that_month(year: int, month: int, spelling: str):
    assert values.parse_birth(spelling.format(y=year, m=month), AS_OF) == f"{year}-{month:02d}"


@given(st.dates(date(1930, 1, 1), date(2005, 12, 31)))
def test_serial_numbers_and_dates_agree(day: date):
    serial = (day - date(1899, 12, 30)).days
    assert values.parse_birth(serial, AS_OF) == values.parse_birth(day, AS_OF) == values.parse_birth(str(serial), AS_OF)


@given(st.text(max_size=40))
def test_any_header_can_be_looked_up(text: str):
    recognise(text)


@given(st.lists(st.lists(CELLS, max_size=20), max_size=6), st.integers(0, 4))
def test_the_header_is_found_below_any_rows_that_are_none(before: list[list[Any]], titles: int):
    rows = [*([["某某村党员名册"]] * titles), BRANCH_HEADER, branch_row(), *before]
    header = find_header(rows)
    assert header is not None
    assert header.first == header.last == titles


@given(st.lists(CELLS, min_size=17, max_size=17))
def test_a_row_of_anything_is_a_person_or_faults(cells: list[Any]):
    header = find_header([BRANCH_HEADER])
    assert header is not None
    row, faults = read_row(cells, header, AS_OF)
    assert row.name or faults
    assert all(fault.message for fault in faults)


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4),
    st.sampled_from([" ", "\u3000", "\n", "\u200b"]),
)
def test_spaces_inside_a_name_say_nothing(name: str, space: str):
    assert values.parse_name(space.join(name)) == values.parse_name(name) == name
