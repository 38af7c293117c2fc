"""Forms that found and correct an organisation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.enums import CommunityKind, OrgKind, OrgStatus
from gis.services.map_layers import orgs_on_map
from gis.services.org_edit import OrgForm, add_org, edit_org, form_of
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.orgs.saying import day, done
from gis.ui.text import distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.services.org_tree import OrgCard
    from gis.store.database import Store

UNSET = "未登记"
KINDS = list(OrgKind)
WHY = "理由（只在提示须说明时填写）"


def show_edit(actor: Actor, store: Store, card: OrgCard) -> None:
    """Show the form for what a list of organisations does not carry."""
    org = card.org
    if org.status is OrgStatus.ABOLISHED or org.id is None:
        return
    orgs = {one.id: one.name for one in orgs_on_map(actor, store) if one.id and one.id != org.id and not one.is_branch}
    with st.expander("修改"), st.form(f"org_{org.id}_{org.version}", border=False):
        read = _ask(org, orgs)
        why = st.text_input(WHY)
        is_saved = st.form_submit_button("保存", type="primary")
    if is_saved:
        with session.show_errors():
            form = read()
            if edit_org(session.actor_now(), store, org.id, form, org.version, reason=why):
                done(f"已修改：{form.name}")
            st.info("没有变化")


def _ask(org: PartyOrg, orgs: Mapping[OrgId, str]) -> Callable[[], OrgForm]:
    """Show the fields; the function returned reads them, and may find a day that is none."""
    parents: list[OrgId | None] = [None, *orgs]
    shown = distinct(orgs)
    communities: list[CommunityKind | None] = [None, *CommunityKind]
    name = st.text_input("名称", org.name)
    left, right = st.columns(2)
    kind = left.selectbox("类别", KINDS, KINDS.index(org.kind), format_func=lambda one: str(one.label))
    parent = right.selectbox(
        "上级组织",
        parents,
        parents.index(org.parent_id) if org.parent_id in parents else 0,
        format_func=lambda one: shown[one] if one is not None else "没有上级",
    )
    phone = left.text_input("办公电话（对党员公开）", org.office_phone)
    term = right.text_input("任期届满", day(org.term_ends_on), placeholder="年-月-日")
    size = left.number_input("委员人数", 1, 50, org.committee_size, placeholder=UNSET)
    community = right.selectbox(
        "社区类型",
        communities,
        communities.index(org.community_kind),
        format_func=lambda one: str(one.label) if one else "不适用",
    )
    task = left.text_input("依托的临时机构（只用于临时党支部）", org.task_body)
    units = right.number_input("联合单位数（只用于联合党支部）", 1, 50, org.unit_count, placeholder="不适用")
    return lambda: replace(
        form_of(org),
        name=name,
        kind=kind,
        parent_id=parent,
        office_phone=phone,
        term_ends_on=_day(term, "任期届满"),
        committee_size=size,
        community_kind=community,
        task_body=task,
        unit_count=units,
    )


def show_add(actor: Actor, store: Store, parent_id: OrgId) -> None:
    """Show the form that founds an organisation below this one."""
    with st.expander("在下面新设组织"), st.form(f"org_add_{parent_id}", border=False):
        name = st.text_input("名称", placeholder="例如 东风村第三党支部")
        left, right = st.columns(2)
        kind = left.selectbox("类别", KINDS, index=KINDS.index(OrgKind.BRANCH), format_func=lambda one: str(one.label))
        phone = right.text_input("办公电话")
        founded = left.text_input("成立日期", day(store.today()), placeholder="年-月-日")
        by = right.text_input("批准的组织", placeholder="街道党工委")
        task = left.text_input("依托的临时机构（只用于临时党支部）")
        units = right.number_input("联合单位数（只用于联合党支部）", 1, 50, None, placeholder="不适用")
        why = st.text_input(WHY)
        is_saved = st.form_submit_button("新设", type="primary")
    if is_saved:
        with session.show_errors():
            on = _day(founded, "成立日期")
            form = OrgForm(
                name,
                kind,
                parent_id,
                founded_on=on,
                approved_by=by,
                approved_on=on if by else None,
                office_phone=phone,
                task_body=task,
                unit_count=units,
            )
            add_org(session.actor_now(), store, form, reason=why)
            done(f"已新设：{name}，由{actor.display_name or actor.name}登记")


def _day(text: str, label: str) -> date | None:
    return read_day(text, label) if text.strip() else None
