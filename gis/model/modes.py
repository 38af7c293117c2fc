"""学习方式: the ways in which a member takes part in study (domain.md section 0, point 1), and how one is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled, Preference

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from gis.model.enums import MobilityLevel
    from gis.model.ids import MemberId, OrgId

#: The value of one fact; None where it is unknown, or where there is none (no group, no limit of one's own)
FactValue = str | int | bool | None


class StudyMode(Labelled):
    """Back to the old branch, with a group near home, at home, or online."""

    ATTEND_HOME_BRANCH = "attend_home_branch", "就近参学"
    DELIVER_STUDY_GROUP = "deliver_study_group", "上门送学（小组）"
    DELIVER_STUDY_HOME = "deliver_study_home", "上门送学（入户）"
    ONLINE_STUDY = "online_study", "网络共学"


class ModeRule(Labelled):
    """The rules in their order; the first that fits gives the mode."""

    PREFERENCE = "preference", "本人意愿"
    CANNOT_LEAVE = "cannot_leave", "不便出门"
    RETURN_HOME = "return_home", "就近回原支部"
    JOIN_GROUP = "join_group", "参加现有小组或中心户"
    NEW_GROUP = "new_group", "可新建小组"
    ONLINE = "online", "能用网络"
    HOME_VISIT = "home_visit", "其余上门"


#: What the member asked for decides the mode.
WISHED_MODES: dict[Preference, StudyMode] = {
    Preference.HOME_BRANCH: StudyMode.ATTEND_HOME_BRANCH,
    Preference.GROUP: StudyMode.DELIVER_STUDY_GROUP,
    Preference.HOME_VISIT: StudyMode.DELIVER_STUDY_HOME,
    Preference.ONLINE: StudyMode.ONLINE_STUDY,
}


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """All that the rules know of a member; metres are whole.

    None means unknown for `mobility`, `age`, `return_walk_m`, `can_use_smartphone` and `is_working`; "by age" for
    `max_walk_m`; "none near" for `group_walk_m`, `step_free_walk_m` and `circle_m`.

    Attributes
    ----------
    return_walk_m
        The way from home to the place of the old branch.
    has_group
        Has a seat in a confirmed group.
    group_walk_m, step_free_walk_m
        The way to the nearest confirmed group or host household of the branch with a free seat; the second to the
        nearest that can be reached without steps.
    circle_m
        How far around the home one must walk to gather as many ungrouped members of the branch as a new group needs,
        the member and at least one full member among them.
    """

    preference: Preference = Preference.NONE
    mobility: MobilityLevel | None = None
    age: int | None = None
    max_walk_m: int | None = None
    return_walk_m: int | None = None
    is_suspended: bool = False
    has_group: bool = False
    group_walk_m: int | None = None
    step_free_walk_m: int | None = None
    circle_m: int | None = None
    can_use_smartphone: bool | None = None
    is_working: bool | None = None


#: What each fact is called
FACT_LABELS: dict[str, str] = {
    "preference": "本人意愿",
    "mobility": "行动能力",
    "age": "年龄",
    "max_walk_m": "本人步行上限（米）",
    "return_walk_m": "到原支部阵地（米）",
    "is_suspended": "停止党籍",
    "has_group": "已编入党小组",
    "group_walk_m": "到最近的有空位的小组或中心户（米）",
    "step_free_walk_m": "到最近的无台阶且有空位的小组或中心户（米）",
    "circle_m": "圈住可新建小组的人数要走（米）",
    "can_use_smartphone": "会用智能手机",
    "is_working": "在职",
}


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule says on its own: the mode, or None where it does not fit; why in a sentence."""

    rule: ModeRule
    mode: StudyMode | None
    why: str


@dataclass(frozen=True, slots=True)
class Flip:
    """One fact whose change alone changes the mode: from what to what, and the mode then."""

    fact: str
    before: FactValue
    after: FactValue
    mode: StudyMode
    rule: ModeRule
    text: str

    @property
    def is_shown(self) -> bool:
        """Whether people need to read it: nobody is told what a suspended membership would change."""
        return not (self.fact == "is_suspended" and self.after is True)


@dataclass(frozen=True, slots=True)
class ModeProposal:
    """The mode with its trace: the rule that fired, the facts, each other rule with why not, and the flips."""

    mode: StudyMode
    rule: ModeRule
    why: str
    facts: MemberFacts
    rejected: tuple[RuleOutcome, ...]
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class ModeDecision:
    """What was decided for a member, by whom; in force while `valid_to` is None."""

    id: int
    member_id: MemberId
    mode: StudyMode
    proposed: StudyMode
    rule: str
    is_override: bool
    reason: str
    valid_from: date
    valid_to: date | None
    decided_by: str
    decided_at: datetime
    trace: Mapping[str, object]
    version: int


@dataclass(frozen=True, slots=True)
class NewModeDecision:
    """A decision to keep; `based_on` is the id of the decision in force that it replaces, 0 for none, None: any."""

    member_id: MemberId
    mode: StudyMode
    proposed: StudyMode
    rule: str
    trace: Mapping[str, object]
    reason: str = ""
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class CardAbilities:
    """What the contact card says that bears on the mode; None where it says nothing."""

    can_use_smartphone: bool | None
    is_working: bool | None


@dataclass(frozen=True, slots=True)
class Travel:
    """The way back to the old branch: whole metres, minutes rounded up; None where unknown.

    `place` is where the way leads; `is_estimated` says that the metres are not measured along paths from the very
    building; the ride is always an estimate.
    """

    place: str
    walk_m: int | None
    walk_min: int | None
    ride_min: int | None
    is_estimated: bool
    unknown_why: str = ""


@dataclass(frozen=True, slots=True)
class TravelBurden:
    """One line of 回村参学负担; `reasons` say why going alone is not advised, none: nothing speaks against it."""

    member_id: MemberId
    name: str
    branch_id: OrgId
    branch: str
    age: int | None
    mobility: MobilityLevel | None
    preference: Preference
    travel: Travel
    reasons: tuple[str, ...]
    to_clear_up: tuple[str, ...] = ()

    @property
    def is_advised_against(self) -> bool:
        """Whether 不宜单独往返."""
        return bool(self.reasons)
