"""Papers of a plan to take along: which one, in which format, one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.config import settings
from gis.model.papers import PaperFormat
from gis.services.notices import MIME, NoticeKind, notice_file, why_not
from gis.ui import session

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plans import SavedPlan

FOR_MEMBERS = (NoticeKind.MEMBER_NOTICE, NoticeKind.SIGN_IN)


def show_papers(saved: SavedPlan) -> None:
    """Offer the papers that the plan's state allows."""
    kinds = [kind for kind in NoticeKind if kind not in FOR_MEMBERS or not saved.head.state.is_open]
    forms: list[PaperFormat] = list(PaperFormat)
    with st.container(border=True):
        left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
        kind = left.selectbox("打印和导出", kinds, format_func=lambda one: one.label, key="papers_kind")
        form = middle.selectbox("格式", forms, format_func=lambda one: one.label, key="papers_format")
        obstacle = why_not(form, settings().font_dir)
        right.download_button(
            "下载",
            session.on_press(lambda actor: _content(actor, saved, kind, form)),
            file_name=f"{kind.label}-{saved.head.name}.{form.value}",
            mime=MIME[form],
            on_click="ignore",
            width="stretch",
            disabled=bool(obstacle),
        )
        if obstacle:
            st.warning(obstacle)
        if saved.head.state.is_open:
            st.caption("编组通知和签到表在发布之后打印")


def _content(actor: Actor, saved: SavedPlan, kind: NoticeKind, form: PaperFormat) -> bytes:
    return notice_file(actor, session.store(), saved.head.id, kind, form, font_dir=settings().font_dir).content
