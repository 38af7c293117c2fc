"""Check a plan document against the database, rule by rule; of the planner it uses nothing.

Limits, needs and walks are read by the functions that feed the planner too (grouping_input); every claim about a plan
is derived again from members, hosts, venues, roads and groups in force: a plan that was edited by hand,
made on old data or by a faulty solver is found out here.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.model.access import Action
from gis.model.ids import MemberId
from gis.services.abilities import can_lead, is_frail, needs_step_free, walking_pace
from gis.services.access import require
from gis.services.grouping_input import NOT_ASKED, why_not_asked
from gis.services.plan_check_options import OPTION_RULES, decisions_broken, is_allowed_mix, options_cost
from gis.services.plan_check_why import WHY_RULES
from gis.services.plan_facts import Facts, Violation, read_facts
from gis.services.plan_reading import check_shape, place_key, seats_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.access import Actor
    from gis.model.people import Member
    from gis.store.database import Store

WALK_TOLERANCE_M = 1.0  # documents round to 0.1 m; a street is not known better than a metre
MINUTES_TOLERANCE = 1
SCORE_TOLERANCE = 0.2
MAX_ALTERNATIVES = 3
NO_GAP = 1e-9
CEILING = 50  # R03
SMALL_PENALTY_M, LARGE_PENALTY_M = 200, 100  # per member missing from, and beyond, the target size


def check_plan(actor: Actor, store: Store, document: dict[str, Any]) -> tuple[Violation, ...]:
    """Return every violation of the plan, in the order of the document.

    Raises
    ------
    InputError
        The document is not a plan at all.
    DeniedError
        The role may not see the members that the plan seats.
    """
    require(actor, Action.VIEW_GROUPS)
    require(actor, Action.VIEW_MEMBERS)
    check_shape(document)
    facts = read_facts(actor, store, document)
    found: list[Violation] = []
    for rule in (
        _everyone_once,
        _group_rules,
        _seat_rules,
        _place_rules,
        *OPTION_RULES,
        _explanations,
        *WHY_RULES,
        _left_out,
        _scores,
        _figures,
    ):
        found.extend(rule(document, facts))
    return tuple(found)


def _branch_id(group: dict[str, Any], facts: Facts) -> int | None:
    if "branch_id" in group:
        return group["branch_id"] if isinstance(group["branch_id"], int) else None
    return next((number for number, name in facts.branches.items() if name == group["branch"]), None)


def _where(group: dict[str, Any]) -> str:
    return f"小组 {group.get('id', place_key(group))}"


def _everyone_once(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    named = Counter(seat["member"] for _, seat in seats_of(document))
    named.update(one["member"] for one in document["unseated"])
    for member, times in named.items():
        if member not in facts.members:
            yield Violation("MEMBER_UNKNOWN", f"党员 {member}", "不在测算范围内，或已不是过渡期党员")
        elif times > 1:
            yield Violation("MEMBER_TWICE", f"党员 {member}", f"在方案中出现 {times} 次")
    for member in facts.members.keys() - named.keys():
        yield Violation("MEMBER_MISSING", f"党员 {member}", "在测算范围内，方案却没有提到")


def _group_rules(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    for group in document["groups"]:
        where = _where(group)
        branch_id = _branch_id(group, facts)
        people = [facts.members[seat["member"]] for seat in group["members"] if seat["member"] in facts.members]
        if len(people) < facts.settings.min_size:
            yield Violation("R01_SIZE", where, f"只有 {len(people)} 人，少于 {facts.settings.min_size} 人")
        if not any(member.is_full for member in people):
            yield Violation("R01_FULL", where, "没有正式党员")
        leader = next((member for member in people if member.id == group["leader"]), None)
        if leader is None:
            yield Violation("LEADER_NOT_IN_GROUP", where, "组长不在本组")
        elif not can_lead(leader):
            yield Violation("R05_LEADER", where, "组长不是支部推荐可任组长的正式党员")
        elif leader.id in facts.leading_elsewhere:
            yield Violation("LEADER_ELSEWHERE", where, "组长已在别的小组任组长")
        if {member.branch_id for member in people} - {branch_id} and not is_allowed_mix(leader, branch_id, facts):
            yield Violation("ONE_BRANCH", where, "组员不都属于同一个原支部")
        if branch_id is None or facts.branches.get(branch_id) != group["branch"]:
            yield Violation("BRANCH_UNKNOWN", where, f"支部“{group['branch']}”与数据库不符")
        if len(people) > CEILING:
            yield Violation("R03_SIZE", where, f"{len(people)} 人，超过 {CEILING} 人")


def _seat_rules(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    for group, seat in seats_of(document):
        member = facts.members.get(seat["member"])
        if member is None:
            continue
        where = f"{_where(group)} 党员 {seat['member']}"
        if (code := why_not_asked(member)) is not None:
            yield Violation("NOT_TO_BE_SEATED", where, f"不应编组（{code}）")
            continue
        place = facts.places.get(place_key(group))
        locked = f"H{member.locked_host_id}" if member.locked_host_id else None
        if locked in facts.places and locked != place_key(group):
            yield Violation("LOCK", where, "支部为其指定了另一处中心户")
        if place is not None and needs_step_free(member) and not place.is_step_free:
            yield Violation("STEP_FREE", where, "需要搀扶，而此处没有无障碍通道")
        yield from _walk_rules(seat, member, where, place_key(group), facts)


def _walk_rules(seat: dict[str, Any], member: Member, where: str, key: str, facts: Facts) -> Iterator[Violation]:
    walk = facts.walks.get((int(member.id or 0), key), math.inf)
    limit, speed = walking_pace(member, facts.settings, facts.today)
    is_locked = key == f"H{member.locked_host_id}" or facts.stays_at(MemberId(int(member.id or 0)), key)
    if abs(walk - seat["walk_m"]) > WALK_TOLERANCE_M:
        yield Violation("WALK_WRONG", where, f"方案写步行 {seat['walk_m']} 米，重新测量为 {walk:.1f} 米")
    if walk > limit + WALK_TOLERANCE_M and not is_locked:
        yield Violation("WALK_LIMIT", where, f"步行 {walk:.0f} 米，超过上限 {limit:.0f} 米")
    if math.isfinite(walk) and abs(seat["minutes"] - walk / speed / 60) > MINUTES_TOLERANCE:
        yield Violation("MINUTES_WRONG", where, f"方案写 {seat['minutes']} 分钟，应约 {walk / speed / 60:.0f} 分钟")


def _place_rules(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    seats: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for group in document["groups"]:
        seats[place_key(group)] += len(group["members"])
        groups[place_key(group)] += 1
        if (group.get("host") is None) == (group.get("venue") is None):
            yield Violation("PLACE", _where(group), "须恰好有一处中心户或场所")
    for key, taken in seats.items():
        place = facts.places.get(key)
        if place is None:
            yield Violation("PLACE_UNKNOWN", f"场所 {key}", "不存在、未批准或已停用")
        elif taken > place.capacity:
            yield Violation("CAPACITY", f"场所 {key}", f"安排 {taken} 人，只有 {place.capacity} 个空位")
        if facts.settings.groups_per_place and groups[key] > facts.settings.groups_per_place:
            yield Violation("GROUPS_PER_PLACE", f"场所 {key}", f"安排了 {groups[key]} 个小组")


def _explanations(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    for group, seat in seats_of(document):
        where = f"{_where(group)} 党员 {seat['member']}"
        if not seat.get("why"):
            yield Violation("NO_REASON", where, "没有写明为何在此")
        others = seat.get("alternatives", [])
        if len(others) > MAX_ALTERNATIVES:
            yield Violation("ALTERNATIVES", where, f"列了 {len(others)} 处其他地点，最多 {MAX_ALTERNATIVES} 处")
        for other in others:
            walk = facts.walks.get((seat["member"], str(other.get("host"))), math.inf)
            said = other.get("walk_m")
            said_m = math.inf if said is None else said
            if said_m != walk and not abs(said_m - walk) <= WALK_TOLERANCE_M:
                yield Violation("ALTERNATIVE_WRONG", where, f"其他地点 {other.get('host')} 的步行距离与重新测量的不符")
            if not other.get("why_not"):
                yield Violation("NO_REASON", where, f"没有写明为何不去 {other.get('host')}")


def _left_out(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    for one in document["unseated"]:
        where, member = f"党员 {one['member']}", facts.members.get(one["member"])
        if not one.get("reason") or not one.get("smallest_change"):
            yield Violation("NO_REASON", where, "没有写明未安排的原因或可行的改变")
        if member is None:
            continue
        expected, code = why_not_asked(member), one.get("code")
        if code is not None and code != expected and (expected is not None or code in NOT_ASKED):
            yield Violation("CODE_WRONG", where, f"方案写 {code}，数据库里是 {expected or '可以编组'}")
        is_locked = f"H{member.locked_host_id}" in facts.places and expected is None
        if is_locked and code and "指定" not in str(one.get("reason")):
            yield Violation("LOCK", where, "支部已指定中心户，却未安排，也没有说明")


def _scores(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    walks = [
        facts.walks.get((seat["member"], place_key(group)), math.inf)
        for group, seat in seats_of(document)
        if seat["member"] in facts.members
    ]
    finite = np.array([walk for walk in walks if math.isfinite(walk)])
    want = {
        "seated": float(len(walks)),
        "mean_walk_m": float(finite.mean()) if len(finite) else 0.0,
        "p90_walk_m": float(np.percentile(finite, 90)) if len(finite) else 0.0,
        "longest_walk_m": float(finite.max()) if len(finite) else 0.0,
    }
    for name, value in want.items():
        given = document["scores"].get(name)
        if given is None or abs(given - value) > max(SCORE_TOLERANCE, WALK_TOLERANCE_M * (name != "seated")):
            yield Violation("SCORE_WRONG", name, f"方案写 {given}，重新计算为 {value:.1f}")


def _figures(document: dict[str, Any], facts: Facts) -> Iterator[Violation]:
    objective, bound = document["objective"], document["bound"]
    if bound > objective + NO_GAP * abs(objective):
        yield Violation("BOUND", "bound", "下界大于目标值")
    if document["status"] == "optimal" and (document.get("gap", 0) > NO_GAP or objective - bound > NO_GAP * objective):
        yield Violation("STATUS", "status", "写明最优，目标值与下界却有差距")
    worth = _worth(document, facts)
    seats = sum(len(group["members"]) for group in document["groups"])
    if "unseated_penalty" in document and abs(worth - objective) > WALK_TOLERANCE_M * max(seats, 1):
        yield Violation("OBJECTIVE_WRONG", "objective", f"方案写 {objective:.0f}，重新计算为 {worth:.0f}")


def _worth(document: dict[str, Any], facts: Facts) -> float:
    """Compute the objective as docs/plan-json.md defines it."""
    settings, cost = facts.settings, options_cost(document, facts)
    for group in document["groups"]:
        size = len(group["members"])
        cost += SMALL_PENALTY_M * max(settings.target_low - size, 0) + LARGE_PENALTY_M * max(
            size - settings.target_high, 0
        )
    for group, seat in seats_of(document):
        member, walk = facts.members.get(seat["member"]), facts.walks.get((seat["member"], place_key(group)), math.inf)
        if member is not None and math.isfinite(walk):
            cost += round(walk * (settings.frail_weight if is_frail(member, facts.today) else 1.0))
    left = [facts.members.get(one["member"]) for one in document["unseated"]]
    asked = [member for member in left if member is not None and why_not_asked(member) is None]
    broken = sum(f"H{member.locked_host_id}" in facts.places for member in asked) + decisions_broken(document, facts)
    everybody = len(asked) + sum(len(group["members"]) for group in document["groups"])
    return float(document.get("unseated_penalty", 0)) * (len(asked) + everybody * broken) + cost
