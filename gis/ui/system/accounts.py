"""Accounts: the list, a new one, and what the administrator may do to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import ACTION_LABELS, Role, decide
from gis.model.ids import OrgId
from gis.services import accounts as services
from gis.services.accounts import NewAccount
from gis.services.map_layers import orgs_on_map
from gis.ui import session
from gis.ui.plans.words import moment
from gis.ui.table import show_facts, show_table
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.accounts import Account
    from gis.store.database import Store

SAID = "accounts_said"
ROLES = {role.value: role for role in Role}
FIRST = Role.BRANCH_SECRETARY.value


def manage_accounts(actor: Actor, store: Store) -> None:
    """Show the accounts and the forms."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    orgs = distinct({int(org.id): org.name for org in orgs_on_map(actor, store) if org.id is not None})
    found = services.list_accounts(actor, store)
    show_table([_row(account, orgs) for account in found])
    left, right = st.columns(2)
    with left:
        _ask_new(actor, store, orgs)
    with right:
        _ask_change(actor, store, {account.username: account for account in found})


def _row(account: Account, orgs: dict[int, str]) -> dict[str, str]:
    reach = "、".join(orgs.get(int(org), str(org)) for org in sorted(account.org_roots))
    state = "停用" if not account.is_active else "须改口令" if account.must_change else "启用"
    return {
        "登录名": account.username,
        "显示名": account.display_name,
        "角色": account.role.label,
        "管理范围": reach or ("全街道" if account.role in _WHOLE_STREET else ""),
        "状态": state,
        "锁定到": moment(account.locked_until) if account.locked_until else "",
    }


_WHOLE_STREET = frozenset({Role.STREET_CLERK, Role.STREET_LEADER, Role.SYS_ADMIN, Role.VIEWER_BIG_SCREEN})


def _ask_new(actor: Actor, store: Store, orgs: dict[int, str]) -> None:
    st.header("开设账号")
    with st.form("new_account", clear_on_submit=True):
        username = st.text_input("登录名", max_chars=64)
        display_name = st.text_input("显示名", max_chars=64)
        role = st.selectbox(
            "角色", list(ROLES), format_func=lambda code: ROLES[code].label, index=list(ROLES).index(FIRST)
        )
        chosen = st.multiselect(
            "所管组织（含下级）", list(orgs), format_func=lambda org: orgs[org], placeholder="全街道角色不用选"
        )
        if not st.form_submit_button("开设", type="primary"):
            return
    new = NewAccount(username, display_name, ROLES[role or FIRST], tuple(OrgId(org) for org in chosen))
    with session.show_errors():
        _say_once(f"账号 {plain(username.strip())} 已开设", services.add_account(actor, store, new))


def _ask_change(actor: Actor, store: Store, found: dict[str, Account]) -> None:
    st.header("管理账号")
    name = st.selectbox("账号", list(found), key="account_chosen")
    if name is None:
        return
    account = found[name]
    with st.container(horizontal=True):
        is_reset = st.button("重置口令")
        is_switched = st.button("停用" if account.is_active else "启用")
    with session.show_errors():
        if is_reset:
            _say_once(f"账号 {plain(name)} 的口令已重置", services.reset_password(actor, store, account.id))
        if is_switched:
            services.set_active(actor, store, account.id, is_active=not account.is_active)
            session.remember(SAID, f"账号 {plain(name)} 已{'停用' if account.is_active else '启用'}")
            st.rerun()


def _say_once(words: str, password: str) -> None:
    """Show a new password; it is kept nowhere and gone with the next click."""
    st.success(f"{words}。初始口令只显示这一次，请当面告知本人，首次登录须修改：")
    st.code(password, language=None)


def show_own_account(actor: Actor) -> None:
    """Show who is signed in, what the role may do, and why."""
    show_facts({"登录名": actor.name, "显示名": actor.display_name, "角色": actor.role.label})
    st.html('<a class="jj-go" href="/password">修改口令</a>')
    st.header("本角色的权限")
    rows = []
    for action, label in ACTION_LABELS.items():
        decision = decide(actor.role, action)
        rows.append({"事项": label, "可否": "可以" if decision.is_allowed else "不可以", "理由": decision.reason})
    show_table(rows)
