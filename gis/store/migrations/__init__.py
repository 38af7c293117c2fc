"""Alembic's environment and revisions, run by gis.store.migrate."""
