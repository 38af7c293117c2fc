"""双重管理 and 组织生活 on screen: the counts are the services', and a session is planned and recorded."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Role, operator
from gis.model.dual import LISTED, RELATION_ELSEWHERE, RELATION_HERE
from gis.model.ids import SessionId
from gis.model.meetings import AttendanceState
from gis.services.dual import dual_matrices
from gis.services.session_views import SessionQuery, list_sessions, open_session
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

CLERK = operator()


class Cells(HTMLParser):
    """Reads the body of our tables, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # the parser's
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


def tables(page: AppTest) -> list[list[list[str]]]:
    """Return the tables on a page, each as its rows."""
    found = []
    for element in page.get("html"):
        body = element.proto.body
        if "jj-table" in body and "<style" not in body:
            cells = Cells()
            cells.feed(body)
            found.append([row for row in cells.rows if row])
    return found


def choose(page: AppTest, key: str, value: object) -> AppTest:
    """Choose in a row of choices."""
    group: Any = next(one for one in page.get("button_group") if one.key == key)
    group.set_value(value)
    return page.run()


def test_the_figures_on_screen_are_the_command_line_s(run_page: RunPage, installed: Store):
    page = run_page("pages/dual.py", Role.STREET_CLERK)
    matrices = dual_matrices(CLERK, installed)
    assert len(matrices) == 3
    for one in matrices:
        page.selectbox(key="dual_org").set_value(one.org_id).run()
        here, elsewhere = tables(page)[0]
        assert here[1:4] == [str(one.cells[cell]) for cell in RELATION_HERE]
        assert elsewhere[1:4] == [str(one.cells[cell]) for cell in RELATION_ELSEWHERE]
        assert here[4] == str(one.registered)
        shown = {metric.label: metric.value for metric in page.metric}
        assert shown == {"在册党员": str(one.registered), "居住地党员": str(one.resident)}
    choose(page, "dual_part", "各组织数量")
    lines = tables(page)[1]
    assert [line[1:] for line in lines] == [
        [str(one.registered), str(one.resident), *(str(one.cells[cell]) for cell in LISTED)] for one in matrices
    ]


def test_a_leader_sees_counts_and_no_name(run_page: RunPage):
    page = run_page("pages/dual.py", Role.STREET_LEADER)
    text = "".join(element.proto.body for element in page.get("html"))
    assert "外人" not in text
    assert not page.exception
    assert "dual_day" not in {one.key for one in page.text_input}  # two days would tell of single members


def test_the_affairs_say_why(run_page: RunPage):
    page = choose(run_page("pages/dual.py", Role.STREET_CLERK), "dual_part", "哪类事务谁通知")
    assert [row[1] for row in tables(page)[-1]] == ["居住地一侧"] * 2 + ["组织关系所在一侧"] * 3


def test_a_wrong_day_is_told(run_page: RunPage):
    page = run_page("pages/dual.py", Role.STREET_CLERK)
    page.text_input(key="dual_day").set_value("去年").run()
    assert "请填 年" in page.error[0].value.replace("\\", "")


def test_a_session_is_planned_and_recorded_on_screen(run_page: RunPage, installed: Store, tiny: Tiny):
    page = choose(run_page("pages/sessions.py", Role.BRANCH_SECRETARY), "sessions_part", "新计划")
    assert [metric.value for metric in page.metric] == ["6 名", "组织关系", "6 名", "4 名"]
    page.text_input(key="sessions_theme").set_value(HOSTILE)
    page.text_input(key="sessions_day").set_value("2026-01-05")
    next(one for one in page.button if one.label == "保存计划并通知").click().run()
    assert not page.exception
    (line,) = list_sessions(CLERK, installed, SessionQuery())
    assert line.session.org_id == tiny.branch
    assert line.session.theme == HOSTILE
    (first, *_rest) = open_session(CLERK, installed, line.session.id or SessionId(0)).attendees
    next(one for one in page.multiselect if one.label == "缺席").set_value([first.member_id])
    next(one for one in page.button if one.label == "登记").click().run()
    assert not page.exception
    assert "已登记" in page.success[0].value
    assert line.session.id is not None
    sheet = open_session(CLERK, installed, line.session.id)
    assert sheet.line.count.states == {AttendanceState.ATTENDED: 5, AttendanceState.ABSENT: 1}
    assert re.search("五有还缺：计划安排、形式、记录、责任人", page.warning[0].value)


@pytest.mark.parametrize("part", ["固定日", "放假安排", "登记簿"])
def test_every_part_says_what_to_do_when_it_is_empty(run_page: RunPage, part: str):
    page = choose(run_page("pages/sessions.py", Role.STREET_CLERK), "sessions_part", part)
    assert not page.exception
    assert page.info


def test_fixed_days_are_planned_on_screen(run_page: RunPage, installed: Store, tiny: Tiny):
    page = choose(run_page("pages/sessions.py", Role.BRANCH_SECRETARY), "sessions_part", "固定日")
    page.multiselect(key="fixed_orgs").set_value([tiny.branch]).run()
    page.button(key="fixed_save").click().run()
    assert not page.exception
    assert len(list_sessions(CLERK, installed, SessionQuery())) == 12


def test_a_session_that_is_not_there_is_told(run_page: RunPage):
    page = run_page("pages/sessions.py", Role.BRANCH_SECRETARY)
    page.query_params["session"] = "77"
    page.run()
    assert "没有这次组织生活" in page.warning[0].value
