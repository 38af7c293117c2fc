"""Local files of map tiles: MBTiles (SQLite) and PMTiles version 3, raster only, read and never written.

A file is opened for each tile, so that an office may put a newer one in its place while the service runs.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pmtiles.reader import Reader
from pmtiles.tile import Compression, Entry, TileType, deserialize_directory, find_tile, zxy_to_tileid

from gis.errors import ConfigError, system_reason
from gis.model.basemaps import TileFile

if TYPE_CHECKING:
    from pathlib import Path

MAX_TILE_BYTES = 4 * 1024 * 1024
MAX_ZOOM = 22
DIRECTORY_LEVELS = 4  # of PMTiles
MBTILES, PMTILES = ".mbtiles", ".pmtiles"
VECTOR = "是矢量瓦片，本程序只能画栅格瓦片；请导出为 PNG、JPEG 或 WebP 的 MBTiles 或 PMTiles"
NO_IMAGE = "里的瓦片不是 PNG、JPEG、WebP 或 GIF 图片"
_PM_HEADER_BYTES = 127
_E7 = 1e7
_GZIP = b"\x1f\x8b"
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"WEBP", 8, "image/webp"),
    (b"GIF8", 0, "image/gif"),
)


def describe(path: Path) -> TileFile:
    """Read what a file says about itself; raises ConfigError when it cannot serve as a basemap."""
    try:
        if path.suffix.lower() == PMTILES:
            return _describe_pmtiles(path)
        return _describe_mbtiles(path)
    except (OSError, sqlite3.Error, zlib.error, ValueError, EOFError) as error:
        reason = system_reason(error) if isinstance(error, OSError) and error.errno else "内容读不懂"
        msg = f"文件 {path} 读不了：{reason}"
        raise ConfigError(msg) from error


def read_tile(file: TileFile, zoom: int, column: int, row: int) -> tuple[bytes, str] | None:
    """Return an image and its content type; None where the file has none. Rows count from the north."""
    if not is_tile(zoom, column, row) or not file.zooms[0] <= zoom <= file.zooms[1]:
        return None
    try:
        if file.path.suffix.lower() == PMTILES:
            raw = _from_pmtiles(file.path, zoom, column, row)
        else:
            raw = _from_mbtiles(file.path, zoom, column, row)
    except (OSError, sqlite3.Error, zlib.error, ValueError, EOFError) as error:
        msg = f"底图文件 {file.path.name} 读不了，请联系系统管理员"
        raise ConfigError(msg) from error
    return _as_image(raw) if raw else None


def is_tile(zoom: int, column: int, row: int) -> bool:
    """Whether there can be such a tile at all."""
    return 0 <= zoom <= MAX_ZOOM and 0 <= column < 1 << zoom and 0 <= row < 1 << zoom


def stamp_of(path: Path) -> str:
    """Return a text that changes whenever the file does."""
    found = path.stat()
    return hashlib.sha256(f"{path.name} {found.st_mtime_ns} {found.st_size}".encode()).hexdigest()[:12]


def kind_of(image: bytes) -> str:
    """Return the content type that the first bytes tell, or an empty text."""
    return next((kind for magic, at, kind in _MAGIC if image[at : at + len(magic)] == magic), "")


def _as_image(raw: bytes) -> tuple[bytes, str] | None:
    image = _unpacked(raw) if raw[:2] == _GZIP else raw
    kind = kind_of(image) if len(image) <= MAX_TILE_BYTES else ""
    return (image, kind) if kind else None


def _unpacked(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(raw, MAX_TILE_BYTES + 1)
    except zlib.error:
        return b""


def _mbtiles(path: Path) -> sqlite3.Connection:
    path.stat()  # SQLite's own error does not say that the file is missing
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _describe_mbtiles(path: Path) -> TileFile:
    with closing(_mbtiles(path)) as opened:
        said: dict[str, Any] = dict(opened.execute("SELECT name, value FROM metadata"))
        low, high = opened.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        sample = opened.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
    if low is None or sample is None:
        msg = f"文件 {path} 里没有瓦片"
        raise ConfigError(msg)
    is_vector = str(said.get("format", "")).lower() in ("pbf", "mvt")
    if is_vector or _as_image(_blob(sample)) is None:
        msg = f"文件 {path} {VECTOR if is_vector else NO_IMAGE}"
        raise ConfigError(msg)
    return TileFile(path, stamp_of(path), (int(low), min(int(high), MAX_ZOOM)), _box(str(said.get("bounds", ""))))


def _from_mbtiles(path: Path, zoom: int, column: int, row: int) -> bytes:
    flipped = (1 << zoom) - 1 - row  # MBTiles counts rows from the south
    with closing(_mbtiles(path)) as opened:
        found = opened.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (zoom, column, flipped),
        ).fetchone()
    return _blob(found)


def _blob(row: tuple[object, ...] | None) -> bytes:
    """Return the bytes of a tile's row; a row may hold anything."""
    return row[0] if row and isinstance(row[0], bytes) else b""


