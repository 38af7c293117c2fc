"""Uploaded files for the length of one import: in a folder of their own, gone afterwards."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.ui import office

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.runtime.uploaded_file_manager import UploadedFile

FOLDER = "uploads"
MAX_BYTES = 180


def keep(upload: UploadedFile) -> Path:
    """Write an upload under its own name (it stands in every message) and return the path."""
    limit = office.options().max_upload_mb
    if upload.size > limit * 1024 * 1024:
        msg = f"文件 {upload.name} 超过 {limit} MB，请用命令行导入"
        raise InputError(msg)
    sweep()
    folder = _root() / secrets.token_hex(8)
    folder.mkdir(parents=True, mode=0o700)
    name = _short(re.sub(r'[\\/:*?"<>|\x00-\x1f\u202a-\u202e\u2066-\u2069]', "_", upload.name).lstrip(".") or "文件")
    path = folder / name
    path.write_bytes(upload.getvalue())
    return path


def _short(name: str) -> str:
    """Keep the ending; file systems count bytes, and the marked copy gets a longer name still."""
    dot = name.rfind(".")
    stem, ending = (name[:dot], name[dot:][:16]) if dot > 0 else (name, "")
    return stem.encode()[:MAX_BYTES].decode("utf-8", "ignore") + ending


def sweep() -> None:
    """Remove what was left in tabs that were closed before the import was done."""
    oldest = time.time() - office.options().session_hours * 3600
    for folder in _root().glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def drop(path: Path) -> None:
    """Remove an upload and everything made of it."""
    if _root() in path.parents:
        shutil.rmtree(path.parent, ignore_errors=True)


def clear() -> None:
    """Remove what an earlier run of the server left behind."""
    shutil.rmtree(_root(), ignore_errors=True)


def _root() -> Path:
    return office.options().home / FOLDER
