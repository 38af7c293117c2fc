"""Writes of import batches and of what each source delivered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.model.ids import BatchId
from gis.store.schema import ImportBatchRow, ImportKeyRow
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gis.errors import Fault


@dataclass(frozen=True, slots=True)
class NewBatch:
    """One applied file."""

    file_name: str
    sha256: str
    kind: str
    crs: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    attribution: str = ""


class ImportWrites(Writes):
    """Keep what was imported from where."""

    def add_batch(self, batch: NewBatch) -> BatchId:
        """Keep one applied file; fault texts stay with it."""
        row = ImportBatchRow(
            file_name=batch.file_name,
            sha256=batch.sha256,
            kind=batch.kind,
            crs=batch.crs,
            counts=dict(batch.counts),
            attribution=batch.attribution,
            faults=[{"sheet": f.sheet, "row": f.row, "field": f.field, "message": f.message} for f in batch.faults],
        )
        self.session.add(row)
        self.session.flush()
        return BatchId(row.id)

    def remember_digests(self, batch_id: BatchId, source: str, target: str, digests: Mapping[int, str]) -> None:
        """Note like `remember_keys`, and what was said: the same content again then changes nothing."""
        self.remember_keys(batch_id, source, target, digests.keys())
        query = select(ImportKeyRow).where(ImportKeyRow.source == source, ImportKeyRow.target == target)
        for row in self.session.scalars(query):
            if row.target_id in digests and row.digest != digests[row.target_id]:
                row.digest = digests[row.target_id]
        self.session.flush()

    def remember_keys(self, batch_id: BatchId, source: str, target: str, ids: Collection[int]) -> None:
        """Note that `source` delivered these rows, so that a later file of the source can report missing ones."""
        query = select(ImportKeyRow).where(ImportKeyRow.source == source, ImportKeyRow.target == target)
        known = {row.target_id: row for row in self.session.scalars(query)}
        for number in sorted(set(ids)):
            if number in known:
                known[number].batch_id = batch_id
            else:
                row = ImportKeyRow(source=source, target=target, target_id=number, batch_id=batch_id)
                self.session.add(row)
        self.session.flush()
