"""What each file of a folder is: by its name where that says one thing, else by its columns.

A file's coordinate system is taken from the file itself (GeoPackage, Shapefile, GeoJSON per RFC 7946, a column
坐标系 in a table); nothing is guessed from the coordinates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.layers import LayerKind
from gis.store.formats.files import FileKind, check_file
from gis.store.formats.geofiles import read_geojson, read_geopackage, read_shapefile_zip
from gis.store.formats.layer_columns import LAYERS, match_header, plain_header
from gis.store.formats.roster import fill_merges
from gis.store.formats.roster_headers import Layout, find_header, looks_like_roster_without_name
from gis.store.formats.tables import Sheet, plain_text, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gis.store.formats.geofiles import Features

ROSTER = "roster"
_SUFFIXES = {".csv", ".xlsx", ".xlsm", ".xls", ".zip", ".geojson", ".json", ".gpkg"}
_NOT_OURS = re.compile(r"^(?:[.~]|truth\b|readme|manifest|plan\b|说明)", re.IGNORECASE)
_CRS_HEADERS = {"坐标系", "坐标系统", "crs", "坐标参考系"}
_HEADER_ROWS = 10
#: Words of file and sheet names; a name that speaks of several kinds is decided by its columns.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (LayerKind.HOSTS.value, ("中心户", "host")),
    (ROSTER, ("花名册", "党员信息", "党员名单", "摸排", "台账", "roster", "member", "ledger")),
    (LayerKind.GRIDS.value, ("网格", "grid")),
    (LayerKind.BUILDINGS.value, ("楼栋", "楼幢", "幢号", "建筑", "building")),
    (LayerKind.ESTATES.value, ("小区", "estate")),
    (LayerKind.ROADS.value, ("道路", "路网", "road")),
    (LayerKind.VENUES.value, ("场所", "阵地", "活动室", "venue")),
    (LayerKind.DIVISIONS.value, ("区划", "division")),
    (LayerKind.ORGS.value, ("党组织", "组织表", "组织架构", "orgs", "org", "organisation", "organization")),
)
#: Order of import: what others refer to comes first; the ledger of the transition after the plain rosters.
ORDER = (
    LayerKind.DIVISIONS.value,
    LayerKind.ORGS.value,
    LayerKind.ESTATES.value,
    LayerKind.GRIDS.value,
    LayerKind.BUILDINGS.value,
    LayerKind.ROADS.value,
    LayerKind.VENUES.value,
    ROSTER,
    LayerKind.HOSTS.value,
)
_ROSTER_ORDER = (Layout.SYSTEM, Layout.BRANCH, Layout.TRANSITION)


@dataclass(frozen=True, slots=True)
class FolderItem:
    """One file, or one sheet or layer of it; `kind` None is not imported and `note` says why.

    `is_refused` marks a file that should be data but cannot be read as such.
    """

    path: Path
    kind: str | None
    part: str = ""
    crs: str = ""
    note: str = ""
    rank: int = 0
    is_refused: bool = False

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Sort key of the import order."""
        place = ORDER.index(self.kind) if self.kind in ORDER else len(ORDER)
        return place, self.rank, self.path.name, self.part


@dataclass(frozen=True, slots=True)
class _Part:
    """A sheet or a map layer as far as needed to tell what it is."""

    name: str
    headers: tuple[tuple[str, ...], ...]
    crs: str
    layout: Layout | None = None
    is_map: bool = False
    is_nameless_roster: bool = False


def recognise_folder(folder: Path) -> tuple[FolderItem, ...]:
    """List what a folder holds, in the order of import; raises InputError when it is not a folder or is empty."""
    if not folder.is_dir():
        msg = f"找不到文件夹 {folder.name}：请检查路径"
        raise InputError(msg)
    items = [item for path in sorted(folder.iterdir()) if path.is_file() for item in recognise_file(path)]
    if not items:
        msg = f"文件夹 {folder.name} 是空的：请放入要导入的文件"
        raise InputError(msg)
    return tuple(sorted(items, key=lambda item: item.order))


def recognise_file(path: Path) -> tuple[FolderItem, ...]:
    """Say what one file is; several items where its sheets or layers are of different kinds."""
    if path.suffix.lower() not in _SUFFIXES or _NOT_OURS.match(path.name):
        return (FolderItem(path, None, note="不是可导入的数据文件，未读取"),)
    try:
        parts = _parts(path)
    except InputError as error:
        by_name = _named(path.stem)
        return (FolderItem(path, by_name[0] if len(by_name) == 1 else None, note=str(error), is_refused=True),)
    kinds = {part.name: _kind(path, part, is_only=len(parts) == 1) for part in parts}
    if ROSTER in kinds.values():
        rank = min((_ROSTER_ORDER.index(part.layout) for part in parts if part.layout is not None), default=0)
        return (FolderItem(path, ROSTER, rank=rank),)
    found = [part for part in parts if kinds[part.name] is not None]
    if not found:
        return (FolderItem(path, None, note="看不出是哪一类数据：请在文件名中写明，例如 楼栋表.xlsx"),)
    if len(parts) == 1 or len({kinds[part.name] for part in found}) == 1:
        return (FolderItem(path, kinds[found[0].name], "" if len(parts) == 1 else found[0].name, found[0].crs),)
    return tuple(FolderItem(path, kinds[part.name], part.name, part.crs) for part in found)


