"""What was imported before: needed to tell new, changed and missing apart, and to name the data's sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gis.model.access import Action
from gis.model.ids import BatchId
from gis.model.imports import ImportBatch
from gis.store.readers.base import ScopedReads
from gis.store.schema import AuditRow, ImportBatchRow, ImportKeyRow

if TYPE_CHECKING:
    from datetime import datetime

_NOT_DATA = (Action.SIGN_IN.value, Action.MANAGE_USERS.value)


class ImportReads(ScopedReads):
    """Import batches and the keys that each source held."""

    def import_keys(self, source: str, target: str) -> frozenset[int]:
        """Return the ids of `target` rows that `source` has delivered so far."""
        if not self.sees_street:
            return frozenset()
        query = select(ImportKeyRow.target_id).where(ImportKeyRow.source == source, ImportKeyRow.target == target)
        return frozenset(self.session.scalars(query))

    def import_digests(self, source: str, target: str) -> dict[int, str]:
        """Return what `source` last said of each `target` row, as a digest; "" where none was kept."""
        if not self.sees_street:
            return {}
        query = select(ImportKeyRow.target_id, ImportKeyRow.digest).where(
            ImportKeyRow.source == source, ImportKeyRow.target == target
        )
        return {number: digest for number, digest in self.session.execute(query)}  # noqa: C416 - rows, not pairs

    def attributions(self) -> tuple[str, ...]:
        """Name the sources that ask to be named on the map, in order of import."""
        if not self.sees_street:
            return ()
        query = select(ImportBatchRow.attribution).where(ImportBatchRow.attribution != "").order_by(ImportBatchRow.id)
        return tuple(dict.fromkeys(self.session.scalars(query)))

    def batches(self, *, newest: int) -> tuple[ImportBatch, ...]:
        """List the newest applied files first."""
        if not self.sees_street:
            return ()
        query = select(ImportBatchRow).order_by(ImportBatchRow.id.desc()).limit(newest)
        return tuple(
            ImportBatch(
                id=BatchId(row.id),
                file_name=row.file_name,
                kind=row.kind,
                crs=row.crs,
                counts=dict(row.counts),
                faults=len(row.faults),
                applied_at=row.created_at,
                applied_by=row.created_by,
            )
            for row in self.session.scalars(query)
        )

    def last_change(self) -> datetime | None:
        """Return when data were last changed (UTC), or None where there are none yet."""
        if not self.sees_street:
            return None
        return self.session.scalar(select(func.max(AuditRow.at)).where(AuditRow.action.not_in(_NOT_DATA)))
