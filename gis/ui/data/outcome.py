"""What a dry run found: counts, refusal, faults with their rows, checks, and the file on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from gis.spatial.display import centres, lines, rings
from gis.ui import drafts, encoding
from gis.ui.map.host import show_map
from gis.ui.map.panel import side_view
from gis.ui.table import show_table, show_tiles
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store
    from gis.ui.data.kinds import Outcome
    from gis.ui.map.host import View

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_outcome(actor: Actor, store: Store, found: Outcome) -> None:
    """Show everything; nothing is shortened but long lists on the map."""
    st.header("导入结果" if found.is_applied else "试运行结果")
    st.caption(plain(found.asked.path.name))
    show_tiles(dict(found.counts), key="jj_scores")
    if any(label == "缺少" and number != "0" for label, number in found.counts):
        st.caption("缺少：系统里有、这个文件里没有。只作提示，不会删除。")
    if found.refusal:
        st.error(f"**整个文件没有通过，不能导入。** {plain(found.refusal)}")
    _show_faults(found)
    if found.is_applied:
        _show_merges(found)
    for check in found.checks:
        st.markdown(f"- {plain(check)}")
    if found.preview and not found.is_applied:
        _show_preview(actor, store, found)


def _show_faults(found: Outcome) -> None:
    if not found.faults:
        if not found.is_applied and not found.refusal:
            st.success("没有发现问题")
        return
    rows = {(fault.sheet, fault.row) for fault in found.faults if fault.row is not None}
    left_out = "" if found.refusal else f"，涉及 {len(rows)} 行" if rows else ""
    st.markdown(
        f"**问题 {len(found.faults)} 处{left_out}**　按工作表和行号排列；改好原文件后再导一次，已导入的不会重复"
    )
    faults = sorted(found.faults, key=lambda fault: (fault.sheet or "", fault.row or 0))
    table = [{"工作表": f.sheet, "行": f.row, "字段": f.field, "问题": f.message} for f in faults]
    show_table(table if any(fault.sheet for fault in faults) else [_without_sheet(row) for row in table], height=420)
    path = found.asked.faults_path
    if path.is_file():
        st.download_button(
            "下载标注了问题的文件",
            path.read_bytes(),
            file_name=path.name,
            mime=XLSX,
            on_click="ignore",
            help="原文件的副本：有问题的行标黄，最后一列写明原因",
        )


def _without_sheet(row: dict[str, str | int | None]) -> dict[str, str | int | None]:
    return {name: cell for name, cell in row.items() if name != "工作表"}


def _show_merges(found: Outcome) -> None:
    if not found.merges:
        return
    st.markdown(
        f"**需要人工认定 {len(found.merges)} 人**（未导入：可能与已有党员是同一人，不能自动判断；再导一次即可认定）"
    )
    show_table(
        [{"姓名": one.name, "支部": one.branch, "行": one.row, "原因": one.reason} for one in found.merges], height=420
    )


def _show_preview(actor: Actor, store: Store, found: Outcome) -> None:
    what = (
        "橙色圈是文件中党员住址定到的位置，灰色为已有楼栋"
        if found.is_people
        else "橙色为文件中的对象，灰色为已有楼栋；整体错开说明坐标系填错了，请放弃后重新申报"
    )
    st.markdown(f"**看图核对**　{what}")
    show_map("jj_file_map", _view(actor, store, found.preview), on_pick=lambda _pick: None)


def _view(actor: Actor, store: Store, preview: tuple[bytes, ...]) -> View:
    address = drafts.put(actor, store, encoding.as_json(file_document(list(preview))))
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
