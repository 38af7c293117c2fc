"""双重管理 as data: the cells of relation × residence, the three lists, and which side an affair belongs to (A36)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled
from gis.model.meetings import AffairType, SessionKind, Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.ids import MemberId, OrgId


class Cell(Labelled):
    """Relation here or elsewhere × lives here, elsewhere or not known where."""

    BOTH = "both", "既在册又居住"
    MANAGED_NOT_SEEN = "managed_not_seen", "管得着看不见"
    MANAGED_UNKNOWN = "managed_unknown", "在册、居住地不明"
    SEEN_NOT_MANAGED = "seen_not_managed", "看得见管不着"
    ELSEWHERE = "elsewhere", "关系和居住都在别处"
    ELSEWHERE_UNKNOWN = "elsewhere_unknown", "关系在别处、居住地不明"


RELATION_HERE = (Cell.BOTH, Cell.MANAGED_NOT_SEEN, Cell.MANAGED_UNKNOWN)
RELATION_ELSEWHERE = (Cell.SEEN_NOT_MANAGED, Cell.ELSEWHERE, Cell.ELSEWHERE_UNKNOWN)
LIVES_HERE = (Cell.BOTH, Cell.SEEN_NOT_MANAGED)
#: The lists that a person works with, by cell
LISTED = (Cell.SEEN_NOT_MANAGED, Cell.MANAGED_NOT_SEEN, Cell.BOTH, Cell.MANAGED_UNKNOWN)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The counts of one organisation on one day; None: few persons, or a figure from which few would follow.

    `registered` (在册) is the sum of relation here, `resident` (居住地) of lives here, `street` of everything.
    `place` names whose territory counts as “here”: a branch has that of its community; "" where there is none.
    """

    org_id: OrgId
    org: str
    kind: str
    place: str
    as_of: date
    cells: Mapping[Cell, int | None]
    registered: int | None
    resident: int | None
    street: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A member on one of the lists; `lives` names the residence side, never an address."""

    member_id: MemberId
    name: str
    branch: str
    lives: str
    is_by_consent: bool = False


@dataclass(frozen=True, slots=True)
class DualLists:
    """The lists of one organisation; `unnamed` counts who is known to others only (None: few)."""

    matrix: Matrix
    lists: Mapping[Cell, tuple[Listed, ...]] = field(default_factory=dict)
    unnamed: Mapping[Cell, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Affair:
    """Which side invites to an affair, whom, and why."""

    affair: AffairType
    side: Side
    who: str
    reason: str
    has_votes: bool
    source: str


AFFAIRS: tuple[Affair, ...] = (
    Affair(
        AffairType.DAILY_STUDY,
        Side.RESIDENCE,
        "住在本组织范围内的党员，不论组织关系在哪里；本人选择回原支部参学的、住在街道外的和居住地不明的，由原支部通知",
        "党员过渡期住在哪里，就近参加那里的日常学习教育，人人由一侧通知、不漏不重",
        has_votes=False,
        source="过渡期双重管理办法；支部工作条例关于参加所在地组织生活的规定（R17、R18）",
    ),
    Affair(
        AffairType.COMMUNITY_ACTIVITY,
        Side.RESIDENCE,
        "住在本组织范围内的党员，不论组织关系在哪里",
        "社区活动服务的是居住地，由居住地党组织组织",
        has_votes=False,
        source="过渡期双重管理办法",
    ),
    Affair(
        AffairType.VILLAGE_MAJOR_DECISION,
        Side.RELATION,
        "组织关系在本组织的党员，不论住在哪里",
        "组织关系没有转，村里的重大事项仍由原村党组织的党员讨论决定",
        has_votes=True,
        source="过渡期双重管理办法；党员大会到会过半数（R12）",
    ),
    Affair(
        AffairType.ELECTION,
        Side.RELATION,
        "组织关系在本组织的党员，不论住在哪里",
        "选举权和被选举权跟着组织关系走，只通知居住地会漏掉搬走的党员",
        has_votes=True,
        source="过渡期双重管理办法；预备党员没有表决权（R19）",
    ),
    Affair(
        AffairType.COLLECTIVE_DISTRIBUTION,
        Side.RELATION,
        "组织关系在本组织的党员，不论住在哪里",
        "集体经济的份额留在原村，分配方案由原村党组织通知到每一名党员",
        has_votes=True,
        source="过渡期双重管理办法",
    ),
)


def affair_of(kind: AffairType) -> Affair:
    """Return the line of the table."""
    return next(one for one in AFFAIRS if one.affair is kind)


#: What only the organisation that keeps the membership can hold, whatever it is about; with the reason
OF_RELATION: dict[SessionKind, str] = {
    SessionKind.BRANCH_ASSEMBLY: "支部党员大会由组织关系在本支部的全体党员组成",
    SessionKind.COMMITTEE_MEETING: "支委会由本支部委员组成",
    SessionKind.GROUP_MEETING: "党小组会由本组党员组成",
    SessionKind.ORG_LIFE_MEETING: "组织生活会由组织关系所在支部召开",
    SessionKind.DEMOCRATIC_REVIEW: "民主评议党员由组织关系所在支部召开，流入地可另行安排",
    SessionKind.HEART_TALK: "谈心谈话由组织关系所在支部安排",
}
#: Kinds in which votes are taken
VOTING = frozenset({SessionKind.BRANCH_ASSEMBLY, SessionKind.COMMITTEE_MEETING, SessionKind.DEMOCRATIC_REVIEW})


def side_of(kind: SessionKind, affair: AffairType) -> tuple[Side, str]:
    """Return which side invites and why: the kind decides first, then the affair."""
    if kind in OF_RELATION:
        return Side.RELATION, OF_RELATION[kind]
    line = affair_of(affair)
    return line.side, line.reason


def has_votes(kind: SessionKind, affair: AffairType) -> bool:
    """Whether votes are taken."""
    return kind in VOTING or affair_of(affair).has_votes
