"""The one installation that this process serves: its settings and its store."""

from __future__ import annotations

from functools import lru_cache

from gis.config import Settings, settings
from gis.store.database import Store

__all__ = ["options", "store"]


def options() -> Settings:
    """Return the settings of this installation."""
    return settings()


def store() -> Store:
    """Return the store, opened once for each address."""
    return _opened(settings().database_url)


@lru_cache(maxsize=4)
def _opened(url: str) -> Store:
    return Store.open(url)
