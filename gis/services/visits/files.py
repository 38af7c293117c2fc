"""Results files of the offline sheet: read with every doubt, then recorded like any other result.

A file is JSON: `{"format": "jiujin-visit-results", "version": 1, "sheet": "SX…", "results": [{"key", "target",
"result", "on", "by", "note", "next_on", "based_on", "replaces"}]}`. `result` is a code or its Chinese name; `by`,
`note`, `next_on`, `based_on` and `replaces` may be left out. `replaces`: the keys (or the one) under which the
same sender had put earlier answers for this target into earlier files.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gis.errors import Fault, InputError
from gis.model.ids import TargetId
from gis.model.visits import ResultSource, ResultState, SaidResult, VisitResult
from gis.services.visits.result_checks import is_key
from gis.services.visits.results import record_results, rehearse_results

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.services.visits.results import ResultOutcome
    from gis.store.database import Store

FORMAT, VERSION = "jiujin-visit-results", 1
LARGEST_FILE = 1_000_000  # bytes; a sheet of 150 members has some 30,000
MOST_RESULTS = 2_000
LONGEST_TEXT, LONGEST_NUMBER, MOST_REPLACED = 1_000, 32, 50
BIGGEST_ID = 2**31 - 1
SHOWN_FAULTS = 5
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_OURS = "不是走访结果文件：请选择手机离线单“生成结果文件”得到的文件"


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """What a results file says; nothing of it has been checked against the database."""

    sheet_number: str
    said: tuple[SaidResult, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of a results file, or (dry run) what would come of it."""

    sheet_number: str
    is_done: bool
    outcomes: tuple[ResultOutcome, ...]

    @property
    def accepted(self) -> int:
        """How many are new and stand."""
        return sum(one.state is ResultState.ACCEPTED and not one.is_same for one in self.outcomes)

    @property
    def same(self) -> int:
        """How many were known already."""
        return sum(one.is_same for one in self.outcomes)

    @property
    def in_conflict(self) -> int:
        """How many contradict what stands and wait for a decision."""
        return sum(one.state is ResultState.CONFLICT and not one.is_same for one in self.outcomes)

    @property
    def refused(self) -> int:
        """How many could not be kept."""
        return sum(one.is_refused for one in self.outcomes)


def apply_results_file(actor: Actor, store: Store, content: bytes, *, apply: bool = False) -> FileReport:
    """Say what a results file would do, or with `apply` record it; twice the same file has one effect.

    Raises
    ------
    InputError
        The file cannot be read; see `read_results_file`.
    NotFoundError
        There is no sheet with the number of the file.
    """
    file = read_results_file(content)
    do = record_results if apply else rehearse_results
    outcomes = do(actor, store, file.said, ResultSource.FILE, file.sheet_number)
    return FileReport(file.sheet_number, apply, outcomes)


def read_results_file(content: bytes) -> ResultsFile:
    """Read a results file.

    Raises
    ------
    InputError
        It is not such a file, too large, of another version, or lines of it are at fault; every fault is named.
    """
    document = _document(content)
    if document.get("version") != VERSION or isinstance(document.get("version"), bool):
        version = str(document.get("version"))[:20]
        msg = f"结果文件是第 {version} 版，本系统只认第 {VERSION} 版：请用本系统现在生成的离线单重新导出"
        raise InputError(msg)
    number, lines = document.get("sheet"), document.get("results")
    if not isinstance(number, str) or not number.strip() or len(number) > LONGEST_NUMBER or not number.isprintable():
        msg = "结果文件里没有走访单号：请用手机离线单重新导出"
        raise InputError(msg)
    if not isinstance(lines, list) or not lines:
        msg = "结果文件里一条结果也没有：请先在离线单上登记，再导出"
        raise InputError(msg)
    if len(lines) > MOST_RESULTS:
        msg = f"结果文件里有 {len(lines)} 条，一张走访单不会超过 {MOST_RESULTS} 条，请核对文件"
        raise InputError(msg)
    return ResultsFile(number.strip(), _said(lines))


