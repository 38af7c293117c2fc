"""Code lists of consent, rights, keeping, care and of how a member leaves the roster (domain.md 2B)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import MemberId, OrgId, UserId


class ConsentScope(Labelled):
    """What a consent is about; sharing names the organisation besides."""

    BASIC = "basic", "基本信息"
    EXACT_LOCATION = "exact_location", "精确位置"
    MOBILITY = "mobility", "行动能力"
    CARE = "care", "关爱需要"
    PUBLIC_DISPLAY = "public_display", "公开展示"
    SHARE_WITH = "share_with", "提供给其他组织"


class ConsentAnswer(Labelled):
    """What the member said when told."""

    GIVEN = "given", "同意"
    REFUSED = "refused", "不同意"


class ConsentMethod(Labelled):
    """How the answer was given."""

    PAPER = "paper", "书面签字"
    ORAL_WITNESSED = "oral_witnessed", "口头并有见证人"
    ELECTRONIC = "electronic", "电子方式"


class RightKind(Labelled):
    """What a member may ask for about the data on them (PIPL 44–50)."""

    ACCESS = "access", "查阅、复制"
    CORRECT = "correct", "更正、补充"
    RESTRICT = "restrict", "限制处理"
    WITHDRAW = "withdraw", "撤回同意"
    DELETE = "delete", "删除"
    EXPLAIN = "explain", "说明理由"


class RightStatus(Labelled):
    """Life of a rights request."""

    OPEN = "open", "待办"
    DONE = "done", "已办结"
    DECLINED = "declined", "未予办理"


class LeftKind(Labelled):
    """Why a member is no longer on the roster."""

    DECEASED = "deceased", "去世"
    TRANSFERRED = "transferred", "组织关系转出"
    LEFT_PARTY = "left_party", "出党（退党、除名等）"


class CareCode(Labelled):
    """Kinds of 关爱需要 (A39); a code, never a diagnosis, never a story."""

    LOW_INCOME = "low_income", "生活困难"
    ELDERLY = "elderly", "高龄"
    JOB_DIFFICULTY = "job_difficulty", "就业困难"
    FRAIL = "frail", "体弱"
    DISABILITY_OR_DIBAO = "disability_or_dibao", "残疾、低保"
    AGED_ALONE = "aged_alone", "空巢、独居"


class LostStage(Labelled):
    """失联: a person proposes it, a second one confirms it, and it can always be closed."""

    SEARCHING = "searching", "查找中"
    PROPOSED = "proposed", "待第二人确认"
    CONFIRMED = "confirmed", "失联"
    FOUND = "found", "已联系上"
    WITHDRAWN = "withdrawn", "不予认定"


class LostReason(Labelled):
    """Reason codes of R15."""

    WORK_AWAY = "1", "外出务工经商"
    EMPLOYER_GONE = "2", "所在单位改制破产"
    GRADUATED = "3", "毕业后去向不明"
    CHANGED_EMPLOYER = "4", "工作单位改变"
    ABROAD = "5", "出国（境）"
    MOVED = "6", "居住地改变"
    OTHER = "7", "其他"


class LostBasis(Labelled):
    """What the last known date is counted from (R15)."""

    ATTENDANCE = "attendance", "最后一次参加组织生活"
    DUES = "dues", "最后一次交纳党费"


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer of a member; in force while `withdrawn_on` is None."""

    member_id: MemberId
    scope: ConsentScope
    answer: ConsentAnswer
    given_on: date
    method: ConsentMethod
    witness: str = ""
    notice_version: str = ""
    share_org_id: OrgId | None = None
    withdrawn_on: date | None = None
    scan_ref: str = ""
    id: int | None = None
    version: int = 1

    @property
    def is_refusal(self) -> bool:
        """Whether the last word, if this is it, was no: refused, or given and withdrawn."""
        return self.answer is ConsentAnswer.REFUSED or self.withdrawn_on is not None


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """What a member asked for about the data on them; `due_on` is counted in working days."""

    member_id: MemberId
    kind: RightKind
    detail: str
    received_on: date
    due_on: date
    status: RightStatus = RightStatus.OPEN
    handled_on: date | None = None
    answer: str = ""
    id: int | None = None
    version: int = 1

    def is_overdue(self, today: date) -> bool:
        """Whether it is still open after its due date."""
        return self.status is RightStatus.OPEN and self.due_on < today


@dataclass(frozen=True, slots=True)
class CareNeed:
    """关爱需要: a code agreed with the member; never a diagnosis, never a story."""

    member_id: MemberId
    code: CareCode
    helper: str
    helper_user_id: UserId | None
    valid_from: date
    valid_to: date | None = None
    id: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Pairing:
    """结对帮扶: who helps whom."""

    member_id: MemberId
    helper: str
    helper_member_id: MemberId | None
    valid_from: date
    valid_to: date | None = None
    id: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """A file that was left on disk for people; deleted when `expires_on` has come."""

    kind: str
    path: str
    sha256: str
    member_ids: tuple[MemberId, ...]
    n_rows: int
    reason: str
    expires_on: date
    deleted_on: date | None = None
    id: int | None = None
