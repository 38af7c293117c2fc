"""The screen 数据: pick a file, say what it is, look at everything the dry run found, then import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.import_log import list_batches
from gis.ui import session, waiting
from gis.ui.data import uploads
from gis.ui.data.kinds import CRS, FILE_TYPES, KINDS, LAYER_TYPES, OSM, ROSTER, Asked, run_import
from gis.ui.data.outcome import show_outcome

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store
    from gis.ui.data.kinds import Outcome

JOB, FOUND = "import_job", "import_found"
EXPECTED_S = 20.0


def import_on_request(actor: Actor, store: Store) -> None:
    """Ask, try, show, import."""
    asked = _ask(actor)
    if asked is not None:
        _drop_found()
        waiting.send(JOB, lambda: run_import(actor, store, asked, is_applied=False), expected_s=EXPECTED_S)
    outcome = waiting.result_of(JOB, "正在检查文件")
    if outcome is not None:
        session.remember(FOUND, outcome)
    found: Outcome | None = session.recall(FOUND)
    if found is None:
        return
    show_outcome(actor, store, found)
    if found.is_applied:
        st.success("已导入。一张图和测算即刻使用新数据")
        uploads.drop(found.asked.path)
        return
    with st.container(horizontal=True):
        st.button("导入", type="primary", disabled=bool(found.refusal), on_click=_apply, args=(found,))
        st.button("放弃", on_click=_drop_found)


def _apply(found: Outcome) -> None:
    with session.show_errors():
        actor, store = session.actor_now(), session.store()
        session.forget(FOUND)
        waiting.send(JOB, lambda: run_import(actor, store, found.asked, is_applied=True), expected_s=EXPECTED_S)


def _drop_found() -> None:
    found: Outcome | None = session.recall(FOUND)
    if found is not None:
        uploads.drop(found.asked.path)
    session.forget(FOUND)


def _ask(actor: Actor) -> Asked | None:
    kinds = KINDS if actor.scope.whole_street else {ROSTER: KINDS[ROSTER]}
    with st.container(border=True):
        left, right = st.columns([1, 2])
        kind = left.selectbox("类别", list(kinds), format_func=lambda code: kinds[code], key="import_kind")
        upload = right.file_uploader("文件", FILE_TYPES.get(kind, LAYER_TYPES), key=f"file_{kind}")
        crs, part, bbox = _ask_details(kind)
        if not st.button("试运行", type="primary", disabled=upload is None):
            st.caption("试运行只检查、不保存：列出全部问题，并把新增、变化、缺少逐项数清楚。")
            return None
    return Asked(kind, uploads.keep(upload), crs, part, bbox) if upload is not None else None


def _ask_details(kind: str) -> tuple[str, str, str]:
    """Ask what belongs to the kind: coordinate system and layer, sheet, or box."""
    left, right = st.columns(2)
    if kind == ROSTER:
        return "", left.text_input("工作表", placeholder="留空则读取全部花名册工作表"), ""
    if kind == OSM:
        return "", "", left.text_input("范围", placeholder="西,南,东,北（经纬度）；留空用文件自己的范围")
    crs = left.selectbox("坐标系", list(CRS), format_func=lambda code: CRS[code], key="import_crs")
    if crs == "other":
        crs = left.text_input("EPSG 编号", placeholder="例如 EPSG:4528")
    return crs, right.text_input("图层或工作表", placeholder="文件里有几个时填写"), ""


def show_batches(actor: Actor, store: Store) -> None:
    """Show what has been imported so far."""
    st.header("导入记录")
    rows = [
        {
            "时间（UTC）": batch.applied_at,
            "文件": batch.file_name,
            "类别": KINDS.get(batch.kind, batch.kind),
            "坐标系": batch.crs,
            "新增": batch.counts.get("new"),
            "变化": batch.counts.get("changed"),
            "缺少": batch.counts.get("missing"),
            "问题": batch.faults,
            "导入人": batch.applied_by,
        }
        for batch in list_batches(actor, store)
    ]
    if rows:
        st.dataframe(rows, hide_index=True)
    else:
        st.info("还没有导入过文件")
