"""回村参学负担: how hard the way back to the old branch is, and whether going alone is advised against (A11).

Advice for the branch and the member, never a ban: who wishes to go back goes back (A31).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.enums import MobilityLevel
from gis.model.modes import TravelBurden
from gis.services.access import require, require_orgs
from gis.services.mode_facts import measure_modes
from gis.services.mode_rules import walk_limit_m
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.settings import OfficeSettings
    from gis.services.mode_facts import Measured
    from gis.store.database import Store

MONTHS = 12


@dataclass(frozen=True, slots=True)
class BurdenSheet:
    """The list on one day, with a note on the season, "" outside of both."""

    as_of: date
    season: str
    lines: tuple[TravelBurden, ...]


def travel_burden(actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None) -> BurdenSheet:
    """Measure the way back of every transition member in scope, by branch and id.

    Raises
    ------
    DeniedError
        The role may not, or a branch lies outside the scope.
    """
    require(actor, Action.SET_MODES)
    today = store.today()
    with store.reading(actor.scope) as reader:
        if branch_ids is not None:
            require_orgs(actor, reader, branch_ids)
        options = office_settings(reader)
        names = {org.id: org.name for org in reader.orgs()}
        measured = measure_modes(reader, branch_ids, options, today)
    return BurdenSheet(
        today, season_note(today.month, options), tuple(burden_of(one, names, options) for one in measured)
    )


def burden_of(one: Measured, names: Mapping[OrgId | None, str], options: OfficeSettings) -> TravelBurden:
    """Return one member's line."""
    member = one.member
    return TravelBurden(
        member_id=one.member_id,
        name=member.name,
        branch_id=member.branch_id,
        branch=names.get(member.branch_id, ""),
        age=one.facts.age,
        mobility=member.mobility_level,
        preference=member.preference,
        travel=one.travel,
        reasons=reasons_against(one, options),
        to_clear_up=to_clear_up(one, options),
    )


def reasons_against(one: Measured, options: OfficeSettings) -> tuple[str, ...]:
    """Say why going back alone is not advised; empty where nothing known speaks against it."""
    facts, found = one.facts, []
    if facts.mobility in (MobilityLevel.CANNOT_LEAVE, MobilityLevel.NEEDS_HELP):
        found.append(facts.mobility.label)
    if facts.age is not None and facts.age >= options.alone_age:
        found.append(f"{facts.age} 岁（{options.alone_age} 岁起）")
    is_elder = facts.age is None or facts.age >= options.elder_age
    metres, ride = one.travel.walk_m, one.travel.ride_min
    is_far = metres is not None and metres > walk_limit_m(facts, options, options.return_walk_min)
    if is_elder and is_far and ride is not None and ride > options.alone_ride_min:
        who = "年龄未知" if facts.age is None else f"{facts.age} 岁"
        found.append(f"{who}，乘车约 {ride} 分钟（估算），超过 {options.alone_ride_min} 分钟")
    return tuple(found)


def to_clear_up(one: Measured, options: OfficeSettings) -> tuple[str, ...]:
    """Name what is not known and bears on the advice."""
    found = [one.travel.unknown_why] if one.travel.unknown_why else []
    if one.facts.age is None:
        found.append("年龄未知")
    is_elder = one.facts.age is None or one.facts.age >= options.elder_age
    if one.facts.mobility is None and is_elder:
        found.append("行动能力未核定")
    return tuple(found)


def season_note(month: int, options: OfficeSettings) -> str:
    """Say what the season asks for, "" where nothing."""
    if _lies_within(month, options.hot_from_month, options.hot_to_month):
        return f"{options.hot_from_month} 月至 {options.hot_to_month} 月高温：活动避开 11—15 时，年长者不宜冒高温往返"
    if _lies_within(month, options.cold_from_month, options.cold_to_month):
        till = "次年 " if options.cold_to_month < options.cold_from_month else " "
        return f"{options.cold_from_month} 月至{till}{options.cold_to_month} 月冰冻：雨雪冰冻天气改为上门送学或改期"
    return ""


def _lies_within(month: int, first: int, last: int) -> bool:
    return (month - first) % MONTHS <= (last - first) % MONTHS