def _named(text: str) -> list[str]:
    """Return the kinds that a name speaks of."""
    lowered = text.lower()
    found = [kind for kind, words in _WORDS if any(_speaks(word, lowered) for word in words)]
    return found[:1] if found[:1] in ([LayerKind.HOSTS.value], [ROSTER]) else found


def _speaks(word: str, text: str) -> bool:
    return bool(re.search(rf"(?<![a-z]){word}", text)) if word.isascii() else word in text


def _kind(path: Path, part: _Part, *, is_only: bool) -> str | None:
    """Decide by the part's name, else the file's, else the columns; a name that the columns refute does not count."""
    if part.is_nameless_roster and ROSTER in (*_named(part.name), *_named(path.stem)):
        return ROSTER  # to be turned away for its missing column, not for being no list of buildings
    fitting = _fitting(part)
    for text in (part.name, path.stem) if is_only else (part.name,):
        named = [kind for kind in _named(text) if kind in fitting]
        if len(named) == 1:
            return named[0]
    named = [kind for kind in _named(path.stem) if kind in fitting]
    best = named or list(fitting)
    if ROSTER in best and part.layout is not None:
        return ROSTER
    ranked = sorted(best, key=lambda kind: -fitting[kind])
    if not ranked or (len(ranked) > 1 and fitting[ranked[0]] == fitting[ranked[1]]):
        return None
    return ranked[0]


def _fitting(part: _Part) -> dict[str, int]:
    """Return each kind whose required columns are there, with the number of columns that it knows."""
    found: dict[str, int] = {}
    for kind, spec in LAYERS.items():
        for headers in part.headers:
            match = match_header(headers, spec)
            if not match.missing and len(match.where) > found.get(kind.value, 0):
                found[kind.value] = len(match.where)
    if part.layout is not None:
        found[ROSTER] = len(LAYERS)
    return found


def _parts(path: Path) -> list[_Part]:
    kind = check_file(path)
    if kind in (FileKind.CSV, FileKind.XLSX, FileKind.XLS):
        shown = [sheet for sheet in read_sheets(path, kind) if not sheet.is_hidden and not sheet.is_empty]
        return [_sheet_part(sheet) for sheet in shown]
    if kind is FileKind.GEOJSON:
        return [_map_part(read_geojson(path), "EPSG:4326")]
    if kind is FileKind.GPKG:
        return [_map_part(features, "") for features in _layers(path, is_zip=False)]
    if kind is FileKind.ZIP:
        return [_map_part(features, "") for features in _layers(path, is_zip=True)]
    return []


def _layers(path: Path, *, is_zip: bool) -> Iterable[Features]:
    """Read every layer of a GeoPackage or a zip of Shapefiles."""
    names: list[str] = []

    def remember(found: Sequence[str]) -> str:
        names[:] = found
        return found[0]

    read = read_shapefile_zip if is_zip else read_geopackage
    first = read(path, remember)
    yield first
    for name in names[1:]:
        yield read(path, lambda _, name=name: name)  # type: ignore[misc]  # binds the loop's name


def _map_part(features: Features, default_crs: str) -> _Part:
    own = features.own_crs
    code = own.to_epsg() if own is not None else None
    crs = f"EPSG:{code}" if code else default_crs if own is None else ""
    declared = _declared(features.columns)
    return _Part(features.layer, (tuple(features.columns),), declared or crs, is_map=True)


def _declared(columns: dict[str, list[object]]) -> str:
    """Return the one value of the column 坐标系, or ""."""
    for name, values in columns.items():
        if plain_header(name) in _CRS_HEADERS:
            found = {plain_text(value) for value in values} - {""}
            return found.pop() if len(found) == 1 else ""
    return ""


def _sheet_part(sheet: Sheet) -> _Part:
    rows = fill_merges(sheet)
    header = find_header(rows)
    headers = tuple(tuple(plain_text(cell) for cell in row) for row in rows[:_HEADER_ROWS])
    is_nameless = header is None and looks_like_roster_without_name(rows)
    layout = header.layout if header else None
    return _Part(sheet.name, headers, _table_crs(rows), layout, is_nameless_roster=is_nameless)


def _table_crs(rows: Sequence[Sequence[object]]) -> str:
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        for index, cell in enumerate(row):
            if plain_header(plain_text(cell)) in _CRS_HEADERS:
                below: list[object] = [line[index] for line in rows[at + 1 :] if index < len(line)]
                return _declared({"坐标系": below})
    return ""
