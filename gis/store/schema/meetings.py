"""Tables of sessions, attendance, the holiday table and the settings of the office."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, DateTime, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from gis.model.meetings import AffairType, AttendanceState, SessionFormat, SessionKind, SessionMode
from gis.store.schema.base import S0, S1, S2, Base, Rows, code_list, col, ref


class SessionRow(Rows, Base):
    """组织生活：计划与记录。五有：计划、主题、形式、记录、责任人（R21）。"""

    __tablename__ = "session"
    org_id: Mapped[int] = ref("party_org", "召集的组织")
    group_id: Mapped[int | None] = ref("party_group", "党小组会所属小组")
    kind: Mapped[SessionKind] = col("类别", S1, code_list(SessionKind))
    affair: Mapped[AffairType] = col("事务类型", S1, code_list(AffairType))
    theme: Mapped[str] = col("主题", S1, String(200), default="")
    plan: Mapped[str] = col("计划安排", S1, String(500), default="")
    format: Mapped[SessionFormat | None] = col("形式", S1, code_list(SessionFormat))
    mode: Mapped[SessionMode] = col("方式", S1, code_list(SessionMode))
    planned_at: Mapped[datetime] = col("计划时间（本地）", S1, DateTime, index=True)
    held_on: Mapped[date | None] = col("实际召开日期", S1, Date)
    venue_id: Mapped[int | None] = ref("venue", "场所")
    host_id: Mapped[int | None] = ref("host_household", "党员中心户", S2)
    responsible: Mapped[str] = col("责任人", S2, String(100), default="")
    record: Mapped[str] = col("记录", S1, Text, default="")
    cancelled_on: Mapped[date | None] = col("取消日期", S1, Date)
    kept_counts: Mapped[dict[str, object] | None] = col("名单到期清除后留下的人数", S1, JSON)


class AttendanceRow(Rows, Base):
    """一次组织生活中的一人。"""

    __tablename__ = "attendance"
    session_id: Mapped[int] = ref("session", "组织生活")
    member_id: Mapped[int] = ref("member", "党员", S2)
    state: Mapped[AttendanceState] = col("情况", S2, code_list(AttendanceState))
    has_vote: Mapped[bool] = col("有表决权", S2, Boolean)
    invited_by: Mapped[str] = col("按哪一侧通知：组织关系或居住地", S1, String(32), default="")
    __table_args__ = (UniqueConstraint("session_id", "member_id"),)


class HolidayRow(Rows, Base):
    """放假与调休，由管理员按每年通知维护。"""

    __tablename__ = "holiday"
    day: Mapped[date] = col("日期", S0, Date, unique=True)
    is_workday: Mapped[bool] = col("调休上班", S0, Boolean)
    name: Mapped[str] = col("名称", S0, String(64), default="")


class SettingRow(Rows, Base):
    """可调的默认值；没有记录的用程序默认。"""

    __tablename__ = "setting"
    key: Mapped[str] = col("设置项", S0, String(64), unique=True)
    value: Mapped[object] = col("取值", S0, JSON)
