"""Days and names as the commands of organisations read and write them."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from gis.errors import InputError
from gis.model.enums import Labelled

CodeT = TypeVar("CodeT", bound=Labelled)


def read_day(text: str, what: str) -> date | None:
    """Return the day written as 2026-06-01, None for nothing; raises InputError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"{what}“{text}”：请写成 2026-06-01"
        raise InputError(msg) from error


def need_day(text: str, what: str) -> date:
    """Return a day that must be given; raises InputError."""
    day = read_day(text, what)
    if day is None:
        msg = f"请用选项写明{what}，例如 2026-06-01"
        raise InputError(msg)
    return day


def written(day: date | None) -> str | None:
    """Return a day as it stands in JSON."""
    return day.isoformat() if day else None


def chosen(codes: type[CodeT], text: str, what: str) -> CodeT:
    """Return the code of a Chinese label or of itself; raises InputError that lists the labels."""
    found = codes.from_label(text)
    if found is None:
        msg = f"{what}没有“{text}”，可选：{'、'.join(codes.labels())}"
        raise InputError(msg)
    return found
