"""A SQLite database as bytes: consistent while others write, with nothing left in a side file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from gis.store.database import normalise_url


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite address; None for a server or a database in memory."""
    address = make_url(normalise_url(url))
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    return Path(address.database)


def sqlite_snapshot(file: Path) -> bytes:
    """Return the content of the database as it is committed now."""
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        source.backup(copy)
        return copy.serialize()
