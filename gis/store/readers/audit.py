"""The audit log, derived again from its first row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.store.chain import verify
from gis.store.readers.base import ScopedReads
from gis.store.schema import AuditRow, RetentionRunRow

if TYPE_CHECKING:
    from gis.store.chain import ChainReport


class AuditReads(ScopedReads):
    """Whether the log is whole; it says nothing of what the log holds."""

    def verify_audit(self) -> ChainReport:
        """Derive all hashes again; not narrowed, as a part of a chain proves nothing."""
        return verify(self.session, frozenset(self.session.scalars(select(RetentionRunRow.on_day))))

    def audit_hash(self, audit_id: int) -> str | None:
        """Return the hash of one row as it is stored, or None where there is no such row."""
        return self.session.scalar(select(AuditRow.row_hash).where(AuditRow.id == audit_id))
