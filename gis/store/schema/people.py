"""Tables of organisations, members and their histories."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Boolean, Date, Float, Index, Integer, String, text
from sqlalchemy.orm import Mapped

from gis.model.enums import (
    CommunityKind,
    Gender,
    HousingKind,
    MapPrecision,
    MembershipStatus,
    MemberStatus,
    MobilityLevel,
    OrgKind,
    OrgStatus,
    PositionSource,
    Precision,
    Preference,
)
from gis.model.rights import LeftKind
from gis.store.geometry import Geometry, geometry_index
from gis.store.schema.base import S0, S1, S2, S3, Base, Rows, code_list, col, ref


class OrgRow(Rows, Base):
    """党组织。"""

    __tablename__ = "party_org"
    code: Mapped[str] = col("组织编码", S1, String(64), default="", index=True)
    name: Mapped[str] = col("名称", S1, String(200), unique=True)
    kind: Mapped[OrgKind] = col("类别", S1, code_list(OrgKind))
    community_kind: Mapped[CommunityKind | None] = col("社区类型", S1, code_list(CommunityKind))
    parent_id: Mapped[int | None] = ref("party_org", "上级组织")
    status: Mapped[OrgStatus] = col("状态", S1, code_list(OrgStatus))
    founded_on: Mapped[date | None] = col("成立日期", S1, Date)
    valid_to: Mapped[date | None] = col("撤销日期", S1, Date)
    successor_id: Mapped[int | None] = ref("party_org", "撤并后的接续组织")
    approved_by: Mapped[str] = col("批准成立或撤销的组织", S1, String(200), default="")
    approved_on: Mapped[date | None] = col("批准日期", S1, Date)
    term_ends_on: Mapped[date | None] = col("本届任期届满日期", S1, Date)
    committee_size: Mapped[int | None] = col("支委会（党委、总支委员会）委员人数", S1, Integer)
    task_body: Mapped[str] = col("临时党支部所依托的临时机构", S1, String(200), default="")
    unit_count: Mapped[int | None] = col("联合党支部的联合单位数", S1, Integer)
    office_phone: Mapped[str] = col("办公电话", S1, String(64), default="")


class OrgDivisionRow(Rows, Base):
    """组织与区划的多对多关系。"""

    __tablename__ = "org_division"
    org_id: Mapped[int] = ref("party_org", "组织")
    division_code: Mapped[str] = col("覆盖的区划代码", S0, String(12), index=True)
    valid_from: Mapped[date | None] = col("起始日期", S1, Date)
    valid_to: Mapped[date | None] = col("终止日期", S1, Date)


class HouseholdRow(Rows, Base):
    """一户一档。"""

    __tablename__ = "household"
    file_no: Mapped[str] = col("档案号", S1, String(64), unique=True)
    head_name: Mapped[str] = col("户主姓名", S2, String(200), default="")
    original_village: Mapped[str] = col("原村（组）", S1, String(200), default="")
    project: Mapped[str] = col("拆迁项目", S1, String(200), default="")
    current_address: Mapped[str] = col("现住址", S3, String(500), default="")
    housing_kind: Mapped[HousingKind | None] = col("居住情况", S2, code_list(HousingKind))
    floor_no: Mapped[int | None] = col("楼层", S2, Integer)
    has_lift: Mapped[bool | None] = col("有无电梯", S2, Boolean)


class MemberRow(Rows, Base):
    """党员。不存身份证号、健康、民族、学历。"""

    __tablename__ = "member"
    name: Mapped[str] = col("姓名", S2, String(200), index=True)
    gender: Mapped[Gender] = col("性别", S2, code_list(Gender))
    birth_ym: Mapped[str] = col("出生年月 YYYY-MM", S2, String(10), default="")
    phone: Mapped[str] = col("联系电话", S2, String(100), default="")
    phone2: Mapped[str] = col("备用电话", S2, String(100), default="")
    member_status: Mapped[MemberStatus] = col("正式或预备", S2, code_list(MemberStatus))
    membership_status: Mapped[MembershipStatus] = col("党籍状态", S2, code_list(MembershipStatus))
    joined_on: Mapped[str] = col("入党时间", S2, String(10), default="")
    confirmed_on: Mapped[str] = col("转正时间", S2, String(10), default="")
    branch_id: Mapped[int] = ref("party_org", "组织关系所在支部", S2)
    household_id: Mapped[int | None] = ref("household", "所属户档", S2)
    post: Mapped[str] = col("党内职务", S1, String(100), default="")
    original_village: Mapped[str] = col("原村（组）", S1, String(200), default="")
    categories: Mapped[list[str]] = col("党员类别，可多选", S2, JSON)
    preference: Mapped[Preference] = col("本人意愿", S2, code_list(Preference))
    mobility_level: Mapped[MobilityLevel | None] = col("行动能力三级，由人核定", S3, code_list(MobilityLevel))
    lives_alone: Mapped[bool | None] = col("是否独居", S3, Boolean)
    is_leader_eligible: Mapped[bool] = col("支部推荐可任组长", S1, Boolean)
    locked_host_id: Mapped[int | None] = ref("host_household", "支部指定的中心户", S2)
    max_walk_m: Mapped[int | None] = col("本人步行上限，米；空为按年龄", S3, Integer)
    map_precision: Mapped[MapPrecision] = col("位置显示精度", S1, code_list(MapPrecision))
    roster_source: Mapped[str] = col("来源花名册版式", S1, String(64), default="")
    initials: Mapped[str] = col("姓名拼音首字母，检索用", S2, String(200), default="", index=True)
    residence_org_id: Mapped[int | None] = col("居住地党组织；空为按网格所属社区推定", S2, Integer, index=True)
    left_on: Mapped[date | None] = col("离开花名册的日期（去世、转出、出党）", S2, Date)
    left_kind: Mapped[LeftKind | None] = col("离开的情形", S2, code_list(LeftKind))
    restricted_on: Mapped[date | None] = col("限制处理的起始日期", S2, Date)


class CompanionRow(Rows, Base):
    """愿同组的两人（夫妻、结伴）；编号小的在前，`valid_to` 为空的有效。"""

    __tablename__ = "member_companion"
    member_id: Mapped[int] = ref("member", "党员", S2)
    companion_id: Mapped[int] = ref("member", "愿与其同组的党员", S2)
    valid_from: Mapped[date] = col("起始日期", S2, Date)
    valid_to: Mapped[date | None] = col("终止日期", S2, Date)
    __table_args__ = (
        Index(
            "uq_member_companion_open",
            "member_id",
            "companion_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )


class AffiliationRow(Rows, Base):
    """组织关系历史。"""

    __tablename__ = "affiliation_history"
    member_id: Mapped[int] = ref("member", "党员", S2)
    org_id: Mapped[int] = ref("party_org", "组织", S2)
    valid_from: Mapped[date] = col("起始日期", S2, Date)
    valid_to: Mapped[date | None] = col("终止日期", S2, Date)
    reason: Mapped[str] = col("变动原因", S2, String(200), default="")


class ResidenceRow(Rows, Base):
    """居住地历史；`valid_to` 为空的一条是现住址。"""

    __tablename__ = "residence_history"
    member_id: Mapped[int] = ref("member", "党员", S2)
    address: Mapped[str] = col("原文地址", S3, String(500))
    precision: Mapped[Precision] = col("定位精度", S2, code_list(Precision))
    source: Mapped[PositionSource] = col("位置来源", S2, code_list(PositionSource))
    confidence: Mapped[float] = col("可信度 0 到 1", S2, Float)
    building_id: Mapped[int | None] = ref("building", "楼栋", S2)
    estate_id: Mapped[int | None] = ref("estate", "小区", S2)
    grid_id: Mapped[int | None] = ref("grid", "网格", S2)
    unit_no: Mapped[str] = col("单元", S3, String(32), default="")
    room_no: Mapped[str] = col("室号", S3, String(32), default="")
    candidates: Mapped[list[int]] = col("待确认的候选楼栋", S2, JSON)
    reason: Mapped[str] = col("待核定原因", S2, String(300), default="")
    valid_from: Mapped[date] = col("起始日期", S2, Date)
    valid_to: Mapped[date | None] = col("终止日期", S2, Date, index=True)
    located_on: Mapped[date | None] = col("定位日期", S2, Date)
    verified_on: Mapped[date | None] = col("核实日期", S2, Date)
    verified_by: Mapped[str] = col("核实人账号", S2, String(64), default="")
    residence_org_id: Mapped[int | None] = col("住在此处时由人指定的居住地党组织", S2, Integer)
    move_reason: Mapped[str] = col("迁居原因", S2, String(200), default="")
    corrected_on: Mapped[date | None] = col("更正日期", S2, Date)
    correction: Mapped[str] = col("更正原因", S2, String(200), default="")
    geom: Mapped[bytes | None] = col("位置点", S3, Geometry)
    __table_args__ = (geometry_index("residence_history"),)


class TransitionRow(Rows, Base):
    """返迁过渡期。"""

    __tablename__ = "transition_episode"
    member_id: Mapped[int] = ref("member", "党员", S2)
    household_id: Mapped[int | None] = ref("household", "户档", S2)
    project: Mapped[str] = col("拆迁项目", S1, String(200), default="")
    started_on: Mapped[date | None] = col("过渡开始日期", S2, Date)
    expected_return: Mapped[str] = col("预计返迁时间，年或年月", S2, String(32), default="")
    returned_on: Mapped[date | None] = col("实际返迁日期，空为仍在过渡期", S2, Date)
    return_community: Mapped[str] = col("安置小区", S1, String(200), default="")
    housing_kind: Mapped[HousingKind | None] = col("居住情况", S2, code_list(HousingKind))
    note: Mapped[str] = col("备注", S2, String(200), default="")
    source: Mapped[str] = col("来源", S0, String(64), default="")
