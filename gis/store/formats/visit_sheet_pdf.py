"""The visit sheet of a team as PDF: head, map, the list in turn, and what the boxes mean; set by Typst."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gis.store.formats.paper_pdf import fonts_found, set_pdf

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class SheetMember:
    """One member to tick: `facts` stand behind the name, `lines` below."""

    name: str
    facts: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetStop:
    """One door or one group session; `half_day` and `place` are headings, blank where they are those of before."""

    number: int
    time: str
    walk: str
    where: str
    members: tuple[SheetMember, ...]
    half_day: str = ""
    place: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class SheetPaper:
    """A whole sheet; `map_svg` and `qr_svg` are pictures, blank where there is none."""

    name: str
    number: str
    facts: tuple[tuple[str, str], ...]
    stops: tuple[SheetStop, ...]
    boxes: tuple[tuple[str, str], ...]
    reminders: tuple[str, ...]
    foot: str
    watermark: str
    map_svg: str = ""
    qr_svg: str = ""
    qr_note: str = ""
    n_blank: int = 3


def write_sheet_pdf(paper: SheetPaper, made_at: datetime, font_dir: str = "") -> bytes:
    """Return the PDF with its fonts; the same paper and time give the same bytes.

    Raises
    ------
    ConfigError
        There is no Chinese font among the system's fonts or in `font_dir`.
    """
    _, sans = fonts_found(font_dir)
    return set_pdf("visit_sheet.typ", {**asdict(paper), "sans": list(sans)}, made_at, font_dir)
