"""R01–R06 and R18: groups, their leaders, and who may sit where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.rules import making
from gis.services.rules.making import BLOCK, INFO, WARN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.rule_facts import RuleFacts
    from gis.model.rules import Violation


def r01_enough_members(facts: RuleFacts) -> Iterator[Violation]:
    """Report groups with fewer than three members, or without a full one."""
    for group in facts.groups:
        size, full = len(group.seats), sum(seat.is_full for seat in group.seats)
        least, about = facts.limits.group_min, making.group(group)
        if size < least:
            text = f"只有 {size} 名党员，不足 {least} 名"
            yield about.breaks("R01", BLOCK, text, "与邻近小组合并，或补足组员", size, full)
        elif not full:
            text = f"有 {size} 名党员，没有一名正式党员"
            yield about.breaks("R01", BLOCK, text, "与邻近小组合并，或调整组员", size, full)


def r02_branch_is_divided(facts: RuleFacts) -> Iterator[Violation]:
    """Report branches of many members without a single group."""
    for org in facts.orgs:
        if org.is_branch and org.is_active and org.members >= facts.limits.divide_from:
            if facts.groups_of.get(org.id):
                continue
            text = f"在册党员 {org.members} 名，还没有划分党小组"
            yield making.org(org).breaks("R02", WARN, text, "测算并设立党小组，或说明暂不划分的理由", True)  # noqa: FBT003  # the one fact: not divided


def r03_not_too_many(facts: RuleFacts) -> Iterator[Violation]:
    """Report groups that ought to be split, and those that must be."""
    for group in facts.groups:
        size, about = len(group.seats), making.group(group)
        if size > facts.limits.group_never:
            text = f"有 {size} 名党员，超过 {facts.limits.group_never} 名"
            yield about.breaks("R03", BLOCK, text, "分成几个小组", size)
        elif size > facts.limits.group_split:
            text = f"有 {size} 名党员，超过 {facts.limits.group_split} 名"
            yield about.breaks("R03", WARN, text, "分组，或说明不分的理由", size)


def r04_decided_and_reported(facts: RuleFacts) -> Iterator[Violation]:
    """Report groups without the day of the decision, or of the report to the level above."""
    for group in facts.groups:
        days = (("支委会决定日期", group.decided_on), ("报上级日期", group.reported_on))
        missing = [name for name, day in days if day is None]
        if missing:
            text = f"没有登记{'和'.join(missing)}"
            todo = "在“编组方案”登记日期，或说明原因"
            yield making.group(group).breaks("R04", WARN, text, todo, *missing, ways=missing)


def r05_leader_is_full(facts: RuleFacts) -> Iterator[Violation]:
    """Report groups without a leader of their own who is a full member."""
    for group in facts.groups:
        seat = next((seat for seat in group.seats if seat.member_id == group.leader_id), None)
        about = making.group(group)
        if group.leader_id is None:
            yield about.breaks("R05", BLOCK, "还没有组长", "由支部指定或本组推荐一名正式党员", None)
        elif seat is None:
            text = "组长不在本组"
            yield about.breaks("R05", BLOCK, text, "从本组正式党员中确定组长", group.leader_id, "outside")
        elif not seat.is_full:
            text = "组长不是党籍正常的正式党员"
            yield about.breaks("R05", BLOCK, text, "换一名正式党员任组长", group.leader_id, "not full")


def r06_area_has_one_leader(facts: RuleFacts) -> Iterator[Violation]:
    """Report areas whose leader is missing or no longer on the roster."""
    for area in facts.areas:
        if not area.has_leader:
            text = "还没有负责人" if area.leader_id is None else "负责人已不在册"
            yield making.area(area).breaks("R06", BLOCK, text, "在“组织”页为片区确定一名负责人", area.leader_id)


def r18_seated_where_they_live(facts: RuleFacts) -> Iterator[Violation]:
    """Point at members seated with another branch that is not where they live, nobody having decided on it."""
    name_of = facts.name_of
    for group in facts.groups:
        strangers = [
            seat.member_id
            for seat in group.seats
            if seat.branch_id != group.branch_id and seat.is_local is False and not group.mixed_reason
        ]
        if strangers:
            names = making.named(name_of.get(one, "其他支部党员") for one in strangers)
            text = f"组员中有其他支部、也不住在这里的党员：{names}"
            todo = "核对是否有上级党组织同意混编的决定"
            yield making.group(group).breaks("R18", INFO, text, todo, *sorted(strangers))
