"""Each page for each role: allowed, it shows its content; else the reason, and nothing of the content."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Action, Role, decide, operator
from gis.services.accounts import sign_out
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

#: Page, the action that opens it, the title that it shows ("" for the map and the wall, each a component)
PAGES = [
    ("pages/map.py", Action.VIEW_MAP, ""),
    ("pages/wall.py", Action.VIEW_KPIS, ""),
    ("pages/cards.py", Action.VIEW_MEMBERS, "联系卡"),
    ("pages/groups.py", Action.VIEW_GROUPS, "临时党小组"),
    ("pages/plans.py", Action.VIEW_GROUPS, "编组方案"),
    ("pages/conditions.py", Action.SET_CONDITIONS, "编组条件"),
    ("pages/modes.py", Action.SET_MODES, "学习方式"),
    ("pages/data.py", Action.IMPORT_DATA, "数据导入"),
    ("pages/settings.py", Action.CHANGE_SETTINGS, "设置"),
    ("pages/locate.py", Action.LOCATE_MEMBERS, "定位"),
    ("pages/rules.py", Action.CHECK_RULES, "规则检查"),
    ("pages/users.py", Action.MANAGE_USERS, "账号管理"),
    ("pages/dual.py", Action.VIEW_MATRIX, "双重管理"),
    ("pages/rights.py", Action.HANDLE_RIGHTS, "告知与权利"),
    ("pages/care.py", Action.VIEW_CARE, "关爱"),
    ("pages/life.py", Action.MOVE_MEMBERS, "变动登记"),
    ("pages/boards.py", Action.VIEW_MATRIX, "待办与名单"),
    ("pages/sessions.py", Action.HOLD_SESSIONS, "组织生活"),
    ("pages/visits.py", Action.MAKE_VISITS, "上门送学"),
    ("pages/orgs.py", Action.VIEW_ORGS, "组织"),
    ("pages/account.py", Action.SIGN_IN, "我的账号"),
]
CASES = [pytest.param(*page, role, id=f"{page[0][6:-3]}-{role.value}") for page in PAGES for role in Role]


def map_views(page: AppTest) -> list[dict[str, Any]]:
    """Return what the map components of the page were given."""
    protos = [element.proto for element in page.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name in {"jiujin_map", "jiujin_wall"}]


def said(page: AppTest) -> str:
    return "\n".join(str(element.value) for kind in (page.error, page.warning, page.info) for element in kind)


@pytest.mark.parametrize(("file", "action", "title", "role"), CASES)
def test_a_page_opens_by_role(run_page: RunPage, file: str, action: Action, title: str, role: Role):
    page = run_page(file, role)
    decision = decide(role, action)
    assert not page.exception
    assert "内部错误" not in said(page)
    if decision.is_allowed:
        assert [one.value for one in page.title] == ([title] if title else [])
        assert title or map_views(page)
    else:
        assert decision.reason in said(page).replace("\\", "")
        assert not page.title
        assert not page.dataframe
        assert not map_views(page)


@pytest.mark.parametrize("file", [page[0] for page in PAGES])
def test_without_a_session_a_page_shows_the_way_to_the_sign_in(run_page: RunPage, file: str):
    page = run_page(file, None)
    assert not page.exception
    assert "请重新登录" in said(page)
    assert not page.title
    assert not page.dataframe
    assert not map_views(page)


@pytest.mark.parametrize("role", list(Role))
def test_the_entry_runs_for_every_role(run_page: RunPage, role: Role):
    page = run_page("streamlit_app.py", role)
    assert not page.exception
    assert "内部错误" not in said(page)


def test_everything_the_map_loads_comes_from_this_server(run_page: RunPage):
    view = map_views(run_page("pages/map.py", Role.STREET_CLERK))[0]
    addresses = [*view["scripts"], *view["styles"], *view["layers"].values()]
    assert all(address.startswith("/gis/") for address in addresses)


def test_the_view_does_not_grow_with_the_data(run_page: RunPage):
    view = map_views(run_page("pages/map.py", Role.STREET_CLERK))[0]
    assert len(json.dumps(view)) < 3000


def test_who_sees_counts_only_gets_no_address_of_members_and_no_small_count(run_page: RunPage, tiny: Tiny):
    view = map_views(run_page("pages/map.py", Role.STREET_LEADER))[0]
    assert "people" not in view["layers"]
    assert set(view["counts"]) == {str(grid) for grid in tiny.grids}
    assert not {1, 2} & set(view["counts"].values())
    assert view["card"] is None


def open_card(page: AppTest, kind: str, number: int) -> dict[str, Any]:
    page.query_params["card"] = f"{kind}-{number}"
    page.run()
    card: dict[str, Any] = map_views(page)[0]["card"]
    return card


def test_the_card_of_a_building_lists_members_of_the_scope_who_let_it(run_page: RunPage, tiny: Tiny):
    card = open_card(run_page("pages/map.py", Role.BRANCH_SECRETARY), "building", tiny.buildings[0])
    assert card["title"] == f"{HOSTILE} {HOSTILE}"
    members = next(section for section in card["sections"] if "党员 " in section["title"])
    assert [row["main"] for row in members["rows"]] == [HOSTILE, "甲", "乙"]
    hosts = next(section for section in card["sections"] if section["title"] == "党员中心户")
    assert [row["main"] for row in hosts["rows"]] == [HOSTILE, "党员中心户"]  # the other branch's has no name here


def test_the_card_of_a_building_has_no_members_for_roles_that_count(run_page: RunPage, tiny: Tiny):
    card = open_card(run_page("pages/map.py", Role.STREET_LEADER), "building", tiny.buildings[0])
    assert [section["title"] for section in card["sections"]] == ["党员中心户"]


def test_the_card_of_a_grid_counts_the_scope(run_page: RunPage, tiny: Tiny):
    card = open_card(run_page("pages/map.py", Role.BRANCH_SECRETARY), "grid", tiny.grids[0])
    assert ["过渡期党员", "5 名"] in card["facts"]


@pytest.mark.parametrize("card", ["building-999", "grid-x", "person-1", "building-" + "9" * 40])
def test_a_card_that_does_not_exist_is_no_card(run_page: RunPage, card: str):
    page = run_page("pages/map.py", Role.STREET_CLERK)
    page.query_params["card"] = card
    page.run()
    assert not page.exception
    assert map_views(page)[0]["card"] is None


def propose_and_save(run_page: RunPage, monkeypatch: pytest.MonkeyPatch) -> int:
    """Propose groups as the branch secretary and save the proposal; return where the page goes then."""
    went: list[int] = []
    monkeypatch.setattr(
        "streamlit.switch_page", lambda page, query_params: went.append(int(query_params["plan"])) if page else None
    )
    page = run_page("pages/groups.py", Role.BRANCH_SECRETARY)
    press(page, "测算")
    assert not page.exception
    assert [metric.value for metric in page.metric][:2] == ["5 / 6 名", "1 个"]
    assert escape(HOSTILE) in tables(page)
    assert "<img" not in tables(page)
    press(page, "保存为方案")
    assert not page.exception
    return went[0]


def open_plan(run_page: RunPage, number: int, role: Role = Role.BRANCH_SECRETARY) -> AppTest:
    page = run_page("pages/plans.py", role)
    page.query_params["plan"] = str(number)
    page.run()
    assert not page.exception
    assert "内部错误" not in said(page)
    return page


def test_a_proposal_is_saved_decided_reported_and_published(
    run_page: RunPage, installed: Store, monkeypatch: pytest.MonkeyPatch
):
    page = open_plan(run_page, propose_and_save(run_page, monkeypatch))
    for button in ("提交支委会审核", "登记支委会决定", "登记报上级", "发布…"):
        press(page, button)
        assert "内部错误" not in said(page)
    assert "新建小组" in page.warning[0].value
    press(page, "再想想")
    with installed.reading(operator().scope) as reader:
        assert reader.groups_in_force() == ()
    press(page, "发布…")
    press(page, "确定发布")
    assert "已发布" in page.success[0].value
    with installed.reading(operator().scope) as reader:
        assert [len(group.seats) for group in reader.groups_in_force()] == [5]
    groups = run_page("pages/groups.py", Role.BRANCH_SECRETARY)
    assert groups.dataframe[0].value["人数"].tolist() == [5]
    press(groups, "测算")
    assert ("不变", "5 名") in [(metric.label, metric.value) for metric in groups.metric]
    press(groups, "变动几名、近多少：算出可选的几种")
    assert not groups.exception
    assert "内部错误" not in said(groups)
    assert any("变动越多" in one.value for one in groups.markdown)


def tables(page: AppTest) -> str:
    """Return the tables for reading, as markup."""
    return "\n".join(element.proto.body for element in page.get("html") if "<table" in element.proto.body)


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click()
    page.run()


def test_plans_are_listed_and_compared_side_by_side(run_page: RunPage, monkeypatch: pytest.MonkeyPatch):
    first = propose_and_save(run_page, monkeypatch)
    second = open_plan(run_page, first)
    next(one for one in second.text_input if one.label == "方案名称").set_value(HOSTILE[:60])
    press(second, "以此名称另存一份草案")
    assert not second.exception
    copied = int(second.query_params["plan"][0])
    assert copied != first
    page = run_page("pages/plans.py", Role.STREET_CLERK)
    page.query_params["compare"] = f"{first},{copied}"
    page.run()
    assert not page.exception
    assert "内部错误" not in said(page)
    assert "按支部" in "".join(one.value for one in page.markdown)
    assert escape(HOSTILE[:60]) in tables(page)
    assert "<img" not in tables(page)
    assert any("完全一样" in one.value for one in page.caption)
    assert map_views(page)[0]["draft"]


def test_undo_and_redo_are_closed_where_nothing_was_edited(run_page: RunPage, monkeypatch: pytest.MonkeyPatch):
    page = open_plan(run_page, propose_and_save(run_page, monkeypatch))
    assert [one.disabled for one in page.button if one.label in ("撤销", "重做")] == [True, True]


def test_the_street_leader_sees_figures_and_no_names_of_a_plan(run_page: RunPage, monkeypatch: pytest.MonkeyPatch):
    number = propose_and_save(run_page, monkeypatch)
    page = open_plan(run_page, number, Role.STREET_LEADER)
    assert "只看数量" in said(page)
    assert not tables(page)
    assert not map_views(page)
    assert [one.label for one in page.button] == ["‹ 全部方案"]


def change_a_member(store: Store) -> None:
    with store.writing(operator(), Action.IMPORT_DATA) as writer:
        writer.save_members([replace(writer.members()[1], max_walk_m=700)])


def test_a_proposal_on_old_data_says_so(run_page: RunPage, installed: Store):
    page = run_page("pages/groups.py", Role.BRANCH_SECRETARY)
    press(page, "测算")
    change_a_member(installed)
    page.run()
    assert "请重新测算" in said(page)
    press(page, "按原条件重新测算")
    assert "请重新测算" not in said(page)


def test_a_plan_on_old_data_cannot_be_published(run_page: RunPage, installed: Store, monkeypatch: pytest.MonkeyPatch):
    page = open_plan(run_page, propose_and_save(run_page, monkeypatch))
    press(page, "提交支委会审核")
    change_a_member(installed)
    page.run()
    assert "已有变动" in said(page)
    assert next(button for button in page.button if button.label == "发布…").disabled
    assert "按原条件重新测算" in [button.label for button in page.button]


def test_a_plan_published_a_moment_too_late_shows_both_versions(
    run_page: RunPage, installed: Store, monkeypatch: pytest.MonkeyPatch
):
    page = open_plan(run_page, propose_and_save(run_page, monkeypatch))
    press(page, "发布…")
    change_a_member(installed)
    press(page, "确定发布")
    assert "已有变动" in said(page)
    assert "这个方案" in tables(page)
    with installed.reading(operator().scope) as reader:
        assert reader.groups_in_force() == ()


def test_a_button_does_nothing_once_the_session_has_ended(
    run_page: RunPage, installed: Store, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
):
    page = open_plan(run_page, propose_and_save(run_page, monkeypatch))
    press(page, "发布…")
    sign_out(operator(), installed, tiny.tokens[Role.BRANCH_SECRETARY])
    press(page, "确定发布")
    assert "请重新登录" in said(page)
    with installed.reading(operator().scope) as reader:
        assert reader.groups_in_force() == ()


def test_the_leader_sees_figures_and_no_names_of_groups(run_page: RunPage):
    page = run_page("pages/groups.py", Role.STREET_LEADER)
    assert "只看数量" in said(page)
    assert not page.dataframe
    assert not page.button


def test_a_home_is_placed_on_a_candidate(run_page: RunPage, installed: Store, tiny: Tiny):
    page = run_page("pages/locate.py", Role.BRANCH_SECRETARY)
    assert HOSTILE in page.selectbox[0].options[0]
    press(page, "确认住在这幢楼")
    assert not page.exception
    with installed.reading(operator().scope) as reader:
        placed = next(member for member in reader.members() if member.name == "待")
    assert placed.residence is not None
    assert placed.residence.building_id == tiny.buildings[1]


def test_a_village_secretary_imports_rosters_only(run_page: RunPage):
    page = run_page("pages/data.py", Role.VILLAGE_SECRETARY)
    assert page.selectbox[0].options == ["党员花名册"]


def test_an_account_is_opened_and_its_password_shown_once(run_page: RunPage, installed: Store):
    from gis.services.accounts import sign_in  # noqa: PLC0415

    page = run_page("pages/users.py", Role.SYS_ADMIN)
    page.text_input[0].set_value("xin")
    page.selectbox[0].select(Role.STREET_LEADER.value)
    press(page, "开设")
    assert sign_in(installed, "xin", page.code[0].value)
    page.run()
    assert not page.code
