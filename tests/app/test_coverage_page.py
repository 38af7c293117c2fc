"""覆盖率和空白点 on 待办与名单: figures with their definition, the next host; no small counts for who sees counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Role

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny


def _open(run_page: RunPage, role: Role) -> AppTest:
    page = run_page("pages/boards.py", role)
    next(one for one in page.toggle if one.key == "boards_coverage").set_value(True).run()
    assert not page.exception
    return page


def _texts(page: AppTest) -> str:
    return " ".join([*(str(one.proto) for one in page.get("html")), *(one.value for one in page.caption)])


def test_a_secretary_reads_the_figure_the_gaps_and_where_to_go_on(run_page: RunPage, tiny: Tiny):
    page = _open(run_page, Role.BRANCH_SECRETARY)
    assert "覆盖（名）" in {one.label for one in page.metric}
    assert "15 分钟内" in _texts(page)
    assert any("空白点" in one.value for one in page.subheader)
    next(one for one in page.toggle if one.key == "boards_next_host").set_value(True).run()
    assert not page.exception
    said = [*(one.value for one in page.info), *(one.value for one in page.markdown)]
    assert any("试设了" in one or "多坐下" in one for one in said)
    assert "<img src=x" not in _texts(page)


def test_who_sees_counts_only_gets_no_small_ones_and_no_proposals(run_page: RunPage, tiny: Tiny):
    page = _open(run_page, Role.STREET_LEADER)
    assert not [one for one in page.toggle if one.key == "boards_next_host"]
    assert not any("空白点" in one.value for one in page.subheader)
    shown = {one.label: one.value for one in page.metric}
    assert shown["覆盖（名）"] == "略"
