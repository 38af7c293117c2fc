"""Features from GeoJSON, GeoPackage and zipped Shapefiles, as they are: nothing repaired, nothing converted."""

from __future__ import annotations

import codecs
import json
import tempfile
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import CRSError as OgrCRSError
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import InputError
from gis.store.formats.dbf import dbf_encoding
from gis.store.formats.files import zip_entries
from gis.store.formats.tables import decode_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_OGR_ERRORS = (DataSourceError, DataLayerError, FieldError, GeometryError, OgrCRSError, ValueError, RuntimeError)
_SHAPE_PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_CRS84 = ("crs84", "ogc:crs84")
ZIP_UTF8_FLAG = 0x800
_BYTE_FOR_BYTE = "ISO-8859-1"  # a .dbf cuts names and values inside a character, on which other readings fail


@dataclass(frozen=True, slots=True)
class Features:
    """Attributes and geometries of one layer.

    `columns[name]` and `geometry` have one entry per feature, in file order; a geometry is None where the file has
    none or an unreadable one, and then `unreadable[i]` tells the two apart.
    """

    layer: str
    columns: dict[str, list[Any]]
    geometry: NDArray[np.object_]
    unreadable: NDArray[np.bool_]
    own_crs: CRS | None = None
    is_dbf: bool = False