def _box(text: str) -> tuple[float, float, float, float] | None:
    parts = [float(part) for part in text.split(",")] if text.strip() else []
    return _checked_box(parts)


def _checked_box(parts: list[float]) -> tuple[float, float, float, float] | None:
    if len(parts) != 4:  # noqa: PLR2004  # four sides
        return None
    west, south, east, north = parts
    is_box = -180 <= west < east <= 180 and -90 <= south < north <= 90  # noqa: PLR2004  # degrees
    return (west, south, east, north) if is_box else None


def _describe_pmtiles(path: Path) -> TileFile:
    with path.open("rb") as opened:
        head = _header(path, _Source(opened))
    kind = head["tile_type"]
    if kind not in (TileType.PNG, TileType.JPEG, TileType.WEBP):
        msg = f"文件 {path} {VECTOR if kind in (TileType.MVT, TileType.MLT) else NO_IMAGE}"
        raise ConfigError(msg)
    sides = [head[name] / _E7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")]
    zooms = int(head["min_zoom"]), min(int(head["max_zoom"]), MAX_ZOOM)
    return TileFile(path, stamp_of(path), zooms, _checked_box(sides))


def _header(path: Path, source: _Source) -> dict[str, Any]:
    start = source(0, _PM_HEADER_BYTES)
    if start[:8] != b"PMTiles\x03" or len(start) < _PM_HEADER_BYTES:
        msg = f"文件 {path} 不是第 3 版 PMTiles"
        raise ConfigError(msg)
    head: dict[str, Any] = dict(Reader(source).header())
    if head["internal_compression"] != Compression.GZIP:
        msg = f"文件 {path} 的目录不是 gzip 压缩，读不了；请用 pmtiles 工具重新导出"
        raise ConfigError(msg)
    return head


def _from_pmtiles(path: Path, zoom: int, column: int, row: int) -> bytes:
    """Look a tile up as the package's reader does, with the directories read once."""
    wanted, stamp = zxy_to_tileid(zoom, column, row), stamp_of(path)
    with path.open("rb") as opened:
        source = _Source(opened)
        head = _header(path, source)
        at = head["root_offset"], head["root_length"]
        for _ in range(DIRECTORY_LEVELS):
            found = find_tile(_directory(path, stamp, *at), wanted)
            if found is None:
                break
            if found.run_length:
                return source(head["tile_data_offset"] + found.offset, found.length)
            at = head["leaf_directory_offset"] + found.offset, found.length
    return b""


@lru_cache(maxsize=64)
def _directory(path: Path, stamp: str, offset: int, length: int) -> list[Entry]:  # noqa: ARG001  # a part of the key
    with path.open("rb") as opened:
        return deserialize_directory(_Source(opened)(offset, length))


class _Source:
    """Reads parts of an open file, as the package asks for them."""

    def __init__(self, opened: Any) -> None:
        self.opened = opened

    def __call__(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`."""
        self.opened.seek(offset)
        part: bytes = self.opened.read(min(length, MAX_TILE_BYTES + 1))
        return part
