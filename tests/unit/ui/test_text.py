from __future__ import annotations

import pytest

from gis.ui.text import distinct, hectares, metres, minutes, plain


def test_every_mark_that_markdown_knows_is_escaped():
    assert plain("*a* `b` [c](d) $e$ <f> ![g](h)") == (r"\*a\* \`b\` \[c\]\(d\) \$e\$ \<f\> \!\[g\]\(h\)")


def test_chinese_stays_as_it_is():
    assert plain("第 14 行：请填 年-月，例如 1970-03") == r"第 14 行：请填 年\-月，例如 1970\-03"


def test_a_name_between_colons_does_not_become_a_picture():
    assert plain(":smile:").replace("\u2060", "") == r"\:smile\:"
    assert "\u2060" in plain(":smile:")


def test_equal_labels_are_numbered():
    assert distinct({1: "王伟", 2: "王伟", 3: "李娜"}) == {1: "王伟", 2: "王伟（2）", 3: "李娜"}


@pytest.mark.parametrize(("value", "shown"), [(0, "0 米"), (319.6, "320 米"), (1065.4, "1065 米"), (2345, "2.3 公里")])
def test_metres(value: float, shown: str):
    assert metres(value) == shown


def test_minutes_are_never_none():
    assert minutes(0.2) == "1 分钟"


def test_areas():
    assert (hectares(123_000), hectares(2_400_000)) == ("12.3 公顷", "2.40 平方公里")
