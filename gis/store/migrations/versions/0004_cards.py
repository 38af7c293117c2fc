"""Contact cards, contacts, requests, surveys, study modes; the chained audit; more about members and organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gis.store.chain import chain_old_rows

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and add the columns; members keep what they have and get a card when somebody opens one."""
    _survey_campaign()
    _contact_card()
    _contact_log()
    _contact_person()
    _member_request()
    _study_mode_decision()
    _survey_target()
    _member_and_org()
    _audit()
    _host()


def _edited_rows() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
    ]


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


def _member_and_org() -> None:
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


def _audit() -> None:
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
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号，只有一行"),
        sa.Column("last_id", sa.Integer(), nullable=False, comment="最后一条操作记录的序号"),
        sa.Column("n_rows", sa.Integer(), nullable=False, comment="操作记录的条数"),
        sa.Column("row_hash", sa.String(length=64), nullable=False, comment="最后一条操作记录的摘要"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    chain_old_rows(op.get_bind())


def _host() -> None:
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
        "host_household",
        sa.Column(
            "capacity_reason",
            sa.String(length=200),
            nullable=False,
            server_default="",
            comment="可容纳人数超过一般限额的理由",
        ),
    )
