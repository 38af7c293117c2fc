"""中心户: the list with what is missing, and the steps of one host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import InputError
from gis.model.access import Action
from gis.model.enums import HostStatus
from gis.services.host_checks import STEPS
from gis.services.host_life import Stop, end_host, resume_host, set_capacity, sign_agreement, suspend_host, take_step
from gis.services.host_reach import hosts_reach
from gis.services.hosts import HostForm, apply_host, list_hosts
from gis.services.residents import members_named
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.map.answers import answer
from gis.ui.orgs.next_host import show_next_host
from gis.ui.orgs.saying import day, done, without_empty
from gis.ui.table import show_facts, show_table, show_tiles
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import HostId, MemberId
    from gis.services.host_checks import HostStep
    from gis.services.host_reach import HostReach
    from gis.services.hosts import HostLine
    from gis.store.database import Store

LIST_HEIGHT = 640
OPEN = (HostStatus.PROPOSED, HostStatus.APPROVED, HostStatus.SUSPENDED)
STEP, AGREE, SEATS, SUSPEND, RESUME, END = "办理步骤", "签订协议", "改人数", "暂停", "恢复", "撤销"


def show_hosts(actor: Actor, store: Store) -> None:
    """Show the hosts of the actor's branches."""
    everything = list_hosts(actor, store)
    with_ended = any(line.host.status is HostStatus.ENDED for line in everything) and st.toggle(
        "含已撤销", key="hosts_ended"
    )
    lines = [line for line in everything if with_ended or line.host.status in OPEN]
    faulty = sum(bool(line.faults) for line in lines)
    show_tiles(
        {
            "中心户": f"{sum(line.host.status is HostStatus.APPROVED for line in lines)} 户",
            "办理中": f"{sum(line.host.status is HostStatus.PROPOSED for line in lines)} 户",
            "暂停": f"{sum(line.host.status is HostStatus.SUSPENDED for line in lines)} 户",
            "须补正": f"{faulty} 户",
        },
        key="jj_host_tiles",
    )
    show_next_host(actor, store)
    reach = answer(actor, store, "hosts", lambda: hosts_reach(actor, store))
    may_edit = actor.may(Action.MANAGE_HOSTS)
    left, right = st.columns([3, 2], gap="medium") if may_edit else (st.container(), st.container())
    with left:
        if lines:
            show_table(without_empty([_row(line, reach) for line in lines]), height=LIST_HEIGHT)
            st.caption("走得到：管理范围内、住处已定位的过渡期党员，沿步行道路在本人步行上限以内")
        else:
            st.info("还没有中心户：登记个人报名，或在“数据导入”页导入中心户表")
    if may_edit:
        with right:
            _apply(actor, store)
            _one(actor, store, lines)


def _row(line: HostLine, reach: Mapping[HostId, HostReach]) -> dict[str, str | int | None]:
    host = line.host
    here = reach.get(host.id) if host.id is not None else None
    status = host.status.label + (f"，待{line.next_step.label}" if line.next_step else "")
    return {
        "户主": host.name,
        "支部": line.branch,
        "楼栋": line.building,
        "状态": status,
        "可容纳": host.capacity,
        "已坐": here.taken if here else None,
        "空座": here.free if here else None,
        "走得到": here.within if here else None,
        "审定": day(host.approved_on),
        "协议": day(host.agreement_signed_on),
        "负责人": line.responsible,
        "在此活动的党小组": len(line.groups) or None,
        "须补正": "；".join(line.faults),
    }


def _apply(actor: Actor, store: Store) -> None:
    people = distinct(members_named(actor, store, full_only=True))
    with st.expander("登记个人报名"), st.form("host_apply", border=False):
        member: MemberId | None = st.selectbox(
            "报名的党员（正式党员，住址已定位）",
            list(people),
            None,
            format_func=lambda one: people[one],
            placeholder="请选择",
        )
        left, right = st.columns(2)
        seats = left.number_input("可容纳人数", 1, 100, 12)
        on = right.text_input("报名日期", day(store.today()), placeholder="年-月-日")
        why = st.text_input("人数超过一般限额的理由", placeholder="不超过时不填")
        is_saved = st.form_submit_button("登记", type="primary")
    if is_saved:
        with session.show_errors():
            if member is None:
                msg = "请选择报名的党员"
                raise InputError(msg)
            apply_host(session.actor_now(), store, HostForm(member, int(seats), read_day(on, "报名日期"), reason=why))
            done("已登记报名，下一步：党员推荐")


