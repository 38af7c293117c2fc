"""Posts in grids, joint bodies, sessions, consent, rights, care, lost contact, settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; nobody has answered a consent yet."""
    _export_record()
    _holiday()
    _retention_run()
    _rule_note()
    _setting()
    _joint_body()
    _care_need()
    _consent()
    _grid_assignment()
    _joint_body_member()
    _lost_contact()
    _pairing()
    _rights_request()
    _area_building()
    _org_event()
    _lost_contact_event()
    _session()
    _attendance()


def _edited_rows() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
    ]


def _export_record() -> None:
    op.create_table(
        "export_record",
        sa.Column("kind", sa.String(length=64), nullable=False, comment="类别"),
        sa.Column("path", sa.String(length=500), nullable=False, comment="文件位置"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="文件摘要"),
        sa.Column("member_ids", sa.JSON(), nullable=False, comment="涉及的党员"),
        sa.Column("n_rows", sa.Integer(), nullable=False, comment="行数"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="用途"),
        sa.Column("expires_on", sa.Date(), nullable=False, comment="应删除日期"),
        sa.Column("deleted_on", sa.Date(), nullable=True, comment="已删除日期"),
        *_edited_rows(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_record")),
    )


def _holiday() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False, comment="日期"),
        sa.Column("is_workday", sa.Boolean(), nullable=False, comment="调休上班"),
        sa.Column("name", sa.String(length=64), nullable=False, comment="名称"),
        *_edited_rows(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_holiday_day")),
    )


def _retention_run() -> None:
    op.create_table(
        "retention_run",
        sa.Column("on_day", sa.Date(), nullable=False, comment="按哪一天计算"),
        sa.Column("counts", sa.JSON(), nullable=False, comment="各类删除、清空的数量"),
        *_edited_rows(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )


def _rule_note() -> None:
    op.create_table(
        "rule_note",
        sa.Column("rule", sa.String(length=8), nullable=False, comment="规则编号"),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="对象：类别与编号，例如 member:12"),
        sa.Column("facts", sa.String(length=64), nullable=False, comment="当时事实的摘要"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="理由"),
        *_edited_rows(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_note")),
    )
    op.create_index("uq_rule_note_subject", "rule_note", ["rule", "subject", "facts"], unique=True)


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False, comment="设置项"),
        sa.Column("value", sa.JSON(), nullable=False, comment="取值"),
        *_edited_rows(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_setting_key")),
    )


