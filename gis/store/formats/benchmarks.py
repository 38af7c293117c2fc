"""Public capacitated p-median files: OR-Library (pmedcap) and Lorena (SJC, p3038).

OR-Library: a number and the best known value, then `n p capacity`, then `id x y demand`; distances are whole, rounded
down. Lorena: `n p`, then `x y capacity demand`; distances are real. A file may hold all of it in any number of lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import Fault, InputError, system_reason

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_COLUMNS = 4
_OR_HEAD = 5
#: Numbers before the nodes, where the number of nodes is among them, and where the best known value is if anywhere.
_HEADS = ((_OR_HEAD, 2, 1), (2, 0, None), (3, 0, 2), (3, 1, 0), (4, 2, 1))
_MOST_NODES = 20_000
_SHOWN = 20  # letters of a faulty word
_MOST = 2**53  # whole numbers above this are not exact as read

#: Best values published for files that do not say theirs (Lorena and Senne; Stefanello et al. 2015).
BEST_KNOWN = {
    "sjc1": 17288.99,
    "sjc2": 33270.94,
    "sjc3a": 45335.16,
    "sjc3b": 40635.90,
    "sjc4a": 61925.51,
    "sjc4b": 52458.02,
    "p3038_600": 122711.17,
    "p3038_700": 109677.30,
    "p3038_800": 100064.94,
    "p3038_900": 92310.09,
    "p3038_1000": 85854.05,
}


@dataclass(frozen=True, eq=False)
class MedianFile:
    """Nodes, each a member and a possible host; `n_groups` hosts open at most.

    `xy` has shape (n, 2), `capacity` and `demand` (n,). `is_whole`: distances are rounded down to whole numbers.
    """

    name: str
    xy: FloatArray
    capacity: IntArray
    demand: IntArray
    n_groups: int
    is_whole: bool
    best_known: float | None


def read_median_files(path: Path) -> tuple[MedianFile, ...]:
    """Read the problems of one file, mostly one, telling its format by its shape.

    Raises
    ------
    InputError
        The file cannot be read or is of neither format.
    """
    numbers = _numbers(path)
    several = _several(path, numbers)
    if several:
        return several
    for head, at, best in _HEADS:
        count = int(numbers[at]) if len(numbers) > head else 0
        if not (0 < count <= _MOST_NODES and len(numbers) == head + _COLUMNS * count):
            continue
        rows = numbers[head:].reshape(count, _COLUMNS)
        known = float(numbers[best]) if best is not None else None
        if head == _OR_HEAD:
            return (_checked(path, _or_library(path.name, numbers, rows)),)
        return (_checked(path, _lorena(path, int(numbers[at + 1]), known, rows)),)
    raise _not_a_file(path.name, "行数与文件头所写的点数不符")


def read_median_file(path: Path) -> MedianFile:
    """Read the first problem of one file; raises as `read_median_files`."""
    return read_median_files(path)[0]


def _numbers(path: Path) -> FloatArray:
    try:
        words = path.read_text(encoding="utf-8-sig", errors="replace").split()
    except OSError as error:
        msg = f"文件读不到：{path}（{system_reason(error)}）"
        raise InputError(msg) from error
    numbers = np.array([_number(path, word) for word in words])
    if not np.isfinite(numbers).all():
        word = words[int(np.argmin(np.isfinite(numbers)))]
        raise _not_a_file(path.name, f"含有不是数字的内容“{word[:_SHOWN]}”")
    return numbers


def _number(path: Path, word: str) -> float:
    try:
        return float(word)
    except ValueError as error:
        shown = "".join(letter if letter.isprintable() else "?" for letter in word[:_SHOWN])
        raise _not_a_file(path.name, f"含有不是数字的内容“{shown}”") from error


def _whole(name: str, column: FloatArray) -> IntArray:
    if (np.abs(column) > _MOST).any() or (column % 1 != 0).any():
        raise _not_a_file(name, "容量和需求应为整数，且不能过大")
    return column.astype(np.int64)


def _several(path: Path, numbers: FloatArray) -> tuple[MedianFile, ...]:
    """Read OR-Library's file of all problems: how many, then one after the other; empty where it is not one."""
    found: list[MedianFile] = []
    at = 1
    while at + _OR_HEAD < len(numbers):
        count = int(numbers[at + 2])
        end = at + _OR_HEAD + _COLUMNS * count
        if not 0 < count <= _MOST_NODES or end > len(numbers):
            return ()
        rows = numbers[at + _OR_HEAD : end].reshape(count, _COLUMNS)
        found.append(_or_library(f"{path.name}#{len(found) + 1}", numbers[at:end], rows))
        at = end
    is_whole = at == len(numbers) and len(found) == numbers[:1].sum()
    return tuple(_checked(path, each) for each in found) if is_whole else ()


def _or_library(name: str, numbers: FloatArray, rows: FloatArray) -> MedianFile:
    n = len(rows)
    return MedianFile(
        name=name,
        xy=rows[:, 1:3],
        capacity=np.repeat(_whole(name, numbers[4:5]), n),
        demand=_whole(name, rows[:, 3]),
        n_groups=int(numbers[3]),
        is_whole=True,
        best_known=float(numbers[1]) or None,
    )


def _lorena(path: Path, n_groups: int, known: float | None, rows: FloatArray) -> MedianFile:
    return MedianFile(
        name=path.name,
        xy=rows[:, :2],
        capacity=_whole(path.name, rows[:, 2]),
        demand=_whole(path.name, rows[:, 3]),
        n_groups=n_groups,
        is_whole=False,
        best_known=known or BEST_KNOWN.get(path.stem.lower()),
    )


def _checked(path: Path, found: MedianFile) -> MedianFile:
    if not 0 < found.n_groups <= len(found.demand):
        raise _not_a_file(path.name, "组数应在 1 和点数之间")
    if (found.demand < 1).any() or (found.capacity < 0).any():
        raise _not_a_file(path.name, "需求应不小于 1，容量不能为负")
    return found


def _not_a_file(name: str, why: str) -> InputError:
    msg = f"{name} 不是 OR-Library 或 Lorena 的 p-中位文件：{why}"
    return InputError(msg, (Fault(why, file=name),))
