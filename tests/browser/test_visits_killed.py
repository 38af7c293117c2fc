"""The server is killed between tap and answer, fifty times: nothing acknowledged is lost, nothing is doubled.

The server is the product's own gate, headers and routes without Streamlit, which has no part in these pages (see
tests/fixtures/plain_server.py); a relay kills it at seeded points: within the request, some milliseconds after it,
within the answer, and after the answer. Nothing in the product knows of it.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.model.visits import ResultState, VisitResult
from gis.store.schema import ContactLogRow, VisitResultRow
from tests.browser.visit_steps import PHONE, SAVED, enter, rows_of, stop, tap
from tests.fixtures.cutting_proxy import Cut, CuttingProxy, Plan
from tests.fixtures.visits import issue_round

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import VisitOffice
    from tests.fixtures.browser import OpenPage

pytestmark = pytest.mark.browser
KILLS, DOORS, SEED = 50, 25, 20261122
MOST_WAIT_S = 0.03  # a result takes about a hundredth of a second to be kept
CUT_OR_SAVED = re.compile("^(已记下，待送出|已保存)$")


def plans() -> list[Plan]:
    chance = random.Random(SEED)  # noqa: S311  # a seeded test, no secret
    cuts = [Cut.REQUEST, Cut.WORK, Cut.WORK, Cut.ANSWER, Cut.ACKNOWLEDGED] * (KILLS // 5)
    chance.shuffle(cuts)
    return [Plan(cut, chance.random(), chance.random() * MOST_WAIT_S) for cut in cuts]


def contacts(office: VisitOffice) -> int:
    with Session(office.store.engine) as session:
        return session.scalar(select(func.count()).select_from(ContactLogRow)) or 0


def kept_with(office: VisitOffice, key: str) -> int:
    with Session(office.store.engine) as session:
        query = select(func.count()).select_from(VisitResultRow).where(VisitResultRow.key == key)
        return session.scalar(query) or 0


def wait_until_saved(page: Page, place: int) -> None:
    line = stop(page, place).locator(".jv-line")
    expect(line).to_have_text(SAVED)


def test_killed_fifty_times_between_tap_and_answer(open_page: OpenPage, visit_office: VisitOffice):
    office, labels = visit_office, {one.label: one for one in VisitResult}
    made = issue_round(office.store, ("cun", "zhibu"), DOORS)
    before, page = contacts(office), open_page(**PHONE)
    wanted: dict[int, str] = {}
    at_kill: Counter[tuple[Cut, int]] = Counter()
    with CuttingProxy(office.server.port, office.server.kill) as proxy:
        enter(page, proxy.url, office.accounts, "zhibu", f"/visits/s/{made.number}")
        for number, plan in enumerate(plans()):
            place = number % DOORS + 1
            wanted[place] = "见面" if number < DOORS else "谢绝" if number % 2 else "不在"
            proxy.arm(plan)
            tap(page, place, wanted[place])
            expect(stop(page, place).locator(".jv-line")).to_have_text(CUT_OR_SAVED)
            assert proxy.cut_done.wait(30)
            key = proxy.posted[-1]
            kept = kept_with(office, key)
            assert kept <= 1
            if key in proxy.acknowledged:
                assert kept == 1, "acknowledged and lost"
            at_kill[plan.cut, kept] += 1
            office.server.start()
            page.evaluate("window.dispatchEvent(new Event('online'))")  # as the browser says when the net is back
            wait_until_saved(page, place)
        expect(page.locator(".state")).to_have_text("已全部保存")
        page.reload()
        for place, label in wanted.items():
            expect(stop(page, place).locator(".jv-state")).to_have_text(label)
        assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('jj-visits/')).length") == 0
    rows = rows_of(office.store, made.target_ids)
    # One row for each tap, although many were sent twice or more
    assert len(rows) == KILLS
    assert {row.key for row in rows} == set(proxy.posted)
    assert len(proxy.posted) > KILLS
    assert proxy.acknowledged == set(proxy.posted)
    accepted = {row.target_id: row.result for row in rows if row.state is ResultState.ACCEPTED}
    assert accepted == {made.target_ids[place - 1]: labels[label] for place, label in wanted.items()}
    assert Counter(row.state for row in rows) == {ResultState.ACCEPTED: DOORS, ResultState.REPLACED: KILLS - DOORS}
    # One contact for each accepted result, none left of those that were corrected
    assert contacts(office) - before == DOORS
    # Both sides of the commit were really hit
    assert sum(count for (_, kept), count in at_kill.items() if kept) >= KILLS // 3
    assert at_kill[Cut.REQUEST, 0] == KILLS // 5
    assert at_kill[Cut.ANSWER, 1] == KILLS // 5
