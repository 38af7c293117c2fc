"""Tables of territory and places."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Boolean, Date, Float, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from gis.model.enums import BuildingStatus, DivisionLevel, GridKind, HostStatus, VenueKind
from gis.store.geometry import Geometry, geometry_index
from gis.store.schema.base import S0, S1, S2, S3, Base, Rows, code_list, col, ref


class DivisionRow(Rows, Base):
    """行政区划。"""

    __tablename__ = "division"
    code: Mapped[str] = col("统计用区划代码，12 位", S0, String(12), unique=True)
    name: Mapped[str] = col("名称", S0, String(200))
    level: Mapped[DivisionLevel] = col("级别", S0, code_list(DivisionLevel))
    parent_code: Mapped[str] = col("上级区划代码", S0, String(12), default="")
    valid_from: Mapped[date | None] = col("启用日期", S0, Date)
    valid_to: Mapped[date | None] = col("停用日期", S0, Date)
    geom: Mapped[bytes | None] = col("范围", S0, Geometry)
    __table_args__ = (geometry_index("division"),)


class AreaRow(Rows, Base):
    """片区：由组织划分，每片一名负责人。"""

    __tablename__ = "area"
    name: Mapped[str] = col("名称", S1, String(200))
    org_id: Mapped[int] = ref("party_org", "划分片区的组织")
    leader_member_id: Mapped[int | None] = ref("member", "片区负责人", S2)
    valid_from: Mapped[date] = col("启用日期", S1, Date)
    valid_to: Mapped[date | None] = col("停用日期", S1, Date)
    geom: Mapped[bytes | None] = col("范围", S1, Geometry)
    __table_args__ = (geometry_index("area"),)


class GridRow(Rows, Base):
    """网格。"""

    __tablename__ = "grid"
    grid_code: Mapped[str] = col("网格编号：12 位区划代码加 3 位顺序号", S1, String(32), unique=True)
    name: Mapped[str] = col("名称", S1, String(200))
    kind: Mapped[GridKind] = col("类型", S1, code_list(GridKind))
    community_code: Mapped[str] = col("所属社区区划代码", S1, String(12), index=True)
    area_m2: Mapped[float] = col("面积，平方米", S1, Float)
    valid_from: Mapped[date | None] = col("启用日期", S1, Date)
    valid_to: Mapped[date | None] = col("停用日期", S1, Date)
    geom: Mapped[bytes] = col("范围", S1, Geometry)
    __table_args__ = (geometry_index("grid"),)


class EstateRow(Rows, Base):
    """小区。"""

    __tablename__ = "estate"
    name: Mapped[str] = col("名称", S0, String(200), index=True)
    aliases: Mapped[list[str]] = col("别名", S0, JSON)
    division_code: Mapped[str] = col("所属社区区划代码", S0, String(12), default="")
    geom: Mapped[bytes | None] = col("范围", S0, Geometry)
    __table_args__ = (UniqueConstraint("name", "division_code"), geometry_index("estate"))


class BuildingRow(Rows, Base):
    """楼栋。"""

    __tablename__ = "building"
    estate_id: Mapped[int | None] = ref("estate", "所属小区", S0)
    building_no: Mapped[str] = col("幢号", S0, String(100), default="")
    grid_id: Mapped[int | None] = ref("grid", "所在基础网格", S1)
    address: Mapped[str] = col("门牌地址", S0, String(500), default="")
    floors: Mapped[int | None] = col("层数", S0, Integer)
    units: Mapped[int | None] = col("单元数", S0, Integer)
    households: Mapped[int | None] = col("户数", S1, Integer)
    has_lift: Mapped[bool | None] = col("有无电梯", S0, Boolean)
    status: Mapped[BuildingStatus] = col("状态", S0, code_list(BuildingStatus))
    source_id: Mapped[str] = col("来源数据中的编号", S0, String(64), default="", index=True)
    source_crs: Mapped[str] = col("来源数据声明的坐标系", S0, String(32), default="")
    geom: Mapped[bytes] = col("轮廓或位置点", S0, Geometry)
    __table_args__ = (geometry_index("building"),)


class RoadRow(Rows, Base):
    """道路。"""

    __tablename__ = "road"
    name: Mapped[str] = col("名称", S0, String(200), default="")
    kind: Mapped[str] = col("类型", S0, String(64), default="")
    is_walkable: Mapped[bool] = col("可否步行", S0, Boolean)
    source_id: Mapped[str] = col("来源编号或几何摘要", S0, String(64), index=True)
    geom: Mapped[bytes] = col("线形", S0, Geometry)
    __table_args__ = (geometry_index("road"),)


class VenueRow(Rows, Base):
    """阵地、场所。"""

    __tablename__ = "venue"
    name: Mapped[str] = col("名称", S1, String(200))
    kind: Mapped[VenueKind] = col("类型", S1, code_list(VenueKind))
    capacity: Mapped[int] = col("可容纳人数", S1, Integer)
    org_id: Mapped[int | None] = ref("party_org", "所属组织")
    building_id: Mapped[int | None] = ref("building", "所在楼栋")
    floor: Mapped[int | None] = col("楼层", S1, Integer)
    has_lift: Mapped[bool | None] = col("有无电梯", S1, Boolean)
    is_step_free: Mapped[bool | None] = col("有无障碍通道", S1, Boolean)
    equipment: Mapped[list[str]] = col("设备", S1, JSON)
    source_id: Mapped[str] = col("来源编号", S0, String(64), default="")
    geom: Mapped[bytes | None] = col("位置", S1, Geometry)
    __table_args__ = (geometry_index("venue"),)


class HostRow(Rows, Base):
    """党员中心户。"""

    __tablename__ = "host_household"
    name: Mapped[str] = col("户主姓名", S2, String(200))
    branch_id: Mapped[int] = ref("party_org", "所在支部")
    member_id: Mapped[int | None] = ref("member", "户主对应的党员", S2, use_alter=True)  # members point at hosts too
    building_id: Mapped[int | None] = ref("building", "所在楼栋", S2)
    address: Mapped[str] = col("地址，精确到室", S3, String(500), default="")
    capacity: Mapped[int] = col("可容纳人数，不超过 15 为宜", S1, Integer)
    floor: Mapped[int | None] = col("楼层", S2, Integer)
    is_step_free: Mapped[bool | None] = col("有无障碍通道", S2, Boolean)
    equipment: Mapped[list[str]] = col("电教设备", S1, JSON)
    status: Mapped[HostStatus] = col("状态", S1, code_list(HostStatus))
    applied_on: Mapped[date | None] = col("个人报名日期", S1, Date)
    recommended_on: Mapped[date | None] = col("党员推荐日期", S1, Date)
    group_proposed_on: Mapped[date | None] = col("党小组建议日期", S1, Date)
    approved_on: Mapped[date | None] = col("设立（批准）日期", S1, Date)
    agreement_signed_on: Mapped[date | None] = col("中心户协议签订日期", S1, Date)
    responsible_member_id: Mapped[int | None] = col("负责人（党员编号）：组长或户主", S2, Integer)
    suspended_on: Mapped[date | None] = col("暂停日期", S1, Date)
    ended_on: Mapped[date | None] = col("撤销日期", S1, Date)
    ended_reason: Mapped[str] = col("撤销原因", S1, String(200), default="")
    capacity_reason: Mapped[str] = col("可容纳人数超过一般限额的理由", S1, String(200), default="")
    note: Mapped[str] = col("备注", S2, String(500), default="")
    geom: Mapped[bytes | None] = col("位置", S2, Geometry)
    __table_args__ = (geometry_index("host_household"),)
