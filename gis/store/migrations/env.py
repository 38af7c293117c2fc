"""Alembic's entry: runs on the connection that gis.store.migrate opened."""

from __future__ import annotations

from alembic import context

from gis.store.schema import Base

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
