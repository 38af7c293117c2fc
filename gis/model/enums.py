"""Code lists of domain.md section 6; each value carries its Chinese label.

`Kind("…")` finds by code, `Kind.from_label("…")` by the Chinese label that files and screens use.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A code with its Chinese label: `code, label`."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        """Make a member whose value is the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def from_label(cls, text: str) -> Self | None:
        """Return the member with this label or code, or None."""
        return next((member for member in cls if text in (member.label, member.value)), None)

    @classmethod
    def labels(cls) -> tuple[str, ...]:
        """All labels in order, for a choice on screen or a sentence about allowed values."""
        return tuple(member.label for member in cls)


class DivisionLevel(Labelled):
    """Levels of administrative divisions."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "区县"
    STREET = "street", "街道"
    VILLAGE = "village", "社区（村）"


class OrgKind(Labelled):
    """Kinds of party organisation."""

    WORKING_COMMITTEE = "working_committee", "党工委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"
    TEMPORARY_BRANCH = "temporary_branch", "临时党支部"
    MOBILE_MEMBER_BRANCH = "mobile_member_branch", "流动党员党支部"
    GRID_BRANCH = "grid_branch", "网格党支部"
    ASSOCIATION_BRANCH = "association_branch", "协会党支部"
    ENTERPRISE_BRANCH = "enterprise_branch", "企业党支部"


#: Kinds whose organisations hold members directly.
BRANCH_KINDS = frozenset(
    {
        OrgKind.BRANCH,
        OrgKind.JOINT_BRANCH,
        OrgKind.TEMPORARY_BRANCH,
        OrgKind.MOBILE_MEMBER_BRANCH,
        OrgKind.GRID_BRANCH,
        OrgKind.ASSOCIATION_BRANCH,
        OrgKind.ENTERPRISE_BRANCH,
    }
)


class CommunityKind(Labelled):
    """What sort of community an organisation belongs to (source 004)."""

    URBAN = "urban", "纯城市社区"
    DEMOLITION_VILLAGE = "demolition_village", "动迁进程中村"
    RESETTLEMENT = "resettlement", "拆迁安置社区"


class OrgStatus(Labelled):
    """Life of an organisation."""

    ACTIVE = "active", "正常"
    WINDING_DOWN = "winding_down", "撤并中"
    ABOLISHED = "abolished", "已撤销"


class GridKind(Labelled):
    """Kinds of grid."""

    BASE = "base", "基础网格"
    EXCLUSIVE = "exclusive", "专属网格"
    MICRO = "micro", "微网格"


class BuildingStatus(Labelled):
    """State of a building."""

    STANDING = "standing", "在用"
    DEMOLISHED = "demolished", "已拆除"
    UNDER_CONSTRUCTION = "under_construction", "在建"
    RESETTLEMENT = "resettlement", "安置房"


class VenueKind(Labelled):
    """Kinds of venue."""

    HOME_BRANCH_BASE = "home_branch_base", "留守支部主阵地"
    SERVICE_CENTER = "service_center", "党群服务中心"
    ACTIVITY_ROOM = "activity_room", "党员活动室"
    RENTED = "rented", "租用场所"
    OTHER = "other", "其他场所"
    CANDIDATE = "candidate", "候选场所"


class HostStatus(Labelled):
    """Life of a host household."""

    PROPOSED = "proposed", "拟设"
    APPROVED = "approved", "已批准"
    SUSPENDED = "suspended", "暂停"
    ENDED = "ended", "已撤销"


class Gender(Labelled):
    """GB/T 2261.1."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"
    UNSTATED = "9", "未说明"


class MemberStatus(Labelled):
    """Full or probationary."""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class MembershipStatus(Labelled):
    """党籍状态."""

    NORMAL = "normal", "正常"
    SUSPENDED = "suspended", "停止党籍"


class MobilityLevel(Labelled):
    """Set by a person with the member; never a diagnosis (domain.md 2B)."""

    FREE = "free", "行动自如"
    NEEDS_HELP = "needs_help", "需要搀扶"
    CANNOT_LEAVE = "cannot_leave", "不便出门"


class Preference(Labelled):
    """What the member asked for; it beats every proposal (domain.md A31)."""

    NONE = "none", "未表示"
    HOME_BRANCH = "home_branch", "愿回原支部"
    GROUP = "group", "愿就近编组"
    HOME_VISIT = "home_visit", "希望上门"
    ONLINE = "online", "愿网上学习"


class HousingKind(Labelled):
    """居住情况."""

    RENTED = "rented", "租房"
    RELATIVE = "relative", "投亲"
    OWN_OTHER = "own_other", "自有其他住房"
    INSTITUTION = "institution", "养老机构"
    OTHER = "other", "其他"


class PositionSource(Labelled):
    """Where a member's position comes from."""

    ADDRESS = "address", "地址匹配"
    CONFIRMED = "confirmed", "人工确认"
    PIN = "pin", "人工标点"
    GRID = "grid", "按本人意愿只到网格"
    NONE = "none", "未定位"


class Precision(Labelled):
    """How exactly a residence is known; the value goes with the confidence of domain.md 3.4."""

    BUILDING = "exact", "楼栋"
    ESTATE = "estate", "小区"
    GRID = "grid", "网格"
    COMMUNITY = "community", "社区"
    QUEUE = "queue", "待定位"
    OUTSIDE = "outside", "辖区外"


class MapPrecision(Labelled):
    """How exactly a member's home may be shown."""

    EXACT = "exact", "精确"
    BUILDING = "building", "楼栋"
    GRID = "grid", "网格"
    HIDDEN = "hidden", "不显示"


class GroupKind(Labelled):
    """Kinds of party group."""

    ORDINARY = "ordinary", "党小组"
    BUILDING = "building", "楼栋党小组"
    TRANSITION = "transition", "临时党小组"


class GroupStatus(Labelled):
    """Life of a party group."""

    DRAFT = "draft", "草案"
    CONFIRMED = "confirmed", "已确定"
    CLOSED = "closed", "已停止"


class GroupRole(Labelled):
    """A member's role in a group."""

    MEMBER = "member", "组员"
    LEADER = "leader", "组长"
    DEPUTY = "deputy", "副组长"


class SeatSource(Labelled):
    """Whether a seat came from a proposal or was set by hand."""

    PROPOSAL = "proposal", "方案"
    MANUAL = "manual", "人工"


class Sensitivity(Labelled):
    """Sensitivity classes of domain.md section 6."""

    S0 = "S0", "公开"
    S1 = "S1", "内部"
    S2 = "S2", "个人"
    S3 = "S3", "敏感"
    S4 = "S4", "保密"
