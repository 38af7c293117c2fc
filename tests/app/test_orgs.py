"""组织 on screen: every part for every role that may open it; a change by form reaches the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gis.model.access import Action, Role, decide, operator
from gis.model.enums import OrgStatus
from gis.services.org_edit import org_named
from tests.app.test_pages import map_views, said

if TYPE_CHECKING:
    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

ALLOWED = [role for role in Role if decide(role, Action.VIEW_ORGS).is_allowed]
PARTS = ("tree", "areas", "posts", "hosts", "bodies", "phones")


@pytest.mark.parametrize(("role", "members"), [(Role.STREET_LEADER, "略"), (Role.SYS_ADMIN, None)])
def test_who_sees_no_members_gets_no_small_number_of_them(run_page: RunPage, role: Role, members: str | None):
    page = run_page("pages/orgs.py", role)
    assert not page.exception
    lists = [json.loads(one.proto.json) for one in page.get("bidi_component")]
    (tree,) = [one for one in lists if one.get("label") == "组织树"]
    assert {row["cells"][2] for row in tree["rows"] if row["cells"][1] == "党支部"} == {members}


@pytest.mark.parametrize("role", ALLOWED)
def test_every_part_opens(run_page: RunPage, role: Role):
    page = run_page("pages/orgs.py", role)
    assert not page.exception
    assert "内部错误" not in said(page)
    sees_people = decide(role, Action.VIEW_MEMBERS).is_allowed
    parts = [part for part in PARTS if sees_people or part in ("tree", "bodies", "phones")]
    for part in parts:
        chosen = next(one for one in page.get("button_group") if one.key == "orgs_part")
        page = chosen.set_value(part).run()  # type: ignore[union-attr]  # a button group has a value
        assert not page.exception, part
        assert "内部错误" not in said(page), part


def test_the_clerk_registers_an_office_phone(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/orgs.py", Role.STREET_CLERK)
    org = org_named(operator(), installed, "东风村党总支")
    field = next(one for one in page.text_input if one.label.startswith("办公电话（对党员公开）"))
    field.set_value("0000-5550101")
    page = next(one for one in page.button if one.label == "保存").click().run()
    assert "已修改" in "\n".join(str(one.value) for one in page.success)
    after = org_named(operator(), installed, "东风村党总支")
    assert (after.office_phone, after.version) == ("0000-5550101", org.version + 1)


def test_the_clerk_begins_to_wind_a_branch_down(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/orgs.py", Role.STREET_CLERK)
    page.query_params["org"] = str(tiny.branch)
    page = page.run()
    next(one for one in page.selectbox if one.label == "接续组织").set_value(tiny.other_branch)
    named = [one for one in page.text_input if one.label == "批准的组织"]
    named[0].set_value("街道党工委")
    page = next(one for one in page.button if one.label == "登记开始撤并").click().run()
    assert not page.exception
    after = org_named(operator(), installed, "东风一支部")
    assert (after.status, after.successor_id) == (OrgStatus.WINDING_DOWN, tiny.other_branch)


def test_a_branch_secretary_sees_no_form_for_organisations(run_page: RunPage):
    page = run_page("pages/orgs.py", Role.BRANCH_SECRETARY)
    assert not [one for one in page.button if one.label in ("保存", "新设", "登记开始撤并")]


def test_the_map_shows_the_ground_that_the_address_names(run_page: RunPage, tiny: Tiny, installed: Store):
    page = run_page("pages/map.py", Role.STREET_CLERK)
    assert map_views(page)[0]["draft"] is None
