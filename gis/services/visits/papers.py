"""The visit sheet on paper: what stands on it and in which order. It carries no reason why somebody is visited."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

import segno

from gis.model.office_day import BEIJING
from gis.model.visits import NO_START, VisitResult
from gis.services.visits.listing import (
    BRANCH_CALLS,
    UNNAMED,
    is_group,
    is_unnamed,
    said_last,
    said_place,
    said_purposes,
    said_shift,
    said_walk,
)
from gis.services.visits.map_marks import said_numbers
from gis.store.formats.visit_sheet_pdf import SheetMember, SheetPaper, SheetStop, write_sheet_pdf

if TYPE_CHECKING:
    from datetime import date, datetime

    from gis.model.visits import Shift, VisitSheet
    from gis.services.visits.views import RoundView, StopView, TargetView, TeamView

SHEET_PATH = "/visits/s/"
KILOMETRE = 1000
NOT_ON_MAP = "（图上没有标出）"
BOXES = {
    VisitResult.MET: "见到本人，送学或慰问已完成",
    VisitResult.NOT_HOME: "没有见到人",
    VisitResult.MOVED: "已不住在这里，回来请登记变动",
    VisitResult.DECLINED: "本人说不需要上门",
    VisitResult.PHONED: "没有上门，电话里说的",
    VisitResult.IN_HOSPITAL: "本人正在住院；只勾这一格，不写病情",
}
REMINDERS = (
    "先电话约好再上门，两人同行。",
    "不拍照，不定位，不打卡。",
    "备注只写本人提出的事和下次怎么约，不记看法，不写家里的情况。",
    "没见到人时，不在门上、信箱里留写明党员身份的字条。",
    "单子不外借、不拍照转发，用完当天交回支部。",
)


@dataclass(frozen=True, slots=True)
class SheetPrint:
    """What surrounds the list: the sheet, the picture, the server's address, who prints it and when (UTC)."""

    sheet: VisitSheet
    map_svg: str
    address: str
    printed_by: str
    at: datetime


def sheet_pdf(view: RoundView, team: TeamView, wanted: SheetPrint, font_dir: str = "") -> bytes:
    """Set the sheet of a team.

    Raises
    ------
    ConfigError
        There is no Chinese font on this machine.
    """
    return write_sheet_pdf(sheet_paper(view, team, wanted), wanted.at, font_dir)


def sheet_paper(view: RoundView, team: TeamView, wanted: SheetPrint) -> SheetPaper:
    """Compose the sheet of a team."""
    sheet = wanted.sheet
    at = f"{wanted.at + BEIJING:%Y-%m-%d %H:%M}"
    link = sheet_link(wanted.address, sheet.number)
    return SheetPaper(
        name=f"上门送学走访单-{sheet.number}",
        number=sheet.number,
        facts=_facts(view, team, sheet),
        stops=_stops(team),
        boxes=tuple((result.label, BOXES[result]) for result in VisitResult),
        reminders=REMINDERS,
        foot=f"{sheet.number}　内部资料，不得外传　{wanted.printed_by} 于 {at} 打印",
        watermark=f"{wanted.printed_by}　{at}",
        map_svg=wanted.map_svg,
        qr_svg=qr_svg(link) if link else "",
        qr_note="扫码登记结果",
    )


def sheet_link(address: str, number: str) -> str:
    """Return the address behind the QR code; blank without a server's address."""
    base = address.strip().rstrip("/")
    return f"{base}{SHEET_PATH}{number}" if base else ""


def qr_svg(link: str) -> str:
    """Draw a QR code that still reads when a seventh of it is soiled."""
    out = BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", border=4, scale=4, light="white", xmldecl=False)
    return out.getvalue().decode()


def _facts(view: RoundView, team: TeamView, sheet: VisitSheet) -> tuple[tuple[str, str], ...]:
    start = team.start
    if start_is_known(team) and team.team.is_returning:
        start += "，走完回到这里"
    return (
        ("安排", f"{view.org}　{view.round.name}"),
        ("小组", f"第 {team.team.number} 组　{team.visitors or '（未定人）'}"),
        ("时间", said_shifts(team.team.shifts)),
        ("出发", start),
        ("共计", _total(team)),
        ("持单人", f"{sheet.holder}　用到 {said_day(sheet.expires_on)}，过期作废"),
        ("单号", sheet.number),
    )


