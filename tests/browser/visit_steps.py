"""What visitors and planners do on the plain pages, as steps for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.store.schema import VisitResultRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from playwright.sync_api import Locator, Page

    from gis.store.database import Store

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1920, "height": 1080}
SAVED = "已保存"


def enter(page: Page, url: str, accounts: Mapping[str, str], user: str, address: str) -> None:
    """Open an address as the QR code does: sign in on the way and arrive there."""
    page.goto(url + address)
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.fill("#username", user)
    page.fill("#password", accounts[user])
    page.click("button[type=submit]")
    page.wait_for_url(url + address)


def stop(page: Page, place: int) -> Locator:
    """Return a stop of the list, counted from 1."""
    return page.locator(".jv-stop").nth(place - 1)


def tap(page: Page, place: int, label: str) -> None:
    """Open a stop where it is closed, and tap a result: two taps."""
    one = stop(page, place)
    if "jv-open" not in (one.get_attribute("class") or "").split():
        one.locator(".jv-head").click()
    one.get_by_role("button", name=label, exact=True).click()


def rows_of(store: Store, target_ids: Collection[int]) -> list[VisitResultRow]:
    """Return every result kept for these targets, the oldest first."""
    with Session(store.engine) as session:
        query = select(VisitResultRow).where(VisitResultRow.target_id.in_(target_ids)).order_by(VisitResultRow.id)
        return list(session.scalars(query))
