"""Check what an office may ask for besides the standing rules: places, numbers, mixing, companions, few moves.

Like `plan_check` this uses nothing of the planner.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gis.services.abilities import can_lead
from gis.services.grouping_input import why_not_asked
from gis.services.in_force import place_key_of
from gis.services.plan_facts import Facts, Violation
from gis.services.plan_reading import place_key, seats_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.people import Member


def is_allowed_mix(leader: Member | None, branch_id: int | None, facts: Facts) -> bool:
    """Whether a group may have members of several branches: a decision allows it, and the leader gives the branch."""
    is_decided = facts.settings.allow_mixed and bool(facts.request.mixed_reason.strip())
    return is_decided and leader is not None and leader.branch_id == branch_id


def _numbers(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    settings, opened = facts.settings, len(document["groups"])
    if settings.allow_mixed and not facts.request.mixed_reason.strip():
        yield Violation("MIXED_REASON", "request", "允许混编，却没有写明上级党组织的决定")
    if settings.max_groups and opened > settings.max_groups:
        yield Violation("MAX_GROUPS", "groups", f"{opened} 个小组，超过要求的 {settings.max_groups:g} 个")
    for group in document["groups"]:
        where, people = f"小组 {group.get('id', place_key(group))}", _people(group, facts)
        branches = {member.branch_id for member in people}
        if settings.allow_mixed and settings.max_branches and len(branches) > settings.max_branches:
            yield Violation("MAX_BRANCHES", where, f"{len(branches)} 个支部，超过 {settings.max_branches:g} 个")
        able = sum(can_lead(member) and member.id not in facts.leading_elsewhere for member in people)
        if settings.members_per_leader and len(people) > settings.members_per_leader * able:
            text = f"{len(people)} 人中可任组长的只有 {able} 人，每名至多 {settings.members_per_leader:g} 人"
            yield Violation("MEMBERS_PER_LEADER", where, text)


def _people(group: dict[str, Any], facts: Facts) -> list[Member]:
    return [facts.members[seat["member"]] for seat in group["members"] if seat["member"] in facts.members]


def _places(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    used = {place_key(group) for group in document["groups"]}
    for key in sorted(used & set(facts.request.forbidden_places)):
        yield Violation("FORBIDDEN_PLACE", f"场所 {key}", "已排除，却在此设组")


def _frozen(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    at = {seat["member"]: place_key(group) for group, seat in seats_of(document)}
    for number in facts.request.frozen_groups:
        group = facts.in_force.get(number)
        where = f"现行小组 {number}"
        if group is None:
            if facts.is_same_data:
                yield Violation("FROZEN", where, "不是现行小组")
            continue
        stay = {seat.member_id for seat in group.seats if _is_asked(int(seat.member_id), facts)}
        found = next((one for one in document["groups"] if {seat["member"] for seat in one["members"]} == stay), None)
        if found is None or any(at.get(member) != place_key_of(group) for member in stay):
            yield Violation("FROZEN", where, "要求原样保留，组员或地点却变了")
        elif found["leader"] != group.leader_id:
            yield Violation("FROZEN", where, "要求原样保留，组长却变了")


def _is_asked(member_id: int, facts: Facts) -> bool:
    return member_id in facts.members and why_not_asked(facts.members[member_id]) is None


def _together(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    """Companions of one branch (of any, where groups are mixed) sit in one group or not at all."""
    group_of = {seat["member"]: number for number, one in enumerate(document["groups"]) for seat in one["members"]}
    for member_id, member in facts.members.items():
        for other in member.companion_ids:
            if other < member_id or not (_is_asked(member_id, facts) and _is_asked(int(other), facts)):
                continue
            is_held = any(facts.stays_at(one, key) for one in (member.id, other) if one for key in facts.places)
            is_one_team = facts.settings.allow_mixed or facts.members[int(other)].branch_id == member.branch_id
            if is_one_team and not is_held and group_of.get(member_id) != group_of.get(int(other)):
                yield Violation("TOGETHER", f"党员 {member_id}、{other}", "要同组，却没有编在一组")


def _changes(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    """Count who loses a seat in force; only as long as the groups in force are those that the plan was made on."""
    if "changes" not in document or not facts.is_same_data:
        return
    at = {seat["member"]: place_key(group) for group, seat in seats_of(document)}
    sits = {int(seat.member_id): group for group in facts.in_force.values() for seat in group.seats}
    held = facts.held
    moved = {number for number in sits if number not in held or at.get(number) != held[number]}
    said = {one.get("member") for one in document["changes"]}
    for number in sorted(moved & facts.members.keys() - said):
        yield Violation("CHANGES_WRONG", f"党员 {number}", "离开现行小组，变动中却没有写")
    for number in sorted(one for one in said & facts.members.keys() if one not in moved):
        yield Violation("CHANGES_WRONG", f"党员 {number}", "没有离开现行小组，却写作变动")


OPTION_RULES = (_numbers, _places, _frozen, _together, _changes)


def options_cost(document: dict[str, Any], facts: Facts) -> float:
    """Compute what the request adds to the objective: openings, places, mixing, changes, and what comes first."""
    settings, preferred = facts.settings, set(facts.request.preferred_places)
    cost = float(document.get("group_price", 0)) * len(document["groups"]) if settings.fewest_groups else 0.0
    for group in document["groups"]:
        cost += settings.open_cost_m
        cost += settings.prefer_m if preferred and place_key(group) not in preferred else 0
        branches = {member.branch_id for member in _people(group, facts)}
        cost += settings.mix_cost_m * max(len(branches) - 1, 0) if settings.allow_mixed else 0
    if settings.fair:
        cost += float(document.get("longest_price", 0)) * _longest(document, facts)
    return cost + _changes_cost(document, facts)


def _longest(document: dict[str, Any], facts: Facts) -> int:
    walks = [
        facts.walks.get((seat["member"], place_key(group)), math.inf)
        for group, seat in seats_of(document)
        if not _is_fixed(seat["member"], place_key(group), facts)
    ]
    return max((math.ceil(walk - 1e-6) for walk in walks if math.isfinite(walk)), default=0)


def _is_fixed(member_id: int, key: str, facts: Facts) -> bool:
    member = facts.members.get(member_id)
    if member is None or member.id is None:
        return False
    return f"H{member.locked_host_id}" in facts.places or facts.stays_at(member.id, key)


def _changes_cost(document: dict[str, Any], facts: Facts) -> float:
    if not facts.is_same_data:
        return float(document.get("changes_cost_m", 0))
    held = facts.held
    seats = [(seat["member"], place_key(group)) for group, seat in seats_of(document)]
    moved = sum(member in held and held[member] != key for member, key in seats)
    return float(facts.settings.change_cost_m * moved)


def decisions_broken(document: dict[str, Any], facts: Facts) -> int:
    """Count what was asked for and is not there: places where no group meets, groups missing to the least number."""
    used = {place_key(group) for group in document["groups"]}
    missing = max(int(facts.settings.min_groups) - len(document["groups"]), 0)
    return len(set(facts.request.required_places) - used) + missing