def start_is_known(team: TeamView) -> bool:
    """Whether the team sets out from a place of its own."""
    return team.start != NO_START and bool(team.start)


def _total(team: TeamView) -> str:
    people = f"{len(team.stops)} 站 {team.n_targets} 人"
    if not team.walk_m:
        return people
    way = f"{team.walk_m / KILOMETRE:.1f} 千米" if team.walk_m >= KILOMETRE else f"{round(team.walk_m / 10) * 10} 米"
    return f"{people}，{team.team.way.label}约 {way}"


def said_shifts(shifts: tuple[Shift, ...]) -> str:
    """Say when a team is on its way, day by day."""
    days = []
    for _day, some in groupby(sorted(shifts, key=lambda one: (one.day, one.from_min)), key=lambda one: one.day):
        listed = list(some)
        hours = "、".join(f"{clock(one.from_min)}–{clock(one.to_min)}" for one in listed)
        days.append(f"{said_shift(listed[0]).partition('）')[0]}）{hours}")
    return "\n".join(days)


def clock(minutes: int) -> str:
    """Write minutes after midnight as a time."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def said_day(day: date) -> str:
    """Write a day in full."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _stops(team: TeamView) -> tuple[SheetStop, ...]:
    """List the stops in turn; half-day and house stand over the first stop that they hold for."""
    found: list[SheetStop] = []
    shift, place = -1, ""
    for stop in team.stops:
        heading = _house(team, stop)
        is_new_shift = stop.stop.shift != shift
        is_new_place = heading != place or is_new_shift
        found.append(
            SheetStop(
                number=stop.stop.position,
                time=f"{stop.stop.arrive:%H:%M}",
                walk=said_walk(team.team, stop).replace("，", "\n"),
                where=_where(stop),
                members=tuple(_member(stop, target) for target in stop.targets),
                half_day=said_shift(team.team.shifts[stop.stop.shift]) if is_new_shift else "",
                place=heading if is_new_place else "",
                group=f"小组学习：{stop.title}" if is_group(stop) else "",
            )
        )
        shift, place = stop.stop.shift, heading
    return tuple(found)


def _house(team: TeamView, stop: StopView) -> str:
    """Name the house; one without a name or number is found on the map only."""
    named = f"{stop.estate}　{stop.building}".strip("　 ")
    if named or not is_unnamed(stop):
        return named
    numbers = said_numbers(one.stop.position for one in team.stops if one.lonlat == stop.lonlat)
    return f"{UNNAMED}（图上 {numbers} 号）"


def _where(stop: StopView) -> str:
    """Say where within the house; the whole address where the house is not known."""
    if is_group(stop) or not (stop.building or is_unnamed(stop)):
        return said_place(stop) + (NOT_ON_MAP if stop.place and stop.lonlat is None else "")
    label = f"{stop.estate} {stop.building}".strip()
    within = stop.place.removeprefix(label).strip()
    storey = f"{stop.floor} 楼" if stop.floor is not None else ""
    lift = {True: "有电梯", False: "无电梯", None: ""}[stop.has_lift] if stop.floor not in (None, 1) else ""
    said = "　".join(part for part in (within, f"{storey}{lift}") if part)
    return said + (NOT_ON_MAP if stop.lonlat is None else "")


def _member(stop: StopView, one: TargetView) -> SheetMember:
    age = f"{one.age} 岁" if one.age is not None else ""
    phone = f"电话 {spaced(one.team_phone)}" if one.team_phone else BRANCH_CALLS
    lines = [f"带：{one.target.material}"] if one.target.material else []
    if one.last_visit is not None and not is_group(stop):
        lines.append(said_last(one.last_visit))
    facts = "　".join(part for part in (age, said_purposes(one)) if part)
    return SheetMember(one.name, facts, phone, tuple(lines))


def spaced(phone: str) -> str:
    """Write a mobile number in groups, as one dials it."""
    is_mobile = len(phone) == 11 and phone.isdecimal()  # noqa: PLR2004  # digits of a mobile number
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if is_mobile else phone
