"""Names that try to break out: on every screen and in every file as they are; nothing runs, nothing is cut."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
from playwright.sync_api import FilePayload, expect

from gis.model.access import Role
from gis.model.ids import OrgId
from gis.services.accounts import SYSTEM, NewAccount, add_account
from gis.store.database import Store
from tests.browser import hostile
from tests.browser.steps import CARD, DRAFT, MAP, open_as, publish

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell.cell import Cell
    from playwright.sync_api import Download, Locator, Page

    from tests.browser.hostile import HostileOffice
    from tests.fixtures.browser import AppServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(app_server: AppServer, tmp_path_factory: pytest.TempPathFactory) -> HostileOffice:
    """Import the hostile office once, and open an account with a hostile name for it."""
    store = Store.open(app_server.db_url)
    made = hostile.import_hostile_office(store, tmp_path_factory.mktemp("hostile"))
    shown_name = f"{hostile.IMG}{hostile.DOLLAR}{hostile.BRACES}"
    new = NewAccount("eyi", shown_name, Role.BRANCH_SECRETARY, (OrgId(made.org_id),))
    app_server.accounts["eyi"] = "Kuaile-2026-xx"
    add_account(SYSTEM, store, new, app_server.accounts["eyi"])
    store.close()
    return made


def unharmed(page: Page) -> None:
    """Insist that none of the names became a script, an image or a sum."""
    assert page.evaluate("'ran' in window") is False
    assert page.locator("img[src=x]").count() == 0


def shows(page: Page, *texts: str) -> None:
    """Insist that the tables for reading hold each text whole."""
    for text in texts:
        expect(page.locator(".jj-table td, .jj-facts td").filter(has_text=text).first).to_be_attached()
    unharmed(page)


def words(page: Page, text: str) -> Locator:
    """Return the running text that holds `text`; the grid repeats its cells where nobody sees them."""
    return page.locator("[data-testid=stMarkdownContainer]", has_text=text).first


def cells(download: Download) -> list[Cell]:
    """Return every cell of a downloaded workbook; none is a formula."""
    book = openpyxl.load_workbook(BytesIO(download.path().read_bytes()))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in found)
    return found


def test_map_cards_tooltip_and_filters(browser_page: Page, app_server: AppServer, office: HostileOffice):
    page = browser_page
    open_as(page, app_server, "zuzhi", f"/map?state=all&card=building-{office.building}")
    expect(page.locator(CARD)).to_contain_text(hostile.ESTATE)
    expect(page.locator(".jj-card")).to_contain_text(hostile.LOST)
    for name in (*hostile.MEMBERS, hostile.ORG):
        expect(page.locator(".jj-card").filter(has_text=name)).to_be_visible()
    page.get_by_role("button", name="查看所在网格").click()
    expect(page.locator(CARD)).to_have_text(hostile.GRID)
    spot = page.evaluate(
        """([lon, lat]) => {
            const map = window.Jiujin.latest;
            map.setView([lat, lon], 17, {animate: false});
            const box = map.getContainer().getBoundingClientRect(), at = map.latLngToContainerPoint([lat, lon]);
            return [box.left + at.x, box.top + at.y];
        }""",
        [office.lon, office.lat - 0.001],
    )
    page.mouse.move(*spot)
    expect(page.locator(".jj-tip")).to_contain_text(hostile.GRID)
    page.get_by_role("button", name="筛选").click()
    for label, name in (("支部", hostile.ORG), ("网格", hostile.GRID)):
        page.get_by_role("combobox", name=label).click()
        page.get_by_role("combobox", name=label).fill(name[:6])
        expect(page.get_by_role("option").filter(has_text=name)).to_be_visible()
        page.get_by_role("option").filter(has_text=name).click()
        page.keyboard.press("Escape")
    unharmed(page)


@pytest.mark.parametrize("kind", ["host", "venue"])
def test_cards_of_places(browser_page: Page, app_server: AppServer, office: HostileOffice, kind: str):
    open_as(browser_page, app_server, "zuzhi", f"/map?card={kind}-{getattr(office, kind)}")
    name = {"host": hostile.IMG, "venue": hostile.VENUE}[kind]
    expect(browser_page.locator(CARD)).to_have_text(name)
    expect(browser_page.locator(".jj-card").filter(has_text=hostile.ORG)).to_be_visible()
    unharmed(browser_page)


def test_proposal_workbook_groups_in_force_and_map(browser_page: Page, app_server: AppServer, office: HostileOffice):
    page = browser_page
    open_as(page, app_server, "eyi", "/groups")
    expect(page.locator(".jj-who-name")).to_have_text(f"{hostile.IMG}{hostile.DOLLAR}{hostile.BRACES}")
    page.get_by_text("全部党员", exact=True).click()
    page.get_by_role("button", name="测算", exact=True).click()
    page.wait_for_selector(DRAFT)
    shows(page, *hostile.MEMBERS, f"失{hostile.IMG}")
    expect(words(page, hostile.ORG)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载方案表").click()
    written = {str(cell.value) for cell in cells(download.value)}
    assert {*hostile.MEMBERS, hostile.ORG} <= written
    page.get_by_label("方案名称").fill(hostile.PLAN)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="保存为方案").click()
    page.wait_for_selector("[aria-label=小组]")
    expect(page.get_by_role("heading", name=hostile.PLAN)).to_be_visible()
    page.locator("[aria-label=小组] .jj-open").first.click()
    page.get_by_role("checkbox", name="全选").check()
    shows(page, *hostile.MEMBERS)
    expect(words(page, f"已选 {len(hostile.MEMBERS)} 名")).to_contain_text(hostile.DOLLAR)
    for part in ("未安排", "与现行对比", "经过"):
        page.get_by_role("radio", name=part).click()
        unharmed(page)
    publish(page)
    page.get_by_role("button", name="‹ 全部方案").click()
    expect(page.get_by_role("button", name=hostile.PLAN)).to_be_visible()
    unharmed(page)
    page.goto(f"{app_server.url}/groups")
    page.wait_for_selector(".dvn-scroller")
    page.locator(".dvn-scroller").first.click(position={"x": 18, "y": 54})
    shows(page, *hostile.MEMBERS)
    expect(words(page, f"{hostile.ORG}临时党小组（{hostile.ESTATE}")).to_be_visible()
    page.goto(f"{app_server.url}/map?card=host-{office.host}")
    page.wait_for_selector(MAP)
    expect(page.locator(".jj-card").filter(has_text=f"{hostile.ORG}临时党小组（{hostile.ESTATE}")).to_be_visible()
    page.goto(f"{app_server.url}/conditions")
    shows(page, *hostile.MEMBERS, hostile.ORG)
    page.goto(f"{app_server.url}/locate")
    expect(page.get_by_role("combobox", name="党员")).to_have_value(f"失{hostile.IMG}　{hostile.LOST}")
    shows(page, hostile.LOST, f"失{hostile.IMG}", hostile.ORG)


def test_import_log_faults_and_their_workbook(
    browser_page: Page, app_server: AppServer, office: HostileOffice, tmp_path: Path
):
    page = browser_page
    open_as(page, app_server, "zuzhi", "/data")
    shows(page, hostile.FILE)
    path = hostile.write_roster(tmp_path / "有错.xlsx", born=hostile.IMG)
    name = f"{hostile.DOLLAR}{hostile.BRACES}<img src=x onerror=window.ran=1>.xlsx"
    page.locator(".st-key-file_roster input[type=file]").set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=path.read_bytes())
    )
    expect(page.get_by_role("button", name="试运行")).to_be_enabled()
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_role("heading", name="试运行结果")).to_be_visible()
    shows(page, hostile.IMG)
    expect(page.get_by_text(f"{hostile.DOLLAR}{hostile.BRACES}").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载标注了问题的文件").click()
    assert {hostile.FORMULA, hostile.LONG, hostile.ORG} <= {str(cell.value) for cell in cells(download.value)}
    unharmed(page)


def test_accounts(browser_page: Page, app_server: AppServer, office: HostileOffice):
    page = browser_page
    open_as(page, app_server, "admin", "/users")
    shows(page, f"{hostile.IMG}{hostile.DOLLAR}{hostile.BRACES}", hostile.ORG)
    page.get_by_role("combobox", name="所管组织").click()
    page.get_by_role("combobox", name="所管组织").fill("支部<")
    expect(page.get_by_role("option").filter(has_text=hostile.ORG)).to_be_visible()
    unharmed(page)
