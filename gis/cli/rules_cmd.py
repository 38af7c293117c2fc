"""`jiujin rules`: rules R01–R21, what breaks them, and what was said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError, NotFoundError
from gis.model.access import operator
from gis.model.rule_book import RULES
from gis.model.rules import RuleLevel
from gis.services.rules import RuleReport, check_rules, note_rules, org_named
from gis.services.rules.checking import Finding
from gis.services.rules.document import report_document, rule_document

rules_app = typer.Typer(help="规则 R01–R21：检查、说明理由。", no_args_is_help=True)


@rules_app.command("check")
def check(
    org: Annotated[str, typer.Option(help="只查这个组织和它的下级；默认全街道")] = "",
    level: Annotated[str, typer.Option(help="只列这一级：" + "、".join(RuleLevel.labels()))] = "",
    rule: Annotated[str, typer.Option(help="只列这一条规则，例如 R03")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """检查规则，列出每一处：规则、级别、对象、怎么办、依据。"""
    with Reporting(as_json=as_json):
        wanted = _level(level)
        if rule and rule not in RULES:
            msg = f"没有规则 {rule}，用 rules list 查看"
            raise InputError(msg)
        actor, store = operator(), open_store(db)
        report = check_rules(actor, store, org_named(actor, store, org) if org else None)
        shown = tuple(
            one for one in report.findings if wanted in (None, one.violation.level) and rule in ("", one.violation.rule)
        )
        emit(report_document(replace(report, findings=shown)), as_json=as_json, text=_text(report, shown))


def _level(text: str) -> RuleLevel | None:
    found = RuleLevel.from_label(text) if text else None
    if text and found is None:
        msg = f"没有级别“{text}”，可选：{'、'.join(RuleLevel.labels())}"
        raise InputError(msg)
    return found


def _text(report: RuleReport, shown: Sequence[Finding]) -> str:
    totals = "，".join(f"{one.label} {report.totals[one]} 处" for one in RuleLevel)
    lines = [f"{report.as_of.isoformat()}：{totals}；已说明或已知悉 {report.settled} 处"]
    for one in shown:
        violation = one.violation
        where = report.names.get(violation.org_id, "")
        name = "" if violation.name == where else f" {violation.name}"
        said = f"（{'已说明：' + one.note.reason if one.note.reason else '已知悉'}）" if one.note else ""
        lines.append(
            f"{violation.rule} {violation.level.label}\t{violation.subject.key}\t{where}{name}：{violation.message}"
            f"。{violation.todo}{said}"
        )
    return "\n".join(lines)


@rules_app.command("list")
def list_rules(as_json: JsonOption = False) -> None:
    """列出各条规则：级别、内容、依据、怎样核对、看不到什么。"""
    with Reporting(as_json=as_json):
        lines = [
            f"{rule.id} {rule.title}（{'、'.join(level.label for level in rule.levels)}）\n"
            f"  规定：{rule.basis}\n  依据：{rule.source}\n  核对：{rule.how}\n  看不到：{rule.blind}"
            for rule in RULES.values()
        ]
        emit([rule_document(rule) for rule in RULES.values()], as_json=as_json, text="\n".join(lines))


@rules_app.command("note")
def note(
    rule: Annotated[str, typer.Argument(help="规则编号，例如 R03")],
    subject: Annotated[str, typer.Argument(help="对象，见 rules check，例如 group:3")],
    reason: Annotated[str, typer.Option(help="理由；“须说明”的必填，“提示”的可不填")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """为“须说明”写明理由，或把“提示”记为知道了；“不得违反”的不能放行。"""
    with Reporting(as_json=as_json):
        actor, store = operator(), open_store(db)
        found = [
            one.violation
            for one in check_rules(actor, store).findings
            if one.violation.rule == rule and one.violation.subject.key == subject
        ]
        if not found:
            msg = f"{subject} 现在没有违反 {rule}，用 rules check 查看"
            raise NotFoundError(msg)
        note_rules(actor, store, found, reason)
        emit({"rule": rule, "subject": subject, "noted": len(found)}, as_json=as_json, text=f"已记下 {len(found)} 条")


def register(app: typer.Typer) -> None:
    """Add `jiujin rules`."""
    app.add_typer(rules_app, name="rules")
