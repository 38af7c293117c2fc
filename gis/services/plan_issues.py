"""Broken rules of a saved plan as people read them: who, where, by how much, and whether it stops publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.ids import MemberId
from gis.model.plans import IssueLevel, PlanIssue
from gis.planning.problem import UNSEATED
from gis.planning.rules import NOBODY, Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gis.model.seating import Seating
    from gis.planning.editing import Group
    from gis.services.grouping_input import GroupingInput

BLOCK, WARN = IssueLevel.BLOCK, IssueLevel.WARN
#: What a person may decide against, and gives the reason for when publishing (by hand, as a lock does)
BY_HAND = frozenset({Rule.WALK_LIMIT})
NO_DECISION, NO_REPORT = "r04_decided", "r04_reported"
MEMBER_GONE, PLACE_GONE, MEMBERS_NEW, LEADER_GONE = "member_gone", "place_gone", "members_new", "leader_gone"
SMALL, LARGE = "size_small", "size_large"

_TEXT: dict[Rule, str] = {
    Rule.WALK_LIMIT: "{who}步行 {found:.0f} 米到{place}，超过本人上限 {wanted:.0f} 米",
    Rule.REACHABLE: "{who}到{place}没有步行道路，或远得没有量出路线",
    Rule.STEP_FREE: "{who}需要无障碍通道，{place}没有",
    Rule.HOST_BRANCH: "{place}只供其他支部使用，不能安排{who}",
    Rule.FORBIDDEN: "{place}已排除，不能安排{who}",
    Rule.LOCK: "支部已为{who}指定{locked}，方案却安排在{place}",
    Rule.CAPACITY: "{place}安排了 {found:.0f} 人，只有 {wanted:.0f} 个座位",
    Rule.GROUPS_PER_HOST: "{place}设了 {found:.0f} 个小组，最多 {wanted:.0f} 个",
    Rule.MIN_SIZE: "{group}只有 {found:.0f} 人，不足 {wanted:.0f} 人",
    Rule.HARD_MAX: "{group}有 {found:.0f} 人，超过 {wanted:.0f} 人",
    Rule.MIN_FULL: "{group}只有 {found:.0f} 名正式党员，至少要有 {wanted:.0f} 名",
    Rule.LEADER: "{group}没有可任组长的组长，组内可任组长的有 {found:.0f} 人",
    Rule.MAX_GROUPS: "共设了 {found:.0f} 个小组，最多 {wanted:.0f} 个",
    Rule.MIN_GROUPS: "共设了 {found:.0f} 个小组，要求不少于 {wanted:.0f} 个",
    Rule.REQUIRED: "要求设组的{place}还没有小组",
    Rule.TOGETHER: "{who}愿与 {others:.0f} 人同组，现在没有全部在一组",
    Rule.MEMBERS_PER_LEADER: "{group}有 {found:.0f} 人，按可任组长的人数最多 {wanted:.0f} 人",
    Rule.MAX_BRANCHES: "{group}有 {found:.0f} 个支部的党员，最多 {wanted:.0f} 个",
}


def issue_of(
    one: Violation,
    given: GroupingInput,
    seating: Seating,
    group_ids: Mapping[Group, str],
    branch_name: Callable[[int], str],
) -> PlanIssue:
    """Say one broken rule; a tolerated breach, or a walk that somebody chose by hand, is a warning."""
    member = given.asked[one.member] if one.member != NOBODY else None
    member_id = MemberId(int(member.id or 0)) if member else None
    is_chosen = one.is_tolerated or (one.rule in BY_HAND and member_id in seating.hand)
    place = given.places[one.host].label if one.host != NOBODY else ""
    locked = int(given.problem.locked_host[one.member]) if one.member != NOBODY else UNSEATED
    text = _TEXT[one.rule].format(
        who=member.name if member else "",
        place=place,
        locked=given.places[locked].label if locked >= 0 else "",
        group=f"{branch_name(one.team)}在{place}的小组" if one.team != NOBODY else "",
        found=one.found,
        wanted=one.wanted,
        others=one.wanted - 1,
    )
    return PlanIssue(
        rule=one.rule.value,
        level=WARN if is_chosen else BLOCK,
        group_id=group_ids.get((one.team, one.host), "") if one.team != NOBODY else "",
        member_id=member_id if one.rule is not Rule.LEADER else None,
        message=text,
    )
