"""Files with personal data that are left on this machine: recorded when written, deleted when their time has come."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import InputError, system_reason
from gis.model.retention import EXPORT_DAYS
from gis.model.rights import ExportRecord
from gis.services.access import require

if TYPE_CHECKING:
    from gis.model.access import Action, Actor
    from gis.model.ids import MemberId
    from gis.store.database import Store
    from gis.store.writer import Writer

KEEP_DAYS = EXPORT_DAYS
EXPORTS = "exports"


def exports_folder(home: Path) -> Path:
    """Return the folder whose files are recorded and deleted in time."""
    return (home / EXPORTS).resolve()


def keep_file(path: Path, content: bytes) -> None:
    """Write a file for people, readable for the account that runs the program alone.

    Raises
    ------
    InputError
        It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
    except OSError as error:
        msg = f"文件写不到 {path}：{system_reason(error)}"
        raise InputError(msg) from error


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was written for people: whom it is about, in the course of what, and for what use."""

    path: Path
    kind: str
    member_ids: tuple[MemberId, ...]
    action: Action
    reason: str = ""


def note_export(actor: Actor, store: Store, kept: Kept, *, home: Path) -> bool:
    """Record a file that was written below the exports folder; elsewhere it is the user's own, and False comes back."""
    require(actor, kept.action)
    file = kept.path.resolve()
    if not file.is_relative_to(exports_folder(home)):
        return False
    record = ExportRecord(
        kind=kept.kind,
        path=str(file),
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        member_ids=tuple(sorted(kept.member_ids)),
        n_rows=len(kept.member_ids),
        reason=kept.reason,
        expires_on=store.today() + timedelta(days=KEEP_DAYS),
    )
    with store.writing(actor, kept.action) as writer:
        writer.add_export(record)
        writer.say(f"导出{kept.kind}并留存文件，到期删除", rows=len(kept.member_ids))
    return True


def files_about(writer: Writer, member_id: MemberId) -> tuple[ExportRecord, ...]:
    """List the files left on disk that hold something of a member."""
    return tuple(one for one in writer.export_records() if member_id in one.member_ids)


def delete_file(record: ExportRecord) -> bool:
    """Delete a recorded file; False where it was gone already."""
    path = Path(record.path)
    if not path.is_file():
        return False
    path.unlink()
    return True
