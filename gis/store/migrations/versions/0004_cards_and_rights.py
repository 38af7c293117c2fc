"""Contact cards, study modes, organisations and their posts, sessions, consent, rights and the chained audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and add the columns; members keep what they have, nobody has a card or a consent yet."""
    _export_record()
    _holiday()
    _retention_run()
    _rule_note()
    _setting()
    _joint_body()
    _survey_campaign()
    _care_need()
    _consent()
    _contact_card()
    _contact_log()
    _contact_person()
    _grid_assignment()
    _joint_body_member()
    _lost_contact()
    _member_request()
    _pairing()
    _rights_request()
    _study_mode_decision()
    _survey_target()
    _area_building()
    _lost_contact_event()
    _session()
    _attendance()
    _new_columns()


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


def _survey_campaign() -> None:
    op.create_table(
        "survey_campaign",
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("org_id", sa.Integer(), nullable=False, comment="开展摸排的组织"),
        sa.Column("started_on", sa.Date(), nullable=False, comment="开始日期"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="应完成日期"),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="结束日期"),
        sa.Column("note", sa.String(length=500), nullable=False, comment="要求"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_survey_campaign_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_campaign")),
    )
    op.create_index(op.f("ix_survey_campaign_org_id"), "survey_campaign", ["org_id"], unique=False)


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


def _contact_card() -> None:
    op.create_table(
        "contact_card",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("card_no", sa.String(length=32), nullable=False, comment="卡号"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="建卡日期"),
        sa.Column("employment", sa.String(32), nullable=True, comment="就业状况"),
        sa.Column("can_use_smartphone", sa.Boolean(), nullable=True, comment="会用智能手机"),
        sa.Column("is_private", sa.Boolean(), nullable=False, comment="不愿公开党员身份"),
        sa.Column("management_mode", sa.String(32), nullable=True, comment="直管、协管、代管"),
        sa.Column("mobile_card_no", sa.String(length=64), nullable=False, comment="流动党员活动证号"),
        sa.Column("mobile_card_checked_on", sa.Date(), nullable=True, comment="流动党员活动证查验日期"),
        sa.Column("emergency_name", sa.String(length=100), nullable=False, comment="紧急联系人姓名"),
        sa.Column("emergency_phone", sa.String(length=64), nullable=False, comment="紧急联系人电话"),
        sa.Column("emergency_relation", sa.String(32), nullable=True, comment="与本人关系"),
        sa.Column("is_emergency_told", sa.Boolean(), nullable=False, comment="紧急联系人已知情"),
        sa.Column("no_concerns_on", sa.Date(), nullable=True, comment="问过本人、暂无诉求的日期"),
        sa.Column("verified_on", sa.Date(), nullable=True, comment="全卡核实日期"),
        sa.Column("verified_by", sa.String(length=100), nullable=False, comment="核实人"),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="销卡日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_contact_card_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_card")),
        sa.UniqueConstraint("card_no", name=op.f("uq_contact_card_card_no")),
        sa.UniqueConstraint("member_id", name=op.f("uq_contact_card_member_id")),
    )
    op.create_index(op.f("ix_contact_card_member_id"), "contact_card", ["member_id"], unique=False)