def _document(content: bytes) -> Mapping[str, Any]:
    if not content.strip():
        msg = "文件是空的：请重新导出"
        raise InputError(msg)
    if len(content) > LARGEST_FILE:
        msg = f"文件有 {len(content) / 1e6:.1f} MB，走访结果文件不超过 {LARGEST_FILE // 10**6} MB：{_NOT_OURS}"
        raise InputError(msg)
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(error.doc.rstrip())
        what = "文件不完整（可能没有传完）" if is_cut else f"文件第 {error.lineno} 行起的内容无法识别"
        msg = f"{what}。{_NOT_OURS}，不要用其他程序改动"
        raise InputError(msg) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InputError(_NOT_OURS) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError(_NOT_OURS)
    return document


def _no_number(text: str) -> None:
    raise ValueError(text)


def _said(lines: list[Any]) -> tuple[SaidResult, ...]:
    """Read the lines; the same line twice is one, two lines of one key that differ are a fault."""
    faults: list[Fault] = []
    found: dict[str, SaidResult] = {}
    for row, line in enumerate(lines, start=1):
        try:
            one = _line(line)
        except InputError as error:
            faults.append(Fault(str(error), row=row))
            continue
        if found.setdefault(one.key, one) != one:
            faults.append(Fault("与前面一条编号相同而内容不同", row=row))
    if faults:
        shown = "；".join(f"第 {one.row} 条{one.message}" for one in faults[:SHOWN_FAULTS])
        more = f"；共 {len(faults)} 处" if len(faults) > SHOWN_FAULTS else ""
        msg = f"结果文件有误，一条也没有登记：{shown}{more}"
        raise InputError(msg, tuple(faults))
    return tuple(found.values())


def _line(line: object) -> SaidResult:
    if not isinstance(line, dict):
        msg = "不是一条结果"
        raise InputError(msg)
    based_on = _number(line.get("based_on"), "所更正的结果编号", least=0) if line.get("based_on") is not None else None
    return SaidResult(
        key=_text(line.get("key"), "编号"),
        target_id=TargetId(_number(line.get("target"), "党员编号", least=1)),
        result=_result(line.get("result")),
        on_day=_day(line.get("on"), "走访日期"),
        by_name=_text(line.get("by") or "", "走访人"),
        note=_text(line.get("note") or "", "备注"),
        next_on=_day(line["next_on"], "下次走访日期") if line.get("next_on") else None,
        based_on=based_on,
        replaces=_replaced(line),
    )


def _replaced(line: Mapping[str, Any]) -> tuple[str, ...]:
    said = line.get("replaces") or []
    keys = [said] if isinstance(said, str) else said
    is_list = isinstance(keys, list) and len(keys) <= MOST_REPLACED
    if not is_list or any(not isinstance(one, str) or not is_key(one) or one == line.get("key") for one in keys):
        msg = "所更正的编号无法识别"
        raise InputError(msg)
    return tuple(keys)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        msg = f"的{name}不是文字，或者太长"
        raise InputError(msg)
    return value


def _number(value: object, name: str, *, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= BIGGEST_ID:
        msg = f"的{name}无法识别：{str(value)[:20]}"
        raise InputError(msg)
    return value


def _result(value: object) -> VisitResult:
    found = VisitResult.from_label(value) if isinstance(value, str) else None
    if found is None:
        msg = f"的结果“{str(value)[:20]}”无法识别，只能是：{'、'.join(VisitResult.labels())}"
        raise InputError(msg)
    return found


def _day(value: object, name: str) -> date:
    text = value if isinstance(value, str) and _DAY.fullmatch(value) else ""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"的{name}“{str(value)[:20]}”无法识别，应为 年-月-日，例如 2026-11-20"
        raise InputError(msg) from error
