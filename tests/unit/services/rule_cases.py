"""Small pictures for the rules: one branch of a village, on 22 November 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from gis.model.enums import MembershipStatus, MemberStatus, OrgKind
from gis.model.ids import GroupId, HostId, MemberId, OrgId
from gis.model.meetings import SessionKind
from gis.model.rule_facts import AreaFact, GroupFact, HostFact, MemberFact, OrgFact, RuleFacts, SeatFact, SessionFact
from gis.model.rules import Violation
from gis.services.rules.catalogue import CHECKS

TODAY = date(2026, 11, 22)
BRANCH, OTHER = OrgId(1), OrgId(2)


def broken(rule: str, **parts: Any) -> list[Violation]:
    """Return what one rule finds in a picture."""
    return list(CHECKS[rule](RuleFacts(TODAY, **parts)))


def levels(rule: str, **parts: Any) -> list[str]:
    """Return the levels of what one rule finds."""
    return [one.level.value for one in broken(rule, **parts)]


def branch(members: int = 10, full: int | None = None, **more: Any) -> OrgFact:
    """Make a branch of so many members, all of them full unless said."""
    given: dict[str, Any] = {
        "kind": OrgKind.BRANCH,
        "members": members,
        "full": members if full is None else full,
    } | more
    return OrgFact(BRANCH, "东风一支部", **given)


def group(size: int, *, full: int | None = None, **more: Any) -> GroupFact:
    """Make a group led by its first member, decided and reported."""
    able = size if full is None else full
    seats = tuple(SeatFact(MemberId(n), BRANCH, n <= able) for n in range(1, size + 1))
    day = date(2026, 1, 5)
    values: dict[str, Any] = {"leader_id": MemberId(1), "decided_on": day, "reported_on": day, "seats": seats} | more
    return GroupFact(GroupId(1), "一组", BRANCH, **values)


def member(**more: Any) -> MemberFact:
    """Make a full member who lives at home."""
    number = MemberId(more.pop("id", 1))
    return MemberFact(number, "禾一", BRANCH, **more)


def probationary(**more: Any) -> MemberFact:
    """Make a probationary member."""
    return member(status=MemberStatus.PROBATIONARY, **more)


def suspended(**more: Any) -> MemberFact:
    """Make a member whose membership is suspended."""
    return member(membership=MembershipStatus.SUSPENDED, **more)


def area(leader: int | None = 1, *, has_leader: bool = True) -> AreaFact:
    """Make an area."""
    return AreaFact(1, "东片", BRANCH, MemberId(leader) if leader else None, has_leader)


def host(**more: Any) -> HostFact:
    """Make an approved host household."""
    return HostFact(HostId(1), "禾一", BRANCH, member_id=MemberId(1), **({"is_full": True} | more))


def session(kind: SessionKind, held: date | None, **more: Any) -> SessionFact:
    """Make a session with everything on record."""
    whole = {"theme": "主题", "plan": "计划", "format": "集中开会", "record": "有", "responsible": "禾一"}
    values = {"planned_on": held or date(2026, 1, 1), "held_on": held} | whole | more
    number = values.pop("id", 1)
    return SessionFact(number, BRANCH, kind, **values)


def all_held(since: date = date(2025, 1, 5), until: date = TODAY) -> list[SessionFact]:
    """Make a register in which every kind was held on the fifth of every month."""
    days = [
        date(year, month, 5)
        for year in range(since.year, until.year + 1)
        for month in range(1, 13)
        if since <= date(year, month, 5) <= until
    ]
    return [session(kind, day) for day in days for kind in SessionKind]


def without(sessions: list[SessionFact], kind: SessionKind, since: date) -> tuple[SessionFact, ...]:
    """Take the sessions of one kind out from a day on."""
    return tuple(one for one in sessions if one.kind is not kind or (one.held_on or one.planned_on) < since)


__all__ = [
    "BRANCH", "OTHER", "TODAY", "all_held", "area", "branch", "broken", "group", "host", "levels", "member",
    "probationary", "replace", "session", "suspended", "without",
]  # fmt: skip
