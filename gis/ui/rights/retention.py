"""保留与清理: the terms in force, what is due, and clearing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.retention import retention_due, retention_table, run_retention
from gis.ui import session
from gis.ui.rights.members import done
from gis.ui.table import show_table

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.retention import RetentionReport
    from gis.store.database import Store

LOOKED = "retention_due"


def show_retention(actor: Actor, store: Store) -> None:
    """Show the rules; look what is due; clear."""
    if st.button("看看有什么到期"):
        session.remember(LOOKED, retention_due(actor, store))
    report: RetentionReport | None = session.recall(LOOKED)
    if report is not None:
        _show(report)
    st.subheader("保留期限")
    st.caption("期限在“设置”中调整；到期清理真正删除，不能恢复")
    names = ("内容", "从哪天算起", "保留", "到期怎样处理")
    show_table([dict(zip(names, row, strict=True)) for row in retention_table(actor, store)])


def _show(report: RetentionReport) -> None:
    due = [one for one in report.cleared if one.total]
    if not due and not report.files:
        st.success(f"按 {report.as_of} 计算，没有到期的")
        return
    show_table([{"内容": one.rule.kind.label, "到期": one.total, "截至": one.cutoff.isoformat()} for one in due])
    if report.files:
        st.caption(f"另有到期的导出文件 {len(report.files)} 个")
    is_sure = st.checkbox("已看过上面的数目，知道不能恢复", key="retention_sure")
    if st.button("清理", type="primary", disabled=not is_sure):
        with session.show_errors():
            cleared = run_retention(session.actor_now(), session.store())
            session.forget(LOOKED)
            done(f"已清理 {cleared.total} 行，删除文件 {len(cleared.files)} 个，并留下清理记录")
