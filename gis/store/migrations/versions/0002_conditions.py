"""Conditions of members: an own limit of walking, and who wants to sit with whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table; who has said nothing keeps the limit of their age."""
    op.add_column(
        "member",
        sa.Column("max_walk_m", sa.Integer(), nullable=True, comment="本人步行上限，米；空为按年龄"),
    )
    op.create_table(
        "member_companion",
        sa.Column("member_id", sa.Integer(), nullable=False, comment="党员"),
        sa.Column("companion_id", sa.Integer(), nullable=False, comment="愿与其同组的党员"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="起始日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="终止日期"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.ForeignKeyConstraint(["companion_id"], ["member.id"], name=op.f("fk_member_companion_companion_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_companion_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_companion")),
    )
    op.create_index(op.f("ix_member_companion_member_id"), "member_companion", ["member_id"])
    op.create_index(op.f("ix_member_companion_companion_id"), "member_companion", ["companion_id"])
    op.create_index(
        "uq_member_companion_open",
        "member_companion",
        ["member_id", "companion_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
