"""Tables of the contact card: what is kept of a member beyond the roster, contacts, requests, surveys, study modes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Boolean, Date, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from gis.model.contact import (
    ContactChannel,
    ContactSide,
    Employment,
    FamilyRelation,
    ManagementMode,
    RequestCategory,
    RequestStatus,
    SurveyResult,
)
from gis.model.modes import StudyMode
from gis.store.schema.base import S1, S2, S3, Base, Rows, code_list, col, ref


class CardRow(Rows, Base):
    """联系卡：一名过渡期党员一张。六个清由各处资料算出，不在此处存。"""

    __tablename__ = "contact_card"
    member_id: Mapped[int] = ref("member", "党员", S2)
    card_no: Mapped[str] = col("卡号", S1, String(32), unique=True)
    issued_on: Mapped[date] = col("建卡日期", S1, Date)
    employment: Mapped[Employment | None] = col("就业状况", S2, code_list(Employment))
    can_use_smartphone: Mapped[bool | None] = col("会用智能手机", S2, Boolean)
    is_private: Mapped[bool] = col("不愿公开党员身份", S2, Boolean, default=False)
    management_mode: Mapped[ManagementMode | None] = col("直管、协管、代管", S2, code_list(ManagementMode))
    mobile_card_no: Mapped[str] = col("流动党员活动证号", S2, String(64), default="")
    mobile_card_checked_on: Mapped[date | None] = col("流动党员活动证查验日期", S2, Date)
    emergency_name: Mapped[str] = col("紧急联系人姓名", S3, String(100), default="")
    emergency_phone: Mapped[str] = col("紧急联系人电话", S3, String(64), default="")
    emergency_relation: Mapped[FamilyRelation | None] = col("与本人关系", S3, code_list(FamilyRelation))
    is_emergency_told: Mapped[bool] = col("紧急联系人已知情", S2, Boolean, default=False)
    visit_from_min: Mapped[int | None] = col("本人方便上门的时段从几点起，分钟", S2, Integer)
    visit_to_min: Mapped[int | None] = col("本人方便上门的时段到几点止，分钟", S2, Integer)
    no_concerns_on: Mapped[date | None] = col("问过本人、暂无诉求的日期", S2, Date)
    verified_on: Mapped[date | None] = col("全卡核实日期", S2, Date)
    verified_by: Mapped[str] = col("核实人", S2, String(100), default="")
    closed_on: Mapped[date | None] = col("销卡日期", S1, Date)
    __table_args__ = (UniqueConstraint("member_id"),)


class ContactPersonRow(Rows, Base):
    """双联双管：党员两侧的联系人，有起止日期。"""

    __tablename__ = "contact_person"
    member_id: Mapped[int] = ref("member", "党员", S2)
    side: Mapped[ContactSide] = col("哪一侧", S1, code_list(ContactSide))
    org_id: Mapped[int | None] = ref("party_org", "联系人所在组织")
    person_member_id: Mapped[int | None] = ref("member", "联系人本人也是在册党员时", S2)
    name: Mapped[str] = col("联系人姓名", S2, String(100))
    phone: Mapped[str] = col("联系人电话", S2, String(64), default="")
    valid_from: Mapped[date] = col("起始日期", S2, Date)
    valid_to: Mapped[date | None] = col("终止日期", S2, Date)
    __table_args__ = (
        Index(
            "uq_contact_person_open",
            "member_id",
            "side",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )


class ContactLogRow(Rows, Base):
    """联系记录：日期、方式、是否联系上；不记看法。"""

    __tablename__ = "contact_log"
    member_id: Mapped[int] = ref("member", "党员", S2)
    on_day: Mapped[date] = col("联系日期", S2, Date, index=True)
    channel: Mapped[ContactChannel] = col("方式", S2, code_list(ContactChannel))
    by_name: Mapped[str] = col("联系人", S2, String(100))
    is_reached: Mapped[bool] = col("是否联系上", S2, Boolean)
    next_on: Mapped[date | None] = col("下次联系日期", S2, Date)
    note: Mapped[str] = col("备注，不超过 100 字", S2, String(100), default="")


class MemberRequestRow(Rows, Base):
    """党员本人提出的诉求与关切；本人可查阅。"""

    __tablename__ = "member_request"
    member_id: Mapped[int] = ref("member", "党员", S2)
    category: Mapped[RequestCategory] = col("类别", S3, code_list(RequestCategory))
    text: Mapped[str] = col("本人所提事项，不超过 200 字", S3, String(200))
    raised_on: Mapped[date] = col("提出日期", S3, Date)
    handler: Mapped[str] = col("办理人", S2, String(100), default="")
    status: Mapped[RequestStatus] = col("状态", S2, code_list(RequestStatus))
    result: Mapped[str] = col("办理结果，不超过 200 字", S3, String(200), default="")
    closed_on: Mapped[date | None] = col("办结日期", S2, Date)


class SurveyRow(Rows, Base):
    """走访摸排。"""

    __tablename__ = "survey_campaign"
    name: Mapped[str] = col("名称", S1, String(200))
    org_id: Mapped[int] = ref("party_org", "开展摸排的组织")
    started_on: Mapped[date] = col("开始日期", S1, Date)
    due_on: Mapped[date] = col("应完成日期", S1, Date)
    closed_on: Mapped[date | None] = col("结束日期", S1, Date)
    note: Mapped[str] = col("要求", S1, String(500), default="")


class SurveyTargetRow(Rows, Base):
    """摸排名单中的一人。"""

    __tablename__ = "survey_target"
    survey_id: Mapped[int] = ref("survey_campaign", "摸排")
    member_id: Mapped[int] = ref("member", "党员", S2)
    assignee: Mapped[str] = col("走访人", S2, String(100), default="")
    result: Mapped[SurveyResult | None] = col("结果", S2, code_list(SurveyResult))
    done_on: Mapped[date | None] = col("走访日期", S2, Date)
    done_by: Mapped[str] = col("登记人", S2, String(100), default="")
    __table_args__ = (UniqueConstraint("survey_id", "member_id"),)


class ModeDecisionRow(Rows, Base):
    """学习方式：提出了什么、依据哪条规则、由谁决定；`valid_to` 为空的一条有效。"""

    __tablename__ = "study_mode_decision"
    member_id: Mapped[int] = ref("member", "党员", S2)
    mode: Mapped[StudyMode] = col("学习方式", S2, code_list(StudyMode))
    proposed: Mapped[StudyMode] = col("系统提出的方式", S2, code_list(StudyMode))
    rule: Mapped[str] = col("依据的规则", S1, String(64))
    trace: Mapped[dict[str, object]] = col("所用事实与各条规则的结论", S3, JSON)
    is_override: Mapped[bool] = col("与系统提出的不同", S1, Boolean)
    reason: Mapped[str] = col("改动或接受的理由", S2, String(200), default="")
    valid_from: Mapped[date] = col("起始日期", S2, Date)
    valid_to: Mapped[date | None] = col("终止日期", S2, Date)
    __table_args__ = (
        Index(
            "uq_study_mode_decision_open",
            "member_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )
