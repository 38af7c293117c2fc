"""告知与同意: register answers matter by matter, print the notice, see who has not been told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.papers import PaperFormat
from gis.model.rights import ConsentAnswer, ConsentMethod, ConsentScope
from gis.services.consent import ConsentEntry, list_consents, record_consent, withdraw_consent
from gis.services.consent_notice import MATTERS, NOTICE_VERSION, notice_file
from gis.services.map_layers import orgs_on_map
from gis.services.notices import MIME
from gis.ui import session
from gis.ui.rights.members import choose_branch, choose_member, done
from gis.ui.table import show_table
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.consent import MemberConsents
    from gis.store.database import Store

ANSWERS = list(ConsentAnswer)
METHODS = list(ConsentMethod)
SCOPES = list(ConsentScope)
LIST_HEIGHT = 620


def show_consents(actor: Actor, store: Store) -> None:
    """Ask for a member's answers on the left, list everybody on the right."""
    found = list_consents(actor, store)
    if not found:
        st.info("管理范围内还没有党员：先到“数据导入”页导入党员花名册")
        return
    left, right = st.columns([2, 3])
    with left:
        mine = choose_branch(found, "consent")
        one = choose_member(mine, "consent")
        _answer(actor, store, one)
        _withdraw(one)
        _print(actor, store, one)
    with right:
        told = sum(any(state.last for state in member.states) for member in mine)
        st.caption(f"已告知 {told} 人，共 {len(mine)} 人；告知书版本 {NOTICE_VERSION}")
        show_table([_line(member) for member in mine], height=LIST_HEIGHT)


def _answer(actor: Actor, store: Store, one: MemberConsents) -> None:
    scope = st.selectbox("事项", SCOPES, format_func=lambda one: str(one.label), key="consent_scope")
    st.caption(MATTERS[scope])
    orgs = {org.id: org.name for org in orgs_on_map(actor, store)} if scope is ConsentScope.SHARE_WITH else {}
    with st.form(f"consent_{one.member_id}_{scope.value}", border=True):
        answer = st.radio("本人意见", ANSWERS, format_func=lambda one: str(one.label), index=None, horizontal=True)
        method = st.selectbox("方式", METHODS, format_func=lambda one: str(one.label))
        witness = st.text_input("见证人（口头表示必填）", max_chars=100)
        org = st.selectbox("提供给哪个组织", list(orgs), format_func=lambda one: orgs[one]) if orgs else None
        is_saved = st.form_submit_button("登记", type="primary")
    if scope is ConsentScope.EXACT_LOCATION:
        st.caption("登记“不同意”会立即把住址改为只到网格，不能恢复；以后改为同意，须重新登记住址")
    if is_saved:
        _save(one, scope, answer, ConsentEntry(scope, answer or ConsentAnswer.GIVEN, method, witness, None, org))


def _save(one: MemberConsents, scope: ConsentScope, answer: ConsentAnswer | None, entry: ConsentEntry) -> None:
    with session.show_errors():
        if answer is None:
            st.warning("请先选择同意或不同意")
            return
        outcome = record_consent(session.actor_now(), session.store(), one.member_id, entry)
        done(f"{plain(one.name)}：{scope.label}，{answer.label}。{'；'.join(outcome.effects)}")


def _withdraw(one: MemberConsents) -> None:
    given = [state for state in one.states if state.last is not None and not state.last.is_refusal]
    for state in given:
        words = f"撤回对“{state.scope.label}”的同意" + (f"（{state.share_org}）" if state.share_org else "")
        if st.button(plain(words), key=f"withdraw_{state.last.id if state.last else 0}"):
            with session.show_errors():
                org = state.last.share_org_id if state.last else None
                outcome = withdraw_consent(
                    session.actor_now(), session.store(), one.member_id, state.scope, share_org_id=org
                )
                done(f"{plain(one.name)}：已撤回。{'；'.join(outcome.effects)}")


def _print(actor: Actor, store: Store, one: MemberConsents) -> None:
    made = notice_file(actor, store, PaperFormat.DOCX, member_id=one.member_id)
    st.download_button("打印告知书（Word）", made.content, made.name, MIME[PaperFormat.DOCX], key="consent_notice")


def _line(one: MemberConsents) -> dict[str, str]:
    said = {state.scope: state for state in one.states if state.scope is not ConsentScope.SHARE_WITH}
    shares = [
        f"{state.share_org}：{state.word}"
        for state in one.states
        if state.scope is ConsentScope.SHARE_WITH and state.last
    ]
    return {
        "姓名": one.name,
        **{scope.label: said[scope].word if said[scope].last else "—" for scope in said},
        "提供给其他组织": "；".join(shares),
        "支部": one.branch + ("（限制处理）" if one.is_restricted else ""),
    }
