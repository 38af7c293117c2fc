"""Tables of party groups, memberships and the runs that proposed them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, DateTime, Float, Index, Integer, String, text
from sqlalchemy.orm import Mapped

from gis.model.enums import GroupKind, GroupRole, GroupStatus, SeatSource
from gis.store.schema.base import S1, S2, Base, Rows, code_list, col, ref


class RunRow(Rows, Base):
    """一次测算及其采用结果。"""

    __tablename__ = "assignment_run"
    parameters: Mapped[dict[str, object]] = col("测算参数", S1, JSON)
    data_version: Mapped[int] = col("所依据的数据版本", S1, Integer)
    solver: Mapped[str] = col("求解器与版本", S1, String(64))
    status: Mapped[str] = col("求解状态", S1, String(32))
    objective: Mapped[float] = col("目标值", S1, Float)
    bound: Mapped[float] = col("已证明下界", S1, Float)
    document: Mapped[dict[str, object]] = col("方案全文，见 docs/plan-json.md", S2, JSON)
    accepted_by: Mapped[str] = col("采用人账号", S1, String(64))
    accepted_at: Mapped[datetime] = col("采用时间（UTC）", S1, DateTime)


class GroupRow(Rows, Base):
    """党小组。"""

    __tablename__ = "party_group"
    branch_id: Mapped[int] = ref("party_org", "所属支部")
    name: Mapped[str] = col("名称：支部与活动地点，不含个人姓名", S1, String(500))
    kind: Mapped[GroupKind] = col("类别", S1, code_list(GroupKind))
    status: Mapped[GroupStatus] = col("状态", S1, code_list(GroupStatus))
    area_id: Mapped[int | None] = ref("area", "片区")
    leader_member_id: Mapped[int | None] = ref("member", "组长", S2)
    host_id: Mapped[int | None] = ref("host_household", "党员中心户", S2)
    venue_id: Mapped[int | None] = ref("venue", "活动场所")
    run_id: Mapped[int | None] = ref("assignment_run", "来源方案")
    decided_on: Mapped[date | None] = col("支委会决定日期", S1, Date)
    reported_on: Mapped[date | None] = col("报上级日期", S1, Date)
    valid_from: Mapped[date] = col("起始日期", S1, Date)
    valid_to: Mapped[date | None] = col("终止日期", S1, Date)


class GroupPlanRow(Rows, Base):
    """方案中的一个小组，与采用后的党小组一一对应。"""

    __tablename__ = "group_plan"
    run_id: Mapped[int] = ref("assignment_run", "所属方案")
    group_id: Mapped[int | None] = ref("party_group", "采用后建立的小组")
    branch_id: Mapped[int] = ref("party_org", "支部")
    walk_total_m: Mapped[float] = col("步行距离合计，米", S1, Float)
    size: Mapped[int] = col("人数", S1, Integer)
    reasons: Mapped[list[str]] = col("为何设在此处", S1, JSON)


class GroupMembershipRow(Rows, Base):
    """组员关系；同一党员只有一条未终止的记录。"""

    __tablename__ = "group_membership"
    group_id: Mapped[int] = ref("party_group", "小组", S2)
    member_id: Mapped[int] = ref("member", "党员", S2)
    role: Mapped[GroupRole] = col("组内角色", S2, code_list(GroupRole))
    source: Mapped[SeatSource] = col("来源", S1, code_list(SeatSource))
    walk_m: Mapped[float | None] = col("步行距离，米", S2, Float)
    reason: Mapped[str] = col("编入原因", S2, String(500), default="")
    valid_from: Mapped[date] = col("起始日期", S2, Date)
    valid_to: Mapped[date | None] = col("终止日期", S2, Date)
    __table_args__ = (
        Index(
            "uq_group_membership_open",
            "member_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )
