"""The screen 数据: pick a file, say what it is, look at everything the dry run found, then import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.office_day import BEIJING
from gis.services.import_log import list_batches
from gis.ui import session, waiting
from gis.ui.data import uploads
from gis.ui.data.kinds import CRS, FILE_TYPES, KINDS, LAYER_TYPES, OSM, ROSTER, Asked, run_import
from gis.ui.data.merges import ask_merges
from gis.ui.data.outcome import show_outcome
from gis.ui.table import Cell, show_table

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from gis.model.access import Actor
    from gis.model.imports import ImportBatch
    from gis.store.database import Store
    from gis.ui.data.kinds import Outcome

JOB, FOUND = "import_job", "import_found"
EXPECTED_S = 20.0


STEPS = ("选文件", "申报坐标系", "试运行", "看图核对", "导入")
ROSTER_STEPS = ("选文件", "指明工作表", "试运行", "看图核对", "导入")


def import_on_request(actor: Actor, store: Store) -> None:
    """Ask, try, show, import."""
    bar = st.empty()
    asked = _ask(actor)
    if asked is not None:
        _drop_found()
        waiting.send(JOB, lambda: run_import(actor, store, asked, is_applied=False), expected_s=EXPECTED_S)
    outcome = waiting.result_of(JOB, "正在检查文件")
    if outcome is not None:
        session.remember(FOUND, outcome)
    found: Outcome | None = session.recall(FOUND)
    _show_steps(bar, found)
    if found is None:
        return
    show_outcome(actor, store, found)
    if found.is_applied:
        st.success("已导入。一张图和测算即刻使用新数据")
        uploads.drop(found.asked.path)
        return
    if ask_merges(actor, store, found, JOB, expected_s=EXPECTED_S):
        st.rerun()
    _show_decision(found)


def _show_steps(bar: DeltaGenerator, found: Outcome | None) -> None:
    """Show where the clerk is."""
    names = ROSTER_STEPS if session.recall("import_kind", ROSTER) == ROSTER else STEPS
    now = 0 if found is None else len(names) if found.is_applied else len(names) - 2
    looks = ["jj-past" if place < now else "jj-now" if place == now else "" for place in range(len(names))]
    items = (
        f'<li class="{look}"><b>{place}</b>{name}</li>'
        for place, (name, look) in enumerate(zip(names, looks, strict=True), start=1)
    )
    bar.html(f'<ol class="jj-steps">{"".join(items)}</ol>')


def _show_decision(found: Outcome) -> None:
    left_out = found.left_out
    if found.refusal:
        st.caption("文件有错，不能导入。改好后重新选文件。")
    elif left_out:
        st.info(f"**{left_out} 行未导入**：导入时跳过有问题的行，其余照常导入。改好这些行后，同一文件可以再导一次。")
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
            st.caption(
                "试运行只检查、不保存：列出全部问题，数清新增、变化、缺少，并画在图上供核对。看过结果再决定是否导入。"
            )
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
    rows: list[dict[str, Cell]] = [
        {
            "时间": f"{batch.applied_at + BEIJING:%Y-%m-%d %H:%M}",
            "文件": batch.file_name,
            "类别": KINDS.get(batch.kind.partition(":")[0], "其他"),
            "坐标系": batch.crs,
            "新增": _count(batch, "new"),
            "变化": _count(batch, "changed"),
            "缺少": _count(batch, "missing"),
            "问题": batch.faults,
            "导入人": batch.applied_by,
        }
        for batch in list_batches(actor, store)
    ]
    if rows:
        show_table(rows, height=480)
    else:
        st.info("还没有导入过文件。建议的顺序：区划、网格、小区、楼栋、道路 → 党组织 → 中心户、阵地 → 党员花名册")


def _count(batch: ImportBatch, name: str) -> int | None:
    number = batch.counts.get(name)
    return number if isinstance(number, int) else None
