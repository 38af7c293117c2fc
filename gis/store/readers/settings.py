"""The settings of the office: numbers without persons, readable by every signed-in role."""

from __future__ import annotations

from sqlalchemy import select

from gis.store.readers.base import ScopedReads
from gis.store.schema import SettingRow


class SettingReads(ScopedReads):
    """What the office has set; what it has not has no row."""

    def settings_set(self) -> dict[str, tuple[object, int]]:
        """Return value and row version by key; nothing without a scope."""
        if self.scope is None:
            return {}
        return {row.key: (row.value, row.version) for row in self.session.scalars(select(SettingRow))}
