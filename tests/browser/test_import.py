"""The screen 数据 as a clerk uses it: choose, declare, try, look at the map, import, import again."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import openpyxl
import pytest
import shapely
from playwright.sync_api import expect

from gis.model.access import operator
from gis.spatial.gcj import wgs84_to_gcj02
from gis.store.database import Store
from tests.browser.steps import DRAFT, open_as

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer

pytestmark = pytest.mark.browser
HEADER = ["党支部", "姓名", "性别", "出生年月", "入党时间", "正式/预备", "联系电话", "现住址", "备注"]


@pytest.fixture
def street(app_server: AppServer) -> Iterator[Store]:
    """Give the data that the app shows."""
    store = Store.open(app_server.db_url)
    yield store
    store.close()


def choose(page: Page, kind: str) -> None:
    page.get_by_role("combobox", name="类别").click()
    page.get_by_role("option", name=kind, exact=True).click()


def declare(page: Page, crs: str) -> None:
    page.get_by_role("combobox", name="坐标系").click()
    page.get_by_role("option", name=crs).click()


def try_file(page: Page, path: Path, kind: str) -> None:
    """Hand a file over and press 试运行."""
    page.locator(f".st-key-file_{kind} input[type=file]").set_input_files(path)
    button = page.get_by_role("button", name="试运行")
    expect(button).to_be_enabled()
    button.click()


def tile(page: Page, label: str, number: str) -> None:
    """Expect a tile to show a number."""
    shown = page.locator("[data-testid=stMetric]", has=page.get_by_text(label, exact=True))
    expect(shown.locator("[data-testid=stMetricValue]")).to_have_text(number)


def drafted(page: Page) -> dict[str, Any]:
    """Return where the preview lies and how many things it shows."""
    found: dict[str, Any] = page.evaluate(
        """async () => {
            const street = await document.querySelector('.jj-street').jiujinStreet, draft = street.draft;
            const middle = draft.bounds.getCenter();
            return {lon: middle.lng, lat: middle.lat, points: draft.at.length, shapes: draft.rings.length,
                    isInSight: street.map.getBounds().contains(draft.bounds)};
        }"""
    )
    return found


def write_roster(path: Path, branch: str, home: str) -> Path:
    """Write two people who can come in and one without a month of birth that can be read."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for name, born in (("禾试甲", "1961-02"), ("禾试乙", "约1970"), ("禾试丙", "1955-11")):
        sheet.append([branch, name, "女", born, "1988-07", "正式", "", home, "=1+1"])
    book.save(path)
    return path


def test_a_roster_from_the_dry_run_to_the_second_import(
    browser_page: Page, app_server: AppServer, street: Store, tmp_path: Path
):
    with street.reading(operator().scope) as reader:
        branch = reader.branches_in_scope()[0].name
        building = next(one for one in reader.buildings() if one.estate and one.building_no.isdigit())
    before = street.data_version("people")
    path = write_roster(tmp_path / "试导花名册.xlsx", branch, f"{building.estate}{building.building_no}幢甲单元101室")
    open_as(browser_page, app_server, "zuzhi", "/data")
    expect(browser_page.locator(".jj-steps .jj-now")).to_contain_text("选文件")
    try_file(browser_page, path, "roster")
    tile(browser_page, "读到", "3")
    tile(browser_page, "新增", "2")
    fault = browser_page.locator(".jj-table tbody tr").first
    expect(fault).to_contain_text("约1970")
    expect(fault.locator("td[data-label=行]")).to_have_text("3")
    expect(browser_page.get_by_text("1 行未导入")).to_be_visible()
    expect(browser_page.locator(".jj-steps .jj-now")).to_contain_text("看图核对")
    with browser_page.expect_download() as download:
        browser_page.get_by_role("button", name="下载标注了问题的文件").click()
    marked = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert "约1970" in str(marked.cell(3, len(HEADER) + 1).value)
    assert marked.cell(2, len(HEADER) + 1).value is None
    assert {cell.data_type for row in marked.iter_rows(min_row=2) for cell in row if cell.value} <= {"s", "n"}
    browser_page.wait_for_selector(DRAFT)
    assert drafted(browser_page)["points"] == 2
    assert street.data_version("people") == before

    browser_page.get_by_role("button", name="导入", exact=True).click()
    expect(browser_page.get_by_text("已导入。")).to_be_visible()
    log = browser_page.locator(".jj-table tbody tr", has_text="试导花名册.xlsx")
    expect(log.locator("td[data-label=新增]")).to_have_text("2")
    try_file(browser_page, path, "roster")
    expect(browser_page.get_by_role("heading", name="试运行结果")).to_be_visible()
    tile(browser_page, "新增", "0")
    tile(browser_page, "未变", "2")
    browser_page.get_by_role("button", name="放弃").click()
    expect(browser_page.get_by_role("heading", name="试运行结果")).to_be_hidden()


