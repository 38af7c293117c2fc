"""Each of the six at its edge: what is missing is said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gis.model.contact import Card, Clear, Employment, FamilyRelation, HouseholdFile, MemberRequest, RequestCategory
from gis.model.enums import HousingKind, Precision
from gis.model.ids import CardId, HouseholdId, MemberId, OrgId
from gis.model.people import Member, Residence, Transition
from gis.services.six_clear import CardFacts, six_clear

DAY = date(2026, 11, 22)
MEMBER = Member(
    MemberId(1),
    "禾一",
    OrgId(1),
    phone="15400000001",
    original_village="东风村1组",
    lives_alone=False,
    residence=Residence("青禾苑3幢501室", Precision.BUILDING),
    transition=Transition(DAY),
)
CARD = Card(
    CardId(1),
    MemberId(1),
    "联2026-00001",
    DAY,
    employment=Employment.RETIRED,
    emergency_name="禾急",
    emergency_phone="15400000002",
    emergency_relation=FamilyRelation.CHILD,
    is_emergency_told=True,
    no_concerns_on=DAY,
)
FILE = HouseholdFile(HouseholdId(1), "2026-00001", "", "", "", "", HousingKind.RENTED, 0, has_lift=False)
FULL = CardFacts(MEMBER, CARD, FILE)


def test_a_card_with_everything_is_complete():
    found = six_clear(FULL)
    assert (found.is_complete, found.n_clear, found.missing_words) == (True, 6, ())
    assert found.flags == dict.fromkeys(Clear, True)


def member(**values: object) -> CardFacts:
    return replace(FULL, member=replace(MEMBER, **values))  # type: ignore[arg-type]  # fields by name


def card(**values: object) -> CardFacts:
    return replace(FULL, card=replace(CARD, **values))  # type: ignore[arg-type]  # fields by name


def file(**values: object) -> CardFacts:
    return replace(FULL, household=replace(FILE, **values))  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("facts", "clear", "said"),
    [
        (member(original_village=""), Clear.WHEREABOUTS, "没有登记原村（组）"),
        (member(residence=None), Clear.WHEREABOUTS, "没有登记现住址"),
        (member(residence=Residence("某处", Precision.QUEUE)), Clear.WHEREABOUTS, "现住址待核定位置"),
        (member(phone=""), Clear.CONTACT, "没有登记电话"),
        (replace(FULL, household=None), Clear.HOUSING, "没有户档，先登记现住址"),
        (file(housing_kind=None), Clear.HOUSING, "没有登记租房还是投亲"),
        (file(floor_no=None), Clear.HOUSING, "没有登记楼层"),
        (file(has_lift=None), Clear.HOUSING, "没有登记有无电梯"),
        (card(no_concerns_on=None), Clear.REQUESTS, "没有问过本人有什么诉求"),
        (card(employment=None), Clear.EMPLOYMENT, "没有登记就业状况"),
        (member(lives_alone=None), Clear.FAMILY, "没有登记是否独居"),
        (card(emergency_name=""), Clear.FAMILY, "没有登记紧急联系人"),
        (card(emergency_phone=""), Clear.FAMILY, "紧急联系人没有电话"),
        (card(emergency_relation=None), Clear.FAMILY, "紧急联系人与本人的关系没有登记"),
        (card(is_emergency_told=False), Clear.FAMILY, "紧急联系人还不知情"),
    ],
)
def test_what_is_missing_is_said(facts: CardFacts, clear: Clear, said: str):
    found = six_clear(facts)
    assert found.missing == {clear: (said,)}
    assert found.n_clear == 5


def test_what_stands_in_for_it_is_enough():
    assert six_clear(member(phone="", phone2="0500-81234567")).is_complete
    assert six_clear(member(residence=Residence("外县某处", Precision.OUTSIDE))).is_complete
    asked = MemberRequest(1, MemberId(1), RequestCategory.STUDY, "想换大字材料", DAY)
    assert six_clear(replace(card(no_concerns_on=None), requests=(asked,))).is_complete


def test_without_a_card_three_things_are_unknown():
    found = six_clear(replace(FULL, card=None))
    assert set(found.missing) == {Clear.REQUESTS, Clear.EMPLOYMENT, Clear.FAMILY}
    assert found.card_no == ""
