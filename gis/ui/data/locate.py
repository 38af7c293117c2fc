"""The screen 定位: homes that no address could place, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.ids import BuildingId
from gis.services import map_cards, map_layers
from gis.services.locating import confirm_candidate, list_unlocated, pin_position
from gis.spatial.display import bounds, centres
from gis.ui import session
from gis.ui.map.host import Pick, View, show_map
from gis.ui.map.panel import side_view
from gis.ui.table import show_facts
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.locating import Unlocated
    from gis.store.database import Store

PICK, SAID = "locate_pick", "locate_said"
WAYS = {"look": "点选楼栋", "pin": "在图上标点"}


def locate_homes(actor: Actor, store: Store) -> None:
    """Show the queue, the chosen member's candidates and the map."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    queue = list_unlocated(actor, store)
    if not queue:
        if not map_layers.branches_on_map(actor, store):
            st.info("管理范围内还没有党员：先到“数据导入”页导入党员花名册和楼栋")
        else:
            st.success("管理范围内党员的住址都已核定到楼栋")
        return
    st.caption(f"还有 **{len(queue)}** 名党员的住址没有核定到楼栋，过渡期党员和有候选的排在前面。")
    left, right = st.columns([2, 3])
    with left:
        chosen = _choose(queue)
        mode = _show_answer(actor, store, chosen)
    with right:
        show_map("jj_locate_map", _view(actor, store, chosen, mode), on_pick=_keep)


def _choose(queue: tuple[Unlocated, ...]) -> Unlocated:
    by_id = {one.member_id: one for one in queue}
    shown = distinct({number: f"{one.name}　{one.address}" for number, one in by_id.items()})
    member_id = st.selectbox(
        "党员",
        list(shown),
        format_func=lambda number: shown[number],
        on_change=lambda: session.forget(PICK),
        key="locate_member",
    )
    one = by_id[member_id]
    show_facts(
        {
            "姓名": one.name,
            "支部": one.branch,
            "地址": one.address,
            "目前精度": one.precision.label,
            "为何没有定位": one.reason or "未说明",
        }
    )
    return one


def _show_answer(actor: Actor, store: Store, one: Unlocated) -> str:
    if one.candidates:
        names = {c.building_id: f"{n}　{c.estate} {c.building_no}" for n, c in enumerate(one.candidates, start=1)}
        building = st.selectbox("候选楼栋", list(names), format_func=lambda number: names[number])
        st.button("确认住在这幢楼", type="primary", on_click=_confirm, args=(one, building))
        st.caption("候选都不对时，在图上点选楼栋；找不到楼栋的，改为标点。")
    mode = str(st.radio("方式", list(WAYS), format_func=lambda way: WAYS[way], horizontal=True, key="locate_way"))
    pick: Pick | None = session.recall(PICK)
    if mode == "pin" and pick is not None and pick.lon is not None and pick.lat is not None:
        st.caption(f"标点：东经 {pick.lon:.6f}°，北纬 {pick.lat:.6f}°")
        st.button("保存标点", type="primary", on_click=_pin, args=(one, (pick.lon, pick.lat)))
    elif mode == "look" and pick is not None and pick.kind == "building":
        building = BuildingId(pick.id)
        card = map_cards.building_card(actor, store, building).building
        st.markdown(f"图上选中：{plain(card.label or '未编号楼栋')}")
        st.button("确认住在图上选中的楼", type="primary", on_click=_confirm, args=(one, building))
    else:
        st.info(
            "在图上点一下" + ("住处的位置，再保存" if mode == "pin" else "所住的楼栋，再确认"),
            icon=":material/touch_app:",
        )
    return mode


def _confirm(one: Unlocated, building: BuildingId) -> None:
    with session.show_errors():
        confirm_candidate(session.actor_now(), session.store(), one.member_id, building, one.version)
        _done(one)


def _pin(one: Unlocated, lonlat: tuple[float, float]) -> None:
    with session.show_errors():
        pin_position(session.actor_now(), session.store(), one.member_id, lonlat, one.version)
        _done(one)


def _done(one: Unlocated) -> None:
    session.forget(PICK, "locate_member")
    session.remember(SAID, f"已核定：{plain(one.name)}")


def _keep(pick: Pick) -> None:
    if pick.kind in ("building", "pin"):
        session.remember(PICK, pick)
    else:
        session.forget(PICK)


def _view(actor: Actor, store: Store, one: Unlocated, mode: str) -> View:
    pick: Pick | None = session.recall(PICK)
    has_pin = pick is not None and pick.kind == "pin" and mode == "pin"
    points = centres([candidate.shape for candidate in one.candidates])
    return side_view(
        actor,
        store,
        hidden=("people", "places"),
        mode=mode,
        focus=None if one.candidates else bounds([one.near]),
        selected=pick if pick is not None and pick.kind == "building" else None,
        pin=(pick.lon or 0.0, pick.lat or 0.0) if pick is not None and has_pin else None,
        numbers=[
            {"id": candidate.building_id, "x": float(x), "y": float(y), "n": number}
            for number, (candidate, (x, y)) in enumerate(zip(one.candidates, points, strict=True), start=1)
            if x == x  # noqa: PLR0124  # NaN: a building without a shape
        ],
    )
