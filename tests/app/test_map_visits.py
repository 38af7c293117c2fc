"""专题图“走访” on the map's page: the day, the totals, the pins by address, and the card behind a pin, by role."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Action, Role, decide
from gis.model.visits import RoundState, Visitor, VisitRound
from tests.app.issued import CLERK, SHEET, issue_today, team
from tests.app.tiny import signed_in_as

if TYPE_CHECKING:
    from datetime import date

    from streamlit.testing.v1 import AppTest

    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

PAGE = "pages/map.py"


@pytest.fixture
def today(tiny: Tiny, installed: Store) -> date:
    """Give today, with visits."""
    return issue_today(installed, tiny)[0]


def opened(run_page: RunPage, role: Role) -> AppTest:
    page = run_page(PAGE, role)
    page.selectbox(key="theme").set_value("visits").run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return "\n".join(one.value for one in page.caption)


def drawn(page: AppTest, role: Role) -> dict[str, Any]:
    """Return what the map fetches for its theme."""
    from gis.ui import drafts, office  # noqa: PLC0415  # the app is slow to import

    (host,) = [one.proto for one in page.get("bidi_component") if one.proto.component_name == "jiujin_map"]
    theme = json.loads(host.json)["theme"]
    assert theme["code"] == "visits"
    body = drafts.get(signed_in_as(office.store(), role), office.store(), theme["url"].rpartition("/")[2])
    assert body is not None
    found: dict[str, Any] = json.loads(body)
    return found


def clicked(page: AppTest, stop: int) -> dict[str, Any]:
    """Return the card behind a pin, as the page has it after a click."""
    from gis.ui.map.host import Pick  # noqa: PLC0415  # the app is slow to import
    from gis.ui.map.themes.theme import KEPT  # noqa: PLC0415  # as above

    page.session_state[KEPT] = Pick("visits", stop)
    page.run()
    assert not page.exception
    (host,) = [one.proto for one in page.get("bidi_component") if one.proto.component_name == "jiujin_map"]
    found: dict[str, Any] = json.loads(host.json)["card"]
    return found


def test_a_secretary_sees_the_day_without_who_is_on_no_map(run_page: RunPage, today: date):
    page = opened(run_page, Role.BRANCH_SECRETARY)
    assert "今天 2 组 3 处，已完成 1 处；1 处不在图上" in said(page)
    assert page.selectbox(key="visit_day").value == today.isoformat()
    found = drawn(page, Role.BRANCH_SECRETARY)
    assert [(pin["t"], pin["text"], pin["s"]) for pin in found["pins"]] == [(0, "1-2", "waiting")]
    assert found["states"] == [["waiting", "待访"]]
    card = clicked(page, found["pins"][0]["ids"][0])
    rows = [row for section in card["sections"] for row in section["rows"]]
    assert [(row["main"], row["tag"]) for row in rows] == [("甲", "见面"), ("乙", "待访")]
    assert card["links"][0]["href"].startswith("/visits?round=")
    assert "电话" not in json.dumps(card, ensure_ascii=False)


def test_who_goes_sees_the_own_team_with_what_is_on_the_list(run_page: RunPage, today: date):
    page = opened(run_page, Role.LIAISON)
    assert "今天 1 组 2 处，已完成 1 处" in said(page)
    found = drawn(page, Role.LIAISON)
    card = clicked(page, found["pins"][0]["ids"][0])
    assert "由支部联系" in card["sections"][0]["rows"][0]["sub"]  # no telephone is known
    assert card["links"] == [{"text": "打开走访单", "href": f"/visits/s/{SHEET}"}]


@pytest.mark.parametrize("role", [role for role in Role if decide(role, Action.VIEW_MAP).is_allowed])
def test_the_theme_is_there_for_those_who_have_a_part_in_visits(run_page: RunPage, today: date, role: Role):
    page = run_page(PAGE, role)
    themes = [one for one in page.selectbox if one.key == "theme"]
    has = any("走访" in one.options for one in themes)
    assert has is decide(role, Action.MAKE_VISITS).is_allowed


def test_the_arrows_go_from_day_to_day_and_today_comes_back(
    run_page: RunPage, tiny: Tiny, installed: Store, today: date
):
    past = today - timedelta(days=3)
    with installed.writing(CLERK, Action.PLAN_VISITS) as writer:
        member = next(one.id for one in writer.members() if one.name == "甲" and one.id is not None)
        one = VisitRound(None, tiny.branch, "上周走访", past, past, (team(1, past, [member], Visitor("禾走访")),))
        writer.set_round_state(writer.add_visit_round(one), 1, RoundState.ISSUED)
    page = opened(run_page, Role.BRANCH_SECRETARY)
    assert page.button(key="visit_day_›").disabled
    page.button(key="visit_day_‹").click().run()
    assert "1 组 1 处，已完成 0 处" in said(page)
    assert drawn(page, Role.BRANCH_SECRETARY)["states"] == [["waiting", "没有登记结果"]]
    assert page.query_params["day"] in (past.isoformat(), [past.isoformat()])
    page.button(key="visit_day_今天").click().run()
    assert "今天 2 组 3 处" in said(page)


def test_without_visits_it_says_where_they_come_from(run_page: RunPage, tiny: Tiny):
    assert "上门送学" in said(opened(run_page, Role.BRANCH_SECRETARY))
    assert "没有排给您" in said(opened(run_page, Role.GROUP_LEADER))
