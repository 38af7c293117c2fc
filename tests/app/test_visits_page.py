"""The screen 上门送学: who is due, a round planned, saved, changed by hand, issued, and what its visitors see."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gis.errors import DeniedError, StaleError
from gis.model.access import Actor, Role, operator, scope_for
from gis.model.ids import RoundId
from gis.model.visits import ResultSource, RoundState, SaidResult, SheetKind, VisitResult
from gis.services.visits.editing import LockStop, apply_edit
from gis.services.visits.people import visit_people
from gis.services.visits.results import record_results
from gis.services.visits.rounds import issue_round
from gis.services.visits.sheets import SheetRequest, make_sheet
from gis.services.visits.views import list_rounds, open_round
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from gis.services.visits.views import RoundView
    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

CLERK = operator()
PAGE = "pages/visits.py"
MOST_TURNS = 30


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def said(page: AppTest) -> str:
    found = (page.error, page.warning, page.info, page.success, page.caption, page.markdown)
    return "\n".join(str(element.value) for kind in found for element in kind).replace("\\", "")


def documents(page: AppTest, name: str) -> list[dict[str, Any]]:
    protos = [element.proto for element in page.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == name]


def listed(page: AppTest, label: str) -> list[list[Any]]:
    return [row["cells"] for one in documents(page, "jiujin_choices") if one["label"] == label for row in one["rows"]]


def whole(page: AppTest) -> str:
    html = "".join(element.proto.body for element in page.get("html"))
    return said(page) + html + json.dumps(documents(page, "jiujin_choices"), ensure_ascii=False)


def open_part(run_page: RunPage, role: Role, **address: str) -> AppTest:
    page = run_page(PAGE, role)
    for name, value in address.items():
        page.query_params[name] = value
    if "round" not in address and "part" in address:
        page.session_state["visits_part"] = address["part"]  # the page ran once already, without the address
    page.run()
    assert not page.exception
    assert "内部错误" not in said(page)
    return page


def ask_for_everybody(run_page: RunPage, role: Role = Role.BRANCH_SECRETARY) -> AppTest:
    """Open the form and list all members, due or not."""
    page = open_part(run_page, role, part="new")
    page.toggle(key="visits_everyone").set_value(True).run()
    assert not page.exception
    return page


def plan(run_page: RunPage) -> AppTest:
    """Go through the form to a proposal that nobody has saved."""
    page = ask_for_everybody(run_page)
    page.multiselect(key="visits_who_1").set_value(["王大姐", "李师傅"])
    page.number_input(key="visits_seconds").set_value(1)
    press(page, "测算路线")
    for _ in range(MOST_TURNS):
        if any(one.value == "测算结果" for one in page.header):
            break
        page.run()
    assert not page.exception
    assert "内部错误" not in said(page)
    assert "测算结果" in [one.value for one in page.header]
    return page


def save(page: AppTest) -> RoundId:
    press(page, "保存为草案")
    assert not page.exception
    return RoundId(int(page.query_params["round"][0]))


@pytest.fixture
def draft(run_page: RunPage, tiny: Tiny) -> tuple[AppTest, RoundId]:
    """Give the page on a draft that was just saved."""
    page = plan(run_page)
    return page, save(page)


def first_stop(view: RoundView) -> int:
    return int(view.teams[0].stops[0].stop.id or 0)


def take(page: AppTest, round_id: RoundId, stop: int) -> AppTest:
    """Take a stop in hand, as a click on its number does."""
    from gis.ui.visits.desk import Desk  # noqa: PLC0415  # the app is slow to import

    page.session_state[f"visits_desk_{int(round_id)}"] = Desk(stop)
    return page.run()


@pytest.mark.parametrize("role", [Role.STREET_CLERK, Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY])
def test_without_rounds_a_planner_is_told_what_to_do(run_page: RunPage, tiny: Tiny, role: Role):
    page = open_part(run_page, role)
    assert "新的走访" in said(page)
    assert "本月已服务（名）" in [metric.label for metric in page.metric]


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.LIAISON])
def test_who_only_visits_sees_own_teams_and_no_planning(run_page: RunPage, tiny: Tiny, role: Role):
    page = open_part(run_page, role, part="new")
    assert "没有排给您的走访" in said(page)
    assert not page.button
    assert not page.metric


def test_where_nobody_is_due_it_says_what_to_do(run_page: RunPage, tiny: Tiny):
    page = open_part(run_page, Role.BRANCH_SECRETARY, part="new")
    page.multiselect(key="visits_kinds").set_value(["aged"]).run()
    assert "没有到期要走访的党员" in said(page)
    assert "测算路线" not in [one.label for one in page.button]


def test_members_are_listed_with_reasons_and_other_branches_are_not(run_page: RunPage, tiny: Tiny):
    page = ask_for_everybody(run_page)
    rows = listed(page, "该走访的党员")
    assert {row[0] for row in rows} <= {HOSTILE, "甲", "乙", "藏", "格", "待"}
    assert rows
    assert all(row[3] for row in rows)  # a reason each
    assert "外人" not in whole(page)


def test_a_clerk_chooses_the_organisation_first(run_page: RunPage, tiny: Tiny):
    page = open_part(run_page, Role.STREET_CLERK, part="new")
    assert "选好组织" in said(page)
    page.toggle(key="visits_everyone").set_value(True)
    page.selectbox(key="visits_org").select(tiny.other_branch).run()
    assert not page.exception
    assert [row[0] for row in listed(page, "该走访的党员")] == ["外人"]


def test_somebody_whose_tick_is_taken_away_is_not_planned(run_page: RunPage, tiny: Tiny, installed: Store):
    from gis.ui.choices import Picked  # noqa: PLC0415  # as above

    page = ask_for_everybody(run_page)
    ids = tuple(row["id"] for one in documents(page, "jiujin_choices") for row in one["rows"])
    names = [row[0] for row in listed(page, "该走访的党员")]
    days = tuple(sorted(page.multiselect(key="visits_days").value))
    page.session_state["visits_picked"] = ((tiny.branch, days), Picked(ids[:1], 1, ids))
    page.multiselect(key="visits_who_1").set_value(["王大姐"])
    page.number_input(key="visits_seconds").set_value(1)
    press(page, "测算路线")
    for _ in range(MOST_TURNS):
        if page.header and page.header[0].value == "测算结果":
            break
        page.run()
    view = open_round(CLERK, installed, save(page))
    visited = {target.name for team in view.teams for stop in team.stops for target in stop.targets}
    assert visited == {names[0]}


def test_a_team_that_cannot_be_is_refused_in_words_and_the_form_stays(run_page: RunPage, tiny: Tiny):
    page = ask_for_everybody(run_page)
    page.number_input(key="visits_teams").set_value(2).run()
    options = page.multiselect(key="visits_who_1").options
    for number in (1, 2):
        page.multiselect(key=f"visits_who_{number}").set_value(options[:1])
    press(page, "测算路线")
    for _ in range(MOST_TURNS):
        if page.error:
            break
        page.run()
    assert "同一时间只能在一组" in page.error[0].value
    assert page.multiselect(key="visits_who_2").value == options[:1]


def test_a_proposal_is_not_saved_before_somebody_does(run_page: RunPage, tiny: Tiny, installed: Store):
    page = plan(run_page)
    assert list_rounds(CLERK, installed) == ()
    assert documents(page, "jiujin_map")[0]["draft"]
    assert listed(page, "次序")
    press(page, "不要了")
    assert list_rounds(CLERK, installed) == ()
    assert "测算结果" not in [one.value for one in page.header]


def test_a_saved_round_shows_teams_turns_and_pins(draft: tuple[AppTest, RoundId], installed: Store):
    page, round_id = draft
    view = open_round(CLERK, installed, round_id)
    page.run()
    assert view.round.state is RoundState.DRAFT
    assert [row[1] for row in listed(page, "组")] == ["王大姐、李师傅"]
    assert [row[2] for row in listed(page, "次序")] == [stop.title for stop in view.teams[0].stops]
    assert documents(page, "jiujin_map")[0]["draft"]


def test_hostile_names_stay_text(draft: tuple[AppTest, RoundId]):
    page, _ = draft
    page.run()
    assert not any("<img" in one.value.replace("\\<", "") for one in page.markdown)
    assert not any("<img" in element.proto.body for element in page.get("html"))


def test_a_change_says_its_minutes_before_it_is_made(draft: tuple[AppTest, RoundId], installed: Store):
    page, round_id = draft
    before = open_round(CLERK, installed, round_id)
    take(page, round_id, first_stop(before))
    page.segmented_control(key=f"visits_work_{round_id}").set_value("drop").run()
    reason = next(one for one in page.text_input if one.label == "为什么不走")
    reason.set_value("本人约到下周").run()
    assert "分钟" in whole(page)
    assert open_round(CLERK, installed, round_id).n_targets == before.n_targets
    press(page, "确定修改")
    assert not page.exception
    after = open_round(CLERK, installed, round_id)
    assert after.n_targets < before.n_targets
    assert any("本人约到下周" in one.left.reason for one in after.left_out)


def test_what_was_locked_by_mistake_is_taken_back(draft: tuple[AppTest, RoundId], installed: Store):
    page, round_id = draft
    take(page, round_id, first_stop(open_round(CLERK, installed, round_id)))
    page.segmented_control(key=f"visits_work_{round_id}").set_value("lock").run()
    press(page, "确定修改")
    assert open_round(CLERK, installed, round_id).teams[0].stops[0].stop.is_locked
    back = next(one for one in page.button if one.label.startswith("撤回"))
    back.click().run()
    assert not page.exception
    assert not open_round(CLERK, installed, round_id).teams[0].stops[0].stop.is_locked


def test_who_was_second_is_told_and_nothing_is_overwritten(draft: tuple[AppTest, RoundId], installed: Store):
    page, round_id = draft
    page.run()
    view = open_round(CLERK, installed, round_id)
    stop = view.teams[0].stops[0].stop.id
    assert stop is not None
    apply_edit(CLERK, installed, round_id, view.round.version, LockStop(stop))
    press(page, "下发给走访人")
    assert "没有保存" in said(page)
    assert open_round(CLERK, installed, round_id).round.state is RoundState.DRAFT
    with pytest.raises(StaleError):
        issue_round(CLERK, installed, round_id, view.round.version)


def test_a_change_that_comes_too_late_keeps_what_was_typed(draft: tuple[AppTest, RoundId], installed: Store):
    page, round_id = draft
    view = open_round(CLERK, installed, round_id)
    take(page, round_id, first_stop(view))
    page.segmented_control(key=f"visits_work_{round_id}").set_value("drop").run()
    next(one for one in page.text_input if one.label == "为什么不走").set_value("本人约到下周").run()
    other = view.teams[0].stops[1].stop.id
    assert other is not None
    apply_edit(CLERK, installed, round_id, view.round.version, LockStop(other))
    press(page, "确定修改")
    assert "没有保存" in said(page)
    assert next(one for one in page.text_input if one.label == "为什么不走").value == "本人约到下周"
    press(page, "确定修改")
    assert open_round(CLERK, installed, round_id).n_targets < view.n_targets


def test_a_round_is_issued_and_a_sheet_made(draft: tuple[AppTest, RoundId], installed: Store):
    page, round_id = draft
    page.run()
    press(page, "下发给走访人")
    assert not page.exception
    assert open_round(CLERK, installed, round_id).round.state is RoundState.ISSUED
    assert "已下发" in said(page)
    next(one for one in page.radio if one.label == "做哪一种").set_value(page.radio[0].options[1]).run()
    press(page, "做走访单")
    assert not page.exception
    assert "内部错误" not in said(page)
    number = open_round(CLERK, installed, round_id).teams[0].sheets[0].number
    assert number in said(page)
    press(page, "交回")
    assert "已交回" in said(page)


def test_parts_of_an_issued_round_open(draft: tuple[AppTest, RoundId], run_page: RunPage, installed: Store):
    _, round_id = draft
    issue_round(CLERK, installed, round_id, open_round(CLERK, installed, round_id).round.version)
    for part in ("routes", "left", "sheets", "results", "records"):
        page = open_part(run_page, Role.BRANCH_SECRETARY, round=str(round_id), part=part)
        assert page.title[0].value
    page = open_part(run_page, Role.VILLAGE_SECRETARY)
    assert [row[1] for row in listed(page, "走访批次")] == ["已下发"]


def test_a_results_file_is_tried_before_it_is_recorded(
    draft: tuple[AppTest, RoundId], run_page: RunPage, installed: Store
):
    _, round_id = draft
    issue_round(CLERK, installed, round_id, open_round(CLERK, installed, round_id).round.version)
    view = open_round(CLERK, installed, round_id)
    team = view.teams[0]
    assert team.team.id is not None
    sheet = make_sheet(CLERK, installed, SheetRequest(team.team.id, "王大姐", SheetKind.OFFLINE))
    target = team.stops[0].targets[0].target.id
    result = {
        "key": "k" * 32,
        "target": target,
        "result": "met",
        "on": installed.today().isoformat(),
        "by": "王大姐",
        "note": "",
        "next_on": None,
    }
    body = {"format": "jiujin-visit-results", "version": 1, "sheet": sheet.number, "results": [result]}
    page = open_part(run_page, Role.BRANCH_SECRETARY, round=str(round_id), part="results")
    page.file_uploader[0].set_value(("结果.json", json.dumps(body).encode(), "application/json")).run()
    assert "新结果 **1** 条" in said(page)
    assert open_round(CLERK, installed, round_id).n_done == 0
    press(page, "登记 1 条")
    assert "登记 1 条" in said(page)
    assert open_round(CLERK, installed, round_id).n_done == 1
    assert "早已登记 **1** 条" in said(page)


def test_versions_that_contradict_are_settled_by_a_person(
    draft: tuple[AppTest, RoundId], run_page: RunPage, installed: Store
):
    _, round_id = draft
    issue_round(CLERK, installed, round_id, open_round(CLERK, installed, round_id).round.version)
    target = open_round(CLERK, installed, round_id).teams[0].stops[0].targets[0].target.id
    assert target is not None
    today = installed.today()
    for key, result in (("a" * 32, VisitResult.MET), ("b" * 32, VisitResult.NOT_HOME)):
        record_results(CLERK, installed, [SaidResult(key, target, result, today, "王大姐")], ResultSource.DESK)
    page = open_part(run_page, Role.BRANCH_SECRETARY)
    assert "待核对 1 处" in [one.value for one in page.header]
    press(page, "改用后来报的")
    assert not page.exception
    accepted = open_round(CLERK, installed, round_id).teams[0].stops[0].targets[0].result
    assert accepted is not None
    assert accepted.result is VisitResult.NOT_HOME
    assert "待核对 1 处" not in [one.value for one in page.header]


@pytest.mark.parametrize("part", ["served", "book"])
def test_figures_and_record_book_open(run_page: RunPage, tiny: Tiny, part: str):
    page = open_part(run_page, Role.STREET_CLERK, part=part)
    assert page.metric or page.text_input


def test_a_list_names_members_of_the_scope_only(tiny: Tiny, installed: Store):
    secretary = Actor("s", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({tiny.branch})))
    with installed.reading(CLERK.scope) as reader:
        ids = [one.id for one in reader.members() if one.id is not None]
    assert "外人" in {one.name for one in visit_people(CLERK, installed, ids).values()}
    assert "外人" not in {one.name for one in visit_people(secretary, installed, ids).values()}
    leader = replace(secretary, role=Role.GROUP_LEADER)
    with pytest.raises(DeniedError):
        visit_people(leader, installed, ids)


def test_a_round_that_is_not_there_says_so(run_page: RunPage, tiny: Tiny):
    page = open_part(run_page, Role.BRANCH_SECRETARY, round="999")
    assert "没有编号为 999 的走访批次" in said(page)
