"""What a file really is, whatever its name says; size first, so that nothing huge is ever opened."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING

from gis.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

MAX_IMPORT_MB = 100  # a whole street's layers are below 20 MB; larger files are a mistake or an attack
MAX_UNZIPPED_MB = 500
MAX_ZIP_ENTRIES = 2000
MB = 1024 * 1024
HEAD_BYTES = 4096


class FileKind(StrEnum):
    """What a file holds, by its first bytes."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ZIP = "zip"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    OSM_XML = "osm"
    OSM_PBF = "pbf"


KIND_LABELS = {
    FileKind.CSV: "CSV 文本",
    FileKind.XLSX: "Excel 工作簿（xlsx）",
    FileKind.XLS: "Excel 97-2003 工作簿（xls）",
    FileKind.ZIP: "zip 压缩包",
    FileKind.GEOJSON: "GeoJSON",
    FileKind.GPKG: "GeoPackage",
    FileKind.OSM_XML: "OSM XML",
    FileKind.OSM_PBF: "OSM PBF",
}
_SUFFIX_KINDS = {
    ".csv": (FileKind.CSV,),
    ".txt": (FileKind.CSV,),
    ".xlsx": (FileKind.XLSX,),
    ".xlsm": (FileKind.XLSX,),
    ".xls": (FileKind.XLS, FileKind.XLSX),  # many programs write the new format under the old name
    ".zip": (FileKind.ZIP,),
    ".geojson": (FileKind.GEOJSON,),
    ".json": (FileKind.GEOJSON,),
    ".gpkg": (FileKind.GPKG,),
    ".osm": (FileKind.OSM_XML,),
    ".pbf": (FileKind.OSM_PBF,),
}


def check_file(path: Path, limit_mb: float = MAX_IMPORT_MB) -> FileKind:
    """Say what a file is; raises InputError when missing, empty, too large or not what its name says."""
    if not path.is_file():
        msg = f"找不到文件 {path.name}：请检查路径"
        raise InputError(msg)
    size = path.stat().st_size
    if size == 0:
        msg = f"{path.name} 是空文件：请重新导出"
        raise InputError(msg)
    if size > limit_mb * MB:
        msg = (
            f"{path.name} 有 {size / MB:.0f} MB，超过 {limit_mb:g} MB 的上限：请只保留本街道的数据，或分成几个文件导入"
        )
        raise InputError(msg)
    kind = _sniff(path)
    expected = _SUFFIX_KINDS.get(path.suffix.lower())
    if expected and kind not in expected:
        msg = f"{path.name} 的扩展名是 {path.suffix}，内容却是 {KIND_LABELS[kind]}：请改正扩展名或重新导出"
        raise InputError(msg)
    return kind


def sha256_of(path: Path) -> str:
    """Digest of a file's bytes, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _sniff(path: Path) -> FileKind:
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse_locked(path)
        return FileKind.XLS
    if head.startswith(b"SQLite format 3\x00"):
        return FileKind.GPKG
    if b"OSMHeader" in head[:64]:
        return FileKind.OSM_PBF
    return _text_kind(path, head)


def _refuse_locked(path: Path) -> None:
    """Turn away a locked xlsx, which hides in the container of the old format."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        msg = f"{path.name} 设有打开密码：请在 Excel 或 WPS 中去掉密码后再导入"
        raise InputError(msg)


def _text_kind(path: Path, head: bytes) -> FileKind:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        msg = f"{path.name} 里没有内容：请重新导出"
        raise InputError(msg)
    lowered = text[:512].lower()
    if lowered.startswith((b"<html", b"<!doctype html", b"<table")):
        msg = f"{path.name} 实际是网页表格：请在 Excel 或 WPS 中打开后另存为 xlsx 再导入"
        raise InputError(msg)
    if lowered.startswith(b"<") and b"<osm" in lowered:
        return FileKind.OSM_XML
    if b"urn:schemas-microsoft-com:office:spreadsheet" in lowered:
        msg = f"{path.name} 实际是 XML 表格：请在 Excel 或 WPS 中打开后另存为 xlsx 再导入"
        raise InputError(msg)
    if path.suffix.lower() in {".json", ".geojson"} or lowered.startswith(b"{"):
        return FileKind.GEOJSON
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not is_wide:
        msg = f"{path.name} 的内容无法识别：支持 xlsx、xls、csv、GeoJSON、GeoPackage、Shapefile（zip）和 OSM 文件"
        raise InputError(msg)
    return FileKind.CSV


def _zip_kind(path: Path) -> FileKind:
    names = [info.filename for info in zip_entries(path)]
    return FileKind.XLSX if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names) else FileKind.ZIP


def zip_entries(path: Path) -> list[zipfile.ZipInfo]:
    """List a zip's entries after checking that it is whole, not locked and not a bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        msg = f"{path.name} 已损坏，无法打开：请重新导出或重新下载"
        raise InputError(msg) from error
    if len(entries) > MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNZIPPED_MB * MB:
        msg = f"{path.name} 解压后超过 {MAX_UNZIPPED_MB} MB 或 {MAX_ZIP_ENTRIES} 个文件，已拒绝：请只压缩需要导入的数据"
        raise InputError(msg)
    if any(entry.flag_bits & 0x1 for entry in entries):
        msg = f"{path.name} 设有密码：请去掉密码后再导入"
        raise InputError(msg)
    return entries
