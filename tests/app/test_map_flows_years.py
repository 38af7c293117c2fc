"""流向 and 历年变化 on the map for each role: who is offered them, what the browser gets, and the card of a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Action, Role, decide, operator
from gis.store.schema import MemberRow
from gis.ui import drafts, office
from gis.ui.map.host import Pick
from gis.ui.map.themes import flows
from gis.ui.map.themes.theme import KEPT
from tests.app.test_pages import map_views, said
from tests.app.tiny import HOSTILE, signed_in_as

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from gis.store.database import Store
    from tests.app.conftest import RunPage

MAY = [role for role in Role if all(decide(role, one).is_allowed for one in (Action.VIEW_MAP, Action.VIEW_KPIS))]
MAP_ONLY = [role for role in Role if decide(role, Action.VIEW_MAP).is_allowed and role not in MAY]


def opened(run_page: RunPage, role: Role, code: str) -> tuple[AppTest, dict[str, Any]]:
    """Return the page with a theme, and the document that the browser fetches."""
    page = run_page("pages/map.py", role)
    page.selectbox(key="theme").set_value(code).run()
    assert not page.exception
    assert not said(page)
    theme = map_views(page)[0]["theme"]
    assert theme["code"] == code
    body = drafts.get(
        signed_in_as(office.store(), role), office.store(), theme["url"].removeprefix(f"{drafts.PREFIX}/")
    )
    assert body is not None
    return page, json.loads(body)


@pytest.mark.parametrize("role", MAY)
def test_flows_for_each_role(run_page: RunPage, role: Role):
    _, found = opened(run_page, role, "flows")
    first = [count for leg, _, count in found["untold"] if leg == 0]
    if found["total"] is not None:
        assert sum(line["n"] for line in found["lines"] if not line["m"]) + sum(first) == found["total"]
    if role in {Role.STREET_LEADER, Role.VIEWER_BIG_SCREEN}:
        assert not [line for line in found["lines"] if line["n"] < 3]


@pytest.mark.parametrize("role", MAY)
def test_years_for_each_role(run_page: RunPage, role: Role):
    page, found = opened(run_page, role, "years")
    assert found["labels"][-1] == "今天"
    assert len({len(found[name]) for name in ("days", "labels", "moving", "grouped", "returned", "fresh", "out")}) == 1
    counts_only = role in {Role.STREET_LEADER, Role.VIEWER_BIG_SCREEN}
    assert ("marks" in found) is not counts_only
    assert ("communities" in found) is counts_only
    assert bool([one for one in page.segmented_control if one.key == "years_step"]) is not counts_only
    if counts_only:
        assert not {1, 2} & {count for counts in found["communities"]["n"] for count in counts}
    assert "青" not in json.dumps(found, ensure_ascii=False)  # no address


@pytest.mark.parametrize("role", MAP_ONLY)
def test_who_may_not_see_figures_is_not_offered_them(run_page: RunPage, role: Role):
    page = run_page("pages/map.py", role)
    offered = [option for one in page.selectbox if one.key == "theme" for option in one.options]
    assert not {"流向", "历年变化"} & set(offered)


def test_the_card_of_a_line_comes_with_the_pick_and_goes_with_the_line(run_page: RunPage, installed: Store):
    with installed.writing(operator(), Action.EDIT_CARDS) as writer:
        for row in writer.session.query(MemberRow):
            row.original_village = HOSTILE
    page, found = opened(run_page, Role.STREET_CLERK, "flows")
    assert [line["from"] for line in found["lines"]] == [HOSTILE]
    for line in found["lines"]:
        page.session_state[KEPT] = Pick(flows.CODE, line["k"])
        page.run()
        card = map_views(page)[0]["card"]
        assert card["title"] == f"{line['from']} → {line['to']}"
        assert card["facts"][0] == ["过渡期党员", f"{line['n']} 名"]
    page.session_state[KEPT] = Pick(flows.CODE, 1)
    page.run()
    assert not map_views(page)[0]["card"]
    assert not page.exception


def test_quarters_and_months_have_more_days(run_page: RunPage):
    page, years = opened(run_page, Role.STREET_CLERK, "years")
    page.segmented_control(key="years_step").set_value("month").run()
    url = map_views(page)[0]["theme"]["url"]
    clerk = signed_in_as(office.store(), Role.STREET_CLERK)
    months = json.loads(drafts.get(clerk, office.store(), url.removeprefix(f"{drafts.PREFIX}/")) or b"{}")
    assert len(months["days"]) > 2 * len(years["days"])
    assert months["moving"][-1] == years["moving"][-1]
