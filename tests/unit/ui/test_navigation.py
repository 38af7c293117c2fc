"""The menu of each role: headings in their order, none empty, and no click more than needed."""

from __future__ import annotations

import pytest

from gis.model.access import Action, Role, decide
from gis.ui.navigation import SCREENS, Screen, Section, first_screen, menu_of
from tests.fixtures.components import ROOT

SOME = (
    Screen("map", "map.py", "图", Action.VIEW_MAP),
    Screen("users", "users.py", "账号", Action.MANAGE_USERS, Section.SYSTEM),
    Screen("account", "account.py", "我", Action.SIGN_IN, Section.SYSTEM),
    Screen("groups", "groups.py", "组", Action.VIEW_GROUPS, Section.GROUPS),
    Screen("conditions", "conditions.py", "条件", Action.SET_CONDITIONS, Section.GROUPS),
)


def titles(role: Role, screens: tuple[Screen, ...] = SOME) -> dict[str, list[str]]:
    return {str(section): [one.title for one in found] for section, found in menu_of(role, screens).items()}


def test_screens_stand_under_their_headings_in_the_order_of_the_headings():
    assert list(titles(Role.STREET_CLERK).items()) == [("", ["图", "我"]), ("编组", ["组", "条件"])]
    assert list(titles(Role.SYS_ADMIN).items()) == [("", ["图"]), ("系统", ["账号", "我"])]


def test_the_only_screen_under_a_heading_is_a_link_of_its_own():
    assert titles(Role.STREET_LEADER) == {"": ["图", "组", "我"]}


def test_without_single_screens_there_is_no_group_for_them():
    assert titles(Role.SYS_ADMIN, SOME[1:3]) == {"系统": ["账号", "我"]}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_all_its_screens_once_and_no_heading_over_fewer_than_two(role: Role):
    menu = menu_of(role)
    shown = [screen for found in menu.values() for screen in found]
    assert sorted(one.address for one in shown) == sorted(
        one.address for one in SCREENS if decide(role, one.action).is_allowed
    )
    assert all(len(found) > 1 for section, found in menu.items() if section)
    assert [section for section in Section if section in menu] == list(menu)
    assert first_screen(role) in shown


def test_no_two_screens_share_an_address_or_a_title():
    assert len({one.address for one in SCREENS}) == len(SCREENS)
    assert len({one.title for one in SCREENS}) == len(SCREENS)


def test_the_file_of_every_screen_is_there():
    assert not [one.file for one in SCREENS if not (ROOT / one.file).is_file()], "one missing file closes every page"
