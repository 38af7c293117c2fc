"""Uploaded files for the length of one import: in a folder of their own, gone afterwards."""

from __future__ import annotations

import re
import secrets
import shutil
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.ui import office

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.runtime.uploaded_file_manager import UploadedFile

FOLDER = "uploads"
MAX_NAME = 120


def keep(upload: UploadedFile) -> Path:
    """Write an upload under its own name (it stands in every message) and return the path."""
    limit = office.options().max_upload_mb
    if upload.size > limit * 1024 * 1024:
        msg = f"文件 {upload.name} 超过 {limit} MB，请用命令行导入"
        raise InputError(msg)
    folder = _root() / secrets.token_hex(8)
    folder.mkdir(parents=True, mode=0o700)
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", upload.name)[-MAX_NAME:].lstrip(".") or "文件"
    path = folder / name
    path.write_bytes(upload.getvalue())
    return path


def drop(path: Path) -> None:
    """Remove an upload and everything made of it."""
    if _root() in path.parents:
        shutil.rmtree(path.parent, ignore_errors=True)


def clear() -> None:
    """Remove what an earlier run of the server left behind."""
    shutil.rmtree(_root(), ignore_errors=True)


def _root() -> Path:
    return office.options().home / FOLDER
