"""上门送学: rounds of visits, their teams, stops and sheets, and what came of each visit (domain.md A34, 2B).

No position of a visitor, no check-in and no photo is kept: only the planned route and a result entered by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from gis.model.ids import (
        BuildingId,
        GroupId,
        MemberId,
        OrgId,
        RoundId,
        SessionId,
        SheetId,
        StopId,
        TargetId,
        TeamId,
        UserId,
        VenueId,
    )

LONGEST_VISIT_NOTE = 100
NO_START = "从第一户开始"
#: What stays of a round whose time is over, in its scores: teams, stops, targets, done, met
KEPT_FIGURES = "kept"


class VisitPurpose(Labelled):
    """What a visit is for."""

    STUDY = "study", "送学"
    CONDOLENCE = "condolence", "慰问"
    FOLLOW_UP = "follow_up", "回访"
    SURVEY = "survey", "摸排"


class VisitResult(Labelled):
    """What came of a visit, in the order of the boxes on the sheet and of the number keys 1 to 6."""

    MET = "met", "见面"
    NOT_HOME = "not_home", "不在"
    MOVED = "moved", "已迁"
    DECLINED = "declined", "谢绝"
    PHONED = "phoned", "电话代"
    IN_HOSPITAL = "in_hospital", "住院"

    @property
    def is_reached(self) -> bool:
        """Whether somebody spoke with the member: such a visit counts as a contact."""
        return self in (VisitResult.MET, VisitResult.DECLINED, VisitResult.PHONED)

    @property
    def is_served(self) -> bool:
        """Whether the study was brought to the member."""
        return self is VisitResult.MET


class TravelWay(Labelled):
    """How a team gets around."""

    WALK = "walk", "步行"
    EBIKE = "ebike", "电动车"
    CAR = "car", "汽车"


class RoundState(Labelled):
    """Life of a round."""

    DRAFT = "draft", "草案"
    ISSUED = "issued", "已下发"
    CLOSED = "closed", "已结束"
    CANCELLED = "cancelled", "已取消"


class DueKind(Labelled):
    """Why somebody is to be visited."""

    HOME_STUDY = "home_study", "入户送学到期"
    GROUP_SESSION = "group_session", "小组学习"
    ONLINE_CONTACT = "online_contact", "网络共学定期见面"
    OVERDUE = "overdue", "超期未联系"
    PROMISED = "promised", "已约好"
    MISSED = "missed", "上次没见到"
    SURVEY = "survey", "摸排未完成"
    AGED = "aged", "高龄慰问"
    FRAIL = "frail", "行动不便"
    BY_HAND = "by_hand", "指定"


class SheetKind(Labelled):
    """In which form a team carries its list."""

    PAPER = "paper", "纸质走访单"
    OFFLINE = "offline", "手机离线单"


class ResultSource(Labelled):
    """How a result came in."""

    PHONE = "phone", "手机"
    DESK = "desk", "录入"
    FILE = "file", "离线文件"


class ResultState(Labelled):
    """What became of a result that came in; exactly one result of a target is accepted."""

    ACCEPTED = "accepted", "采用"
    REPLACED = "replaced", "已更正"
    CONFLICT = "conflict", "待核对"
    DISMISSED = "dismissed", "未采用"


@dataclass(frozen=True, slots=True)
class DueReason:
    """One reason why somebody is due; `text` is a whole sentence without the name."""

    kind: DueKind
    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class DueVisit:
    """Somebody to visit: one member, with the purposes and every reason.

    `is_optional`: good to do, left out first when time is short. `overdue_days` counts from the earliest `due_on`,
    0 where nothing is late. `group_id` and `session_id` where the study group of the member is met instead of the
    home. `window` is the member's own time of day in minutes after midnight.
    """

    member_id: MemberId
    purposes: tuple[VisitPurpose, ...]
    reasons: tuple[DueReason, ...]
    is_optional: bool = False
    overdue_days: int = 0
    group_id: GroupId | None = None
    session_id: SessionId | None = None
    window: tuple[int, int] | None = None
    last_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """One half-day of a team: local day, minutes after midnight."""

    day: date
    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True)
class Visitor:
    """One of a team; `user_id` None: somebody without an account, who carries paper."""

    name: str
    user_id: UserId | None = None


@dataclass(frozen=True, slots=True)
class VisitTarget:
    """One member of one stop."""

    member_id: MemberId
    purposes: tuple[VisitPurpose, ...]
    reasons: tuple[DueReason, ...] = ()
    material: str = ""
    id: TargetId | None = None


@dataclass(frozen=True, slots=True)
class VisitStop:
    """One door or one group session; the members behind it are its targets.

    `shift` is the index in the team's shifts, `position` counts from 1 within the whole list of the team.
    `travel_min` and `walk_m` lead to this stop; `arrive` is when the visit begins (after a wait, where there is one).
    """

    targets: tuple[VisitTarget, ...]
    shift: int
    position: int
    arrive: datetime
    leave: datetime
    travel_min: float
    walk_m: float
    service_min: int
    is_estimated: bool = False
    is_locked: bool = False
    is_optional: bool = False
    group_id: GroupId | None = None
    session_id: SessionId | None = None
    window: tuple[int, int] | None = None
    id: StopId | None = None


@dataclass(frozen=True, slots=True)
class VisitTeam:
    """A team with its half-days and its stops in order.

    Start and end are a venue or a building; neither: the team begins at its first stop and ends at its last.
    """

    number: int
    visitors: tuple[Visitor, ...]
    shifts: tuple[Shift, ...]
    stops: tuple[VisitStop, ...] = ()
    way: TravelWay = TravelWay.WALK
    start_venue_id: VenueId | None = None
    start_building_id: BuildingId | None = None
    is_returning: bool = True
    id: TeamId | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Members who are not in the round although they are due, with the reason in one sentence."""

    member_ids: tuple[MemberId, ...]
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class VisitRound:
    """走访批次: what was decided for some days. `options` are the parameters of the planning, `scores` its figures."""

    id: RoundId | None
    org_id: OrgId
    name: str
    first_day: date
    last_day: date
    teams: tuple[VisitTeam, ...]
    left_out: tuple[LeftOut, ...] = ()
    state: RoundState = RoundState.DRAFT
    options: Mapping[str, object] = field(default_factory=dict)
    scores: Mapping[str, object] = field(default_factory=dict)
    data_version: int = 0
    note: str = ""
    issued_at: datetime | None = None
    closed_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """走访单: who holds which list until when; `number` stands on the paper and in the QR code."""

    id: SheetId | None
    team_id: TeamId
    number: str
    kind: SheetKind
    holder: str
    issued_at: datetime
    expires_on: date
    returned_on: date | None = None
    voided_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class SaidResult:
    """A result as it comes in, from whichever side.

    `key` is made once by the sender and sent again with every retry: the same key has one effect. `based_on` is the
    accepted result that the sender knew, 0: none; None: the sender does not say (a file), which conflicts with any
    other accepted result that says something else. `replaces` are the keys of the sender's own earlier answers for
    this target; where one of them came in and stands, this one corrects it.
    """

    key: str
    target_id: TargetId
    result: VisitResult
    on_day: date
    by_name: str
    note: str = ""
    next_on: date | None = None
    based_on: int | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptResult:
    """A result as it is kept."""

    id: int
    target_id: TargetId
    key: str
    result: VisitResult
    on_day: date
    by_name: str
    note: str
    next_on: date | None
    source: ResultSource
    state: ResultState
    sheet_id: SheetId | None
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class LastVisit:
    """The latest visit of a member with a result; `by_names` are those of the team who went."""

    on_day: date
    result: VisitResult
    by_names: tuple[str, ...]


class ServedWay(Labelled):
    """By which of the three modes somebody was reached in a month (A12)."""

    SESSION = "session", "参加组织生活"
    VISIT = "visit", "上门送学"
    ONLINE = "online", "网络共学"
