"""Tables of consent, rights, care, lost contact, and of what was kept and deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, DateTime, Index, Integer, String, text
from sqlalchemy.orm import Mapped

from gis.model.rights import (
    CareCode,
    ConsentAnswer,
    ConsentMethod,
    ConsentScope,
    LostBasis,
    LostReason,
    LostStage,
    RightKind,
    RightStatus,
)
from gis.store.schema.base import S1, S2, S3, Base, Rows, code_list, col, ref


class ConsentRow(Rows, Base):
    """告知与同意：每人每项一条有效记录，撤回或改变时旧记录终止。"""

    __tablename__ = "consent"
    member_id: Mapped[int] = ref("member", "党员", S2)
    scope: Mapped[ConsentScope] = col("事项", S2, code_list(ConsentScope))
    share_org_id: Mapped[int | None] = ref("party_org", "提供给哪个组织")
    answer: Mapped[ConsentAnswer] = col("同意或不同意", S2, code_list(ConsentAnswer))
    given_on: Mapped[date] = col("表示日期", S2, Date)
    method: Mapped[ConsentMethod] = col("方式", S2, code_list(ConsentMethod))
    witness: Mapped[str] = col("见证人", S2, String(100), default="")
    notice_version: Mapped[str] = col("告知书版本", S1, String(32))
    withdrawn_on: Mapped[date | None] = col("撤回或改变的日期，空为有效", S2, Date)
    scan_ref: Mapped[str] = col("签字件存放处", S1, String(200), default="")


class RightsRequestRow(Rows, Base):
    """本人权利请求登记。"""

    __tablename__ = "rights_request"
    member_id: Mapped[int] = ref("member", "党员", S2)
    kind: Mapped[RightKind] = col("类别", S2, code_list(RightKind))
    detail: Mapped[str] = col("本人要求，不超过 200 字", S3, String(200), default="")
    received_on: Mapped[date] = col("收到日期", S2, Date)
    due_on: Mapped[date] = col("应办结日期", S2, Date)
    status: Mapped[RightStatus] = col("状态", S2, code_list(RightStatus))
    handled_on: Mapped[date | None] = col("办结日期", S2, Date)
    answer: Mapped[str] = col("答复，不超过 200 字", S3, String(200), default="")


class CareNeedRow(Rows, Base):
    """关爱需要：只有代码，须本人单独同意，只供两种角色查看。"""

    __tablename__ = "care_need"
    member_id: Mapped[int] = ref("member", "党员", S3)
    code: Mapped[CareCode] = col("类别", S3, code_list(CareCode))
    helper: Mapped[str] = col("帮扶人", S3, String(100), default="")
    helper_user_id: Mapped[int | None] = ref("app_user", "帮扶人账号", S3)
    valid_from: Mapped[date] = col("起始日期", S3, Date)
    valid_to: Mapped[date | None] = col("结束日期", S3, Date)


class PairingRow(Rows, Base):
    """结对帮扶。"""

    __tablename__ = "pairing"
    member_id: Mapped[int] = ref("member", "被帮扶党员", S3)
    helper_member_id: Mapped[int | None] = ref("member", "帮扶党员", S3)
    helper: Mapped[str] = col("帮扶人姓名", S3, String(100))
    valid_from: Mapped[date] = col("起始日期", S3, Date)
    valid_to: Mapped[date | None] = col("结束日期", S3, Date)


class LostContactRow(Rows, Base):
    """失联：由人提出、第二人确认，可撤回，全程留痕。"""

    __tablename__ = "lost_contact"
    member_id: Mapped[int] = ref("member", "党员", S2)
    stage: Mapped[LostStage] = col("进展", S2, code_list(LostStage))
    last_on: Mapped[date] = col("失去联系日期", S2, Date)
    basis: Mapped[LostBasis] = col("日期依据", S2, code_list(LostBasis))
    reason_code: Mapped[LostReason | None] = col("原因代码", S2, code_list(LostReason))
    reason: Mapped[str] = col("查找经过，不超过 200 字", S2, String(200), default="")
    proposed_by: Mapped[str] = col("提出人账号", S2, String(64), default="")
    proposed_at: Mapped[datetime | None] = col("提出时间（UTC）", S2, DateTime)
    confirmed_by: Mapped[str] = col("确认人账号", S2, String(64), default="")
    confirmed_at: Mapped[datetime | None] = col("确认时间（UTC）", S2, DateTime)
    closed_on: Mapped[date | None] = col("结束日期", S2, Date)
    close_reason: Mapped[str] = col("结束原因", S2, String(200), default="")


class LostEventRow(Base):
    """失联一事的经过，只增不改。"""

    __tablename__ = "lost_contact_event"
    id: Mapped[int] = col("内部编号", S1, Integer, primary_key=True)
    lost_id: Mapped[int] = ref("lost_contact", "失联记录", S2)
    stage: Mapped[LostStage] = col("变为", S2, code_list(LostStage))
    at: Mapped[datetime] = col("时间（UTC）", S2, DateTime)
    by: Mapped[str] = col("操作人账号", S2, String(64))
    reason: Mapped[str] = col("原因", S2, String(200), default="")


class RuleNoteRow(Rows, Base):
    """规则提醒的处理：WARN 的理由、INFO 的“知道了”；事实改变后重新提醒。"""

    __tablename__ = "rule_note"
    rule: Mapped[str] = col("规则编号", S1, String(8))
    subject: Mapped[str] = col("对象：类别与编号，例如 member:12", S1, String(64))
    facts: Mapped[str] = col("当时事实的摘要", S1, String(64))
    reason: Mapped[str] = col("理由", S2, String(200), default="")
    __table_args__ = (Index("uq_rule_note_subject", "rule", "subject", "facts", unique=True),)


class ExportRow(Rows, Base):
    """留在本机的导出文件；到期由清理任务删除。"""

    __tablename__ = "export_record"
    kind: Mapped[str] = col("类别", S1, String(64))
    path: Mapped[str] = col("文件位置", S1, String(500))
    sha256: Mapped[str] = col("文件摘要", S1, String(64))
    member_ids: Mapped[list[int]] = col("涉及的党员", S2, JSON)
    n_rows: Mapped[int] = col("行数", S1, Integer)
    reason: Mapped[str] = col("用途", S1, String(200), default="")
    expires_on: Mapped[date] = col("应删除日期", S1, Date)
    deleted_on: Mapped[date | None] = col("已删除日期", S1, Date)


class RetentionRunRow(Rows, Base):
    """一次到期清理：按哪一天算、各删了多少。"""

    __tablename__ = "retention_run"
    on_day: Mapped[date] = col("按哪一天计算", S1, Date)
    counts: Mapped[dict[str, object]] = col("各类删除、清空的数量", S1, JSON)


_IN_FORCE = "withdrawn_on IS NULL AND share_org_id IS NULL"
Index(
    "uq_consent_open",
    ConsentRow.member_id,
    ConsentRow.scope,
    unique=True,
    sqlite_where=text(_IN_FORCE),
    postgresql_where=text(_IN_FORCE),
)
