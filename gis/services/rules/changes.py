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
    writer: Writer, org_ids: Collection[OrgId], reason: str = "", *, is_fact: bool = False
) -> Iterator[None]:
    """Guard the changes made in the block: what was broken before may stay, what breaks anew does not pass unsaid.

    `org_ids` are the organisations that the change can affect. `is_fact`: the change only records what has happened
    (a death, a move); it is never refused, the report shows what follows.

    Raises
    ------
    InputError
        The change breaks a BLOCK rule; or a WARN rule, and no reason is given. Nothing is saved then. Each fault names
        rule, level and source.
    """
    if is_fact:
        yield
        return
    known = {_key(one): one for one in judge(load_facts(writer, writer.today, org_ids))}
    yield
    writer.session.flush()
    now = judge(load_facts(writer, writer.today, org_ids))
    new = [one for one in now if _key(one) not in known and one.level is not RuleLevel.INFO]
    refuse(new, reason)
    for one in new:
        writer.note_rule(one, " ".join(reason.split()))


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


def _key(violation: Violation) -> tuple[str, str, RuleLevel, str]:
    """Return what makes a breach another one; a count that gets better or worse is the same breach."""
    by_facts = violation.facts if violation.rule in _BY_FACTS else ""
    return violation.rule, violation.subject.key, violation.level, by_facts


#: Rules that one subject can break in several ways, so that a new way counts as new
_BY_FACTS = frozenset({"R04", "R07", "R08", "R09", "R10", "R17", "R19", "R21"})


def _said(one: Violation) -> str:
    return f"{one.rule}（{one.level.label}）{one.name}{one.message}，{one.todo}"


def _fault(one: Violation) -> Fault:
    rule = RULES[one.rule]
    return Fault(f"{one.level.label}：{one.message}；依据：{rule.source}", field=f"{rule.id} {one.name}")
