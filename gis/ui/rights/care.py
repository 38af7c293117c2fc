"""The screen 关爱: needs and pairings of the branch for its secretary, one's own for a helper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.rights import CareCode
from gis.services.care import add_need, end_need, end_pairing, open_care, pair_up
from gis.services.phones import masked
from gis.ui import session
from gis.ui.rights.members import SAID, done
from gis.ui.table import show_table
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.rights import CareNeed, Pairing
    from gis.services.care import CareLine, CareView, PairLine
    from gis.store.database import Store

CODES = list(CareCode)

NOBODY = "暂不指定"


def show_care(actor: Actor, store: Store) -> None:
    """Show what one may know; the secretary also notes and ends."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    view = open_care(actor, store)
    st.caption("只登记类别，不写经过、不写病情；只有本支部书记和被指定的帮扶人能看到")
    if not view.is_secretary:
        _list(view, "没有由您帮扶的党员")
        return
    left, right = st.columns([2, 3])
    with left:
        _ask(view)
    with right:
        _list(view, "还没有登记。先在“告知与权利”登记本人对“关爱需要”的同意，再在左侧登记")
        _end(view)


def _list(view: CareView, empty: str) -> None:
    if not view.needs and not view.pairs:
        st.info(empty)
        return
    if view.needs:
        st.subheader("关爱需要")
        show_table([_need(line) for line in view.needs])
    if view.pairs:
        st.subheader("结对帮扶")
        show_table([_pair(line) for line in view.pairs])


def _ask(view: CareView) -> None:
    if not view.may_ask:
        st.info("还没有党员同意登记关爱需要：请在“告知与权利”登记")
        return
    names = distinct(dict(view.may_ask))
    member = st.selectbox("党员（已同意的）", list(names), format_func=lambda one: names[one], key="care_member")
    helpers = distinct({None: NOBODY, **view.helpers})
    with st.form("care_need", border=True):
        code = st.selectbox("类别", CODES, format_func=lambda one: str(one.label))
        helper = st.selectbox("帮扶人（联络员账号）", list(helpers), format_func=lambda one: helpers[one])
        is_noted = st.form_submit_button("登记需要", type="primary")
    with st.form("care_pair", border=True):
        others = distinct({None: "不是本支部党员", **{n: name for n, name in view.members.items() if n != member}})
        partner = st.selectbox("结对的党员", list(others), format_func=lambda one: others[one])
        name = st.text_input("或填写帮扶人姓名", max_chars=50)
        is_paired = st.form_submit_button("登记结对")
    with session.show_errors():
        if is_noted:
            add_need(session.actor_now(), session.store(), member, code, helper_user_id=helper)
            done(f"已登记：{plain(names[member])}，{code.label}")
        if is_paired:
            pair_up(session.actor_now(), session.store(), member, name, helper_member_id=partner)
            done(f"已登记结对：{plain(names[member])}")


def _end(view: CareView) -> None:
    for line in view.needs:
        if line.need.valid_to is None:
            _end_one(f"{line.name}，{line.need.code.label}", line.need, end_need)
    for pair in view.pairs:
        if pair.pairing.valid_to is None:
            _end_one(f"{pair.name}，与{pair.pairing.helper}结对", pair.pairing, end_pairing)


def _end_one(what: str, row: CareNeed | Pairing, end: Callable[[Actor, Store, int, int], None]) -> None:
    if row.id is not None and st.button(plain(f"结束：{what}"), key=f"care_end_{type(row).__name__}_{row.id}"):
        with session.show_errors():
            end(session.actor_now(), session.store(), row.id, row.version)
            done("已结束，期满后删除")


def _need(line: CareLine) -> dict[str, str]:
    need = line.need
    return {
        "姓名": line.name,
        "类别": need.code.label,
        "帮扶人": need.helper or NOBODY,
        "起止": f"{need.valid_from} 起" + (f"，{need.valid_to} 结束" if need.valid_to else ""),
        "电话": masked(line.phone),
        "支部": line.branch,
    }


def _pair(line: PairLine) -> dict[str, str]:
    pair = line.pairing
    return {
        "姓名": line.name,
        "帮扶人": pair.helper,
        "起止": f"{pair.valid_from} 起" + (f"，{pair.valid_to} 结束" if pair.valid_to else ""),
        "支部": line.branch,
    }
