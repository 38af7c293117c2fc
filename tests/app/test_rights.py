"""告知与权利 and 关爱 on screen: a no takes effect from the page, and layers and pages have nothing left to tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import update

from gis.config import Settings
from gis.model.access import Action, Role, operator
from gis.model.enums import PositionSource, Precision
from gis.model.people import Residence
from gis.model.rights import CareCode, ConsentAnswer, ConsentScope
from gis.services.accounts import account_for_token, actor_of
from gis.services.care import add_need
from gis.services.consent import ConsentEntry, record_consent
from gis.store.schema import MemberRow

if TYPE_CHECKING:
    from starlette.testclient import TestClient
    from streamlit.testing.v1 import AppTest

    from gis.model.ids import MemberId
    from gis.store.database import Store
    from tests.app.conftest import RunPage
    from tests.app.tiny import Tiny

CLERK = operator()
ADDRESS = "独门小院九十九号"
LAYERS = ("grids", "buildings", "estates", "roads", "places", "people", "base.js")
PAGES = ("map", "rights", "conditions", "locate", "groups", "cards", "boards", "life", "modes", "dual")


def member_named(store: Store, name: str) -> MemberId:
    with store.reading(CLERK.scope) as reader:
        (one,) = [member for member in reader.members() if member.name == name]
    assert one.id is not None
    return one.id


def settle(store: Store, who: MemberId, lon: float, lat: float) -> None:
    point = bytes(shapely.to_wkb(shapely.Point(lon, lat)))
    home = Residence(ADDRESS, Precision.BUILDING, PositionSource.PIN, 1.0, shape=point)
    with store.writing(CLERK, Action.LOCATE_MEMBERS) as writer:
        writer.move(who, home)


def content(page: AppTest) -> str:
    return "\n".join(str(element.proto) for element in page.main) + "\n".join(
        str(one.value)  # type: ignore[union-attr]  # an html element has a value
        for one in page.get("html")
    )


def layers(client: TestClient, tiny: Tiny) -> dict[str, bytes]:
    client.cookies.set("gis_sid", tiny.tokens[Role.STREET_CLERK])
    return {name: client.get(f"/gis/layers/{name}?v={hash(name)}").content for name in LAYERS}


def test_layers_after_a_refusal_do_not_depend_on_where_the_home_was(client: TestClient, tiny: Tiny, installed: Store):
    who = member_named(installed, "甲")
    settle(installed, who, 120.0031234, 31.0041234)
    here = layers(client, tiny)
    settle(installed, who, 120.0081234, 31.0091234)
    assert layers(client, tiny)["people"] != here["people"]  # the test would notice
    record_consent(CLERK, installed, who, ConsentEntry(ConsentScope.EXACT_LOCATION, ConsentAnswer.REFUSED))
    refused = layers(client, tiny)
    settle(installed, who, 120.0031234, 31.0041234)  # and cannot be put back
    assert layers(client, tiny) == refused
    text = b"".join(refused.values())
    assert ADDRESS.encode() not in text
    assert json.dumps(ADDRESS).encode() not in text


def test_no_page_has_the_refused_address(run_page: RunPage, installed: Store):
    who = member_named(installed, "甲")
    settle(installed, who, 120.0031234, 31.0041234)
    record_consent(CLERK, installed, who, ConsentEntry(ConsentScope.EXACT_LOCATION, ConsentAnswer.REFUSED))
    for name in PAGES:
        page = run_page(f"pages/{name}.py", Role.STREET_CLERK)
        assert not page.exception, name
        text = content(page)
        assert ADDRESS not in text, name
        assert "120.0031234" not in text, name


def test_a_refusal_is_registered_and_listed(run_page: RunPage, installed: Store):
    page = run_page("pages/rights.py", Role.BRANCH_SECRETARY)
    number = member_named(installed, "乙")
    page.selectbox(key="consent_member").set_value(number).run()
    page.selectbox(key="consent_scope").set_value(ConsentScope.EXACT_LOCATION).run()
    page.radio[0].set_value(ConsentAnswer.REFUSED)
    next(one for one in page.button if one.label == "登记").click().run()
    assert not page.exception
    assert any("网格" in str(one.value) for one in page.success)
    with installed.reading(CLERK.scope) as reader:
        assert number in reader.refused(ConsentScope.EXACT_LOCATION)


def test_a_request_is_registered(run_page: RunPage, installed: Store):
    page = run_page("pages/rights.py", Role.BRANCH_SECRETARY)
    page.segmented_control(key="rights_part").set_value("权利请求").run()
    next(one for one in page.button if one.label == "登记请求").click().run()
    assert not page.exception
    with installed.reading(CLERK.scope) as reader:
        assert len(reader.rights_requests()) == 1


def test_what_is_due_is_looked_at_before_it_is_cleared(run_page: RunPage):
    page = run_page("pages/rights.py", Role.STREET_CLERK)
    page.segmented_control(key="rights_part").set_value("保留与清理").run()
    next(one for one in page.button if one.label == "看看有什么到期").click().run()
    assert not page.exception
    assert any("没有到期的" in str(one.value) for one in page.success)


def test_the_secretary_sees_needs_and_another_helper_does_not(run_page: RunPage, installed: Store, tiny: Tiny):
    who = member_named(installed, "乙")
    with installed.engine.begin() as connection:
        connection.execute(update(MemberRow).where(MemberRow.id == who).values(phone="13812345678"))
    record_consent(CLERK, installed, who, ConsentEntry(ConsentScope.CARE, ConsentAnswer.GIVEN))
    secretary = actor_of(account_for_token(installed, tiny.tokens[Role.BRANCH_SECRETARY], settings=Settings()))
    add_need(secretary, installed, who, CareCode.ELDERLY)
    assert "高龄" in content(run_page("pages/care.py", Role.BRANCH_SECRETARY))
    page = run_page("pages/care.py", Role.LIAISON)
    assert "没有由您帮扶的党员" in "".join(str(one.value) for one in page.info)
    assert "13812345678" not in content(page)
