"""Tiles and the list of basemaps answer through the gate only, and each role what it may see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gis.model.access import Action, Role, decide
from tests.fixtures.tiles import declare, png, write_mbtiles

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from tests.app.tiny import Tiny

PICTURE = png((200, 0, 0), 8)
KEY = "0123456789abcdef"
TILE = "/gis/tiles/local/3/6/3"


@pytest.fixture(autouse=True)
def _declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mbtiles(tmp_path / "a.mbtiles", {(3, 6, 3): PICTURE})
    local = {"name": "local", "file": "a.mbtiles", "crs": "wgs84"}
    amap = {"name": "amap", "url": "https://m.example.cn/{z}/{x}/{y}", "crs": "gcj02"}
    path = declare(tmp_path, local, amap, {"name": "td", "tianditu": "img"})
    monkeypatch.setenv("JIUJIN_BASEMAPS", str(path))
    monkeypatch.setenv("JIUJIN_TIANDITU_KEY", KEY)


def test_nobody_gets_neither_list_nor_tile(client: TestClient):
    for address in ("/gis/basemaps", TILE, "/gis/tiles/td/3/6/3"):
        assert client.get(address).status_code == 401


@pytest.mark.parametrize("role", list(Role))
def test_every_role_gets_what_it_may_see(client: TestClient, tiny: Tiny, role: Role):
    client.cookies.set("gis_sid", tiny.tokens[role])
    answers = client.get("/gis/basemaps"), client.get(TILE)
    if not decide(role, Action.VIEW_MAP).is_allowed:
        assert [one.status_code for one in answers] == [403, 403]
        return
    listed = json.loads(answers[0].text)
    sees_people = decide(role, Action.VIEW_MEMBERS).is_allowed
    assert [one["name"] for one in listed] == ["local", "amap", *(["td"] if sees_people else [])]
    assert (KEY in answers[0].text) == sees_people
    assert answers[0].headers["cache-control"] == "no-store"
    assert (answers[1].status_code, answers[1].headers["content-type"]) == (200, "image/png")
    assert answers[1].content == PICTURE


def test_a_tile_is_kept_for_as_long_as_the_file_stays(client: TestClient, tiny: Tiny):
    client.cookies.set("gis_sid", tiny.tokens[Role.STREET_CLERK])
    url = json.loads(client.get("/gis/basemaps").text)[0]["urls"][0]
    answer = client.get(url.format(z=3, x=6, y=3))
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert client.get(TILE).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("local/3/1/1", 204),
        ("local/9/1/1", 204),
        ("local/3/8/1", 404),
        ("local/3/-1/1", 404),
        ("local/23/1/1", 404),
        ("local/3/6/3.png", 404),
        ("local/³/6/3", 404),
        ("local/3/6/" + "9" * 4000, 404),
        ("none/3/6/3", 404),
        ("td/3/6/3", 404),
        ("..%5C..%5Ca.mbtiles/3/6/3", 404),
        ("a.mbtiles/3/6/3", 404),
    ],
)
def test_outside_there_is_nothing(client: TestClient, tiny: Tiny, place: str, status: int):
    client.cookies.set("gis_sid", tiny.tokens[Role.STREET_CLERK])
    answer = client.get(f"/gis/tiles/{place}")
    assert (answer.status_code, PICTURE in answer.content) == (status, False)


def test_a_file_that_has_gone_is_said(client: TestClient, tiny: Tiny, tmp_path: Path):
    client.cookies.set("gis_sid", tiny.tokens[Role.STREET_CLERK])
    assert client.get(TILE).status_code == 200
    (tmp_path / "a.mbtiles").unlink()
    answer = client.get(TILE)
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text


def test_pictures_may_come_from_the_declared_servers_and_nothing_else_may(client: TestClient):
    policy = dict(part.split(" ", 1) for part in client.get("/login").headers["content-security-policy"].split("; "))
    td = " ".join(f"https://t{number}.tianditu.gov.cn" for number in range(8))
    assert policy["img-src"] == f"'self' data: blob: https://m.example.cn {td}"
    assert [name for name, value in policy.items() if "http" in value] == ["img-src"]


def test_without_basemaps_nothing_outside_is_allowed(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("JIUJIN_BASEMAPS")
    assert "http" not in client.get("/login").headers["content-security-policy"]
