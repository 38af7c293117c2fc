"""Nobody gets past the gate, and whoever gets past it sees what the role may see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.websockets import WebSocketDisconnect

from gis.model.access import Action, Role, decide
from tests.app.tiny import HOSTILE, PASSWORD

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from gis.store.database import Store
    from tests.app.tiny import Tiny

SITE = {"origin": "http://testserver"}
PAGE = {"accept": "text/html"}
TERRITORY = ("grids", "buildings", "estates", "roads")
LAYERS = (*TERRITORY, "places", "people", "base.js")
CLOSED = [
    *(f"/gis/layers/{name}" for name in LAYERS),
    "/gis/drafts/abc",
    "/gis/assets/x/leaflet/leaflet.js",
    "/media/abc.xlsx",
    "/_stcore/host-config",
    "/_stcore/upload_file/s/f",
    "/_stcore/metrics",
    "/component/x/y.js",
    "/static/js/index.js",
    "/app/static/x",
    "/password",
    "/logout",
    "/map",
    "/",
]


def enter(client: TestClient, tiny: Tiny, role: Role) -> TestClient:
    client.cookies.set("gis_sid", tiny.tokens[role])
    return client


@pytest.mark.parametrize("address", CLOSED)
def test_nobody_gets_401_for_data_and_the_sign_in_for_a_page(client: TestClient, address: str):
    assert client.get(address).status_code == 401
    answer = client.get(address, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")


def test_the_websocket_stays_closed_to_nobody(client: TestClient):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
        pass


def test_the_websocket_opens_for_a_signed_in_browser(client: TestClient, tiny: Tiny):
    with enter(client, tiny, Role.STREET_CLERK).websocket_connect("/_stcore/stream"):
        pass


def test_health_and_sign_in_are_open(client: TestClient):
    assert client.get("/_stcore/health").status_code == 200
    assert client.get("/login").status_code == 200


def test_a_made_up_token_is_nobody(client: TestClient):
    client.cookies.set("gis_sid", "x" * 43)
    assert client.get("/gis/layers/grids").status_code == 401


@pytest.mark.parametrize("wanted", ["/map", "/groups?x=1", "/data", "/locate", "/users", "/account"])
def test_the_sign_in_goes_on_to_the_page_that_was_asked_for(client: TestClient, tiny: Tiny, wanted: str):
    page = client.get(wanted, headers=PAGE)
    form = client.get(page.headers["location"])
    assert f'name="next" value="{wanted}"' in form.text
    answer = _post(client, username=Role.STREET_CLERK.value, next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert client.get(wanted).text == "streamlit"


def _post(client: TestClient, *, headers: dict[str, str] | None = None, **fields: str) -> Any:
    values = {"username": "nobody", "password": PASSWORD, "next": "/"} | fields
    return client.post("/login", data=values, headers=SITE if headers is None else headers)


@pytest.mark.parametrize(
    "evil", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/login", "\t//e.x"]
)
def test_the_sign_in_never_leads_off_this_site(client: TestClient, tiny: Tiny, evil: str):
    answer = _post(client, username=Role.STREET_CLERK.value, next=evil)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_is_told_in_chinese_and_five_lock_the_account(client: TestClient, tiny: Tiny):
    answers = [_post(client, username=Role.STREET_CLERK.value, password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 6
    assert "登录名或口令不正确" in answers[0].text
    assert "已锁定" in answers[5].text


def test_what_was_typed_comes_back_as_text(client: TestClient):
    answer = _post(client, username=HOSTILE)
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}, {"origin": "null"}])
def test_a_form_from_elsewhere_is_refused(client: TestClient, tiny: Tiny, headers: dict[str, str]):
    assert _post(client, username=Role.STREET_CLERK.value, headers=headers).status_code == 403


def test_the_cookie_is_secure_behind_https(client: TestClient, tiny: Tiny):
    client.base_url = client.base_url.copy_with(scheme="https")
    answer = _post(client, username=Role.STREET_CLERK.value, headers={"origin": "https://testserver"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_after_signing_out_the_layers_are_gone_at_once(client: TestClient, tiny: Tiny):
    enter(client, tiny, Role.STREET_CLERK)
    assert client.get("/gis/layers/people").status_code == 200
    token = client.cookies["gis_sid"]
    assert client.get("/logout", headers=PAGE).headers["location"] == "/login?said=out"
    client.cookies.set("gis_sid", token)
    assert client.get("/gis/layers/people").status_code == 401


def test_a_link_elsewhere_cannot_sign_anybody_out(client: TestClient, tiny: Tiny):
    enter(client, tiny, Role.STREET_CLERK)
    client.get("/logout", headers={"sec-fetch-site": "cross-site"})
    assert client.get("/gis/layers/grids").status_code == 200


def test_a_first_password_must_be_changed_before_anything_else(client: TestClient, installed: Store):
    from gis.services.accounts import ensure_administrator  # noqa: PLC0415

    first = ensure_administrator(installed)
    assert first is not None
    assert _post(client, username="admin", password=first, next="/users").status_code == 303
    assert client.get("/users", headers=PAGE).headers["location"] == "/password"
    assert client.get("/gis/layers/grids").status_code == 403
    new = {"old": first, "new": PASSWORD, "again": PASSWORD}
    assert "不一致" in client.post("/password", data=new | {"again": "x"}, headers=SITE).text
    assert client.post("/password", data=new, headers=SITE).headers["location"] == "/login?said=changed"
    assert _post(client, username="admin", password=PASSWORD, next="/users").headers["location"] == "/users"
    assert client.get("/users", headers=PAGE).text == "streamlit"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_starts_on_a_page_that_it_may_open(client: TestClient, tiny: Tiny, role: Role):
    first = enter(client, tiny, role).get("/", headers=PAGE).headers["location"]
    assert first == ("/map" if decide(role, Action.VIEW_MAP).is_allowed else "/account")


@pytest.mark.parametrize("role", list(Role))
def test_layers_are_served_by_role(client: TestClient, tiny: Tiny, role: Role):
    enter(client, tiny, role)
    sees_map = decide(role, Action.VIEW_MAP).is_allowed
    sees_people = sees_map and decide(role, Action.VIEW_MEMBERS).is_allowed
    for name in (*TERRITORY, "places", "base.js"):
        assert client.get(f"/gis/layers/{name}").status_code == (200 if sees_map else 403)
    assert client.get("/gis/layers/people").status_code == (200 if sees_people else 403)
    assert client.get("/gis/layers/nothing").status_code == 404


def test_members_are_drawn_as_precisely_as_they_allow_and_without_names(client: TestClient, tiny: Tiny):
    from gis.ui.packing import unpack  # noqa: PLC0415  # the app is slow to import

    answer = enter(client, tiny, Role.BRANCH_SECRETARY).get("/gis/layers/people")
    layer = unpack(answer.content)
    assert layer["p"].tolist() == [0, 0, 0, 2]  # three at their building, one at the grid, the hidden one nowhere
    assert layer["h"].tolist() == [tiny.buildings[0]] * 3 + [0]
    assert sorted(one["why"] for one in layer["out"]) == ["待定位", "按本人意愿不显示"]
    assert set(layer["b"].tolist()) == {tiny.branch}
    text = answer.content.decode(errors="replace")
    assert not any(name in text for name in ("甲", "乙", "藏", "格", "外人", "img"))
    assert answer.headers["cache-control"] == "no-store"


def test_a_host_has_no_name_on_the_map(client: TestClient, tiny: Tiny):
    layer = enter(client, tiny, Role.STREET_CLERK).get("/gis/layers/places").json()
    assert [sorted(host) for host in layer["hosts"]] == [["b", "eq", "fl", "id", "n", "sf", "t", "u", "x", "y"]] * 2
    assert HOSTILE not in json.dumps(layer["hosts"], ensure_ascii=False)


def test_a_layer_is_kept_by_the_browser_under_its_version_only(client: TestClient, tiny: Tiny, installed: Store):
    version = installed.data_version("territory")
    enter(client, tiny, Role.STREET_CLERK)
    assert "immutable" in client.get(f"/gis/layers/grids?v={version}").headers["cache-control"]
    assert client.get(f"/gis/layers/grids?v={version - 1}").headers["cache-control"] == "no-store"


def test_every_answer_carries_the_policy(client: TestClient):
    policy = client.get("/login").headers["content-security-policy"]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "'unsafe-eval'" not in scripts
    assert "frame-ancestors 'self'" in policy
