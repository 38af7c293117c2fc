"""Whom to add to a round: those left out first, then anybody of the scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.member_search import search_members
from gis.ui.text import distinct

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.visits.views import RoundView
    from gis.store.database import Store

MOST_FOUND = 20


def ask_member(actor: Actor, store: Store, view: RoundView, key: Callable[[str], str]) -> MemberId | None:
    """Ask for one member who is not in the round."""
    text = st.text_input(
        "查找党员", key=key("search"), placeholder="姓名、拼音首字母、小区；空着就列没排进的人"
    ).strip()
    there = {target.target.member_id for team in view.teams for stop in team.stops for target in stop.targets}
    if text:
        found = {
            one.member_id: f"{one.name}　{one.branch}　{one.place}"
            for one in search_members(actor, store, text, most=MOST_FOUND)
        }
    else:
        found = {
            member_id: name
            for one in view.left_out
            for member_id, name in zip(one.left.member_ids, one.names, strict=False)
        }
    options = distinct({member_id: name for member_id, name in found.items() if member_id not in there})
    if not options:
        st.caption("没有找到，或者已经在这个批次里" if text else "没有漏下的人；要加别人请先查找")
        return None
    chosen: MemberId | None = st.selectbox(
        "加谁",
        list(options),
        index=None,
        format_func=lambda one: options[one],
        placeholder="请选择",
        key=f"{key('member')}_{text}",
    )
    return chosen
