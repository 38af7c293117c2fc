"""Rounds of visits with teams, stops, sheets and results; when a member likes to be visited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; cards from before say nothing about a time of day."""
    for name, meaning in (("visit_from_min", "从几点起"), ("visit_to_min", "到几点止")):
        op.add_column(
            "contact_card", sa.Column(name, sa.Integer(), nullable=True, comment=f"本人方便上门的时段{meaning}，分钟")
        )
    _visit_round()
    _visit_team()
    _visit_sheet()
    _visit_team_person()
    _visit_stop()
    _visit_target()
    _visit_result()


def _edited_rows() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
    ]


def _visit_round() -> None:
    op.create_table(
        "visit_round",
        sa.Column("org_id", sa.Integer(), nullable=False, comment="安排走访的组织"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="名称"),
        sa.Column("state", sa.String(32), nullable=False, comment="状态"),
        sa.Column("first_day", sa.Date(), nullable=False, comment="第一天"),
        sa.Column("last_day", sa.Date(), nullable=False, comment="最后一天"),
        sa.Column("options", sa.JSON(), nullable=False, comment="安排时的参数"),
        sa.Column("scores", sa.JSON(), nullable=False, comment="各项数字"),
        sa.Column("left_out", sa.JSON(), nullable=False, comment="未排入的党员和原因"),
        sa.Column("data_version", sa.Integer(), nullable=False, comment="所依据的数据版本"),
        sa.Column("note", sa.String(length=500), nullable=False, comment="备注"),
        sa.Column("issued_at", sa.DateTime(), nullable=True, comment="下发时间（UTC）"),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="结束或取消日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_visit_round_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_round")),
    )
    op.create_index(op.f("ix_visit_round_first_day"), "visit_round", ["first_day"], unique=False)
    op.create_index(op.f("ix_visit_round_org_id"), "visit_round", ["org_id"], unique=False)


