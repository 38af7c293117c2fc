"""What all writers share: insert or update by id, refusing a row that changed since it was read."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from gis.errors import NotFoundError, StaleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from gis.model.access import Actor

RowT = TypeVar("RowT")


class Writes:
    """A session inside one audited transaction."""

    session: Session
    actor: Actor
    now: datetime
    today: date

    def _save(self, row_type: type[RowT], item: Any, values: Mapping[str, Any]) -> RowT:
        """Insert `item` (no id) or update its row; flush is left to the caller or to the commit."""
        if item.id is None:
            row = row_type(**values)
            self.session.add(row)
            return row
        found = self.session.get(row_type, item.id)
        if found is None:
            msg = f"要修改的记录已不存在（编号 {item.id}），请刷新后重试"
            raise NotFoundError(msg)
        if found.version != item.version:  # type: ignore[attr-defined]  # all `Rows` have a version
            msg = "数据已被他人修改，请刷新后重新操作"
            raise StaleError(msg, mine=item.version, theirs=found.version)  # type: ignore[attr-defined]  # as above
        for name, value in values.items():
            if getattr(found, name) != value:
                setattr(found, name, value)
        return found


def values_of(item: Any, *, leave_out: frozenset[str] = frozenset(), **renamed: str) -> dict[str, Any]:
    """Return the column values of a dataclass; tuples become lists, `renamed` maps field → column."""
    drop = leave_out | {"id", "version"}
    values: dict[str, Any] = {}
    for field in fields(item):
        if field.name not in drop:
            value = getattr(item, field.name)
            values[renamed.get(field.name, field.name)] = list(value) if isinstance(value, tuple) else value
    return values
