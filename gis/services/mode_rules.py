"""The rules by which a study mode is proposed: one function a rule, the first that fits decides (domain.md section 4).

Pure: facts and settings in, a sentence and a mode out. What is unknown never speaks for a way out of the house.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gis.model.enums import MobilityLevel
from gis.model.modes import WISHED_MODES, ModeRule, RuleOutcome, StudyMode

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.modes import MemberFacts
    from gis.model.settings import OfficeSettings

    Rule = Callable[[MemberFacts, OfficeSettings], RuleOutcome]

SECONDS = 60
M_PER_KM = 1000


def outcomes(facts: MemberFacts, settings: OfficeSettings) -> tuple[RuleOutcome, ...]:
    """Return what every rule says on its own, in order; the last always fits."""
    return tuple(rule(facts, settings) for rule in RULES)


def decide_mode(facts: MemberFacts, settings: OfficeSettings) -> RuleOutcome:
    """Return the first rule that fits."""
    return next(one for rule in RULES if (one := rule(facts, settings)).mode is not None)


def walking_speed(facts: MemberFacts, settings: OfficeSettings) -> float:
    """Metres per second; an unknown age counts as an elder's: the careful middle."""
    if facts.mobility in (MobilityLevel.NEEDS_HELP, MobilityLevel.CANNOT_LEAVE):
        return settings.walk_speed_aged_m_s
    if facts.age is not None and facts.age >= settings.aged_age:
        return settings.walk_speed_aged_m_s
    if facts.age is None or facts.age >= settings.elder_age:
        return settings.walk_speed_elder_m_s
    return settings.walk_speed_m_s


def walk_limit_m(facts: MemberFacts, settings: OfficeSettings, minutes: int) -> int:
    """Whole metres that the member may be asked to walk in `minutes`; a limit of one's own beats it."""
    if facts.max_walk_m is not None:
        return facts.max_walk_m
    return _floor(walking_speed(facts, settings) * SECONDS * minutes)


def ride_limit_m(settings: OfficeSettings, minutes: int) -> int:
    """Whole walking metres whose ride takes at most `minutes`, by the estimate; below 0 where waiting takes longer."""
    rest = minutes - settings.ride_extra_min
    return _floor(rest * settings.ride_speed_km_h * M_PER_KM / SECONDS / settings.ride_detour)


def walk_minutes(facts: MemberFacts, settings: OfficeSettings, metres: int) -> int:
    """Minutes on foot, rounded up."""
    return _ceil(metres / walking_speed(facts, settings) / SECONDS)


def ride_minutes(settings: OfficeSettings, metres: int) -> int:
    """Minutes by bus or e-bike for a way of so many walking metres, rounded up: an estimate, there is no timetable."""
    return settings.ride_extra_min + _ceil(
        metres * settings.ride_detour / (settings.ride_speed_km_h * M_PER_KM / SECONDS)
    )


def near_group_m(facts: MemberFacts) -> int | None:
    """Return the way to the nearest place that the member can enter; who needs help needs one without steps."""
    return facts.step_free_walk_m if facts.mobility is MobilityLevel.NEEDS_HELP else facts.group_walk_m


def _floor(value: float) -> int:
    return math.floor(value + 1e-6)  # 0.6 × 60 × 15 is 540, whatever the binary fractions say


def _ceil(value: float) -> int:
    return math.ceil(value - 1e-6)


def _preference(facts: MemberFacts, _: OfficeSettings) -> RuleOutcome:
    mode = WISHED_MODES.get(facts.preference)
    why = "本人没有表示意愿" if mode is None else f"本人意愿是“{facts.preference.label}”，尊重本人意愿"
    return RuleOutcome(ModeRule.PREFERENCE, mode, why)


def _cannot_leave(facts: MemberFacts, _: OfficeSettings) -> RuleOutcome:
    if facts.mobility is MobilityLevel.CANNOT_LEAVE:
        return RuleOutcome(ModeRule.CANNOT_LEAVE, StudyMode.DELIVER_STUDY_HOME, "不便出门，送学到家")
    why = "行动能力还没有核定" if facts.mobility is None else f"行动能力是“{facts.mobility.label}”"
    return RuleOutcome(ModeRule.CANNOT_LEAVE, None, why)


