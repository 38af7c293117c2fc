"""Which screens there are and who sees them in the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action, decide
from gis.ui import session
from gis.ui.frame import show_frame
from gis.ui.web.assets import FOLDER

if TYPE_CHECKING:
    from gis.model.access import Role


@dataclass(frozen=True, slots=True)
class Screen:
    """One page: its address, file, Chinese title and the action that opens it."""

    address: str
    file: str
    title: str
    action: Action


SCREENS = (
    Screen("map", "pages/map.py", "一张图", Action.VIEW_MAP),
    Screen("groups", "pages/groups.py", "临时党小组", Action.VIEW_GROUPS),
    Screen("plans", "pages/plans.py", "编组方案", Action.VIEW_GROUPS),
    Screen("conditions", "pages/conditions.py", "编组条件", Action.SET_CONDITIONS),
    Screen("data", "pages/data.py", "数据", Action.IMPORT_DATA),
    Screen("locate", "pages/locate.py", "定位", Action.LOCATE_MEMBERS),
    Screen("settings", "pages/settings.py", "设置", Action.CHANGE_SETTINGS),
    Screen("users", "pages/users.py", "系统", Action.MANAGE_USERS),
    Screen("account", "pages/account.py", "我的账号", Action.SIGN_IN),
)


def first_screen(role: Role) -> Screen:
    """Return where a role starts."""
    return next(screen for screen in SCREENS if decide(role, screen.action).is_allowed)


def run() -> None:
    """Show the menu of whoever is signed in and run the page asked for.

    Pages that the role may not open keep their address, so that a link says why instead of “not found”; their own
    first line keeps them closed.
    """
    st.set_page_config(page_title="就近", page_icon=str(FOLDER / "mark.svg"), layout="wide")
    actor = session.whoever()
    pages = [
        st.Page(
            screen.file,
            title=screen.title,
            url_path=screen.address,
            visibility="visible" if actor.may(screen.action) else "hidden",
        )
        for screen in SCREENS
    ]
    first = pages[SCREENS.index(first_screen(actor.role))]
    start = st.Page(lambda: st.switch_page(first), title="就近", url_path="start", default=True, visibility="hidden")
    chosen = st.navigation([start, *pages], position="top")
    show_frame(actor)
    chosen.run()
