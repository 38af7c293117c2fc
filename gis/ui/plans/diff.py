"""What differs between two plans, or two versions of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.ui.table import show_table, show_tiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.model.plans import GroupDiff, MemberDiff, PlanDiff

LONG_LIST = 420  # pixels


def show_diff(diff: PlanDiff, *, before: str = "原来", after: str = "现在", key: str = "jj_diff") -> None:
    """Show members who sit elsewhere and groups that come or go."""
    if diff.is_empty:
        st.caption("两者的小组、组员、组长完全一样")
        return
    show_tiles(
        {
            "换地点": f"{len(diff.moved)} 名",
            "新编入": f"{len(diff.added)} 名",
            "退出小组": f"{len(diff.dropped)} 名",
            "新开小组": f"{len(diff.opened)} 个",
            "撤销小组": f"{len(diff.closed)} 个",
            "换组长": f"{len(diff.leaders)} 个",
        },
        key=key,
    )
    rows = [
        *_people("换地点", diff.moved, before, after),
        *_people("新编入", diff.added, before, after),
        *_people("退出小组", diff.dropped, before, after),
    ]
    show_table(rows, height=LONG_LIST)
    show_table([*_groups("新开", diff.opened), *_groups("撤销", diff.closed), *_groups("换组长", diff.leaders)])


def _people(change: str, found: Iterable[MemberDiff], first: str, second: str) -> list[Mapping[str, str]]:
    return [
        {
            "变化": change,
            "姓名": one.name,
            "支部": one.branch,
            first: one.before or "无小组",
            second: one.after or "无小组",
        }
        for one in found
    ]


def _groups(change: str, found: Iterable[GroupDiff]) -> list[Mapping[str, str]]:
    return [
        {
            "小组变化": change,
            "支部": one.branch,
            "活动地点": one.place,
            "人数": f"{one.size_before} → {one.size_after}",
            "组长": one.leader_after or one.leader_before
            if one.leader_before == one.leader_after or not (one.leader_before and one.leader_after)
            else f"{one.leader_before} → {one.leader_after}",
        }
        for one in found
    ]
