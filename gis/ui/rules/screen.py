"""The screen 规则检查: what breaks the rules, by organisation and level; reasons and 知道了; the part 失联."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.ids import OrgId
from gis.model.rule_book import RULES
from gis.model.rules import RuleLevel
from gis.services.rules import check_rules
from gis.services.rules.checking import FEW
from gis.ui import session
from gis.ui.rules.findings import OPENED, PICKED, SAID, said_source, show_findings
from gis.ui.rules.lost import show_lost
from gis.ui.table import show_table, show_tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.services.rules import RuleReport
    from gis.services.rules.checking import Finding
    from gis.store.database import Store

KEPT = "rules_kept"
NO_ORG = OrgId(0)
CHECK, LOST = "规则检查", "失联"
SETTLED = "已处理"
EVERYWHERE, EVERY_RULE = "管理范围内全部", "全部规则"
_LEVELS = {level.label: level for level in RuleLevel}


def show_rules(actor: Actor, store: Store) -> None:
    """Choose between the report and 失联."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    if actor.may(Action.MARK_LOST):
        part = st.segmented_control(
            "内容", [CHECK, LOST], default=CHECK, required=True, key="rules_part", label_visibility="collapsed"
        )
        if part == LOST:
            show_lost(actor, store)
            return
    _check(actor, store)


def _check(actor: Actor, store: Store) -> None:
    report = _report(actor, store)
    if report.is_counts_only:
        _counts_only(report)
        return
    left, right = st.columns([3, 3], vertical_alignment="bottom")
    org = left.selectbox(
        "组织", [NO_ORG, *_orgs(report)], format_func=lambda one: _org_label(report, one), key="rules_org"
    )
    mine = [one for one in report.findings if org in (NO_ORG, one.violation.org_id)]
    parts = {label: [one for one in mine if _part(one) == label] for label in (*_LEVELS, SETTLED)}
    first = next((label for label in _LEVELS if parts[label]), RuleLevel.BLOCK.label)
    show = right.segmented_control("列出", list(parts), default=first, required=True, key="rules_level")
    show_tiles({label: f"{len(found)} 处" for label, found in parts.items()}, key="jj_rules_tiles")
    if org == NO_ORG and len(report.counts) > 1:
        with st.expander("各组织"):
            show_table(_count_rows(report), height=420)
    shown = _of_rule(parts[show])
    if shown:
        show_findings(report, shown, _LEVELS.get(show))
    else:
        st.info(_nothing(show, found_any=bool(mine)))


def _report(actor: Actor, store: Store) -> RuleReport:
    """Check anew only where data, day or scope are not those of the last run of this tab."""
    key = (actor.scope.key, store.data_version(), store.today())
    kept: tuple[object, RuleReport] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = (key, check_rules(actor, store))
        session.remember(KEPT, kept)
        session.forget(PICKED, OPENED)
    return kept[1]


def _part(one: Finding) -> str:
    return SETTLED if one.is_settled else one.violation.level.label


def _orgs(report: RuleReport) -> list[OrgId]:
    """List the organisations that have anything to show, in the order of the roster."""
    return [one.org_id for one in report.counts if one.block or one.warn or one.info or one.settled]


def _org_label(report: RuleReport, org: OrgId) -> str:
    return EVERYWHERE if org == NO_ORG else report.names.get(org, "")


def _of_rule(found: Sequence[Finding]) -> list[Finding]:
    """Narrow a long list to one rule."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.rule.id] = counts.get(one.rule.id, 0) + 1
    if len(counts) < 2:  # noqa: PLR2004  # one rule leaves nothing to choose
        return list(found)
    names = {rule: f"{rule} {RULES[rule].title}（{count}）" for rule, count in sorted(counts.items())}
    rule = st.selectbox("规则", ["", *names], format_func=lambda one: names.get(one, EVERY_RULE), key="rules_rule")
    return [one for one in found if rule in ("", one.rule.id)]


def _nothing(show: str, *, found_any: bool) -> str:
    if show == SETTLED:
        return "还没有写明理由或点过“知道了”的"
    if found_any:
        return f"没有“{show}”的；其他级别还有，点上面切换"
    return "各项规则都没有问题。组织生活、联系卡登记得越全，检查越准"


def _count_rows(report: RuleReport) -> list[dict[str, str | int | None]]:
    rows: list[dict[str, str | int | None]] = []
    for one in report.counts:
        if one.block or one.warn or one.info or one.settled or one.persons:
            levels = dict(zip(_LEVELS, (one.block, one.warn, one.info), strict=True))
            row: dict[str, str | int | None] = {"组织": one.org, **levels, SETTLED: one.settled}
            if report.is_counts_only:
                row["涉及个人"] = "从略" if one.persons == FEW else str(one.persons)
            rows.append(row)
    return rows


def _counts_only(report: RuleReport) -> None:
    tiles = {level.label: f"{report.totals[level]} 处" for level in RuleLevel}
    show_tiles(tiles | {SETTLED: f"{report.settled} 处"}, key="jj_rules_tiles")
    st.caption("以上是组织和小组的问题；涉及个人的只列各组织数量，人数少的从略")
    rows = _count_rows(report)
    if not rows:
        st.info("各项规则都没有问题")
        return
    st.markdown("**各组织**")
    show_table(rows, height=520)
    st.markdown("**各条规则**")
    show_table(
        [
            {
                "规则": f"{rule} {RULES[rule].title}",
                "处数": sum(counts.values()),
                "依据": said_source(RULES[rule].source),
            }
            for rule, counts in report.by_rule.items()
        ]
    )
