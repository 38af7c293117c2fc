"""A new plan: what is held, about what, when and where; beside it who will be invited and why."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import InputError
from gis.model.access import Role
from gis.model.meetings import AffairType, SessionFormat, SessionKind, SessionMode, Side
from gis.services.invitations import Occasion, propose_invitation
from gis.services.session_views import plan_choices
from gis.services.sessions import SessionPlan, plan_session
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.sessions import address
from gis.ui.sessions.words import SAID
from gis.ui.table import show_table, show_tiles
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import GroupId, HostId, OrgId, VenueId
    from gis.services.invitations import Invitation
    from gis.services.session_views import PlanChoices
    from gis.store.database import Store

UNSET = "未定"
SIDES = {Side.RELATION: "组织关系", Side.RESIDENCE: "居住地"}
LIST_HEIGHT = 460
NEXT_WEEK = timedelta(days=7)


def show_plan(actor: Actor, store: Store) -> None:
    """Ask for the plan on the left, show the invitation on the right, save."""
    choices = plan_choices(actor, store)
    if not choices.orgs:
        st.info("管理范围内还没有党组织")
        return
    left, right = st.columns([2, 3])
    with left:
        occasion = _ask_occasion(actor, choices)
        wanted = _ask_rest(store, choices, occasion)
    with right, session.show_errors():
        found = propose_invitation(actor, store, occasion)
        show_invitation(found)
        if st.button("保存计划并通知", type="primary", key="sessions_save"):
            _save(wanted)


def _ask_occasion(actor: Actor, choices: PlanChoices) -> Occasion:
    orgs = distinct(dict(choices.orgs))
    kinds = [SessionKind.GROUP_MEETING] if actor.role is Role.GROUP_LEADER else list(SessionKind)
    org_id: OrgId = st.selectbox("召集的组织", list(orgs), format_func=lambda one: orgs[one], key="sessions_org")
    kind = st.selectbox("类别", kinds, format_func=lambda one: one.label, key="sessions_kind")
    group_id: GroupId | None = None
    if kind is SessionKind.GROUP_MEETING:
        groups = distinct({number: name for number, (branch, name) in choices.groups.items() if branch == org_id})
        group_id = st.selectbox("党小组", list(groups), format_func=lambda one: groups[one], key="sessions_group")
    affairs: list[AffairType] = list(AffairType)
    affair = st.selectbox("事务", affairs, format_func=lambda one: one.label, key="sessions_affair")
    return Occasion(org_id, kind, affair, group_id)


def _ask_rest(store: Store, choices: PlanChoices, occasion: Occasion) -> SessionPlan:
    theme = st.text_input("主题", key="sessions_theme", max_chars=200)
    left, right = st.columns(2)
    typed = left.text_input("日期", (store.today() + NEXT_WEEK).isoformat(), key="sessions_day")
    at = right.text_input("时间", "14:00", key="sessions_time", placeholder="时:分")
    left, right = st.columns(2)
    form = left.selectbox(
        "形式", [None, *SessionFormat], format_func=lambda one: one.label if one else UNSET, key="sessions_format"
    )
    modes: list[SessionMode] = list(SessionMode)
    mode = right.selectbox("方式", modes, format_func=lambda one: one.label, key="sessions_mode")
    venue_id, host_id = _ask_place(choices, occasion)
    responsible = st.text_input("责任人", key="sessions_responsible", max_chars=100)
    plan = st.text_area("计划安排", key="sessions_plan", max_chars=500, height=80)
    return SessionPlan(
        org_id=occasion.org_id,
        kind=occasion.kind,
        affair=occasion.affair,
        planned_at=datetime.combine(read_day(typed, "日期"), _read_time(at)),
        theme=theme,
        plan=plan,
        format=form,
        mode=mode,
        group_id=occasion.group_id,
        venue_id=venue_id,
        host_id=host_id,
        responsible=responsible,
    )


def _ask_place(choices: PlanChoices, occasion: Occasion) -> tuple[VenueId | None, HostId | None]:
    places: dict[tuple[str, int], str] = {("", 0): UNSET}
    places |= {("venue", int(number)): name for number, name in choices.venues.items()}
    places |= {
        ("host", int(number)): name for number, (branch, name) in choices.hosts.items() if branch == occasion.org_id
    }
    shown = distinct(places)
    chosen = st.selectbox("地点", list(shown), format_func=lambda one: shown[one], key="sessions_place")
    venue = next((number for number in choices.venues if chosen == ("venue", int(number))), None)
    host = next((number for number in choices.hosts if chosen == ("host", int(number))), None)
    return venue, host


def _read_time(text: str) -> time:
    try:
        hour, _, minute = text.strip().replace("：", ":").partition(":")
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        msg = f"时间“{text}”：请填 时:分，例如 14:00"
        raise InputError(msg) from error


def _save(wanted: SessionPlan) -> None:
    number = plan_session(session.actor_now(), session.store(), wanted)
    session.remember(SAID, f"已保存：{plain(wanted.theme)}。通知名单在下面，可以打印")
    address.open_one(int(number))
    st.rerun()


def show_invitation(found: Invitation) -> None:
    """Show who is invited, on whose side, why, and how many must come."""
    tiles = {"通知": f"{len(found.invitees)} 名", "按哪一侧": SIDES[found.side]}
    if found.quorum:
        tiles |= {"有表决权": f"{found.quorum.votes} 名", "须到会": f"{found.quorum.needed} 名"}
    show_tiles(tiles, key="jj_sessions_invited")
    st.caption(f"为什么：{plain(found.reason)}" + (f"。{plain(found.quorum.rule)}" if found.quorum else ""))
    if found.unnamed != 0:
        count = "少数几" if found.unnamed is None else f"{found.unnamed} "
        st.info(f"另有{count}名居住在此、组织关系在别处的党员：姓名不显示，自动列入其所在支部的“受邀”，由支部转告")
    if not found.invitees:
        st.caption("没有可列出的人")
        return
    show_table(
        [
            {
                "姓名": one.name,
                "支部": one.branch,
                "学习方式": one.mode or "未定",
                "怎样通知": one.how,
                "电话": one.phone,
                **({"表决权": "有" if one.has_vote else one.no_vote or "无"} if found.quorum else {}),
            }
            for one in found.invitees
        ],
        height=LIST_HEIGHT,
    )
