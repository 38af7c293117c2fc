"""Why a plan is as it is, asked for with a button: the chosen group, what limits cost, what would help most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.plan_sheet import said_alternative
from gis.services.why import explain_groups, explain_members, price_limits, rank_additions
from gis.services.why_document import NOT_COMPUTED, Explained
from gis.services.why_facts import seats_of_plan
from gis.ui import session, waiting
from gis.ui.table import show_table
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.plan import GroupPlan, PlannedGroup
    from gis.model.why import Additions, Effect, GroupWhy, LimitWhy, MemberWhy
    from gis.services.why_facts import PlanSeats
    from gis.store.database import Store

JOB, SAID, ASKED = "plan_why_job", "plan_why_said", "plan_why_asked"
SECONDS, EXPECTED_S = 20.0, 5.0


def show_why(actor: Actor, store: Store, plan: GroupPlan, group: PlannedGroup | None) -> None:
    """Show three questions about a plan and the answer to the last one asked.

    Parameters
    ----------
    group
        The one that is chosen; None when the plan has none.
    """
    st.subheader("为什么这样安排")
    seats = seats_of_plan(plan)
    one, two, three = st.columns(3)
    if group is not None and one.button(f"{plain(group.id)} 为何在此处", key="jj_why_group", width="stretch"):
        _ask(seats, lambda: _about_group(actor, store, seats, group))
    if two.button("各项限制的代价", key="jj_why_limits", width="stretch"):
        _ask(seats, lambda: Explained(limits=price_limits(actor, store, seats, seconds=SECONDS)))
    if three.button("最有用的增补", key="jj_why_additions", width="stretch"):
        _ask(seats, lambda: Explained(additions=rank_additions(actor, store, seats, seconds=SECONDS)))
    with session.show_errors():
        found = waiting.result_of(JOB, "正在逐项重新测算")
        if found is not None:
            session.remember(SAID, (session.recall(ASKED), found))
    asked, said = session.recall(SAID, (None, None))
    if said is not None and asked == seats:
        show_explained(said)


def _ask(seats: PlanSeats, work: Callable[[], Explained]) -> None:
    session.remember(ASKED, seats)
    session.forget(SAID)
    waiting.send(JOB, work, expected_s=EXPECTED_S)


def _about_group(actor: Actor, store: Store, seats: PlanSeats, group: PlannedGroup) -> Explained:
    """Explain the group, and its members where the plan does not say yet what other places cost them."""
    groups = explain_groups(actor, store, seats, [group.id], seconds=SECONDS)
    unknown = [seat.member_id for seat in group.seats if any(not other.cost_known for other in seat.alternatives)]
    members = explain_members(actor, store, seats, unknown, seconds=SECONDS) if unknown else None
    return Explained(members=members, groups=groups)


def show_explained(said: Explained) -> None:
    """Show answers."""
    for group in said.groups or ():
        _show_group(group)
    if said.members:
        show_table([_member_row(one) for one in said.members])
    if said.limits is not None:
        _show_limits(said.limits)
    if said.additions is not None:
        _show_additions(said.additions)


def _show_group(group: GroupWhy) -> None:
    st.markdown(f"**{plain(group.group_id)}**　{plain(group.branch)}　{plain(group.place.label)}")
    st.markdown("\n".join(f"- {plain(text)}" for text in group.texts))


def _member_row(one: MemberWhy) -> dict[str, str]:
    others = "\n".join(said_alternative(other) for other in one.alternatives)
    return {"姓名": one.name, "其他地点": others or "没有其他够得着的地点"}


def _show_limits(limits: tuple[LimitWhy, ...]) -> None:
    st.caption("只放开这一项限制，其余不变，重新测算的结果")
    show_table([{"限制": one.limit, "放开之后": _said(one.effect)} for one in limits])


def _show_additions(found: Additions) -> None:
    st.caption(f"单独增加一项后重新测算，试算 {found.n_tried} 项，共 {found.n_possible} 项")
    if found.best:
        show_table([{"增补": one.text, "结果": _said(one.effect)} for one in found.best])
    elif found.n_tried == found.n_possible:
        st.info("试过的每一项单独增加都没有用")


def _said(effect: Effect) -> str:
    return effect.text or NOT_COMPUTED
