"""Public files of routes with time windows: Solomon's, with or without his heading.

Rows `id x y demand ready due service`, the first one the depot, whose window is the working day; distances are
straight lines, real-valued, and a unit of distance takes a unit of time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import Fault, InputError, system_reason

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

_COLUMNS = 7
_FLEET_COLUMNS = 2  # in the heading: how many vehicles, and their capacity
_MOST_NODES = 1_500
_MOST_FAULTS = 5
_LARGEST = 1e7  # of any number: a day in hundredths of a second
_HEADING = re.compile(r"[A-Za-z][\w.\-/ #]*")

#: What a vehicle holds, by class (Solomon, 1987); the headings say it, files without one do not.
CAPACITY = {"C1": 200, "C2": 700, "R1": 200, "R2": 1000, "RC1": 200, "RC2": 1000}

#: Vehicles and distance of the best solutions known, vehicles first: the list kept by SINTEF, and Solomon 1987.
BEST_KNOWN = {
    **dict.fromkeys(("C101", "C102", "C105", "C106", "C107", "C108", "C109"), (10, 828.94)),
    "C103": (10, 828.06),
    "C104": (10, 824.78),
    "C201": (3, 591.56),
    "C202": (3, 591.56),
    "C203": (3, 591.17),
    "C204": (3, 590.60),
    "C205": (3, 588.88),
    "C206": (3, 588.49),
    "C207": (3, 588.29),
    "C208": (3, 588.32),
    "R101": (19, 1650.80),
    "R102": (17, 1486.12),
    "R103": (13, 1292.68),
    "R104": (9, 1007.31),
    "R105": (14, 1377.11),
    "R106": (12, 1252.03),
    "R107": (10, 1104.66),
    "R108": (9, 960.88),
    "R109": (11, 1194.73),
    "R110": (10, 1118.84),
    "R111": (10, 1096.72),
    "R112": (9, 982.14),
    "R201": (4, 1252.37),
    "R202": (3, 1191.70),
    "R203": (3, 939.50),
    "R204": (2, 825.52),
    "R205": (3, 994.43),
    "R206": (3, 906.14),
    "R207": (2, 890.61),
    "R208": (2, 726.82),
    "R209": (3, 909.16),
    "R210": (3, 939.37),
    "R211": (2, 885.71),
    "RC101": (14, 1696.95),
    "RC102": (12, 1554.75),
    "RC103": (11, 1261.67),
    "RC104": (10, 1135.48),
    "RC105": (13, 1629.44),
    "RC106": (11, 1424.73),
    "RC107": (11, 1230.48),
    "RC108": (10, 1139.82),
    "RC201": (4, 1406.94),
    "RC202": (3, 1365.65),
    "RC203": (3, 1049.62),
    "RC204": (3, 798.46),
    "RC205": (4, 1297.65),
    "RC206": (3, 1146.32),
    "RC207": (3, 1061.14),
    "RC208": (3, 828.14),
}


@dataclass(frozen=True, eq=False)
class RoutesFile:
    """The depot, row 0, and its customers.

    `xy` has shape (n, 2); `demand`, `ready`, `due`, `service` (n,). `best_known` is (vehicles, distance) or None.
    """

    name: str
    xy: FloatArray
    demand: FloatArray
    ready: FloatArray
    due: FloatArray
    service: FloatArray
    capacity: int
    best_known: tuple[int, float] | None


def read_routes_file(path: Path, capacity: int | None = None) -> RoutesFile:
    """Read one file; the capacity is the one given, else the heading's, else that of the class in its name.

    Raises
    ------
    InputError
        The file cannot be read, is of another format, or its capacity is not known.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        msg = f"文件读不到：{path}（{system_reason(error)}）"
        raise InputError(msg) from error
    rows, fleet = _numbers(path, text)
    _check(path, rows)
    holds = capacity or fleet or _of_class(path.stem)
    if holds is None:
        msg = (
            f"{path.name}：不知道每辆车的容量。请用 --capacity 指定；文件名以 C1、C2、R1、R2、RC1、RC2 开头的可自动识别"
        )
        raise InputError(msg, (Fault(msg, file=path.name),))
    if rows[:, 3].max() > holds:
        raise _not_a_file(path, [f"第 {int(rows[:, 3].argmax()) + 1} 个点的需求超过每辆车的容量 {holds}"])
    return RoutesFile(
        name=path.name,
        xy=rows[:, 1:3],
        demand=rows[:, 3],
        ready=rows[:, 4],
        due=rows[:, 5],
        service=rows[:, 6],
        capacity=holds,
        best_known=BEST_KNOWN.get(path.stem.upper()) if len(rows) == 101 else None,  # noqa: PLR2004  # all have 100 customers
    )


def _of_class(stem: str) -> int | None:
    found = re.match(r"(RC|R|C)([12])\d\d(?!\d)", stem.upper())
    return CAPACITY[found[1] + found[2]] if found else None


def _numbers(path: Path, text: str) -> tuple[FloatArray, int | None]:
    """Split the rows of customers from the heading; return the capacity that it says."""
    rows: list[list[float]] = []
    faults: list[str] = []
    fleet: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or (not rows and _HEADING.fullmatch(line.strip())):
            continue
        values = _floats(words)
        if values is None:
            faults.append(f"第 {number} 行含有不是数字的内容")
        elif len(values) == _FLEET_COLUMNS and not rows and fleet is None:
            fleet = int(values[1])
        elif len(values) != _COLUMNS:
            faults.append(f"第 {number} 行有 {len(values)} 列，应为 7 列：编号 x y 需求 最早 最晚 服务时间")
        else:
            rows.append(values)
    if faults:
        raise _not_a_file(path, faults)
    if len(rows) < 2 or len(rows) > _MOST_NODES:  # noqa: PLR2004  # a depot and somebody to go to
        raise _not_a_file(path, [f"有 {len(rows)} 行，应在 2 和 {_MOST_NODES} 之间（第一行是起点）"])
    return np.array(rows), fleet


def _floats(words: list[str]) -> list[float] | None:
    try:
        values = [float(word) for word in words]
    except ValueError:
        return None
    return values if all(abs(value) <= _LARGEST for value in values) else None


def _check(path: Path, rows: FloatArray) -> None:
    tests = (
        (rows[:, 3] < 0, "需求不能为负"),
        (rows[:, 4] > rows[:, 5], "最早时间晚于最晚时间"),
        (rows[:, 5] < 0, "最晚时间不能为负"),
        (rows[:, 6] < 0, "服务时间不能为负"),
    )
    faults = [f"第 {at + 1} 个点：{what}" for bad, what in tests for at in np.flatnonzero(bad).tolist()]
    if faults:
        raise _not_a_file(path, faults)


def _not_a_file(path: Path, faults: list[str]) -> InputError:
    more = f"；另有 {len(faults) - _MOST_FAULTS} 处" if len(faults) > _MOST_FAULTS else ""
    msg = f"{path.name} 不是 Solomon 的带时间窗算例：{'；'.join(faults[:_MOST_FAULTS])}{more}"
    return InputError(msg, tuple(Fault(fault, file=path.name) for fault in faults[:_MOST_FAULTS]))
