"""The record book, the report of a round and the calendar: what stands there, and what must not."""

from __future__ import annotations

import json
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
import typer
from docx import Document
from sqlalchemy import select
from typer.testing import CliRunner

from gis.cli import visit_exports_cmd
from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import MapPrecision
from gis.model.rights import ConsentAnswer, ConsentScope
from gis.services.consent import ConsentEntry, record_consent
from gis.services.visits import exports as visit_exports
from gis.services.visits.exports import RecordQuery, record_book
from gis.services.visits.ics import visits_ics
from gis.services.visits.report import round_names, round_report
from gis.store.schema import AuditRow, MemberRow, VisitResultRow
from tests.integration.tiny_street import CLERK
from tests.integration.visit_results_street import DAY, NAMES, NEXT_DAY, DoneStreet

if TYPE_CHECKING:
    from pathlib import Path

    from gis.services.visits.exports import VisitFile
    from gis.store.database import Store

QUERY = RecordQuery(date(2026, 8, 1), date(2026, 9, 30), "录入市平台")


@pytest.fixture
def done(store: Store) -> DoneStreet:
    return DoneStreet(store)


def book_of(made: VisitFile) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(made.content))


def words(made: VisitFile) -> str:
    document = Document(BytesIO(made.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([line.text for line in document.paragraphs] + cells)


def member_set(store: Store, place: int, **values: object) -> None:
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        row = writer.session.scalars(select(MemberRow).order_by(MemberRow.id)).all()[place]
        for name, value in values.items():
            setattr(row, name, value)


def test_the_record_has_a_sheet_a_month_and_a_row_a_member(done: DoneStreet, store: Store):
    made = record_book(CLERK, store, QUERY)
    book = book_of(made)
    assert book.sheetnames == ["8月", "9月"]
    august = list(book["8月"].iter_rows(min_row=2, values_only=True))
    day = datetime(2026, 8, 31)  # noqa: DTZ001  # as the workbook gives it
    assert august == [
        (
            "禾一", "青禾路0号", "入户", day, "走访甲、走访乙",
            "送学上门、走访慰问，见到本人；送去学习资料；=希望大字本。", "送学、慰问",
        ),
        ("禾四", "青禾路2000号", "电话", day, "走访甲、走访丙", "送学上门，与本人通了电话。", "送学"),
        ("禾二", "青禾路150号", "入户", day, "走访甲、走访乙", "送学上门，未见到本人。", "送学"),
    ]  # fmt: skip
    (moved,) = book["9月"].iter_rows(min_row=2, values_only=True)
    assert moved[5] == "回访，未见到本人，已不住在这里，待登记新住址。"
    assert made.member_ids == tuple(sorted(done.members[:4]))
    assert made.notes == ("1 条备注涉及身体或思想情况，没有写入走访详情",)


def test_years_stand_in_the_names_of_sheets_where_there_are_several(done: DoneStreet, store: Store):
    assert done.round_id
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        row = writer.session.scalars(select(VisitResultRow).order_by(VisitResultRow.id)).first()
        assert row is not None
        row.on_day = date(2025, 12, 30)
    query = RecordQuery(date(2025, 1, 1), date(2026, 12, 31), "录入市平台")
    assert book_of(record_book(CLERK, store, query)).sheetnames == ["2025年12月", "2026年8月", "2026年9月"]


def test_only_the_days_and_the_organisation_asked_for(done: DoneStreet, store: Store):
    august = RecordQuery(DAY, DAY, "录入市平台", done.street.branch)
    assert book_of(record_book(CLERK, store, august)).sheetnames == ["8月"]
    with pytest.raises(InputError, match="还没有登记过走访结果"):
        record_book(CLERK, store, RecordQuery(DAY, NEXT_DAY, "录入市平台", done.street.other))


def test_an_address_is_as_exact_as_the_member_allows(done: DoneStreet, store: Store):
    member_set(store, 0, map_precision=MapPrecision.HIDDEN)
    record_consent(CLERK, store, done.members[3], ConsentEntry(ConsentScope.EXACT_LOCATION, ConsentAnswer.REFUSED))
    rows = {row[0]: str(row[1]) for row in book_of(record_book(CLERK, store, QUERY))["8月"].iter_rows(values_only=True)}
    assert rows["禾一"] == "按本人意愿不写明"
    assert "2000" not in rows["禾四"]


def test_who_is_restricted_is_in_no_record(done: DoneStreet, store: Store):
    member_set(store, 0, restricted_on=DAY)
    made = record_book(CLERK, store, QUERY)
    assert done.members[0] not in made.member_ids
    assert "禾一" not in str(list(book_of(made)["8月"].values))


@pytest.mark.parametrize("reason", ["", "  ", "很" * 51])
def test_a_record_needs_a_reason(done: DoneStreet, store: Store, reason: str):
    assert done.round_id
    with pytest.raises(InputError, match="须写明用途"):
        record_book(CLERK, store, RecordQuery(DAY, NEXT_DAY, reason))


def test_days_the_wrong_way_round_and_too_many_rows_are_refused(
    done: DoneStreet, store: Store, monkeypatch: pytest.MonkeyPatch
):
    assert done.round_id
    with pytest.raises(InputError, match="请对调"):
        record_book(CLERK, store, RecordQuery(NEXT_DAY, DAY, "录入市平台"))
    monkeypatch.setattr(visit_exports, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="一次至多导出 3 条"):
        record_book(CLERK, store, QUERY)


def test_who_may_not_plan_gets_no_record_and_others_only_their_own(done: DoneStreet, store: Store):
    liaison = Actor("l", Role.LIAISON, scope_for(Role.LIAISON, frozenset({done.street.branch})))
    for make in (lambda: record_book(liaison, store, QUERY), lambda: round_report(liaison, store, done.round_id)):
        with pytest.raises(DeniedError):
            make()
    stranger = Actor("s", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({done.street.other})))
    with pytest.raises(InputError, match="还没有登记过"):
        record_book(stranger, store, QUERY)
    with pytest.raises(DeniedError, match="管理范围不包括"):
        record_book(stranger, store, RecordQuery(DAY, DAY, "x", done.street.branch))
    with pytest.raises(NotFoundError):
        round_report(stranger, store, done.round_id)


def test_every_export_is_logged_with_its_reason(done: DoneStreet, store: Store):
    record_book(CLERK, store, QUERY)
    round_report(CLERK, store, done.round_id)
    round_names(CLERK, store, done.round_id, "支部留存")
    with store.reading(CLERK.scope) as reader:
        rows = reader.session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(3)).all()
        said = [(row.summary, str(row.details)) for row in rows]
    assert [summary for summary, _ in said] == ["导出走访名单", "导出走访情况报告", "导出走访记录 4 行"]
    assert "支部留存" in said[0][1]
    assert "录入市平台" in said[2][1]


