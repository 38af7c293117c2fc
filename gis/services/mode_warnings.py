"""What to heed before a proposed mode is accepted: an unsafe trip, who must be asked, what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import MobilityLevel, Preference
from gis.model.modes import WISHED_MODES, ModeRule, StudyMode
from gis.services.mode_rules import outcomes, walk_limit_m
from gis.services.travel import reasons_against

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.modes import ModeProposal
    from gis.model.settings import OfficeSettings
    from gis.services.mode_facts import Measured

GROUP_RULES = (ModeRule.JOIN_GROUP, ModeRule.NEW_GROUP)


def warnings_of(one: Measured, proposal: ModeProposal, options: OfficeSettings) -> tuple[str, ...]:
    """List the warnings, the gravest first."""
    return (
        *_suspended(one),
        *mode_warnings(one, proposal.mode, options),
        *_to_ask(one, proposal, options),
        *_unknown(one, proposal),
    )


def mode_warnings(one: Measured, mode: StudyMode, options: OfficeSettings) -> Iterator[str]:
    """Yield what speaks against a mode for this member, whoever chose it."""
    facts = one.facts
    if WISHED_MODES.get(facts.preference, mode) is not mode:
        yield f"本人意愿是“{facts.preference.label}”：须与本人商定，意愿变了先改意愿"
    if mode is StudyMode.ATTEND_HOME_BRANCH and (reasons := reasons_against(one, options)):
        yield f"不宜单独往返原支部：{'、'.join(reasons)}。去的，安排陪同或接送"
    if mode is StudyMode.ONLINE_STUDY:
        if facts.can_use_smartphone is False:
            yield "不会用智能手机：不能只靠网络，另须安排小组或上门"
        elif facts.can_use_smartphone is None:
            yield "会不会用智能手机没有登记：先在联系卡登记"
    if mode is StudyMode.DELIVER_STUDY_GROUP:
        yield from _group_warnings(one, options)


def _group_warnings(one: Measured, options: OfficeSettings) -> Iterator[str]:
    facts = one.facts
    if facts.mobility is MobilityLevel.CANNOT_LEAVE:
        yield "不便出门：去小组须有人接送，也可改为入户"
    elif not facts.is_suspended and not any(said.mode for said in outcomes(facts, options) if said.rule in GROUP_RULES):
        yield "附近没有可参加的小组，也凑不齐新建小组的人数：先测算临时党小组"


def _suspended(one: Measured) -> Iterator[str]:
    if one.facts.is_suspended:
        yield "已停止党籍：是否参加学习由支部按规定掌握"


def _to_ask(one: Measured, proposal: ModeProposal, options: OfficeSettings) -> Iterator[str]:
    facts = one.facts
    if facts.preference is Preference.NONE and facts.age is not None and facts.age >= options.aged_age:
        yield f"{options.aged_age} 岁以上：先问本人意愿，再确定"
    if proposal.rule is ModeRule.ONLINE:
        yield "先征得本人同意；不愿网上学习的改为入户"
    metres = facts.return_walk_m
    if proposal.rule is ModeRule.RETURN_HOME and metres is not None:
        if metres > walk_limit_m(facts, options, options.return_walk_min):
            yield "换乘几次没有数据：向本人问清，换乘一次以上的不宜"
        if one.travel.is_estimated:
            yield "路程是估算：住址没有核定到楼栋，或附近没有道路数据"


def _unknown(one: Measured, proposal: ModeProposal) -> Iterator[str]:
    """Yield what is not known, where knowing it could change the answer, and a home or a place that is not known."""
    facts = one.facts
    if proposal.rule in (ModeRule.PREFERENCE, ModeRule.CANNOT_LEAVE):
        return
    if one.travel.unknown_why:
        yield one.travel.unknown_why
    if facts.age is None:
        yield "年龄未知，按年长者处理"
    could_matter = {flip.fact for flip in proposal.flips}
    if facts.mobility is None and "mobility" in could_matter:
        yield "行动能力没有核定，可能改变结果"
    if facts.can_use_smartphone is None and "can_use_smartphone" in could_matter:
        yield "会不会用智能手机没有登记，可能改变结果"
