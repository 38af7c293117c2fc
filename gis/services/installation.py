"""The installation itself: upgrade the database, check what is there."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import ConfigError, InputError
from gis.model.access import Action
from gis.services import basemaps
from gis.services.access import require
from gis.store.database import Store, connect
from gis.store.migrate import current, upgrade

if TYPE_CHECKING:
    from gis.config import Settings
    from gis.model.access import Actor


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, with a sentence for the person who installs."""

    name: str
    is_ok: bool
    message: str


def upgrade_database(url: str) -> str:
    """Bring the database at `url` to the program's revision and return that revision."""
    engine = connect(url)
    try:
        upgrade(engine)
        return current(engine)
    finally:
        engine.dispose()


def check_installation(actor: Actor, store: Store) -> tuple[Check, ...]:
    """Look at Python, the database and what has been imported so far."""
    require(actor, Action.MANAGE_USERS)
    with store.reading(actor.scope) as reader:
        counts = {
            "组织": len(reader.orgs()),
            "网格": len(reader.grids()),
            "楼栋": len(reader.buildings()),
            "道路": len(reader.roads()),
            "账号": len(reader.accounts()),
        }
    version = ".".join(str(part) for part in sys.version_info[:3])
    found = [
        Check("python", is_ok=(3, 11) <= sys.version_info[:2] < (3, 14), message=f"Python {version}"),
        Check("database", is_ok=True, message=f"数据库 {store.engine.dialect.name}，版本 {current(store.engine)}"),
    ]
    found += [
        Check(name, is_ok=number > 0, message=f"{name} {number}" + ("" if number else "，尚未导入或建立"))
        for name, number in counts.items()
    ]
    return tuple(found)


def check_basemaps(options: Settings) -> Check:
    """Look at the declared basemaps."""
    try:
        found = basemaps.declared(options)
    except (ConfigError, InputError) as error:
        return Check("basemaps", is_ok=False, message=str(error))
    names = "、".join(one.title for one in found)
    words = f"底图 {len(found)} 个：{names}" if found else "没有声明底图，只画本街道图层"
    return Check("basemaps", is_ok=True, message=words)
