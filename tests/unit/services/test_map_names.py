"""Names of the ground in long texts: what is typed finds the right line, the best first."""

from __future__ import annotations

from gis.services.map_names import Names, plainly

ESTATE = ("青石苑", "qsy")
NUMBERS = ("1", "3", "13", "30", "A")


def buildings() -> Names:
    written = [(k, f"{ESTATE[0]}{no}" + ("幢" if no.isdecimal() else "座")) for k, no in enumerate(NUMBERS)]
    return Names(written, [(k, f"{ESTATE[1]}{no.lower()}") for k, no in enumerate(NUMBERS)])


def best(*words: str) -> list[str]:
    found = buildings().find(words)
    return [NUMBERS[k] for k, _ in sorted(found.items(), key=lambda pair: pair[1])]


def test_a_number_is_found_as_a_whole_and_the_shortest_name_first():
    assert best("青石苑3") == ["3", "30"]
    assert best("青石苑3幢") == ["3"]
    assert best("3幢") == ["3"]  # 13幢 ends so too


def test_a_number_is_written_in_many_ways():
    for text in ("青石苑 3幢", "青石苑3栋", "青石苑３号楼", "3幢 青石苑", "青石苑3#"):
        assert best(*text.split())[0] == "3", text
    assert plainly("Ａ座 １２＃") == "a座12幢"


def test_first_letters_find_the_name_from_its_beginning_only():
    assert best("qsy3") == ["3", "30"]
    assert best("QSY1")[0] == "1"
    assert best("sy") == []


def test_nothing_typed_and_nothing_there_find_nothing():
    assert buildings().find([""]) == {}
    assert Names([], []).find(["青"]) == {}
    assert buildings().find(["%"]) == buildings().find(["\n"]) == {}
