"""Pieces of SVG as text: short paths, and texts that can hold nothing but text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from gis.store.formats.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]


def number(value: float, digits: int = 1) -> str:
    """Write a number in as few characters as it needs."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def path_data(courses: Iterable[FloatArray], digits: int, *, is_closed: bool = False) -> str:
    """Write courses of shape (k, 2), pixels, as the data of one path; points that fall together are written once."""
    parts: list[str] = []
    for course in courses:
        points = np.rint(np.asarray(course) * 10**digits).astype(np.int64)
        keep = np.ones(len(points), dtype=np.bool_)
        keep[1:] = (points[1:] != points[:-1]).any(axis=1)
        points = points[keep]
        if is_closed and len(points) > 1 and (points[0] == points[-1]).all():
            points = points[:-1]
        if len(points) < (3 if is_closed else 2):
            continue
        steps = _joined(np.diff(points, axis=0).ravel() / 10**digits, digits)
        parts.append(f"M{_joined(points[0] / 10**digits, digits)}l{steps}{'z' if is_closed else ''}")
    return "".join(parts)


def _joined(values: FloatArray, digits: int) -> str:
    words = [number(float(value), digits) for value in values]
    return "".join(word if k == 0 or word[0] == "-" else f" {word}" for k, word in enumerate(words))


def element(name: str, attributes: Mapping[str, object], inside: str = "") -> str:
    """Write an element; `inside` is markup already."""
    written = "".join(f" {key}={quoteattr(_said(value))}" for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def words(attributes: Mapping[str, object], text: str) -> str:
    """Write a text element."""
    return element("text", attributes, escape(printable(text))) if text else ""


def _said(value: object) -> str:
    return number(value) if isinstance(value, float) else printable(str(value))
