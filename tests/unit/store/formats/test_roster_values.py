from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from gis.model.enums import Gender, MembershipStatus, MemberStatus
from gis.store.formats import roster_values as values
from gis.store.formats.roster_values import CellError
from tests.fixtures.rosters import AS_OF, HOSTILE


@pytest.mark.parametrize(
    "cell",
    [
        *("1956.03", "195603", "1956-3", "1956年3月", "1956/3/12", "19560312", "1956年03月12日", "1956.3生", "20529"),
        *("一九五六年三月", "1956-03-12 00:00:00", "１９５６．０３", "1956、3", "1956.03."),
        *(20529, 20529.0, 195603, 1956.03, 1956.3, datetime(1956, 3, 12)),  # noqa: DTZ001 - as Excel gives it
    ],
)
def test_every_spelling_of_a_birth_month(cell: Any):
    assert values.parse_birth(cell, AS_OF) == "1956-03"


@pytest.mark.parametrize(
    "cell", ["约1970", "1970", "56.3", "1956.13", "1956.2.30", "2015-03", "1900-01", "2030-01", "不详", True, -5]
)
def test_a_birth_month_that_cannot_be(cell: Any):
    with pytest.raises(CellError):
        values.parse_birth(cell, AS_OF)


def test_the_remedy_uses_the_year_given():
    with pytest.raises(CellError, match="“约1970”：请填 年-月，例如 1970-03"):
        values.parse_birth("约1970", AS_OF)


def test_excel_drops_the_zero_of_october():
    with pytest.raises(CellError, match="1956-01 或 1956-10"):
        values.parse_birth(1956.1, AS_OF)
    assert values.parse_birth("1956.10", AS_OF) == "1956-10"
    assert values.parse_birth(1956.12, AS_OF) == "1956-12"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("10012345678", ("10012345678",)),
        (10012345678, ("10012345678",)),
        (10012345678.0, ("10012345678",)),
        ("100 1234 5678", ("10012345678",)),
        ("+86 100-1234-5678", ("10012345678",)),
        ("10012345678/0519-88881234", ("10012345678", "0519-88881234")),
        ("10012345678、10087654321", ("10012345678", "10087654321")),
        ("051988881234", ("0519-88881234",)),
        ("(0519)88881234", ("0519-88881234",)),
        ("010-12345678转801", ("010-12345678",)),
        ("88881234", ("88881234",)),
    ],
)
def test_phones(cell: Any, numbers: tuple[str, ...]):
    assert values.parse_phones(cell) == numbers


@pytest.mark.parametrize("cell", ["100123456789", "1001234567", "1.00123E+10", "电话", 1.5])
def test_bad_phones(cell: Any):
    with pytest.raises(CellError):
        values.parse_phones(cell)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("禾　满", "禾满"),
        ("禾 满", "禾满"),
        ("禾\n小满", "禾小满"),
        ("阿依·买买提", "阿依·买买提"),
        ("阿依•买买提", "阿依·买买提"),
        ("𠮷小满", "𠮷小满"),
        ("\U0002f80a小满", "\U0002f80a小满"),
        (" Anna Maria ", "Anna Maria"),
        *((text, text) for text in HOSTILE),
    ],
)
def test_names_keep_what_belongs_to_them(cell: str, name: str):
    assert values.parse_name(cell) == name


@pytest.mark.parametrize("cell", ["123", "字" * 201])
def test_what_is_no_name(cell: str):
    with pytest.raises(CellError):
        values.parse_name(cell)


def test_codes():
    assert [values.parse_gender(c) for c in ("男", "女", 1, 2.0, "１")] == [
        Gender.MALE,
        Gender.FEMALE,
        Gender.MALE,
        Gender.FEMALE,
        Gender.MALE,
    ]
    assert {values.parse_status(c) for c in ("正式", "正式党员", "中共党员")} == {MemberStatus.FULL}
    assert {values.parse_status(c) for c in ("预备", "预备党员", "中共预备党员")} == {MemberStatus.PROBATIONARY}
    assert values.parse_membership("停止党籍") is MembershipStatus.SUSPENDED
    for parse, cell in ((values.parse_gender, "3"), (values.parse_status, "群众"), (values.parse_membership, "出党")):
        with pytest.raises(CellError):
            parse(cell)


@pytest.mark.parametrize(
    ("cell", "is_damaged"),
    [
        (1.1e17, True),
        (110105194912310000, True),
        ("1.10105E+17", True),
        ("11010519491231002X", False),
        ("110105194912310021", False),
        (320402560301123, False),
        (None, False),
        ("", False),
    ],
)
def test_an_id_number_that_excel_has_damaged(cell: Any, is_damaged: bool):  # noqa: FBT001 - the expected answer
    assert values.is_damaged_id(cell) is is_damaged
