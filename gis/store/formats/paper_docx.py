"""Papers as Word documents: real headings, tables whose head repeats, page numbers, Chinese fonts by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gis.model.papers import Closing, Facts, Form, Grid, Heading, PaperSize, Text
from gis.store.formats.printable import printable

if TYPE_CHECKING:
    from datetime import datetime

    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.text.paragraph import Paragraph

    from gis.model.papers import Block, Paper

RUNNING, HEADS = "仿宋", "黑体"
_SIZES = {1: 18.0, 2: 13.0}
_NORMAL_PT, _TABLE_PT = 12.0, 11.0
_LABEL_MM = 26.0


@dataclass(frozen=True, slots=True)
class _Page:
    """A page and its margins in millimetres, and how much smaller than usual its tables and heads are set."""

    width: float
    height: float
    side: float
    top: float
    bottom: float
    small: float = 1.0

    @property
    def body(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.side


_PAGES = {PaperSize.A4: _Page(210, 297, 20, 22, 20), PaperSize.A5: _Page(148, 210, 11, 11, 14)}


def write_docx(paper: Paper, made_at: datetime) -> bytes:
    """Return the document; each sheet of the paper begins on a new page."""
    document: WordDocument = Document()
    document.core_properties.title = printable(paper.name)
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = made_at
    _font(document.styles["Normal"].element, RUNNING)
    document.styles["Normal"].font.size = Pt(paper.size_pt)
    section = document.sections[0]
    page = replace(_PAGES[paper.size], small=min(1.0, paper.size_pt / _NORMAL_PT))
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.left_margin = section.right_margin = Mm(page.side)
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    _foot(section, paper.foot)
    for number, (_, blocks) in enumerate(paper.sheets):
        if number:
            document.add_page_break()
        for block in blocks:
            _add(document, block, paper.size_pt, page)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: WordDocument, block: Block, size_pt: float, page: _Page) -> None:
    if isinstance(block, Heading):
        _heading(document, block, page.small)
    elif isinstance(block, Text):
        line = document.add_paragraph(printable(block.text))
        if block.is_indented:
            line.paragraph_format.first_line_indent = Pt(2 * size_pt)
    elif isinstance(block, Facts):
        for name, said in block.pairs:
            line = document.add_paragraph()
            _font(line.add_run(f"{printable(name)}　")._element, HEADS)  # noqa: SLF001 - fonts for Chinese have no other door
            line.add_run(printable(said))
            line.paragraph_format.space_after = Pt(2)
    elif isinstance(block, Grid):
        _grid(document, block, page)
    elif isinstance(block, Form):
        _form(document, block, page)
    elif isinstance(block, Closing):
        document.add_paragraph()
        for said in block.lines:
            document.add_paragraph(printable(said)).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _heading(document: WordDocument, block: Heading, small: float) -> None:
    line = document.add_heading(level=block.level)
    run = line.add_run(printable(block.text))
    run.font.size, run.bold = Pt(_SIZES.get(block.level, 12.0) * small), True
    _font(run._element, HEADS)  # noqa: SLF001 - as above
    if block.level == 1:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _grid(document: WordDocument, block: Grid, page: _Page) -> None:
    table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    shares = sum(column.share for column in block.columns)
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        line = cell.paragraphs[0]
        run = line.add_run(column.name)
        run.bold = True
        _font(run._element, HEADS)  # noqa: SLF001 - as above
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _flag(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 - as above
    for values in block.rows:
        row = table.add_row()
        row.height = Mm(block.row_mm)
        _flag(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001 - as above
        for cell, column, value in zip(row.cells, block.columns, values, strict=True):
            cell.paragraphs[0].add_run(printable(value)).font.size = Pt(_TABLE_PT * page.small)
            if column.is_number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for column, place in zip(block.columns, table.columns, strict=True):
        for cell in place.cells:
            cell.width = Mm(page.body * column.share / shares)
    document.add_paragraph()


def _form(document: WordDocument, block: Form, page: _Page) -> None:
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    table.autofit = False
    label = _LABEL_MM * page.small
    widths = (label, page.body / 2 - label) * 2
    for pairs in block.rows:
        row = table.add_row()
        _flag(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001 - as above
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        cells = list(row.cells)
        if len(pairs) == 1:
            cells = [cells[0], cells[1].merge(cells[3])]
        for place, said in enumerate(text for pair in pairs for text in pair):
            run = cells[place].paragraphs[0].add_run(printable(said))
            run.font.size = Pt(_TABLE_PT * page.small)
            if place % 2 == 0:
                _font(run._element, HEADS)  # noqa: SLF001 - as above
    document.add_paragraph()


def _flag(properties: object, name: str) -> None:
    properties.append(OxmlElement(name))  # type: ignore[attr-defined]  # an lxml element


def _font(element: object, name: str) -> None:
    """Name the font for Chinese letters too, which python-docx leaves to the default."""
    properties = element.get_or_add_rPr()  # type: ignore[attr-defined]  # an lxml element of a run or a style
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(kind), name)


def _foot(section: Section, text: str) -> None:
    line = section.footer.paragraphs[0]
    line.add_run(f"{printable(text)}　第 ").font.size = Pt(9)
    _field(line, "PAGE")
    line.add_run(" 页 / 共 ").font.size = Pt(9)
    _field(line, "NUMPAGES")
    line.add_run(" 页").font.size = Pt(9)


def _field(line: Paragraph, name: str) -> None:
    run = line.add_run()
    run.font.size = Pt(9)
    for kind in ("begin", "", "end"):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = name
        run._element.append(part)  # noqa: SLF001 - as above
