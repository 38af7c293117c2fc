"""专题图“步行范围”: 5, 10 and 15 minutes on foot along the roads, from one place or from the nearest of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.services.walk_reach import Pace, ReachRequest, start_at, starts_on_map, walk_reach
from gis.spatial.display import rings
from gis.ui import encoding, session
from gis.ui.map.answers import answer
from gis.ui.map.themes.theme import Drawn, Theme
from gis.ui.text import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.services.walk_reach import ReachRing, WalkReach
    from gis.spatial.display import Paths
    from gis.store.database import Store
    from gis.ui.map.filters import Filters

CODE, FROM, PACE, CIRCLES, SEEN = "reach", "reach_from", "reach_pace", "reach_circles", "jj_reach_card"
ALL = "all"
MOST_LISTED = 300  # the list rides on every rerun; a city's places are chosen on the map
LETTERS = {"host": "H", "venue": "V", "building": "B"}
NO_PLACES = "还没有已批准的中心户和阵地：点图上一幢楼，看从那里走多远"
NO_ROADS = "没有道路数据，按直线估算"
OFF_ROAD = "有的地点附近没有道路，按直线估算"


def show(actor: Actor, store: Store, filters: Filters) -> Drawn:  # noqa: ARG001  # the filters choose members, not places
    """Ask from where and who walks; the areas and what lies within."""
    place = _ask_place(actor, store)
    pace = _ask_pace()
    with_circles = place != ALL and st.toggle("直线距离圈", key=CIRCLES)
    request = ReachRequest("" if place == ALL else place, pace)
    found = _found(actor, store, request)
    if not found.rings:
        return Drawn(None, NO_PLACES)
    drawn = answer(
        actor,
        store,
        (request, with_circles),
        lambda: encoding.as_json(reach_document(_found(actor, store, request), request, with_circles=with_circles)),
    )
    return Drawn(drawn, said(found))


THEME = Theme(CODE, "步行范围", (Action.VIEW_MAP,), show)


def _found(actor: Actor, store: Store, request: ReachRequest) -> WalkReach:
    return answer(actor, store, request, lambda: walk_reach(actor, store, request))


def _ask_place(actor: Actor, store: Store) -> str:
    """Ask for the place; a host, venue or building clicked on the map is chosen as well."""
    _follow_card()
    starts = answer(actor, store, "starts", lambda: starts_on_map(actor, store))
    if session.recall(FROM) is None and FROM in st.query_params:
        session.remember(FROM, str(st.query_params[FROM]))
    chosen = str(session.recall(FROM) or "")
    listed = starts if len(starts) <= MOST_LISTED else [start for start in starts if start.key == chosen]
    names = {ALL: "全部中心户和阵地", **{start.key: start.label for start in listed}}
    if chosen.startswith("B"):
        try:
            names[chosen] = start_at(actor, store, chosen).label
        except NotFoundError:
            session.forget(FROM)
    elif chosen not in names:
        session.forget(FROM)
    shown = distinct(names)
    code = st.selectbox(
        "从哪里走",
        list(shown),
        format_func=lambda key: shown[key],
        key=FROM,
        label_visibility="collapsed",
        width=250,
        help="点图上的中心户、阵地或楼栋，也可以换地点",
    )
    if code == ALL:
        st.query_params.pop(FROM, None)
    else:
        st.query_params[FROM] = code  # not what it is called: a host's name stays out of addresses
    return str(code)


def _follow_card() -> None:
    """Take over the place whose card has just been opened."""
    card = str(st.query_params.get("card", ""))
    if card == session.recall(SEEN):
        return
    session.remember(SEEN, card)
    kind, _, number = card.partition("-")
    if kind in LETTERS and number.isdecimal():
        session.remember(FROM, f"{LETTERS[kind]}{number}")


def _ask_pace() -> Pace:
    paces = {pace.value: pace for pace in Pace}
    code = st.selectbox(
        "谁走",
        list(paces),
        index=list(paces).index(Pace.ELDER.value),
        format_func=lambda code: f"步行：{paces[code].label}",
        key=PACE,
        bind="query-params",
        label_visibility="collapsed",
        width=200,
    )
    return paces[code]


def reach_document(found: WalkReach, request: ReachRequest, *, with_circles: bool) -> dict[str, Any]:
    """Encode the areas, the shortest time first, with the point of each one's name; circles in metres."""
    one = found.starts[0] if request.place else None
    outlines = rings([ring.shape for ring in found.rings])
    return {
        "place": f"{request.place or ALL} {request.pace.value}",
        "who": f"{request.pace.label}，{found.speed_m_s:g} 米/秒",
        "minutes": [ring.minutes for ring in found.rings],
        "metres": [round(ring.metres) for ring in found.rings],
        "path": encoding.paths(outlines),
        "start": {"x": round(one.lon, 6), "y": round(one.lat, 6), "name": one.label} if one else None,
        "tops": [_top(outlines, number) for number in range(len(found.rings))] if one else [],
        "circles": with_circles,
    }


def _top(outlines: Paths, number: int) -> list[float] | None:
    """Return the northernmost point of one area."""
    points = outlines.points[(outlines.owner == number).repeat(outlines.size)]
    if not len(points):
        return None
    lon, lat = points[points[:, 1].argmax()]
    return [round(float(lon), 6), round(float(lat), 6)]


def said(found: WalkReach) -> str:
    """Return `5、10、15 分钟内：楼栋 12、40、85 幢（共 1073 幢）；…`."""
    words = [
        f"楼栋 {_row(found.rings, 'buildings')} 幢（共 {found.buildings_of} 幢）",
        f"地点 {_row(found.rings, 'places')} 处" if len(found.starts) == 1 else f"地点 {len(found.starts)} 处",
    ]
    if all(ring.free_seats is not None for ring in found.rings):
        seats = _row(found.rings, "free_seats") if len(found.starts) == 1 else str(found.rings[-1].free_seats)
        words.append(f"空座 {seats} 个")
    if any(ring.members is not None for ring in found.rings):
        of = f"（住址已定位的 {found.members_of} 名）" if found.members_of is not None else ""
        words.append(f"过渡期党员 {_row(found.rings, 'members')} 名{of}")
    minutes = "、".join(str(ring.minutes) for ring in found.rings)
    estimated = NO_ROADS if not found.has_roads else OFF_ROAD if found.is_estimated else ""
    return f"{minutes} 分钟内：" + "；".join(word for word in (*words, estimated) if word)


def _row(found: Sequence[ReachRing], name: str) -> str:
    values = [getattr(ring, name) for ring in found]
    return "、".join("略" if value is None else str(value) for value in values)
