"""The history of one member, and what a person should look at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.reviewing import settle_reviews
from gis.ui import session
from gis.ui.cards.words import say
from gis.ui.table import show_table

if TYPE_CHECKING:
    from datetime import date

    from gis.services.life import LifeView
    from gis.store.database import Store

NOW = "今"


def show_history(_store: Store, view: LifeView) -> None:
    """Show addresses, relations, transitions and registrations, the latest first."""
    life = view.life
    st.subheader("住址")
    show_table(
        [
            {
                "起": "此前" if one.is_before_records else one.valid_from.isoformat(),
                "止": _end(view, one.valid_to),
                "住址": one.address,
                "定位": one.precision.label,
                "居住地党组织": view.residence_orgs[one.id],
                "原因": "；".join(
                    text for text in (one.reason, f"更正：{one.correction}" if one.correction else "") if text
                ),
                "核实": one.verified_on.isoformat() if one.verified_on else "",
            }
            for one in reversed(life.homes)
        ]
    )
    if not life.homes:
        st.info("没有登记过住址：到“迁居”里登记现住址")
    _show_affiliations(view)
    if life.episodes:
        _show_episodes(view)
    _show_events(view)


def _show_affiliations(view: LifeView) -> None:
    st.subheader("组织关系")
    show_table(
        [
            {
                "起": "此前" if one.valid_from == one.valid_to else one.valid_from.isoformat(),
                "止": _end(view, one.valid_to),
                "支部": view.org_names.get(one.org_id, ""),
                "原因": one.reason,
            }
            for one in reversed(view.life.affiliations)
        ]
    )
    st.caption("起始日期是登记日期的，表示最迟从那天起；更早的情况按首次登记推定")


def _show_episodes(view: LifeView) -> None:
    st.subheader("返迁过渡期")
    show_table(
        [
            {
                "起": one.started_on.isoformat() if one.started_on else "未登记",
                "止": one.returned_on.isoformat() if one.returned_on else NOW,
                "预计返迁": one.expected_return,
                "安置小区": one.return_community,
            }
            for one in reversed(view.life.episodes)
        ]
    )


def _end(view: LifeView, day: date | None) -> str:
    """Say when a row ended; of what was registered after the member had left, when the member left."""
    left_on = view.life.person.left_on
    if day is None:
        return NOW
    return (day if left_on is None else min(day, left_on)).isoformat()


def _show_events(view: LifeView) -> None:
    if not view.events:
        return
    st.subheader("登记经过")
    show_table(
        [
            {
                "变动": one.kind.label + ("（已撤销）" if one.undone_on else ""),
                "变动日期": one.on_day.isoformat(),
                "原因": one.reason,
                "登记日期": one.registered_on.isoformat(),
                "登记人": one.registered_by,
            }
            for one in reversed(view.events)
        ]
    )


def show_reviews(view: LifeView) -> None:
    """Say what may no longer fit, and take down what came of it."""
    if not view.reviews:
        return
    whats = "、".join(one.what.label for one in view.reviews)
    last = view.reviews[-1]
    st.warning(f"{last.on_day.isoformat()} {last.event.label}后，请核对：{whats}。系统没有改动")
    with st.form(f"life_reviews_{view.life.person.id}", border=True):
        answer = st.text_input("复核结论", placeholder="例如：照旧；已编入就近小组；已另定联系人", max_chars=200)
        is_saved = st.form_submit_button("记下结论")
    if is_saved:
        with session.show_errors():
            settle_reviews(session.actor_now(), session.store(), view.life.person.id, answer)
            say("已记下复核结论")
