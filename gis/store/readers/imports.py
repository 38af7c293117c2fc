"""What was imported before: needed to tell new, changed and missing apart, and to name the data's sources."""

from __future__ import annotations

from sqlalchemy import select

from gis.store.readers.base import ScopedReads
from gis.store.schema import ImportBatchRow, ImportKeyRow


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
