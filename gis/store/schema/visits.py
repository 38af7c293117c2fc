"""Tables of 上门送学: rounds, teams, stops, the members behind each, sheets and results."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, DateTime, Float, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from gis.model.visits import ResultSource, ResultState, RoundState, SheetKind, TravelWay, VisitResult
from gis.store.schema.base import S1, S2, S3, Base, Rows, code_list, col, ref


class VisitRoundRow(Rows, Base):
    """走访批次：某一组织几天内的上门送学安排。"""

    __tablename__ = "visit_round"
    org_id: Mapped[int] = ref("party_org", "安排走访的组织")
    name: Mapped[str] = col("名称", S1, String(200))
    state: Mapped[RoundState] = col("状态", S1, code_list(RoundState))
    first_day: Mapped[date] = col("第一天", S1, Date, index=True)
    last_day: Mapped[date] = col("最后一天", S1, Date)
    options: Mapped[dict[str, object]] = col("安排时的参数", S2, JSON)
    scores: Mapped[dict[str, object]] = col("各项数字", S1, JSON)
    left_out: Mapped[list[dict[str, object]]] = col("未排入的党员和原因", S2, JSON)
    data_version: Mapped[int] = col("所依据的数据版本", S1, Integer)
    note: Mapped[str] = col("备注", S1, String(500), default="")
    issued_at: Mapped[datetime | None] = col("下发时间（UTC）", S1, DateTime)
    closed_on: Mapped[date | None] = col("结束或取消日期", S1, Date)


class VisitTeamRow(Rows, Base):
    """一个走访小组及其半天班次。"""

    __tablename__ = "visit_team"
    round_id: Mapped[int] = ref("visit_round", "走访批次")
    number: Mapped[int] = col("第几组", S1, Integer)
    way: Mapped[TravelWay] = col("出行方式", S1, code_list(TravelWay))
    shifts: Mapped[list[dict[str, object]]] = col("班次：日期和起止分钟", S1, JSON)
    start_venue_id: Mapped[int | None] = ref("venue", "出发的场所")
    start_building_id: Mapped[int | None] = ref("building", "出发的楼栋")
    is_returning: Mapped[bool] = col("走完回到出发地", S1, Boolean)
    __table_args__ = (UniqueConstraint("round_id", "number"),)


class VisitorRow(Rows, Base):
    """走访小组中的一人。"""

    __tablename__ = "visit_team_person"
    team_id: Mapped[int] = ref("visit_team", "走访小组")
    position: Mapped[int] = col("顺序", S1, Integer)
    name: Mapped[str] = col("姓名", S2, String(100))
    user_id: Mapped[int | None] = ref("app_user", "账号；没有账号的为空")


class VisitStopRow(Rows, Base):
    """一个停留点：一户，或一次小组学习；team_id 为空的暂未排给任何小组。"""

    __tablename__ = "visit_stop"
    round_id: Mapped[int] = ref("visit_round", "走访批次")
    team_id: Mapped[int | None] = ref("visit_team", "走访小组")
    shift: Mapped[int] = col("该组第几个班次，从 0 起", S1, Integer)
    position: Mapped[int] = col("该组第几站，从 1 起", S1, Integer)
    arrive: Mapped[datetime] = col("计划开始（本地）", S2, DateTime)
    leave: Mapped[datetime] = col("计划结束（本地）", S2, DateTime)
    travel_min: Mapped[float] = col("路上分钟", S1, Float)
    walk_m: Mapped[float] = col("路程，米", S1, Float)
    service_min: Mapped[int] = col("停留分钟", S1, Integer)
    is_estimated: Mapped[bool] = col("路程为估算", S1, Boolean)
    is_locked: Mapped[bool] = col("人工锁定", S1, Boolean)
    is_optional: Mapped[bool] = col("时间不够时可不走", S1, Boolean)
    window: Mapped[list[int] | None] = col("本人方便的时段，分钟", S2, JSON)
    group_id: Mapped[int | None] = ref("party_group", "小组学习时的党小组")
    session_id: Mapped[int | None] = ref("session", "小组学习对应的组织生活")


class VisitTargetRow(Rows, Base):
    """停留点上的一名党员；同一批次一人只走访一次。"""

    __tablename__ = "visit_target"
    round_id: Mapped[int] = ref("visit_round", "走访批次")
    stop_id: Mapped[int] = ref("visit_stop", "停留点")
    member_id: Mapped[int] = ref("member", "党员", S2)
    purposes: Mapped[list[str]] = col("目的", S2, JSON)
    reasons: Mapped[list[dict[str, object]]] = col("为何安排", S2, JSON)
    material: Mapped[str] = col("带去的材料", S1, String(200), default="")
    __table_args__ = (UniqueConstraint("round_id", "member_id"),)


class VisitResultRow(Rows, Base):
    """走访结果；每一份送来的都保留，同一名党员同一批次只采用一份。"""

    __tablename__ = "visit_result"
    target_id: Mapped[int] = ref("visit_target", "走访的党员")
    key: Mapped[str] = col("送出时生成的唯一编号，重复送来只算一次", S1, String(64), unique=True)
    result: Mapped[VisitResult] = col("结果", S3, code_list(VisitResult))
    on_day: Mapped[date] = col("走访日期", S2, Date, index=True)
    by_name: Mapped[str] = col("走访人", S2, String(100))
    note: Mapped[str] = col("备注，不超过 100 字", S2, String(100), default="")
    next_on: Mapped[date | None] = col("下次走访日期", S2, Date)
    source: Mapped[ResultSource] = col("如何送来", S1, code_list(ResultSource))
    state: Mapped[ResultState] = col("是否采用", S1, code_list(ResultState))
    sheet_id: Mapped[int | None] = ref("visit_sheet", "走访单")
    contact_log_id: Mapped[int | None] = ref("contact_log", "由此登记的联系记录", S2)
    effects: Mapped[dict[str, object]] = col("由此改动的其他记录，更正时据此恢复", S2, JSON)
    __table_args__ = (
        Index(
            "uq_visit_result_accepted",
            "target_id",
            unique=True,
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
    )


class VisitSheetRow(Rows, Base):
    """走访单：谁拿着、用到哪天、何时交回。"""

    __tablename__ = "visit_sheet"
    team_id: Mapped[int] = ref("visit_team", "走访小组")
    number: Mapped[str] = col("单号", S1, String(32), unique=True)
    kind: Mapped[SheetKind] = col("形式", S1, code_list(SheetKind))
    holder: Mapped[str] = col("持有人", S2, String(100))
    issued_at: Mapped[datetime] = col("打印或下载时间（UTC）", S1, DateTime)
    expires_on: Mapped[date] = col("用到哪天", S1, Date)
    returned_on: Mapped[date | None] = col("交回日期", S1, Date)
    voided_on: Mapped[date | None] = col("作废日期", S1, Date)
