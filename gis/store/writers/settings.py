"""Writes of the office's settings."""

from __future__ import annotations

from sqlalchemy import select

from gis.errors import StaleError
from gis.store.schema import SettingRow
from gis.store.writers.base import Writes


class SettingWrites(Writes):
    """Set a value, or go back to the default."""

    def save_setting(self, key: str, value: float | None, version: int | None) -> None:
        """Keep `value`, or none: the default is in force again.

        `version` is that of the row the change was based on, 0 for none; None does not ask.

        Raises
        ------
        StaleError
            Somebody else set or reset it in between.
        """
        row = self.session.scalar(select(SettingRow).where(SettingRow.key == key))
        if version is not None and version != (row.version if row else 0):
            msg = "默认值已被他人调整，请刷新后重新操作"
            raise StaleError(msg, mine=version, theirs=row.version if row else 0)
        if row is None:
            if value is not None:
                self.session.add(SettingRow(key=key, value=value))
        elif value is None:
            self.session.delete(row)
        elif row.value != value:
            row.value = value
