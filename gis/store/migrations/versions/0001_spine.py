"""First tables: territory, organisations, members, groups, users, audit, imports."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from gis.store.geometry import Geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BUILT = datetime(2026, 11, 21)  # noqa: DTZ001  # the database holds naive UTC
_ROLES = [  # for those who read the database by SQL; who may do what stands in gis/model/access.py
    ("sys_admin", "系统管理员"),
    ("sec_admin", "安全管理员"),
    ("audit_admin", "审计管理员"),
    ("street_leader", "街道领导"),
    ("street_clerk", "街道组织员"),
    ("village_secretary", "村（社区）书记"),
    ("branch_secretary", "支部书记"),
    ("group_leader", "党小组长"),
    ("liaison", "联络员"),
    ("viewer_big_screen", "大屏展示"),
]


def upgrade() -> None:
    """Create all tables, each after those it refers to."""
    _app_user()
    _assignment_run()
    _audit_log()
    _data_version()
    _division()
    _estate()
    _grid()
    _building()
    _household()
    _import_batch()
    _import_key()
    _party_org()
    _host_household()
    _member()
    _affiliation_history()
    _area()
    _org_division()
    _residence_history()
    _road()
    _role()
    _scope()
    _sign_in()
    _transition_episode()
    _venue()
    _party_group()
    _group_membership()
    _group_plan()
    if _is_postgresql():  # SQLite takes a reference to a table that comes later
        op.create_foreign_key(op.f("fk_host_household_member_id"), "host_household", "member", ["member_id"], ["id"])


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _app_user() -> None:
    op.create_table(
        "app_user",
        sa.Column("username", sa.String(length=64), nullable=False, comment="登录名"),
        sa.Column("display_name", sa.String(length=200), nullable=False, comment="显示名"),
        sa.Column("role", sa.String(32), nullable=False, comment="角色"),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="口令摘要（argon2id）"),
        sa.Column("is_active", sa.Boolean(), nullable=False, comment="是否启用"),
        sa.Column("must_change", sa.Boolean(), nullable=False, comment="下次登录须改口令"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="连续失败次数"),
        sa.Column("locked_until", sa.DateTime(), nullable=True, comment="锁定到（UTC）"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("username", name=op.f("uq_app_user_username")),
    )


def _assignment_run() -> None:
    op.create_table(
        "assignment_run",
        sa.Column("parameters", sa.JSON(), nullable=False, comment="测算参数"),
        sa.Column("data_version", sa.Integer(), nullable=False, comment="所依据的数据版本"),
        sa.Column("solver", sa.String(length=64), nullable=False, comment="求解器与版本"),
        sa.Column("status", sa.String(length=32), nullable=False, comment="求解状态"),
        sa.Column("objective", sa.Float(), nullable=False, comment="目标值"),
        sa.Column("bound", sa.Float(), nullable=False, comment="已证明下界"),
        sa.Column("document", sa.JSON(), nullable=False, comment="方案全文，见 docs/plan-json.md"),
        sa.Column("accepted_by", sa.String(length=64), nullable=False, comment="采用人账号"),
        sa.Column("accepted_at", sa.DateTime(), nullable=False, comment="采用时间（UTC）"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_run")),
    )


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间（UTC）"),
        sa.Column("actor", sa.String(length=64), nullable=False, comment="操作人账号"),
        sa.Column("role", sa.String(length=32), nullable=False, comment="操作人角色"),
        sa.Column("action", sa.String(length=64), nullable=False, comment="操作"),
        sa.Column("summary", sa.String(length=500), nullable=False, comment="一句话说明，不含个人信息"),
        sa.Column("details", sa.JSON(), nullable=False, comment="涉及的表、编号与数量"),
        sa.Column("data_version", sa.Integer(), nullable=False, comment="操作后的数据版本"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_action"), "audit_log", ["action"])
    op.create_index(op.f("ix_audit_log_actor"), "audit_log", ["actor"])
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"])


def _data_version() -> None:
    op.create_table(
        "data_version",
        sa.Column("topic", sa.String(length=32), nullable=False, comment="数据类别"),
        sa.Column("number", sa.Integer(), nullable=False, comment="版本号"),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_data_version")),
    )


def _division() -> None:
    op.create_table(
        "division",
        sa.Column("code", sa.String(length=12), nullable=False, comment="统计用区划代码，12 位"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("level", sa.String(32), nullable=False, comment="级别"),
        sa.Column("parent_code", sa.String(length=12), nullable=False, comment="上级区划代码"),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="启用日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="停用日期"),
        sa.Column("geom", Geometry(), nullable=True, comment="范围"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint("code", name=op.f("uq_division_code")),
    )
    if _is_postgresql():
        op.create_index("ix_division_geom", "division", ["geom"], postgresql_using="gist")


def _estate() -> None:
    op.create_table(
        "estate",
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("aliases", sa.JSON(), nullable=False, comment="别名"),
        sa.Column("division_code", sa.String(length=12), nullable=False, comment="所属社区区划代码"),
        sa.Column("geom", Geometry(), nullable=True, comment="范围"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estate")),
        sa.UniqueConstraint("name", "division_code", name=op.f("uq_estate_name")),
    )
    if _is_postgresql():
        op.create_index("ix_estate_geom", "estate", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_estate_name"), "estate", ["name"])


def _grid() -> None:
    op.create_table(
        "grid",
        sa.Column("grid_code", sa.String(length=32), nullable=False, comment="网格编号：12 位区划代码加 3 位顺序号"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("kind", sa.String(32), nullable=False, comment="类型"),
        sa.Column("community_code", sa.String(length=12), nullable=False, comment="所属社区区划代码"),
        sa.Column("area_m2", sa.Float(), nullable=False, comment="面积，平方米"),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="启用日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="停用日期"),
        sa.Column("geom", Geometry(), nullable=False, comment="范围"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("grid_code", name=op.f("uq_grid_grid_code")),
    )
    op.create_index(op.f("ix_grid_community_code"), "grid", ["community_code"])
    if _is_postgresql():
        op.create_index("ix_grid_geom", "grid", ["geom"], postgresql_using="gist")


def _building() -> None:
    op.create_table(
        "building",
        sa.Column("estate_id", sa.Integer(), nullable=True, comment="所属小区"),
        sa.Column("building_no", sa.String(length=100), nullable=False, comment="幢号"),
        sa.Column("grid_id", sa.Integer(), nullable=True, comment="所在基础网格"),
        sa.Column("address", sa.String(length=500), nullable=False, comment="门牌地址"),
        sa.Column("floors", sa.Integer(), nullable=True, comment="层数"),
        sa.Column("units", sa.Integer(), nullable=True, comment="单元数"),
        sa.Column("households", sa.Integer(), nullable=True, comment="户数"),
        sa.Column("has_lift", sa.Boolean(), nullable=True, comment="有无电梯"),
        sa.Column("status", sa.String(32), nullable=False, comment="状态"),
        sa.Column("source_id", sa.String(length=64), nullable=False, comment="来源数据中的编号"),
        sa.Column("source_crs", sa.String(length=32), nullable=False, comment="来源数据声明的坐标系"),
        sa.Column("geom", Geometry(), nullable=False, comment="轮廓或位置点"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["estate_id"], ["estate.id"], name=op.f("fk_building_estate_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_building_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
    )
    op.create_index(op.f("ix_building_estate_id"), "building", ["estate_id"])
    if _is_postgresql():
        op.create_index("ix_building_geom", "building", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_building_grid_id"), "building", ["grid_id"])
    op.create_index(op.f("ix_building_source_id"), "building", ["source_id"])


def _household() -> None:
    op.create_table(
        "household",
        sa.Column("file_no", sa.String(length=64), nullable=False, comment="档案号"),
        sa.Column("head_name", sa.String(length=200), nullable=False, comment="户主姓名"),
        sa.Column("original_village", sa.String(length=200), nullable=False, comment="原村（组）"),
        sa.Column("project", sa.String(length=200), nullable=False, comment="拆迁项目"),
        sa.Column("current_address", sa.String(length=500), nullable=False, comment="现住址"),
        sa.Column("housing_kind", sa.String(32), nullable=True, comment="居住情况"),
        sa.Column("floor_no", sa.Integer(), nullable=True, comment="楼层"),
        sa.Column("has_lift", sa.Boolean(), nullable=True, comment="有无电梯"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("file_no", name=op.f("uq_household_file_no")),
    )


def _import_batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("file_name", sa.String(length=300), nullable=False, comment="文件名"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="文件摘要"),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="类别"),
        sa.Column("crs", sa.String(length=32), nullable=False, comment="声明的坐标系"),
        sa.Column("counts", sa.JSON(), nullable=False, comment="新增、变化、缺少、问题的数量"),
        sa.Column("attribution", sa.String(length=300), nullable=False, comment="数据来源署名"),
        sa.Column("faults", sa.JSON(), nullable=False, comment="未导入的行与原因"),
        sa.Column("note", sa.Text(), nullable=False, comment="备注"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )


def _import_key() -> None:
    op.create_table(
        "import_key",
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("source", sa.String(length=200), nullable=False, comment="来源：类别加版式或支部"),
        sa.Column("target", sa.String(length=32), nullable=False, comment="对象类别"),
        sa.Column("target_id", sa.Integer(), nullable=False, comment="对象编号"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="最近一次导入内容的摘要，未变则不再改动"),
        sa.Column("batch_id", sa.Integer(), nullable=False, comment="最近一次出现的批次"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_key_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_key")),
    )
    op.create_index(op.f("ix_import_key_batch_id"), "import_key", ["batch_id"])
    op.create_index(op.f("ix_import_key_source"), "import_key", ["source"])


def _party_org() -> None:
    op.create_table(
        "party_org",
        sa.Column("code", sa.String(length=64), nullable=False, comment="组织编码"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("kind", sa.String(32), nullable=False, comment="类别"),
        sa.Column("community_kind", sa.String(32), nullable=True, comment="社区类型"),
        sa.Column("parent_id", sa.Integer(), nullable=True, comment="上级组织"),
        sa.Column("status", sa.String(32), nullable=False, comment="状态"),
        sa.Column("founded_on", sa.Date(), nullable=True, comment="成立日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="撤销日期"),
        sa.Column("successor_id", sa.Integer(), nullable=True, comment="撤并后的接续组织"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["parent_id"], ["party_org.id"], name=op.f("fk_party_org_parent_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["party_org.id"], name=op.f("fk_party_org_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_org")),
        sa.UniqueConstraint("name", name=op.f("uq_party_org_name")),
    )
    op.create_index(op.f("ix_party_org_code"), "party_org", ["code"])
    op.create_index(op.f("ix_party_org_parent_id"), "party_org", ["parent_id"])
    op.create_index(op.f("ix_party_org_successor_id"), "party_org", ["successor_id"])


def _host_household() -> None:
    op.create_table(
        "host_household",
        sa.Column("name", sa.String(length=200), nullable=False, comment="户主姓名"),
        sa.Column("branch_id", sa.Integer(), nullable=False, comment="所在支部"),
        sa.Column("member_id", sa.Integer(), nullable=True, comment="户主对应的党员"),
        sa.Column("building_id", sa.Integer(), nullable=True, comment="所在楼栋"),
        sa.Column("address", sa.String(length=500), nullable=False, comment="地址，精确到室"),
        sa.Column("capacity", sa.Integer(), nullable=False, comment="可容纳人数，不超过 15 为宜"),
        sa.Column("floor", sa.Integer(), nullable=True, comment="楼层"),
        sa.Column("is_step_free", sa.Boolean(), nullable=True, comment="有无障碍通道"),
        sa.Column("equipment", sa.JSON(), nullable=False, comment="电教设备"),
        sa.Column("status", sa.String(32), nullable=False, comment="状态"),
        sa.Column("approved_on", sa.Date(), nullable=True, comment="设立（批准）日期"),
        sa.Column("ended_reason", sa.String(length=200), nullable=False, comment="撤销原因"),
        sa.Column("note", sa.String(length=500), nullable=False, comment="备注"),
        sa.Column("geom", Geometry(), nullable=True, comment="位置"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["branch_id"], ["party_org.id"], name=op.f("fk_host_household_branch_id")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_host_household_building_id")),
        *_member_reference(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_household")),
    )
    op.create_index(op.f("ix_host_household_branch_id"), "host_household", ["branch_id"])
    op.create_index(op.f("ix_host_household_building_id"), "host_household", ["building_id"])
    if _is_postgresql():
        op.create_index("ix_host_household_geom", "host_household", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_host_household_member_id"), "host_household", ["member_id"])


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("name", sa.String(length=200), nullable=False, comment="姓名"),
        sa.Column("gender", sa.String(32), nullable=False, comment="性别"),
        sa.Column("birth_ym", sa.String(length=10), nullable=False, comment="出生年月 YYYY-MM"),
        sa.Column("phone", sa.String(length=100), nullable=False, comment="联系电话"),
        sa.Column("phone2", sa.String(length=100), nullable=False, comment="备用电话"),
        sa.Column("member_status", sa.String(32), nullable=False, comment="正式或预备"),
        sa.Column("membership_status", sa.String(32), nullable=False, comment="党籍状态"),
        sa.Column("joined_on", sa.String(length=10), nullable=False, comment="入党时间"),
        sa.Column("confirmed_on", sa.String(length=10), nullable=False, comment="转正时间"),
        sa.Column("branch_id", sa.Integer(), nullable=False, comment="组织关系所在支部"),
        sa.Column("household_id", sa.Integer(), nullable=True, comment="所属户档"),
        sa.Column("post", sa.String(length=100), nullable=False, comment="党内职务"),
        sa.Column("original_village", sa.String(length=200), nullable=False, comment="原村（组）"),
        sa.Column("categories", sa.JSON(), nullable=False, comment="党员类别，可多选"),
        sa.Column("preference", sa.String(32), nullable=False, comment="本人意愿"),
        sa.Column("mobility_level", sa.String(32), nullable=True, comment="行动能力三级，由人核定"),
        sa.Column("lives_alone", sa.Boolean(), nullable=True, comment="是否独居"),
        sa.Column("is_leader_eligible", sa.Boolean(), nullable=False, comment="支部推荐可任组长"),
        sa.Column("locked_host_id", sa.Integer(), nullable=True, comment="支部指定的中心户"),
        sa.Column("map_precision", sa.String(32), nullable=False, comment="位置显示精度"),
        sa.Column("roster_source", sa.String(length=64), nullable=False, comment="来源花名册版式"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["branch_id"], ["party_org.id"], name=op.f("fk_member_branch_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_member_household_id")),
        sa.ForeignKeyConstraint(["locked_host_id"], ["host_household.id"], name=op.f("fk_member_locked_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_index(op.f("ix_member_branch_id"), "member", ["branch_id"])
    op.create_index(op.f("ix_member_household_id"), "member", ["household_id"])
    op.create_index(op.f("ix_member_locked_host_id"), "member", ["locked_host_id"])
    op.create_index(op.f("ix_member_name"), "member", ["name"])


def _affiliation_history() -> None:
    op.create_table(
        "affiliation_history",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("org_id", sa.Integer(), nullable=False, comment="组织"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="变动原因"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_affiliation_history_member_id")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_affiliation_history_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation_history")),
    )
    op.create_index(op.f("ix_affiliation_history_member_id"), "affiliation_history", ["member_id"])
    op.create_index(op.f("ix_affiliation_history_org_id"), "affiliation_history", ["org_id"])


def _area() -> None:
    op.create_table(
        "area",
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("org_id", sa.Integer(), nullable=False, comment="划分片区的组织"),
        sa.Column("leader_member_id", sa.Integer(), nullable=True, comment="片区负责人"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="启用日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="停用日期"),
        sa.Column("geom", Geometry(), nullable=True, comment="范围"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["leader_member_id"], ["member.id"], name=op.f("fk_area_leader_member_id")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_area_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
    )
    if _is_postgresql():
        op.create_index("ix_area_geom", "area", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_area_leader_member_id"), "area", ["leader_member_id"])
    op.create_index(op.f("ix_area_org_id"), "area", ["org_id"])


def _org_division() -> None:
    op.create_table(
        "org_division",
        sa.Column("org_id", sa.Integer(), nullable=False, comment="组织"),
        sa.Column("division_code", sa.String(length=12), nullable=False, comment="覆盖的区划代码"),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_org_division_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_division")),
    )
    op.create_index(op.f("ix_org_division_division_code"), "org_division", ["division_code"])
    op.create_index(op.f("ix_org_division_org_id"), "org_division", ["org_id"])


def _residence_history() -> None:
    op.create_table(
        "residence_history",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("address", sa.String(length=500), nullable=False, comment="原文地址"),
        sa.Column("precision", sa.String(32), nullable=False, comment="定位精度"),
        sa.Column("source", sa.String(32), nullable=False, comment="位置来源"),
        sa.Column("confidence", sa.Float(), nullable=False, comment="可信度 0 到 1"),
        sa.Column("building_id", sa.Integer(), nullable=True, comment="楼栋"),
        sa.Column("estate_id", sa.Integer(), nullable=True, comment="小区"),
        sa.Column("grid_id", sa.Integer(), nullable=True, comment="网格"),
        sa.Column("unit_no", sa.String(length=32), nullable=False, comment="单元"),
        sa.Column("room_no", sa.String(length=32), nullable=False, comment="室号"),
        sa.Column("candidates", sa.JSON(), nullable=False, comment="待确认的候选楼栋"),
        sa.Column("reason", sa.String(length=300), nullable=False, comment="待核定原因"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        sa.Column("located_on", sa.Date(), nullable=True, comment="定位日期"),
        sa.Column("verified_on", sa.Date(), nullable=True, comment="核实日期"),
        sa.Column("verified_by", sa.String(length=64), nullable=False, comment="核实人账号"),
        sa.Column("geom", Geometry(), nullable=True, comment="位置点"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_residence_history_building_id")),
        sa.ForeignKeyConstraint(["estate_id"], ["estate.id"], name=op.f("fk_residence_history_estate_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_residence_history_grid_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_residence_history_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence_history")),
    )
    op.create_index(op.f("ix_residence_history_building_id"), "residence_history", ["building_id"])
    op.create_index(op.f("ix_residence_history_estate_id"), "residence_history", ["estate_id"])
    if _is_postgresql():
        op.create_index("ix_residence_history_geom", "residence_history", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_residence_history_grid_id"), "residence_history", ["grid_id"])
    op.create_index(op.f("ix_residence_history_member_id"), "residence_history", ["member_id"])
    op.create_index(op.f("ix_residence_history_valid_to"), "residence_history", ["valid_to"])


def _road() -> None:
    op.create_table(
        "road",
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="类型"),
        sa.Column("is_walkable", sa.Boolean(), nullable=False, comment="可否步行"),
        sa.Column("source_id", sa.String(length=64), nullable=False, comment="来源编号或几何摘要"),
        sa.Column("geom", Geometry(), nullable=False, comment="线形"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road")),
    )
    if _is_postgresql():
        op.create_index("ix_road_geom", "road", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_road_source_id"), "road", ["source_id"])


def _role() -> None:
    role = op.create_table(
        "role",
        sa.Column("code", sa.String(32), nullable=False, comment="角色代码"),
        sa.Column("label", sa.String(length=64), nullable=False, comment="角色名称"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("code", name=op.f("uq_role_code")),
    )
    stamp = {"created_at": _BUILT, "created_by": "系统", "updated_at": _BUILT, "updated_by": "系统", "version": 1}
    op.bulk_insert(role, [{"code": code, "label": label, **stamp} for code, label in _ROLES])


def _scope() -> None:
    op.create_table(
        "scope",
        sa.Column("user_id", sa.Integer(), nullable=False, comment="账号"),
        sa.Column("org_id", sa.Integer(), nullable=False, comment="组织子树的根"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_scope_org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_scope_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope")),
    )
    op.create_index(op.f("ix_scope_org_id"), "scope", ["org_id"])
    op.create_index(op.f("ix_scope_user_id"), "scope", ["user_id"])


def _sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="令牌的 SHA-256"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="账号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="登录时间（UTC）"),
        sa.Column("seen_at", sa.DateTime(), nullable=False, comment="最近使用时间（UTC）"),
        sa.Column("address", sa.String(length=64), nullable=False, comment="来源地址"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_user_id"), "sign_in", ["user_id"])


def _transition_episode() -> None:
    op.create_table(
        "transition_episode",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("household_id", sa.Integer(), nullable=True, comment="户档"),
        sa.Column("project", sa.String(length=200), nullable=False, comment="拆迁项目"),
        sa.Column("started_on", sa.Date(), nullable=True, comment="过渡开始日期"),
        sa.Column("expected_return", sa.String(length=32), nullable=False, comment="预计返迁时间，年或年月"),
        sa.Column("returned_on", sa.Date(), nullable=True, comment="实际返迁日期，空为仍在过渡期"),
        sa.Column("return_community", sa.String(length=200), nullable=False, comment="安置小区"),
        sa.Column("housing_kind", sa.String(32), nullable=True, comment="居住情况"),
        sa.Column("note", sa.String(length=200), nullable=False, comment="备注"),
        sa.Column("source", sa.String(length=64), nullable=False, comment="来源"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_transition_episode_household_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_transition_episode_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition_episode")),
    )
    op.create_index(op.f("ix_transition_episode_household_id"), "transition_episode", ["household_id"])
    op.create_index(op.f("ix_transition_episode_member_id"), "transition_episode", ["member_id"])


def _venue() -> None:
    op.create_table(
        "venue",
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("kind", sa.String(32), nullable=False, comment="类型"),
        sa.Column("capacity", sa.Integer(), nullable=False, comment="可容纳人数"),
        sa.Column("org_id", sa.Integer(), nullable=True, comment="所属组织"),
        sa.Column("building_id", sa.Integer(), nullable=True, comment="所在楼栋"),
        sa.Column("floor", sa.Integer(), nullable=True, comment="楼层"),
        sa.Column("has_lift", sa.Boolean(), nullable=True, comment="有无电梯"),
        sa.Column("is_step_free", sa.Boolean(), nullable=True, comment="有无障碍通道"),
        sa.Column("equipment", sa.JSON(), nullable=False, comment="设备"),
        sa.Column("source_id", sa.String(length=64), nullable=False, comment="来源编号"),
        sa.Column("geom", Geometry(), nullable=True, comment="位置"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_venue_building_id")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_venue_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
    )
    op.create_index(op.f("ix_venue_building_id"), "venue", ["building_id"])
    if _is_postgresql():
        op.create_index("ix_venue_geom", "venue", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_venue_org_id"), "venue", ["org_id"])


def _party_group() -> None:
    op.create_table(
        "party_group",
        sa.Column("branch_id", sa.Integer(), nullable=False, comment="所属支部"),
        sa.Column("name", sa.String(length=500), nullable=False, comment="名称：支部与活动地点，不含个人姓名"),
        sa.Column("kind", sa.String(32), nullable=False, comment="类别"),
        sa.Column("status", sa.String(32), nullable=False, comment="状态"),
        sa.Column("area_id", sa.Integer(), nullable=True, comment="片区"),
        sa.Column("leader_member_id", sa.Integer(), nullable=True, comment="组长"),
        sa.Column("host_id", sa.Integer(), nullable=True, comment="党员中心户"),
        sa.Column("venue_id", sa.Integer(), nullable=True, comment="活动场所"),
        sa.Column("run_id", sa.Integer(), nullable=True, comment="来源方案"),
        sa.Column("decided_on", sa.Date(), nullable=True, comment="支委会决定日期"),
        sa.Column("reported_on", sa.Date(), nullable=True, comment="报上级日期"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_party_group_area_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["party_org.id"], name=op.f("fk_party_group_branch_id")),
        sa.ForeignKeyConstraint(["host_id"], ["host_household.id"], name=op.f("fk_party_group_host_id")),
        sa.ForeignKeyConstraint(["leader_member_id"], ["member.id"], name=op.f("fk_party_group_leader_member_id")),
        sa.ForeignKeyConstraint(["run_id"], ["assignment_run.id"], name=op.f("fk_party_group_run_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_party_group_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_group")),
    )
    op.create_index(op.f("ix_party_group_area_id"), "party_group", ["area_id"])
    op.create_index(op.f("ix_party_group_branch_id"), "party_group", ["branch_id"])
    op.create_index(op.f("ix_party_group_host_id"), "party_group", ["host_id"])
    op.create_index(op.f("ix_party_group_leader_member_id"), "party_group", ["leader_member_id"])
    op.create_index(op.f("ix_party_group_run_id"), "party_group", ["run_id"])
    op.create_index(op.f("ix_party_group_venue_id"), "party_group", ["venue_id"])


def _group_membership() -> None:
    op.create_table(
        "group_membership",
        sa.Column("group_id", sa.Integer(), nullable=False, comment="小组"),
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("role", sa.String(32), nullable=False, comment="组内角色"),
        sa.Column("source", sa.String(32), nullable=False, comment="来源"),
        sa.Column("walk_m", sa.Float(), nullable=True, comment="步行距离，米"),
        sa.Column("reason", sa.String(length=500), nullable=False, comment="编入原因"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["group_id"], ["party_group.id"], name=op.f("fk_group_membership_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_group_membership_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_membership")),
    )
    op.create_index(op.f("ix_group_membership_group_id"), "group_membership", ["group_id"])
    op.create_index(op.f("ix_group_membership_member_id"), "group_membership", ["member_id"])
    op.create_index(
        "uq_group_membership_open",
        "group_membership",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def _group_plan() -> None:
    op.create_table(
        "group_plan",
        sa.Column("run_id", sa.Integer(), nullable=False, comment="所属方案"),
        sa.Column("group_id", sa.Integer(), nullable=True, comment="采用后建立的小组"),
        sa.Column("branch_id", sa.Integer(), nullable=False, comment="支部"),
        sa.Column("walk_total_m", sa.Float(), nullable=False, comment="步行距离合计，米"),
        sa.Column("size", sa.Integer(), nullable=False, comment="人数"),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="为何设在此处"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["branch_id"], ["party_org.id"], name=op.f("fk_group_plan_branch_id")),
        sa.ForeignKeyConstraint(["group_id"], ["party_group.id"], name=op.f("fk_group_plan_group_id")),
        sa.ForeignKeyConstraint(["run_id"], ["assignment_run.id"], name=op.f("fk_group_plan_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_plan")),
    )
    op.create_index(op.f("ix_group_plan_branch_id"), "group_plan", ["branch_id"])
    op.create_index(op.f("ix_group_plan_group_id"), "group_plan", ["group_id"])
    op.create_index(op.f("ix_group_plan_run_id"), "group_plan", ["run_id"])


def _member_reference() -> list[sa.ForeignKeyConstraint]:
    if _is_postgresql():
        return []
    return [sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_host_household_member_id"))]
