"""Alembic from the program: create, check, upgrade."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from gis.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy import Engine


@cache
def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("gis.store") / "migrations"))
    return config


@cache
def head() -> str:
    """Return the revision that this program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(engine: Engine) -> str:
    """Return the revision of the database, "" where it has none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def ensure_schema(engine: Engine) -> None:
    """Create the tables of an empty database; refuse one of another revision.

    Raises
    ------
    ConfigError
        The database is older (run `jiujin upgrade`), newer (update the program), or holds somebody else's tables.
    """
    found = current(engine)
    if found == head():
        return
    if not found:
        strangers = set(inspect(engine).get_table_names()) - {"spatial_ref_sys", "alembic_version"}
        if strangers:
            msg = f"该数据库里已有其他程序的表（{'、'.join(sorted(strangers)[:3])}），请换一个空库"
            raise ConfigError(msg)
        upgrade(engine)
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found in known:
        msg = "数据库是旧版本，请先备份，再运行 jiujin upgrade"
    else:
        msg = "数据库由更新版本的程序建立，请升级本程序"
    raise ConfigError(msg)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to the program's revision (or an earlier one), in one transaction."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
