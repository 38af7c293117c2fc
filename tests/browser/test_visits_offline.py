"""The offline list in a real browser without any network: results are kept, taken along as a file, and uploaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gis.model.visits import ResultState, SheetKind, VisitResult
from gis.services.visits.files import apply_results_file
from gis.services.visits.sheets import SheetRequest, make_sheet
from tests.browser.hostile import IMG, SCRIPT
from tests.browser.steps import scrolls_sideways
from tests.fixtures.browser import PAGE_MS, new_profile
from tests.integration.tiny_street import CLERK
from tests.integration.visit_street import VisitStreet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

    from gis.store.database import Store

pytestmark = pytest.mark.browser
ON_THE_WAY, MUCH_LATER = "2026-11-21T10:00:00+08:00", "2027-03-01T10:00:00+08:00"
WIDTH, HEIGHT = 390, 844


@pytest.fixture
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    """Give a telephone without a network; its pages may ask for nothing but the file, and nothing in them may break."""
    expect.set_options(timeout=PAGE_MS)
    context = new_profile(browser, WIDTH, HEIGHT)
    context.set_offline(True)
    asked: list[str] = []
    broken: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: broken.append(str(error.error)))
    context.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    yield context
    context.close()
    assert all(url.startswith(("file:///", "blob:null/", "about:blank")) for url in asked)
    assert len({url for url in asked if url.startswith("file:")}) == 1
    assert broken == []


def offline_file(store: Store, folder: Path, *, text: str = "") -> tuple[VisitStreet, Path]:
    """Issue a round and make the file of its first team; `text` is what somebody typed as the round's name."""
    given = VisitStreet(store)
    if text:
        issue = given.round
        given.round = lambda *args: replace(issue(*args), name=text)  # type: ignore[method-assign]  # the name alone
        given.round_id = given.issue()
    made = make_sheet(CLERK, store, SheetRequest(given.teams[0], "禾走访", SheetKind.OFFLINE))  # type: ignore[arg-type]  # saved
    path = folder / made.name
    path.write_bytes(made.content)
    return given, path


def open_at(context: BrowserContext, path: Path, time: str = ON_THE_WAY) -> Page:
    page = context.new_page()
    page.clock.set_fixed_time(time)
    page.goto(path.as_uri())
    return page


def put_away(page: Page) -> None:
    """Leave the page before it is closed, so that the browser has taken over what it keeps."""
    expect(page.locator(".jv-line.jv-saved").first).to_have_text("已存在本机")
    page.goto("about:blank")
    page.close()


def key(page: Page, stop: int, label: str) -> Locator:
    return page.locator(".jv-stop").nth(stop - 1).get_by_role("button", name=label, exact=True)


def take_file(page: Page, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="生成结果文件").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()


def test_what_is_tapped_without_a_network_is_kept_taken_along_and_uploaded_twice_with_one_effect(
    sqlite_store: Store, tmp_path: Path, telephone: BrowserContext
):
    given, path = offline_file(sqlite_store, tmp_path)
    page = open_at(telephone, path)
    assert not scrolls_sideways(page)
    for button in page.locator(".jv-open .jv-key").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
    key(page, 1, "见面").click()  # the first stop is open: one tap
    page.locator(".jv-stop").nth(1).locator(".jv-head").click()
    key(page, 2, "电话代").click()  # any other: two
    page.locator(".jv-stop").nth(1).locator(".jv-note").fill("想要大字读本" * 20)
    page.locator(".jv-stop").nth(1).locator(".jv-next").fill("2026-12-05")
    page.locator(".jv-stop").nth(1).locator(".jv-next").blur()
    expect(page.locator(".jv-sum")).to_have_text("已记 2 人，共 3 人")
    expect(page.locator("#jv-kept")).to_contain_text("有 2 人的结果还没有生成文件")
    put_away(page)

    page = open_at(telephone, path)
    expect(page.locator(".jv-sum")).to_have_text("已记 2 人，共 3 人")
    expect(key(page, 1, "见面")).to_have_attribute("aria-pressed", "true")
    first = take_file(page, tmp_path)
    assert take_file(page, tmp_path) == first
    expect(page.locator("#jv-kept")).to_contain_text("都已生成文件")

    report = apply_results_file(CLERK, sqlite_store, first, apply=True)
    assert (report.accepted, report.same, report.in_conflict, report.refused) == (2, 0, 0, 0)
    again = apply_results_file(CLERK, sqlite_store, first, apply=True)
    assert (again.accepted, again.same, again.in_conflict, again.refused) == (0, 2, 0, 0)
    with sqlite_store.reading(CLERK.scope) as reader:
        kept = reader.visit_results(given.round_id)
    assert [(one.target_id, one.result, len(one.note), one.state) for one in kept] == [
        (given.targets[0], VisitResult.MET, 0, ResultState.ACCEPTED),
        (given.targets[1], VisitResult.PHONED, 100, ResultState.ACCEPTED),
    ]
    page.close()


