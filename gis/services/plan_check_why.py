"""Check what a plan says of other places and of changes, as far as the database alone can tell.

Like `plan_check` this uses nothing of the planner; what a place would cost is solved again only when asked
(`plan_check_deep`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gis.model.ids import MemberId
from gis.services.abilities import can_lead, needs_step_free, walking_pace
from gis.services.grouping_input import why_not_asked
from gis.services.plan_facts import Facts, Violation
from gis.services.plan_reading import place_key, seats_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.model.people import Member

WALK_TOLERANCE_M = 1.0
CHANGES = ("release_lock", "more_seats", "step_free", "longer_limit", "leader", "more_members", "new_host")


def _alternatives(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    for group, seat in seats_of(document):
        member = facts.members.get(seat["member"])
        for other in seat.get("alternatives", []):
            where = f"小组 {group.get('id', place_key(group))} 党员 {seat['member']} 其他地点 {other.get('host')}"
            if member is not None and str(other.get("host")) in facts.places:
                yield from _alternative(other, member, where, facts)
            yield from _cost(other, where, is_best=document["status"] == "optimal" and _is_by_seats_and_metres(facts))


def _is_by_seats_and_metres(facts: Facts) -> bool:
    """Tell whether nothing but members seated and metres orders plans: else a plan may win that loses in both."""
    asked = facts.settings
    return not (asked.fair or asked.fewest_groups or asked.min_groups or facts.request.required_places)


def _alternative(other: dict[str, Any], member: Member, where: str, facts: Facts) -> Iterator[Violation]:
    """Derive the rule again: one that is named must hold, and where a cost is named none may."""
    named, key = other.get("rule"), str(other["host"])
    is_about_the_limit = named == "too_far" and _too_far(member, key, facts, slack_m=-WALK_TOLERANCE_M)
    if named in _BARS and not (_BARS[str(named)](member, key, facts) or is_about_the_limit):
        yield Violation("ALTERNATIVE_RULE", where, f"方案写的理由（{named}）与数据库不符")
    if other.get("cost_known") and not named:
        broken = next((rule for rule in _ALONE if _BARS[rule](member, key, facts)), None)
        if broken is not None:
            yield Violation("ALTERNATIVE_RULE", where, f"方案写可以改到那里，其实不行（{broken}）")


def _cost(other: dict[str, Any], where: str, *, is_best: bool) -> Iterator[Violation]:
    seats, metres = other.get("cost_seats"), other.get("cost_m")
    wants = bool(other.get("cost_known")) and not other.get("rule")
    if not all(_is_whole(one) if wants else one is None for one in (seats, metres)):
        yield Violation("ALTERNATIVE_COST", where, "代价须是整数；没有算出或因规定不行的须为空")
    elif wants and is_best and (seats, metres) < (0, 0):
        yield Violation("ALTERNATIVE_COST", where, "写明最优的方案，改动一人却更好")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _walk(member: Member, key: str, facts: Facts) -> float:
    return facts.walks.get((int(member.id or 0), key), math.inf)


def _too_far(member: Member, key: str, facts: Facts, slack_m: float = WALK_TOLERANCE_M) -> bool:
    limit, _ = walking_pace(member, facts.settings, facts.today)
    return _walk(member, key, facts) > limit + slack_m


def _has_steps(member: Member, key: str, facts: Facts) -> bool:
    return needs_step_free(member) and not facts.places[key].is_step_free


def _is_fixed(member: Member, key: str, facts: Facts) -> bool:
    fixed = facts.frozen_at.get(int(member.id or 0))
    return (fixed or (f"H{member.locked_host_id}" if member.locked_host_id else key)) != key


def _is_excluded(member: Member, key: str, facts: Facts) -> bool:
    """Tell whether the place is excluded for all, or kept for a group that is to stay as it is."""
    frozen = [facts.members[one] for one, at in facts.frozen_at.items() if at == key and one in facts.members]
    mates = [one for one in frozen if facts.settings.allow_mixed or one.branch_id == member.branch_id]
    return key in facts.request.forbidden_places or (bool(mates) and member not in mates)


def _company(member: Member, key: str, facts: Facts) -> list[Member] | None:
    """Return who of the branch could meet there; None where groups may mix: then the branch does not tell."""
    if facts.settings.allow_mixed:
        return None
    return [
        one
        for one in facts.members.values()
        if one.branch_id == member.branch_id and why_not_asked(one) is None and _could_come(one, key, facts)
    ]


def _could_come(one: Member, key: str, facts: Facts) -> bool:
    is_here = facts.frozen_at.get(int(one.id or 0)) == key or f"H{one.locked_host_id}" == key
    barred = any(_BARS[rule](one, key, facts) for rule in ("locked", "not_step_free", "forbidden"))
    return math.isfinite(_walk(one, key, facts)) and not barred and (is_here or not _too_far(one, key, facts))


def _too_few(member: Member, key: str, facts: Facts) -> bool:
    company = _company(member, key, facts)
    return company is None or len(company) < facts.settings.min_size


def _no_full(member: Member, key: str, facts: Facts) -> bool:
    company = _company(member, key, facts)
    return company is None or not any(one.is_full for one in company)


def _no_leader(member: Member, key: str, facts: Facts) -> bool:
    company = _company(member, key, facts)
    return company is None or not any(can_lead(one) and one.id not in facts.leading_elsewhere for one in company)


_BARS: dict[str, Callable[[Member, str, Facts], bool]] = {
    "locked": _is_fixed,
    "forbidden": _is_excluded,
    "not_step_free": _has_steps,
    "too_far": _too_far,
    "too_few": _too_few,
    "no_full": _no_full,
    "no_leader": _no_leader,
}
_ALONE = ("locked", "forbidden", "not_step_free", "too_far")  # whatever the others do


def _changes(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    for one in document["unseated"]:
        member, changes = facts.members.get(one["member"]), one.get("changes", [])
        if member is None or not isinstance(changes, list):
            continue
        for change in changes:
            if isinstance(change, dict):
                yield from _change(change, member, f"党员 {one['member']} 的改变", facts)


def _change(change: dict[str, Any], member: Member, where: str, facts: Facts) -> Iterator[Violation]:
    kind, amount, key = change.get("kind"), change.get("amount"), change.get("host")
    if kind not in CHANGES or not _is_whole(amount) or not change.get("text"):
        yield Violation("CHANGE_WRONG", where, "没有写明改什么、改多少")
        return
    if key is not None and key not in facts.places:
        yield Violation("CHANGE_WRONG", where, f"场所 {key} 不存在、未批准或已停用")
    if change.get("member") is not None and MemberId(change["member"]) not in facts.members:
        yield Violation("CHANGE_WRONG", where, f"党员 {change['member']} 不在测算范围内")
    if kind == "longer_limit" and key is not None:
        limit, _ = walking_pace(member, facts.settings, facts.today)
        over = _walk(member, key, facts) - limit
        if not abs(over - int(amount or 0)) <= 1 + WALK_TOLERANCE_M:
            yield Violation("CHANGE_WRONG", where, f"到 {key} 超过上限 {over:.0f} 米，方案写放宽 {amount} 米")


WHY_RULES = (_alternatives, _changes)
