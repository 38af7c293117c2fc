"""The wall: the figures of whoever looks; a screen with a token gets counts only, and nothing once it has ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import text_format  # type: ignore[import-untyped]  # no stubs
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from gis.model.access import Action, Role, decide
from gis.model.accounts import Account
from gis.services.accounts import SYSTEM, account_for_token, actor_of, sign_out
from gis.services.displays import actor_of_display, add_display, list_displays, revoke_display
from gis.services.kpi import read_kpis
from gis.ui import office
from gis.ui.navigation import SCREENS
from tests.app.tiny import HOSTILE
from tests.fixtures.components import ROOT

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

ENDED = "这块大屏已停用或到期，请联系系统管理员"
WALL = "pages/wall.py"
LOOKING = [role for role in Role if decide(role, Action.VIEW_KPIS).is_allowed]


def stage(page: AppTest) -> dict[str, Any] | None:
    """Return what the component of the wall was given, None where it is not on the page."""
    found = [one.proto for one in page.get("bidi_component") if one.proto.component_name == "jiujin_wall"]
    document: dict[str, Any] | None = json.loads(found[0].json) if found else None
    return document


def everything(page: AppTest) -> str:
    """Return all that the page was sent, as text."""
    kinds = ("bidi_component", "echarts_chart", "html")
    return "\n".join(text_format.MessageToString(one.proto, as_utf8=True) for kind in kinds for one in page.get(kind))


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the cookies of the browser that the next page runs in."""
    found: dict[str, str] = {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _self: found))
    monkeypatch.chdir(ROOT)
    return found


@pytest.fixture
def on_display(tiny: Tiny, installed: Store, cookies: dict[str, str]) -> AppTest:
    """Run the wall on a screen with a token."""
    cookies["gis_display"] = add_display(SYSTEM, installed, "一楼大厅", 90)[1]
    return AppTest.from_file(str(ROOT / WALL), default_timeout=30).run()


def values(page: AppTest) -> dict[str, float | None]:
    document = stage(page)
    assert document is not None
    return {one["key"]: one["value"] for one in document["cards"]}


def expected(actor: Actor, store: Store) -> dict[str, float | None]:
    return {one.key.value: one.value for one in read_kpis(actor, store).kpis}


@pytest.mark.parametrize("role", LOOKING)
def test_each_role_sees_the_figures_of_its_scope(run_page: RunPage, tiny: Tiny, installed: Store, role: Role):
    account: Account = account_for_token(installed, tiny.tokens[role], settings=office.options())
    page = run_page(WALL, role)
    assert not page.exception
    assert values(page) == expected(actor_of(account), installed)
    document = stage(page)
    assert document is not None
    may_open = {f"/{one.address}" for one in SCREENS if decide(role, one.action).is_allowed}
    links = {one["link"] for one in document["cards"]} - {None}
    assert {link.partition("?")[0] for link in links} <= may_open
    assert bool(links) == (role is not Role.VIEWER_BIG_SCREEN)
    assert all(one["definition"] and one["as_of"] and one["short"] for one in document["cards"])


def test_a_screen_with_a_token_sees_counts_without_links_names_or_members(on_display: AppTest, installed: Store):
    display = list_displays(SYSTEM, installed)[0]
    document = stage(on_display)
    assert document is not None
    assert values(on_display) == expected(actor_of_display(display), installed)
    assert {one["link"] for one in document["cards"]} == {None}
    assert set(document["layers"]) == {"grids", "buildings", "roads"}
    assert not document["head"]["leave"]
    assert document["turning"]
    sent = everything(on_display)
    assert not [name for name in ("外人", "外支部户主", "藏") if name in sent]


def test_what_is_on_the_map_adds_up_and_holds_nothing_small_for_a_token(on_display: AppTest):
    document = stage(on_display)
    assert document is not None
    found = document["map"]
    for node in (found["street"], *found["communities"], *found["grids"]):
        assert all(count is None or count == 0 or count >= 3 for count in node["c"])
    for building in (one for many in found["buildings"].values() for one in many):
        assert all(count is None or count == 0 or count >= 3 for count in building[1:4])
    inside = sum(one["c"][0] or 0 for one in found["communities"]) + sum(
        count or 0 for _, count in found["street"]["o"]
    )
    assert found["street"]["c"][0] == inside + found["street"]["r"]


