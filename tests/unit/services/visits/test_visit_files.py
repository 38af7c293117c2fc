"""Reading a results file: what a telephone writes is read, everything else is refused in words that help."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from gis.errors import InputError
from gis.model.visits import VisitResult
from gis.services.visits.files import FORMAT, LARGEST_FILE, read_results_file

LINE = {"key": "a-1", "target": 7, "result": "met", "on": "2026-11-20", "by": "禾走访", "note": "平安", "next_on": None}


def file(*lines: object, **more: object) -> bytes:
    document: dict[str, Any] = {"format": FORMAT, "version": 1, "sheet": "SX20261120-3-1-1", "results": list(lines)}
    return json.dumps({**document, **more}, ensure_ascii=False).encode()


def test_what_the_telephone_writes_is_read():
    content = (
        b"\xef\xbb\xbf" + file(LINE, {"key": "b", "target": 8, "result": "住院", "on": "2026-11-21"}, LINE) + b"\r\n"
    )
    found = read_results_file(content)
    assert found.sheet_number == "SX20261120-3-1-1"
    assert [(one.key, one.target_id, one.result, one.on_day) for one in found.said] == [
        ("a-1", 7, VisitResult.MET, date(2026, 11, 20)),
        ("b", 8, VisitResult.IN_HOSPITAL, date(2026, 11, 21)),
    ]
    assert [(one.by_name, one.note, one.next_on, one.based_on) for one in found.said] == [
        ("禾走访", "平安", None, None),
        ("", "", None, None),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b" \n", "空的"),
        (b"PK\x03\x04\xff", "不是走访结果文件"),
        ("姓名,结果\n".encode("gb18030"), "不是走访结果文件"),
        (b"[]", "不是走访结果文件"),
        (b"null", "不是走访结果文件"),
        (b'{"format": "jiujin-member-copy/1"}', "不是走访结果文件"),
        (b"[" * 100_000, "不是走访结果文件"),
        (file(LINE)[:-20], "不完整"),
        (file(LINE) + b"trailing", "无法识别"),
        (b"x" * (LARGEST_FILE + 1), "MB"),
        (file(LINE, version=2), "第 2 版"),
        (file(LINE, version=True), "版"),
        (file(LINE, version="1"), "版"),
        (file(LINE, sheet=None), "没有走访单号"),
        (file(LINE, sheet="x" * 33), "没有走访单号"),
        (file(), "一条结果也没有"),
        (file(LINE, results={"a": 1}), "一条结果也没有"),
        (file(*[LINE] * 2_001), "核对文件"),
        (file(LINE).replace(b"7", b"NaN"), "不是走访结果文件"),
    ],
)
def test_what_is_no_such_file_is_said(content: bytes, words: str):
    with pytest.raises(InputError, match=words):
        read_results_file(content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"result": "happy"}, "只能是：见面、不在"),
        ({"result": 1}, "只能是"),
        ({"target": "7"}, "党员编号"),
        ({"target": True}, "党员编号"),
        ({"target": 0}, "党员编号"),
        ({"target": 10**12}, "党员编号"),
        ({"on": "20.11.2026"}, "走访日期“20.11.2026”"),
        ({"on": "2026-02-30"}, "走访日期"),
        ({"on": None}, "走访日期"),
        ({"next_on": "soon"}, "下次走访日期"),
        ({"key": None}, "编号"),
        ({"note": ["x"]}, "备注"),
        ({"note": "长" * 1_001}, "备注"),
        ({"based_on": "3"}, "所更正的结果编号"),
    ],
)
def test_a_line_at_fault_is_named_and_nothing_is_taken(change: dict[str, object], words: str):
    with pytest.raises(InputError, match=words) as caught:
        read_results_file(file(LINE, {**LINE, "key": "b", **change}))
    assert [one.row for one in caught.value.faults] == [2]


def test_two_lines_of_one_key_that_differ_are_a_fault():
    with pytest.raises(InputError, match="第 3 条与前面一条编号相同而内容不同"):
        read_results_file(file(LINE, LINE, {**LINE, "note": "别的"}))


def test_many_faults_are_counted():
    with pytest.raises(InputError, match="共 9 处"):
        read_results_file(file(*[{**LINE, "on": "x"}] * 9))


@pytest.mark.parametrize(("said", "read"), [("a-0", ("a-0",)), (["a-0", "b"], ("a-0", "b")), ([], ()), (None, ())])
def test_the_keys_of_earlier_answers_are_read(said: object, read: tuple[str, ...]):
    (one,) = read_results_file(file({**LINE, "replaces": said})).said
    assert one.replaces == read


@pytest.mark.parametrize("said", [7, {"a": 1}, [7], [""], ["x" * 65], " a", "a-1", ["b"] * 51, True])
def test_keys_of_earlier_answers_that_cannot_be_are_refused(said: object):
    with pytest.raises(InputError, match="所更正的编号"):
        read_results_file(file({**LINE, "replaces": said}))
