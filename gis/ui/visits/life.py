"""How far a round has come, and the step that is next: issued, closed; cancelled, renamed, thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.visits import RoundState
from gis.services.visits import rounds as visit_rounds
from gis.ui import session
from gis.ui.visits import address
from gis.ui.visits.said import attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.services.visits.rounds import RoundStep
    from gis.services.visits.views import RoundView

LONGEST_NAME, LONGEST_NOTE = 60, 200
ORDER = (RoundState.DRAFT, RoundState.ISSUED, RoundState.CLOSED)
WORDS = {RoundState.DRAFT: "草案", RoundState.ISSUED: "下发", RoundState.CLOSED: "结束"}


def show_life(view: RoundView) -> None:
    """Show the steps, and the buttons of whoever may take the next."""
    state = view.round.state
    if state is RoundState.CANCELLED:
        st.info("这个批次已取消，不再走访；已经登记的结果仍然保留")
    else:
        now = ORDER.index(state)
        looks = ["jj-past" if place < now else "jj-now" if place == now else "" for place in range(len(ORDER))]
        items = (
            f'<li class="{look}"><b>{place}</b>{WORDS[one]}</li>'
            for place, (one, look) in enumerate(zip(ORDER, looks, strict=True), start=1)
        )
        with st.container(horizontal=True, vertical_alignment="center", key="jj_visits_life"):
            st.html(f'<ol class="jj-steps">{"".join(items)}</ol>', width="content")
            if view.can_edit:
                _show_buttons(view)


def _show_buttons(view: RoundView) -> None:
    state = view.round.state
    if state is RoundState.DRAFT:
        st.button("下发给走访人", type="primary", on_click=_step, args=(view, "下发", visit_rounds.issue_round))
    if state is RoundState.ISSUED:
        left = view.n_targets - view.n_done
        with st.popover("结束这个批次"):
            st.markdown(f"还有 **{left}** 名没有结果，结束后记为未走访，下次照样到期。" if left else "全部都有结果了。")
            st.button("确定结束", type="primary", on_click=_step, args=(view, "结束", visit_rounds.close_round))
    with st.popover("更多"):
        _show_more(view)


def _show_more(view: RoundView) -> None:
    key = f"visits_name_{view.round.id}_{view.round.version}"
    st.text_input("批次名称", view.round.name, max_chars=LONGEST_NAME, key=key)
    st.text_area("备注", view.round.note, max_chars=LONGEST_NOTE, key=f"{key}_note")
    st.button("保存名称和备注", on_click=_rename, args=(view, key))
    if view.round.state is RoundState.DRAFT:
        st.button("丢弃这份草案", on_click=_discard, args=(view,))
    else:
        st.markdown("取消以后不再走访，走访单随之作废，已经登记的结果保留。")
        st.button("取消这个批次", on_click=_step, args=(view, "取消", visit_rounds.cancel_round))


def _step(view: RoundView, wanted: str, work: Callable[..., RoundStep]) -> None:
    def do() -> str:
        done = work(session.actor_now(), session.store(), view.round.id, view.round.version)
        more = "　".join(("", *done.warnings)) if done.warnings else ""
        if wanted == "下发":
            return f"已下发：{done.n_teams} 个组、{done.n_targets} 名。现在可以做走访单{more}"
        return f"已{wanted}：{done.n_done} 名有结果，{done.n_open} 名未走访{more}"

    if attempt(wanted, do) and wanted == "下发":
        address.keep_part("sheets")


def _rename(view: RoundView, key: str) -> None:
    def do() -> str:
        name, note = str(session.recall(key) or ""), str(session.recall(f"{key}_note") or "")
        round_id = view.round.id
        if round_id is not None:
            visit_rounds.rename_round(session.actor_now(), session.store(), round_id, view.round.version, name, note)
        return "名称和备注已保存"

    attempt(f"改名为 {session.recall(key) or ''}", do)


def _discard(view: RoundView) -> None:
    def do() -> str:
        if view.round.id is not None:
            visit_rounds.discard_round(session.actor_now(), session.store(), view.round.id, view.round.version)
        return f"草案“{view.round.name}”已丢弃"

    if attempt("丢弃草案", do):
        address.leave()
