"""The screens 变动登记 and 待办与名单: a move by form, offices in the way, counts without names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Role, operator
from gis.services.life import view_life
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from gis.model.ids import MemberId
    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

CLERK = operator()


def press(page: AppTest, label: str) -> None:
    next(one for one in page.button if one.label == label).click().run()


def listed(page: AppTest) -> list[list[Any]]:
    protos = [element.proto for element in page.get("bidi_component")]
    found = [json.loads(proto.json) for proto in protos if proto.component_name == "jiujin_choices"]
    return [row["cells"] for one in found for row in one["rows"]]


def member_named(store: Store, name: str) -> MemberId:
    with store.reading(CLERK.scope) as reader:
        number = next(one.id for one in reader.members() if one.name == name)
    assert number is not None
    return number


def open_part(run_page: RunPage, store: Store, name: str, part: str, role: Role = Role.BRANCH_SECRETARY) -> AppTest:
    page = run_page("pages/life.py", role)
    page.query_params["member"] = str(member_named(store, name))
    page.query_params["part"] = part
    page.run()
    assert not page.exception
    return page


def fill(page: AppTest, label: str, value: str) -> None:
    next(one for one in page.text_input if one.label == label).set_value(value)


def test_a_member_is_found_and_moves(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/life.py", Role.BRANCH_SECRETARY)
    fill(page, "查找党员", "甲")
    page.run()
    assert [row[0] for row in listed(page)] == ["甲"]
    page = open_part(run_page, installed, "甲", "move")
    fill(page, "新住址", "青禾路9号新居")
    fill(page, "原因", HOSTILE)
    press(page, "登记迁居")
    assert not page.exception
    assert "已登记迁居" in page.success[0].value
    homes = view_life(CLERK, installed, member_named(installed, "甲")).life.homes
    assert [home.address for home in homes] == [HOSTILE, "青禾路9号新居"]
    page = open_part(run_page, installed, "甲", "history")
    assert "青禾路9号新居" in str([one.proto for one in page.get("html")])
    assert "<img src=x" not in str([one.proto for one in page.get("html")])


def test_a_return_closes_the_transition(run_page: RunPage, tiny: Tiny, installed: Store):
    page = open_part(run_page, installed, "乙", "return")
    fill(page, "安置小区", "东风家园")
    press(page, "登记返迁")
    assert "已登记返迁" in page.success[0].value
    assert view_life(CLERK, installed, member_named(installed, "乙")).life.open_episode is None


def test_leaving_asks_whether_it_is_the_right_person(run_page: RunPage, tiny: Tiny, installed: Store):
    number = member_named(installed, "乙")
    page = open_part(run_page, installed, "乙", "leave")
    press(page, "登记")
    assert "请先勾选确认本人" in page.warning[0].value
    next(one for one in page.checkbox if one.label.startswith("确认是")).check()
    press(page, "登记")
    assert "已登记去世" in page.success[0].value
    assert view_life(CLERK, installed, number).life.person.left_on is not None
    fill(page, "登记错了的原因", "登记到了同名的人")
    press(page, "撤销离开登记")
    assert "已撤销" in page.success[0].value
    assert view_life(CLERK, installed, number).life.person.left_on is None


def test_a_member_of_another_branch_cannot_be_opened(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/life.py", Role.BRANCH_SECRETARY)
    page.query_params["member"] = str(member_named(installed, "外人"))
    page.run()
    assert "不在您的管理范围内" in page.error[0].value
    assert "外人" not in str([one.proto for one in page.get("html")])


def test_boards_name_members_of_the_scope_only(run_page: RunPage, tiny: Tiny):
    page = run_page("pages/boards.py", Role.BRANCH_SECRETARY)
    assert not page.exception
    names = {row[0] for row in listed(page)}
    assert names == {HOSTILE, "甲", "乙", "藏", "格", "待"}


@pytest.mark.parametrize("kind", ["overdue", "return_due", "years", "aged", "missing"])
def test_the_street_leader_sees_counts_and_no_names(run_page: RunPage, tiny: Tiny, kind: str):
    from gis.model.boards import BoardKind  # noqa: PLC0415  # the app is slow to import

    page = run_page("pages/boards.py", Role.STREET_LEADER)
    page.session_state["boards_kind"] = BoardKind(kind)  # type: ignore[call-arg]  # found by its code
    page.run()
    assert not page.exception
    assert listed(page) == []
    shown = str([one.proto for one in page.get("html")]) + str([one.value for one in page.caption])
    assert not [name for name in ("甲", "乙", "藏", "外人") if f">{name}<" in shown]


def test_a_board_leads_to_the_card(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/boards.py", Role.BRANCH_SECRETARY)
    page.session_state["boards_go"] = (int(member_named(installed, "甲")), "nowhere")
    page.run()
    assert not page.exception


def test_boards_say_who_was_found_to_have_moved_until_it_is_registered(run_page: RunPage, tiny: Tiny, installed: Store):
    from gis.model.office_day import local_day  # noqa: PLC0415  # as above
    from gis.model.visits import ResultSource, SaidResult, VisitResult  # noqa: PLC0415  # the app is slow to import
    from gis.services.visits.results import record_results  # noqa: PLC0415  # as above
    from tests.fixtures.visits import issue_round  # noqa: PLC0415  # as above

    made = issue_round(installed, [Role.BRANCH_SECRETARY.value], 2)
    said = SaidResult("moved-1", made.target_ids[1], VisitResult.MOVED, local_day(installed.clock()), "禾走访")
    assert not run_page("pages/boards.py", Role.BRANCH_SECRETARY).warning
    record_results(CLERK, installed, [said], ResultSource.DESK)
    page = run_page("pages/boards.py", Role.BRANCH_SECRETARY)
    assert not page.exception
    assert "有 1 名党员已迁走" in page.warning[0].value
    assert "禾走访" in str([one.proto for one in page.get("html")])
    leader = run_page("pages/boards.py", Role.STREET_LEADER)
    assert not leader.warning


def test_the_months_figure_is_there_for_who_sees_counts_only(run_page: RunPage, tiny: Tiny):
    for role, sees_names in ((Role.BRANCH_SECRETARY, True), (Role.STREET_LEADER, False)):
        page = run_page("pages/boards.py", role)
        assert not page.exception
        assert "当月至少有一次" in str([one.value for one in page.caption])
        assert ("还没有服务到" in str([one.value for one in page.header])) is sees_names
