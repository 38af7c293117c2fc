"""The field above the map: members of one's own scope only, never a place that somebody does not want shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from gis.model.access import Action, Role
from gis.services.accounts import SYSTEM
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from gis.store.database import Store
    from tests.app.tiny import Tiny

SITE = {"origin": "http://testserver"}
SECRETARY = Role.BRANCH_SECRETARY


def ask(client: TestClient, tiny: Tiny, role: Role, text: str) -> list[dict[str, Any]]:
    client.cookies.set("gis_sid", tiny.tokens[role])
    answer = client.post("/gis/search", json={"q": text}, headers=SITE)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: list[dict[str, Any]] = answer.json()["hits"]
    return found


def members(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["name"] for hit in hits if hit["kind"] == "member"]


def test_a_member_is_found_where_the_member_allows(client: TestClient, tiny: Tiny):
    home = ask(client, tiny, SECRETARY, "甲")[0]
    assert (home["kind"], home["card"]) == ("member", {"kind": "building", "id": tiny.buildings[0]})
    rough = ask(client, tiny, SECRETARY, "格")[0]
    assert rough["card"] == {"kind": "grid", "id": tiny.grids[0]}
    assert "只显示到网格" in rough["detail"]
    for name, said in (("藏", "按本人意愿不显示"), ("待", "位置待核定")):
        (hit,) = ask(client, tiny, SECRETARY, name)
        assert (hit["box"], hit["card"]) == (None, None)
        assert said in hit["detail"]


def test_a_member_is_not_found_by_address_on_the_map(client: TestClient, tiny: Tiny):
    assert members(ask(client, tiny, SECRETARY, "2幢")) == []


@pytest.mark.parametrize("role", [Role.BRANCH_SECRETARY, Role.GROUP_LEADER, Role.LIAISON])
def test_a_branch_finds_its_own_members_only(client: TestClient, tiny: Tiny, role: Role):
    assert members(ask(client, tiny, role, "甲")) == ["甲"]
    assert ask(client, tiny, role, "外人") == []
    assert ask(client, tiny, role, "外支部户主") == []  # the householder of another branch's host


def test_the_street_clerk_finds_the_other_branch_too(client: TestClient, tiny: Tiny):
    assert members(ask(client, tiny, Role.STREET_CLERK, "外人")) == ["外人"]
    assert {hit["kind"] for hit in ask(client, tiny, Role.STREET_CLERK, "外支部户主")} == {"host"}
    assert members(ask(client, tiny, Role.STREET_CLERK, "外人 二支部")) == ["外人"]
    assert ask(client, tiny, Role.STREET_CLERK, "外人 一支部") == []


@pytest.mark.parametrize("role", [Role.STREET_LEADER, Role.SYS_ADMIN, Role.VIEWER_BIG_SCREEN])
def test_who_sees_counts_only_finds_the_ground_and_nobody(client: TestClient, tiny: Tiny, role: Role):
    for name in ("甲", "藏", "外人", "外支部户主"):
        assert ask(client, tiny, role, name) == []
    kinds = {hit["kind"] for hit in ask(client, tiny, role, "3幢")}
    assert kinds == {"building"}
    assert bool(ask(client, tiny, role, "东风")) == (role is not Role.VIEWER_BIG_SCREEN)  # organisations


def test_who_has_restricted_the_use_of_data_is_not_found(client: TestClient, tiny: Tiny, installed: Store):
    from gis.store.schema import MemberRow  # noqa: PLC0415  # the app is slow to import

    with installed.writing(SYSTEM, Action.IMPORT_DATA) as writer:
        writer.session.execute(update(MemberRow).where(MemberRow.name == "甲").values(restricted_on=date(2026, 1, 1)))
    assert ask(client, tiny, SECRETARY, "甲") == []


def test_the_ground_is_found_with_a_box_and_its_card(client: TestClient, tiny: Tiny):
    hits = {hit["kind"]: hit for hit in reversed(ask(client, tiny, Role.STREET_CLERK, HOSTILE[:20]))}
    assert hits["grid"]["card"]["kind"] == "grid"
    assert hits["building"]["card"]["id"] in tiny.buildings
    assert hits["estate"]["box"] == [120.0, 31.0, 120.002, 31.002]
    assert hits["venue"]["card"]["kind"] == "venue"
    org = ask(client, tiny, Role.STREET_CLERK, "东风一支部")[0]
    assert (org["kind"], org["card"]) == ("org", None)  # it covers no division, nor does one above it
    assert "没有登记范围" in org["detail"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"q": 1}', b'{"q": "' + b"x" * 41 + b'"}', b"x" * 2000])
def test_what_is_no_question_is_refused(client: TestClient, tiny: Tiny, body: bytes):
    client.cookies.set("gis_sid", tiny.tokens[SECRETARY])
    assert client.post("/gis/search", content=body, headers=SITE).status_code == 400


def test_only_this_site_asks_and_only_by_post(client: TestClient, tiny: Tiny):
    assert client.post("/gis/search", json={"q": "甲"}, headers=SITE).status_code == 401
    client.cookies.set("gis_sid", tiny.tokens[SECRETARY])
    assert client.post("/gis/search", json={"q": "甲"}, headers={"origin": "http://elsewhere"}).status_code == 403
    half = client.post("/gis/search", content=b'{"q": "\\ud800"}', headers=SITE)  # half of a character
    assert (half.status_code, half.json()) == (200, {"hits": []})