def test_a_revoked_token_leaves_no_figure_at_the_next_refresh(on_display: AppTest, installed: Store):
    revoke_display(SYSTEM, installed, list_displays(SYSTEM, installed)[0].id)
    on_display.run()
    assert stage(on_display) is None
    assert not on_display.get("echarts_chart")
    assert ENDED in everything(on_display)


def test_an_ended_screen_never_goes_on_as_whoever_is_signed_in_at_it(
    on_display: AppTest, cookies: dict[str, str], tiny: Tiny, installed: Store
):
    cookies["gis_sid"] = tiny.tokens[Role.STREET_CLERK]
    on_display.run()
    before = stage(on_display)
    assert before is not None
    assert {one["link"] for one in before["cards"]} == {None}, "a token goes before an account"
    revoke_display(SYSTEM, installed, list_displays(SYSTEM, installed)[0].id)
    on_display.run()
    assert stage(on_display) is None
    assert ENDED in everything(on_display)


def test_the_wall_of_an_account_ends_with_its_session_and_does_not_keep_it_awake(
    run_page: RunPage, tiny: Tiny, installed: Store, monkeypatch: pytest.MonkeyPatch
):
    from gis.ui import session  # noqa: PLC0415  # the app is slow to import

    touched: list[bool] = []

    def watched(*args: Any, is_touch: bool = True, **more: Any) -> Account:
        touched.append(is_touch)
        return account_for_token(*args, is_touch=is_touch, **more)

    monkeypatch.setattr(session, "account_for_token", watched)
    page = run_page(WALL, Role.STREET_LEADER)
    assert stage(page) is not None
    assert touched
    assert not any(touched)
    sign_out(SYSTEM, installed, tiny.tokens[Role.STREET_LEADER])
    page.run()
    assert stage(page) is None
    assert not page.get("echarts_chart")
    assert "请重新登录" in "".join(str(one.value) for one in page.warning)


def test_no_other_page_runs_for_a_token(tiny: Tiny, installed: Store, cookies: dict[str, str]):
    cookies["gis_display"] = add_display(SYSTEM, installed, "一楼大厅", 90)[1]
    for screen in SCREENS:
        if screen.file == WALL:
            continue
        page = AppTest.from_file(str(ROOT / screen.file), default_timeout=30).run()
        assert "请重新登录" in "".join(str(one.value) for one in page.warning), screen.file
        assert not page.title
        assert not page.get("bidi_component")


def test_the_menu_of_a_token_is_the_wall_alone(tiny: Tiny, installed: Store, cookies: dict[str, str]):
    cookies["gis_display"] = add_display(SYSTEM, installed, "一楼大厅", 90)[1]
    page = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=30).run()
    assert not page.exception
    assert stage(page) is not None
    assert not [one for one in page.get("bidi_component") if one.proto.component_name == "jiujin_who"]


def test_names_from_data_are_text(on_display: AppTest):
    """Charts and cards take texts as they are; only what stands in markup of our own is escaped."""
    markup = "\n".join(str(one.proto.body) for one in on_display.get("html"))
    assert HOSTILE not in markup
    assert "<img" not in markup.replace("&lt;img", "")


def test_the_administrator_adds_and_turns_away_screens_on_the_page(run_page: RunPage, installed: Store):
    page = run_page("pages/users.py", Role.SYS_ADMIN)
    assert [one.value for one in page.header].count("大屏") == 1
    name = next(one for one in page.text_input if one.label == "哪一块大屏")
    name.set_value("一楼大厅")
    next(one for one in page.button if one.label == "开通").click().run()
    (made,) = list_displays(SYSTEM, installed)
    (code,) = [one.value for one in page.code]
    assert "/display?token=" in code
    assert made.name == "一楼大厅"
    page.run()
    assert not page.code, "said once"
    next(one for one in page.selectbox if one.label == "停用哪一块").set_value(made.id)
    next(one for one in page.button if one.label == "停用" and one.form_id).click().run()
    assert list_displays(SYSTEM, installed)[0].revoked_at is None, "not without saying so twice"
    next(one for one in page.selectbox if one.label == "停用哪一块").set_value(made.id)
    next(one for one in page.checkbox if one.label.startswith("确认停用")).check()
    next(one for one in page.button if one.label == "停用" and one.form_id).click().run()
    assert list_displays(SYSTEM, installed)[0].revoked_at is not None
    assert "已停用" in "".join(str(one.value) for one in page.success)
