"""The contact card, its log, requests and survey campaigns, with their code lists (domain.md section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import date

    from gis.model.enums import HousingKind, Precision
    from gis.model.ids import CardId, HouseholdId, MemberId, OrgId, SurveyId


class ContactChannel(Labelled):
    """How a member was contacted."""

    VISIT = "visit", "上门"
    PHONE = "phone", "电话"
    WECHAT = "wechat", "微信"
    MEETING = "meeting", "见面（会议、活动）"
    LETTER = "letter", "信函"


class ContactSide(Labelled):
    """双联双管: which side a responsible person stands for."""

    HOME = "home", "原支部一侧"
    RESIDENCE = "residence", "居住地一侧"


class ManagementMode(Labelled):
    """Who manages the member's organisational life (C16)."""

    DIRECT = "direct", "直管"
    ASSISTED = "assisted", "协管"
    ENTRUSTED = "entrusted", "代管"


class Employment(Labelled):
    """就业状况, coarse on purpose."""

    RETIRED = "retired", "离退休"
    EMPLOYED = "employed", "在职"
    SELF_EMPLOYED = "self_employed", "个体、灵活就业"
    FARMER = "farmer", "务农"
    UNEMPLOYED = "unemployed", "待业"
    OTHER = "other", "其他"


class FamilyRelation(Labelled):
    """How the emergency contact is related to the member (after GB/T 4761)."""

    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    SIBLING = "sibling", "兄弟姐妹"
    RELATIVE = "relative", "其他亲属"
    NEIGHBOUR = "neighbour", "邻居"
    FRIEND = "friend", "朋友"
    OTHER = "other", "其他"


class RequestCategory(Labelled):
    """What a member may ask for; never an opinion about the member (domain.md 2B)."""

    STUDY = "study", "学习"
    HOUSING_PROGRESS = "housing_progress", "安置进度"
    LIVING = "living", "生活"
    MEDICAL_ERRAND = "medical_errand", "就医代办"
    JOB = "job", "就业"
    TRANSPORT = "transport", "出行"
    OTHER = "other", "其他"


class RequestStatus(Labelled):
    """Life of a request."""

    OPEN = "open", "待办"
    DOING = "doing", "办理中"
    CLOSED = "closed", "已办结"


class SurveyResult(Labelled):
    """What came of one visit of a survey campaign."""

    VERIFIED = "verified", "已核实"
    CHANGED = "changed", "有变化，已更正"
    NOT_HOME = "not_home", "不在"
    MOVED = "moved", "已迁走"
    DECLINED = "declined", "谢绝"


class Clear(Labelled):
    """六个清: the six things a card makes clear. 思想状况 of the source is replaced by what the member raised (2B).

    Each is met when, on the day it is counted (docs/guide/cards.md says the same in Chinese):

    - WHEREABOUTS: the original village is known, and the address in force has been placed (or lies outside).
    - CONTACT: a telephone number of the member's own, or a second one.
    - HOUSING: the household file says how the flat is held, its floor (not where somebody in the household refused
      the exact location), and whether there is a lift.
    - REQUESTS: a request of the member is on record, or the member was asked and had none.
    - EMPLOYMENT: the card says how the member is employed.
    - FAMILY: whether the member lives alone, and an emergency contact with name, number and relation who was told.
    """

    WHEREABOUTS = "whereabouts", "党员流向"
    CONTACT = "contact", "联系方式"
    HOUSING = "housing", "居住条件"
    REQUESTS = "requests", "诉求与关切"
    EMPLOYMENT = "employment", "就业状况"
    FAMILY = "family", "家庭情况"


@dataclass(frozen=True, slots=True)
class Card:
    """联系卡 of one member; what the six-clear meter says is computed, never stored.

    `visit_from_min` and `visit_to_min`: when the member likes to be visited, minutes after midnight, both or neither.
    """

    id: CardId
    member_id: MemberId
    card_no: str
    issued_on: date
    employment: Employment | None = None
    can_use_smartphone: bool | None = None
    is_private: bool = False
    management_mode: ManagementMode | None = None
    mobile_card_no: str = ""
    mobile_card_checked_on: date | None = None
    emergency_name: str = ""
    emergency_phone: str = ""
    emergency_relation: FamilyRelation | None = None
    is_emergency_told: bool = False
    visit_from_min: int | None = None
    visit_to_min: int | None = None
    no_concerns_on: date | None = None
    verified_on: date | None = None
    verified_by: str = ""
    closed_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """双联双管: who is responsible for a member on one side; `valid_to` None: today."""

    id: int | None
    member_id: MemberId
    side: ContactSide
    name: str
    phone: str
    org_id: OrgId | None
    person_member_id: MemberId | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """One contact: what happened, never an opinion. `note` holds at most 100 characters."""

    on_day: date
    channel: ContactChannel
    by_name: str
    is_reached: bool
    next_on: date | None = None
    note: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class MemberRequest:
    """诉求与关切: what the member asked for, in one neutral sentence."""

    id: int | None
    member_id: MemberId
    category: RequestCategory
    text: str
    raised_on: date
    handler: str = ""
    status: RequestStatus = RequestStatus.OPEN
    result: str = ""
    closed_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """一户一档. `member_ids` are those of the file whom the scope may see, `n_others` those whom it may not.

    `is_rough`: somebody in it refused the exact location, so the floor is not asked for and not kept.
    """

    id: HouseholdId
    file_no: str
    head_name: str
    original_village: str
    project: str
    current_address: str
    housing_kind: HousingKind | None
    floor_no: int | None
    has_lift: bool | None
    member_ids: tuple[MemberId, ...] = ()
    n_others: int = 0
    is_rough: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class AddressSpell:
    """One address of a member's history; `valid_to` None: where the member lives now."""

    address: str
    precision: Precision
    valid_from: date
    valid_to: date | None
    verified_on: date | None
    verified_by: str


@dataclass(frozen=True, slots=True)
class Survey:
    """走访摸排: who asked whom to visit by when."""

    id: SurveyId
    name: str
    org_id: OrgId
    started_on: date
    due_on: date
    closed_on: date | None = None
    note: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class SurveyTarget:
    """A member to visit; `result` None: not visited yet."""

    survey_id: SurveyId
    member_id: MemberId
    assignee: str = ""
    result: SurveyResult | None = None
    done_on: date | None = None
    done_by: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nobody has to go again: a door that stayed shut is gone to once more."""
        return self.result is not None and self.result is not SurveyResult.NOT_HOME
