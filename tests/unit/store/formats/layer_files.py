"""Writes small layer files as real offices hand them in, for the tests beside it."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pyogrio
import shapely

HALF = 0.0005  # degrees; about 50 m


def square(lon: float, lat: float, half: float = HALF) -> list[list[list[float]]]:
    """Coordinates of a GeoJSON polygon around a point."""
    ring = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    return [[*ring, ring[0]]]


def polygon(lon: float, lat: float, half: float = HALF) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": square(lon, lat, half)}


def geojson(path: Path, rows: list[tuple[dict[str, Any], Any]], crs: str = "") -> Path:
    """Write (properties, geometry) pairs; `crs` becomes the old crs member."""
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows],
    }
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def frame(columns: dict[str, list[Any]], wkt: list[str], crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapely.from_wkt(wkt)), crs=crs)


def geopackage(path: Path, **layers: gpd.GeoDataFrame) -> Path:
    for name, layer in layers.items():
        pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG")
    return path


def shapefile_zip(
    path: Path, layer: gpd.GeoDataFrame, *, encoding: str, name: str, cpg: bool, folder: str = ""
) -> Path:
    """Zip a Shapefile the way a Chinese Windows does: GBK entry names without the UTF-8 flag."""
    parts = path.parent / "parts"
    parts.mkdir(exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL tells that a .dbf cuts names at ten bytes: that is what is tested
        pyogrio.write_dataframe(layer, parts / "layer.shp", encoding=encoding)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for suffix in ("shp", "dbf", "shx", "prj", *(["cpg"] if cpg else [])):
            data = (parts / f"layer.{suffix}").read_bytes()
            if suffix == "dbf" and not cpg:
                data = data[:29] + b"\x00" + data[30:]
            archive.writestr(_GbkEntry(f"{folder}{name}.{suffix}"), data)
    path.write_bytes(buffer.getvalue())
    return path


class _GbkEntry(zipfile.ZipInfo):
    """An entry whose name is GBK without saying so, as Windows writes it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the standard library's name
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path