def test_a_layer_is_seen_where_its_declared_coordinates_put_it(
    browser_page: Page, app_server: AppServer, street: Store, tmp_path: Path
):
    with street.reading(operator().scope) as reader:
        known = next(one for one in reader.buildings() if one.estate and one.shape)
    shape = shapely.from_wkb(known.shape or b"")
    assert shape is not None
    moved = shapely.transform(shape, wgs84_to_gcj02)
    feature = {
        "type": "Feature",
        "properties": {"小区": known.estate, "幢号": "试99"},
        "geometry": shapely.geometry.mapping(moved),
    }
    path = tmp_path / "楼栋.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    open_as(browser_page, app_server, "zuzhi", "/data")
    choose(browser_page, "楼栋")
    declare(browser_page, "高德、腾讯坐标")
    try_file(browser_page, path, "buildings")
    browser_page.wait_for_selector(DRAFT)
    right = drafted(browser_page)
    assert (right["lon"], right["lat"]) == pytest.approx((shape.centroid.x, shape.centroid.y), abs=2e-5)
    assert right["isInSight"]
    first = browser_page.get_attribute(DRAFT, "data-draft")
    declare(browser_page, "国家2000 经纬度")
    browser_page.get_by_role("button", name="试运行").click()
    browser_page.wait_for_selector(f".jj-street[data-draft]:not([data-draft='{first}'])")
    wrong = drafted(browser_page)
    assert abs(wrong["lon"] - right["lon"]) > 0.003, "some 450 m off: that is what the picture is for"
    browser_page.get_by_role("button", name="放弃").click()


OSM = """<?xml version="1.0"?><osm version="0.6"><bounds minlat="{s}" minlon="{w}" maxlat="{n}" maxlon="{e}"/>{nodes}
<way id="11" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
<tag k="building" v="yes"/></way>
<way id="12" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="试行路"/></way>
</osm>"""


def test_an_extract_and_a_file_that_is_something_else(
    browser_page: Page, app_server: AppServer, street: Store, tmp_path: Path
):
    with street.reading(operator().scope) as reader:
        known = next(one for one in reader.buildings() if one.shape)
    west, south, east, north = shapely.total_bounds([shapely.from_wkb(known.shape)])
    spots = enumerate(((west, south), (east, south), (east, north), (west, north)), start=1)
    nodes = "".join(f'<node id="{number}" lon="{x}" lat="{y}" version="1"/>' for number, (x, y) in spots)
    extract, fake = tmp_path / "小片.osm", tmp_path / "楼栋.csv"
    extract.write_text(OSM.format(w=west, s=south, e=east, n=north, nodes=nodes), encoding="utf-8")
    with ZipFile(packed := BytesIO(), "w") as archive:
        archive.writestr("a.txt", "a")
    fake.write_bytes(packed.getvalue())
    before = street.data_version("territory")
    open_as(browser_page, app_server, "zuzhi", "/data")
    choose(browser_page, "开放街图（OSM）")
    try_file(browser_page, extract, "osm")
    tile(browser_page, "楼栋", "1")
    browser_page.wait_for_selector(DRAFT)
    assert drafted(browser_page)["isInSight"]
    browser_page.get_by_role("button", name="放弃").click()
    expect(browser_page.get_by_role("heading", name="试运行结果")).to_be_hidden()
    choose(browser_page, "楼栋")
    declare(browser_page, "国家2000 经纬度")
    try_file(browser_page, fake, "buildings")
    refusal = browser_page.locator("[data-testid=stAlert]", has_text="楼栋.csv").first
    expect(refusal).to_be_visible()
    assert "内部错误" not in refusal.inner_text()
    assert street.data_version("territory") == before


def test_doubtful_rows_are_decided_on_screen(browser_page: Page, app_server: AppServer, street: Store, tmp_path: Path):
    with street.reading(operator().scope) as reader:
        member = next(one for one in reader.members() if one.birth_ym)
        branch = next(org.name for org in reader.orgs() if org.id == member.branch_id)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append([branch, member.name, "", "", "", "正式", "", "", ""])  # nothing but a name that is there already
    path = tmp_path / "待认定.xlsx"
    book.save(path)
    open_as(browser_page, app_server, "zuzhi", "/data")
    try_file(browser_page, path, "roster")
    expect(browser_page.get_by_text("需要人工认定 1 人")).to_be_visible()
    box = browser_page.get_by_role("combobox", name="第 2 行的认定")
    box.evaluate("element => element.scrollIntoView({block: 'center', behavior: 'instant'})")  # a scroll shuts the list
    box.focus()
    box.press("ArrowDown")
    browser_page.get_by_role("option", name=f"是已有党员 {member.name}").click()
    browser_page.get_by_role("button", name="按以上认定重新试运行").click()
    expect(browser_page.get_by_text("需要人工认定")).to_have_count(0)
    tile(browser_page, "读到", "1")
    tile(browser_page, "新增", "0")
