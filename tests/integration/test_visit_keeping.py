"""What is kept of visits, for how long, and what the member is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from gis.model.access import Action
from gis.model.rights import ConsentAnswer, ConsentScope, LeftKind, RightKind, RightStatus
from gis.model.visits import LeftOut, ResultSource, VisitResult
from gis.services.consent import ConsentEntry, record_consent
from gis.services.leaving import LeaveRequest, register_leaving
from gis.services.member_copy import copy_docx, member_copy
from gis.services.retention import retention_due, run_retention
from gis.services.rights import RightAnswer, RightEntry, answer_request, open_request
from gis.services.visits.results import record_results
from gis.services.visits.views import list_rounds
from gis.store import schema as s
from tests.integration.tiny_street import CLERK
from tests.integration.visit_street import LAST, VisitStreet

if TYPE_CHECKING:
    from gis.store.database import Store

TABLES = (
    *(s.VisitTeamRow, s.VisitorRow, s.VisitStopRow, s.VisitTargetRow, s.VisitResultRow, s.VisitSheetRow),
    s.ContactLogRow,
)


@pytest.fixture
def street(store: Store) -> VisitStreet:
    made = VisitStreet(store)
    made.sheet()
    said = [made.said(0, VisitResult.MET, note="问禾一好"), made.said(1, VisitResult.IN_HOSPITAL)]
    record_results(CLERK, store, said, ResultSource.DESK)
    with store.writing(CLERK, Action.PLAN_VISITS) as writer:
        row = writer.session.get(s.VisitRoundRow, made.round_id)
        assert row is not None
        row.left_out = [{"member_ids": [made.members[6]], "code": "no_place", "reason": "禾七没有位置，住外县某处"}]
        row.options = {"member_ids": [made.members[0], 99], "must_with": [[made.members[0], 1]], "exclude": []}
        row.note = "带上材料"
    return made


def dump(store: Store, *tables: Any) -> dict[str, list[dict[str, Any]]]:
    with store.engine.connect() as connection:
        return {
            table.__tablename__: [dict(row) for row in connection.execute(select(table.__table__)).mappings()]
            for table in tables
        }


def sizes(store: Store) -> dict[str, int]:
    return {name: len(rows) for name, rows in dump(store, *TABLES).items()}


def test_a_round_is_cleared_to_the_day_and_its_figures_stay(street: VisitStreet):
    before = sizes(street.store)
    lines = list_rounds(CLERK, street.store)
    street.now = datetime(2028, 11, 20, 8)  # noqa: DTZ001  # the store's clock is naive UTC
    run_retention(CLERK, street.store)  # the contacts of the 20th go, the round that ended on the 21st does not
    assert sizes(street.store) == {**before, "contact_log": 0}
    street.now = datetime(2028, 11, 21, 8)  # noqa: DTZ001  # as above
    expected = retention_due(CLERK, street.store)
    report = run_retention(CLERK, street.store)
    assert [one.counts for one in report.cleared] == [one.counts for one in expected.cleared]
    assert set(sizes(street.store).values()) == {0}
    (row,) = dump(street.store, s.VisitRoundRow)["visit_round"]
    assert (row["options"], row["left_out"], row["note"]) == ({}, [], "")
    after = list_rounds(CLERK, street.store)
    shown = [(one.n_teams, one.n_stops, one.n_targets, one.n_done, one.n_met) for one in (*lines, *after)]
    assert shown == [(2, 6, 6, 2, 1)] * 2
    assert run_retention(CLERK, street.store).total == 0


def test_a_member_who_left_is_gone_from_every_round(street: VisitStreet):
    first, seventh = street.members[0], street.members[6]
    for member in (first, seventh):
        register_leaving(CLERK, street.store, LeaveRequest(member, LeftKind.DECEASED, LAST))
    street.now = datetime(2028, 11, 21, 4)  # noqa: DTZ001  # the store's clock is naive UTC
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        writer.session.get(s.VisitRoundRow, street.round_id).last_day = date(2028, 1, 1)  # type: ignore[union-attr]  # it is there
        writer.session.get(s.VisitResultRow, 2).note = "与禾一同去"  # type: ignore[union-attr]  # it is there
    run_retention(CLERK, street.store)
    found = dump(street.store, *TABLES, s.VisitRoundRow)
    assert len(found["visit_target"]) == len(found["visit_stop"]) == 5
    assert len(found["visit_result"]) == 1
    assert "禾一" not in str(found)
    assert "禾七" not in str(found)
    (row,) = found["visit_round"]
    assert (row["left_out"], row["options"]) == ([], {"member_ids": [99], "must_with": [], "exclude": []})


def test_the_copy_for_the_member_has_visits_results_and_why_not(street: VisitStreet):
    document = member_copy(CLERK, street.store, street.members[1])
    sections = {one["table"]: one["rows"] for one in document["sections"]}  # type: ignore[attr-defined]  # JSON
    (target,), (result,) = sections["visit_target"], sections["visit_result"]
    assert (target["走访批次"], target["停留点"], target["目的"]) == ("11月走访", "2026-11-20 10:00", ["送学"])
    assert (result["结果"], result["走访日期"], result["走访人"]) == ("住院", "2026-11-20", "禾走访")
    assert not {"由此登记的联系记录", "由此改动的其他记录"} & result.keys()
    assert b"PK" in copy_docx(document, street.now).content
    left = member_copy(CLERK, street.store, street.members[6])
    rows = {one["table"]: one["rows"] for one in left["sections"]}  # type: ignore[attr-defined]  # JSON
    assert rows["visit_round"] == [{"走访批次": "11月走访", "未排入的原因": "禾七没有位置，住外县某处"}]
    assert "visit_result" not in rows


def test_an_address_that_is_refused_is_found_in_rounds_too(street: VisitStreet):
    address = "青禾路150号"
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        full = writer.visit_round(street.round_id)
        assert full is not None
        left = LeftOut((street.members[6],), "x", f"在{address}旁")
        writer.save_visit_round(replace(full, left_out=(left,), note=f"从{address}走"))
        writer.session.get(s.VisitResultRow, 1).note = f"到过{address}"  # type: ignore[union-attr]  # it is there
    refuse = ConsentEntry(ConsentScope.EXACT_LOCATION, ConsentAnswer.REFUSED)
    record_consent(CLERK, street.store, street.members[1], refuse)
    rows = {row["position"]: row for row in dump(street.store, s.VisitStopRow)["visit_stop"] if row["team_id"] == 1}
    assert [(rows[place]["walk_m"], rows[place]["is_estimated"]) for place in (1, 2, 3)] == [
        (310.0, False),
        (300.0, True),
        (300.0, True),
    ]  # to the home and on from it
    with street.store.engine.connect() as connection:
        texts = [
            str(dict(row))
            for table in s.Base.metadata.sorted_tables
            if table.name not in ("audit_log", "building", "road", "estate")
            for row in connection.execute(select(table)).mappings()
        ]
    assert [text for text in texts if address in text] == []


def test_who_asks_for_deletion_was_simply_not_at_home(street: VisitStreet):
    request = open_request(CLERK, street.store, street.members[1], RightEntry(RightKind.DELETE))
    assert request.id is not None
    answer_request(CLERK, street.store, request.id, RightAnswer(RightStatus.DONE, "", 1))
    rows = dump(street.store, s.VisitResultRow)["visit_result"]
    assert [(row["result"], row["note"]) for row in rows] == [
        (VisitResult.MET, "问禾一好"),
        (VisitResult.NOT_HOME, ""),
    ]


def test_rows_of_visits_keep_no_address_and_no_position():
    columns = {column.name for table in (*TABLES[:-1], s.VisitRoundRow) for column in table.__table__.columns}
    assert not {name for name in columns if name in {"geom", "address", "lon", "lat", "phone", "unit_no", "room_no"}}
