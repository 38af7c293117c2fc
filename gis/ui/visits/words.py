"""How rounds of visits are said: half-days, times, people, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.visits import ResultState, RoundState, VisitResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from gis.model.visits import DueReason, KeptResult, Shift, Visitor, VisitPurpose

WEEKDAYS = "一二三四五六日"
NOON = 12 * 60
HOUR = 60
NOBODY = "未定走访人"
TONES = {RoundState.ISSUED: "good", RoundState.DRAFT: "warn"}
RESULT_TONES = {VisitResult.MET: "good", VisitResult.PHONED: "good", VisitResult.MOVED: "warn"}


def day_of(day: date) -> str:
    """Return `11-24 周二`."""
    return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def days_of(first: date, last: date) -> str:
    """Return one day or two."""
    return day_of(first) if first == last else f"{day_of(first)} 至 {day_of(last)}"


def half_of(shift: Shift) -> str:
    """Return `11-24 周二 上午`."""
    return f"{day_of(shift.day)} {'上午' if shift.from_min < NOON else '下午'}"


def short_half(shift: Shift, shifts: Sequence[Shift]) -> str:
    """Return what tells a half-day from the others of a team: nothing, `上午`, or `11-24 上午`."""
    if len(shifts) == 1:
        return ""
    half = "上午" if shift.from_min < NOON else "下午"
    return half if len({one.day for one in shifts}) == 1 else f"{shift.day:%m-%d} {half}"


def at(moment: datetime) -> str:
    """Return the time of day."""
    return f"{moment:%H:%M}"


def duration(minutes: float) -> str:
    """Return `1 小时 20 分` or `35 分钟`."""
    whole = round(minutes)
    return (
        f"{whole} 分钟" if whole < HOUR else f"{whole // HOUR} 小时" + (f" {whole % HOUR} 分" if whole % HOUR else "")
    )


def visitors_of(visitors: Sequence[Visitor]) -> str:
    """Return who goes."""
    return "、".join(one.name for one in visitors) or NOBODY


def team_name(number: int, visitors: Sequence[Visitor]) -> str:
    """Return `第 1 组　张三、李四`."""
    return f"第 {number} 组　{visitors_of(visitors)}"


def purposes_of(purposes: Iterable[VisitPurpose]) -> str:
    """Return the purposes."""
    return "、".join(one.label for one in purposes)


def reasons_of(reasons: Iterable[DueReason]) -> str:
    """Return every reason."""
    return "；".join(one.text for one in reasons)


def result_of(kept: KeptResult | None) -> str:
    """Return what came of a visit, in a word."""
    if kept is None:
        return ""
    return (
        f"{kept.result.label}" if kept.state is ResultState.ACCEPTED else f"{kept.result.label}（{kept.state.label}）"
    )


def share(count: int | None, of: int | None) -> str:
    """Return `84/110（76%）`; small figures are not shown to who counts only."""
    if count is None or of is None:
        return "从略"
    return f"{count}/{of}" + (f"（{count / of:.0%}）" if of else "")
