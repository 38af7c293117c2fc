"""Names that try to break out of the page: shown on every screen as they are, nothing runs, nothing is cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gis.model.access import Action, operator
from gis.model.enums import MapPrecision, Precision
from gis.spatial.display import centres
from gis.store.database import Store
from tests.browser.steps import CARD, MAP, open_as

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.ran=1">${window.ran=1}</script>`:smile:`'


@dataclass(frozen=True)
class Spoilt:
    """Where the hostile names stand."""

    building: int
    grid: int
    host: int
    lon: float
    lat: float


@pytest.fixture(scope="module")
def spoilt(app_server: AppServer) -> Spoilt:
    """Rename a host, its building, estate and grid, and a member who is made to live there."""
    store = Store.open(app_server.db_url)
    with store.writing(operator(), Action.IMPORT_DATA) as writer:
        places = {building.id: building for building in writer.buildings()}
        host = next(host for host in writer.hosts() if places.get(host.building_id) and host.building_id)
        building = places[host.building_id]
        estate = next(estate for estate in writer.estates() if estate.id == building.estate_id)
        grid = next(grid for grid in writer.grids() if grid.id == building.grid_id)
        housed = [(one, one.residence) for one in writer.members() if one.is_in_transition and one.residence]
        (member, old_home), (lost, lost_home) = housed[:2]
        writer.save_buildings([replace(building, building_no=HOSTILE)])
        writer.save_estates([replace(estate, name=HOSTILE)])
        writer.save_grids([replace(grid, name=HOSTILE)])
        writer.save_hosts([replace(host, name=HOSTILE, address=HOSTILE)])
        home = replace(
            old_home, address=HOSTILE, precision=Precision.BUILDING, building_id=building.id, grid_id=grid.id
        )
        queued = replace(lost_home, address=HOSTILE, precision=Precision.QUEUE, building_id=None, reason=HOSTILE)
        writer.save_members(
            [
                replace(member, name=HOSTILE, map_precision=MapPrecision.BUILDING, residence=home),
                replace(lost, name=f"待定位{HOSTILE}", residence=queued),
            ]
        )
    store.close()
    (lon, lat), *_ = centres([host.shape or building.shape])
    return Spoilt(building.id or 0, grid.id or 0, host.id or 0, float(lon), float(lat))


def ran(page: Page) -> bool:
    """Whether any of the names became a script."""
    return bool(page.evaluate("'ran' in window"))


@pytest.mark.parametrize("kind", ["building", "grid", "host"])
def test_cards_show_it_as_it_is(browser_page: Page, app_server: AppServer, spoilt: Spoilt, kind: str):
    open_as(browser_page, app_server, "zuzhi", f"/map?card={kind}-{getattr(spoilt, kind)}")
    expect(browser_page.locator(CARD)).to_contain_text(HOSTILE)
    if kind == "building":
        expect(browser_page.locator(".jj-card .jj-main", has_text=HOSTILE).first).to_be_visible()
    assert browser_page.locator(".jj-street img").count() == 0
    assert not ran(browser_page)


def test_the_tooltip_shows_it_as_it_is(browser_page: Page, app_server: AppServer, spoilt: Spoilt):
    open_as(browser_page, app_server, "zuzhi", "/map?state=grouped")
    spot = browser_page.evaluate(
        """([lon, lat]) => {
            const map = window.Jiujin.latest;
            map.setView([lat, lon], 15, {animate: false});
            const box = map.getContainer().getBoundingClientRect(), p = map.latLngToContainerPoint([lat, lon]);
            return [box.left + p.x, box.top + p.y + 60];
        }""",
        [spoilt.lon, spoilt.lat],
    )
    browser_page.mouse.move(*spot)
    expect(browser_page.locator(".jj-tip")).to_contain_text("onerror")
    assert not ran(browser_page)


def test_every_screen_with_names_stays_unharmed(open_page: OpenPage, app_server: AppServer, spoilt: Spoilt):
    page = open_page()
    open_as(page, app_server, "zuzhi", "/groups")
    page.get_by_role("button", name="测算", exact=True).click()
    expect(page.get_by_role("heading", name="测算方案")).to_be_visible()
    page.wait_for_selector(".jj-street[data-draft]")
    assert not ran(page)
    page.get_by_role("link", name="定位").click()
    page.wait_for_selector("h1:has-text('定位')")
    page.get_by_role("combobox").first.click()
    page.get_by_role("combobox").first.fill("待定位<img")
    expect(page.get_by_role("option").first).to_contain_text(f"待定位{HOSTILE}")
    page.get_by_role("option").first.click()
    page.wait_for_selector(MAP)
    assert not ran(page)
