"""First letters of pinyin: the usual reading, and of a surname both."""

from __future__ import annotations

import pytest

from gis.store.initials import LONGEST, initials_of


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("禾春耕", "hcg"),
        ("单小满", "dxm sxm"),
        ("曾谷雨", "cgy zgy"),
        ("禾 春　耕", "hcg"),
        ("欧阳娜娜", "oynn"),
        ("阿依·古丽", "aygl"),
        ("禾A3", "ha3"),
        ("重庆北苑", "cqby"),
        ("", ""),
    ],
)
def test_a_name_is_spelled(name: str, letters: str):
    assert initials_of(name) == letters


def test_a_name_fits_its_column():
    assert len(initials_of("单" * 500)) <= LONGEST
