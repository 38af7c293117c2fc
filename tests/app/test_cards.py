"""The screen 联系卡: the list, a card and a survey, by role and by scope."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.model.access import Role, operator
from gis.model.contact import ContactChannel, ContactEntry, RequestCategory, RequestStatus
from gis.services.card_editing import details_of, edit_card, versions_of
from gis.services.cards import list_cards, open_card
from gis.services.contacts import log_contact
from gis.services.requests import NewRequest, raise_request
from gis.services.surveys import NewSurvey, create_survey, org_named, survey_view
from gis.store.schema import AuditRow
from tests.app.tiny import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.testing.v1 import AppTest

    from gis.model.ids import MemberId
    from gis.services.card_editing import CardDetails
    from gis.services.cards import CardView
    from gis.store.database import Store
    from tests.app.conftest import RunPage

PAGE = "pages/cards.py"
CLERK = operator()
PARTS = ["资料", "登记", "联系记录", "诉求与关切", "双联双管", "户档", "打印"]


def shown(page: AppTest) -> str:
    kinds = (page.error, page.warning, page.info, page.success, page.caption, page.markdown, page.title)
    told = [str(element.value) for kind in kinds for element in kind]
    told += [element.proto.body for element in page.get("html")]
    told += [str(json.loads(element.proto.json)) for element in page.get("bidi_component")]
    return "\n".join(told)


def member_of(store: Store, name: str) -> MemberId:
    return next(one.member_id for one in list_cards(CLERK, store) if one.name == name)


def opened(run_page: RunPage, role: Role, member: MemberId, part: str = "facts") -> AppTest:
    page = run_page(PAGE, role)
    page.query_params["member"] = str(member)
    page.query_params["part"] = part
    page.run()
    assert not page.exception
    return page


def names(page: AppTest) -> Sequence[str]:
    (control,) = page.get("button_group")
    return [str(one.content) for one in control.proto.options]


def test_the_list_has_the_scopes_cards_and_no_number_in_full(run_page: RunPage, installed: Store):
    page = run_page(PAGE, Role.BRANCH_SECRETARY)
    said = shown(page)
    assert "联系卡 6 张" in said
    assert "外人" not in said
    assert page.metric[0].value == "0/6"
    assert "外人" in shown(run_page(PAGE, Role.STREET_CLERK))


def test_the_finder_finds_by_initials_and_tells_when_there_is_nobody(run_page: RunPage):
    page = run_page(PAGE, Role.BRANCH_SECRETARY)
    page.text_input(key="cards_search").set_value("jia").run()
    assert "没有找到" in shown(page)  # letters are first letters
    page.text_input(key="cards_search").set_value("j").run()
    assert "找到 1 名" in shown(page)  # 甲
    page.text_input(key="cards_search").set_value("外人").run()
    assert "没有找到" in shown(page)


@pytest.mark.parametrize("part", ["facts", "edit", "contacts", "requests", "persons", "household", "papers"])
def test_every_part_of_a_card_opens(run_page: RunPage, installed: Store, part: str):
    page = opened(run_page, Role.BRANCH_SECRETARY, member_of(installed, HOSTILE), part)
    assert "内部错误" not in shown(page)
    assert "<img src=x" not in "".join(element.proto.body for element in page.get("html"))


def test_a_helper_sees_no_emergency_contact_and_edits_nothing(run_page: RunPage, installed: Store):
    member = member_of(installed, "甲")
    view = open_card(CLERK, installed, member)
    values = {"emergency_name": "禾急", "emergency_phone": "15400000001", "is_emergency_told": True}
    edit_card(CLERK, installed, member, _replaced(view, values), versions_of(view))
    for role, sees in ((Role.LIAISON, False), (Role.BRANCH_SECRETARY, True)):
        page = opened(run_page, role, member)
        assert ("禾急" in shown(page)) is sees
        assert ("登记" in names(page)) is sees
        assert "15400000001" not in shown(page)


def _replaced(view: CardView, values: dict[str, Any]) -> CardDetails:
    return replace(details_of(view), **values)


def test_somebody_elses_card_stays_closed(run_page: RunPage, installed: Store):
    page = opened(run_page, Role.BRANCH_SECRETARY, member_of(installed, "外人"))
    assert "管理范围内没有编号" in shown(page).replace("\\", "")
    assert not page.get("button_group")


def test_a_contact_is_logged_from_the_page(run_page: RunPage, installed: Store):
    member = member_of(installed, "甲")
    page = opened(run_page, Role.LIAISON, member, "contacts")
    page.text_input[1].set_value("禾联络")
    page.button[-1].click().run()
    assert [one.by_name for one in open_card(CLERK, installed, member).contacts] == ["禾联络"]
    assert "已登记一次联系" in shown(page)


def test_a_number_is_shown_for_a_reason_and_kept_in_the_log(run_page: RunPage, installed: Store):
    member = member_of(installed, "甲")
    view = open_card(CLERK, installed, member)
    edit_card(CLERK, installed, member, _replaced(view, {"phone": "15400000009"}), versions_of(view))
    page = opened(run_page, Role.BRANCH_SECRETARY, member)
    assert "15400000009" not in shown(page)
    next(one for one in page.button if one.label == "显示一分钟").click().run()
    assert "15400000009" in shown(page)
    with Session(installed.engine) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None
    assert (last.details["member_id"], last.details["reason"]) == (member, "通知开会")


def test_a_request_is_shown_as_it_was_said(run_page: RunPage, installed: Store):
    member = member_of(installed, "甲")
    raise_request(CLERK, installed, member, NewRequest(RequestCategory.LIVING, "<b>灯坏了</b>"))
    log_contact(CLERK, installed, member, ContactEntry(date(2026, 1, 2), ContactChannel.PHONE, "禾", is_reached=True))
    page = opened(run_page, Role.BRANCH_SECRETARY, member, "requests")
    assert "&lt;b&gt;灯坏了" in shown(page)
    assert RequestStatus.OPEN.label in shown(page)


def test_a_survey_is_listed_opened_and_recorded(run_page: RunPage, installed: Store):
    org = org_named(CLERK, installed, "")
    survey = create_survey(CLERK, installed, NewSurvey("冬季走访", org, date(2099, 1, 1)))
    page = run_page(PAGE, Role.BRANCH_SECRETARY)
    page.session_state["cards_view"] = "surveys"
    page.run()
    assert "冬季走访" in shown(page)
    page.query_params.clear()
    page.query_params["survey"] = str(survey)
    page.run()
    assert not page.exception
    assert "冬季走访" in shown(page)
    assert "外人" not in shown(page)
    next(one for one in page.button if one.label == "登记").click().run()
    assert survey_view(CLERK, installed, survey).total.verified == 1


def test_the_form_shows_no_number_in_full_and_keeps_the_one_on_record(run_page: RunPage, installed: Store):
    member = member_of(installed, "甲")
    view = open_card(CLERK, installed, member)
    edit_card(CLERK, installed, member, _replaced(view, {"phone": "15400000009"}), versions_of(view))
    page = opened(run_page, Role.BRANCH_SECRETARY, member, "edit")
    fields = {one.label: one for one in page.text_input}
    assert fields["联系电话"].value == "154****0009"
    fields["备用电话"].set_value("15400000008")
    next(one for one in page.button if one.label == "保存").click().run()
    saved = open_card(CLERK, installed, member).member
    assert (saved.phone, saved.phone2) == ("15400000009", "15400000008")


def test_the_time_for_visits_is_filled_in_as_people_write_it(run_page: RunPage, installed: Store):
    member = member_of(installed, "甲")
    page = opened(run_page, Role.BRANCH_SECRETARY, member, "edit")
    field = next(one for one in page.text_input if one.label == "方便上门的时段")
    field.set_value("下午")
    next(one for one in page.button if one.label == "保存").click().run()
    assert "无法识别" in shown(page)
    next(one for one in page.text_input if one.label == "方便上门的时段").set_value("9：00-10：30")
    next(one for one in page.button if one.label == "保存").click().run()
    assert open_card(CLERK, installed, member).card.visit_to_min == 630
    assert "9:00–10:30" in shown(opened(run_page, Role.LIAISON, member))
