"""A time of day is read as people write it, kept in minutes, and shown as it was said."""

from __future__ import annotations

import pytest

from gis.errors import InputError
from gis.services.visits.window import read_window, window_fault, window_said


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("", None),
        ("  ", None),
        ("9:00-10:30", (540, 630)),
        ("09：00—10：30", (540, 630)),
        ("14:30 至 17:00", (870, 1020)),
        ("6:00~21:00", (360, 1260)),
    ],
)
def test_a_window_is_read(text: str, window: tuple[int, int] | None):
    assert read_window(text) == window
    assert window is None or read_window(window_said(*window)) == window


@pytest.mark.parametrize("text", ["上午", "9-10", "9:60-10:00", "10:00-9:00", "9:00-9:00", "5:59-7:00", "20:00-21:01"])
def test_what_is_no_window_is_said(text: str):
    with pytest.raises(InputError, match="方便上门的时段"):
        read_window(text)


def test_both_ends_or_neither():
    assert window_fault(None, None) == ""
    assert "都要填" in window_fault(540, None)
    assert "都要填" in window_fault(None, 540)
    assert window_said(None, None, "没有说明") == "没有说明"
