"""A saved plan (方案): scenario, draft under hand editing and plan in force are one thing in different states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import date, datetime

    from gis.model.ids import MemberId, OrgId, PlanId, RunId
    from gis.model.plan import GroupPlan, Scores


class PlanState(Labelled):
    """Life of a saved plan, in order; REVIEW and REPORTED can be sent back to DRAFT."""

    DRAFT = "draft", "草案"
    REVIEW = "review", "支委会审核"
    REPORTED = "reported", "已报上级"
    PUBLISHED = "published", "已发布"
    RUNNING = "running", "执行中"
    STOPPED = "stopped", "已停止"

    @property
    def is_open(self) -> bool:
        """Whether the plan has not been published yet."""
        return self in (PlanState.DRAFT, PlanState.REVIEW, PlanState.REPORTED)

    @property
    def is_in_force(self) -> bool:
        """Whether groups of the plan meet."""
        return self in (PlanState.PUBLISHED, PlanState.RUNNING)


class IssueLevel(Labelled):
    """BLOCK: the plan cannot be published so. WARN: it can, and people should know."""

    BLOCK = "block", "不能发布"
    WARN = "warn", "提醒"


class StepKind(Labelled):
    """What one step of editing did; MOVE to LEADER are set by hand."""

    MOVE = "move", "调整组员"
    SWAP = "swap", "对调"
    SPLIT = "split", "分组"
    MERGE = "merge", "并组"
    PLACE = "place", "更换地点"
    LEADER = "leader", "更换组长"
    REPAIR = "repair", "自动补齐"
    REFRESH = "refresh", "按最新数据核对"


class EventKind(Labelled):
    """What happened to a plan as a whole."""

    SAVED = "saved", "保存"
    RENAMED = "renamed", "改名"
    SUBMITTED = "submitted", "提交支委会审核"
    SENT_BACK = "sent_back", "退回草案"
    DECIDED = "decided", "登记支委会决定"
    REPORTED = "reported", "登记报上级"
    PUBLISHED = "published", "发布"
    STARTED = "started", "开始执行"
    SUPERSEDED = "superseded", "被新方案取代"
    STOPPED = "stopped", "停止"
    DISCARDED = "discarded", "作废"


#: A number that the role does not get
NOT_TOLD = -1


@dataclass(frozen=True, slots=True)
class PlanHead:
    """One line of the list of plans.

    `version` is to be given back with every change. `is_stale`: people, places or groups changed since the plan was
    last worked out (never for a published plan). `n_violations` counts what blocks publishing, as last judged.
    `stopped_branch_ids`: branches of a plan in force whose groups a later plan replaced. `n_steps` counts the steps
    of editing that stand. `seated` and `asked` are `NOT_TOLD` for roles that see counts only: figures of a past day
    beside those of today would tell of single members.
    """

    id: PlanId
    name: str
    state: PlanState
    branch_ids: tuple[OrgId, ...]
    branches: tuple[str, ...]
    data_version: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    version: int
    decided_on: date | None
    reported_on: date | None
    published_at: datetime | None
    stopped_on: date | None
    n_groups: int
    seated: int
    asked: int
    scores: Scores
    n_violations: int
    is_stale: bool
    can_undo: bool
    can_redo: bool
    based_on: PlanId | None = None
    run_id: RunId | None = None
    stopped_branch_ids: tuple[OrgId, ...] = ()
    n_steps: int = 0


@dataclass(frozen=True, slots=True)
class PlanIssue:
    """One broken rule or thing to know: `group_id` "" and `member_id` None where it is not about one."""

    rule: str
    level: IssueLevel
    group_id: str
    member_id: MemberId | None
    message: str


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One committed step of editing; `is_applied` False: undone, and can be redone."""

    number: int
    kind: StepKind
    text: str
    by: str
    at: datetime
    is_applied: bool


@dataclass(frozen=True, slots=True)
class PlanEvent:
    """One event of a plan's life: who, when, and the day and the reason given with it."""

    kind: EventKind
    by: str
    at: datetime
    day: date | None = None
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it stands: `plan` is the base with all applied steps, judged against the data of today.

    `hand_set` names for each member set by hand the account that did it. A
    published plan shows what was published.
    """

    head: PlanHead
    plan: GroupPlan
    issues: tuple[PlanIssue, ...]
    steps: tuple[PlanStep, ...]
    events: tuple[PlanEvent, ...]
    hand_set: tuple[tuple[MemberId, str], ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether an issue stands against publishing."""
        return any(issue.level is IssueLevel.BLOCK for issue in self.issues)


