"""When a member likes to be visited: a time of day as people write it, and as minutes after midnight."""

from __future__ import annotations

import re

from gis.errors import InputError

HOUR = 60
EARLIEST, LATEST = 6 * HOUR, 21 * HOUR
_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*[-—–~～至到]+\s*(\d{1,2}):(\d{2})")
_MINUTES = 60


def read_window(text: str) -> tuple[int, int] | None:
    """Read `8:30-10:00`; None for "".

    Raises
    ------
    InputError
        It is no time of day.
    """
    said = text.strip().replace("：", ":")
    if not said:
        return None
    found = _WINDOW.fullmatch(said)
    if found is None or int(found[2]) >= _MINUTES or int(found[4]) >= _MINUTES:
        msg = f"方便上门的时段“{text.strip()[:20]}”无法识别：请填 起-止，例如 9:00-10:30；没有就空着"
        raise InputError(msg)
    window = int(found[1]) * HOUR + int(found[2]), int(found[3]) * HOUR + int(found[4])
    fault = window_fault(*window)
    if fault:
        raise InputError("方便上门的时段" + fault)
    return window


def window_fault(from_min: int | None, to_min: int | None) -> str:
    """Say why a window cannot be kept; "" where it can: both ends or neither, in order, in daytime."""
    if from_min is None and to_min is None:
        return ""
    if from_min is None or to_min is None:
        return "起止都要填，或者都空着"
    if not EARLIEST <= from_min < to_min <= LATEST:
        return f"须在 {clock(EARLIEST)}–{clock(LATEST)} 之间，先起后止"
    return ""


def window_said(from_min: int | None, to_min: int | None, unknown: str = "") -> str:
    """Return a window in words."""
    return unknown if from_min is None or to_min is None else f"{clock(from_min)}–{clock(to_min)}"


def clock(minutes: int) -> str:
    """Return minutes after midnight as a clock shows them."""
    return f"{minutes // HOUR}:{minutes % HOUR:02d}"
