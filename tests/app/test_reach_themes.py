"""Themes of the map on reach, as pages: what each role is offered and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Actor, Role, scope_for
from gis.services.next_map import next_on_map
from gis.ui.map import answers
from gis.ui.map.themes.menu import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.testing.v1 import AppTest

    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

REACH = {"coverage", "reach", "next"}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Answers are kept for a store: each test has its own, but none should outlive it."""
    yield
    answers.forget()


def _open(run_page: RunPage, role: Role, theme: str) -> AppTest:
    page = run_page("pages/map.py", role)
    next(one for one in page.selectbox if one.key == "theme").set_value(theme).run()
    assert not page.exception
    return page


def _said(page: AppTest) -> str:
    return " ".join(one.value for one in page.caption)


def _choice(page: AppTest, key: str) -> Any:
    return next(one for one in page.selectbox if one.key == key)


def _offered(page: AppTest) -> set[str]:
    labels = {theme.label: theme.code for theme in THEMES}
    return {labels[label] for label in _choice(page, "theme").options} & REACH


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.BRANCH_SECRETARY, REACH),
        (Role.STREET_LEADER, {"coverage", "reach"}),
        (Role.GROUP_LEADER, {"reach"}),
        (Role.SYS_ADMIN, {"reach"}),
    ],
)
def test_each_role_is_offered_what_it_may_see(run_page: RunPage, tiny: Tiny, role: Role, offered: set[str]):
    assert _offered(run_page("pages/map.py", role)) == offered


def test_walking_areas_from_all_places_then_from_one_at_another_pace(run_page: RunPage, tiny: Tiny):
    page = _open(run_page, Role.BRANCH_SECRETARY, "reach")
    assert "5、10、15 分钟内：楼栋" in _said(page)
    assert "没有道路数据，按直线估算" in _said(page)
    assert "过渡期党员" in _said(page)
    place = next(one for one in _choice(page, "reach_from").options if one != "全部中心户和阵地")
    assert not [one for one in page.toggle if one.key == "reach_circles"]
    _choice(page, "reach_from").select(place).run()
    _choice(page, "reach_pace").set_value("80").run()
    next(one for one in page.toggle if one.key == "reach_circles").set_value(True).run()
    assert not page.exception
    assert "地点" in _said(page)


def test_who_sees_counts_only_reads_no_small_number(run_page: RunPage, tiny: Tiny):
    page = _open(run_page, Role.STREET_LEADER, "reach")
    assert not [n for n in ("1 名", "2 名", "1、", "2、") if f"党员 {n}" in _said(page)]
    page = _open(run_page, Role.STREET_LEADER, "coverage")
    assert not [one for one in page.button if one.key == "jj_gaps"]
    assert "过渡期党员覆盖" in _said(page)


def test_coverage_says_the_figure_and_opens_the_list_of_gaps(run_page: RunPage, tiny: Tiny):
    page = _open(run_page, Role.BRANCH_SECRETARY, "coverage")
    assert "过渡期党员覆盖" in _said(page)
    assert next(one.label for one in page.button if one.key == "jj_gaps").startswith("空白点")


def test_the_next_host_in_turn_and_alone(run_page: RunPage, tiny: Tiny):
    page = _open(run_page, Role.BRANCH_SECRETARY, "next")
    assert "试设了" in _said(page) or "可就近参加而未编组的" in _said(page)
    assert "<img" not in _said(page)


def test_the_tab_of_hosts_says_who_can_walk_there_and_where_the_next_would_help(run_page: RunPage, tiny: Tiny):
    page = run_page("pages/orgs.py", Role.BRANCH_SECRETARY)
    chosen = next(one for one in page.get("button_group") if one.key == "orgs_part")
    page = chosen.set_value("hosts").run()  # type: ignore[union-attr]  # a button group has a value
    assert not page.exception
    assert "走得到：" in _said(page)
    assert "下一处建议" in _said(page)
    table = " ".join(str(one.proto) for one in page.get("html"))
    assert "空座" in table
    assert "走得到" in table


def test_a_candidate_is_drawn_at_the_building_and_not_at_the_door(tiny: Tiny, installed: Store):
    """Both full members allow their building to be shown; the door that is on record lies to the east of its middle."""
    scope = scope_for(Role.BRANCH_SECRETARY, frozenset({tiny.branch}))
    found = next_on_map(Actor("s", Role.BRANCH_SECRETARY, scope), installed)
    spots = [*found.in_turn, *found.alone]
    assert spots
    assert {round(spot.host.lon, 5) for spot in spots} == {120.00225}
