"""An office's first day: an empty database, a password printed once, and screens that say what comes next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.steps import MAP
from tests.fixtures.browser import start_app

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NEW = "Qinghe-2026-kaiban"
CLERK_NEW = "Qinghe-2026-zuzhi"


def sign_in(page: Page, user: str, password: str) -> None:
    page.fill("#username", user)
    page.fill("#password", password)
    page.click("button[type=submit]")


def change(page: Page, old: str, new: str) -> None:
    page.fill("[name=old]", old)
    page.fill("[name=new]", new)
    page.fill("[name=again]", new)
    page.click("button[type=submit]")
    expect(page.get_by_text("口令已修改")).to_be_visible()


def test_the_first_day(browser_page: Page, tmp_path: Path):
    page = browser_page
    with start_app(tmp_path) as server:
        found = re.search(r"登录名 (\S+)，初始口令 (\S+?)（", server.log.read_text(encoding="utf-8"))
        assert found is not None
        page.goto(f"{server.url}/users")
        sign_in(page, found[1], found[2])
        change(page, found[2], NEW)
        sign_in(page, found[1], NEW)
        page.goto(f"{server.url}/users")
        page.get_by_label("登录名").fill("zuzhi")
        page.get_by_role("combobox", name="角色").click()
        page.get_by_role("option", name="街道组织员").click()
        page.get_by_role("button", name="开设").click()
        first = page.locator("[data-testid=stCode] code").inner_text().strip()
        page.goto(f"{server.url}/logout")
        sign_in(page, "zuzhi", first)
        change(page, first, CLERK_NEW)
        sign_in(page, "zuzhi", CLERK_NEW)
        page.wait_for_selector(MAP)
        for address in ("map", "groups", "locate"):
            page.goto(f"{server.url}/{address}")
            expect(page.get_by_text("先到“数据导入”页导入").first).to_be_visible()
        page.goto(f"{server.url}/data")
        expect(page.get_by_text("还没有导入过文件")).to_be_visible()
        assert "内部错误" not in page.locator("body").inner_text()
