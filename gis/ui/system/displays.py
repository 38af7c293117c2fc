"""Screens on the wall: which are let in, a new one, and turning one away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from gis.model.office_day import BEIJING
from gis.services import displays as services
from gis.ui import session
from gis.ui.table import show_table
from gis.ui.text import plain
from gis.ui.web.gate import DISPLAY

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.access import Actor
    from gis.model.accounts import DisplayToken
    from gis.store.database import Store

SAID = "displays_said"
DAYS = 90


def manage_displays(actor: Actor, store: Store) -> None:
    """Show the screens on the wall and the forms."""
    st.header("大屏")
    st.caption("给墙上的大屏一个自己的地址：不用登录，只看全街道的数量，没有姓名；到期或停用后，一分钟内就看不到数字")
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    listed = st.container()
    left, right = st.columns(2)
    with left:
        _ask_new(actor, store)
    found, now = services.list_displays(actor, store), store.clock()
    if found:
        with listed:
            show_table([_row(one, now) for one in found])
    with right:
        _ask_revoke(actor, store, {one.id: one for one in found if one.is_open(now)})


def _row(one: DisplayToken, now: datetime) -> dict[str, str]:
    state = "停用" if one.revoked_at is not None else "有效" if one.is_open(now) else "到期"
    return {
        "大屏": one.name,
        "状态": state,
        "有效期到": _day(one.expires_at),
        "开通": f"{_day(one.created_at)} {one.created_by}",
    }


def _day(moment: datetime) -> str:
    return (moment + BEIJING).strftime("%Y-%m-%d")


def _ask_new(actor: Actor, store: Store) -> None:
    with st.form("new_display", clear_on_submit=True):
        name = st.text_input("哪一块大屏", max_chars=services.MAX_NAME, placeholder="例如 一楼大厅")
        days = st.number_input("有效天数", 1, services.MAX_DAYS, DAYS)
        if not st.form_submit_button("开通", type="primary"):
            return
    with session.show_errors():
        made, token = services.add_display(actor, store, name, int(days))
        st.success(
            f"大屏 {plain(made.name)} 已开通，有效期到 {_day(made.expires_at)}。"
            "地址只显示这一次，请复制到大屏的浏览器打开："
        )
        st.code(f"{_site()}{DISPLAY}?token={token}", language=None, wrap_lines=True)


def _site() -> str:
    """Return the address under which the administrator's browser has found this site."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _ask_revoke(actor: Actor, store: Store, open_ones: dict[int, DisplayToken]) -> None:
    if not open_ones:
        return
    with st.form("revoke_display", clear_on_submit=True):
        number = st.selectbox(
            "停用哪一块",
            list(open_ones),
            index=None,
            format_func=lambda one: f"{open_ones[one].name}（到 {_day(open_ones[one].expires_at)}）",
            placeholder="请选择",
        )
        is_sure = st.checkbox("确认停用，这块大屏将看不到数字")
        if not st.form_submit_button("停用"):
            return
    with session.show_errors():
        if number is None or not is_sure:
            st.warning("请选择大屏，并勾选确认")
            return
        services.revoke_display(actor, store, number)
        session.remember(SAID, f"大屏 {plain(open_ones[number].name)} 已停用")
        st.rerun()
