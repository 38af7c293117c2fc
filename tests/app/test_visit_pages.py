"""The plain pages of visits: who gets them, what they refuse, what they never show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.model.access import Action, Role, operator
from gis.model.visits import RoundState, VisitResult
from gis.store.schema import VisitResultRow, VisitSheetRow
from tests.app.tiny import HOSTILE
from tests.fixtures.visits import IssuedRound, issue_round

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from gis.store.database import Store
    from tests.app.tiny import Tiny

PAGE = {"accept": "text/html"}
SITE = {"origin": "http://testserver"}
TEAM = (Role.BRANCH_SECRETARY, Role.GROUP_LEADER)
PLANNERS = (Role.STREET_CLERK, Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY)
KEY = "k" * 32


@pytest.fixture
def made(tiny: Tiny, installed: Store) -> IssuedRound:
    return issue_round(installed, [role.value for role in TEAM], 3)


def sign_in(client: TestClient, tiny: Tiny, role: Role) -> TestClient:
    client.cookies.set("gis_sid", tiny.tokens[role])
    return client


def said(made: IssuedRound, installed: Store, **changed: Any) -> dict[str, Any]:
    today = installed.today().isoformat()
    one = {"key": KEY, "target": made.target_ids[0], "result": "met", "on": today, "by": "王某", "based_on": 0}
    return {"sheet": made.number, "source": "phone", "results": [one | changed]}


def kept(store: Store) -> list[VisitResultRow]:
    with Session(store.engine) as session:
        return list(session.scalars(select(VisitResultRow).order_by(VisitResultRow.id)))


def sheet_with(store: Store, **values: object) -> None:
    with Session(store.engine) as session, session.begin():
        row = session.scalars(select(VisitSheetRow)).one()
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize(
    "address", ["/visits/my", "/visits/s/{}", "/visits/s/{}?plain=1", "/visits/desk", "/visits/desk/{}"]
)
def test_nobody_is_sent_to_the_sign_in_and_comes_back(client: TestClient, made: IssuedRound, address: str):
    address = address.format(made.number)
    answer = client.get(address, headers=PAGE)
    assert answer.status_code == 303
    form = client.get(answer.headers["location"])
    assert f'name="next" value="{address}"' in form.text


def test_a_post_of_nobody_is_401(client: TestClient, made: IssuedRound, installed: Store):
    assert client.post("/visits/results", json=said(made, installed), headers=SITE).status_code == 401
    assert kept(installed) == []


STATUS = {
    **dict.fromkeys(PLANNERS, 200),
    Role.GROUP_LEADER: 200,
    Role.LIAISON: 404,  # of the same branch, but not of the team
}


@pytest.mark.parametrize("role", Role)
def test_a_list_opens_for_its_team_and_who_planned_it(client: TestClient, tiny: Tiny, made: IssuedRound, role: Role):
    sign_in(client, tiny, role)
    for address in (f"/visits/s/{made.number}", f"/visits/s/{made.number}?plain=1", f"/visits/map/{made.number}.svg"):
        answer = client.get(address, headers=PAGE)
        assert answer.status_code == STATUS.get(role, 403)
        assert answer.headers["cache-control"] == "no-store"
        if answer.status_code != 200:
            assert all(name not in answer.text for name in ("甲", "乙"))
    assert client.get("/visits/my", headers=PAGE).status_code == (200 if role in STATUS else 403)


@pytest.mark.parametrize("role", Role)
def test_the_desk_is_for_who_plans(client: TestClient, tiny: Tiny, made: IssuedRound, role: Role):
    sign_in(client, tiny, role)
    wanted = 200 if role in PLANNERS else 403
    assert client.get("/visits/desk", headers=PAGE).status_code == wanted
    assert client.get(f"/visits/desk/{made.number}", headers=PAGE).status_code == wanted


@pytest.mark.parametrize("role", Role)
def test_results_are_taken_from_the_team_and_who_planned_it(
    client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store, role: Role
):
    answer = sign_in(client, tiny, role).post("/visits/results", json=said(made, installed), headers=SITE)
    is_taken = STATUS.get(role) == 200
    assert [row.result for row in kept(installed)] == [VisitResult.MET] * is_taken
    if is_taken:
        assert answer.status_code == 200
        assert answer.json()["results"][0]["state"] == "accepted"
    else:
        told = answer.json()
        assert told["error"] if "error" in told else told["results"][0]["state"] is None


def test_a_key_sent_again_has_the_same_answer(client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store):
    sign_in(client, tiny, Role.GROUP_LEADER)
    answers = [client.post("/visits/results", json=said(made, installed), headers=SITE).json() for _ in range(3)]
    ids = {(one["results"][0]["state"], one["results"][0]["result_id"]) for one in answers}
    assert len(ids) == 1
    assert len(kept(installed)) == 1


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}, {"origin": "null"}])
def test_a_post_from_elsewhere_is_refused(
    client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store, headers: dict[str, str]
):
    sign_in(client, tiny, Role.GROUP_LEADER)
    assert client.post("/visits/results", json=said(made, installed), headers=headers).status_code == 403
    form = said(made, installed)["results"][0]
    assert client.post(f"/visits/s/{made.number}", data=form, headers=headers).status_code == 403
    assert kept(installed) == []


BAD: list[dict[str, Any]] = [
    {"key": ""},
    {"key": "x"},
    {"key": "k" * 65},
    {"key": 5},
    {"key": "<img src=x onerror=1>"},
    {"target": "x"},
    {"target": True},
    {"target": -1},
    {"target": 10**30},
    {"target": 1.5},
    {"result": "nobody"},
    {"result": ["met"]},
    {"on": ""},
    {"on": "2026-13-01"},
    {"on": 20261122},
    {"note": "长" * 101},
    {"note": {"a": 1}},
    {"next_on": "下周"},
    {"based_on": "x"},
]


@pytest.mark.parametrize("changed", BAD)
def test_what_the_pages_do_not_send_is_refused_in_chinese(
    client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store, changed: dict[str, Any]
):
    sign_in(client, tiny, Role.GROUP_LEADER)
    answer = client.post("/visits/results", json=said(made, installed, **changed), headers=SITE)
    assert answer.status_code == 400
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["error"])
    assert kept(installed) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"results": []}',
        b'{"results": {}}',
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"results": [5]}',
        b'{"sheet": 7, "results": [{}]}',
        b'{"source": "x", "results": [{}]}',
    ],
)
def test_a_body_that_is_none_is_refused(client: TestClient, tiny: Tiny, made: IssuedRound, body: bytes):
    sign_in(client, tiny, Role.GROUP_LEADER)
    assert client.post("/visits/results", content=body, headers=SITE).status_code == 400


def test_a_body_too_long_is_refused(client: TestClient, tiny: Tiny, made: IssuedRound):
    sign_in(client, tiny, Role.GROUP_LEADER)
    body = json.dumps({"results": ["x" * 70_000]}).encode()
    assert client.post("/visits/results", content=body, headers=SITE).status_code == 413


def test_marks_that_cannot_be_printed_are_dropped(client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store):
    sign_in(client, tiny, Role.GROUP_LEADER)
    body = json.dumps(said(made, installed, note="好\u202e\ud800\x00\n好")).encode()
    assert client.post("/visits/results", content=body, headers=SITE).status_code == 200
    assert kept(installed)[0].note == "好 好"


@pytest.mark.parametrize("number", ["SX20990101-1-1-1", "x" * 40, "%00", "..%2f..", "'; drop", HOSTILE])
def test_a_number_that_is_none_gets_a_plain_page(client: TestClient, tiny: Tiny, made: IssuedRound, number: str):
    sign_in(client, tiny, Role.GROUP_LEADER)
    answer = client.get(f"/visits/s/{number}", headers=PAGE)
    assert answer.status_code == 404 or answer.text == "streamlit"
    assert "<img src=x" not in answer.text


def test_a_sheet_past_its_day_says_what_to_do_and_the_desk_still_takes_it(
    client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store
):
    today = installed.today()
    for values in ({"expires_on": today - timedelta(days=2)}, {"voided_on": today}):
        sheet_with(installed, **values)
        page = sign_in(client, tiny, Role.GROUP_LEADER).get(f"/visits/s/{made.number}", headers=PAGE)
        assert page.status_code == 410
        assert "支部" in page.text
        desk = sign_in(client, tiny, Role.STREET_CLERK).get(f"/visits/desk/{made.number}", headers=PAGE)
        assert desk.status_code == 200
        assert "仍可在这里补登" in desk.text


def test_a_round_that_was_called_off_is_closed_for_the_team(
    client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store
):
    with installed.writing(operator(), Action.PLAN_VISITS) as writer:
        round_ = writer.visit_round(made.round_id)
        assert round_ is not None
        writer.set_round_state(made.round_id, round_.version, RoundState.CANCELLED)
    page = sign_in(client, tiny, Role.GROUP_LEADER).get(f"/visits/s/{made.number}", headers=PAGE)
    assert page.status_code == 410
    assert "取消" in page.text


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.LIAISON, Role.STREET_CLERK])
def test_the_own_team_is_open_without_a_sheet_and_nobody_else_s(
    client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store, role: Role
):
    with Session(installed.engine) as session, session.begin():
        session.delete(session.scalars(select(VisitSheetRow)).one())
    address = f"/visits/s/T{made.team_id}"
    page, posted = (
        sign_in(client, tiny, role).get(address, headers=PAGE),
        client.post("/visits/results", json=said(made, installed) | {"sheet": ""}, headers=SITE),
    )
    if role is Role.GROUP_LEADER:
        assert address in client.get("/visits/my", headers=PAGE).text
        assert client.get(f"/visits/map/T{made.team_id}.svg").status_code == 200
        assert posted.json()["results"][0]["state"] == "accepted"
    assert page.status_code == (200 if role is Role.GROUP_LEADER else 404)


def test_names_stand_as_text_in_every_page(client: TestClient, tiny: Tiny, made: IssuedRound):
    sign_in(client, tiny, Role.BRANCH_SECRETARY)
    for address in ("/visits/my", "/visits/s/{}", "/visits/s/{}?plain=1", "/visits/desk/{}", "/visits/map/{}.svg"):
        text = client.get(address.format(made.number), headers=PAGE).text
        assert "<img src=x" not in text
        assert text.count("</script>") == text.count("<script")


def test_the_number_may_come_from_a_scanner(client: TestClient, tiny: Tiny, made: IssuedRound):
    sign_in(client, tiny, Role.STREET_CLERK)
    for typed in (made.number, made.number.lower(), f" {made.number} ", f"http://10.1.1.1/visits/s/{made.number}"):
        answer = client.get("/visits/desk", params={"number": typed}, headers=PAGE)
        assert answer.headers["location"] == f"/visits/desk/{made.number}"
    evil = client.get("/visits/desk", params={"number": "http://x/\\evil?a#b"}, headers=PAGE).headers["location"]
    assert evil == "/visits/desk/%5CEVIL%3FA%23B"


def test_the_scripts_are_kept_by_the_browser_and_change_their_address(client: TestClient, tiny: Tiny):
    from gis.ui.web import visit_assets  # noqa: PLC0415  # the app is slow to import, and only these tests need it

    sign_in(client, tiny, Role.GROUP_LEADER)
    for name in visit_assets.PARTS:
        answer = client.get(visit_assets.address(name))
        assert "immutable" in answer.headers["cache-control"]
        assert "eval(" not in answer.text
        assert "innerHTML" not in answer.text
        assert client.get(f"/gis/assets/{'0' * 12}/visits/{name}").status_code == 404


def test_a_form_sent_twice_has_one_effect(client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store):
    sign_in(client, tiny, Role.GROUP_LEADER)
    form = {name: str(value) for name, value in said(made, installed)["results"][0].items()}
    pages = [client.post(f"/visits/s/{made.number}", data=form, headers=SITE) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert len(kept(installed)) == 1
    assert client.post(f"/visits/s/{made.number}", data=form | {"result": ""}, headers=SITE).status_code == 400


def test_the_telephone_stands_only_where_the_team_may_see_it(
    client: TestClient, tiny: Tiny, made: IssuedRound, installed: Store
):
    number = "13900001234"
    with installed.writing(operator(), Action.EDIT_CARDS) as writer:
        members = [replace(one, phone=number) for one in writer.members() if one.branch_id == tiny.branch]
        writer.save_members(members)
    sign_in(client, tiny, Role.GROUP_LEADER)
    assert number in client.get(f"/visits/s/{made.number}", headers=PAGE).text
    with installed.writing(operator(), Action.PLAN_VISITS) as writer:
        kept_round = writer.visit_round(made.round_id)
        assert kept_round is not None
        team = kept_round.teams[0]
        other = replace(team, visitors=(team.visitors[1], replace(team.visitors[0], name="志愿者", user_id=None)))
        writer.save_visit_round(replace(kept_round, teams=(other,)))
    text = client.get(f"/visits/s/{made.number}", headers=PAGE).text
    assert number not in text
    assert "电话由支部联系" in text
