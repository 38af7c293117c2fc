"""The screens 学习方式 and 设置: proposals of a branch, accepted and overridden; thresholds saved and refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Role, operator
from gis.model.modes import StudyMode
from gis.services.modes import list_modes, propose_modes
from gis.services.settings import list_settings
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

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


def open_member(page: AppTest, number: int) -> AppTest:
    page.session_state["modes_opened"] = number
    return page.run()


@pytest.mark.parametrize("role", [Role.STREET_CLERK, Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY])
def test_the_members_of_a_branch_are_listed_with_mode_and_reason(run_page: RunPage, tiny: Tiny, role: Role):
    page = run_page("pages/modes.py", role)
    assert not page.exception
    rows = listed(page)
    assert [row[0] for row in rows] == [HOSTILE, "甲", "乙", "藏", "格", "待"]
    assert {row[3] for row in rows} <= set(StudyMode.labels())
    assert [metric.value for metric in page.metric] == ["6 名", "0 名", "6 名", "6 名"]


def test_a_secretary_has_no_other_branch_to_choose(run_page: RunPage, tiny: Tiny):
    page = run_page("pages/modes.py", Role.BRANCH_SECRETARY)
    assert page.selectbox[0].options == ["东风一支部"]
    assert "外人" not in str(listed(page))


def test_what_is_chosen_is_accepted_together(run_page: RunPage, tiny: Tiny, installed: Store):
    from gis.ui.choices import Picked  # noqa: PLC0415  # the app is slow to import

    page = run_page("pages/modes.py", Role.BRANCH_SECRETARY)
    numbers = [int(one.member_id) for one in propose_modes(CLERK, installed, [tiny.branch]).lines]
    page.session_state["modes_picked"] = Picked(tuple(numbers[:3]), 1)
    page.run()
    press(page, "接受选中的 3 名")
    assert not page.exception
    assert [one.value for one in page.success] == ["已确定 3 名党员的学习方式"]
    assert len(list_modes(CLERK, installed)) == 3
    assert [metric.value for metric in page.metric][:3] == ["6 名", "3 名", "3 名"]


def test_one_member_shows_the_trace_and_is_overridden_with_a_reason(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/modes.py", Role.BRANCH_SECRETARY)
    number = int(propose_modes(CLERK, installed, [tiny.branch]).lines[1].member_id)
    open_member(page, number)
    assert not page.exception
    headings = " ".join(one.value for one in page.markdown)
    for heading in ("什么变了结果会变", "各条规则", "所用事实"):
        assert heading in headings
    page.radio[0].set_value(StudyMode.ONLINE_STUDY).run()
    press(page, "改定")
    assert "写明理由" in " ".join(one.value for one in page.error)
    page.text_input[0].set_value("本人当面表示愿意网上学").run()
    press(page, "改定")
    assert not page.exception
    ((_, kept),) = list_modes(CLERK, installed)
    assert (kept.mode, kept.is_override, kept.reason) == (StudyMode.ONLINE_STUDY, True, "本人当面表示愿意网上学")


def test_hostile_text_stays_text(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/modes.py", Role.BRANCH_SECRETARY)
    open_member(page, int(propose_modes(CLERK, installed, [tiny.branch]).lines[0].member_id))
    assert not page.exception
    assert not any("<img" in one.value.replace("\\<", "") for one in page.markdown)


def test_the_way_back_is_listed(run_page: RunPage, tiny: Tiny):
    page = run_page("pages/modes.py", Role.STREET_CLERK)
    page.session_state["modes_view"] = "回村参学负担"
    page.run()
    assert not page.exception
    assert [metric.label for metric in page.metric] == ["过渡期党员", "不宜单独往返", "路程未知"]
    next(one for one in page.toggle if one.label == "含没有提示的").set_value(True).run()
    assert not page.exception


def test_a_threshold_is_saved_and_reset(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/settings.py", Role.STREET_CLERK)
    assert not page.exception
    field = next(one for one in page.number_input if one.label.startswith("回原支部参学：步行至多"))
    field.set_value(20)
    press(page, "保存")
    assert not page.exception
    assert {one.spec.key: one.value for one in list_settings(CLERK, installed)}["return_walk_min"] == 20
    press(page, "本类恢复程序默认")
    assert {one.spec.key: one.value for one in list_settings(CLERK, installed)}["return_walk_min"] == 15


def test_settings_that_contradict_are_refused_on_screen(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/settings.py", Role.STREET_CLERK)
    next(one for one in page.number_input if one.label.startswith("从几岁起按年长者")).set_value(80)
    press(page, "保存")
    assert "须小于" in " ".join(one.value for one in page.error)
    assert all(one.is_default for one in list_settings(CLERK, installed))
