"""The big screen: a token opens the wall of counts, nothing else, and only until it ends."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from starlette.routing import Mount, Route
from starlette.websockets import WebSocketDisconnect
from typer.testing import CliRunner

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, decide, operator, scope_for
from gis.services.accounts import SYSTEM
from gis.services.displays import add_display, list_displays, revoke_display
from gis.services.retention import run_retention
from gis.ui.navigation import SCREENS
from gis.ui.web.app import parts
from gis.ui.web.gate import DISPLAY_PATHS, OPEN, WALL_FOLDERS, WALL_PATHS
from tests.app.test_gate import CLOSED
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from gis.store.database import Store
    from tests.app.tiny import Tiny

PAGE = {"accept": "text/html"}
FIGURES = "/display/kpis.json"


@pytest.fixture
def token(tiny: Tiny, installed: Store) -> str:
    return add_display(SYSTEM, installed, "一楼大厅", 90)[1]


def hang_up(client: TestClient, token: str) -> TestClient:
    """Open the address that was printed, as the screen does once."""
    answer = client.get(f"/display?token={token}", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/wall")
    return client


def test_a_token_is_taken_once_from_the_address_and_then_stands_in_a_cookie(client: TestClient, token: str):
    answer = client.get(f"/display?token={token}", headers=PAGE)
    cookie = answer.headers["set-cookie"]
    assert answer.headers["location"] == "/wall"
    assert answer.headers["cache-control"] == "no-store"
    for said in ("Path=/;", "HttpOnly", "SameSite=lax", "expires="):
        assert said in cookie
    assert client.get("/display", headers=PAGE).headers["location"] == "/wall"
    assert client.get("/wall", headers=PAGE).text == "streamlit"


def test_behind_https_the_cookie_is_secure(client: TestClient, token: str):
    client.base_url = client.base_url.copy_with(scheme="https")
    assert "Secure" in client.get(f"/display?token={token}").headers["set-cookie"]


def test_the_figures_hold_no_name_and_no_small_count(client: TestClient, token: str):
    answer = hang_up(client, token).get(FIGURES)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    document = answer.json()
    assert document["suppress_below"] == 3
    shown = {row["key"]: row["value"] for row in document["kpis"]}
    assert (shown["registered"], shown["transition"]) == (7, 7)
    assert {row["screen"] for row in document["kpis"]} == {None}
    assert not [name for name in (HOSTILE, "外人", "<img") if name in answer.text]


def test_revoking_ends_it_at_the_next_request(client: TestClient, token: str, installed: Store):
    assert hang_up(client, token).get(FIGURES).status_code == 200
    revoke_display(SYSTEM, installed, list_displays(SYSTEM, installed)[0].id)
    assert client.get(FIGURES).status_code == 401
    for address in ("/display", "/wall"):
        answer = client.get(address, headers=PAGE)
        assert (answer.status_code, answer.text) == (401, "这块大屏已停用或到期，请联系系统管理员")
    for address in (*WALL_PATHS - {"/wall"}, f"{WALL_FOLDERS[0]}x.js", f"/display?token={token}"):
        assert client.get(address).status_code == 401, address
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
        pass


def test_it_ends_on_its_last_day(client: TestClient, token: str, installed: Store, monkeypatch: pytest.MonkeyPatch):
    now = installed.clock()
    hang_up(client, token)
    monkeypatch.setattr(installed, "clock", lambda: now + timedelta(days=89, hours=23))
    assert client.get(FIGURES).status_code == 200
    monkeypatch.setattr(installed, "clock", lambda: now + timedelta(days=90, seconds=1))
    assert client.get(FIGURES).status_code == 401


def test_a_guess_is_nobody_and_so_is_what_the_database_holds(client: TestClient, token: str, installed: Store):
    digest = hashlib.sha256(token.encode()).hexdigest()
    with installed.engine.connect() as connection:
        (kept,) = connection.execute(text("SELECT token_hash FROM display_token")).one()
        rows = [str(row) for row in connection.execute(text("SELECT * FROM display_token"))]
        rows += [str(row) for row in connection.execute(text("SELECT summary, details FROM audit_log"))]
    assert kept == digest
    assert not [row for row in rows if token in row]
    for guess in ("x" * 43, digest, token[:-1], token.lower(), "%00", "'--", "1"):
        if guess == token:
            continue
        assert client.get("/display", params={"token": guess}).status_code == 401
        assert client.get(FIGURES, headers={"cookie": f"gis_display={guess}"}).status_code == 401


def addresses() -> list[str]:
    """Return an address of every route of the app, of every page, and of what Streamlit answers."""
    found = []
    for route in parts()["routes"]:
        assert isinstance(route, Route | Mount)
        found.append(route.path.replace("{rest:path}", "x").replace("{", "").replace("}", "").replace(":path", ""))
    return [*found, *(f"/{screen.address}" for screen in SCREENS), *CLOSED, "/displays", "/display/../map", "/x"]


def is_wall(address: str) -> bool:
    return address in DISPLAY_PATHS | WALL_PATHS or address.startswith(WALL_FOLDERS)


def test_a_token_reaches_nothing_else(client: TestClient, token: str):
    """Every route of the app, with the token wherever it could stand, by every method."""
    cookies = {"cookie": f"gis_display={token}; gis_sid={token}"}
    tried = [address for address in addresses() if address not in OPEN]
    assert len(tried) > 50
    for address in tried:
        for method in ("GET", "POST", "PUT"):
            if method == "GET" and is_wall(address):
                continue
            answer = client.request(method, address, headers=cookies, params={"token": token})
            assert answer.status_code in (401, 404), (method, address)
            assert answer.status_code == 401 or "display" in address, (method, address)


def test_what_the_wall_needs_is_said_here_too(client: TestClient, token: str):
    """Whatever is added to what a screen on the wall may read is added in two places."""
    layers = {f"/gis/layers/{name}" for name in ("grids", "buildings", "estates", "roads")}
    assert layers | {"/wall", "/favicon.png", "/_stcore/host-config"} == WALL_PATHS
    assert WALL_FOLDERS == ("/static/", "/gis/assets/")
    hang_up(client, token)
    for address in WALL_PATHS:
        assert client.get(address).status_code == 200, address
    with client.websocket_connect("/_stcore/stream"):
        pass
    for name in ("places", "people", "base.js"):
        assert client.get(f"/gis/layers/{name}").status_code == 401, name
    for address in (
        "/static/../map",
        "/static/%2e%2e/map",
        "/gis/assets/../layers/people",
        "/wall/x",
        "//wall",
        "/wall/",
    ):
        assert client.get(address).status_code in (401, 404), address


def test_every_role_gets_its_own_counts_or_is_told_why_not(client: TestClient, tiny: Tiny):
    for role in Role:
        client.cookies.set("gis_sid", tiny.tokens[role])
        answer, may = client.get(FIGURES), decide(role, Action.VIEW_KPIS).is_allowed
        assert answer.status_code == (200 if may else 403), role
        assert client.get("/display").headers["location"] == "/wall"
        if may:
            document = answer.json()
            assert document["suppress_below"] == (1 if decide(role, Action.VIEW_MEMBERS).is_allowed else 3)
            links = {row["screen"] for row in document["kpis"]} - {None}
            assert links <= {screen.address for screen in SCREENS if decide(role, screen.action).is_allowed}


def test_a_screen_that_somebody_signed_in_at_still_shows_counts_only(client: TestClient, token: str, tiny: Tiny):
    hang_up(client, token).cookies.set("gis_sid", tiny.tokens[Role.STREET_CLERK])
    assert client.get(FIGURES).json()["suppress_below"] == 3


def test_the_figures_follow_the_data(client: TestClient, token: str, installed: Store):
    assert hang_up(client, token).get(FIGURES).json()["kpis"][0]["value"] == 7
    with installed.writing(operator(), Action.MOVE_MEMBERS) as writer:
        writer.session.execute(text("UPDATE member SET left_on = '2026-01-01' WHERE name = '外人'"))
    with installed.writing(SYSTEM, Action.CHANGE_SETTINGS) as writer:
        writer.save_setting("suppress_below", 1, None)
    assert client.get(FIGURES).json()["kpis"][0]["value"] == 6


def test_only_the_administrator_manages_screens(installed: Store):
    for role in Role:
        actor = Actor("x", role, scope_for(role, frozenset()))
        if decide(role, Action.MANAGE_USERS).is_allowed:
            continue
        acts: list[Any] = [lambda a: add_display(a, installed, "x", 1), lambda a: list_displays(a, installed)]
        acts.append(lambda a: revoke_display(a, installed, 1))
        for act in acts:
            with pytest.raises(DeniedError):
                act(actor)
    for name, days in (("", 1), ("x" * 65, 1), ("a\x00", 1), ("x", 0), ("x", 367)):
        with pytest.raises(InputError):
            add_display(SYSTEM, installed, name, days)
    with pytest.raises(NotFoundError, match="没有编号为 7"):
        revoke_display(SYSTEM, installed, 7)


def test_an_ended_one_is_cleared_after_its_term(installed: Store, monkeypatch: pytest.MonkeyPatch):
    add_display(SYSTEM, installed, "旧屏", 1)
    add_display(SYSTEM, installed, "新屏", 90)
    now = installed.clock()
    monkeypatch.setattr(installed, "clock", lambda: now + timedelta(days=33))
    run_retention(SYSTEM, installed)
    assert [one.name for one in list_displays(SYSTEM, installed)] == ["新屏"]


def test_the_command_line_adds_lists_and_revokes(installed: Store):
    from gis.cli.main import app  # noqa: PLC0415  # the command line imports the whole product

    def run(*words: str) -> Any:
        url = installed.engine.url.render_as_string(hide_password=False)
        result = CliRunner().invoke(app, ["display", *words, "--json", "--db", url])
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    made = run("add", "一楼大厅", "--days", "7")
    assert made["path"] == f"/display?token={made['token']}"
    (row,) = run("list")
    assert (row["name"], row["is_open"], "token" in row) == ("一楼大厅", True, False)
    run("revoke", str(row["id"]))
    assert [one["is_open"] for one in run("list")] == [False]
