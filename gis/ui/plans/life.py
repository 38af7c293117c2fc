"""Life of a plan: how far it has come, with who and when, and the next step with its dates and reasons."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.model.access import Action
from gis.model.plans import EventKind, PlanState
from gis.services import plan_life
from gis.ui import session
from gis.ui.dates import ask_day
from gis.ui.plans import conflict
from gis.ui.plans.publish import ask_publishing, is_publishing, show_publish_button
from gis.ui.plans.said import say
from gis.ui.plans.words import moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plans import PlanEvent, SavedPlan
    from gis.store.database import Store

#: What is said of each step, and the events that made it
STEPS: tuple[tuple[PlanState, str, tuple[EventKind, ...]], ...] = (
    (PlanState.DRAFT, "草案", (EventKind.SAVED,)),
    (PlanState.REVIEW, "支委会审核", (EventKind.SUBMITTED, EventKind.DECIDED)),
    (PlanState.REPORTED, "报上级", (EventKind.REPORTED,)),
    (PlanState.PUBLISHED, "发布", (EventKind.PUBLISHED,)),
    (PlanState.RUNNING, "执行", (EventKind.STARTED,)),
    (PlanState.STOPPED, "停止", (EventKind.STOPPED, EventKind.SUPERSEDED)),
)
LONGEST_REASON = 200


def show_life(actor: Actor, store: Store, saved: SavedPlan) -> None:
    """Show the steps, and to whoever may take it the next one."""
    is_asking = actor.may(Action.ADOPT_GROUPS) and is_publishing(saved)
    with st.container(horizontal=True, vertical_alignment="center", key="jj_life"):
        st.html(markup(saved), width="content")
        if not is_asking:
            _show_next(actor, store, saved)
    if is_asking:
        ask_publishing(actor, store, saved)


def markup(saved: SavedPlan) -> str:
    """Return the steps as HTML in which nothing from data is markup."""
    order = [state for state, _, _ in STEPS]
    now = order.index(saved.head.state)
    events = _since_sent_back(saved.events)
    parts = []
    for number, (_, name, kinds) in enumerate(STEPS):
        look = "jj-now" if number == now else "jj-past" if number < now else "jj-next"
        aria = ' aria-current="step"' if number == now else ""
        said = "".join(_event(event) for event in events if event.kind in kinds) if number <= now else ""
        parts.append(f'<li class="{look}"{aria}><b>{number + 1}</b><span>{escape(name)}{said}</span></li>')
    return f'<ol class="jj-steps jj-life" aria-label="方案经过的步骤">{"".join(parts)}</ol>'


def _since_sent_back(events: tuple[PlanEvent, ...]) -> list[PlanEvent]:
    """Leave out what a return to draft has undone."""
    last = max((place for place, event in enumerate(events) if event.kind is EventKind.SENT_BACK), default=-1)
    return [event for place, event in enumerate(events) if event.kind is EventKind.SAVED or place > last]


def _event(event: PlanEvent) -> str:
    day = f"{event.day.isoformat()} " if event.day and event.kind in (EventKind.DECIDED, EventKind.REPORTED) else ""
    what = {EventKind.DECIDED: "决定：", EventKind.SUPERSEDED: "被新方案取代："}.get(event.kind, "")
    return f"<small>{what}{day}{escape(event.by)} <br>{moment(event.at)}</small>"


def _show_next(actor: Actor, store: Store, saved: SavedPlan) -> None:
    state = saved.head.state
    if state is PlanState.DRAFT and actor.may(Action.PLAN_GROUPS):
        st.button("提交支委会审核", type="primary", on_click=_do, args=(saved, "提交支委会审核", plan_life.submit_plan))
    if not actor.may(Action.ADOPT_GROUPS):
        return
    if state is PlanState.REVIEW:
        _ask_day(store, saved, "支委会决定日期", "登记支委会决定", plan_life.decide_plan, saved.head.decided_on)
    if state is PlanState.REPORTED or (state is PlanState.REVIEW and saved.head.decided_on):
        _ask_day(store, saved, "报上级日期", "登记报上级", plan_life.report_plan, saved.head.reported_on)
    if state.is_open:
        show_publish_button(saved)
    if state in (PlanState.REVIEW, PlanState.REPORTED):
        _ask_back(saved)
    if state is PlanState.PUBLISHED:
        st.button("开始执行", type="primary", on_click=_do, args=(saved, "开始执行", plan_life.start_plan))
    if state.is_in_force:
        _ask_stop(store, saved)


def _ask_day(
    store: Store, saved: SavedPlan, label: str, button: str, work: Callable[..., object], given: date | None
) -> None:
    head = saved.head
    read = ask_day(label, given or store.today(), f"plan_day_{button}_{int(head.id)}_{head.version}")
    is_next = given is None
    st.button(
        button if is_next else f"更正：{button}",
        type="primary" if is_next else "secondary",
        on_click=_do,
        args=(saved, button, work, read),
    )


def _ask_back(saved: SavedPlan) -> None:
    key = f"plan_back_{int(saved.head.id)}_{saved.head.version}"
    with st.popover("退回草案"):
        st.text_area("退回理由", max_chars=LONGEST_REASON, key=key)
        st.button("确定退回", on_click=_send_back, args=(saved, key))


def _ask_stop(store: Store, saved: SavedPlan) -> None:
    key = f"plan_stop_{int(saved.head.id)}_{saved.head.version}"
    with st.popover("停止…"):
        st.markdown("停止后，本方案的小组即告结束，组员不再编在其中；历史记录保留。")
        read = ask_day("停止日期", store.today(), f"{key}_day")
        st.text_area("停止理由", max_chars=LONGEST_REASON, key=key)
        st.button("确定停止", type="primary", on_click=_stop, args=(saved, key, read))


def _do(saved: SavedPlan, wanted: str, work: Callable[..., object], read: Callable[[], object] | None = None) -> None:
    """Take a step of the plan's life; somebody else's change first shows both versions."""
    with session.show_errors():
        more = () if read is None else (read(),)
        try:
            work(session.actor_now(), session.store(), saved.head.id, saved.head.version, *more)
        except StaleError:
            conflict.note(saved, wanted)
            return
        say(f"已办：{wanted}")


def _send_back(saved: SavedPlan, key: str) -> None:
    _do(saved, "退回草案", plan_life.send_back, lambda: str(session.recall(key) or ""))


def _stop(saved: SavedPlan, key: str, read: Callable[[], date]) -> None:
    reason = str(session.recall(key) or "")

    def work(actor: Actor, store: Store, plan_id: PlanId, version: int, day: date) -> None:
        plan_life.stop_plan(actor, store, plan_id, version, reason, stopped_on=day)

    _do(saved, "停止", work, read)