def _return_home(facts: MemberFacts, settings: OfficeSettings) -> RuleOutcome:
    metres, fits = facts.return_walk_m, StudyMode.ATTEND_HOME_BRANCH
    if facts.mobility is not MobilityLevel.FREE:
        why = f"须行动自如，现为“{facts.mobility.label}”" if facts.mobility else "行动能力还没有核定，不按行动自如处理"
        return RuleOutcome(ModeRule.RETURN_HOME, None, why)
    if metres is None:
        return RuleOutcome(ModeRule.RETURN_HOME, None, "到原支部阵地的路程还不知道")
    limit = walk_limit_m(facts, settings, settings.return_walk_min)
    if metres <= limit:
        why = f"步行 {metres} 米到原支部阵地，不超过 {limit} 米"
        return RuleOutcome(ModeRule.RETURN_HOME, fits, why)
    ride, longest = ride_minutes(settings, metres), settings.return_ride_min
    if metres > ride_limit_m(settings, longest):
        why = f"步行 {metres} 米，超过 {limit} 米；乘公交或骑电动车约 {ride} 分钟（估算），超过 {longest} 分钟"
        return RuleOutcome(ModeRule.RETURN_HOME, None, why)
    if facts.age is None or facts.age >= settings.aged_age:
        who = "年龄未知" if facts.age is None else f"{settings.aged_age} 岁以上"
        return RuleOutcome(ModeRule.RETURN_HOME, None, f"步行 {metres} 米，超过 {limit} 米；{who}，不按乘车往返提出")
    why = f"乘公交或骑电动车约 {ride} 分钟到原支部阵地（估算），不超过 {longest} 分钟"
    return RuleOutcome(ModeRule.RETURN_HOME, fits, why)


def _join_group(facts: MemberFacts, settings: OfficeSettings) -> RuleOutcome:
    fits = StudyMode.DELIVER_STUDY_GROUP
    if facts.is_suspended:
        return RuleOutcome(ModeRule.JOIN_GROUP, None, "已停止党籍，不编入小组")
    if facts.has_group:
        return RuleOutcome(ModeRule.JOIN_GROUP, fits, "已编入党小组")
    if facts.mobility is MobilityLevel.CANNOT_LEAVE:
        return RuleOutcome(ModeRule.JOIN_GROUP, None, "不便出门，没有编入小组")
    metres, limit = near_group_m(facts), walk_limit_m(facts, settings, settings.group_walk_min)
    kind = "没有台阶、有空位的小组或中心户" if facts.mobility is MobilityLevel.NEEDS_HELP else "有空位的小组或中心户"
    if metres is None:
        return RuleOutcome(ModeRule.JOIN_GROUP, None, f"附近没有本支部{kind}")
    if metres > limit:
        return RuleOutcome(ModeRule.JOIN_GROUP, None, f"到最近的{kind}步行 {metres} 米，超过 {limit} 米")
    return RuleOutcome(ModeRule.JOIN_GROUP, fits, f"到最近的{kind}步行 {metres} 米，不超过 {limit} 米")


def _new_group(facts: MemberFacts, settings: OfficeSettings) -> RuleOutcome:
    count, limit = settings.new_group_members, walk_limit_m(facts, settings, settings.circle_walk_min)
    if facts.is_suspended:
        return RuleOutcome(ModeRule.NEW_GROUP, None, "已停止党籍，不编入小组")
    if facts.mobility is MobilityLevel.CANNOT_LEAVE:
        return RuleOutcome(ModeRule.NEW_GROUP, None, "不便出门，不新建小组")
    if facts.circle_m is None:
        return RuleOutcome(ModeRule.NEW_GROUP, None, f"附近凑不齐本支部 {count} 名未编组党员（含正式党员）")
    if facts.circle_m > limit:
        why = f"要走 {facts.circle_m} 米才圈得住 {count} 名未编组党员，超过 {limit} 米"
        return RuleOutcome(ModeRule.NEW_GROUP, None, why)
    why = f"步行 {facts.circle_m} 米以内有本支部 {count} 名未编组党员（含本人），不超过 {limit} 米，可新建小组"
    return RuleOutcome(ModeRule.NEW_GROUP, StudyMode.DELIVER_STUDY_GROUP, why)


def _online(facts: MemberFacts, settings: OfficeSettings) -> RuleOutcome:
    why = ""
    if facts.can_use_smartphone is not True:
        why = "不会用智能手机" if facts.can_use_smartphone is False else "会不会用智能手机还没有登记"
    elif settings.online_working_only and facts.is_working is not True:
        why = "只对在职的提出网络共学，本人不在职或没有登记"
    elif facts.age is None or facts.age >= settings.aged_age:
        why = "年龄未知，不提出网络共学" if facts.age is None else f"{settings.aged_age} 岁以上，不提出网络共学"
    if why:
        return RuleOutcome(ModeRule.ONLINE, None, why)
    days = settings.online_contact_days
    return RuleOutcome(ModeRule.ONLINE, StudyMode.ONLINE_STUDY, f"会用智能手机；另须至少每 {days} 天见一次面")


def _home_visit(_: MemberFacts, __: OfficeSettings) -> RuleOutcome:
    return RuleOutcome(ModeRule.HOME_VISIT, StudyMode.DELIVER_STUDY_HOME, "前面各条都不适用，送学到家")


RULES: tuple[Rule, ...] = (_preference, _cannot_leave, _return_home, _join_group, _new_group, _online, _home_visit)
