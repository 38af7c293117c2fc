"""Cards and household files on paper: nothing cut, fonts embedded, numbers masked, and a trace in the log."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.contact import ContactSide, RequestCategory
from gis.model.ids import MemberId
from gis.model.papers import PaperFormat, PaperSize
from gis.model.people import Residence
from gis.services.card_editing import details_of, edit_card, versions_of
from gis.services.card_paper import CardPrint, card_file, household_file
from gis.services.cards import open_card
from gis.services.contacts import NewContactPerson, name_contact_person
from gis.services.requests import NewRequest, raise_request
from gis.store.schema import AuditRow
from tests.fixtures.components import need
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.store.database import Store

ADDRESS = "江南省禾州市嘉穗区青禾街道春耕路一百二十八弄禾锦苑北区二十三幢甲单元一千二百零三室"
LINES = (
    "安置房原定今年六月交付，想知道推迟到什么时候；",
    "过渡费发到哪个月，推迟期间是否继续发；",
    "老人腿脚不便，分房时希望照顾低楼层，有消息请来电告诉家里。",
)
PRINT = CardPrint("上门走访", PaperFormat.DOCX)


@pytest.fixture
def street(sqlite_store: Store) -> TinyStreet:
    made = TinyStreet(sqlite_store)
    with sqlite_store.writing(CLERK, Action.IMPORT_DATA) as writer:
        found = writer.member(made.members[0])
        assert found is not None
        writer.save_members([replace(found, residence=Residence(ADDRESS), phone="15400000001")])
    raise_request(CLERK, sqlite_store, made.members[0], NewRequest(RequestCategory.HOUSING_PROGRESS, "\n".join(LINES)))
    person = NewContactPerson(ContactSide.HOME, "禾联系", "15400000002")
    name_contact_person(CLERK, sqlite_store, made.members[0], person)
    return made


def words(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("size", list(PaperSize))
def test_a_long_address_and_a_request_of_three_lines_stand_in_full(street: TinyStreet, size: PaperSize):
    assert len(ADDRESS) >= 40
    made = card_file(CLERK, street.store, street.members[:1], replace(PRINT, size=size))
    said = words(made.content)
    assert ADDRESS in said
    assert all(line in said for line in LINES)
    assert "没有问过本人" not in said
    width = Document(BytesIO(made.content)).sections[0].page_width
    assert width is not None
    assert round(width.mm) == {PaperSize.A4: 210, PaperSize.A5: 148}[size]


@pytest.mark.parametrize("size", list(PaperSize))
def test_a_pdf_embeds_its_fonts(street: TinyStreet, size: PaperSize):
    need("chinese-font")
    wanted = CardPrint("上门走访", PaperFormat.PDF, size)
    content = card_file(CLERK, street.store, street.members[:1], wanted).content
    flat = content + b"".join(_streams(content))
    assert re.search(rb"/FontFile[23]?\b", flat)
    named = set(re.findall(rb"/FontName\s*/([^\s/\]>]+)", flat))
    assert named
    assert all(re.match(rb"[A-Z]{6}\+", one) for one in named)  # a subset that the file carries itself


def _streams(content: bytes) -> list[bytes]:
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            continue
    return found


def test_numbers_are_masked_unless_asked_for(street: TinyStreet):
    member = street.members[0]
    for phones, sees in ((False, False), (True, True)):
        wanted = replace(PRINT, with_phones=phones)
        for made in (
            card_file(CLERK, street.store, [member], wanted),
            household_file(CLERK, street.store, member, wanted),
        ):
            assert ("15400000001" in words(made.content)) is sees
            assert ("154****0001" in words(made.content)) is not sees


def test_who_keeps_membership_private_gets_a_discreet_card(street: TinyStreet):
    member = street.members[0]
    view = open_card(CLERK, street.store, member)
    edit_card(CLERK, street.store, member, replace(details_of(view), is_private=True), versions_of(view))
    document = Document(BytesIO(card_file(CLERK, street.store, [member], PRINT).content))
    assert document.paragraphs[0].text == "联系卡"


def test_printing_needs_a_reason_and_leaves_a_trace(street: TinyStreet):
    for wanted, said in ((CardPrint(""), "用途"), (CardPrint("走访", PaperFormat.XLSX), "PDF 或 Word")):
        with pytest.raises(InputError, match=said):
            card_file(CLERK, street.store, street.members[:1], wanted)
    with pytest.raises(InputError, match="没有选中"):
        card_file(CLERK, street.store, [], PRINT)
    card_file(CLERK, street.store, street.members, PRINT)
    with Session(street.store.engine) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None
    assert last.summary == "打印联系卡 7 份（Word）"
    assert last.details["reason"] == "上门走访"


def test_nobody_prints_somebody_elses_card(street: TinyStreet):
    stranger = Actor("s", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset([street.other])))
    helper = Actor("h", Role.LIAISON, scope_for(Role.LIAISON, frozenset([street.branch])))
    for make in (
        lambda who: card_file(who, street.store, street.members[:1], PRINT),
        lambda who: household_file(who, street.store, street.members[0], PRINT),
    ):
        with pytest.raises((NotFoundError, InputError)):
            make(stranger)
        with pytest.raises(DeniedError):
            make(helper)
    with pytest.raises(NotFoundError):
        card_file(CLERK, street.store, [MemberId(999_999)], PRINT)