def read_geojson(path: Path) -> Features:
    """Read a GeoJSON file; raises InputError when it is not GeoJSON."""
    try:
        document = json.loads(decode_text(path), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        where = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else "文件"
        msg = f"{path.name} 不是完整的 GeoJSON（{where}无法解析）：请重新导出"
        raise InputError(msg) from error
    features = _features_of(document)
    if features is None:
        msg = f"{path.name} 是 JSON，但不是 GeoJSON：应为 FeatureCollection"
        raise InputError(msg)
    properties = [_properties(feature) for feature in features]
    names = list(dict.fromkeys(str(name) for row in properties for name in row))
    given = [f.get("geometry") for f in features]
    geometry = shapely.from_geojson([_geometry_text(g) for g in given], on_invalid="ignore")
    unreadable = shapely.is_missing(geometry) & np.array([g is not None for g in given], dtype=bool)
    columns = {name: [row.get(name) for row in properties] for name in names}
    return Features("", columns, geometry, unreadable, _geojson_crs(document, path))


def _features_of(document: object) -> list[dict[str, Any]] | None:
    if not isinstance(document, dict):
        return None
    if document.get("type") == "Feature":
        return [document]
    found = document.get("features") if document.get("type") == "FeatureCollection" else None
    if not isinstance(found, list) or not all(isinstance(feature, dict) for feature in found):
        return None
    return found


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _geometry_text(geometry: object) -> str | None:
    return None if geometry is None else json.dumps(geometry)


def _geojson_crs(document: Any, path: Path) -> CRS | None:
    """Read the old `crs` member; without it nothing is known (RFC 7946 says WGS84, many offices do not)."""
    given = document.get("crs")
    if not isinstance(given, dict):
        return None
    properties = given.get("properties")
    name = str(properties.get("name") or "").strip() if isinstance(properties, dict) else ""
    if not name:
        return None
    if name.lower().endswith(_CRS84):
        return CRS.from_epsg(4326)
    try:
        return CRS.from_user_input(name)
    except CRSError as error:
        msg = f"{path.name} 自带的坐标系 {name} 无法识别：请用正确的坐标系重新导出"
        raise InputError(msg) from error


def read_geopackage(path: Path, pick: Callable[[Sequence[str]], str]) -> Features:
    """Read one layer of a GeoPackage; `pick` chooses among the layer names or raises InputError."""
    try:
        found = [str(name) for name, _ in _quiet(pyogrio.list_layers, path)]
    except _OGR_ERRORS as error:
        msg = f"{path.name} 无法作为 GeoPackage 打开，可能已损坏：请重新导出"
        raise InputError(msg) from error
    return _read_ogr(path, path.name, layer=pick(found))


def read_shapefile_zip(path: Path, pick: Callable[[Sequence[str]], str]) -> Features:
    """Read one Shapefile of a zip, folders and Chinese file names included; honours .cpg, else finds the encoding."""
    entries = {_entry_name(entry): entry for entry in zip_entries(path) if not entry.is_dir()}
    shapes = {name[:-4]: name for name in entries if name.lower().endswith(".shp") and "__MACOSX" not in name}
    if not shapes:
        msg = f"{path.name} 里没有 Shapefile：请把 .shp、.dbf、.shx、.prj 一起压缩为 zip"
        raise InputError(msg)
    names = {PurePosixPath(stem).name: stem for stem in shapes}
    chosen = pick(list(names))
    stem = names[chosen]
    with tempfile.TemporaryDirectory() as folder:
        parts = _extract(path, entries, stem, Path(folder))
        if ".dbf" not in parts:
            msg = f"{path.name} 里缺少 {chosen}.dbf：请把 .shp、.dbf、.shx、.prj 一起压缩为 zip"
            raise InputError(msg)
        encoding = dbf_encoding(parts[".dbf"], parts.get(".cpg"))
        features = _read_ogr(parts[".shp"], path.name, encoding=_BYTE_FOR_BYTE)
    columns = {decoded(name, encoding): [decoded(v, encoding) for v in c] for name, c in features.columns.items()}
    return Features(chosen, columns, features.geometry, features.unreadable, features.own_crs, is_dbf=True)


def decoded(value: Any, encoding: str) -> Any:
    """Decode text that was read byte for byte; a character cut off at the end of its field is dropped."""
    if not isinstance(value, str):
        return value
    return codecs.getincrementaldecoder(encoding)("replace").decode(value.encode(_BYTE_FOR_BYTE), final=False)


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Undo the wrong decoding of names that a Chinese Windows wrote in GBK."""
    name = entry.filename
    if not entry.flag_bits & ZIP_UTF8_FLAG:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            return entry.filename
    return name.replace("\\", "/")


def _extract(path: Path, entries: dict[str, zipfile.ZipInfo], stem: str, folder: Path) -> dict[str, Path]:
    """Unpack the parts of one Shapefile under names of our own, so that no entry can point elsewhere."""
    parts: dict[str, Path] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name, entry in entries.items():
                suffix = PurePosixPath(name).suffix.lower()
                if suffix in _SHAPE_PARTS and name[: -len(suffix)] == stem:
                    parts[suffix] = folder / f"layer{suffix}"
                    parts[suffix].write_bytes(archive.read(entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        msg = f"{path.name} 已损坏，无法解压：请重新压缩"
        raise InputError(msg) from error
    return parts


def _read_ogr(source: Path, shown: str, layer: str | None = None, encoding: str | None = None) -> Features:
    try:
        meta, _, wkb, fields = _quiet(pyogrio.raw.read, source, layer=layer, encoding=encoding)
    except _OGR_ERRORS as error:
        msg = f"{shown} 无法打开，可能已损坏或缺少配套文件：请重新导出"
        raise InputError(msg) from error
    columns = {str(name): values.tolist() for name, values in zip(meta["fields"], fields, strict=True)}
    if wkb is None:
        count = len(next(iter(columns.values()), []))
        wkb = np.full(count, None, dtype=object)
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    unreadable = shapely.is_missing(geometry) & np.array([value is not None for value in wkb], dtype=bool)
    return Features(layer or "", columns, geometry, unreadable, _ogr_crs(meta.get("crs"), shown))


def _ogr_crs(text: str | None, shown: str) -> CRS | None:
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        msg = f"{shown} 自带的坐标系说明无法识别：请用正确的坐标系重新导出"
        raise InputError(msg) from error


def _quiet(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call GDAL without its warnings: whatever matters of them is checked and said in Chinese."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **options)
