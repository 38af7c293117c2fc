"""First tables: territory, organisations, members, groups, users, audit, imports."""

from __future__ import annotations

from alembic import op

from gis.store.schema import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    Base.metadata.create_all(op.get_bind())
