"""What the migrations build is what the schema says, on both databases."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from gis.model.access import Role, operator
from gis.store.database import Store
from gis.store.migrate import current, head, upgrade
from gis.store.schema import Base


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


def test_a_database_of_the_first_release_keeps_its_rows(empty_url: str):
    engine = create_engine(empty_url)
    upgrade(engine, "0001")
    with engine.begin() as connection:
        stamp = "'2026-01-01', 'x', '2026-01-01', 'x', 1"
        connection.execute(
            text(
                "INSERT INTO party_org (id, code, name, kind, status, created_at, created_by, updated_at, updated_by,"
                f" version) VALUES (1, '', '东风一支部', 'branch', 'active', {stamp})"
            )
        )
        columns = (
            "name, gender, birth_ym, phone, phone2, member_status, membership_status, joined_on, confirmed_on,"
            " branch_id, post, original_village, categories, preference, is_leader_eligible, map_precision,"
            " roster_source, created_at, created_by, updated_at, updated_by, version"
        )
        connection.execute(
            text(
                f"INSERT INTO member ({columns}) VALUES ('禾一', '0', '', '', '', 'full', 'normal', '', '', 1, '', '',"
                f" '[]', 'none', false, 'building', '', {stamp})"
            )
        )
    upgrade(engine)
    engine.dispose()
    with closing(Store.open(empty_url)) as store, store.reading(operator().scope) as reader:
        (member,) = reader.members()
    assert (member.name, member.max_walk_m, member.companion_ids) == ("禾一", None, ())
