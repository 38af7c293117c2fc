"""回村参学负担 on screen: how far, how long, and for whom going alone is not advised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.travel import travel_burden
from gis.ui.table import show_table, show_tiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.modes import TravelBurden
    from gis.store.database import Store

EVERY_BRANCH = 0
LIST_HEIGHT = 640


def show_burden(actor: Actor, store: Store, branches: Mapping[OrgId, str]) -> None:
    """Choose a branch, or all; list who should not go alone, or everybody."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    options: dict[int, str] = {EVERY_BRANCH: "全部支部"} if len(branches) > 1 else {}
    options |= {int(number): branches[number] for number in sorted(branches)}
    chosen = left.selectbox("支部", list(options), format_func=lambda number: options[number], key="burden_branch")
    is_all = right.toggle("含没有提示的", key="burden_all")
    mine = None if chosen == EVERY_BRANCH else [number for number in branches if int(number) == chosen]
    sheet = travel_burden(actor, store, mine)
    against = [one for one in sheet.lines if one.is_advised_against]
    unknown = [one for one in sheet.lines if one.travel.walk_m is None]
    show_tiles(
        {
            "过渡期党员": f"{len(sheet.lines)} 名",
            "不宜单独往返": f"{len(against)} 名",
            "路程未知": f"{len(unknown)} 名",
        },
        key="jj_burden_tiles",
    )
    if sheet.season:
        st.info(sheet.season)
    st.caption("这是建议，不是限制：本人愿意回去的，安排陪同或接送。乘车时间一律为估算")
    shown = list(sheet.lines) if is_all else against
    if not shown:
        st.info("没有不宜单独往返的")
        return
    rows = [_line(one) for one in shown]
    empty = {name for name in rows[0] if all(row[name] in (None, "") for row in rows)}
    show_table([{name: cell for name, cell in row.items() if name not in empty} for row in rows], height=LIST_HEIGHT)


def _line(one: TravelBurden) -> dict[str, str | int | None]:
    travel = one.travel
    return {
        "姓名": one.name,
        "支部": one.branch,
        "年龄": one.age,
        "行动能力": one.mobility.label if one.mobility else "未核定",
        "本人意愿": one.preference.label,
        "路程（米）": travel.walk_m,
        "步行（分）": travel.walk_min,
        "乘车约（分）": travel.ride_min,
        "不宜单独往返": "；".join(one.reasons),
        "待核": "；".join([*one.to_clear_up, *(["路程为估算"] if travel.is_estimated else [])]),
    }
