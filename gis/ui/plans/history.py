"""What happened to a plan: its life and its steps of editing, with who and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.ui.plans.words import moment
from gis.ui.table import show_table

if TYPE_CHECKING:
    from gis.model.plans import SavedPlan


def show_history(saved: SavedPlan) -> None:
    """Show events and steps, the latest first."""
    st.markdown("**经过**")
    show_table(
        [
            {
                "事项": event.kind.label,
                "经办人": event.by,
                "时间": moment(event.at),
                "日期": event.day.isoformat() if event.day else "",
                "理由": event.reason,
                "说明": event.text,
            }
            for event in reversed(saved.events)
        ]
    )
    if not saved.steps:
        st.caption("没有手工调整")
        return
    st.markdown("**手工调整**")
    show_table(
        [
            {
                "步": step.number,
                "内容": step.text,
                "经办人": step.by,
                "时间": moment(step.at),
                "状态": "" if step.is_applied else "已撤销",
            }
            for step in reversed(saved.steps)
        ]
    )
