"""One paper in three formats: what people wrote stays what they wrote, and pages, fonts and heads are there."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from gis.errors import ConfigError
from gis.model.papers import Closing, Column, Facts, Form, Grid, Heading, Paper, PaperSize, Text
from gis.store.formats import paper_pdf
from gis.store.formats.paper_docx import write_docx
from gis.store.formats.paper_pdf import fonts_found, write_pdf
from gis.store.formats.paper_xlsx import write_xlsx
from tests.fixtures.components import need

AT = datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001  # naive UTC, as the store's clock gives
HOSTILE = ("=1+1", "#set text(red)", "*禾一*", "<b>禾二</b>", "$x$ @禾三 `c`", "禾\x00四\ud800", "&P &A")


def paper(names: tuple[str, ...] = HOSTILE, sheets: int = 2) -> Paper:
    blocks = (
        Heading("禾苗支部临时党小组名册"),
        Facts((("活动地点", names[0]), ("组长", names[1]))),
        Text("就近参加学习。" * 20),
        Grid(
            (Column("序号", 0.5), Column("姓名", 2), Column("步行（米）", 1, is_number=True)),
            tuple((str(k), name, "120") for k, name in enumerate(names)),
        ),
        Closing(("中共禾苗支部委员会", "2026 年 11 月 22 日")),
    )
    return Paper("名册", tuple(("甲/支部:[一]", blocks) for _ in range(sheets)), "内部资料 & 不得公开")


def test_word_keeps_every_letter_that_xml_can_hold() -> None:
    document = Document(BytesIO(write_docx(paper(), AT)))
    cells = [row.cells[1].text for row in document.tables[0].rows]
    assert cells == ["姓名", *HOSTILE[:5], "禾四", HOSTILE[6]]
    assert len(document.tables) == 2
    style = document.paragraphs[0].style
    assert style is not None
    assert style.name == "Heading 1"


def test_a_worksheet_holds_text_as_text_and_numbers_as_numbers() -> None:
    book = openpyxl.load_workbook(BytesIO(write_xlsx(paper(), AT)))
    assert book.sheetnames == ["甲支部一", "甲支部一-2"]
    sheet = book.worksheets[0]
    head = next(number for number, row in enumerate(sheet.iter_rows(), start=1) if row[1].value == "姓名")
    cells = [sheet.cell(head + k, 2) for k in range(1, 8)]
    assert [cell.value for cell in cells] == [*HOSTILE[:5], "禾四", HOSTILE[6]]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet.cell(head + 1, 3).value == 120
    assert sheet.print_title_rows == f"${head}:${head}"
    feet = [one.oddFooter.left for one in book if one.oddFooter is not None]
    assert [one.text for one in feet] == ["内部资料 && 不得公开"] * 2


def test_a_pdf_has_its_pages_and_the_same_bytes_each_time() -> None:
    need("chinese-font")
    once = write_pdf(paper(sheets=3), AT)
    assert once.startswith(b"%PDF-")
    assert b"/Count 3" in once
    assert write_pdf(paper(sheets=3), AT) == once


@pytest.fixture
def _no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        def families(self) -> list[str]:
            return ["Libertinus Serif"]

    monkeypatch.setattr(paper_pdf, "all_fonts", lambda _: Bare())


@pytest.mark.usefixtures("_no_fonts")
def test_a_machine_without_chinese_fonts_is_told_what_to_install() -> None:
    with pytest.raises(ConfigError, match="没有找到中文字体"):
        fonts_found()


FORM = Form(((("姓名", "禾一"), ("性别", "=1+1")), (("现住址", "#禾*苑\n" + "A" * 90),)))


def test_a_form_keeps_what_was_filled_in_on_any_page() -> None:
    for size in PaperSize:
        card = Paper("联系卡", (("卡", (Heading("联系卡"), FORM)),), "内部资料", 9.0, size)
        (table,) = Document(BytesIO(write_docx(card, AT))).tables
        assert [cell.text for cell in table.rows[0].cells] == ["姓名", "禾一", "性别", "=1+1"]
        assert table.rows[1].cells[1].text == "#禾*苑\n" + "A" * 90
        sheet = openpyxl.load_workbook(BytesIO(write_xlsx(card, AT))).worksheets[0]
        assert [cell.value for cell in sheet["A"]][1:] == ["姓名　禾一", "性别　=1+1", "现住址　#禾*苑\n" + "A" * 90]
        assert sheet.page_setup.paperSize == {PaperSize.A4: 9, PaperSize.A5: 11}[size]
        need("chinese-font")
        assert write_pdf(card, AT) == write_pdf(card, AT)
