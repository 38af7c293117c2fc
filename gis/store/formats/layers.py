"""A layer file as a raw table: the columns of its kind, the user's row numbers, geometries in the file's own system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.errors import Fault, InputError
from gis.store.formats.files import KIND_LABELS, MAX_IMPORT_MB, FileKind, check_file
from gis.store.formats.geofiles import read_geojson, read_geopackage, read_shapefile_zip
from gis.store.formats.layer_columns import LAYERS, HeaderMatch, match_header, plain_header
from gis.store.formats.tables import pick_sheet, plain_text, read_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from pyproj import CRS

    from gis.model.layers import LayerKind
    from gis.store.formats.geofiles import Features
    from gis.store.formats.layer_columns import LayerSpec
    from gis.store.formats.tables import Cell, Sheet

HEADER_SEARCH_ROWS = 10
_TOTALS = {"合计", "总计", "小计", "共计"}
_TABLE_KINDS = (FileKind.CSV, FileKind.XLSX, FileKind.XLS)


@dataclass(frozen=True, slots=True)
class RawLayer:
    """One layer as read.

    Every list and array has one entry per row of data. `columns` is keyed by field (layer_columns). `geometry` is in
    the file's own coordinates; `unreadable[i]` marks a None for which the file did give something.
    """

    file: str
    sheet: str
    kind: LayerKind
    rows: tuple[int, ...]
    columns: dict[str, list[Any]]
    geometry: NDArray[np.object_]
    unreadable: NDArray[np.bool_]
    is_map: bool
    own_crs: CRS | None = None
    ignored: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def has_places(self) -> bool:
        """Whether any row came with a geometry or coordinates."""
        return bool((~shapely.is_missing(self.geometry)).any())

    def values(self, field: str) -> list[Any]:
        """Values of a field, None where the file lacks the column."""
        return self.columns.get(field) or [None] * len(self.rows)


def read_layer(path: Path, kind: LayerKind, layer: str = "", limit_mb: float = MAX_IMPORT_MB) -> RawLayer:
    """Read one layer; `layer` names the sheet or map layer where a file holds several.

    Raises
    ------
    InputError
        The file is missing, too large, damaged, empty, not a layer, or lacks a required column.
    """
    spec, file_kind = LAYERS[kind], check_file(path, limit_mb)
    if file_kind in _TABLE_KINDS:
        return _from_table(path, spec, pick_sheet(path, read_sheets(path, file_kind), layer))

    def pick(names: Sequence[str]) -> str:
        return _pick_layer(path.name, names, layer, kind)

    readers: dict[FileKind, Callable[[], Features]] = {
        FileKind.GEOJSON: lambda: read_geojson(path),
        FileKind.GPKG: lambda: read_geopackage(path, pick),
        FileKind.ZIP: lambda: read_shapefile_zip(path, pick),
    }
    if file_kind not in readers:
        msg = f"{path.name} 是 {KIND_LABELS[file_kind]}：请用 jiujin import osm 导入"
        raise InputError(msg)
    return _from_features(path, spec, readers[file_kind]())


def _pick_layer(file: str, names: Sequence[str], wanted: str, kind: LayerKind) -> str:
    if wanted:
        if wanted not in names:
            msg = f"{file} 里没有名为“{wanted}”的图层，现有：{'、'.join(names) or '（无）'}"
            raise InputError(msg)
        return wanted
    stem = kind.value.removesuffix("s")
    alike = [name for name in names if stem in name.lower() or kind.label in name]
    found = list(names) if len(names) == 1 else alike
    if len(found) != 1:
        msg = f"{file} 里有 {len(names)} 个图层，请指明导入哪一个：{'、'.join(names) or '（无）'}"
        raise InputError(msg)
    return found[0]


def _from_features(path: Path, spec: LayerSpec, features: Features) -> RawLayer:
    headers = list(features.columns)
    match = match_header(headers, spec, is_dbf=features.is_dbf)
    count = len(features.geometry)
    if count == 0:
        msg = f"{path.name} 里没有要素：请检查是否导出了空图层"
        raise InputError(msg)
    _require(path, spec, match, headers)
    columns = {field: features.columns[headers[position]] for field, position in match.where.items()}
    return RawLayer(
        file=path.name,
        sheet=features.layer,
        kind=spec.kind,
        rows=tuple(range(1, count + 1)),
        columns=columns,
        geometry=features.geometry,
        unreadable=features.unreadable,
        is_map=True,
        own_crs=features.own_crs,
        ignored=match.ignored,
        dropped=match.dropped,
    )


def _require(path: Path, spec: LayerSpec, match: HeaderMatch, headers: Sequence[object], sheet: str = "") -> None:
    if match.missing:
        shown = "、".join(str(header) for header in headers if header) or "（无）"
        msg = f"{path.name} 不像{spec.kind.label}表：缺少必填列 {'、'.join(match.missing)}。文件中的列：{shown}"
        faults = tuple(Fault("缺少这一列", path.name, sheet, None, label) for label in match.missing)
        raise InputError(msg, faults)


def _from_table(path: Path, spec: LayerSpec, sheets: Sequence[Sheet]) -> RawLayer:
    found = [(sheet, *_find_header(sheet, spec)) for sheet in sheets]
    complete = [entry for entry in found if not entry[2].missing and entry[2].where]
    if len(complete) > 1:
        msg = f"{path.name} 里有 {len(complete)} 个工作表像{spec.kind.label}表，请指明导入哪一个："
        raise InputError(msg + "、".join(entry[0].name for entry in complete))
    sheet, header_row, match = complete[0] if complete else max(found, key=lambda entry: len(entry[2].where))
    _require(path, spec, match, sheet.rows[header_row], sheet.name)
    cells = _filled(sheet, header_row)
    numbers = [index for index in range(header_row + 1, len(cells)) if _is_data(cells[index])]
    if not numbers:
        msg = f"{path.name} 只有表头，没有数据"
        raise InputError(msg)
    columns = {
        field: [cells[index][position] if position < len(cells[index]) else None for index in numbers]
        for field, position in match.where.items()
    }
    rows = tuple(index + 1 for index in numbers)
    geometry, unreadable, faults = _table_places(path.name, sheet.name, rows, columns)
    return RawLayer(
        file=path.name,
        sheet=sheet.name,
        kind=spec.kind,
        rows=rows,
        columns=columns,
        geometry=geometry,
        unreadable=unreadable,
        is_map=False,
        ignored=match.ignored,
        dropped=match.dropped,
        faults=faults,
    )


def _find_header(sheet: Sheet, spec: LayerSpec) -> tuple[int, HeaderMatch]:
    """Find the header below any title rows: the row that names most columns of the kind."""
    tried = [(index, match_header(row, spec)) for index, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS])]
    return max(tried, key=lambda entry: (len(entry[1].where), -entry[0]))


def _filled(sheet: Sheet, header_row: int) -> list[list[Cell]]:
    """Copy the cells with every merged range of data filled from its first cell."""
    cells = [list(row) for row in sheet.rows]
    for merge in sheet.merges:
        if merge.top <= header_row or merge.left != merge.right:
            continue
        for index in range(merge.top + 1, min(merge.bottom, len(cells) - 1) + 1):
            cells[index] += [None] * (merge.left + 1 - len(cells[index]))
            cells[index][merge.left] = cells[merge.top][merge.left] if merge.left < len(cells[merge.top]) else None
    return cells


def _is_data(row: Sequence[Cell]) -> bool:
    texts = [text for text in (plain_header(cell) for cell in row) if text]
    return bool(texts) and texts[0] not in _TOTALS


def _table_places(
    file: str, sheet: str, rows: Sequence[int], columns: dict[str, list[Any]]
) -> tuple[NDArray[np.object_], NDArray[np.bool_], tuple[Fault, ...]]:
    """Make points of 经度/纬度 columns, or geometries of a WKT column."""
    wkt, lon, lat = columns.pop("wkt", None), columns.pop("lon", None), columns.pop("lat", None)
    count = len(rows)
    if wkt is not None and any(plain_text(cell) for cell in wkt):
        texts = [plain_text(cell) or None for cell in wkt]
        geometry = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
        unreadable = shapely.is_missing(geometry) & np.array([text is not None for text in texts])
        return geometry, unreadable, ()
    if lon is None or lat is None:
        return np.full(count, None, dtype=object), np.zeros(count, dtype=bool), ()
    points = np.full((count, 2), np.nan)
    faults = []
    for index, pair in enumerate(zip(lon, lat, strict=True)):
        numbers = [_number(cell) for cell in pair]
        texts_of_pair = [plain_text(cell) for cell in pair]
        for number, text, column in zip(numbers, texts_of_pair, ("经度", "纬度"), strict=True):
            if number is None and (text or any(texts_of_pair)):
                problem = f"“{text}”不是坐标数值，请填十进制数，例如 119.951234" if text else "没有填写"
                faults.append(Fault(problem, file, sheet, rows[index], column))
        points[index] = [np.nan if number is None else number for number in numbers]
    whole = ~np.isnan(points).any(axis=1)
    geometry = np.full(count, None, dtype=object)
    geometry[whole] = shapely.points(points[whole])
    return geometry, np.zeros(count, dtype=bool), tuple(faults)


def _number(cell: Any) -> float | None:
    try:
        number = float(plain_text(cell))
    except ValueError:
        return None
    return number if np.isfinite(number) else None
