"""规则检查: what each role sees, a reason given, a hint read, and two people for 失联."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Action, Role, operator
from gis.model.enums import GroupStatus
from gis.model.rights import LostStage
from gis.services import lost_contact
from gis.services.rules import check_rules
from gis.store.schema import GroupMembershipRow, GroupRow
from gis.ui.choices import Picked
from gis.ui.rules.findings import PICKED
from gis.ui.rules.lost import OPENED

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

PAGE = "pages/rules.py"


@pytest.fixture
def group(tiny: Tiny, installed: Store) -> None:
    """Found a group of two: R01 blocks it; nobody reported it: R04 asks."""
    with installed.writing(operator(), Action.ADOPT_GROUPS) as writer:
        members = [one.id for one in writer.members((tiny.branch,))][:2]
        row = GroupRow(
            branch_id=tiny.branch,
            name="东风一组",
            kind="transition",
            status=GroupStatus.CONFIRMED,
            leader_member_id=members[0],
            decided_on=date(2026, 1, 5),
            valid_from=date(2026, 1, 5),
        )
        writer.session.add(row)
        writer.session.flush()
        for member in members:
            writer.session.add(
                GroupMembershipRow(
                    group_id=row.id, member_id=member, role="member", source="manual", valid_from=date(2026, 1, 5)
                )
            )


def figures(page: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in page.metric}


def part(page: AppTest, key: str, value: str) -> AppTest:
    groups: list[Any] = list(page.get("button_group"))
    next(one for one in groups if one.key == key).set_value(value)
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    next(one for one in page.button if one.label.startswith(label)).click()
    return page.run()


def test_the_counts_are_those_of_the_service(run_page: RunPage, tiny: Tiny, installed: Store, group: None):
    page = run_page(PAGE, Role.STREET_CLERK)
    assert not page.exception
    report = check_rules(operator(), installed)
    assert figures(page) == {
        "不得违反": f"{sum(one.block for one in report.counts)} 处",
        "须说明": f"{sum(one.warn for one in report.counts)} 处",
        "提示": f"{sum(one.info for one in report.counts)} 处",
        "已处理": "0 处",
    }
    assert figures(page)["不得违反"] == "2 处"  # the group of two, and the branch of one


def test_who_only_counts_reads_no_sentence_and_gets_no_form(run_page: RunPage, tiny: Tiny, group: None):
    page = run_page(PAGE, Role.STREET_LEADER)
    assert not page.exception
    assert figures(page)["不得违反"] == "2 处"
    shown = "\n".join(str(one.proto.body) for one in page.get("html"))
    assert "R01 党小组不少于 3 人" in shown
    assert "东风一组" not in shown
    assert not page.text_input
    assert not page.button


def test_a_reason_settles_a_warn_and_stays_with_its_author(run_page: RunPage, installed: Store, group: None):
    page = run_page(PAGE, Role.BRANCH_SECRETARY)
    report = page.session_state["rules_kept"][1]
    number = next(n for n, one in enumerate(report.findings) if one.rule.id == "R04")
    page.session_state[PICKED] = Picked((number,), 1)
    part(page, "rules_level", "须说明")
    next(one for one in page.text_input if one.key == "rules_why_warn").set_value("材料已写好，周五上报")
    press(page, "写明理由（1 处）")
    assert not page.exception
    assert not page.error
    assert figures(page)["已处理"] == "1 处"
    (found,) = [one for one in check_rules(operator(), installed).findings if one.rule.id == "R04"]
    assert found.note is not None
    assert (found.note.reason, found.note.by) == ("材料已写好，周五上报", Role.BRANCH_SECRETARY.value)


def test_a_warn_without_a_reason_is_refused_in_words(run_page: RunPage, group: None):
    page = run_page(PAGE, Role.BRANCH_SECRETARY)
    report = page.session_state["rules_kept"][1]
    number = next(n for n, one in enumerate(report.findings) if one.rule.id == "R04")
    page.session_state[PICKED] = Picked((number,), 1)
    part(page, "rules_level", "须说明")
    press(page, "写明理由（1 处）")
    assert any("R04 须写明理由" in one.value for one in page.error)


def test_a_search_is_proposed_by_one_and_confirmed_by_another(run_page: RunPage, tiny: Tiny, installed: Store):
    with installed.reading(operator().scope) as reader:
        member = next(one.id for one in reader.members((tiny.branch,)) if one.name == "甲")
    page = part(run_page(PAGE, Role.BRANCH_SECRETARY), "rules_part", "失联")
    next(one for one in page.selectbox if one.key == "lost_member").set_value(member)
    page.run()
    next(one for one in page.text_input if one.label == "失去联系日期").set_value("2026-01-05")
    page.text_area[0].set_value("电话三次无人接听")
    press(page, "开始查找")
    assert not page.exception
    assert not page.error
    page.text_area[0].set_value("询问亲属和原邻居")
    press(page, "查找无果，提出失联")
    assert any("须由另一名有权限的人确认" in one.value for one in page.info)
    (case,) = lost_contact.list_lost(operator(), installed)
    assert case.case.stage is LostStage.PROPOSED

    other = run_page(PAGE, Role.STREET_CLERK)
    other.session_state[OPENED] = case.case.id
    part(other, "rules_part", "失联")
    press(other, "核对无误，确认失联")
    assert not other.error
    (case,) = lost_contact.list_lost(operator(), installed)
    assert (case.case.proposed_by, case.case.confirmed_by) == (Role.BRANCH_SECRETARY.value, Role.STREET_CLERK.value)
