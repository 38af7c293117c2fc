"""A team's list as data for the script that draws it: on the phone (online) and in the offline file.

`assets/visit_list.js` draws these fields:
`sheet`, `round`, `team`, `visitors`, `days`, `expires` (a day or None), `start`, `note_max`, `codes` (code and label in
the order of the boxes), and `stops`, each with `n`, `half`, `time`, `title`, `place`, `walk`, `is_group` and
`targets`: `id`, `name`, `age`, `purposes`, `material`, `why`, `last`, `phone`, `phone_note` and `done` (None, or the
accepted result: `id`, `key`, `result`, `on`, `by`, `note`, `next_on`). All texts are shown as they stand.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from gis.model.visits import LONGEST_VISIT_NOTE, VisitResult

if TYPE_CHECKING:
    from datetime import date

    from gis.model.visits import KeptResult, LastVisit, Shift, VisitTeam
    from gis.services.visits.views import RoundView, StopView, TargetView, TeamView

BRANCH_CALLS = "电话由支部联系"
UNNAMED = "楼栋未编号"
WEEKDAYS = "一二三四五六日"
NOON_MIN = 12 * 60


def list_document(view: RoundView, team: TeamView, *, sheet: str, expires_on: date | None) -> dict[str, object]:
    """Return what the script draws, plain JSON values; telephones only those that may stand on the team's sheet."""
    return {
        "sheet": sheet,
        "round": view.round.name,
        "team": team.team.number,
        "visitors": [visitor.name for visitor in team.team.visitors],
        "days": sorted({shift.day.isoformat() for shift in team.team.shifts}),
        "expires": expires_on.isoformat() if expires_on else None,
        "start": team.start,
        "note_max": LONGEST_VISIT_NOTE,
        "codes": [[result.value, result.label] for result in VisitResult],
        "stops": [_stop(team.team, stop) for stop in team.stops],
    }


def _stop(team: VisitTeam, stop: StopView) -> dict[str, object]:
    return {
        "n": stop.stop.position,
        "half": said_shift(team.shifts[stop.stop.shift]),
        "time": f"{stop.stop.arrive:%H:%M}",
        "title": stop.title,
        "place": said_place(stop),
        "walk": said_walk(team, stop),
        "is_group": is_group(stop),
        "targets": [_target(stop, target) for target in stop.targets],
    }


def _target(stop: StopView, one: TargetView) -> dict[str, object]:
    target = one.target
    return {
        "id": target.id,
        "name": one.name,
        "age": f"{one.age} 岁" if one.age is not None else "",
        "purposes": said_purposes(one),
        "material": target.material,
        "why": "" if is_group(stop) else said_why(one),
        "last": "" if is_group(stop) else said_last(one.last_visit),
        "phone": one.team_phone,
        "phone_note": "" if one.team_phone else BRANCH_CALLS,
        "done": _done(one.result) if one.result is not None else None,
    }


def _done(result: KeptResult) -> dict[str, object]:
    return {
        "id": result.id,
        "key": result.key,
        "result": result.result.value,
        "on": result.on_day.isoformat(),
        "by": result.by_name,
        "note": result.note,
        "next_on": result.next_on.isoformat() if result.next_on else None,
    }


def is_group(stop: StopView) -> bool:
    """Whether a group session is held here."""
    return stop.stop.group_id is not None or stop.stop.session_id is not None


def said_shift(shift: Shift) -> str:
    """Name a half-day: `11 月 20 日（周五）上午`."""
    day = shift.day
    half = "上午" if shift.from_min < NOON_MIN and shift.to_min <= NOON_MIN + 60 else "下午"
    if shift.from_min < NOON_MIN and shift.to_min > NOON_MIN + 60:
        half = "全天"
    return f"{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）{half}"


def said_place(stop: StopView) -> str:
    """Say where a stop is."""
    if is_unnamed(stop):
        return f"{UNNAMED}，见路线图；{stop.place}"
    return stop.place or "地点未登记，请先电话问清"


def is_unnamed(stop: StopView) -> bool:
    """Whether the house is on the map but has neither name nor number."""
    return not (stop.estate or stop.building) and bool(stop.unit or stop.room) and stop.lonlat is not None


def said_walk(team: VisitTeam, stop: StopView) -> str:
    """Say how far it is from the stop before."""
    metres, minutes = max(round(stop.stop.walk_m / 10) * 10, 10), round(stop.stop.travel_min)
    if stop.stop.walk_m < 1 and minutes == 0:
        return "同一栋" if stop.stop.position > 1 else ""
    label = team.way.label
    if stop.stop.is_estimated:
        return f"{label}约 {metres} 米，{max(minutes, 1)} 分钟（估算）"
    return f"{label} {metres} 米，{max(minutes, 1)} 分钟"


def said_purposes(one: TargetView) -> str:
    """Name what the visit is for."""
    return "、".join(purpose.label for purpose in one.target.purposes)


def said_why(one: TargetView) -> str:
    """Say why this member is visited, in the sentences of the due list."""
    return "；".join(reason.text.rstrip("。；") for reason in one.target.reasons)


def said_last(last: LastVisit | None) -> str:
    """Say when somebody was here last; which reason there was for not meeting is nobody's business."""
    if last is None:
        return ""
    met = last.result.label if last.result.is_reached else "没见到"
    return f"上次 {last.on_day.month} 月 {last.on_day.day} 日：{met}"


def as_script_json(document: object) -> str:
    """Write JSON that may stand inside a script element whatever people have typed."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for letter, code in (("<", "003c"), (">", "003e"), ("&", "0026"), ("\u2028", "2028"), ("\u2029", "2029")):
        text = text.replace(letter, f"\\u{code}")
    return text


@cache
def list_script() -> str:
    """Return the shared script."""
    return _asset("visit_list.js")


@cache
def list_style() -> str:
    """Return the shared style."""
    return _asset("visit_list.css")


def _asset(name: str) -> str:
    return files("gis.store.formats").joinpath(f"assets/{name}").read_text(encoding="utf-8")
