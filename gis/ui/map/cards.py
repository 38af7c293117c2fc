"""Cards as the map's panel shows them: plain lists of words, bound as text in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.errors import DeniedError, NotFoundError
from gis.model.enums import HostStatus, VenueKind
from gis.model.ids import BuildingId, GridId, HostId, VenueId
from gis.services import map_cards
from gis.services.group_card import group_card
from gis.services.map_layers import SUPPRESS_BELOW
from gis.ui.text import hectares, yes_no

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.model.access import Actor
    from gis.model.meetings import Session
    from gis.model.territory import HostHousehold, Venue
    from gis.services.group_card import GroupCard
    from gis.services.map_cards import BuildingCard, GridCard, HostCard, Meeting, MemberLine, VenueCard
    from gis.store.database import Store
    from gis.ui.map.host import Pick

    Card = dict[str, Any]


def card_of(actor: Actor, store: Store, pick: Pick) -> Card | None:
    """Return the card of what was clicked; None for nothing, or for what has gone since."""
    makers: dict[str, Callable[[], Card]] = {
        "grid": lambda: _grid(map_cards.grid_card(actor, store, GridId(pick.id))),
        "building": lambda: _building(map_cards.building_card(actor, store, BuildingId(pick.id))),
        "host": lambda: _host(map_cards.host_card(actor, store, HostId(pick.id))),
        "venue": lambda: _venue(map_cards.venue_card(actor, store, VenueId(pick.id))),
        "group": lambda: _group(group_card(actor, store, pick.id)),
    }
    make = makers.get(pick.kind)
    if make is None:
        return None
    try:
        return make()
    except (NotFoundError, DeniedError):  # an address kept from a role with more rights
        return None


def _card(kind: str, title: str, facts: Sequence[tuple[str, str]]) -> Card:
    return {"kind": kind, "title": title, "facts": [list(f) for f in facts], "sections": [], "links": [], "note": ""}


def _grid(found: GridCard) -> Card:
    grid, members = found.grid, found.members
    card = _card(
        grid.kind.label,
        grid.name or grid.grid_code,
        [
            ("编号", grid.grid_code),
            ("所属社区", found.community or "未登记"),
            ("责任党组织", found.org or "未登记"),
            ("办公电话", found.phone or "未登记"),
            ("面积", hectares(grid.area_m2)),
            ("楼栋", f"{found.buildings} 幢"),
            ("中心户、阵地", f"{found.hosts} 户、{found.venues} 处"),
            ("过渡期党员", "从略" if members.in_transition is None else f"{members.in_transition} 名"),
        ],
    )
    if found.posts:
        rows = [{"main": name, "sub": post, "tag": ""} for post, name in found.posts]
        card["sections"].append({"title": "网格岗位", "rows": rows, "empty": ""})
    if members.grouped is not None:
        card["facts"].append(["已编组", f"{members.grouped} 名"])
    if members.total is not None:
        card["facts"].append(["在册党员合计", f"{members.total} 名"])
    card["note"] = (
        f"人数按本人管理范围内、住在本网格的党员统计；少于 {SUPPRESS_BELOW} 名时从略"
        if members.in_transition is None
        else "人数按本人管理范围内、住在本网格的党员统计"
    )
    return card


def _building(found: BuildingCard) -> Card:
    building = found.building
    card = _card(
        f"楼栋 · {building.status.label}",
        building.label or "未编号楼栋",
        [
            ("层数", _number(building.floors, "层")),
            ("单元", _number(building.units, "个")),
            ("户数", _number(building.households, "户")),
            ("电梯", yes_no(building.has_lift)),
            ("所属网格", found.grid.name if found.grid else "未划入网格"),
        ],
    )
    if building.address:
        card["facts"].append(["地址", building.address])
    card["sections"] += [*_host_rows(found.hosts), *_venue_rows(found.venues)]
    if found.members is not None:
        card["sections"].append(_member_rows(found.members))
    if found.grid is not None:
        card["links"].append({"text": "查看所在网格", "kind": "grid", "id": found.grid.id})
    return card


def _member_rows(members: Sequence[MemberLine]) -> Card:
    rows = []
    for member in members:
        tag, tone = ("已编组", "good") if member.group else ("未编组", "warn") if member.is_in_transition else ("", "")
        words = [member.branch, f"{member.age} 岁" if member.age is not None else "", member.group]
        rows.append({"main": member.name, "sub": " · ".join(word for word in words if word), "tag": tag, "tone": tone})
    return {"title": f"管理范围内党员 {len(rows)} 名", "rows": rows, "empty": "没有住在这里的党员"}


def _host_rows(hosts: Sequence[HostHousehold]) -> list[Card]:
    rows = [
        {
            "main": host.name or "党员中心户",
            "sub": yes_no(host.is_step_free, "无障碍", "有台阶"),
            "tag": _seats(host.capacity),
        }
        for host in hosts
    ]
    return [{"title": "党员中心户", "rows": rows, "empty": ""}] if rows else []


def _venue_rows(venues: Sequence[Venue]) -> list[Card]:
    rows = [{"main": venue.name, "sub": venue.kind.label, "tag": _seats(venue.capacity)} for venue in venues]
    return [{"title": "阵地", "rows": rows, "empty": ""}] if rows else []


def _host(found: HostCard) -> Card:
    host = found.host
    card = _card(
        f"党员中心户 · {host.status.label}",
        host.name or "党员中心户",
        [
            ("所在支部", found.branch),
            ("位置", found.building or "已登记位置"),
            *_capacity(host.capacity, found.taken),
            ("楼层", _number(host.floor, "层")),
            ("无障碍进出", yes_no(host.is_step_free, "可以", "不便")),
            ("设备", "、".join(host.equipment) or "未登记"),
        ],
    )
    if host.address:
        card["facts"].append(["地址", host.address])
    if host.status is not HostStatus.APPROVED:
        card["note"] = f"{host.status.label}，现在不能安排党员"
    return _finish_place(card, found.groups, host.building_id)


def _venue(found: VenueCard) -> Card:
    venue = found.venue
    card = _card(
        f"阵地 · {venue.kind.label}",
        venue.name,
        [
            ("所属组织", found.org or "未登记"),
            ("位置", found.building or "已登记位置"),
            *_capacity(venue.capacity, found.taken),
            ("楼层", _number(venue.floor, "层")),
            ("无障碍进出", yes_no(venue.is_step_free, "可以", "不便")),
            ("设备", "、".join(venue.equipment) or "未登记"),
        ],
    )
    if venue.kind is VenueKind.CANDIDATE:
        card["note"] = "候选场所，现在不能安排党员"
    return _finish_place(card, found.groups, venue.building_id)


def _finish_place(card: Card, groups: Sequence[Meeting], building_id: BuildingId | None) -> Card:
    rows = [{"main": group.name, "sub": group.branch, "tag": f"{group.size} 人"} for group in groups]
    if rows:
        card["sections"].append({"title": "在此活动的临时党小组", "rows": rows, "empty": ""})
        card["links"] += [{"text": f"查看{group.name}", "kind": "group", "id": group.id} for group in groups]
    if building_id is not None:
        card["links"].append({"text": "查看所在楼栋", "kind": "building", "id": building_id})
    return card


def _group(found: GroupCard) -> Card:
    room = f"{found.size} 人" + (f"（该处可容纳 {found.capacity} 人）" if found.capacity is not None else "")
    card = _card(
        "临时党小组",
        found.name,
        [
            ("所在支部", found.branch),
            ("组长", found.leader or "待支部确定"),
            ("活动地点", found.place or "未登记"),
            ("人数", room),
            ("平均步行", _walk(found.mean_walk_m)),
            ("最远步行", _walk(found.longest_walk_m)),
            ("下次活动", _session(found.next_session)),
            ("成立日期", f"{found.since.isoformat()}"),
        ],
    )
    if found.n_unknown_walks and found.mean_walk_m is not None:
        card["note"] = f"步行距离不含未定位的 {found.n_unknown_walks} 人"
    place = {"host": "查看党员中心户", "venue": "查看活动场所"}[found.place_kind]
    card["links"].append({"text": place, "kind": found.place_kind, "id": found.place_id})
    card["links"].append({"text": "打开“临时党小组”", "kind": "", "id": 0, "href": "/groups"})
    return card


def _walk(metres: float | None) -> str:
    return "未测算" if metres is None else f"{metres:.0f} 米"


def _session(session: Session | None) -> str:
    if session is None:
        return "未安排"
    at = session.planned_at
    return f"{at.month} 月 {at.day} 日 {at:%H:%M}，{session.kind.label}"


def _capacity(capacity: int, taken: int | None) -> list[tuple[str, str]]:
    if taken is None:
        return [("可容纳", f"{capacity} 人"), ("已安排", f"少于 {SUPPRESS_BELOW} 人或从略")]
    return [("可容纳", f"{capacity} 人"), ("已安排", f"{taken} 人"), ("空余席位", f"{max(0, capacity - taken)} 席")]


def _seats(capacity: int) -> str:
    return f"{capacity} 席"


def _number(value: int | None, unit: str) -> str:
    return f"{value} {unit}" if value is not None else "未登记"
