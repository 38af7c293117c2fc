"""`jiujin coverage` and `jiujin hosts next`: who has a place within reach, and where one more helps most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.hosts_cmd import hosts_app
from gis.model.access import operator
from gis.services.coverage import MONTHS, CoverageRequest, read_coverage, share
from gis.services.grouping import branches_named
from gis.services.next_host import NextHostRequest, next_hosts

if TYPE_CHECKING:
    from gis.model.coverage import Coverage, CoverageCount, NextHost, NextHosts

BranchOption = Annotated[list[str] | None, typer.Option("--branch", help="支部名称，可多次；不填为全街道")]


def coverage(
    branch: BranchOption = None,
    months: Annotated[int, typer.Option(help="支部几个月没有开展活动就列出")] = MONTHS,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """覆盖率：过渡期党员走得到的地方有没有地点和空座，哪里是空白点。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        branches = branches_named(actor, store, branch) if branch else ()
        found = read_coverage(actor, store, CoverageRequest(branches, months))
        emit(_document(found), as_json=as_json, text="\n".join(_lines(found)))


@hosts_app.command("next")
def next_(  # each option is one
    branch: BranchOption = None,
    top: Annotated[int, typer.Option(help="列出几处")] = 5,
    seats: Annotated[int | None, typer.Option(help="新设中心户按几座计；不填为每户一般人数")] = None,
    step_free: Annotated[bool, typer.Option("--step-free", help="新设中心户按无障碍计；不写按不明计")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """再设一户中心户，设在哪里帮助最大：逐处试设，写明多坐下几人。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        branches = branches_named(actor, store, branch) if branch else ()
        found = next_hosts(actor, store, NextHostRequest(branches, top, seats, step_free))
        emit(_next_document(found), as_json=as_json, text="\n".join(_next_lines(found)))


def _document(found: Coverage) -> dict[str, object]:
    return {
        "as_of": found.as_of.isoformat(),
        "definition": found.definition,
        "of": found.of,
        "denominator": found.denominator,
        "covered": found.count,
        "parts": {state.value: count for state, count in found.parts.items()},
        "without_seat": found.without_seat,
        "places": found.places,
        "free_seats": found.free_seats,
        "buildings": {"of": found.buildings_of, "covered": found.buildings, "limit_m": found.building_limit_m},
        "communities": [{"code": one.key, **_count(one)} for one in found.communities],
        "branches": [{"branch_id": int(one.key), **_count(one)} for one in found.branches],
        "gaps": [
            {
                "label": one.label,
                "building": one.building_id,
                "estate": one.estate_id,
                "community": one.community,
                "members": one.members,
                "nearest_m": one.nearest_m,
            }
            for one in found.gaps
        ],
        "months": found.months,
        "branch_gaps": [
            {
                "branch_id": one.branch_id,
                "branch": one.branch,
                "no_group": one.has_no_group,
                "no_session": one.is_without_session,
                "last_held": one.last_held.isoformat() if one.last_held else None,
            }
            for one in found.org_gaps
        ],
        "estimated": found.is_estimated,
    }


def _count(one: CoverageCount) -> dict[str, object]:
    parts = {state.value: count for state, count in one.parts.items()}
    return {"name": one.name, "denominator": one.denominator, "covered": one.count, "parts": parts}


def _lines(found: Coverage) -> list[str]:
    rate = share(found.count, found.denominator)
    lines = [
        f"覆盖　{found.as_of}　{found.of} {_said(found.denominator)} 名，覆盖 {_said(found.count)} 名 {rate}",
        found.definition,
        *(f"  {state.label}：{_said(count)}" for state, count in found.parts.items()),
    ]
    if found.without_seat is not None:
        lines.append(f"还没有编组、可以就近参加的，同时安排座位还缺 {found.without_seat} 座")
    near = f"{found.building_limit_m} 米内有地点的 {found.buildings} 幢"
    lines += [
        f"楼栋 {found.buildings_of} 幢，{near}；地点 {found.places} 处，空座 {_said(found.free_seats)} 个",
        *(f"  {one.name}：{_said(one.count)} / {_said(one.denominator)}" for one in found.communities),
        *(f"  {one.name}：{_said(one.count)} / {_said(one.denominator)}" for one in found.branches),
        f"空白点 {len(found.gaps)} 处",
    ]
    for gap in found.gaps:
        nearest = "周围没有地点" if gap.nearest_m is None else f"最近的地点 {gap.nearest_m} 米"
        lines.append(f"  {gap.label}　{gap.community}　{gap.members} 名　{nearest}")
    lines.append(f"没有党小组，或 {found.months} 个月没有开展活动的支部 {len(found.org_gaps)} 个")
    for one in found.org_gaps:
        held = one.last_held.isoformat() if one.last_held else "没有记录"
        lines.append(f"  {one.branch}　{'没有党小组　' if one.has_no_group else ''}最近活动 {held}")
    if found.is_estimated:
        lines.append("有的路程按直线估算")
    return lines


def _said(count: int | None) -> str:
    return "不显示" if count is None else str(count)


def _next_document(found: NextHosts) -> dict[str, object]:
    return {
        "as_of": found.as_of.isoformat(),
        "definition": found.definition,
        "waiting": found.waiting,
        "without_seat": found.without_seat,
        "uncovered": found.uncovered,
        "candidates": found.n_candidates,
        "best": [_place(one) for one in found.best],
        "in_turn": [_place(one) for one in found.in_turn],
    }


def _place(one: NextHost) -> dict[str, object]:
    return {
        "place": one.key,
        "label": one.label,
        "building": one.building_id,
        "seats": one.seats,
        "more_seated": one.more_seated,
        "more_m": one.more_m,
        "newly_reached": one.newly_reached,
        "fewer_uncovered": one.fewer_uncovered,
        "hosts": [{"member": member, "name": name} for member, name in one.hosts],
    }


def _next_lines(found: NextHosts) -> list[str]:
    short = f"可以就近参加而未编组的 {found.waiting} 名，缺 {found.without_seat} 座"
    lines = [f"再设一处　{found.as_of}　{short}；试设 {found.n_candidates} 处", found.definition]
    for title, places in (("单独设一处", found.best), ("逐处增设", found.in_turn)):
        lines.append(title if places else f"{title}：没有哪一处能多安排座位或缩短路程")
        lines += [f"  {number}. {one.label}（{one.seats} 座）　{brings(one)}" for number, one in enumerate(places, 1)]
    return lines


def brings(one: NextHost) -> str:
    """Say what a place brings."""
    walk = f"步行总路程{'少' if one.more_m < 0 else '多'} {abs(one.more_m)} 米"
    return f"多坐下 {one.more_seated} 名，未覆盖少 {one.fewer_uncovered} 名，{walk}"


def register(app: typer.Typer) -> None:
    """Add `jiujin coverage`; `jiujin hosts next` is with the other commands of hosts."""
    app.command("coverage")(coverage)