def _visit_team() -> None:
    op.create_table(
        "visit_team",
        sa.Column("round_id", sa.Integer(), nullable=False, comment="走访批次"),
        sa.Column("number", sa.Integer(), nullable=False, comment="第几组"),
        sa.Column("way", sa.String(32), nullable=False, comment="出行方式"),
        sa.Column("shifts", sa.JSON(), nullable=False, comment="班次：日期和起止分钟"),
        sa.Column("start_venue_id", sa.Integer(), nullable=True, comment="出发的场所"),
        sa.Column("start_building_id", sa.Integer(), nullable=True, comment="出发的楼栋"),
        sa.Column("is_returning", sa.Boolean(), nullable=False, comment="走完回到出发地"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["round_id"], ["visit_round.id"], name=op.f("fk_visit_team_round_id")),
        sa.ForeignKeyConstraint(["start_building_id"], ["building.id"], name=op.f("fk_visit_team_start_building_id")),
        sa.ForeignKeyConstraint(["start_venue_id"], ["venue.id"], name=op.f("fk_visit_team_start_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_team")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_visit_team_round_id")),
    )
    op.create_index(op.f("ix_visit_team_round_id"), "visit_team", ["round_id"], unique=False)
    op.create_index(op.f("ix_visit_team_start_building_id"), "visit_team", ["start_building_id"], unique=False)
    op.create_index(op.f("ix_visit_team_start_venue_id"), "visit_team", ["start_venue_id"], unique=False)


def _visit_sheet() -> None:
    op.create_table(
        "visit_sheet",
        sa.Column("team_id", sa.Integer(), nullable=False, comment="走访小组"),
        sa.Column("number", sa.String(length=32), nullable=False, comment="单号"),
        sa.Column("kind", sa.String(32), nullable=False, comment="形式"),
        sa.Column("holder", sa.String(length=100), nullable=False, comment="持有人"),
        sa.Column("issued_at", sa.DateTime(), nullable=False, comment="打印或下载时间（UTC）"),
        sa.Column("expires_on", sa.Date(), nullable=False, comment="用到哪天"),
        sa.Column("returned_on", sa.Date(), nullable=True, comment="交回日期"),
        sa.Column("voided_on", sa.Date(), nullable=True, comment="作废日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["team_id"], ["visit_team.id"], name=op.f("fk_visit_sheet_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_sheet")),
        sa.UniqueConstraint("number", name=op.f("uq_visit_sheet_number")),
    )
    op.create_index(op.f("ix_visit_sheet_team_id"), "visit_sheet", ["team_id"], unique=False)


def _visit_team_person() -> None:
    op.create_table(
        "visit_team_person",
        sa.Column("team_id", sa.Integer(), nullable=False, comment="走访小组"),
        sa.Column("position", sa.Integer(), nullable=False, comment="顺序"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="姓名"),
        sa.Column("user_id", sa.Integer(), nullable=True, comment="账号；没有账号的为空"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["team_id"], ["visit_team.id"], name=op.f("fk_visit_team_person_team_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_visit_team_person_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_team_person")),
    )
    op.create_index(op.f("ix_visit_team_person_team_id"), "visit_team_person", ["team_id"], unique=False)
    op.create_index(op.f("ix_visit_team_person_user_id"), "visit_team_person", ["user_id"], unique=False)


def _visit_stop() -> None:
    op.create_table(
        "visit_stop",
        sa.Column("round_id", sa.Integer(), nullable=False, comment="走访批次"),
        sa.Column("team_id", sa.Integer(), nullable=True, comment="走访小组"),
        sa.Column("shift", sa.Integer(), nullable=False, comment="该组第几个班次，从 0 起"),
        sa.Column("position", sa.Integer(), nullable=False, comment="该组第几站，从 1 起"),
        sa.Column("arrive", sa.DateTime(), nullable=False, comment="计划开始（本地）"),
        sa.Column("leave", sa.DateTime(), nullable=False, comment="计划结束（本地）"),
        sa.Column("travel_min", sa.Float(), nullable=False, comment="路上分钟"),
        sa.Column("walk_m", sa.Float(), nullable=False, comment="路程，米"),
        sa.Column("service_min", sa.Integer(), nullable=False, comment="停留分钟"),
        sa.Column("is_estimated", sa.Boolean(), nullable=False, comment="路程为估算"),
        sa.Column("is_locked", sa.Boolean(), nullable=False, comment="人工锁定"),
        sa.Column("is_optional", sa.Boolean(), nullable=False, comment="时间不够时可不走"),
        sa.Column("window", sa.JSON(), nullable=True, comment="本人方便的时段，分钟"),
        sa.Column("group_id", sa.Integer(), nullable=True, comment="小组学习时的党小组"),
        sa.Column("session_id", sa.Integer(), nullable=True, comment="小组学习对应的组织生活"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["group_id"], ["party_group.id"], name=op.f("fk_visit_stop_group_id")),
        sa.ForeignKeyConstraint(["round_id"], ["visit_round.id"], name=op.f("fk_visit_stop_round_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_visit_stop_session_id")),
        sa.ForeignKeyConstraint(["team_id"], ["visit_team.id"], name=op.f("fk_visit_stop_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_stop")),
    )
    op.create_index(op.f("ix_visit_stop_group_id"), "visit_stop", ["group_id"], unique=False)
    op.create_index(op.f("ix_visit_stop_round_id"), "visit_stop", ["round_id"], unique=False)
    op.create_index(op.f("ix_visit_stop_session_id"), "visit_stop", ["session_id"], unique=False)
    op.create_index(op.f("ix_visit_stop_team_id"), "visit_stop", ["team_id"], unique=False)


def _visit_target() -> None:
    op.create_table(
        "visit_target",
        sa.Column("round_id", sa.Integer(), nullable=False, comment="走访批次"),
        sa.Column("stop_id", sa.Integer(), nullable=False, comment="停留点"),
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("purposes", sa.JSON(), nullable=False, comment="目的"),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="为何安排"),
        sa.Column("material", sa.String(length=200), nullable=False, comment="带去的材料"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_visit_target_member_id")),
        sa.ForeignKeyConstraint(["round_id"], ["visit_round.id"], name=op.f("fk_visit_target_round_id")),
        sa.ForeignKeyConstraint(["stop_id"], ["visit_stop.id"], name=op.f("fk_visit_target_stop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_target")),
        sa.UniqueConstraint("round_id", "member_id", name=op.f("uq_visit_target_round_id")),
    )
    op.create_index(op.f("ix_visit_target_member_id"), "visit_target", ["member_id"], unique=False)
    op.create_index(op.f("ix_visit_target_round_id"), "visit_target", ["round_id"], unique=False)
    op.create_index(op.f("ix_visit_target_stop_id"), "visit_target", ["stop_id"], unique=False)


def _visit_result() -> None:
    op.create_table(
        "visit_result",
        sa.Column("target_id", sa.Integer(), nullable=False, comment="走访的党员"),
        sa.Column("key", sa.String(length=64), nullable=False, comment="送出时生成的唯一编号，重复送来只算一次"),
        sa.Column("result", sa.String(32), nullable=False, comment="结果"),
        sa.Column("on_day", sa.Date(), nullable=False, comment="走访日期"),
        sa.Column("by_name", sa.String(length=100), nullable=False, comment="走访人"),
        sa.Column("note", sa.String(length=100), nullable=False, comment="备注，不超过 100 字"),
        sa.Column("next_on", sa.Date(), nullable=True, comment="下次走访日期"),
        sa.Column("source", sa.String(32), nullable=False, comment="如何送来"),
        sa.Column("state", sa.String(32), nullable=False, comment="是否采用"),
        sa.Column("sheet_id", sa.Integer(), nullable=True, comment="走访单"),
        sa.Column("contact_log_id", sa.Integer(), nullable=True, comment="由此登记的联系记录"),
        sa.Column("effects", sa.JSON(), nullable=False, comment="由此改动的其他记录，更正时据此恢复"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["contact_log_id"], ["contact_log.id"], name=op.f("fk_visit_result_contact_log_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["visit_sheet.id"], name=op.f("fk_visit_result_sheet_id")),
        sa.ForeignKeyConstraint(["target_id"], ["visit_target.id"], name=op.f("fk_visit_result_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_result")),
        sa.UniqueConstraint("key", name=op.f("uq_visit_result_key")),
    )
    op.create_index(op.f("ix_visit_result_contact_log_id"), "visit_result", ["contact_log_id"], unique=False)
    op.create_index(op.f("ix_visit_result_on_day"), "visit_result", ["on_day"], unique=False)
    op.create_index(op.f("ix_visit_result_sheet_id"), "visit_result", ["sheet_id"], unique=False)
    op.create_index(op.f("ix_visit_result_target_id"), "visit_result", ["target_id"], unique=False)
    op.create_index(
        "uq_visit_result_accepted",
        "visit_result",
        ["target_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
