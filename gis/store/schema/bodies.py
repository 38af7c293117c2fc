"""Tables of posts in grids, of buildings in 片区, and of bodies across organisations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Index, String, text
from sqlalchemy.orm import Mapped

from gis.model.bodies import BodyKind, BodyRole, GridPost, OrgEventKind
from gis.store.schema.base import S0, S1, S2, Base, Rows, code_list, col, ref


class AreaBuildingRow(Rows, Base):
    """片区包含的楼栋；同一组织内一栋楼只属一个片区。"""

    __tablename__ = "area_building"
    area_id: Mapped[int] = ref("area", "片区")
    building_id: Mapped[int] = ref("building", "楼栋", S0)
    valid_from: Mapped[date] = col("起始日期", S1, Date)
    valid_to: Mapped[date | None] = col("终止日期", S1, Date)
    __table_args__ = (
        Index(
            "uq_area_building_open",
            "area_id",
            "building_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )


class AreaMemberRow(Rows, Base):
    """由人指定到片区的党员：住址没有定到楼栋，或本人不同意精确定位的；优先于按楼栋推定。"""

    __tablename__ = "area_member"
    area_id: Mapped[int] = ref("area", "片区")
    member_id: Mapped[int] = ref("member", "党员", S2)
    valid_from: Mapped[date] = col("起始日期", S2, Date)
    valid_to: Mapped[date | None] = col("终止日期", S2, Date)
    __table_args__ = (
        Index(
            "uq_area_member_open",
            "area_id",
            "member_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )


class GridAssignmentRow(Rows, Base):
    """一网多员、一员多岗：人在网格（或楼栋）的岗位。"""

    __tablename__ = "grid_assignment"
    grid_id: Mapped[int] = ref("grid", "网格")
    building_id: Mapped[int | None] = ref("building", "楼栋长所在楼栋", S0)
    member_id: Mapped[int | None] = ref("member", "由在册党员担任时", S2)
    name: Mapped[str] = col("姓名", S2, String(100))
    phone: Mapped[str] = col("工作电话", S2, String(64), default="")
    post: Mapped[GridPost] = col("岗位", S1, code_list(GridPost))
    duties: Mapped[str] = col("职责", S1, String(300), default="")
    valid_from: Mapped[date] = col("起始日期", S1, Date)
    valid_to: Mapped[date | None] = col("终止日期", S1, Date)


class BodyRow(Rows, Base):
    """跨组织的联合体：党建联合委员会、党建联盟、活动小组。"""

    __tablename__ = "joint_body"
    name: Mapped[str] = col("名称", S1, String(200), unique=True)
    kind: Mapped[BodyKind] = col("类别", S1, code_list(BodyKind))
    lead_org_id: Mapped[int] = ref("party_org", "牵头组织")
    founded_on: Mapped[date | None] = col("成立日期", S1, Date)
    valid_to: Mapped[date | None] = col("终止日期", S1, Date)
    note: Mapped[str] = col("说明", S1, String(500), default="")


class BodyMemberRow(Rows, Base):
    """联合体的成员：本系统内的组织、外镇外单位的组织（只有名称），或活动小组中的党员。"""

    __tablename__ = "joint_body_member"
    body_id: Mapped[int] = ref("joint_body", "联合体")
    org_id: Mapped[int | None] = ref("party_org", "成员组织")
    member_id: Mapped[int | None] = ref("member", "成员（活动小组）", S2)
    name: Mapped[str] = col("系统外成员的名称", S1, String(200), default="")
    town: Mapped[str] = col("所属镇、街道", S1, String(100), default="")
    role: Mapped[BodyRole] = col("担任", S1, code_list(BodyRole))
    valid_from: Mapped[date] = col("起始日期", S1, Date)
    valid_to: Mapped[date | None] = col("终止日期", S1, Date)


class OrgEventRow(Rows, Base):
    """组织的历史，只增不改：成立、变更、撤并、整建制转接、撤销。"""

    __tablename__ = "org_event"
    org_id: Mapped[int] = ref("party_org", "组织")
    kind: Mapped[OrgEventKind] = col("事项", S1, code_list(OrgEventKind))
    on_day: Mapped[date] = col("日期", S1, Date)
    approved_by: Mapped[str] = col("批准的组织", S1, String(200), default="")
    other_org_id: Mapped[int | None] = ref("party_org", "接续或转出的组织")
    note: Mapped[str] = col("说明，不含个人信息", S1, String(500), default="")