def _contact_log() -> None:
    op.create_table(
        "contact_log",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("on_day", sa.Date(), nullable=False, comment="联系日期"),
        sa.Column("channel", sa.String(32), nullable=False, comment="方式"),
        sa.Column("by_name", sa.String(length=100), nullable=False, comment="联系人"),
        sa.Column("is_reached", sa.Boolean(), nullable=False, comment="是否联系上"),
        sa.Column("next_on", sa.Date(), nullable=True, comment="下次联系日期"),
        sa.Column("note", sa.String(length=100), nullable=False, comment="备注，不超过 100 字"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_contact_log_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_log")),
    )
    op.create_index(op.f("ix_contact_log_member_id"), "contact_log", ["member_id"], unique=False)
    op.create_index(op.f("ix_contact_log_on_day"), "contact_log", ["on_day"], unique=False)


def _contact_person() -> None:
    op.create_table(
        "contact_person",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("side", sa.String(32), nullable=False, comment="哪一侧"),
        sa.Column("org_id", sa.Integer(), nullable=True, comment="联系人所在组织"),
        sa.Column("person_member_id", sa.Integer(), nullable=True, comment="联系人本人也是在册党员时"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="联系人姓名"),
        sa.Column("phone", sa.String(length=64), nullable=False, comment="联系人电话"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_contact_person_member_id")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_contact_person_org_id")),
        sa.ForeignKeyConstraint(["person_member_id"], ["member.id"], name=op.f("fk_contact_person_person_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
    )
    op.create_index(op.f("ix_contact_person_member_id"), "contact_person", ["member_id"], unique=False)
    op.create_index(op.f("ix_contact_person_org_id"), "contact_person", ["org_id"], unique=False)
    op.create_index(op.f("ix_contact_person_person_member_id"), "contact_person", ["person_member_id"], unique=False)
    op.create_index(
        "uq_contact_person_open",
        "contact_person",
        ["member_id", "side"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
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


def _member_request() -> None:
    op.create_table(
        "member_request",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("category", sa.String(32), nullable=False, comment="类别"),
        sa.Column("text", sa.String(length=200), nullable=False, comment="本人所提事项，不超过 200 字"),
        sa.Column("raised_on", sa.Date(), nullable=False, comment="提出日期"),
        sa.Column("handler", sa.String(length=100), nullable=False, comment="办理人"),
        sa.Column("status", sa.String(32), nullable=False, comment="状态"),
        sa.Column("result", sa.String(length=200), nullable=False, comment="办理结果，不超过 200 字"),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="办结日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_request_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_request")),
    )
    op.create_index(op.f("ix_member_request_member_id"), "member_request", ["member_id"], unique=False)


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


def _study_mode_decision() -> None:
    op.create_table(
        "study_mode_decision",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("mode", sa.String(32), nullable=False, comment="学习方式"),
        sa.Column("proposed", sa.String(32), nullable=False, comment="系统提出的方式"),
        sa.Column("rule", sa.String(length=64), nullable=False, comment="依据的规则"),
        sa.Column("trace", sa.JSON(), nullable=False, comment="所用事实与各条规则的结论"),
        sa.Column("is_override", sa.Boolean(), nullable=False, comment="与系统提出的不同"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="改动或接受的理由"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_study_mode_decision_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_mode_decision")),
    )
    op.create_index(op.f("ix_study_mode_decision_member_id"), "study_mode_decision", ["member_id"], unique=False)
    op.create_index(
        "uq_study_mode_decision_open",
        "study_mode_decision",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def _survey_target() -> None:
    op.create_table(
        "survey_target",
        sa.Column("survey_id", sa.Integer(), nullable=False, comment="摸排"),
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("assignee", sa.String(length=100), nullable=False, comment="走访人"),
        sa.Column("result", sa.String(32), nullable=True, comment="结果"),
        sa.Column("done_on", sa.Date(), nullable=True, comment="走访日期"),
        sa.Column("done_by", sa.String(length=100), nullable=False, comment="登记人"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_survey_target_member_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey_campaign.id"], name=op.f("fk_survey_target_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_target")),
        sa.UniqueConstraint("survey_id", "member_id", name=op.f("uq_survey_target_survey_id")),
    )
    op.create_index(op.f("ix_survey_target_member_id"), "survey_target", ["member_id"], unique=False)
    op.create_index(op.f("ix_survey_target_survey_id"), "survey_target", ["survey_id"], unique=False)


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


def _new_columns() -> None:
    op.add_column(
        "audit_log",
        sa.Column(
            "salt",
            sa.String(length=32),
            nullable=False,
            server_default="",
            comment="内容摘要所用随机数，内容清除时一并清除",
        ),
    )
    op.add_column(
        "audit_log",
        sa.Column(
            "payload_hash",
            sa.String(length=64),
            nullable=False,
            server_default="",
            comment="说明与明细的摘要；内容清除后仍在",
        ),
    )
    op.add_column(
        "audit_log",
        sa.Column(
            "row_hash",
            sa.String(length=64),
            nullable=False,
            server_default="",
            comment="本行与上一行摘要的摘要：改动、删行都会对不上",
        ),
    )
    op.add_column("audit_log", sa.Column("erased_on", sa.Date(), nullable=True, comment="说明与明细到期清除的日期"))
    op.add_column("host_household", sa.Column("applied_on", sa.Date(), nullable=True, comment="个人报名日期"))
    op.add_column("host_household", sa.Column("recommended_on", sa.Date(), nullable=True, comment="党员推荐日期"))
    op.add_column("host_household", sa.Column("group_proposed_on", sa.Date(), nullable=True, comment="党小组建议日期"))
    op.add_column(
        "host_household", sa.Column("agreement_signed_on", sa.Date(), nullable=True, comment="中心户协议签订日期")
    )
    op.add_column(
        "host_household",
        sa.Column("responsible_member_id", sa.Integer(), nullable=True, comment="负责人（党员编号）：组长或户主"),
    )
    op.add_column("host_household", sa.Column("suspended_on", sa.Date(), nullable=True, comment="暂停日期"))
    op.add_column("host_household", sa.Column("ended_on", sa.Date(), nullable=True, comment="撤销日期"))
    op.add_column(
        "member",
        sa.Column(
            "initials", sa.String(length=200), nullable=False, server_default="", comment="姓名拼音首字母，检索用"
        ),
    )
    op.add_column(
        "member",
        sa.Column("residence_org_id", sa.Integer(), nullable=True, comment="居住地党组织；空为按网格所属社区推定"),
    )
    op.add_column(
        "member", sa.Column("left_on", sa.Date(), nullable=True, comment="离开花名册的日期（去世、转出、出党）")
    )
    op.add_column("member", sa.Column("left_kind", sa.String(32), nullable=True, comment="离开的情形"))
    op.add_column("member", sa.Column("restricted_on", sa.Date(), nullable=True, comment="限制处理的起始日期"))
    op.create_index(op.f("ix_member_initials"), "member", ["initials"], unique=False)
    op.create_index(op.f("ix_member_residence_org_id"), "member", ["residence_org_id"], unique=False)
    op.add_column(
        "party_org",
        sa.Column(
            "approved_by", sa.String(length=200), nullable=False, server_default="", comment="批准成立或撤销的组织"
        ),
    )
    op.add_column("party_org", sa.Column("approved_on", sa.Date(), nullable=True, comment="批准日期"))
    op.add_column("party_org", sa.Column("term_ends_on", sa.Date(), nullable=True, comment="本届任期届满日期"))
    op.add_column(
        "party_org",
        sa.Column("committee_size", sa.Integer(), nullable=True, comment="支委会（党委、总支委员会）委员人数"),
    )
    op.add_column(
        "party_org",
        sa.Column(
            "task_body", sa.String(length=200), nullable=False, server_default="", comment="临时党支部所依托的临时机构"
        ),
    )
    op.add_column("party_org", sa.Column("unit_count", sa.Integer(), nullable=True, comment="联合党支部的联合单位数"))
    op.add_column(
        "party_org",
        sa.Column("office_phone", sa.String(length=64), nullable=False, server_default="", comment="办公电话"),
    )
