"""Effects, limits, additions and groups as Chinese sentences; each says figures that were computed for this plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.why import Effect
from gis.planning.additions import AdditionKind
from gis.planning.limits import Limit
from gis.services.explain_text import said_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.people import Member
    from gis.model.plan import Place
    from gis.model.why import LeaderOption
    from gis.planning.additions import Addition
    from gis.planning.group_reasons import GroupReason
    from gis.planning.resolve import Loss

LIMITS: dict[Limit, str] = {
    Limit.WALK: "步行上限",
    Limit.SEATS: "各处座位数",
    Limit.ONE_BRANCH: "一组只编同一支部",
    Limit.STEP_FREE: "需搀扶的党员须有无障碍通道",
    Limit.MIN_SIZE: "每组最少人数",
    Limit.LEADER: "组长须由支部推荐",
    Limit.GROUPS_PER_HOST: "一处最多几个小组",
    Limit.MAX_GROUPS: "小组总数上限",
    Limit.MIN_GROUPS: "小组总数下限",
    Limit.HOST_BRANCH: "地点只供某支部使用",
    Limit.LOCKS: "为党员指定的中心户",
    Limit.FORBIDDEN: "排除的地点",
    Limit.TOGETHER: "须同组的党员",
    Limit.REQUIRED: "必须设组的地点",
    Limit.LEADER_LOAD: "每名组长带的人数",
}
NOTHING = "没有影响"


def effect_of(loss: Loss | None) -> Effect:
    """Say what a change does; without a figure nothing is said."""
    if loss is None:
        return Effect(is_known=False)
    text = NOTHING if loss == type(loss)() else said_loss(loss)
    return Effect(is_known=True, more_seated=-loss.unseated, more_m=loss.cost_m, text=text)


def addition_text(one: Addition, places: Sequence[Place], member: Member | None, new_place: Place | None) -> str:
    """Say what would be added."""
    match one.kind:
        case AdditionKind.NEW_HOST if new_place is not None:
            return f"启用候选场所{new_place.label}"
        case AdditionKind.NEW_HOST:
            return f"在{member.name if member else ''}家设一处中心户（按 {one.amount} 座、无台阶测算）"
        case AdditionKind.MORE_SEATS:
            return f"{places[one.host].label}增加 {one.amount} 个座位"
        case AdditionKind.LEADER:
            return f"支部推荐{member.name if member else ''}可任组长"
        case AdditionKind.STEP_FREE:
            return f"{places[one.host].label}有无障碍通道"
        case _:
            return f"步行上限为 {one.limit_m:.0f} 米的党员放宽 {one.amount} 米"


def group_texts(reason: GroupReason, other: Place | None, branch: str) -> tuple[str, ...]:
    """Say why a group meets where it does."""
    texts: list[str] = []
    if reason.n_locked:
        texts.append(f"支部指定 {reason.n_locked} 人在这里")
    if other is not None:
        texts.append(_moved(other, reason.other_cost_m))
    elif reason.n_cannot:
        texts.append(f"没有别处能容下全组：座位够的地方里，至少有 {reason.n_cannot} 人去不了")
    texts += _closed(reason, branch)
    return tuple(texts)


def _closed(reason: GroupReason, branch: str) -> list[str]:
    """Say what closing the place does, to the branch and to everybody; once where it is the same."""
    to_group, to_all = reason.without_team, reason.without_anybody
    if to_group is not None and to_group == to_all:
        return [f"若{branch}不在此设组，或此处停用，重新测算后{said_loss(to_group)}"]
    both = ((to_group, f"{branch}不在此设组"), (to_all, "此处停用"))
    return [f"若{who}，重新测算后{said_loss(loss)}" for loss, who in both if loss is not None]


def _moved(other: Place, more_m: int) -> str:
    if more_m > 0:
        return f"全组改到{other.label}，折合多走 {more_m} 米"
    return f"全组改到{other.label}，折合少走 {-more_m} 米" if more_m else f"全组改到{other.label}，远近一样"


def leader_text(leader: Member, options: Sequence[LeaderOption]) -> str:
    """Say why this one leads: alone able to, by the post, or by the walk; only what the choice looked at."""
    if len(options) == 1:
        return f"组内只有{leader.name}可任组长"
    others = "、".join(one.name for one in options if one.member_id != leader.id)
    mine = next(one for one in options if one.member_id == leader.id)
    post = f"（{mine.post}）" if mine.post else ""
    return f"{leader.name}{post}任组长，步行 {mine.walk_m:.0f} 米；也可任组长的有 {others}"
