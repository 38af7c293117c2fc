"""Where a new stretch fits into a member's history: rows follow each other without overlap and without gap.

A first row that only says where the member was registered first has no known beginning: a change before its first day
empties it, and it goes on saying what held before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from gis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Stretch(Protocol):
    """A dated row with the reason why it began, "" where it was found on a roster."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date | None:
        """The day after the last one; None while it holds."""

    @property
    def reason(self) -> str:
        """Why it began."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The days of a new row and the changed days of old ones, by index."""

    valid_from: date
    valid_to: date | None
    changed: dict[int, tuple[date, date | None]] = field(default_factory=dict)


def fit_in(rows: Sequence[Stretch], on: date, *, is_past: bool = False) -> Fit:
    """Fit a row that begins `on` in between; `is_past` says that the last row goes on holding.

    Raises
    ------
    InputError
        Something began on the same day already; or the day lies before the row that holds today and it was not said
        whether that row goes on holding.
    """
    if not rows:
        return Fit(on, None)
    at = next((i for i, one in enumerate(rows) if one.valid_from <= on and _is_before(on, one.valid_to)), None)
    if at is None and on >= rows[0].valid_from:
        msg = f"{on} 之前的登记已经终止，不能在其后登记：请先核对变动经过"
        raise InputError(msg)
    return _before_all(rows, on, is_past=is_past) if at is None else _inside(rows, at, on, is_past=is_past)


def _inside(rows: Sequence[Stretch], at: int, on: date, *, is_past: bool) -> Fit:
    held = rows[at]
    if held.valid_from == on and (at > 0 or held.reason):
        msg = f"{on} 已登记过一次同类变动：登记有误请用“更正”"
        raise InputError(msg)
    if held.valid_to is None and is_past:
        msg = f"补登以前的情况，日期须早于现在这一条的起始日期 {held.valid_from}"
        raise InputError(msg)
    if held.valid_to is not None and not is_past:
        raise InputError(_later(rows[-1]))
    return Fit(on, held.valid_to, {at: (held.valid_from, on)})


def _before_all(rows: Sequence[Stretch], on: date, *, is_past: bool) -> Fit:
    first = rows[0]
    is_empty = first.valid_to == first.valid_from
    if is_past:
        return Fit(on, first.valid_from, {0: (on, on)} if is_empty else {})
    if len(rows) > 1 or first.reason:
        raise InputError(_later(rows[-1]))
    return Fit(on, first.valid_to, {0: (on, on)})


def _later(last: Stretch) -> str:
    return (
        f"已登记 {last.valid_from} 起的情况，晚于这次变动。这次变动发生在那之前的，请选“补登以前的情况”；"
        "起始日期登记错了的，请先更正起始日期"
    )


def begin_on(rows: Sequence[Stretch], at: int, since: date) -> dict[int, tuple[date, date | None]]:
    """Return the changed days, by index, when row `at` really began on `since`: its neighbour ends there.

    Raises
    ------
    InputError
        The row would begin before its neighbour or end before it begins; a row without known beginning has none to
        correct.
    """
    own = rows[at]
    if own.valid_to == own.valid_from:
        msg = "首次登记以前的住处没有起始日期，不用更正"
        raise InputError(msg)
    if not _is_before(since, own.valid_to):
        msg = f"起始日期须早于这一条的终止日期 {own.valid_to}"
        raise InputError(msg)
    changed = {at: (since, own.valid_to)}
    if at == 0:
        return changed
    before = rows[at - 1]
    if before.valid_to == before.valid_from:
        return {at - 1: (since, since), **changed}
    if since <= before.valid_from:
        msg = f"起始日期须晚于前一条的起始日期 {before.valid_from}"
        raise InputError(msg)
    return {at - 1: (before.valid_from, since), **changed}


def _is_before(day: date, end: date | None) -> bool:
    return end is None or day < end
