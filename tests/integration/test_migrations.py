"""What the migrations build is what the schema says, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from gis.model.access import Role
from gis.store.migrate import current, head
from gis.store.schema import Base

if TYPE_CHECKING:
    from gis.store.database import Store


def _is_ours(_item: Any, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
    return not (kind == "table" and name in {"spatial_ref_sys", "alembic_version"})


def test_the_database_is_at_the_programs_revision(store: Store):
    assert current(store.engine) == head()


def test_the_roles_of_the_program_stand_in_the_database(store: Store):
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT code, label FROM role ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(role.value, role.label) for role in Role]


def test_migrated_tables_equal_the_schema(store: Store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"target_metadata": Base.metadata, "compare_type": False, "include_object": _is_ours},
        )
        found = compare_metadata(context, Base.metadata)
    if store.engine.dialect.name == "sqlite":  # reflection there knows neither GiST nor partial indexes
        found = [step for step in found if not str(step[0]).endswith("_index")]
    assert found == []
