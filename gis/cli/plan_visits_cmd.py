"""`jiujin plan visits`: a round of visits from who is due."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, Reporting, open_store, say
from gis.errors import InputError, system_reason
from gis.model.access import operator
from gis.model.visits import DueKind, TravelWay
from gis.services.org_edit import org_named
from gis.services.visits.asking import members_called, place_called, top_org, visitors_called
from gis.services.visits.document import visit_document
from gis.services.visits.proposing import HalfDay, TeamRequest, VisitRequest, adopt_visits, propose_visits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.ids import MemberId, OrgId
    from gis.model.visits import VisitStop
    from gis.services.visits.request import ProposedRound
    from gis.store.database import Store

HALVES = {"am": (HalfDay.AM,), "pm": (HalfDay.PM,), "day": tuple(HalfDay)}
FIRST_DOOR = ("none", "第一户")
MOST_TEAMS = 60
_MINUTES = re.compile(r"还差约 \d+ 分钟")
_NUMBERED = re.compile(r"(\d+)\s*[:：=](.+)")

Dates = Annotated[list[str], typer.Option("--date", help="走访日期，例如 2026-11-24；可多次")]
Visitors = Annotated[list[str] | None, typer.Option("--visitor", help="走访人：组号:姓名,姓名；每组一次")]
Ways = Annotated[list[str] | None, typer.Option("--way", help="walk 步行、ebike 电动车、car 汽车；可写 组号:方式")]
Starts = Annotated[
    list[str] | None, typer.Option("--start", help="出发的场所或楼栋；none 从第一户出发；可写 组号:场所")
]
With = Annotated[list[str] | None, typer.Option("--with", help="指定由哪一组走访：姓名=组号；可多次")]
Include = Annotated[list[str] | None, typer.Option("--include", help="只安排这几类到期的，例如 入户送学到期；可多次")]


def plan_visits(  # one parameter an option
    days: Dates,
    branch: Annotated[str, typer.Option("--branch", help="组织名称或编号，含其下级")] = "",
    street: Annotated[bool, typer.Option("--street", help="全街道")] = False,
    half: Annotated[str, typer.Option("--half", help="am 上午、pm 下午、day 全天")] = "day",
    teams: Annotated[int, typer.Option("--teams", help="几个走访小组", min=1, max=MOST_TEAMS)] = 1,
    visitor: Visitors = None,
    way: Ways = None,
    start: Starts = None,
    one_way: Annotated[bool, typer.Option("--one-way", help="走完不回出发地")] = False,
    with_team: With = None,
    everyone: Annotated[bool, typer.Option("--everyone", help="范围内党员全部走访，不限是否到期")] = False,
    include: Include = None,
    member: Annotated[list[str] | None, typer.Option("--member", help="另外指定走访的党员；可多次")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="这次不走访的党员；可多次")] = None,
    material: Annotated[str, typer.Option("--material", help="带去的学习材料")] = "",
    name: Annotated[str, typer.Option("--name", help="名称")] = "",
    seconds: Annotated[float, typer.Option("--seconds", help="最多计算几秒", min=0.0)] = 5.0,
    seed: Annotated[int, typer.Option("--seed", help="随机种子")] = 0,
    adopt: Annotated[bool, typer.Option("--adopt", help="测算后立即存为草案")] = False,
    output: Annotated[str, typer.Option("--output", "-o", help="安排另写到这个文件")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="只在标准输出打印一份 JSON")] = False,
    db: DbOption = "",
) -> None:
    """安排上门送学：从到期名单排出各组路线和时间；不加 --adopt 不保存。"""
    if street == bool(branch):
        msg = "范围请二选一：--street（全街道）或 --branch 组织名称"
        raise typer.BadParameter(msg)
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = top_org(actor, store) if street else org_named(actor, store, branch).id
        org_id: OrgId = found if found is not None else top_org(actor, store)
        request = VisitRequest(
            org_id=org_id,
            days=_days(days),
            halves=_halves(half),
            teams=_teams(store, org_id, teams, visitor, way, start, one_way=one_way),
            kinds=_kinds(include),
            everyone=everyone,
            member_ids=members_called(actor, store, org_id, member or ()),
            exclude=frozenset(members_called(actor, store, org_id, exclude or ())),
            must_with=_must_with(store, org_id, with_team or ()),
            seconds=seconds,
            seed=seed,
            name=name,
            material=material,
        )
        proposed = propose_visits(actor, store, request)
        for one in proposed.warnings:
            say(one)
        if adopt and proposed.status != "nobody_due":
            round_id = adopt_visits(actor, store, proposed.round)
            proposed = replace(proposed, round=replace(proposed.round, id=round_id))
            say(f"已存为走访批次 {round_id}（草案）")
        _write(store, proposed, output, as_json=as_json)


def _days(texts: Sequence[str]) -> tuple[date, ...]:
    try:
        return tuple(
            date.fromisoformat(part) for text in texts for part in re.split(r"[,，、\s]+", text.strip()) if part
        )
    except ValueError as error:
        msg = f"日期请写成 2026-11-24 的样子，不是“{'、'.join(texts)}”"
        raise InputError(msg) from error


def _halves(text: str) -> tuple[HalfDay, ...]:
    if text not in HALVES:
        msg = f"--half 请写 {'、'.join(HALVES)}，不是“{text}”"
        raise InputError(msg)
    return HALVES[text]


def _kinds(texts: Sequence[str] | None) -> tuple[DueKind, ...] | None:
    if not texts:
        return None
    found = []
    for text in texts:
        kind = DueKind.from_label(text.strip())
        if kind is None:
            msg = f"没有“{text}”这一类，可用：{'、'.join(DueKind.labels())}"
            raise InputError(msg)
        found.append(kind)
    return tuple(found)


def _numbered(texts: Sequence[str] | None, n_teams: int, option: str) -> dict[int, str]:
    """Read `2:text` for one team, or `text` for all of them."""
    found: dict[int, str] = {}
    for text in texts or ():
        match = _NUMBERED.fullmatch(text.strip())
        numbers = [int(match.group(1))] if match else range(1, n_teams + 1)
        for number in numbers:
            if not 1 <= number <= n_teams:
                msg = f"{option} {text}：没有第 {number} 组，现有 {n_teams} 组"
                raise InputError(msg)
            if match or number not in found:
                found[number] = match.group(2).strip() if match else text.strip()
    return found


def _teams(  # one parameter an option
    store: Store,
    org_id: OrgId,
    n_teams: int,
    visitor: Sequence[str] | None,
    way: Sequence[str] | None,
    start: Sequence[str] | None,
    *,
    one_way: bool,
) -> tuple[TeamRequest, ...]:
    if any(not _NUMBERED.fullmatch(one.strip()) for one in visitor or ()):
        msg = "走访人请写成 组号:姓名,姓名，例如 1:张三,李四"
        raise InputError(msg)
    names = _numbered(visitor, n_teams, "--visitor")
    ways, starts = _numbered(way, n_teams, "--way"), _numbered(start, n_teams, "--start")
    found = []
    for number in range(1, n_teams + 1):
        how = TravelWay.from_label(ways.get(number, TravelWay.WALK.value))
        if how is None:
            msg = f"--way 请写 {'、'.join(one.value for one in TravelWay)}，不是“{ways[number]}”"
            raise InputError(msg)
        place = starts.get(number, "")
        is_first_door = place in FIRST_DOOR
        venue, building = place_called(operator(), store, place) if place and not is_first_door else (None, None)
        people = [part for part in re.split(r"[,，、]", names.get(number, "")) if part.strip()]
        found.append(
            TeamRequest(
                visitors=visitors_called(operator(), store, org_id, people),
                way=how,
                start_venue_id=venue,
                start_building_id=building,
                is_from_first_door=is_first_door,
                is_returning=not one_way,
            )
        )
    return tuple(found)


def _must_with(store: Store, org_id: OrgId, texts: Sequence[str]) -> dict[MemberId, int]:
    found: dict[MemberId, int] = {}
    for text in texts:
        who, _, number = text.replace("＝", "=").partition("=")
        if not number.strip().isdecimal():
            msg = f"--with 请写成 姓名=组号，不是“{text}”"
            raise InputError(msg)
        (member_id,) = members_called(operator(), store, org_id, [who])
        found[member_id] = int(number)
    return found


def _write(store: Store, proposed: ProposedRound, output: str, *, as_json: bool) -> None:
    document = visit_document(operator(), store, proposed.round, proposed.status)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if output:
        try:
            Path(output).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            msg = f"安排写不到 {output}：{system_reason(error)}"
            raise InputError(msg) from error
    typer.echo(text if as_json else summary(proposed))


def summary(proposed: ProposedRound) -> str:
    """Say a round in some lines."""
    scores, planned = proposed.scores, proposed.round
    if proposed.status == "nobody_due":
        return "这几天没有到期需要走访的党员；要另外指定，用 --member 或 --everyone"
    lines = [
        (
            f"{planned.name}：应走访 {scores['asked']} 人，排入 {scores['planned']} 人（{scores['stops']} 处），"
            f"未排入 {scores['left_out']} 人"
        ),
    ]
    for team in planned.teams:
        who = "、".join(one.name for one in team.visitors) or "走访人待定"
        lines.append(f"第 {team.number} 组（{who}，{team.way.label}）：{len(team.stops)} 处" + _hours(team.stops))
    reasons: Counter[str] = Counter()
    for one in planned.left_out:
        reasons[_MINUTES.sub("还差若干分钟", one.reason)] += len(one.member_ids)
    lines += [f"未排入：{reason}（{count} 人）" for reason, count in reasons.items()]
    return "\n".join(lines)


def _hours(stops: Sequence[VisitStop]) -> str:
    """Say from when to when a team calls on people."""
    if not stops:
        return ""
    return f"，{stops[0].arrive:%m-%d %H:%M} 至 {stops[-1].leave:%m-%d %H:%M}"


def register(plan_app: typer.Typer) -> None:
    """Add `visits` to `jiujin plan`."""
    plan_app.command("visits")(plan_visits)
