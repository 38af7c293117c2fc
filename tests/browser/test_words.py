"""Nothing that opens on a click is left in English (test_outside looks at every page), and the grid's own download
stays away.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, TimeoutError, expect  # noqa: A004  # its name there

from tests.browser import hostile, look
from tests.browser.steps import DRAFT, MAP, open_as

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer

pytestmark = pytest.mark.browser
MOMENT_MS = 15_000
#: Names that another module may have imported before
HOSTILE = (hostile.FILE, hostile.ORG, hostile.IMG, hostile.DOLLAR, hostile.SCRIPT, hostile.TICKS, hostile.FORMULA)

#: Units, formats, coordinate systems and the login names of the demo
KNOWN = rf"{look.KNOWN}|anquan|shenji|daping|MB|KB|UTC|GEOJSON|[GHV]\d+"
LATIN = """known => {
    const allowed = new RegExp(known, 'gi'), said = [];
    const isShown = part => {
        const box = part.getBoundingClientRect(), style = getComputedStyle(part);
        return box.width > 2 && box.height > 2 && style.visibility !== 'hidden' && !part.closest('canvas') &&
            !style.fontFamily.includes('Material');
    };
    const look = text => { if (/[A-Za-z]{2,}/.test(text.replace(allowed, ''))) { said.push(text.trim()); } };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const part = walker.currentNode.parentElement;
        if (!['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(part.tagName) && isShown(part)) { look(walker.currentNode.data); }
    }
    document.querySelectorAll('[title], [placeholder], [aria-label]').forEach(part => {
        if (!isShown(part)) { return; }
        ['title', 'placeholder', 'aria-label'].forEach(name => look(part.getAttribute(name) || ''));
    });
    return said;
}"""


def all_chinese(page: Page, server: AppServer) -> None:
    """Insist that nothing in sight is in Latin letters but what must be; an observer may need a moment."""
    known = "|".join((*sorted(map(re.escape, HOSTILE), key=len, reverse=True), KNOWN, *server.accounts))
    with suppress(TimeoutError):
        page.wait_for_function(f"known => !({LATIN})(known).length", arg=known, timeout=MOMENT_MS)
    assert page.evaluate(LATIN, known) == []


def test_what_opens_on_a_click_is_in_chinese_too(browser_page: Page, app_server: AppServer):
    page = browser_page
    open_as(page, app_server, "zuzhi", "/groups")
    page.get_by_text("限额与时间").click()
    page.get_by_label("不满 60 岁").fill("900")
    all_chinese(page, app_server)
    page.get_by_role("combobox", name="支部").fill("没有这个支部")
    expect(page.get_by_text("没有符合的")).to_be_visible()
    all_chinese(page, app_server)
    page.get_by_role("combobox", name="支部").fill("")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.get_by_role("button", name="测算", exact=True).click()
    page.wait_for_selector(DRAFT)
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.hover()
    expect(grid.get_by_role("button", name="查找")).to_be_visible()
    expect(grid.get_by_role("button", name="Download as CSV")).to_be_hidden()
    all_chinese(page, app_server)
    page.goto(f"{app_server.url}/data")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="空.csv", mimeType="text/csv", buffer="党支部,姓名\n".encode())
    )
    page.get_by_role("button", name="试运行").click()
    expect(page.locator("[data-testid=stAlert]").first).to_be_visible()
    all_chinese(page, app_server)
    page.goto(f"{app_server.url}/map")
    page.wait_for_selector(MAP)
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("combobox", name="年龄").click()
    all_chinese(page, app_server)


def test_a_plan_and_all_that_opens_on_it_is_in_chinese(browser_page: Page, app_server: AppServer):
    page = browser_page
    open_as(page, app_server, "zuzhi", "/groups")
    page.get_by_role("button", name="测算", exact=True).click()
    page.get_by_role("button", name="保存为方案").click()
    page.wait_for_selector("[aria-label=小组]")
    page.locator("[aria-label=小组] .jj-open").first.click()
    page.get_by_role("checkbox", name="全选").check()
    expect(page.locator(".jj-clear-button")).to_be_visible()
    for work in ("对调", "拆出新组", "合并小组", "换地点", "换组长"):
        page.get_by_role("radio", name=work).click()
        expect(page.get_by_role("radio", name=work)).to_be_checked()
        all_chinese(page, app_server)
    for part in ("未安排", "与现行对比", "打印", "经过"):
        page.get_by_role("radio", name=part).click()
        expect(page.get_by_role("radio", name=part)).to_be_checked()
        all_chinese(page, app_server)
    page.get_by_role("button", name="提交支委会审核").click()
    page.get_by_label("支委会决定日期").fill("2026-02-30")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="登记支委会决定").click()
    expect(page.get_by_text("例如 2026-03-05")).to_be_visible()
    all_chinese(page, app_server)
    expect(page.get_by_role("button", name="退回草案")).to_have_count(1)  # the run before has left its own for a moment
    page.get_by_role("button", name="退回草案").click()
    expect(page.get_by_label("退回理由")).to_be_visible()
    all_chinese(page, app_server)
