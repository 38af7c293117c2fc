"""上门送学 at the desk: a round on the map, changed by hand, its sheet made and saved to disk."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gis.store.database import Store
from tests.browser.steps import DRAFT, inked, open_as, scrolls_sideways
from tests.browser.visit_steps import DESK, PHONE
from tests.fixtures.visits import issue_round

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer, OpenPage
    from tests.fixtures.visits import IssuedRound

pytestmark = pytest.mark.browser
TEAM = ("cun", "zhibu")
TURNS = "table[aria-label=次序]"


@pytest.fixture
def issued(app_server: AppServer) -> IssuedRound:
    """Issue a round of five doors."""
    with closing(Store.open(app_server.db_url)) as store:
        return issue_round(store, TEAM, 5)


def open_round(page: Page, app_server: AppServer, issued: IssuedRound, part: str = "routes") -> None:
    """Open a part of the round as the clerk."""
    open_as(page, app_server, "zuzhi", "/visits")
    page.goto(f"{app_server.url}/visits?round={int(issued.round_id)}&part={part}")
    expect(page.get_by_role("button", name="‹ 全部走访批次")).to_be_visible()


def test_a_stop_moved_by_hand_says_its_effect_and_is_taken_back(
    open_page: OpenPage, app_server: AppServer, issued: IssuedRound
):
    page = open_page(**DESK)
    open_round(page, app_server, issued)
    page.wait_for_selector(DRAFT)
    assert inked(page, ".leaflet-jj-marks-pane canvas") > 100
    names = page.locator(f"{TURNS} tbody tr td:nth-child(3)")
    before = names.all_inner_texts()
    page.locator(TURNS).get_by_role("button", name="2", exact=True).click()
    page.get_by_role("button", name="提前一位").click()
    expect(page.locator(".jj-effect-said")).to_contain_text(before[1])
    page.get_by_role("button", name="确定修改").click()
    expect(names.first).to_have_text(before[1])
    page.get_by_role("button", name=re.compile("^撤回：")).click()
    expect(names.first).to_have_text(before[0])


def test_a_sheet_is_made_and_saved(open_page: OpenPage, app_server: AppServer, issued: IssuedRound):
    page = open_page(**DESK)
    open_round(page, app_server, issued, "sheets")
    page.get_by_text("手机离线单（一个网页文件，断网能用）").click()
    page.get_by_role("button", name="做走访单").click()
    save = page.get_by_role("button", name=re.compile("^保存 走访单-"))
    with page.expect_download() as download:
        save.click()
    number = download.value.suggested_filename.removeprefix("走访单-").removesuffix(".html")
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="录入页").last).to_have_attribute("href", f"/visits/desk/{number}")


@pytest.mark.parametrize("part", ["routes", "sheets", "results", "records"])
def test_no_part_of_a_round_is_wider_than_a_phone(
    open_page: OpenPage, app_server: AppServer, issued: IssuedRound, part: str
):
    page = open_page(**PHONE)
    open_round(page, app_server, issued, part)
    assert not scrolls_sideways(page)
