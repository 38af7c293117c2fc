"""The list of findings: open one to read its rule and source; tick several to explain or to note them as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.office_day import local_day
from gis.model.rules import RuleLevel
from gis.services.rules import note_rules
from gis.services.rules.checking import MAX_REASON
from gis.ui import session
from gis.ui.choices import Column, Listing, Picked, Row, show_choices
from gis.ui.table import show_facts
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.services.rules import RuleReport
    from gis.services.rules.checking import Finding

SAID, PICKED, OPENED = "rules_said", "rules_picked", "rules_opened"
LIST_HEIGHT = 480
MAX_ROWS = 400  # more is no list to work through: choose an organisation or a rule
TONES = {RuleLevel.BLOCK: "bad", RuleLevel.WARN: "warn", RuleLevel.INFO: ""}
#: How the rule book says how well a source is known
MARKS = {"[S]": "（公开网页摘录）", "[M]": "（公开网页提到）", "[K]": "（通行做法）", "[source]": ""}
_OPEN = (
    Column("对象", is_wide=True),
    Column("规则", is_tag=True),
    Column("情况", is_wide=True),
    Column("怎么办", is_wide=True),
    Column("组织"),
)
_DONE = (*_OPEN[:3], Column("理由", is_wide=True), Column("谁、何时"), Column("组织"))
RULE = 1  # the column with a tone


def show_findings(report: RuleReport, shown: Sequence[Finding], level: RuleLevel | None) -> None:
    """Show findings of one level (None: those settled); a WARN takes a reason, an INFO a click."""
    number_of = {id(one): number for number, one in enumerate(report.findings)}
    numbers = {number_of[id(one)]: one for one in shown[:MAX_ROWS]}
    if len(shown) > MAX_ROWS:
        st.caption(f"共 {len(shown)} 处，先列 {MAX_ROWS} 处；选一个组织或一条规则，看其余的")
    opened = numbers.get(session.recall(OPENED, -1))
    wide, side = st.columns([3, 2]) if opened else (st.container(), None)
    with wide:
        _list(report, numbers, level)
    if opened is not None and side is not None:
        with side:
            _show_one(report, opened)


def _list(report: RuleReport, numbers: dict[int, Finding], level: RuleLevel | None) -> None:
    may_note = level in (RuleLevel.WARN, RuleLevel.INFO)
    kept: Picked = session.recall(PICKED) or Picked()
    picked = Picked(tuple(one for one in kept.ids if one in numbers), kept.stamp)
    st.caption(_hint(level))
    show_choices(
        f"rules_list_{level.value if level else 'done'}",
        Listing(
            "规则检查",
            _DONE if level is None else _OPEN,
            [_row(report, number, one, level) for number, one in numbers.items()],
            current=session.recall(OPENED),
            height=LIST_HEIGHT,
        ),
        picked,
        on_pick=(lambda chosen: session.remember(PICKED, chosen)) if may_note else None,
        on_open=lambda number: session.remember(OPENED, number),
    )
    if level is not None and may_note:
        _ask(level, [numbers[number] for number in picked.ids])


def _hint(level: RuleLevel | None) -> str:
    if level is RuleLevel.BLOCK:
        return "不能确认放行，只能改正；点对象看依据"
    if level is RuleLevel.WARN:
        return "改正，或勾选后写明理由；点对象看依据"
    if level is RuleLevel.INFO:
        return "核对后勾选，点“知道了”，同样的情况不再提示；点对象看依据"
    return "情况变了会重新提示"


def _row(report: RuleReport, number: int, one: Finding, level: RuleLevel | None) -> Row:
    violation, org = one.violation, report.names.get(one.violation.org_id, "")
    org = "" if org == violation.name else org
    head = (violation.name, one.rule.id, violation.message)
    tones = {RULE: TONES[violation.level]}
    if level is not None or one.note is None:
        return Row(number, (*head, violation.todo, org), tones)
    when = f"{one.note.by} {local_day(one.note.at).isoformat()}"
    return Row(number, (*head, one.note.reason or "知道了", when, org), tones)


def _ask(level: RuleLevel, chosen: Sequence[Finding]) -> None:
    is_warn, count = level is RuleLevel.WARN, len(chosen)
    with st.form(f"rules_note_{level.value}", clear_on_submit=True, border=False):
        reason = st.text_input(
            "理由" if is_warn else "说明（可不填）", max_chars=MAX_REASON, key=f"rules_why_{level.value}"
        )
        done = f"写明理由（{count} 处）" if is_warn else f"知道了（{count} 处）"
        is_sent = st.form_submit_button(done, type="primary", disabled=not count)
    if is_sent:
        with session.show_errors():
            note_rules(session.actor_now(), session.store(), [one.violation for one in chosen], reason)
            session.forget(PICKED, OPENED)
            session.remember(SAID, f"已记下 {count} 处；情况变了会重新提示")
            st.rerun()


def said_source(source: str) -> str:
    """Return where a rule is from, with the marks of the rule book in words."""
    for mark, told in MARKS.items():
        source = source.replace(f" {mark}", told).replace(mark, told)
    return source


def _show_one(report: RuleReport, one: Finding) -> None:
    violation, rule = one.violation, one.rule
    with st.container(border=True):
        st.markdown(f"**{rule.id} {plain(rule.title)}**　{violation.level.label}")
        st.markdown(f"{plain(violation.name)}：{plain(violation.message)}")
        facts = {
            "怎么办": violation.todo,
            "组织": report.names.get(violation.org_id, ""),
            "规定": rule.basis,
            "依据": said_source(rule.source),
            "怎样核对": rule.how,
            "看不到": rule.blind,
        }
        if one.note is not None:
            facts |= {
                "理由": one.note.reason or "知道了",
                "谁、何时": f"{one.note.by} {local_day(one.note.at).isoformat()}",
            }
        show_facts(facts)
        if st.button("收起", key="rules_close"):
            session.forget(OPENED)
            st.rerun()
