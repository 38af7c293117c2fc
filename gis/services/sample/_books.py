"""Tables as an office types them, and the same bytes for the same tables: xlsx, xls, CSV, GeoJSON, zipped Shapefile."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import shapely
import xlwt
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

ZIP_TIME = (2026, 6, 1, 9, 0, 0)
STAMP = datetime(2026, 6, 1, 9, 0, 0)  # noqa: DTZ001  # a workbook's properties have no zone
MADE_BY = "青禾街道（虚构样例）"
GEOJSON_DECIMALS = 9

Cell = str | int | float | date | None


@dataclass(slots=True)
class Page:
    """One sheet: rows of cells, merged ranges (first row, first column, last row, last column from 0), hidden rows."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    is_hidden: bool = False
    width: int = 1

    def title(self, text: str) -> None:
        """Add a title over all columns."""
        at = len(self.rows)
        self.rows.append([text, *([None] * (self.width - 1))])
        self.merges.append((at, 0, at, self.width - 1))


def write_xlsx(path: Path, pages: Sequence[Page]) -> None:
    """Write a workbook without the time of writing."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        _fill(book.create_sheet(page.name), page)
    book.properties.creator = book.properties.lastModifiedBy = MADE_BY
    book.properties.created = book.properties.modified = STAMP
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_timeless(buffer.getvalue()))


def _fill(sheet: Worksheet, page: Page) -> None:
    for row in page.rows:
        sheet.append(row)
    for top, left, bottom, right in page.merges:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        sheet.cell(top + 1, left + 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for row_number in page.hidden_rows:
        sheet.row_dimensions[row_number + 1].hidden = True
    for column in range(1, page.width + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 14
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    sheet.sheet_state = "hidden" if page.is_hidden else "visible"


def _timeless(archive: bytes) -> bytes:
    """Pack a zip again with one time for all entries, and without the time of saving inside."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _same_modified(content)
            new.writestr(_entry(name), content)
    return buffer.getvalue()


def _same_modified(core: bytes) -> bytes:
    """Put the fixed time where the library has put the time of saving."""
    head, _, rest = core.partition(b"<dcterms:modified")
    opening, _, tail = rest.partition(b">")
    _, closing, end = tail.partition(b"</dcterms:modified>")
    stamp = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return head + b"<dcterms:modified" + opening + b">" + stamp + closing + end if closing else core


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def write_xls(path: Path, pages: Sequence[Page]) -> None:
    """Write an Excel 97-2003 workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for page in pages:
        sheet = book.add_sheet(page.name)
        covered = {
            (r, c)
            for top, left, bottom, right in page.merges
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }
        for number, row in enumerate(page.rows):
            for column, value in enumerate(row):
                if value is not None and (number, column) not in covered:
                    sheet.write(number, column, value, day) if isinstance(value, date) else sheet.write(
                        number, column, value
                    )
        for top, left, bottom, right in page.merges:
            sheet.write_merge(top, bottom, left, right, page.rows[top][left])
        for number in page.hidden_rows:
            sheet.row(number).hidden = True
        sheet.visibility = int(page.is_hidden)
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(buffer.getvalue())


def write_csv(path: Path, page: Page, encoding: str = "gbk") -> None:
    """Write a page as CSV, GBK as Chinese Excel does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([["" if value is None else value for value in row] for row in page.rows])
    path.write_bytes(text.getvalue().encode(encoding))


def write_json(path: Path, document: object) -> None:
    """Write a JSON document, readable."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def write_geojson(path: Path, features: Iterable[tuple[Mapping[str, Any], bytes]]) -> None:
    """Write features (properties, well-known binary in longitude, latitude), one on each line."""
    lines = []
    for properties, shape in features:
        geometry = json.loads(shapely.to_geojson(shapely.from_wkb(shape)))
        feature = {"type": "Feature", "properties": dict(properties), "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    crs = '{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}'
    head = f'{{"type":"FeatureCollection","crs":{crs},"features":[\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def zip_files(path: Path, parts: Mapping[str, bytes]) -> None:
    """Pack files into a zip without times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(_entry(name), content)
    path.write_bytes(buffer.getvalue())
