"""The card and the household file on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.config import settings
from gis.model.papers import PaperFormat, PaperSize
from gis.services.card_paper import CardPrint, card_file, household_file
from gis.services.notices import MIME, why_not
from gis.ui import session

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.cards import CardView

CARD, HOUSEHOLD = "联系卡", "户档"


def show_card_papers(_actor: Actor, view: CardView) -> None:
    """Offer both papers; the reason goes to the log."""
    kinds = [CARD, HOUSEHOLD] if view.household else [CARD]
    forms: list[PaperFormat] = [PaperFormat.PDF, PaperFormat.DOCX]
    sizes: list[PaperSize] = list(PaperSize)
    with st.container(border=True):
        first, second, third = st.columns(3, vertical_alignment="bottom")
        kind = first.selectbox("打印什么", kinds, key="card_paper_kind")
        size = second.selectbox("纸张", sizes, format_func=lambda one: str(one.label), key="card_paper_size")
        form = third.selectbox("格式", forms, format_func=lambda one: str(one.label), key="card_paper_form")
        reason = st.text_input(
            "用途（记入操作日志）", max_chars=50, placeholder="例如：上门走访", key="card_paper_reason"
        )
        with_phones = st.checkbox("印完整电话", key="card_paper_phones", help="不勾选则隐去中间四位")
        wanted = CardPrint(reason, form, size, with_phones=with_phones)
        obstacle = why_not(form, settings().font_dir)
        st.download_button(
            "下载",
            session.on_press(lambda actor: _content(actor, view, kind, wanted)),
            file_name=f"{kind}-{view.card.card_no}.{form.value}",
            mime=MIME[form],
            on_click="ignore",
            disabled=bool(obstacle) or not reason.strip(),
            type="primary",
        )
        if obstacle:
            st.warning(obstacle)
        elif not reason.strip():
            st.caption("写明用途后可以下载")


def _content(actor: Actor, view: CardView, kind: str, wanted: CardPrint) -> bytes:
    store, fonts = session.store(), settings().font_dir
    if kind == HOUSEHOLD:
        return household_file(actor, store, view.card.member_id, wanted, font_dir=fonts).content
    return card_file(actor, store, [view.card.member_id], wanted, font_dir=fonts).content
