from __future__ import annotations

import pytest

from gis.store.formats.roster_headers import Layout, find_header, recognise
from gis.store.formats.roster_words import SYNONYMS
from tests.fixtures.rosters import BRANCH_HEADER, LEDGER_BELOW, LEDGER_TOP, SYSTEM_HEADER


@pytest.mark.parametrize(("field", "word"), [(field, word) for field, words in SYNONYMS.items() for word in words])
def test_every_synonym_is_known_in_every_spelling(field: str, word: str):
    for spelling in (word, f" {word}：", f"{word[:1]} \n{word[1:]}", f"{word}*"):
        assert recognise(spelling) == (field, False)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("联系电话（手机）", "phone"),
        ("过渡期居住地(街道社区/小区/幢/单元/室)", "address"),
        ("家庭住址(到门牌号)", "home_address"),
        ("学习方式(就近参学/上门送学/网络共学)", "study_mode"),
        ("正式/预备", "status"),
    ],
)
def test_parentheses_do_not_hide_a_header(text: str, field: str):
    assert recognise(text)[0] == field


def test_similar_headers_are_marked():
    assert recognise("所在的党支部") == ("branch", True)
    assert recognise("今年计划") == ("", False)


def test_somebody_elses_phone_is_not_the_members():
    assert recognise("联系人电话")[0] == "family_phone"


@pytest.mark.parametrize(
    ("header", "layout"), [(BRANCH_HEADER, Layout.BRANCH), (SYSTEM_HEADER, Layout.SYSTEM)], ids=["branch", "system"]
)
@pytest.mark.parametrize("titles", [0, 1, 3])
def test_the_header_is_found_below_the_titles(header: list[str], layout: Layout, titles: int):
    rows = [["某村党员花名册"] * 3] * titles + [header, ["东风村第一党支部", "禾小满"]]
    found = find_header(rows)
    assert found is not None
    assert (found.first, found.last, found.layout) == (titles, titles, layout)


def test_two_rows_of_header():
    found = find_header([["登记表"], LEDGER_TOP, LEDGER_BELOW, [1, "东风村3组", "禾小满", "男", 70]])
    assert found is not None
    assert (found.first, found.last, found.layout) == (1, 2, Layout.TRANSITION)
    fields = {column.field: column.index for column in found.columns}
    assert (fields["addr_estate"], fields["family_phone"], fields["alone"]) == (11, 7, 21)
    assert [c.option for c in found.of("study_mode")] == ["就近参学", "上门送学", "网络共学"]


def test_a_first_row_without_a_name_is_not_a_second_header():
    found = find_header([BRANCH_HEADER, ["东风村第一党支部", None, "男", "汉", None, "1956.03"]])
    assert found is not None
    assert found.last == 0


def test_options_below_a_header_are_a_second_header_and_one_value_is_not():
    top = ["姓名", "性别", None, "出生年月", "政治面貌", None]
    found = find_header([top, [None, "男", "女", None, "正式", "预备"], ["禾小满", "√"]])
    assert found is not None
    assert (found.last, [c.option for c in found.of("gender")]) == (1, ["男", "女"])
    found = find_header([["姓名", "性别", "出生年月", "政治面貌"], [None, "男", None, "正式"]])
    assert found is not None
    assert found.last == 0


def test_other_tables_are_no_rosters():
    assert find_header([["网格编号", "网格名称", "所属社区", "网格长", "联系电话"]]) is None
    assert find_header([["序号", "所在支部", "党小组", "户主姓名", "地址", "可容纳人数"]]) is None
    assert find_header([["姓名"], ["禾小满"]]) is None
    assert find_header([]) is None
