"""Members put into an area by hand; what is registered of a member's life, and what to look at again because of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and create the tables; addresses from before have no reason and no correction."""
    _area_member()
    _residence()
    _life_event()
    _life_review()


def _edited_rows() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
    ]


def _residence() -> None:
    op.add_column(
        "residence_history",
        sa.Column("residence_org_id", sa.Integer(), nullable=True, comment="住在此处时由人指定的居住地党组织"),
    )
    op.add_column(
        "residence_history",
        sa.Column("move_reason", sa.String(length=200), nullable=False, server_default="", comment="迁居原因"),
    )
    op.add_column("residence_history", sa.Column("corrected_on", sa.Date(), nullable=True, comment="更正日期"))
    op.add_column(
        "residence_history",
        sa.Column("correction", sa.String(length=200), nullable=False, server_default="", comment="更正原因"),
    )


def _life_event() -> None:
    op.create_table(
        "life_event",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("kind", sa.String(32), nullable=False, comment="变动"),
        sa.Column("on_day", sa.Date(), nullable=False, comment="变动日期"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="原因"),
        sa.Column("closed", sa.JSON(), nullable=False, comment="随之终止的记录编号，撤销时恢复"),
        sa.Column("undone_on", sa.Date(), nullable=True, comment="撤销日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_life_event_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_event")),
    )
    op.create_index(op.f("ix_life_event_member_id"), "life_event", ["member_id"], unique=False)
    op.create_index(op.f("ix_life_event_on_day"), "life_event", ["on_day"], unique=False)


def _life_review() -> None:
    op.create_table(
        "life_review",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("event_id", sa.Integer(), nullable=False, comment="由哪次变动引起"),
        sa.Column("what", sa.String(32), nullable=False, comment="待复核的事项"),
        sa.Column("raised_on", sa.Date(), nullable=False, comment="提出日期"),
        sa.Column("settled_on", sa.Date(), nullable=True, comment="复核日期"),
        sa.Column("settled_by", sa.String(length=64), nullable=False, comment="复核人账号"),
        sa.Column("answer", sa.String(length=200), nullable=False, comment="复核结论"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["event_id"], ["life_event.id"], name=op.f("fk_life_review_event_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_life_review_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_review")),
    )
    op.create_index(op.f("ix_life_review_event_id"), "life_review", ["event_id"], unique=False)
    op.create_index(op.f("ix_life_review_member_id"), "life_review", ["member_id"], unique=False)


def _area_member() -> None:
    op.create_table(
        "area_member",
        sa.Column("area_id", sa.Integer(), nullable=False, comment="片区"),
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        *_edited_rows(),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_area_member_area_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_area_member_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_member")),
    )
    op.create_index(op.f("ix_area_member_area_id"), "area_member", ["area_id"], unique=False)
    op.create_index(op.f("ix_area_member_member_id"), "area_member", ["member_id"], unique=False)
    op.create_index(
        "uq_area_member_open",
        "area_member",
        ["area_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
