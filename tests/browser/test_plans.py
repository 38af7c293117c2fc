"""Hand editing and the life of a plan as two people meet them, each in a browser of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gis.model.access import operator
from gis.model.plan import GroupingRequest
from gis.services.grouping import propose_groups
from gis.services.plan_life import stop_plan
from gis.services.plans import list_plans, save_plan
from gis.store.database import Store
from tests.browser.steps import DRAFT, choose, open_as, scrolls_sideways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from gis.model.plan import GroupPlan
    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser
WHERE = "移到哪个小组或地点（近的在前；也可在图上点小组或场所）"
MEMBERS = "table[aria-label=组员]"
BLOCKED = ".jj-issues-all .jj-bad"
TOO_FEW = ".jj-issues-all li:has-text('不足 3 人')"


@pytest.fixture
def street(app_server: AppServer) -> Iterator[Store]:
    """Give the data that the app shows; afterwards no plan of these tests is in force."""
    store = Store.open(app_server.db_url)
    yield store
    for head in list_plans(operator(), store):
        if head.state.is_in_force:
            stop_plan(operator(), store, head.id, head.version, "测试结束", stopped_on=store.today())
    store.close()


@dataclass(frozen=True)
class Saved:
    """A draft of the branch that the demo secretary leads: its address and its groups, the smallest first."""

    address: str
    plan: GroupPlan

    @property
    def smallest(self) -> str:
        """Its smallest group: with one member less it breaks a rule."""
        return min(self.plan.groups, key=lambda group: len(group.seats)).id

    @property
    def another(self) -> str:
        """A group that is not the smallest."""
        return next(group.id for group in self.plan.groups if group.id != self.smallest)


@pytest.fixture
def draft(street: Store) -> Saved:
    """Save a proposal for the branch with the demo secretary."""
    return saved(street, "春季方案")


def saved(store: Store, name: str) -> Saved:
    with store.reading(operator().scope) as reader:
        branch = next(org.id for org in reader.branches_in_scope() if org.name == "穗田村党支部")
    assert branch is not None
    plan = propose_groups(operator(), store, GroupingRequest(branch_ids=(branch,), is_all_members=True, seconds=5))
    assert len(min(plan.groups, key=lambda group: len(group.seats)).seats) == 3
    return Saved(f"/plans?plan={int(save_plan(operator(), store, plan, name))}", plan)


def group(page: Page, number: str) -> Locator:
    return page.locator("table[aria-label=小组]").get_by_role("button", name=number, exact=True)


def pick_first_of(page: Page, number: str) -> None:
    """Choose the first member of a group in the list beside the map."""
    group(page, number).click()
    expect(page.locator("tr.jj-current").get_by_role("button", name=number, exact=True)).to_be_visible()
    page.locator(MEMBERS).get_by_role("checkbox").nth(1).check()
    expect(page.get_by_text("已选 1 名")).to_be_visible()


def move_first(page: Page, draft: Saved) -> None:
    """Take the first member of the smallest group out of it, and commit."""
    pick_first_of(page, draft.smallest)
    choose(page, WHERE, "退出小组")
    expect(page.locator(".jj-effect-new")).to_contain_text("不足 3 人")
    page.get_by_role("button", name="确定修改").click()


def test_a_member_is_moved_the_rule_breaks_undo_repair_and_publish(
    browser_page: Page, app_server: AppServer, draft: Saved
):
    page = browser_page
    open_as(page, app_server, "zhibu", draft.address)
    page.wait_for_selector(DRAFT)
    move_first(page, draft)
    expect(page.locator(BLOCKED).first).to_be_visible()
    expect(page.get_by_role("button", name="发布…")).to_be_disabled()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(BLOCKED)).to_have_count(0)
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()
    page.reload()  # every step is in the database
    page.get_by_role("button", name="重做").click()
    expect(page.locator(BLOCKED).first).to_be_visible()
    page.get_by_role("button", name="其余自动调整，保留我定的").click()
    expect(page.get_by_text("已调整，作为一步保存")).to_be_visible()
    expect(page.locator(BLOCKED)).to_have_count(0)
    page.get_by_role("button", name="发布…").click()
    expect(page.get_by_text("发布后立即生效")).to_be_visible()
    page.get_by_label("理由").fill("支委会已口头同意，日期随后补登")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="确定发布").click()
    expect(page.get_by_text("已发布：建立")).to_be_visible()
    expect(page.locator(".jj-life [aria-current=step]")).to_contain_text("发布")


def test_a_lasso_and_a_click_choose_members_on_the_map(browser_page: Page, app_server: AppServer, draft: Saved):
    page = browser_page
    open_as(page, app_server, "zhibu", draft.address)
    page.wait_for_selector(DRAFT)
    page.get_by_role("button", name="圈选党员").click()
    box = page.locator(".jj-lasso").bounding_box()
    assert box is not None
    left, top, right, bottom = box["x"] + 4, box["y"] + 60, box["x"] + box["width"] - 4, box["y"] + box["height"] - 4
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    drawn = page.evaluate(
        "window.Jiujin.latest && document.querySelector('.jj-street').dataset.picked.split(' ').length"
    )
    on_map = {int(seat.member_id) for one in draft.plan.groups for seat in one.seats}
    assert drawn >= len(on_map) - 3  # who allows less than a building is not on the map
    expect(page.get_by_text(f"已选 {drawn} 名")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".jj-lasso")).to_have_count(0)
    page.locator(".jj-clear-button").click()
    expect(page.get_by_text("先选党员")).to_be_visible()
    page.locator(".jj-stage").scroll_into_view_if_needed()
    spot = page.evaluate(
        """() => {
            const made = document.querySelector('.jj-street').jiujinStreet, map = window.Jiujin.latest;
            return made.then(street => {
                const places = street.draft.raw.places;
                const far = p => places.every(o => map.distance([p[1], p[0]], [o.y, o.x]) > 50);
                const [lon, lat] = street.draft.at.find(far);
                map.setView([lat, lon], 19, {animate: false});
                const box = map.getContainer().getBoundingClientRect(), p = map.latLngToContainerPoint([lat, lon]);
                return [box.left + p.x, box.top + p.y];
            });
        }"""
    )
    page.mouse.click(*spot)
    expect(page.locator(".jj-clear-button")).to_be_visible()
    expect(page.locator("[data-testid=stMarkdownContainer]", has_text="已选")).to_be_visible()


def test_two_editors_never_overwrite_each_other(open_page: OpenPage, app_server: AppServer, draft: Saved):
    mine, theirs = open_page(), open_page()
    open_as(mine, app_server, "zhibu", draft.address)
    open_as(theirs, app_server, "cun", draft.address)
    pick_first_of(mine, draft.another)
    choose(mine, WHERE, draft.smallest)
    expect(mine.locator(".jj-effect")).to_be_visible()
    move_first(theirs, draft)
    expect(theirs.locator(BLOCKED).first).to_be_visible()
    mine.get_by_role("button", name="确定修改").click()
    conflict = mine.locator(".st-key-jj_conflict")
    expect(conflict).to_contain_text("先改了这个方案")
    expect(conflict.locator("td", has_text="我看到的版本")).to_be_visible()
    expect(conflict.locator("td", has_text="现在的版本")).to_be_visible()
    expect(conflict.locator("td", has_text="退出小组").first).to_be_visible()
    conflict.get_by_role("button", name="照此修改").click()
    expect(conflict).to_have_count(0)
    expect(mine.locator(TOO_FEW)).to_have_count(0)  # one went, one came: three again


def test_who_publishes_second_is_refused_and_sees_both_versions(
    open_page: OpenPage, app_server: AppServer, street: Store, draft: Saved
):
    other = saved(street, "夏季方案")
    mine, theirs = open_page(), open_page()
    open_as(mine, app_server, "zhibu", draft.address)
    mine.get_by_role("button", name="发布…").click()
    mine.get_by_label("理由").fill("先行发布")
    mine.keyboard.press("Control+Enter")
    open_as(theirs, app_server, "cun", other.address)
    theirs.get_by_role("button", name="发布…").click()
    theirs.get_by_label("理由").fill("先行发布")
    theirs.keyboard.press("Control+Enter")
    theirs.get_by_role("button", name="确定发布").click()
    expect(theirs.get_by_text("已发布：建立")).to_be_visible()
    mine.get_by_role("button", name="确定发布").click()
    stale = mine.locator(".st-key-jj_stale")
    expect(stale).to_contain_text("已有变动")
    expect(stale.locator("td", has_text="春季方案")).to_be_visible()
    expect(stale.locator("td", has_text="夏季方案")).to_be_visible()
    expect(mine.get_by_role("button", name="按原条件重新测算")).to_be_visible()
    assert [head.name for head in list_plans(operator(), street) if head.state.is_in_force] == ["夏季方案"]


def test_a_plan_fits_a_phone(open_page: OpenPage, app_server: AppServer, draft: Saved):
    page = open_page(width=390, height=844)
    open_as(page, app_server, "zhibu", draft.address)
    page.wait_for_selector(DRAFT)
    pick_first_of(page, draft.smallest)
    choose(page, WHERE, draft.another)
    expect(page.locator(".jj-effect")).to_be_visible()
    assert not scrolls_sideways(page)