def _joint_body() -> None:
    op.create_table(
        "joint_body",
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("kind", sa.String(32), nullable=False, comment="类别"),
        sa.Column("lead_org_id", sa.Integer(), nullable=False, comment="牵头组织"),
        sa.Column("founded_on", sa.Date(), nullable=True, comment="成立日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        sa.Column("note", sa.String(length=500), nullable=False, comment="说明"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["lead_org_id"], ["party_org.id"], name=op.f("fk_joint_body_lead_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_body")),
        sa.UniqueConstraint("name", name=op.f("uq_joint_body_name")),
    )
    op.create_index(op.f("ix_joint_body_lead_org_id"), "joint_body", ["lead_org_id"], unique=False)


def _care_need() -> None:
    op.create_table(
        "care_need",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("code", sa.String(32), nullable=False, comment="类别"),
        sa.Column("helper", sa.String(length=100), nullable=False, comment="帮扶人"),
        sa.Column("helper_user_id", sa.Integer(), nullable=True, comment="帮扶人账号"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="结束日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["helper_user_id"], ["app_user.id"], name=op.f("fk_care_need_helper_user_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_care_need_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_need")),
    )
    op.create_index(op.f("ix_care_need_helper_user_id"), "care_need", ["helper_user_id"], unique=False)
    op.create_index(op.f("ix_care_need_member_id"), "care_need", ["member_id"], unique=False)


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("scope", sa.String(32), nullable=False, comment="事项"),
        sa.Column("share_org_id", sa.Integer(), nullable=True, comment="提供给哪个组织"),
        sa.Column("answer", sa.String(32), nullable=False, comment="同意或不同意"),
        sa.Column("given_on", sa.Date(), nullable=False, comment="表示日期"),
        sa.Column("method", sa.String(32), nullable=False, comment="方式"),
        sa.Column("witness", sa.String(length=100), nullable=False, comment="见证人"),
        sa.Column("notice_version", sa.String(length=32), nullable=False, comment="告知书版本"),
        sa.Column("withdrawn_on", sa.Date(), nullable=True, comment="撤回或改变的日期，空为有效"),
        sa.Column("scan_ref", sa.String(length=200), nullable=False, comment="签字件存放处"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_consent_member_id")),
        sa.ForeignKeyConstraint(["share_org_id"], ["party_org.id"], name=op.f("fk_consent_share_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_member_id"), "consent", ["member_id"], unique=False)
    op.create_index(op.f("ix_consent_share_org_id"), "consent", ["share_org_id"], unique=False)
    op.create_index(
        "uq_consent_open",
        "consent",
        ["member_id", "scope"],
        unique=True,
        sqlite_where=sa.text("withdrawn_on IS NULL AND share_org_id IS NULL"),
        postgresql_where=sa.text("withdrawn_on IS NULL AND share_org_id IS NULL"),
    )


def _grid_assignment() -> None:
    op.create_table(
        "grid_assignment",
        sa.Column("grid_id", sa.Integer(), nullable=False, comment="网格"),
        sa.Column("building_id", sa.Integer(), nullable=True, comment="楼栋长所在楼栋"),
        sa.Column("member_id", sa.Integer(), nullable=True, comment="由在册党员担任时"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="姓名"),
        sa.Column("phone", sa.String(length=64), nullable=False, comment="工作电话"),
        sa.Column("post", sa.String(32), nullable=False, comment="岗位"),
        sa.Column("duties", sa.String(length=300), nullable=False, comment="职责"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_grid_assignment_building_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_grid_assignment_grid_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_grid_assignment_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_assignment")),
    )
    op.create_index(op.f("ix_grid_assignment_building_id"), "grid_assignment", ["building_id"], unique=False)
    op.create_index(op.f("ix_grid_assignment_grid_id"), "grid_assignment", ["grid_id"], unique=False)
    op.create_index(op.f("ix_grid_assignment_member_id"), "grid_assignment", ["member_id"], unique=False)


def _joint_body_member() -> None:
    op.create_table(
        "joint_body_member",
        sa.Column("body_id", sa.Integer(), nullable=False, comment="联合体"),
        sa.Column("org_id", sa.Integer(), nullable=True, comment="成员组织"),
        sa.Column("member_id", sa.Integer(), nullable=True, comment="成员（活动小组）"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="系统外成员的名称"),
        sa.Column("town", sa.String(length=100), nullable=False, comment="所属镇、街道"),
        sa.Column("role", sa.String(32), nullable=False, comment="担任"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["body_id"], ["joint_body.id"], name=op.f("fk_joint_body_member_body_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_joint_body_member_member_id")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_joint_body_member_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_body_member")),
    )
    op.create_index(op.f("ix_joint_body_member_body_id"), "joint_body_member", ["body_id"], unique=False)
    op.create_index(op.f("ix_joint_body_member_member_id"), "joint_body_member", ["member_id"], unique=False)
    op.create_index(op.f("ix_joint_body_member_org_id"), "joint_body_member", ["org_id"], unique=False)


def _lost_contact() -> None:
    op.create_table(
        "lost_contact",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("stage", sa.String(32), nullable=False, comment="进展"),
        sa.Column("last_on", sa.Date(), nullable=False, comment="失去联系日期"),
        sa.Column("basis", sa.String(32), nullable=False, comment="日期依据"),
        sa.Column("reason_code", sa.String(32), nullable=True, comment="原因代码"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="查找经过，不超过 200 字"),
        sa.Column("proposed_by", sa.String(length=64), nullable=False, comment="提出人账号"),
        sa.Column("proposed_at", sa.DateTime(), nullable=True, comment="提出时间（UTC）"),
        sa.Column("confirmed_by", sa.String(length=64), nullable=False, comment="确认人账号"),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True, comment="确认时间（UTC）"),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="结束日期"),
        sa.Column("close_reason", sa.String(length=200), nullable=False, comment="结束原因"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_lost_contact_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_contact")),
    )
    op.create_index(op.f("ix_lost_contact_member_id"), "lost_contact", ["member_id"], unique=False)


def _pairing() -> None:
    op.create_table(
        "pairing",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="被帮扶党员"),
        sa.Column("helper_member_id", sa.Integer(), nullable=True, comment="帮扶党员"),
        sa.Column("helper", sa.String(length=100), nullable=False, comment="帮扶人姓名"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="结束日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["helper_member_id"], ["member.id"], name=op.f("fk_pairing_helper_member_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_pairing_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
    )
    op.create_index(op.f("ix_pairing_helper_member_id"), "pairing", ["helper_member_id"], unique=False)
    op.create_index(op.f("ix_pairing_member_id"), "pairing", ["member_id"], unique=False)


def _rights_request() -> None:
    op.create_table(
        "rights_request",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("kind", sa.String(32), nullable=False, comment="类别"),
        sa.Column("detail", sa.String(length=200), nullable=False, comment="本人要求，不超过 200 字"),
        sa.Column("received_on", sa.Date(), nullable=False, comment="收到日期"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="应办结日期"),
        sa.Column("status", sa.String(32), nullable=False, comment="状态"),
        sa.Column("handled_on", sa.Date(), nullable=True, comment="办结日期"),
        sa.Column("answer", sa.String(length=200), nullable=False, comment="答复，不超过 200 字"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_rights_request_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
    )
    op.create_index(op.f("ix_rights_request_member_id"), "rights_request", ["member_id"], unique=False)


def _area_building() -> None:
    op.create_table(
        "area_building",
        sa.Column("area_id", sa.Integer(), nullable=False, comment="片区"),
        sa.Column("building_id", sa.Integer(), nullable=False, comment="楼栋"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_area_building_area_id")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_area_building_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_building")),
    )
    op.create_index(op.f("ix_area_building_area_id"), "area_building", ["area_id"], unique=False)
    op.create_index(op.f("ix_area_building_building_id"), "area_building", ["building_id"], unique=False)
    op.create_index(
        "uq_area_building_open",
        "area_building",
        ["area_id", "building_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def _org_event() -> None:
    op.create_table(
        "org_event",
        sa.Column("org_id", sa.Integer(), nullable=False, comment="组织"),
        sa.Column("kind", sa.String(32), nullable=False, comment="事项"),
        sa.Column("on_day", sa.Date(), nullable=False, comment="日期"),
        sa.Column("approved_by", sa.String(length=200), nullable=False, comment="批准的组织"),
        sa.Column("other_org_id", sa.Integer(), nullable=True, comment="接续或转出的组织"),
        sa.Column("note", sa.String(length=500), nullable=False, comment="说明，不含个人信息"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_org_event_org_id")),
        sa.ForeignKeyConstraint(["other_org_id"], ["party_org.id"], name=op.f("fk_org_event_other_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_event")),
    )
    op.create_index(op.f("ix_org_event_org_id"), "org_event", ["org_id"], unique=False)
    op.create_index(op.f("ix_org_event_other_org_id"), "org_event", ["other_org_id"], unique=False)


def _lost_contact_event() -> None:
    op.create_table(
        "lost_contact_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("lost_id", sa.Integer(), nullable=False, comment="失联记录"),
        sa.Column("stage", sa.String(32), nullable=False, comment="变为"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间（UTC）"),
        sa.Column("by", sa.String(length=64), nullable=False, comment="操作人账号"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="原因"),
        sa.ForeignKeyConstraint(["lost_id"], ["lost_contact.id"], name=op.f("fk_lost_contact_event_lost_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_contact_event")),
    )
    op.create_index(op.f("ix_lost_contact_event_lost_id"), "lost_contact_event", ["lost_id"], unique=False)


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("org_id", sa.Integer(), nullable=False, comment="召集的组织"),
        sa.Column("group_id", sa.Integer(), nullable=True, comment="党小组会所属小组"),
        sa.Column("kind", sa.String(32), nullable=False, comment="类别"),
        sa.Column("affair", sa.String(32), nullable=False, comment="事务类型"),
        sa.Column("theme", sa.String(length=200), nullable=False, comment="主题"),
        sa.Column("plan", sa.String(length=500), nullable=False, comment="计划安排"),
        sa.Column("format", sa.String(32), nullable=True, comment="形式"),
        sa.Column("mode", sa.String(32), nullable=False, comment="方式"),
        sa.Column("planned_at", sa.DateTime(), nullable=False, comment="计划时间（本地）"),
        sa.Column("held_on", sa.Date(), nullable=True, comment="实际召开日期"),
        sa.Column("venue_id", sa.Integer(), nullable=True, comment="场所"),
        sa.Column("host_id", sa.Integer(), nullable=True, comment="党员中心户"),
        sa.Column("responsible", sa.String(length=100), nullable=False, comment="责任人"),
        sa.Column("record", sa.Text(), nullable=False, comment="记录"),
        sa.Column("cancelled_on", sa.Date(), nullable=True, comment="取消日期"),
        sa.Column("kept_counts", sa.JSON(), nullable=True, comment="名单到期清除后留下的人数"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["group_id"], ["party_group.id"], name=op.f("fk_session_group_id")),
        sa.ForeignKeyConstraint(["host_id"], ["host_household.id"], name=op.f("fk_session_host_id")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_session_org_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_session_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_group_id"), "session", ["group_id"], unique=False)
    op.create_index(op.f("ix_session_host_id"), "session", ["host_id"], unique=False)
    op.create_index(op.f("ix_session_org_id"), "session", ["org_id"], unique=False)
    op.create_index(op.f("ix_session_planned_at"), "session", ["planned_at"], unique=False)
    op.create_index(op.f("ix_session_venue_id"), "session", ["venue_id"], unique=False)


def _attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Integer(), nullable=False, comment="组织生活"),
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("state", sa.String(32), nullable=False, comment="情况"),
        sa.Column("has_vote", sa.Boolean(), nullable=False, comment="有表决权"),
        sa.Column("invited_by", sa.String(length=32), nullable=False, comment="按哪一侧通知：组织关系或居住地"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attendance_member_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_attendance_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("session_id", "member_id", name=op.f("uq_attendance_session_id")),
    )
    op.create_index(op.f("ix_attendance_member_id"), "attendance", ["member_id"], unique=False)
    op.create_index(op.f("ix_attendance_session_id"), "attendance", ["session_id"], unique=False)
