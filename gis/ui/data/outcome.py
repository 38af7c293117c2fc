"""What a dry run found: counts, refusal, faults with their rows, checks, and the file on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from gis.spatial.display import centres, lines, rings
from gis.ui import drafts, encoding
from gis.ui.map.host import show_map
from gis.ui.map.panel import side_view
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.layer_report import PreviewShape
    from gis.store.database import Store
    from gis.ui.data.kinds import Outcome
    from gis.ui.map.host import View

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_outcome(actor: Actor, store: Store, found: Outcome) -> None:
    """Show everything; nothing is shortened but long lists on the map."""
    st.header("导入结果" if found.is_applied else "试运行结果")
    with st.container(key="jj_scores"):
        for column, (label, value) in zip(st.columns(len(found.counts)), found.counts, strict=True):
            column.metric(label, value, border=True)
    if found.refusal:
        st.error(plain(found.refusal))
    _show_faults(found)
    for check in found.checks:
        st.caption(plain(check))
    if found.merges:
        st.markdown(f"**需要人工认定 {len(found.merges)} 人**（未导入）")
        rows = [{"姓名": name, "支部": branch, "行": row, "原因": why} for name, branch, row, why in found.merges]
        st.dataframe(rows, hide_index=True)
    if found.preview and not found.is_applied:
        st.markdown("**在图上核对**　橙色为文件中的对象，灰色为已有楼栋；整体错开说明坐标系填错了")
        show_map("jj_file_map", _view(actor, store, found.preview), on_pick=lambda _pick: None)


def _show_faults(found: Outcome) -> None:
    if not found.faults:
        if not found.is_applied:
            st.success("没有发现问题")
        return
    st.markdown(f"**问题 {len(found.faults)} 处**（有问题的行不导入）")
    rows = [{"工作表": f.sheet, "行": f.row, "字段": f.field, "问题": f.message} for f in found.faults]
    st.dataframe(rows, hide_index=True)
    path = found.asked.faults_path
    if path.is_file():
        st.download_button("下载标注了问题的文件", path.read_bytes(), file_name=path.name, mime=XLSX, on_click="ignore")


def _view(actor: Actor, store: Store, preview: tuple[PreviewShape, ...]) -> View:
    address = drafts.put(actor.name, encoding.as_json(file_document([one.shape for one in preview])))
    return side_view(actor, store, hidden=("people", "places"), draft=address)


def file_document(shapes: list[bytes]) -> dict[str, Any]:
    """Encode the shapes of a file: areas and lines as paths, what has neither as points."""
    areas = rings(shapes)
    found, shape = (areas, "polygon") if len(areas.size) else (lines(shapes), "line")
    is_path = np.zeros(len(shapes), dtype=bool)
    is_path[found.owner[found.size > 1]] = True
    points = centres([None if path else wkb for path, wkb in zip(is_path, shapes, strict=True)])
    points = points[~np.isnan(points[:, 0])]
    return {
        "kind": "file",
        "shape": shape,
        "items": len(shapes),
        "path": encoding.paths(found) if is_path.any() else None,
        "at": encoding.deltas(points),
        "what": ["ungrouped"] * len(points),
        "lines": [],
        "places": [],
    }
