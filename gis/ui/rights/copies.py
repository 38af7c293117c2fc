"""信息副本与限制: hand a member everything that is stored, restrict what is done with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.papers import PaperFormat
from gis.services.consent import list_consents
from gis.services.member_copy import copy_docx, member_copy
from gis.services.notices import MIME
from gis.services.rights import set_restriction
from gis.ui import session
from gis.ui.rights.members import choose_branch, choose_member, done
from gis.ui.table import show_table
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.consent import MemberConsents
    from gis.store.database import Store

MADE = "rights_copy"


def show_copies(actor: Actor, store: Store) -> None:
    """Choose a member; make the copy; restrict or lift."""
    found = list_consents(actor, store)
    if not found:
        st.info("管理范围内还没有党员")
        return
    left, right = st.columns([2, 3])
    with left:
        one = choose_member(choose_branch(found, "copy"), "copy")
        _copy(actor, store, one)
        _restrict(one)
    with right:
        restricted = [member for member in found if member.is_restricted]
        if not restricted:
            st.info("没有限制处理的党员。限制处理后，本人不列入名单、方案和导出，只在联系卡上标明")
        show_table([{"姓名": member.name, "状态": "限制处理", "支部": member.branch} for member in restricted])


def _copy(actor: Actor, store: Store, one: MemberConsents) -> None:
    st.caption("副本含系统里关于本人的全部信息，不含他人的信息；出具会记入操作记录，请当面交给本人")
    if st.button("出具本人信息副本", type="primary"):
        session.remember(MADE, (one.member_id, member_copy(actor, store, one.member_id)))
    member_id, document = session.recall(MADE, (None, None))
    if member_id != one.member_id or document is None:
        return
    paper = copy_docx(document, store.clock())
    text = json.dumps(document, ensure_ascii=False, indent=2)
    word, plain_text = st.columns(2)
    word.download_button("下载 Word", paper.content, paper.name, MIME[PaperFormat.DOCX])
    plain_text.download_button("下载 JSON", text, f"本人信息副本-{one.name}.json", "application/json")


def _restrict(one: MemberConsents) -> None:
    label = "解除限制处理" if one.is_restricted else "限制处理"
    if st.button(label, key="rights_restrict"):
        with session.show_errors():
            wanted = not one.is_restricted
            set_restriction(session.actor_now(), session.store(), one.member_id, is_restricted=wanted)
            done(f"{plain(one.name)}：{'已限制处理' if wanted else '已解除限制处理'}")
