"""联合体: alliances, joint committees and activity groups with their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import InputError
from gis.model.access import Action
from gis.model.bodies import BodyKind, BodyRole
from gis.model.enums import OrgStatus
from gis.services.bodies import BodyForm, SeatForm, add_body, add_seat, end_body, end_seat, list_bodies
from gis.services.map_layers import orgs_on_map
from gis.services.org_tree import ORG, org_tree
from gis.services.residents import members_named
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.orgs.saying import day, done, without_empty
from gis.ui.table import show_table
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.bodies import BodyLine
    from gis.store.database import Store

ROLES, KINDS = list(BodyRole), list(BodyKind)
OUTSIDE, INSIDE, PERSON = "外镇、外单位的组织", "本系统内的组织", "党员"


def show_bodies(actor: Actor, store: Store) -> None:
    """Show every body with its members."""
    with_ended = st.toggle("含已终止", key="bodies_ended")
    found = list_bodies(actor, store, with_ended=with_ended)
    if not found:
        st.info("还没有联合体：几个组织（也可以是外镇、外单位的）联合开展活动时，在下面成立党建联盟或联合委员会")
    for line in found:
        _show(actor, store, line)
    if actor.may(Action.MANAGE_ORGS):
        _add(actor, store)


def _show(actor: Actor, store: Store, line: BodyLine) -> None:
    body = line.body
    with st.container(border=True):
        ended = f"　{day(body.valid_to)} 终止" if body.valid_to else ""
        st.markdown(f"**{plain(body.name)}**　{body.kind.label}{ended}")
        words = [f"牵头：{line.lead}", f"成立：{day(body.founded_on)}" if body.founded_on else ""]
        words += [f"涉及：{'、'.join(line.towns)}" if line.towns else "", body.note]
        st.caption(plain("　".join(word for word in words if word)))
        rows: list[dict[str, str | int | None]] = [
            {
                "成员": one.name + ("（系统外）" if one.is_outside else ""),
                "所属": one.town,
                "担任": one.seat.role.label,
                "起": day(one.seat.valid_from),
                "止": day(one.seat.valid_to),
            }
            for one in line.seats
        ]
        show_table(without_empty(list(rows)))
        if line.may_edit and body.valid_to is None:
            _join(actor, store, line)
            _leave(store, line)


def _join(actor: Actor, store: Store, line: BodyLine) -> None:
    body = line.body
    with st.expander("增加成员"):
        kinds = [INSIDE, OUTSIDE, *([PERSON] if body.kind is BodyKind.ACTIVITY_GROUP else [])]
        kind = st.segmented_control("成员是", kinds, default=kinds[-1], required=True, key=f"body_kind_{body.id}")
        orgs = distinct(
            {one.id: one.name for one in orgs_on_map(actor, store) if one.id and one.status is not OrgStatus.ABOLISHED}
        )
        sees_people = kind == PERSON and actor.may(Action.VIEW_MEMBERS)
        people = distinct(members_named(actor, store)) if sees_people else {}
        with st.form(f"body_join_{body.id}_{kind}", border=False):
            org, member, name, town = None, None, "", ""
            if kind == INSIDE:
                org = st.selectbox("组织", list(orgs), None, format_func=lambda one: orgs[one], placeholder="请选择")
            elif kind == PERSON:
                member = st.selectbox(
                    "党员", list(people), None, format_func=lambda one: people[one], placeholder="请选择"
                )
            else:
                left, right = st.columns(2)
                name = left.text_input("名称", placeholder="例如 某某厂党支部")
                town = right.text_input("所属镇、街道")
            left, right = st.columns(2)
            role = left.selectbox(
                "担任",
                ROLES,
                index=ROLES.index(BodyRole.MEMBER),
                format_func=lambda one: str(one.label),
            )
            since = right.text_input("起始日期", day(store.today()), placeholder="年-月-日")
            is_saved = st.form_submit_button("增加", type="primary")
    if is_saved and body.id is not None:
        with session.show_errors():
            form = SeatForm(role, org, member, name, town, read_day(since, "起始日期"))
            add_seat(session.actor_now(), store, body.id, form)
            done(f"{body.name}增加了一个成员")


def _leave(store: Store, line: BodyLine) -> None:
    body = line.body
    seats = {one.seat.id: one for one in line.seats if one.seat.role is not BodyRole.LEAD}
    labels = distinct({number: one.name for number, one in seats.items()})
    with st.expander("成员退出、终止"), st.form(f"body_leave_{body.id}_{body.version}", border=False):
        chosen = st.selectbox(
            "退出的成员", list(labels), None, format_func=lambda one: labels[one], placeholder="请选择"
        )
        on = st.text_input("日期", day(store.today()), placeholder="年-月-日")
        with st.container(horizontal=True):
            is_left = st.form_submit_button("登记退出")
            is_ended = st.form_submit_button(f"终止{body.kind.label}")
    if not (is_left or is_ended):
        return
    with session.show_errors():
        when = read_day(on, "日期")
        if is_ended and body.id is not None:
            end_body(session.actor_now(), store, body.id, body.version, on=when)
            done(f"已终止：{body.name}")
        if chosen is None:
            msg = "请先选退出的成员"
            raise InputError(msg)
        end_seat(session.actor_now(), store, chosen, seats[chosen].seat.version, on=when)
        done(f"{labels[chosen]}已退出{body.name}")


def _add(actor: Actor, store: Store) -> None:
    mine = distinct({one.org_id: one.name for one in org_tree(actor, store).lines if one.level == ORG and one.is_mine})
    with st.expander("成立联合体"), st.form("body_add", border=False):
        name = st.text_input("名称", placeholder="例如 某某社区区域化党建联盟")
        left, right = st.columns(2)
        kind = left.selectbox("类别", KINDS, index=0, format_func=lambda one: str(one.label))
        lead = right.selectbox("牵头组织", list(mine), None, format_func=lambda one: mine[one], placeholder="请选择")
        founded = left.text_input("成立日期", day(store.today()), placeholder="年-月-日")
        note = right.text_input("说明")
        is_saved = st.form_submit_button("成立", type="primary")
    if is_saved:
        with session.show_errors():
            if lead is None:
                msg = "请选择牵头组织"
                raise InputError(msg)
            add_body(session.actor_now(), store, BodyForm(name, kind, lead, read_day(founded, "成立日期"), note))
            done(f"已成立：{name}")
