"""A map on one sheet as PDF: title, picture, legend and what must stand below; set by Typst, the picture as vectors."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gis.store.formats.paper_pdf import fonts_found, set_pdf

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A line of the legend; without a symbol it is a heading."""

    text: str
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class MapSheet:
    """A whole sheet; `map_svg` fills `map_mm`, the legend stands beside it, or below it on an upright sheet."""

    title: str
    page_mm: tuple[float, float]
    map_mm: tuple[float, float]
    map_svg: str
    legend: tuple[LegendRow, ...]
    legend_mm: tuple[float, float]
    is_upright: bool
    foot: tuple[str, ...]


def write_map_pdf(sheet: MapSheet, made_at: datetime, font_dir: str = "") -> bytes:
    """Return the PDF with its fonts; the same sheet and time give the same bytes.

    Raises
    ------
    ConfigError
        There is no Chinese font among the system's fonts or in `font_dir`.
    """
    _, sans = fonts_found(font_dir)
    return set_pdf("map_sheet.typ", {**asdict(sheet), "sans": list(sans)}, made_at, font_dir)
