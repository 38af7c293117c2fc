"""Sessions: what is held, on whose side, in which form, and who came (domain.md sections 4 and 6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from gis.model.ids import GroupId, HostId, MemberId, OrgId, SessionId, VenueId


class SessionKind(Labelled):
    """Kinds of organisational life (R11)."""

    BRANCH_ASSEMBLY = "branch_assembly", "支部党员大会"
    COMMITTEE_MEETING = "committee_meeting", "支委会"
    GROUP_MEETING = "group_meeting", "党小组会"
    PARTY_LECTURE = "party_lecture", "党课"
    THEME_DAY = "theme_day", "主题党日"
    STUDY_DAY = "study_day", "学习日"
    SERVICE_DAY = "service_day", "服务日"
    ORG_LIFE_MEETING = "org_life_meeting", "组织生活会"
    DEMOCRATIC_REVIEW = "democratic_review", "民主评议党员"
    HEART_TALK = "heart_talk", "谈心谈话"
    OTHER = "other", "其他"


class AffairType(Labelled):
    """What the meeting is about; it decides which side invites (A36)."""

    DAILY_STUDY = "daily_study", "日常学习教育"
    COMMUNITY_ACTIVITY = "community_activity", "社区活动"
    VILLAGE_MAJOR_DECISION = "village_major_decision", "村级重大事项决策"
    ELECTION = "election", "换届选举"
    COLLECTIVE_DISTRIBUTION = "collective_distribution", "集体经济利益分配"


class SessionFormat(Labelled):
    """Forms of a session (A18, D10)."""

    MEETING = "meeting", "集中开会"
    DISCUSSION = "discussion", "座谈讨论"
    READING = "reading", "文件研习"
    LECTURE = "lecture", "讲座报告"
    PRACTICE = "practice", "现场实践"
    EXCHANGE = "exchange", "典型交流"
    ONLINE = "online", "网络学习"


class SessionMode(Labelled):
    """Where the members are while it is held."""

    ONSITE = "onsite", "到场"
    DELIVER = "deliver", "送学上门"
    ONLINE = "online", "网络"


class AttendanceState(Labelled):
    """What became of an invitation."""

    INVITED = "invited", "已通知"
    ATTENDED = "attended", "到会"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"
    SERVED_LATER = "served_later", "会后补学"


class Side(Labelled):
    """Which of the two organisations of a member is responsible (A36)."""

    RELATION = "relation", "组织关系所在一侧"
    RESIDENCE = "residence", "居住地一侧"


class HolidayShift(Labelled):
    """What becomes of a fixed day that is no working day; the codes are those of the setting `holiday_shift`."""

    KEEP = "0", "不调整"
    NEXT = "1", "顺延到下一个工作日"
    PREVIOUS = "2", "提前到上一个工作日"


@dataclass(frozen=True, slots=True)
class Session:
    """One planned or held session; `planned_at` is local time, `held_on` None: not recorded yet.

    五有 (R21): `plan`, `theme`, `format`, `record`, `responsible`.
    """

    id: SessionId | None
    org_id: OrgId
    kind: SessionKind
    affair: AffairType
    planned_at: datetime
    theme: str = ""
    plan: str = ""
    format: SessionFormat | None = None
    mode: SessionMode = SessionMode.ONSITE
    group_id: GroupId | None = None
    venue_id: VenueId | None = None
    host_id: HostId | None = None
    responsible: str = ""
    record: str = ""
    held_on: date | None = None
    cancelled_on: date | None = None
    version: int = 1

    @property
    def day(self) -> date:
        """The day it was held on, else the day it is planned for."""
        return self.held_on or self.planned_at.date()

    @property
    def is_held(self) -> bool:
        """Whether it took place."""
        return self.held_on is not None and self.cancelled_on is None

    def missing(self) -> tuple[str, ...]:
        """Say which of the 五有 are not there yet (R21)."""
        parts = {
            "计划安排": self.plan.strip(),
            "主题": self.theme.strip(),
            "形式": self.format,
            "记录": self.record.strip(),
            "责任人": self.responsible.strip(),
        }
        return tuple(name for name, value in parts.items() if not value)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One member of one session; `invited_by` is the side that invited."""

    session_id: SessionId
    member_id: MemberId
    state: AttendanceState
    has_vote: bool
    invited_by: Side
    version: int = 1


@dataclass(frozen=True, slots=True)
class AttendanceCount:
    """Figures of one session; `votes` are the invited who have a vote, `votes_present` those of them who came."""

    states: Mapping[AttendanceState, int] = field(default_factory=dict)
    votes: int = 0
    votes_present: int = 0

    @property
    def invited(self) -> int:
        """How many were invited."""
        return sum(self.states.values())

    @property
    def attended(self) -> int:
        """How many came."""
        return self.states.get(AttendanceState.ATTENDED, 0)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off, or a day worked to make up for one."""

    day: date
    is_workday: bool = False
    name: str = ""
