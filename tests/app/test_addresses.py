"""Every address that the app serves, asked as every role, another branch, a screen on the wall, nobody, after sign-out.

The addresses are those of the app itself: one that is new fails here until somebody says who may read it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Mount, Route

from gis.model.access import Action, Role, decide
from gis.services.accounts import SYSTEM, NewAccount, add_account, sign_in
from gis.services.displays import add_display
from tests.app.issued import SHEET, issue_today
from tests.app.tiny import HOSTILE, PASSWORD, signed_in_as
from tests.fixtures.tiles import declare, png, write_mbtiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

    from gis.store.database import Store
    from tests.app.tiny import Tiny

SITE = {"origin": "http://testserver"}
#: Somebody of the other branch, and the householder of its host
OTHERS = ("外人", "外支部户主")
ANYBODY_SIGNED_IN = frozenset(Role)
VISITING = frozenset({Role.STREET_CLERK, Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY, Role.LIAISON})


def may(*actions: Action) -> frozenset[Role]:
    """Return the roles that may do all of these."""
    return frozenset(role for role in Role if all(decide(role, action).is_allowed for action in actions))


@dataclass(frozen=True)
class Rule:
    """Who gets an answer from an address, here of the first branch's data; the others get `refused`.

    `display`: a screen on the wall gets one too. `far`: whether another branch's secretary does, with data of theirs.
    `is_open`: served to nobody too, since there is nothing of anybody in it.
    """

    who: frozenset[Role]
    address: str = ""
    refused: tuple[int, ...] = (403,)
    display: bool = False
    far: bool = True
    is_open: bool = False
    body: Any = None


MAP = may(Action.VIEW_MAP)
PEOPLE = may(Action.VIEW_MAP, Action.VIEW_MEMBERS)
PLANS = may(Action.PLAN_VISITS)
VISITS = may(Action.MAKE_VISITS)
LAYERS = {
    "grids": Rule(MAP, display=True),
    "buildings": Rule(MAP, display=True),
    "estates": Rule(MAP, display=True),
    "roads": Rule(MAP, display=True),
    "places": Rule(MAP),
    "people": Rule(PEOPLE),
}
RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/"): Rule(ANYBODY_SIGNED_IN),
    ("GET", "/login"): Rule(ANYBODY_SIGNED_IN, is_open=True),
    ("POST", "/login"): Rule(ANYBODY_SIGNED_IN, is_open=True),
    ("GET", "/password"): Rule(ANYBODY_SIGNED_IN),
    ("POST", "/password"): Rule(ANYBODY_SIGNED_IN),
    ("GET", "/logout"): Rule(ANYBODY_SIGNED_IN),
    ("POST", "/logout"): Rule(ANYBODY_SIGNED_IN),
    ("MOUNT", "/gis/assets/{digest}/leaflet"): Rule(ANYBODY_SIGNED_IN, "leaflet.js", display=True),
    ("MOUNT", "/gis/assets/{digest}/map"): Rule(ANYBODY_SIGNED_IN, "codec.js", display=True),
    ("MOUNT", "/gis/assets/{digest}/wall"): Rule(ANYBODY_SIGNED_IN, "map.js", display=True),
    ("GET", "/gis/assets/{digest}/visits/{name}"): Rule(ANYBODY_SIGNED_IN, "PHONE.JS", display=True),
    ("GET", "/gis/assets/{digest}/map.js"): Rule(ANYBODY_SIGNED_IN, display=True),
    ("GET", "/gis/assets/{digest}/host.js"): Rule(ANYBODY_SIGNED_IN, display=True),
    ("GET", "/gis/layers/base.js"): Rule(MAP),
    **{("GET", f"/gis/layers/{{name}}:{name}"): rule for name, rule in LAYERS.items()},
    ("GET", "/gis/drafts/{key}"): Rule(frozenset({Role.STREET_CLERK}), "DRAFT", (404,), far=False),
    ("GET", "/gis/basemaps"): Rule(MAP),
    ("GET", "/gis/tiles/{name}/{z}/{x}/{y}"): Rule(MAP, "/gis/tiles/local/3/6/3"),
    ("POST", "/gis/search"): Rule(MAP, body={"q": "外"}),
    ("POST", "/gis/print/map"): Rule(MAP, body={"box": [119.99, 30.99, 120.03, 31.02]}),
    ("POST", "/visits/results"): Rule(frozenset(), body={}, refused=(400, 403), far=False),
    ("GET", "/visits/my"): Rule(VISITS),
    ("GET", "/visits/s/{number}"): Rule(VISITING, f"/visits/s/{SHEET}", (403, 404), far=False),
    ("POST", "/visits/s/{number}"): Rule(frozenset(), f"/visits/s/{SHEET}", (400, 403, 404), far=False),
    ("GET", "/visits/map/{number}.svg"): Rule(VISITING, f"/visits/map/{SHEET}.svg", (403, 404), far=False),
    ("GET", "/visits/desk"): Rule(PLANS),
    ("GET", "/visits/desk/{number}"): Rule(PLANS, f"/visits/desk/{SHEET}", (403, 404), far=False),
    ("GET", "/display"): Rule(ANYBODY_SIGNED_IN, display=True),
    ("GET", "/display/kpis.json"): Rule(may(Action.VIEW_KPIS), display=True),
    ("GET", "/display/{rest:path}"): Rule(frozenset(), "/display/none", (404,), far=False),
}
ANSWERED = (200, 303)


@dataclass(frozen=True)
class Street:
    """Whoever may ask."""

    tokens: dict[Role, str]
    far: str
    display: str


@pytest.fixture
def street(tiny: Tiny, installed: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Street:
    write_mbtiles(tmp_path / "a.mbtiles", {(3, 6, 3): png((200, 0, 0), 8)})
    local = {"name": "local", "file": "a.mbtiles", "crs": "wgs84"}
    monkeypatch.setenv("JIUJIN_BASEMAPS", str(declare(tmp_path, local)))
    issue_today(installed, tiny)
    far = NewAccount("yuanfang", "远方书记", Role.BRANCH_SECRETARY, (tiny.other_branch,))
    add_account(SYSTEM, installed, far, PASSWORD)
    token = add_display(SYSTEM, installed, "一楼大厅", 90)[1]
    return Street(tiny.tokens, sign_in(installed, "yuanfang", PASSWORD), token)


def served() -> Iterator[tuple[str, str, str]]:
    """Yield method, address as the app declares it, and the address itself of all that the app serves."""
    from gis.ui.web import layers  # noqa: PLC0415  # the app is slow to import
    from gis.ui.web.app import parts  # noqa: PLC0415  # as above
    from gis.ui.web.assets import digest  # noqa: PLC0415  # as above

    for route in parts()["routes"]:
        assert isinstance(route, Route | Mount)
        path = route.path.replace(digest(), "{digest}")
        methods = {"MOUNT"} if isinstance(route, Mount) else (route.methods or set()) - {"HEAD"}
        for method in methods:
            if path == "/gis/layers/{name}":
                yield from ((method, f"{path}:{name}", f"/gis/layers/{name}") for name in layers.LAYERS)
            else:
                yield method, path, route.path


def asked() -> Iterator[tuple[str, str, Rule]]:
    """Yield method, address and rule of everything served; fails where somebody forgot to say who may.

    A draft is put aside right before it is asked for: it is gone once an address before it has changed something.
    """
    from gis.ui import drafts, office  # noqa: PLC0415  # as above
    from gis.ui.web import visit_assets  # noqa: PLC0415  # as above

    made = {
        "DRAFT": lambda: drafts.put(
            signed_in_as(office.store(), Role.STREET_CLERK), office.store(), b'{"of": "the clerk"}'
        ),
        "PHONE.JS": lambda: visit_assets.address("phone.js"),
    }
    for method, path, real in served():
        rule = RULES.get((method, path))
        assert rule is not None, f"nobody has said who may ask {method} {path}: add it to RULES"
        address = made[rule.address]() if rule.address in made else rule.address or real
        address = f"{real}/{address}" if method == "MOUNT" else address
        yield "GET" if method == "MOUNT" else method, address, rule


def ask(client: TestClient, method: str, address: str, rule: Rule, **cookies: str) -> tuple[int, str]:
    client.cookies.clear()
    said = "; ".join(f"{name}={value}" for name, value in cookies.items())
    body = None if rule.body is None else json.dumps(rule.body)
    headers = {**SITE, **({"cookie": said} if said else {})}
    answer = client.request(method, address, headers=headers, content=body)
    return answer.status_code, answer.text


def test_every_rule_is_of_an_address_that_there_is():
    assert set(RULES) <= {(method, path) for method, path, _ in served()}


def test_nobody_is_answered(client: TestClient, street: Street):
    for method, address, rule in asked():
        for cookies in (
            {},
            {"gis_sid": "x" * 43},
            {"gis_display": "x" * 43},
            {"gis_display": street.tokens[Role.LIAISON]},
        ):
            status, text = ask(client, method, address, rule, **cookies)
            assert status == 401 or rule.is_open, (method, address, status)
            assert not [name for name in OTHERS if name in text], address


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_a_role_is_answered_where_it_may(client: TestClient, street: Street, role: Role):
    for method, address, rule in asked():
        if "/logout" in address or rule.is_open:
            continue
        status, text = ask(client, method, address, rule, gis_sid=street.tokens[role])
        is_allowed = role in rule.who
        if method == "POST" and is_allowed and rule.body is None:
            assert status in (200, 303, 400, 403, 409), (address, status)  # an empty form
            continue
        assert status in (ANSWERED if is_allowed else rule.refused), (method, address, status, text[:200])
        if not decide(role, Action.VIEW_MEMBERS).is_allowed or role in {Role.BRANCH_SECRETARY, Role.LIAISON}:
            assert OTHERS[0] not in text, address
        if not decide(role, Action.VIEW_MEMBERS).is_allowed:
            assert HOSTILE not in text or address.startswith("/gis/layers/"), address


def test_another_branch_is_answered_with_its_own(client: TestClient, street: Street):
    for method, address, rule in asked():
        if "/logout" in address or rule.is_open or method == "POST":
            continue
        status, text = ask(client, method, address, rule, gis_sid=street.far)
        is_allowed = rule.far and Role.BRANCH_SECRETARY in rule.who
        assert status in (ANSWERED if is_allowed else (403, 404)), (method, address, status)
        assert "禾走访" not in text, address


def test_a_screen_on_the_wall_reads_its_few_addresses(client: TestClient, street: Street):
    for method, address, rule in asked():
        if rule.is_open:
            continue
        status, text = ask(client, method, address, rule, gis_display=street.display)
        assert status in (ANSWERED if rule.display else (401, 404)), (method, address, status)
        assert not [name for name in (*OTHERS, "禾走访") if name in text], address


def test_after_signing_out_nothing_answers(client: TestClient, street: Street):
    token = street.tokens[Role.STREET_CLERK]
    assert client.get("/logout", headers={"accept": "text/html", "cookie": f"gis_sid={token}"}).status_code == 303
    for method, address, rule in asked():
        if not rule.is_open:
            assert ask(client, method, address, rule, gis_sid=token)[0] == 401, (method, address)
