"""Printing the map: what stands on a sheet for inside and for outside, for whom, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.model.access import Action, Actor, Role, decide, scope_for
from gis.services.map_print.marks import GROUP, GROUPED, HOST, UNGROUPED
from gis.services.map_print.scene import LAYERS, MapFilter, read_scene
from gis.services.map_print.sheet import MapPrint, map_sheet
from gis.store.schema import AuditRow
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from gis.store.database import Store
    from tests.app.tiny import Tiny

ADDRESS, SITE = "/gis/print/map", "http://testserver"
BOX = [119.99, 30.99, 120.03, 31.02]
NUMBER = "苏S(2026)012号"
MAP_ROLES = [role for role in Role if decide(role, Action.VIEW_MAP).is_allowed]


def ask(client: TestClient, tiny: Tiny, role: Role, origin: str = SITE, **said: Any) -> Any:
    client.cookies.clear()
    headers = {"cookie": f"gis_sid={tiny.tokens[role]}", "origin": origin}
    return client.post(ADDRESS, headers=headers, content=json.dumps({"box": BOX, **said}))


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    with pypdfium2.PdfDocument(answer.content) as pdf:
        assert len(pdf) == 1
        return str(pdf[0].get_textpage().get_text_range()).replace("\r\n", "").replace("\n", "")


def actor(tiny: Tiny, role: Role) -> Actor:
    orgs = frozenset({tiny.branch}) if role is Role.BRANCH_SECRETARY else frozenset()
    return Actor(role.value, role, scope_for(role, orgs))


def test_without_a_number_nobody_prints_for_outside(client: TestClient, tiny: Tiny):
    for role in MAP_ROLES:
        answer = ask(client, tiny, role, outside=True)
        assert answer.status_code == 400, role
        assert "JIUJIN_MAP_REVIEW_NO" in answer.json()["error"], role
        assert "内部使用" in answer.json()["error"], role


def test_for_outside_there_is_nobody_on_the_sheet(
    client: TestClient, tiny: Tiny, installed: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JIUJIN_MAP_REVIEW_NO", NUMBER)
    text = text_of(ask(client, tiny, Role.STREET_CLERK, outside=True, filter={"state": "all"}))
    assert f"审图号：{NUMBER}" in text
    assert not [
        word for word in ("内部工作用图", "党员中心户", "临时党小组", "已编组", "未编组", "打印") if word in text
    ]
    wanted = MapPrint(box=tuple(BOX), is_outside=True)  # type: ignore[arg-type]  # four numbers
    clerk, leader = (
        map_sheet(actor(tiny, role), installed, wanted, review_no=NUMBER)
        for role in (Role.STREET_CLERK, Role.STREET_LEADER)
    )
    assert clerk == leader  # who sees members prints no more than who sees counts
    drawn = clerk.map_svg + "".join(row.symbol for row in clerk.legend)
    assert not [tone for tone in (GROUPED, UNGROUPED, GROUP, HOST) if tone in drawn]
    scene = read_scene(actor(tiny, Role.STREET_CLERK), installed, LAYERS, MapFilter(), is_outside=True)
    assert scene.marks is None
    assert scene.groups == ()
    assert {place.kind for place in scene.places} == {"venue"}
    assert all(count is None or count == 0 or count >= 3 for count in scene.counts.values())


def test_inside_it_says_what_it_is_and_the_log_says_who(client: TestClient, tiny: Tiny, installed: Store):
    title = 'A3"]#panic("x") $x$ <b>&amp; \\ 走访'
    answer = ask(client, tiny, Role.BRANCH_SECRETARY, title=title, size="a3", upright=True, filter={"state": "all"})
    text = text_of(answer)
    assert title.replace(" ", "") in text.replace(" ", "")
    for word in ("内部工作用图，不得公开", "街道界线为示意", "数据截至", "图例", "图上党员", "北", "于"):
        assert word in text
    name = unquote(answer.headers["content-disposition"].partition("UTF-8''")[2])
    assert name.endswith(".pdf")
    assert "内部使用" in name
    assert not set(name) & set('\\/:*?"<>|')
    with Session(installed.engine) as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert row is not None
    assert (row.actor, row.summary) == (Role.BRANCH_SECRETARY.value, "打印一张图（内部使用，A3 纵向）")
    assert "panic" not in json.dumps(row.details)


def test_a_sheet_holds_the_marks_of_the_own_scope(tiny: Tiny, installed: Store):
    seen = read_scene(actor(tiny, Role.BRANCH_SECRETARY), installed, LAYERS, MapFilter("all")).marks
    all_of_them = read_scene(actor(tiny, Role.STREET_CLERK), installed, LAYERS, MapFilter("all")).marks
    assert seen
    assert all_of_them
    assert {mark.branch_id for mark in seen} == {tiny.branch}
    assert len(seen) < len(all_of_them)
    none = map_sheet(
        actor(tiny, Role.STREET_CLERK),
        installed,
        MapPrint(box=tuple(BOX), hidden=LAYERS),  # type: ignore[arg-type]  # four numbers
    )
    assert "<use" not in none.map_svg
    assert HOSTILE not in none.map_svg


@pytest.mark.parametrize(
    "said",
    [
        {"box": [1, 2, 3]},
        {"box": [1e999, 0, 1, 1]},
        {"box": [120, 31, 119, 32]},
        {"size": "a0"},
        {"filter": {"state": "everybody"}},
        {"filter": {"branches": ["1"]}},
        {"hidden": ["names"]},
        {"title": "长" * 41},
        {"outside": "no"},
        {"group": -1},
    ],
)
def test_what_the_map_does_not_send_is_refused(client: TestClient, tiny: Tiny, said: dict[str, Any]):
    assert ask(client, tiny, Role.STREET_CLERK, **said).status_code == 400


def test_another_site_prints_nothing(client: TestClient, tiny: Tiny):
    assert ask(client, tiny, Role.STREET_CLERK, origin="http://elsewhere.example").status_code == 403
    assert ask(client, tiny, Role.AUDIT_ADMIN).status_code == 403