def test_a_changed_answer_has_a_key_of_its_own_and_the_file_holds_the_last_one(
    sqlite_store: Store, tmp_path: Path, telephone: BrowserContext
):
    _, path = offline_file(sqlite_store, tmp_path)
    page = open_at(telephone, path)
    answers = "Object.values(JSON.parse(localStorage.getItem(Object.keys(localStorage)[0])).answers)"
    key(page, 1, "不在").click()
    before = page.evaluate(answers)
    key(page, 1, "不在").click()
    assert page.evaluate(answers) == before  # the same tap again is the same answer
    key(page, 1, "见面").click()
    (after,) = page.evaluate(answers)
    assert after["key"] != before[0]["key"]
    assert after["result"] == "met"
    assert after["replaces"] == []  # no file has said otherwise
    page.close()


def test_an_answer_changed_after_its_file_was_handed_in_corrects_it(
    sqlite_store: Store, tmp_path: Path, telephone: BrowserContext
):
    given, path = offline_file(sqlite_store, tmp_path)
    page = open_at(telephone, path)
    key(page, 1, "不在").click()
    first = take_file(page, tmp_path)
    key(page, 1, "谢绝").click()
    take_file(page, tmp_path)  # this one gets lost
    key(page, 1, "见面").click()
    last = take_file(page, tmp_path)
    for content in (first, last, first):
        report = apply_results_file(CLERK, sqlite_store, content, apply=True)
        assert (report.in_conflict, report.refused) == (0, 0)
    with sqlite_store.reading(CLERK.scope) as reader:
        kept = reader.visit_results(given.round_id)
    assert [(one.result, one.state) for one in kept] == [
        (VisitResult.NOT_HOME, ResultState.REPLACED),
        (VisitResult.MET, ResultState.ACCEPTED),
    ]
    page.close()


def test_after_its_time_the_names_are_gone_and_what_was_entered_can_still_be_handed_in(
    sqlite_store: Store, tmp_path: Path, telephone: BrowserContext
):
    _, path = offline_file(sqlite_store, tmp_path)
    page = open_at(telephone, path)
    name = page.locator(".jv-who").first.inner_text()
    key(page, 1, "见面").click()
    put_away(page)
    page = open_at(telephone, path, MUCH_LATER)
    expect(page.locator("#jv-over")).to_contain_text("已经过期，名单不再显示")
    assert name not in page.locator("body").inner_text()
    assert page.locator("#jv-map").count() == 0
    report = apply_results_file(CLERK, sqlite_store, take_file(page, tmp_path), apply=False)
    assert report.refused == 0
    page.close()


def test_where_nothing_can_be_kept_the_page_says_so_and_still_works(
    sqlite_store: Store, tmp_path: Path, telephone: BrowserContext
):
    _, path = offline_file(sqlite_store, tmp_path)
    telephone.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    page = open_at(telephone, path)
    expect(page.locator("#jv-lost")).to_be_visible()
    key(page, 1, "见面").click()
    assert b'"met"' in take_file(page, tmp_path)
    page.close()


@pytest.mark.parametrize("text", [IMG, SCRIPT])
def test_what_people_typed_stays_text(sqlite_store: Store, tmp_path: Path, telephone: BrowserContext, text: str):
    _, path = offline_file(sqlite_store, tmp_path, text=text)
    page = open_at(telephone, path)
    expect(page.locator("h1")).to_contain_text(text.strip()[:20])
    assert page.locator("h1 *").count() == 0
    page.close()
