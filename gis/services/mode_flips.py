"""What would change the answer: every single fact whose change alone gives another mode.

Of a fact with a fixed list of values every value that gives another mode is named. Of a number the nearest value in
each direction is named for each other mode that the number alone can reach. Nothing known becomes unknown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.model.enums import MobilityLevel, Preference
from gis.model.modes import FACT_LABELS, Flip, ModeProposal, ModeRule, RuleOutcome, StudyMode
from gis.services.mode_rules import decide_mode, outcomes, ride_limit_m, walk_limit_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gis.model.modes import FactValue, MemberFacts
    from gis.model.settings import OfficeSettings

#: Facts with a fixed list of values, each that a fact may change to
CHOICES: dict[str, tuple[FactValue, ...]] = {
    "preference": tuple(Preference),
    "mobility": tuple(MobilityLevel),
    "is_suspended": (False, True),
    "has_group": (False, True),
    "can_use_smartphone": (False, True),
    "is_working": (False, True),
}
LEAST_AGE, MOST_AGE = 18, 110
LEAST_OWN_WALK_M, MOST_OWN_WALK_M = 50, 5000  # as on the screen 编组条件
MOST_WALK_M = 100_000
#: Numbers: the least and most that each may change to
RANGES: dict[str, tuple[int, int]] = {
    "age": (LEAST_AGE, MOST_AGE),
    "max_walk_m": (LEAST_OWN_WALK_M, MOST_OWN_WALK_M),
    "return_walk_m": (0, MOST_WALK_M),
    "group_walk_m": (0, MOST_WALK_M),
    "step_free_walk_m": (0, MOST_WALK_M),
    "circle_m": (0, MOST_WALK_M),
}
#: Numbers that may change to “none”: no group near, no limit of one's own
MAY_BE_NONE = frozenset({"max_walk_m", "group_walk_m", "step_free_walk_m", "circle_m"})


def propose_mode(facts: MemberFacts, settings: OfficeSettings) -> ModeProposal:
    """Apply the rules and say what would change the answer."""
    said = outcomes(facts, settings)
    fired = next(number for number, one in enumerate(said) if one.mode is not None)
    later = (_later(one, said[fired]) for one in said[fired + 1 :])
    return ModeProposal(
        mode=said[fired].mode or StudyMode.DELIVER_STUDY_HOME,  # never None: the last rule always fits
        rule=said[fired].rule,
        why=said[fired].why,
        facts=facts,
        rejected=(*said[:fired], *later),
        flips=find_flips(facts, settings),
    )


def _later(one: RuleOutcome, fired: RuleOutcome) -> RuleOutcome:
    """Say of a rule behind the one that fired that it did not get its turn, and what it would have said."""
    turn = f"前面“{fired.rule.label}”已经适用，没有轮到"
    if one.rule is ModeRule.HOME_VISIT:
        return replace(one, why=turn)
    verdict = "不适用" if one.mode is None else f"会提出{one.mode.label}"
    return replace(one, why=f"{turn}；单看这一条{verdict}：{one.why}")


def find_flips(facts: MemberFacts, settings: OfficeSettings) -> tuple[Flip, ...]:
    """List all flips, fact by fact."""
    now = decide_mode(facts, settings).mode
    found = [flip for name in CHOICES for flip in _choice_flips(facts, settings, name, now)]
    found += [flip for name in RANGES for flip in _number_flips(facts, settings, name, now)]
    return tuple(found)


def _choice_flips(facts: MemberFacts, settings: OfficeSettings, name: str, now: StudyMode | None) -> Iterator[Flip]:
    before = getattr(facts, name)
    for after in CHOICES[name]:
        if after is not before:
            yield from _flip(facts, settings, name, after, now)


def _number_flips(facts: MemberFacts, settings: OfficeSettings, name: str, now: StudyMode | None) -> Iterator[Flip]:
    values = breakpoints(facts, settings, name)
    for direction in _directions(facts, settings, name, values):
        seen: set[StudyMode | None] = {now}
        for after in direction:
            for flip in _flip(facts, settings, name, after, now):
                if flip.mode not in seen:
                    seen.add(flip.mode)
                    yield flip


def _directions(
    facts: MemberFacts, settings: OfficeSettings, name: str, values: Sequence[int]
) -> tuple[Sequence[int | None], ...]:
    """Order the values by how near they are, one way and the other; from “unknown” or “none near” there is one way."""
    before: int | None = getattr(facts, name)
    none: tuple[None, ...] = (None,) if name in MAY_BE_NONE and before is not None else ()
    if before is None and name == "max_walk_m":  # in force is the limit by age
        before = walk_limit_m(facts, settings, settings.group_walk_min)
    elif before is None:
        return (values[::-1] if name in MAY_BE_NONE else values,)
    same = [before] if getattr(facts, name) is None and before in values else []
    return [one for one in values if one < before][::-1], [*same, *(one for one in values if one > before), *none]


def _flip(
    facts: MemberFacts, settings: OfficeSettings, name: str, after: FactValue, now: StudyMode | None
) -> Iterator[Flip]:
    changed: MemberFacts = replace(facts, **{name: after})  # type: ignore[arg-type]  # each name has its own type
    then = decide_mode(changed, settings)
    if then.mode is not None and then.mode is not now:
        before = getattr(facts, name)
        label = FACT_LABELS[name].removesuffix("（米）")
        text = f"{label}：{said(name, before)} → {said(name, after)}，改为{then.mode.label}"
        yield Flip(name, before, after, then.mode, then.rule, text)


def breakpoints(facts: MemberFacts, settings: OfficeSettings, name: str) -> list[int]:
    """Return, in order, values between which the answer cannot change: both sides of every limit, and both ends."""
    least, most = RANGES[name]
    values = {least, most}
    for edge in _edges(facts, settings, name):
        values.update((edge, edge + 1))
    return sorted(value for value in values if least <= value <= most)


def _edges(facts: MemberFacts, settings: OfficeSettings, name: str) -> Iterable[int]:
    """Return the last value on the near side of every limit."""
    if name == "age":
        return (settings.elder_age - 1, settings.aged_age - 1)
    walks = (settings.return_walk_min, settings.group_walk_min, settings.circle_walk_min)
    if name == "max_walk_m":
        ways = (facts.return_walk_m, facts.group_walk_m, facts.step_free_walk_m, facts.circle_m)
        return [way - 1 for way in ways if way is not None]
    limits = [walk_limit_m(facts, settings, minutes) for minutes in walks]
    return [*limits, ride_limit_m(settings, settings.return_ride_min)] if name == "return_walk_m" else limits


def said(name: str, value: FactValue) -> str:
    """Say a fact's value as people read it."""
    if name == "max_walk_m" and value is None:
        return "按年龄"
    if value is None:
        return "没有" if name in MAY_BE_NONE else "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Preference | MobilityLevel):
        return str(value.label)
    return f"{value} 岁" if name == "age" else f"{value} 米"
