"""Reads a visit document that somebody else may have written: every fault of its shape is said, with its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gis.errors import Fault, InputError

MOST_FAULTS = 3
_LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class SaidStop:
    """One stop as the document says it; `where` is its place in words."""

    where: str
    members: tuple[int, ...]
    shift: int
    position: int
    arrive: datetime
    leave: datetime
    travel_min: float
    walk_m: float
    service_min: float
    is_estimated: bool
    is_optional: bool
    window: tuple[int, int] | None
    group_id: int | None
    session_id: int | None


@dataclass(frozen=True, slots=True)
class SaidShift:
    """One half-day as the document says it."""

    day: date
    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True)
class SaidTeam:
    """One team as the document says it."""

    where: str
    number: int
    visitors: tuple[str, ...]
    user_ids: tuple[int | None, ...]
    way: str
    start_venue: int | None
    start_building: int | None
    is_returning: bool
    shifts: tuple[SaidShift, ...]
    stops: tuple[SaidStop, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class SaidLeft:
    """Somebody left out as the document says it."""

    where: str
    members: tuple[int, ...]
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SaidRequest:
    """What the round was asked with."""

    days: tuple[date, ...]
    halves: tuple[str, ...]
    kinds: tuple[str, ...] | None
    everyone: bool
    member_ids: tuple[int, ...]
    exclude: frozenset[int]
    must_with: dict[int, int]
    as_of: str


@dataclass(frozen=True, slots=True)
class SaidRound:
    """A whole document."""

    status: str
    org_id: int
    first_day: date
    last_day: date
    request: SaidRequest
    teams: tuple[SaidTeam, ...]
    left_out: tuple[SaidLeft, ...]
    scores: dict[str, Any]

    @property
    def stops(self) -> tuple[tuple[SaidTeam, SaidStop], ...]:
        """All stops with their team."""
        return tuple((team, stop) for team in self.teams for stop in team.stops)


def is_visit_document(document: object) -> bool:
    """Whether a document says of itself that it is a round of visits."""
    if not isinstance(document, dict):
        return False
    return str(document.get("format", "")).startswith("jiujin-visits") or (
        "teams" in document and "left_out" in document
    )


def read_visits(document: object) -> SaidRound:
    """Read a document.

    Raises
    ------
    InputError
        It is no round of visits; every place is named, such as `teams[0].stops[2].arrive`.
    """
    taker = _Taker()
    said = _round(taker, document)
    if taker.faults or said is None:
        faults = tuple(taker.faults)
        msg = "不是上门送学安排文件：" + "；".join(f"{one.field} {one.message}" for one in faults[:MOST_FAULTS])
        raise InputError(msg, faults)
    return said


class _Taker:
    """Takes values of a kind out of what a file holds; what is wrong is noted and a stand-in returned."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(message, field=path))

    def mapping(self, value: object, path: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.fault(path or "文件", "应是一个对象")
        return {}

    def list(self, of: dict[str, Any], key: str, path: str) -> list[Any]:
        value = of.get(key)
        if isinstance(value, list):
            return value
        self.fault(f"{path}{key}", "应是一个列表")
        return []

    def number(self, of: dict[str, Any], key: str, path: str) -> float:
        value = of.get(key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and abs(value) < _LARGEST and math.isfinite(value):  # type: ignore[arg-type]  # checked in the line above
            return float(value)  # type: ignore[arg-type]  # as above
        self.fault(f"{path}{key}", "应是数")
        return 0.0

    def whole(self, of: dict[str, Any], key: str, path: str) -> int:
        value = of.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST:
            return value
        self.fault(f"{path}{key}", "应是整数")
        return 0

    def whole_or_none(self, of: dict[str, Any], key: str, path: str) -> int | None:
        return None if of.get(key) is None else self.whole(of, key, path)

    def text(self, of: dict[str, Any], key: str, path: str) -> str:
        value = of.get(key)
        if isinstance(value, str):
            return value
        self.fault(f"{path}{key}", "应是文字")
        return ""

    def flag(self, of: dict[str, Any], key: str, path: str, *, default: bool = False) -> bool:
        value = of.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{path}{key}", "应是 true 或 false")
        return False

    def day(self, value: object, path: str) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(path, "应是日期，例如 2026-11-24")
            return date.min

    def time(self, of: dict[str, Any], key: str, path: str) -> datetime:
        try:
            return datetime.fromisoformat(str(of.get(key))).replace(tzinfo=None)
        except ValueError:
            self.fault(f"{path}{key}", "应是时刻，例如 2026-11-24T09:05:00")
            return datetime.min  # noqa: DTZ901  # a stand-in, local like all times of a round

    def wholes(self, of: dict[str, Any], key: str, path: str) -> tuple[int, ...]:
        values = self.list(of, key, path)
        if all(isinstance(one, int) and not isinstance(one, bool) and abs(one) < _LARGEST for one in values):
            return tuple(values)
        self.fault(f"{path}{key}", "应是编号的列表")
        return ()

    def texts(self, of: dict[str, Any], key: str, path: str) -> tuple[str, ...]:
        values = self.list(of, key, path)
        if all(isinstance(one, str) for one in values):
            return tuple(values)
        self.fault(f"{path}{key}", "应是文字的列表")
        return ()


def _round(take: _Taker, document: object) -> SaidRound | None:
    top = take.mapping(document, "")
    if not top:
        return None
    request = _request(take, take.mapping(top.get("request"), "request"))
    return SaidRound(
        status=take.text(top, "status", ""),
        org_id=take.whole(top, "org_id", ""),
        first_day=take.day(top.get("first_day"), "first_day"),
        last_day=take.day(top.get("last_day"), "last_day"),
        request=request,
        teams=tuple(_team(take, one, f"teams[{k}].") for k, one in enumerate(take.list(top, "teams", ""))),
        left_out=tuple(_left(take, one, f"left_out[{k}].") for k, one in enumerate(take.list(top, "left_out", ""))),
        scores=take.mapping(top.get("scores"), "scores"),
    )


def _request(take: _Taker, of: dict[str, Any]) -> SaidRequest:
    path = "request."
    pairs = take.list(of, "must_with", path)
    is_pairs = all(isinstance(one, list) and len(one) == 2 and all(isinstance(n, int) for n in one) for one in pairs)  # noqa: PLR2004  # member and team
    if not is_pairs:
        take.fault("request.must_with", "应是 [党员编号, 组号] 的列表")
    return SaidRequest(
        days=tuple(take.day(one, f"{path}days[{k}]") for k, one in enumerate(take.list(of, "days", path))),
        halves=take.texts(of, "halves", path),
        kinds=None if of.get("kinds") is None else take.texts(of, "kinds", path),
        everyone=take.flag(of, "everyone", path),
        member_ids=take.wholes(of, "member_ids", path),
        exclude=frozenset(take.wholes(of, "exclude", path)),
        must_with={one[0]: one[1] for one in pairs} if is_pairs else {},
        as_of=str(of.get("as_of", "")),
    )


def _team(take: _Taker, value: object, path: str) -> SaidTeam:
    of = take.mapping(value, path.rstrip("."))
    number = take.whole(of, "number", path)
    shifts = [take.mapping(one, f"{path}shifts[{k}]") for k, one in enumerate(take.list(of, "shifts", path))]
    return SaidTeam(
        where=f"第 {number} 组",
        number=number,
        visitors=take.texts(of, "visitors", path),
        user_ids=tuple(one if isinstance(one, int) else None for one in of.get("user_ids", ())),
        way=take.text(of, "way", path),
        start_venue=take.whole_or_none(of, "start_venue", path),
        start_building=take.whole_or_none(of, "start_building", path),
        is_returning=take.flag(of, "returning", path, default=True),
        shifts=tuple(_shift(take, one, f"{path}shifts[{k}].") for k, one in enumerate(shifts)),
        stops=tuple(
            _stop(take, one, f"{path}stops[{k}].", f"第 {number} 组第 {k + 1} 站")
            for k, one in enumerate(take.list(of, "stops", path))
        ),
        minutes=take.number(of, "minutes", path),
    )


def _shift(take: _Taker, of: dict[str, Any], path: str) -> SaidShift:
    return SaidShift(
        take.day(of.get("day"), f"{path}day"), take.whole(of, "from_min", path), take.whole(of, "to_min", path)
    )


def _stop(take: _Taker, value: object, path: str, where: str) -> SaidStop:
    of = take.mapping(value, path.rstrip("."))
    people = [take.mapping(one, f"{path}members[{k}]") for k, one in enumerate(take.list(of, "members", path))]
    window = of.get("window")
    is_window = isinstance(window, list) and len(window) == 2 and all(isinstance(one, int) for one in window)  # noqa: PLR2004  # from and to
    if window is not None and not is_window:
        take.fault(f"{path}window", "应是 [起, 止]，从零点起的分钟")
    return SaidStop(
        where=where,
        members=tuple(take.whole(one, "id", f"{path}members[{k}].") for k, one in enumerate(people)),
        shift=take.whole(of, "shift", path),
        position=take.whole(of, "position", path),
        arrive=take.time(of, "arrive", path),
        leave=take.time(of, "leave", path),
        travel_min=take.number(of, "travel_min", path),
        walk_m=take.number(of, "walk_m", path),
        service_min=take.number(of, "service_min", path),
        is_estimated=take.flag(of, "estimated", path),
        is_optional=take.flag(of, "optional", path),
        window=(window[0], window[1]) if is_window and isinstance(window, list) else None,
        group_id=take.whole_or_none(of, "group_id", path),
        session_id=take.whole_or_none(of, "session_id", path),
    )


def _left(take: _Taker, value: object, path: str) -> SaidLeft:
    of = take.mapping(value, path.rstrip("."))
    members = take.wholes(of, "member_ids", path)
    who = str(of.get("who") or "、".join(map(str, members)))
    return SaidLeft(f"未排入 {who}", members, take.text(of, "code", path), take.text(of, "reason", path))
