"""A paper to print or hand on: what stands on it, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass

from gis.model.enums import Labelled


class PaperFormat(Labelled):
    """Formats that a paper can be written in."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"


class PaperSize(Labelled):
    """Sizes of a page."""

    A4 = "a4", "A4"
    A5 = "a5", "A5"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line in bold above what follows; `level` 1 is the title of a page."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `is_indented`: two characters in, as running text is set; else flush left."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what belongs to it, one a line."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A printed form: each row holds one pair of a name and what is filled in, or two beside each other."""

    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `share` of the width, numbers set to the right."""

    name: str
    share: float = 1.0
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose head repeats on every page; `row_mm` is the least height of a row (to write by hand)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    row_mm: float = 8.0


@dataclass(frozen=True, slots=True)
class Closing:
    """Lines at the right end: who signs, and the date."""

    lines: tuple[str, ...]


Block = Heading | Text | Facts | Form | Grid | Closing


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of sheets, each of which begins on a new page (a worksheet of its own where there are worksheets).

    `sheets` pairs a short name with its blocks. `foot` stands on every page: what the paper is, who made it and when.
    `size_pt` is the size of running text: larger where old people read it, smaller on a small page.
    """

    name: str
    sheets: tuple[tuple[str, tuple[Block, ...]], ...]
    foot: str
    size_pt: float = 12.0
    size: PaperSize = PaperSize.A4
