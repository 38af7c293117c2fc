"""Tokens of the screens on the wall."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "display_token",
        sa.Column("name", sa.String(length=64), nullable=False, comment="哪一块大屏"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="令牌的 SHA-256"),
        sa.Column("expires_at", sa.DateTime(), nullable=False, comment="到期时间（UTC）"),
        sa.Column("revoked_at", sa.DateTime(), nullable=True, comment="停用时间（UTC）"),
        sa.Column("id", sa.Integer(), nullable=False, comment="内部编号"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="建立时间（UTC）"),
        sa.Column("created_by", sa.String(length=64), nullable=False, comment="建立人账号"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="更新时间（UTC）"),
        sa.Column("updated_by", sa.String(length=64), nullable=False, comment="更新人账号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="行版本，修改时加一"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_display_token_token_hash")),
    )
