"""Tables of saved plans: the plan as it was saved, the steps of its editing, the events of its life."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, DateTime, Float, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from gis.model.plans import EventKind, PlanState, StepKind
from gis.store.schema.base import S0, S1, S2, Base, Rows, code_list, col, ref


class SavedPlanRow(Rows, Base):
    """编组方案：从测算、调整到发布、停止的同一份记录。"""

    __tablename__ = "saved_plan"
    name: Mapped[str] = col("方案名称", S1, String(200))
    state: Mapped[PlanState] = col("状态", S1, code_list(PlanState))
    based_on_id: Mapped[int | None] = ref("saved_plan", "由哪份方案另存")
    run_id: Mapped[int | None] = ref("assignment_run", "发布时形成的测算记录；小组由此与方案相连")
    content: Mapped[dict[str, object]] = col("保存时的方案全文，见 docs/decisions/008", S2, JSON)
    published: Mapped[dict[str, object] | None] = col("发布时的方案全文", S2, JSON)
    data_version: Mapped[int] = col("方案所依据的数据版本", S1, Integer)
    pointer: Mapped[int] = col("已应用到第几步调整，0 为保存时的样子", S1, Integer)
    n_groups: Mapped[int] = col("小组数", S1, Integer)
    asked: Mapped[int] = col("参加编组的人数", S1, Integer)
    seated: Mapped[int] = col("已安排人数", S1, Integer)
    mean_walk_m: Mapped[float] = col("步行平均，米", S1, Float)
    p90_walk_m: Mapped[float] = col("九成步行不超过，米", S1, Float)
    longest_walk_m: Mapped[float] = col("步行最远，米", S1, Float)
    n_violations: Mapped[int] = col("不能发布的问题数", S1, Integer)
    decided_on: Mapped[date | None] = col("支委会决定日期", S1, Date)
    reported_on: Mapped[date | None] = col("报上级日期", S1, Date)
    published_at: Mapped[datetime | None] = col("发布时间（UTC）", S1, DateTime)
    stopped_on: Mapped[date | None] = col("停止日期", S1, Date)
    discarded_at: Mapped[datetime | None] = col("作废时间（UTC），作废后不再列出", S1, DateTime)


class SavedPlanBranchRow(Base):
    """方案涉及的支部；管理范围含全部支部的人才看得到方案。"""

    __tablename__ = "saved_plan_branch"
    id: Mapped[int] = col("内部编号", S0, Integer, primary_key=True)
    plan_id: Mapped[int] = ref("saved_plan", "方案")
    branch_id: Mapped[int] = ref("party_org", "支部")
    stopped_on: Mapped[date | None] = col("该支部的小组被新方案取代或停止的日期", S1, Date)
    __table_args__ = (UniqueConstraint("plan_id", "branch_id"),)


class PlanStepRow(Rows, Base):
    """方案的一步调整；撤销只移动指针，记录不删。"""

    __tablename__ = "plan_step"
    plan_id: Mapped[int] = ref("saved_plan", "方案")
    number: Mapped[int] = col("第几步", S1, Integer)
    kind: Mapped[StepKind] = col("做了什么", S1, code_list(StepKind))
    op: Mapped[dict[str, object]] = col("操作内容", S2, JSON)
    delta: Mapped[dict[str, object]] = col("座位、组长、小组编号的变化", S2, JSON)
    text: Mapped[str] = col("一句话说明", S2, String(1000))
    data_version: Mapped[int] = col("这一步之后方案所依据的数据版本", S1, Integer)
    is_dropped: Mapped[bool] = col("撤销后又做了别的调整，这一步不再可恢复", S1, Boolean)


class PlanEventRow(Base):
    """方案的经过：谁、何时、做了什么，只增不改。"""

    __tablename__ = "plan_event"
    id: Mapped[int] = col("内部编号", S0, Integer, primary_key=True)
    plan_id: Mapped[int] = ref("saved_plan", "方案")
    kind: Mapped[EventKind] = col("做了什么", S1, code_list(EventKind))
    at: Mapped[datetime] = col("时间（UTC）", S1, DateTime)
    by: Mapped[str] = col("操作人账号", S1, String(64))
    day: Mapped[date | None] = col("登记的日期", S1, Date)
    reason: Mapped[str] = col("原因", S1, String(500), default="")
    text: Mapped[str] = col("说明", S1, String(500), default="")
