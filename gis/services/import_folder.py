"""Import a whole folder of an office's files in the right order; each file is one transaction of its own."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError
from gis.model.access import Action
from gis.model.layers import LayerKind
from gis.services.access import require
from gis.services.import_layers import apply_layers, dry_run_layers
from gis.services.import_roster import Located, MergeCase, RosterRequest, apply_roster, count_located, dry_run_roster
from gis.services.layer_report import LayerImportRequest
from gis.store.database import Store
from gis.store.formats.folder_kinds import ROSTER, FolderItem, recognise_folder
from gis.store.formats.roster import read_roster

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from gis.errors import Fault
    from gis.model.access import Actor
    from gis.services.import_roster import RosterReport
    from gis.services.layer_report import LayerImportReport


@dataclass(frozen=True, slots=True)
class FolderRequest:
    """A folder; `crs` is for files that do not say their coordinate system themselves."""

    path: Path
    crs: str = ""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What came of one file; `kind` None was not read, `error` is why a whole file was turned away."""

    file: str
    kind: str | None
    part: str = ""
    rows: int = 0
    new: int = 0
    changed: int = 0
    missing: int = 0
    applied: bool = False
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    merges: tuple[MergeCase, ...] = ()
    error: str = ""
    report: RosterReport | LayerImportReport | None = None


@dataclass(frozen=True, slots=True)
class FolderReport:
    """All files in the order in which they were imported."""

    files: tuple[FileOutcome, ...]
    located: Located

    @property
    def is_complete(self) -> bool:
        """Whether no file was turned away as a whole."""
        return not any(outcome.error for outcome in self.files)


def dry_run_folder(actor: Actor, store: Store, request: FolderRequest) -> FolderReport:
    """Say what importing a folder would do.

    For an empty database the folder is imported into one in memory, which is then thrown away. Otherwise each file is
    judged against the database as it is, so a file that needs an earlier one may be refused here.
    """
    require(actor, Action.IMPORT_DATA)
    with store.reading(actor.scope) as reader:
        is_empty = not (reader.orgs() or reader.divisions() or reader.estates() or reader.buildings())
    if not is_empty:
        return _run(actor, store, request, is_applied=False)
    with closing(Store.open("sqlite://", clock=store.clock)) as scratch:
        report = _run(actor, scratch, request, is_applied=True)
    return replace(report, files=tuple(_as_dry_run(outcome) for outcome in report.files))


def apply_folder(actor: Actor, store: Store, request: FolderRequest) -> FolderReport:
    """Import a folder; a file that is turned away does not keep the others from being imported."""
    return _run(actor, store, request, is_applied=True)


def _as_dry_run(outcome: FileOutcome) -> FileOutcome:
    inner = None if outcome.report is None else replace(outcome.report, applied=False)
    return replace(outcome, applied=False, report=inner)


def _run(actor: Actor, store: Store, request: FolderRequest, *, is_applied: bool) -> FolderReport:
    require(actor, Action.IMPORT_DATA)
    items = recognise_folder(request.path)
    asked = _Asked(request.crs, _addresses(items, store.today()), is_applied)
    outcomes = [_file(actor, store, item, asked) for item in items]
    return FolderReport(tuple(outcomes), count_located(actor, store))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What holds for every file of the folder."""

    crs: str
    addresses: tuple[str, ...]
    is_applied: bool


def _addresses(items: tuple[FolderItem, ...], today: date) -> tuple[str, ...]:
    """Collect the addresses of all rosters: from all together it is plain which city is home."""
    found: list[str] = []
    for item in items:
        if item.kind == ROSTER:
            try:
                roster = read_roster(item.path, as_of=today)
            except InputError:
                continue  # said again when its turn comes
            found.extend(row.address for sheet in roster.sheets for row in sheet.rows)
    return tuple(found)


def _file(actor: Actor, store: Store, item: FolderItem, asked: _Asked) -> FileOutcome:
    if item.kind is None:
        if item.is_refused:
            return FileOutcome(item.path.name, None, error=item.note)
        return FileOutcome(item.path.name, None, notes=(item.note,))
    try:
        if item.kind == ROSTER:
            return _roster(actor, store, item, asked)
        return _layer(actor, store, item, asked)
    except InputError as error:
        return FileOutcome(item.path.name, item.kind, item.part, faults=error.faults, error=str(error))
    except DeniedError as error:  # a village may import its rosters and nothing else of the folder
        return FileOutcome(item.path.name, item.kind, item.part, error=str(error))


def _roster(actor: Actor, store: Store, item: FolderItem, asked: _Asked) -> FileOutcome:
    run = apply_roster if asked.is_applied else dry_run_roster
    report = run(actor, store, RosterRequest(item.path, other_addresses=asked.addresses))
    return FileOutcome(
        file=report.file,
        kind=ROSTER,
        rows=report.rows,
        new=report.new,
        changed=report.changed,
        missing=report.missing,
        applied=report.applied,
        faults=report.faults,
        notes=report.notes,
        merges=report.merges,
        report=report,
    )


def _layer(actor: Actor, store: Store, item: FolderItem, asked: _Asked) -> FileOutcome:
    run = apply_layers if asked.is_applied else dry_run_layers
    kind = LayerKind[(item.kind or "").upper()]
    report = run(actor, store, LayerImportRequest(item.path, kind, item.crs or asked.crs, item.part))
    return FileOutcome(
        file=report.file,
        kind=item.kind,
        part=item.part,
        rows=report.rows,
        new=report.new,
        changed=report.changed,
        missing=report.missing,
        applied=report.applied,
        faults=report.faults,
        notes=tuple(check.message for check in report.checks),
        error=report.refusal,
        report=report,
    )
