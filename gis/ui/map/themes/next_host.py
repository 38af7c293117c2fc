"""专题图“新增中心户”: where one more host helps most, in turn, with what each brings and how far one walks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.model.access import Action
from gis.services.hosts import MOST_SEATS
from gis.services.next_host import NextHostRequest
from gis.services.next_map import next_on_map
from gis.spatial.display import rings
from gis.ui import encoding, session
from gis.ui.map.answers import answer
from gis.ui.map.host import Pick
from gis.ui.map.themes.theme import KEPT, Drawn, Theme, open_card
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.services.next_map import NextOnMap, NextSpot
    from gis.store.database import Store
    from gis.ui.map.filters import Filters

    Card = dict[str, Any]

CODE, ORDER, SEATS, STEP_FREE, AT = "next", "next_order", "next_seats", "next_step_free", "next_at"
TOP = 5
IN_TURN, ALONE = "turn", "alone"
ORDERS = {IN_TURN: "逐户增设", ALONE: "只设一户，比较"}
APPLY = "/orgs?part=hosts"
ENOUGH = "试设了 {} 处：座位够用，没有哪一处能多安排座位或缩短路程"
MOST_NAMES = 6


def show(actor: Actor, store: Store, filters: Filters) -> Drawn:  # noqa: ARG001  # the answer is for the whole scope
    """Ask how to compare and under which conditions; the proposed places with the walking area of the chosen one."""
    st.segmented_control(
        "怎样比",
        list(ORDERS),
        format_func=lambda code: ORDERS[code],
        default=IN_TURN,
        required=True,
        key=ORDER,
        label_visibility="collapsed",
    )
    with st.popover("试设条件", width="content"):
        st.number_input("新设一户按几座计", 1, MOST_SEATS, value=None, placeholder="每户一般人数", key=SEATS)
        st.toggle("按进出无障碍计", key=STEP_FREE, help="不明的按有台阶计，需要搀扶的不算走得到")
    found = _found(actor, store)
    spots = _spots(found)
    if not spots:
        return Drawn(None, ENOUGH.format(found.answer.n_candidates))
    chosen = _ask_spot(spots)
    st.caption(plain(said(found, spots)), help=plain(found.answer.definition), width="content")
    return Drawn(next_document(found, spots, chosen))


def card(actor: Actor, store: Store, pick: Pick) -> Card | None:
    """Say what one place would bring."""
    found = _found(actor, store)
    spot = next((one for one in _spots(found) if one.number == pick.id), None)
    return _card(found, spot, may_apply=actor.may(Action.MANAGE_HOSTS)) if spot else None


THEME = Theme(CODE, "新增中心户", (Action.VIEW_MAP, Action.PLAN_GROUPS), show, card)


def _found(actor: Actor, store: Store) -> NextOnMap:
    seats = session.recall(SEATS)
    request = NextHostRequest(
        top=TOP, seats=int(seats) if seats else None, is_step_free=bool(session.recall(STEP_FREE))
    )
    with st.spinner("正在逐处试设…", show_time=False):
        return answer(actor, store, request, lambda: next_on_map(actor, store, request))


def _spots(found: NextOnMap) -> tuple[NextSpot, ...]:
    return found.alone if session.recall(ORDER) == ALONE else found.in_turn


def _ask_spot(spots: Sequence[NextSpot]) -> NextSpot:
    """Ask for one of the places; one clicked on the map is chosen as well."""
    by_number = {spot.number: spot for spot in spots}
    pick: Pick | None = session.recall(KEPT)
    if pick is not None and pick.kind == CODE and pick.id in by_number:
        session.remember(AT, pick.id)
    elif session.recall(AT) not in by_number:
        session.forget(AT)
    number = st.selectbox(
        "哪一处",
        list(by_number),
        format_func=lambda number: f"{number}. {by_number[number].host.label}　{_brings(by_number[number])}",
        key=AT,
        on_change=_open_chosen,
        label_visibility="collapsed",
        width=330,
    )
    return by_number[number]


def _open_chosen() -> None:
    open_card(Pick(CODE, int(session.recall(AT) or 0)))


def _brings(spot: NextSpot) -> str:
    """Return `+9 名`, or the metres saved where nobody more gets a seat."""
    if spot.host.more_seated:
        return f"+{spot.host.more_seated} 名"
    return f"少走 {-spot.host.more_m} 米"


def said(found: NextOnMap, spots: Sequence[NextSpot]) -> str:
    """Return `缺 12 座：第 1 户 +9 名，第 2 户 +3 名`."""
    short = found.answer.without_seat
    start = f"可就近参加而未编组的 {found.answer.waiting} 名" + (f"，缺 {short} 座" if short else "都有座位")
    if spots is found.in_turn:
        seated = [f"第 {spot.number} 户 +{spot.host.more_seated} 名" for spot in spots if spot.host.more_seated]
        rest = ["其余几户只缩短路程"] if seated and len(seated) < len(spots) else []
        words = [*seated, *rest] or ["再设只缩短路程"]
    else:
        words = ["各处单独设时相比"]
    estimated = ["按直线估算"] if found.is_estimated else []
    return f"{start}：" + "，".join([*words, *estimated])


def next_document(found: NextOnMap, spots: Sequence[NextSpot], chosen: NextSpot) -> dict[str, Any]:
    """Encode the places in order, and of the chosen one who comes to be covered and how far each age walks."""
    outer = sorted(chosen.rings, key=lambda ring: ring.metres)
    outlines = rings([ring.shape for ring in outer])
    return {
        "place": chosen.host.key,
        "chosen": chosen.number,
        "minutes": found.minutes,
        "spots": [
            {
                "n": spot.number,
                "x": round(spot.host.lon, 6),
                "y": round(spot.host.lat, 6),
                "words": [f"{spot.number}. {spot.host.label}", *_facts_said(spot)],
            }
            for spot in spots
        ],
        "gained": [[round(one.lon, 6), round(one.lat, 6), one.members, int(one.at == "grid")] for one in chosen.gained],
        "who": [f"{ring.pace.label} {ring.metres:.0f} 米" for ring in outer],
        "path": encoding.paths(outlines),
    }


def _facts_said(spot: NextSpot) -> list[str]:
    return [f"{name} {value}" for name, value in _facts(spot)]


def _facts(spot: NextSpot) -> list[tuple[str, str]]:
    host = spot.host
    return [
        ("多安排座位", f"{host.more_seated} 名"),
        ("新覆盖", f"{host.fewer_uncovered} 名"),
        ("步行总路程", f"{'少' if host.more_m < 0 else '多'} {abs(host.more_m)} 米"),
    ]


def _card(found: NextOnMap, spot: NextSpot, *, may_apply: bool) -> Card:
    host, is_in_turn = spot.host, spot in found.in_turn
    facts = [["按几座计", f"{host.seats} 座"], *([name, value] for name, value in _facts(spot))]
    if host.newly_reached:
        facts.append(["原来周围没有地点", f"{host.newly_reached} 名"])
    sections = []
    if host.hosts:
        names = [{"main": name, "sub": "", "tag": ""} for _, name in host.hosts[:MOST_NAMES]]
        more = len(host.hosts) - len(names)
        names += [{"main": f"另有 {more} 名", "sub": "", "tag": ""}] if more else []
        sections.append({"title": "可以动员的正式党员", "rows": names, "empty": ""})
    links = [{"text": "查看这幢楼", "kind": "building", "id": host.building_id}] if host.building_id else []
    if may_apply and host.hosts:
        links.insert(0, {"text": "到“组织”登记中心户报名", "kind": "", "id": 0, "href": APPLY})
    before = f"设好前 {spot.number - 1} 户以后再设" if is_in_turn and spot.number > 1 else "现在设"
    hidden = f"；新覆盖的有 {spot.not_drawn} 名不在图上" if spot.not_drawn else ""
    return {
        "kind": "候选场所" if not host.hosts else "建议新增的中心户",
        "title": f"{spot.number}. {host.label}",
        "facts": facts,
        "sections": sections,
        "links": links,
        "note": f"{before}；设好后按这些座位重新计算，数字不变{hidden}",
    }