@dataclass(frozen=True, slots=True)
class MoveMembers:
    """Seat members elsewhere; `to` is a group id (G3), a place key (H12, V3; joins or opens the group there) or "".

    "" takes them out of their groups.
    """

    member_ids: tuple[MemberId, ...]
    to: str


@dataclass(frozen=True, slots=True)
class SwapMembers:
    """Let two members change seats."""

    one: MemberId
    other: MemberId


@dataclass(frozen=True, slots=True)
class SplitGroup:
    """Let some members of a group form one of their own at another place."""

    group_id: str
    member_ids: tuple[MemberId, ...]
    place_key: str


@dataclass(frozen=True, slots=True)
class MergeGroups:
    """Let groups become one; `place_key` "" is where the first of them meets."""

    group_ids: tuple[str, ...]
    place_key: str = ""


@dataclass(frozen=True, slots=True)
class ChangePlace:
    """Let a group meet elsewhere."""

    group_id: str
    place_key: str


@dataclass(frozen=True, slots=True)
class ChangeLeader:
    """Name another leader of a group, one of its members."""

    group_id: str
    member_id: MemberId


Edit = MoveMembers | SwapMembers | SplitGroup | MergeGroups | ChangePlace | ChangeLeader


@dataclass(frozen=True, slots=True)
class SizeChange:
    """Members of one touched group before and after; 0 where there is no group."""

    group_id: str
    branch: str
    place: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What an edit does, by the same functions as the solver's.

    `version` is the plan's row version after it (for a preview the version it was made on).
    """

    text: str
    before: Scores
    after: Scores
    sizes: tuple[SizeChange, ...]
    new_issues: tuple[PlanIssue, ...]
    solved_issues: tuple[PlanIssue, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Figures of one branch or one age band within a plan; walks over the seated, 0 where nobody is."""

    label: str
    asked: int
    seated: int
    mean_walk_m: float
    longest_walk_m: float


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """One column of a comparison.

    `sizes` are the group sizes, largest first. `new`, `moved`, `dropped` and `kept` count members against the groups
    in force of the plan's branches.
    """

    head: PlanHead
    scores: Scores
    asked: int
    unseated: int
    sizes: tuple[int, ...]
    n_hosts: int
    n_venues: int
    new: int
    moved: int
    dropped: int
    kept: int
    by_branch: tuple[Slice, ...]
    by_age: tuple[Slice, ...]
    n_blocks: int
    n_warnings: int


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan at a step of its editing: 0 as it was saved, None as it is now."""

    plan_id: PlanId
    step: int | None = None


@dataclass(frozen=True, slots=True)
class MemberDiff:
    """One member in two versions: places as people call them, "" where not seated."""

    member_id: MemberId
    name: str
    branch: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class GroupDiff:
    """One group in two versions: sizes and leaders, 0 and "" where there is no such group."""

    branch: str
    place: str
    size_before: int
    size_after: int
    leader_before: str
    leader_after: str


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What differs from `a` to `b`; a group is a branch at a place."""

    a: str
    b: str
    moved: tuple[MemberDiff, ...]
    added: tuple[MemberDiff, ...]
    dropped: tuple[MemberDiff, ...]
    opened: tuple[GroupDiff, ...]
    closed: tuple[GroupDiff, ...]
    leaders: tuple[GroupDiff, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two versions seat everybody alike."""
        return not (self.moved or self.added or self.dropped or self.opened or self.closed or self.leaders)


@dataclass(frozen=True, slots=True)
class Rerun:
    """A plan worked out again with its own parameters and seed.

    `is_same`: everybody sits where the plan as it was saved seated them, at the same objective. `data_changes` says who
    changed what since; `text` sums up.
    """

    plan: GroupPlan
    is_same: bool
    is_data_changed: bool
    data_changes: tuple[str, ...]
    diff: PlanDiff
    text: str