def _one(actor: Actor, store: Store, lines: Sequence[HostLine]) -> None:
    active = {line.host.id: line for line in lines if line.host.status in OPEN}
    if not active:
        return
    labels = distinct(
        {one: f"{line.host.name}家　{line.branch}　{line.host.status.label}" for one, line in active.items()}
    )
    with st.expander("办理", expanded=True):
        chosen = st.selectbox(
            "中心户", list(labels), None, format_func=lambda one: labels[one], placeholder="选一户", key="host_one"
        )
        if chosen is None:
            st.caption("选一户，看四个步骤的日期，登记下一步、协议、暂停或撤销")
            return
        line = active[chosen]
        host = line.host
        facts = {step.label: day(getattr(host, step.value)) or "未登记" for step in STEPS}
        facts |= {"签订协议": day(host.agreement_signed_on) or "未登记", "负责人": line.responsible or "未指定"}
        if host.capacity_reason:
            facts["人数较多的理由"] = host.capacity_reason
        if host.suspended_on:
            facts["暂停日期"] = day(host.suspended_on)
        show_facts(facts)
        for fault in line.faults:
            st.warning(plain(fault))
        for group in line.groups:
            st.caption(plain(f"在此活动：{group}"))
        _act(actor, store, line)


def _act(actor: Actor, store: Store, line: HostLine) -> None:
    host = line.host
    deeds = {
        HostStatus.PROPOSED: [STEP, SEATS, END],
        HostStatus.APPROVED: [AGREE, STEP, SEATS, SUSPEND, END],
        HostStatus.SUSPENDED: [RESUME, AGREE, STEP, END],
    }[host.status]
    deed = st.segmented_control(
        "办什么", deeds, default=deeds[0], required=True, key=f"host_deed_{host.id}_{host.version}"
    )
    people = distinct(members_named(actor, store, [host.branch_id], full_only=True)) if deed == AGREE else {}
    with st.form(f"host_{host.id}_{host.version}_{deed}", border=False):
        step = line.next_step or STEPS[0]
        responsible = host.responsible_member_id or host.member_id
        reason, seats, settled = "", host.capacity, False
        if deed == STEP:
            step = st.selectbox("步骤", list(STEPS), STEPS.index(step), format_func=lambda one: str(one.label))
        if deed == AGREE:
            known = list(people)
            at = known.index(responsible) if responsible in people else None
            responsible = st.selectbox("负责人（组长或户主）", known, at, format_func=lambda one: people[one])
        if deed == SEATS:
            seats = int(st.number_input("可容纳人数", 1, 100, min(100, host.capacity)))
        if deed in (SEATS, END):
            reason = st.text_input("撤销原因" if deed == END else "人数超过一般限额的理由")
        if deed in (SUSPEND, END) and line.groups:
            settled = st.checkbox(f"在此活动的 {len(line.groups)} 个党小组已另定活动地点")
        on = "" if deed in (SEATS, RESUME) else st.text_input("日期", day(store.today()), placeholder="年-月-日")
        is_sent = st.form_submit_button(f"登记{deed}" if deed != SEATS else "保存", type="primary")
    if is_sent and deed is not None:
        with session.show_errors():
            stop = Stop(read_day(on, "日期") if on else store.today(), reason, settled)
            if deed == SEATS:
                set_capacity(session.actor_now(), store, _id(line), seats, host.version, reason=reason)
            elif deed == AGREE:
                who = session.actor_now()
                sign_agreement(who, store, _id(line), stop.on, host.version, responsible_id=responsible)
            else:
                _do(store, line, deed, step, stop)
            done(f"已登记：{host.name}家{deed}")


def _do(store: Store, line: HostLine, deed: str, step: HostStep, stop: Stop) -> None:
    who, number, version = session.actor_now(), _id(line), line.host.version
    deeds: dict[str, Callable[[], object]] = {
        STEP: lambda: take_step(who, store, number, step, stop.on, version),
        SUSPEND: lambda: suspend_host(who, store, number, stop, version),
        RESUME: lambda: resume_host(who, store, number, version),
        END: lambda: end_host(who, store, number, stop, version),
    }
    deeds[deed]()


def _id(line: HostLine) -> HostId:
    return line.host.id or 0  # type: ignore[return-value]  # read from the database
