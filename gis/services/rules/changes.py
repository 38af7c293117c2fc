"""Rules on every change: what a change newly breaks refuses it (BLOCK) or asks for a reason (WARN)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.model.rule_book import RULES
from gis.model.rules import RuleLevel, SubjectKind
from gis.services.rules.catalogue import judge
from gis.services.rules.checking import LEAST_REASON, MAX_REASON
from gis.services.rules.loading import load_facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from gis.model.ids import OrgId
    from gis.model.rules import Subject, Violation
    from gis.store.reader import Reader
    from gis.store.writer import Writer


def violations_for_change(
    reader: Reader, subject: Subject, today: date, org_ids: Collection[OrgId] | None = None
) -> tuple[Violation, ...]:
    """Return what breaks the rules at one subject as the data stand in this transaction.

    `org_ids` are the organisations that can be affected; without them the whole scope is read. An organisation as
    subject includes everything that it answers for.
    """
    found = judge(load_facts(reader, today, org_ids))
    if subject.kind is SubjectKind.ORG:
        return tuple(one for one in found if one.org_id == subject.id)
    return tuple(one for one in found if one.subject == subject)


@contextmanager
def keep_rules(
    writer: Writer, org_ids: Collection[OrgId], reason: str = "", *, is_draft: bool = False
) -> Iterator[None]:
    """Guard the changes made in the block: what was broken before may stay, what breaks anew does not pass unsaid.

    `org_ids` are the organisations that the change can affect. `is_draft`: the change is a step of something that is
    still being filled in, and asks for no reasons yet. Changes that only record what has happened (a death, a move)
    are not guarded at all: the report shows what follows from them.

    Raises
    ------
    InputError
        The change breaks a BLOCK rule; or a WARN rule, and no reason is given. Nothing is saved then. Each fault names
        rule, level and source.
    """
    before = judge(load_facts(writer, writer.today, org_ids))
    yield
    writer.session.flush()
    new = [one for one in new_ones(before, judge(load_facts(writer, writer.today, org_ids))) if _counts(one, is_draft)]
    refuse(new, reason)
    for one in new:
        writer.note_rule(one, " ".join(reason.split()))


def _counts(one: Violation, is_draft: bool) -> bool:  # noqa: FBT001  # handed on from `keep_rules`
    return one.level is RuleLevel.BLOCK or (one.level is RuleLevel.WARN and not is_draft)


def new_ones(before: Collection[Violation], after: Collection[Violation]) -> list[Violation]:
    """Return what is broken after a change and was not before, or is broken in a further way."""
    known: dict[tuple[str, str, RuleLevel], set[str]] = {}
    for one in before:
        known.setdefault(_key(one), set()).update(one.ways)
    return [one for one in after if _key(one) not in known or one.ways - known[_key(one)]]


def refuse(violations: Collection[Violation], reason: str = "") -> None:
    """Refuse what cannot be confirmed, and what needs a reason and has none; raises InputError as `keep_rules`."""
    text = " ".join(reason.split())
    blocks = [one for one in violations if one.level is RuleLevel.BLOCK]
    if blocks:
        msg = "没有保存，违反规则：" + "；".join(_said(one) for one in blocks)
        raise InputError(msg, tuple(_fault(one) for one in blocks))
    warns = [one for one in violations if one.level is RuleLevel.WARN]
    if warns and len(text) < LEAST_REASON:
        msg = "请写明理由后再保存：" + "；".join(_said(one) for one in warns)
        raise InputError(msg, tuple(_fault(one) for one in warns))
    if len(text) > MAX_REASON:
        msg = f"理由请不超过 {MAX_REASON} 字"
        raise InputError(msg)


def _key(violation: Violation) -> tuple[str, str, RuleLevel]:
    return violation.rule, violation.subject.key, violation.level


def _said(one: Violation) -> str:
    return f"{one.rule}（{one.level.label}）{one.name}{one.message}，{one.todo}"


def _fault(one: Violation) -> Fault:
    rule = RULES[one.rule]
    return Fault(f"{one.level.label}：{one.message}；依据：{rule.source}", field=f"{rule.id} {one.name}")
