"""走访单 on both databases: made, counted, given back, made void, and by whom."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.ids import UserId
from gis.model.visits import RoundState, SheetKind
from gis.services.visits.map import PHONE_BYTES, team_map
from gis.services.visits.paths import team_paths
from gis.services.visits.sheets import (
    SheetRequest,
    SheetStanding,
    list_sheets,
    make_sheet,
    return_sheet,
    void_sheet,
)
from gis.services.visits.views import open_round, open_sheet_team
from gis.store.schema import AuditRow
from tests.integration.tiny_street import CLERK
from tests.integration.visit_street import LAST, VisitStreet

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store.database import Store


@pytest.fixture
def given(store: Store) -> VisitStreet:
    return VisitStreet(store)


def request(given: VisitStreet, team: int = 0, kind: SheetKind = SheetKind.OFFLINE, holder: str = "禾走访"):
    return SheetRequest(given.teams[team], holder, kind, "http://10.0.0.8:8501")  # type: ignore[arg-type]  # saved


def test_every_print_is_a_sheet_of_its_own_and_says_what_is_still_out(given: VisitStreet, store: Store):
    first, second = make_sheet(CLERK, store, request(given)), make_sheet(CLERK, store, request(given))
    other = make_sheet(CLERK, store, request(given, 1))
    assert [one.number for one in (first, second, other)] == [
        f"SX20261122-{given.round_id}-1-1",
        f"SX20261122-{given.round_id}-1-2",
        f"SX20261122-{given.round_id}-2-1",
    ]
    assert [[one.number for one in made.still_out] for made in (first, second, other)] == [[], [first.number], []]
    void_sheet(CLERK, store, first.number)
    return_sheet(CLERK, store, second.number)
    third = make_sheet(CLERK, store, request(given))
    assert (third.number[-2:], third.still_out) == ("-3", ())
    assert [(line.team_number, line.standing) for line in list_sheets(CLERK, store, given.round_id)] == [
        (1, SheetStanding.VOIDED),
        (1, SheetStanding.RETURNED),
        (1, SheetStanding.OUT),
        (2, SheetStanding.OUT),
    ]


def test_a_sheet_expires_some_days_after_the_last_day(given: VisitStreet, store: Store):
    make_sheet(CLERK, store, request(given))
    (line,) = list_sheets(CLERK, store, given.round_id)
    assert line.sheet.expires_on == LAST + timedelta(days=7)
    given.now += timedelta(days=30)
    (line,) = list_sheets(CLERK, store, given.round_id)
    assert line.standing is SheetStanding.EXPIRED


def test_a_visitor_makes_the_sheet_of_their_own_team_only(given: VisitStreet, store: Store):
    made = make_sheet(given.liaison, store, request(given))
    assert open_sheet_team(given.liaison, store, made.number)[2].holder == "禾走访"
    with pytest.raises(NotFoundError):
        make_sheet(given.liaison, store, request(given, 1))
    with pytest.raises(DeniedError):
        void_sheet(given.liaison, store, made.number)
    assert [line.team_number for line in list_sheets(given.liaison, store, given.round_id)] == [1]


def test_outside_the_scope_there_is_no_such_sheet(given: VisitStreet, store: Store):
    made = make_sheet(CLERK, store, request(given))
    scope = scope_for(Role.BRANCH_SECRETARY, frozenset({given.street.other}))
    other = Actor("linzhi", Role.BRANCH_SECRETARY, scope, UserId(98), "邻支书")
    for attempt in (
        lambda: make_sheet(other, store, request(given)),
        lambda: list_sheets(other, store, given.round_id),
        lambda: void_sheet(other, store, made.number),
        lambda: return_sheet(other, store, made.number),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_what_ended_is_not_ended_again(given: VisitStreet, store: Store):
    made = make_sheet(CLERK, store, request(given))
    assert return_sheet(CLERK, store, made.number.lower()).sheet.returned_on == given.now.date()
    with pytest.raises(InputError, match="交回"):
        return_sheet(CLERK, store, made.number)
    void_sheet(CLERK, store, made.number)
    with pytest.raises(InputError, match="作废"):
        return_sheet(CLERK, store, made.number)


@pytest.mark.parametrize("holder", ["", "  ", "禾" * 101])
def test_somebody_must_hold_it(given: VisitStreet, store: Store, holder: str):
    with pytest.raises(InputError, match="由谁拿着"):
        make_sheet(CLERK, store, request(given, holder=holder))


def test_only_an_issued_round_has_sheets(given: VisitStreet, store: Store):
    with store.writing(CLERK, Action.PLAN_VISITS) as writer:
        kept = writer.visit_round(given.round_id)
        assert kept is not None
        writer.set_round_state(given.round_id, kept.version, RoundState.CANCELLED)
    with pytest.raises(InputError, match="已取消"):
        make_sheet(CLERK, store, request(given))


def test_the_log_names_the_sheet_and_no_person(given: VisitStreet, store: Store):
    made = make_sheet(CLERK, store, request(given))
    with Session(store.engine) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None
    assert last.summary == "打印走访单（手机离线单）"
    said = json.dumps(last.details, ensure_ascii=False)
    assert made.number in said
    assert "禾一" not in said


def test_the_way_along_the_road_is_drawn_for_the_screen(given: VisitStreet, store: Store):
    team = open_round(CLERK, store, given.round_id).teams[0]
    legs = team_paths(CLERK, store, team)
    assert [(leg.to_position, leg.is_estimated) for leg in legs] == [(2, False), (3, False)]
    assert legs[0].lonlat[0] == pytest.approx(team.stops[0].lonlat, abs=1e-6)
    assert 0 < len(team_map(CLERK, store, team, max_bytes=PHONE_BYTES).encode()) <= PHONE_BYTES


def test_at_the_command_line(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    given = VisitStreet(sqlite_store)
    monkeypatch.setenv("JIUJIN_DATABASE_URL", str(sqlite_store.engine.url))
    monkeypatch.setenv("JIUJIN_HOME", str(tmp_path))

    def run(*words: str, fails: bool = False) -> dict[str, object]:
        said = CliRunner().invoke(app, ["visits", *words, "--json"])
        assert (said.exit_code != 0) == fails, said.output
        found: dict[str, object] = json.loads(said.stdout)
        return found

    out = tmp_path / "exports" / "单.html"
    asked = ("sheet", str(given.round_id), "--team", "1", "--holder", "禾走访")
    made = run(*asked, "-o", str(out))
    assert (made["kind"], made["members"], made["recorded"], made["still_out"]) == ("offline", 3, True, [])
    assert out.read_bytes().startswith(b"<!doctype html>")
    number = str(made["number"])
    assert run("return", number)["standing"] == "returned"
    assert run("void", number)["standing"] == "voided"
    listed = run("sheets", str(given.round_id))["sheets"]
    assert isinstance(listed, list)
    assert [line["standing"] for line in listed] == ["voided"]
    assert "结尾" in str(run(*asked, "-o", "x.docx", fails=True)["error"])
    assert "没有第 9 组" in str(
        run("sheet", str(given.round_id), "--team", "9", "--holder", "禾", "-o", "x.pdf", fails=True)["error"]
    )
