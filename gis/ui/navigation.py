"""Which screens there are, under which heading of the menu, and who sees them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action, decide
from gis.ui import session
from gis.ui.frame import show_bare_frame, show_frame
from gis.ui.web.assets import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Role


class Section(StrEnum):
    """The headings of the menu, in their order; a screen under none is a link of its own, before the headings.

    党员 is what concerns one member (cards, modes, visits, dual management, moves, care, rights), 编组 the temporary
    groups, 组织 the bodies and what they hold (organisations, boards, sessions, rules), 数据 what comes in and is
    checked, 系统 accounts and settings.
    """

    NONE = ""
    MEMBERS = "党员"
    GROUPS = "编组"
    BODIES = "组织"
    DATA = "数据"
    SYSTEM = "系统"


@dataclass(frozen=True, slots=True)
class Screen:
    """One page: its address, file, Chinese title, the action that opens it and the heading it stands under."""

    address: str
    file: str
    title: str
    action: Action
    section: Section = Section.NONE


#: Under each heading in the order of the menu
SCREENS = (
    Screen("map", "pages/map.py", "一张图", Action.VIEW_MAP),
    Screen("wall", "pages/wall.py", "大屏", Action.VIEW_KPIS),
    Screen("cards", "pages/cards.py", "联系卡", Action.VIEW_MEMBERS, Section.MEMBERS),
    Screen("life", "pages/life.py", "变动登记", Action.MOVE_MEMBERS, Section.MEMBERS),
    Screen("dual", "pages/dual.py", "双重管理", Action.VIEW_MATRIX, Section.MEMBERS),
    Screen("modes", "pages/modes.py", "学习方式", Action.SET_MODES, Section.MEMBERS),
    Screen("visits", "pages/visits.py", "上门送学", Action.MAKE_VISITS, Section.MEMBERS),
    Screen("boards", "pages/boards.py", "待办与名单", Action.VIEW_MATRIX, Section.MEMBERS),
    Screen("rights", "pages/rights.py", "告知与权利", Action.HANDLE_RIGHTS, Section.MEMBERS),
    Screen("care", "pages/care.py", "关爱", Action.VIEW_CARE, Section.MEMBERS),
    Screen("groups", "pages/groups.py", "临时党小组", Action.VIEW_GROUPS, Section.GROUPS),
    Screen("plans", "pages/plans.py", "编组方案", Action.VIEW_GROUPS, Section.GROUPS),
    Screen("conditions", "pages/conditions.py", "编组条件", Action.SET_CONDITIONS, Section.GROUPS),
    Screen("orgs", "pages/orgs.py", "组织", Action.VIEW_ORGS, Section.BODIES),
    Screen("sessions", "pages/sessions.py", "组织生活", Action.HOLD_SESSIONS, Section.BODIES),
    Screen("rules", "pages/rules.py", "规则检查", Action.CHECK_RULES, Section.BODIES),
    Screen("data", "pages/data.py", "数据导入", Action.IMPORT_DATA, Section.DATA),
    Screen("locate", "pages/locate.py", "定位", Action.LOCATE_MEMBERS, Section.DATA),
    Screen("settings", "pages/settings.py", "设置", Action.CHANGE_SETTINGS, Section.SYSTEM),
    Screen("users", "pages/users.py", "账号管理", Action.MANAGE_USERS, Section.SYSTEM),
    Screen("account", "pages/account.py", "我的账号", Action.SIGN_IN, Section.SYSTEM),
)


def first_screen(role: Role, screens: Sequence[Screen] = SCREENS) -> Screen:
    """Return where a role starts."""
    return next(screen for screen in screens if decide(role, screen.action).is_allowed)


def menu_of(role: Role, screens: Sequence[Screen] = SCREENS) -> dict[Section, list[Screen]]:
    """Return what a role finds under each heading, the headings in their order and none of them empty.

    A heading over a single screen would be one click more for nothing: that screen is a link of its own.
    """
    seen = [screen for screen in screens if decide(role, screen.action).is_allowed]
    under = {section: [screen for screen in seen if screen.section is section] for section in Section}
    headed = {section: found for section, found in under.items() if section and len(found) > 1}
    alone = [screen for section, found in under.items() if section not in headed for screen in found]
    return {Section.NONE: alone, **headed} if alone else headed


def run() -> None:
    """Show the menu of whoever is signed in and run the page asked for.

    Pages that the role may not open keep their address, so that a link says why instead of “not found”; their own
    first line keeps them closed.
    """
    if session.is_display():
        _run_wall()
        return
    st.set_page_config(page_title="就近", page_icon=str(FOLDER / "mark.svg"), layout="wide")
    actor = session.whoever()
    menu = menu_of(actor.role)
    shown = {screen.address for found in menu.values() for screen in found}
    pages = {
        screen.address: st.Page(
            screen.file,
            title=screen.title,
            url_path=screen.address,
            visibility="visible" if screen.address in shown else "hidden",
        )
        for screen in SCREENS
    }
    first = pages[first_screen(actor.role).address]
    start = st.Page(lambda: st.switch_page(first), title="就近", url_path="start", default=True, visibility="hidden")
    headed = {str(section): [pages[screen.address] for screen in found] for section, found in menu.items()}
    closed = [page for address, page in pages.items() if address not in shown]
    alone = [start, *headed.pop("", []), *closed]
    chosen = st.navigation({"": alone, **headed}, position="top", expanded=True)
    show_frame(actor, _heading_of(menu, chosen.url_path))
    chosen.run()


def _run_wall() -> None:
    """Show the wall and nothing else; its mark is no file, which a screen on the wall could not fetch."""
    st.set_page_config(page_title="大屏 · 就近", page_icon=_mark(), layout="wide")
    wall = st.Page("pages/wall.py", title="大屏", url_path="wall")
    start = st.Page(lambda: st.switch_page(wall), title="就近", url_path="start", default=True)
    chosen = st.navigation([start, wall], position="hidden")
    show_bare_frame()
    chosen.run()


def _mark() -> str:
    return f"data:image/svg+xml;base64,{b64encode((FOLDER / 'mark.svg').read_bytes()).decode()}"


def _heading_of(menu: Mapping[Section, Sequence[Screen]], address: str) -> str:
    """Return the heading under which the screen in sight stands in this menu."""
    return next((str(section) for section, found in menu.items() for screen in found if screen.address == address), "")
