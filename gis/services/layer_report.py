"""What an import of a layer is asked and what it answers: the dry run and the real one alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gis.model.enums import Labelled
from gis.store.formats.files import MAX_IMPORT_MB
from gis.store.formats.layer_columns import LAYERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gis.errors import Fault
    from gis.model.layers import Draft, LayerKind
    from gis.store.formats.layers import RawLayer

MAX_ITEMS_SHOWN = 20


class LayerState(Labelled):
    """What a row would do to the database."""

    NEW = "new", "新增"
    CHANGED = "changed", "变化"
    SAME = "same", "未变"


@dataclass(frozen=True, slots=True)
class LayerImportRequest:
    """One file to import.

    `crs` is the declared coordinate system (may be empty for a list without coordinates); `layer` names the sheet or
    map layer where there are several; `faults_to` asks for the marked copy of the file. An uploaded file keeps its
    own name: it stands in every message.
    """

    path: Path
    kind: LayerKind
    crs: str = ""
    layer: str = ""
    limit_mb: float = MAX_IMPORT_MB
    faults_to: Path | None = None


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """Something a person should look at before applying; it does not stop the import."""

    code: str
    message: str
    area_m2: float | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewShape:
    """One row on the preview map; `shape` is well-known binary in EPSG:4490."""

    row: int
    label: str
    state: LayerState
    shape: bytes


@dataclass(frozen=True, slots=True)
class LayerImportReport:
    """What was found in a file, and what was or would be done."""

    file: str
    kind: LayerKind
    rows: int
    new: int = 0
    changed: int = 0
    same: int = 0
    missing: int = 0
    applied: bool = False
    faults: tuple[Fault, ...] = ()
    checks: tuple[LayerCheck, ...] = ()
    preview: tuple[PreviewShape, ...] = field(default=(), repr=False)
    refusal: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the whole file was or would be turned away."""
        return bool(self.refusal)

    def document(self) -> dict[str, object]:
        """Return the report as it stands in JSON (docs/guide/import.md)."""
        document: dict[str, object] = {
            "file": self.file,
            "kind": self.kind.value,
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "missing": self.missing,
            "applied": self.applied,
            "faults": [{"sheet": f.sheet, "row": f.row, "field": f.field, "message": f.message} for f in self.faults],
            "checks": [check_document(check) for check in self.checks],
        }
        return document | ({"error": self.refusal} if self.refusal else {})


def check_document(check: LayerCheck) -> dict[str, object]:
    """Return a check as it stands in JSON."""
    return {"code": check.code, "message": check.message, "area_m2": check.area_m2, "items": list(check.items)}


def items_shown(items: Sequence[str]) -> tuple[str, ...]:
    """Shorten a list for people; the message carries the full number."""
    return tuple(items[:MAX_ITEMS_SHOWN])


@dataclass(frozen=True, slots=True)
class Planned:
    """One row with what it would do; `item` carries the id and version of the row it changes."""

    draft: Draft
    item: Any
    state: LayerState


@dataclass(slots=True)
class Findings:
    """Collects faults and checks while one file is read."""

    raw: RawLayer
    file: str
    faults: list[Fault] = field(default_factory=list)
    checks: list[LayerCheck] = field(default_factory=list)

    def label(self, name: str) -> str:
        """Return the proper header of a field."""
        return next((c.label for c in LAYERS[self.raw.kind].columns if c.field == name), name)
