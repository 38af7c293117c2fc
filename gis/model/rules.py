"""Rules R01–R21 of organisational life (domain.md section 4): what a rule is, and what breaks it.

The texts are in `gis.model.rule_book`, the checks in `gis.services.rules`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.ids import OrgId

DIGEST = 16  # hexadecimal digits: enough to tell the facts of one subject apart


class RuleLevel(Labelled):
    """BLOCK cannot be confirmed; WARN asks for a reason; INFO is a hint that can be dismissed once."""

    BLOCK = "block", "不得违反"
    WARN = "warn", "须说明"
    INFO = "info", "提示"


class SubjectKind(Labelled):
    """What a rule can speak about."""

    ORG = "org", "组织"
    GROUP = "group", "党小组"
    AREA = "area", "片区"
    HOST = "host", "中心户"
    SESSION = "session", "组织生活"
    MEMBER = "member", "党员"


class Confidence(Labelled):
    """How sure the source of a rule is: the marks of domain.md."""

    LAW = "L", "法规原文"
    SEEN = "S", "公开网页摘录"
    MENTIONED = "M", "公开网页转述"
    KNOWN = "K", "通行做法，未见原文"
    OWN = "source", "客户资料"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as an office reads it.

    `levels` are those it can raise, the gravest first. `source` is the line of domain.md with its mark; `basis` says
    the rule in a sentence; `how` what is counted, `blind` what the data cannot show.
    """

    id: str
    title: str
    levels: tuple[RuleLevel, ...]
    source: str
    basis: str
    how: str
    blind: str

    @property
    def confidence(self) -> tuple[Confidence, ...]:
        """The marks that the source line carries."""
        marks = {mark for found in re.findall(r"\[([a-zA-Z/]+)\]", self.source) for mark in found.split("/")}
        return tuple(one for one in Confidence if one.value in marks)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a rule speaks about."""

    kind: SubjectKind
    id: int

    @property
    def key(self) -> str:
        """How it is kept: `member:12`."""
        return f"{self.kind.value}:{self.id}"

    @property
    def is_person(self) -> bool:
        """Whether it is about one member."""
        return self.kind in (SubjectKind.MEMBER, SubjectKind.HOST)


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach. `message` says what, `todo` what to do; `facts` is a digest of what it stands on.

    `name` is what people call the subject. `org_id` is the organisation that answers for it. `ways` are the ways in
    which the subject breaks the rule, where there are several: a change that adds none does not break it anew.
    """

    rule: str
    level: RuleLevel
    subject: Subject
    name: str
    org_id: OrgId
    message: str
    todo: str
    facts: str
    ways: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What a person said to a WARN (`reason`) or that an INFO was read; holds while the facts are the same."""

    rule: str
    subject: str
    facts: str
    reason: str
    by: str
    at: datetime


def digest(*facts: object) -> str:
    """Return a short text that changes when one of the facts does."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:DIGEST]