def test_the_report_counts_and_names_nobody(done: DoneStreet, store: Store):
    made = round_report(CLERK, store, done.round_id)
    said = words(made)
    for sentence in (
        "走访党员 5 人，5 户，由 2 个小组用 3 个半天走完",
        "送学 3 人、慰问 1 人、回访 1 人、摸排 1 人（同一人可有几项）",
        "已登记结果 4 人（80%），见到或联系上 2 人（40%），其中当面见到 1 人",
        "走访前一天 0 人（0%），截至 2026 年 9 月 1 日 1 人",
        "该党员没有可以上门的住址，请电话约定",
        "有 1 条结果前后不一致",
        "1 人已不住在原处",
        "已与 1 人约定下次时间，最早 2026 年 9 月 30 日",
    ):
        assert sentence in said
    assert not [name for name in (*NAMES, "走访甲", "住院") if name in said]
    assert made.member_ids == ()


def test_the_names_are_a_paper_of_their_own_with_a_reason(done: DoneStreet, store: Store):
    said = words(round_names(CLERK, store, done.round_id, "支部留存"))
    assert [name for name in NAMES if name not in said] == []
    assert "住院" not in said
    with pytest.raises(InputError, match="须写明用途"):
        round_names(CLERK, store, done.round_id, "")


def test_a_calendar_has_an_event_a_half_day_and_names_nobody(done: DoneStreet, store: Store):
    made = visits_ics(CLERK, store, done.round_id, 1, address="https://jiujin.example/")
    lines = made.content.decode().split("\r\n")
    whole = made.content.decode().replace("\r\n ", "")
    assert max(len(line.encode()) for line in lines) <= 75
    assert [line for line in lines if line.startswith("SUMMARY")] == [
        "SUMMARY:上门送学 第1组 2 户",
        "SUMMARY:上门送学 第1组 1 户",
    ]
    assert "DTSTART;TZID=Asia/Shanghai:20260831T083000" in lines
    assert "https://jiujin.example/visits/my" in whole
    assert not [name for name in (*NAMES, "青禾路") if name in whole]
    assert visits_ics(CLERK, store, done.round_id).content.count(b"BEGIN:VEVENT") == 3
    with pytest.raises(NotFoundError, match="没有第 9 组"):
        visits_ics(CLERK, store, done.round_id, 9)


def test_the_commands_write_files(done: DoneStreet, store: Store, tmp_path: Path):
    app, visits = typer.Typer(), typer.Typer()
    app.add_typer(visits, name="visits")
    visit_exports_cmd.register(visits)
    url = store.engine.url.render_as_string(hide_password=False)
    number = str(done.round_id)

    def run(*arguments: str) -> dict[str, object]:
        out = tmp_path / arguments[0]
        result = CliRunner().invoke(app, ["visits", *arguments, "-o", str(out), "--db", url, "--json"])
        assert result.exit_code == 0, result.output
        assert out.stat().st_size > 500
        return dict(json.loads(result.stdout))

    days = ("--from", "2026-08-01", "--to", "2026-09-30")
    found = run("record-book", "--branch", "东风一支部", *days, "--reason", "录入市平台")
    assert found["members"] == 4
    run("report", number)
    assert run("ics", number, "--team", "1")["events"] == 2
    wrong = CliRunner().invoke(app, ["visits", "record-book", *days, "--reason", "", "--db", url])
    assert wrong.exit_code == 1
