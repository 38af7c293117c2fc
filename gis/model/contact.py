"""Code lists of the contact card, its log, requests and survey campaigns (domain.md section 6)."""

from __future__ import annotations

from gis.model.enums import Labelled


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
