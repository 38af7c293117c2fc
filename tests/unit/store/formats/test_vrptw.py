"""Solomon's files are read as they are published, and other files are refused in words."""

from __future__ import annotations

import pytest

from gis.errors import InputError
from gis.store.formats.vrptw import BEST_KNOWN, read_routes_file

ROWS = "1 0 0 0 0 100 0\n2 3 4 10 0 50 5.5\n"
HEADED = (
    "C101\n\nVEHICLE\nNUMBER     CAPACITY\n  25         200\n\nCUSTOMER\n"
    "CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\n\n"
)


def written(tmp_path, text, name="r101.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_the_depot_and_its_customers(tmp_path):
    found = read_routes_file(written(tmp_path, ROWS))
    assert found.xy.tolist() == [[0, 0], [3, 4]]
    assert (found.demand[1], found.ready[1], found.due[1], found.service[1]) == (10, 0, 50, 5.5)
    assert found.capacity == 200
    assert found.best_known is None  # the published value is for a hundred customers


def test_the_best_known_belongs_to_the_name_and_a_hundred_customers(tmp_path):
    rows = "".join(f"{number} {number} 0 1 0 1000 0\n" for number in range(1, 102))
    assert read_routes_file(written(tmp_path, rows, "RC201.TXT")).best_known == (4, 1406.94)
    assert len(BEST_KNOWN) == 56


def test_the_capacity_is_what_is_said_else_the_heading_else_the_class(tmp_path):
    assert read_routes_file(written(tmp_path, HEADED + ROWS, "mine.txt")).capacity == 200
    assert read_routes_file(written(tmp_path, HEADED + ROWS, "mine.txt"), 300).capacity == 300
    assert read_routes_file(written(tmp_path, ROWS, "rc207.txt")).capacity == 1000
    with pytest.raises(InputError, match="--capacity"):
        read_routes_file(written(tmp_path, ROWS, "mine.txt"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "第一行是起点"),
        ("1 0 0 0 0 100 0\n", "第一行是起点"),
        (ROWS + "3 x 4 10 0 50 5\n", "第 3 行含有不是数字的内容"),
        (ROWS + "3 nan 4 10 0 50 5\n", "第 3 行含有不是数字的内容"),
        (ROWS + "3 1 4 10 0 50\n", "第 3 行有 6 列"),
        (ROWS + "3 1 4 10 60 50 5\n", "第 3 个点：最早时间晚于最晚时间"),
        (ROWS + "3 1 4 -1 0 50 5\n", "第 3 个点：需求不能为负"),
        (ROWS + "3 1 4 201 0 50 5\n", "第 3 个点的需求超过每辆车的容量 200"),
    ],
)
def test_another_file_is_refused_in_words(tmp_path, text, why):
    with pytest.raises(InputError, match=why):
        read_routes_file(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="文件读不到"):
        read_routes_file(tmp_path / "c101.txt")
