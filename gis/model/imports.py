"""What has been imported: one applied file; what a person has decided of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gis.model.ids import BatchId, MemberId


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """导入批次. `applied_at` is UTC; `counts` holds new, changed, missing and the like."""

    id: BatchId
    file_name: str
    kind: str
    crs: str
    counts: Mapping[str, object]
    faults: int
    applied_at: datetime
    applied_by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's answer to a row of the merge list: it is this member, or somebody new (None)."""

    sheet: str
    row: int
    member_id: MemberId | None
