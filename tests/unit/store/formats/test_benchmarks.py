"""Public benchmark files are read as they are published, and other files are refused in words."""

from __future__ import annotations

import pytest

from gis.errors import InputError
from gis.services.benchmarking import distances
from gis.store.formats.benchmarks import read_median_file, read_median_files

OR_LIBRARY = " 3 713\n 2 1 120\n 1 0 0 3\n 2 1 1 14\n"
LORENA = "2 1\n  0  0     720      50\n  3  4     700       4\n"


def written(tmp_path, text, name="one.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_or_library_distances_are_rounded_down(tmp_path):
    found = read_median_file(written(tmp_path, OR_LIBRARY))
    assert (found.n_groups, found.best_known, found.is_whole) == (1, 713.0, True)
    assert (found.capacity.tolist(), found.demand.tolist()) == ([120, 120], [3, 14])
    assert distances(found).tolist() == [[0, 1], [1, 0]]


def test_lorena_distances_are_real_and_capacities_each_nodes_own(tmp_path):
    found = read_median_file(written(tmp_path, LORENA, "SJC1.dat"))
    assert (found.n_groups, found.best_known, found.is_whole) == (1, 17288.99, False)
    assert (found.capacity.tolist(), found.demand.tolist()) == ([720, 700], [50, 4])
    assert distances(found).tolist() == [[0, 5], [5, 0]]
    assert read_median_file(written(tmp_path, LORENA, "new.dat")).best_known is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "行数"),
        ("2 1\n0 0 1 1\n", "行数"),
        ("two nodes", "不是数字的内容“two”$"),
        (LORENA.replace("50", "nan"), "不是数字的内容“nan”$"),
        (LORENA.replace("50", "2.5"), "整数"),
        (LORENA.replace("700", "1e308"), "整数"),
        (OR_LIBRARY.replace("120", "10.5"), "整数"),
        (LORENA.replace("2 1\n", "2 3\n"), "组数"),
        (LORENA.replace("      4\n", "      0\n"), "需求"),
    ],
)
def test_other_files_are_refused_in_words(tmp_path, text, why):
    with pytest.raises(InputError, match=why):
        read_median_file(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="文件读不到"):
        read_median_file(tmp_path / "none.txt")


@pytest.mark.parametrize("head", ["99.5\n2 1\n", "2 1 99.5\n", "7 99.5\r\n2 1\r\n"])
def test_a_lorena_file_may_say_its_best_known_value(tmp_path, head):
    found = read_median_file(written(tmp_path, head + LORENA.split("\n", 1)[1].replace("\n", "\r\n"), "SJC1.dat"))
    assert (found.n_groups, found.best_known, found.is_whole) == (1, 99.5, False)


def test_a_file_of_several_problems_is_read_problem_by_problem(tmp_path):
    found = read_median_files(written(tmp_path, " 2\n" + OR_LIBRARY + OR_LIBRARY.replace("713", "740"), "all.txt"))
    assert [(each.name, each.best_known) for each in found] == [("all.txt#1", 713.0), ("all.txt#2", 740.0)]
