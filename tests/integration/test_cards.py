"""Cards on both databases: opened by themselves, judged as an independent count does, edited, kept within the scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.contact import (
    Clear,
    ContactChannel,
    ContactEntry,
    ContactSide,
    Employment,
    FamilyRelation,
    RequestCategory,
    RequestStatus,
)
from gis.model.enums import HousingKind, MobilityLevel, Precision
from gis.model.ids import MemberId
from gis.model.people import Residence, Transition
from gis.model.rights import ConsentAnswer, ConsentMethod, ConsentScope
from gis.services.card_editing import HouseholdDetails, details_of, edit_card, edit_household, versions_of
from gis.services.cards import branch_totals, completeness, issue_cards, list_cards, open_card, show_phones
from gis.services.consent import ConsentEntry, record_consent
from gis.services.contacts import NewContactPerson, end_contact_person, log_contact, name_contact_person
from gis.services.member_search import search_members
from gis.services.requests import (
    NewRequest,
    RequestStep,
    handle_request,
    list_requests,
    note_no_concerns,
    raise_request,
)
from gis.services.sample.street import SampleRequest, sample_street
from gis.store.schema import AuditRow, CardRow, MemberRow, TransitionRow
from tests.integration.tiny_street import CLERK, TinyStreet, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.ids import OrgId
    from gis.services.cards import CardView
    from gis.store.database import Store

NOW = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # naive UTC, as the store's clock gives
TODAY = NOW.date()

#: The definitions of docs/guide/cards.md, written without a look at the program: one row for each member in transition
INDEPENDENT = """
SELECT m.id,
  CASE WHEN m.original_village <> '' AND r.address <> '' AND r.precision <> 'queue' THEN 1 ELSE 0 END AS whereabouts,
  CASE WHEN m.phone <> '' OR m.phone2 <> '' THEN 1 ELSE 0 END AS contact,
  CASE WHEN h.housing_kind IS NOT NULL AND h.has_lift IS NOT NULL AND (h.floor_no IS NOT NULL OR EXISTS (
    SELECT 1 FROM consent k JOIN member mate ON mate.id = k.member_id
    WHERE mate.household_id = m.household_id AND k.scope = 'exact_location'
      AND (k.answer = 'refused' OR k.withdrawn_on IS NOT NULL)
      AND k.id = (SELECT max(l.id) FROM consent l WHERE l.member_id = k.member_id AND l.scope = k.scope)
  )) THEN 1 ELSE 0 END
    AS housing,
  CASE WHEN c.no_concerns_on IS NOT NULL OR EXISTS (SELECT 1 FROM member_request q WHERE q.member_id = m.id)
    THEN 1 ELSE 0 END AS requests,
  CASE WHEN c.employment IS NOT NULL THEN 1 ELSE 0 END AS employment,
  CASE WHEN m.lives_alone IS NOT NULL AND c.emergency_name <> '' AND c.emergency_phone <> ''
    AND c.emergency_relation IS NOT NULL AND c.is_emergency_told THEN 1 ELSE 0 END AS family
FROM member m
JOIN transition_episode t ON t.member_id = m.id AND t.returned_on IS NULL
LEFT JOIN residence_history r ON r.member_id = m.id AND r.valid_to IS NULL
LEFT JOIN household h ON h.id = m.household_id
LEFT JOIN contact_card c ON c.member_id = m.id
WHERE m.left_on IS NULL
ORDER BY m.id
"""


@pytest.fixture
def street(store: Store) -> TinyStreet:
    store.clock = lambda: NOW
    return TinyStreet(store)


def actor(role: Role, *orgs: OrgId) -> Actor:
    return Actor(f"u-{role.value}", role, scope_for(role, frozenset(orgs)), display_name="禾书记")


def opened(street: TinyStreet, place: int = 0) -> CardView:
    return open_card(CLERK, street.store, street.members[place])


def edited(street: TinyStreet, view: CardView, *, verify: bool = False, **values: Any) -> CardView:
    wanted = replace(details_of(view), **values)
    edit_card(CLERK, street.store, view.card.member_id, wanted, versions_of(view), verify=verify)
    return open_card(CLERK, street.store, view.card.member_id)


# --- cards are there ------------------------------------------------------------------------------------------------


def test_everybody_in_transition_has_a_card_numbered_within_the_year(street: TinyStreet):
    numbers = [one.card_no for one in list_cards(CLERK, street.store)]
    assert numbers == [f"联2026-{k:05d}" for k in range(1, 8)]
    street.store.clock = lambda: NOW.replace(year=2027)
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (late,) = writer.save_members([person("禾八", street.branch, 50)])
        writer.save_members([person("禾九", street.branch, 60, transition=None)])
    assert open_card(CLERK, street.store, late).card.card_no == "联2027-00001"
    assert len(list_cards(CLERK, street.store)) == 8


def test_who_settles_gets_no_card_until_a_transition_begins(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (settled,) = writer.save_members([person("禾十", street.branch, 50, transition=None)])
    with pytest.raises(NotFoundError, match="没有联系卡"):
        open_card(CLERK, street.store, settled)
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        member = writer.member(settled)
        assert member is not None
        writer.save_members([replace(member, transition=Transition(date(2026, 1, 1)), residence=None)])
    assert open_card(CLERK, street.store, settled).card.card_no == "联2026-00008"


def test_cards_of_an_old_database_are_issued_once(street: TinyStreet):
    with Session(street.store.engine) as session:
        session.query(CardRow).delete()
        session.execute(update(MemberRow).values(initials=""))
        session.commit()
    assert issue_cards(CLERK, street.store) == 7
    assert issue_cards(CLERK, street.store) == 0
    assert [one.name for one in search_members(CLERK, street.store, "hy")] == ["禾一"]


def test_a_number_is_not_given_twice(street: TinyStreet):
    with Session(street.store.engine) as session:
        session.delete(session.scalars(select(CardRow).where(CardRow.card_no == "联2026-00003")).one())
        session.commit()
    issue_cards(CLERK, street.store)
    assert opened(street, 2).card.card_no == "联2026-00008"


def test_the_rosters_words_about_work_are_taken_over(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (one,) = writer.save_members([person("禾农", street.branch, 50, categories=("farmer", "transition"))])
    assert open_card(CLERK, street.store, one).card.employment is Employment.FARMER


# --- the six --------------------------------------------------------------------------------------------------------


def _counted(store: Store) -> dict[int, dict[str, bool]]:
    with Session(store.engine) as session:
        rows = session.execute(text(INDEPENDENT)).mappings().all()
    return {row["id"]: {clear.value: bool(row[clear.value]) for clear in Clear} for row in rows}


def test_the_meter_is_what_an_independent_count_says(store: Store):
    sample_street(CLERK, store, SampleRequest(seed=11, members=400))
    found = completeness(CLERK, store)
    ours = {int(one.member_id): {clear.value: is_clear for clear, is_clear in one.flags.items()} for one in found}
    assert ours == _counted(store)
    with Session(store.engine) as session:
        moving = session.scalars(select(TransitionRow.member_id).where(TransitionRow.returned_on.is_(None))).all()
    assert set(ours) == set(moving)
    assert all(one.card_no for one in found)
    complete = sum(one.is_complete for one in found)
    assert 0.4 < complete / len(found) < 0.9  # the made-up street looks alive
    assert not any(all(row[clear.value] for row in ours.values()) for clear in (Clear.HOUSING, Clear.FAMILY))


def test_totals_add_up_to_the_members_and_name_their_denominator(store: Store):
    sample_street(CLERK, store, SampleRequest(seed=11, members=400))
    rows, totals = branch_totals(CLERK, store)
    assert sum(one.members for one in totals) == len(rows)
    for clear in Clear:
        assert sum(one.clear[clear] for one in totals) == sum(row.flags[clear] for row in rows)


def test_each_of_the_six_becomes_clear_by_what_it_asks_for(street: TinyStreet):
    store, member = street.store, street.members[0]
    assert opened(street).completeness.n_clear == 0
    assert "没有登记电话" in opened(street).completeness.missing_words
    view = edited(street, opened(street), phone="15400000001", original_village="东风村1组")
    assert set(view.completeness.missing) == set(Clear) - {Clear.CONTACT}
    assert view.completeness.missing[Clear.WHEREABOUTS] == ("现住址待核定位置",)
    with store.writing(CLERK, Action.LOCATE_MEMBERS) as writer:
        writer.move(member, Residence("外县某处", Precision.OUTSIDE))
    note_no_concerns(CLERK, store, member)
    edit_household(CLERK, store, member, HouseholdDetails("", HousingKind.RENTED, 3, has_lift=False), _file(street))
    family: dict[str, Any] = {"lives_alone": True, "emergency_name": "禾急", "emergency_phone": "15400000002"}
    told: dict[str, Any] = {"emergency_relation": FamilyRelation.CHILD, "is_emergency_told": True}
    view = edited(street, opened(street), employment=Employment.RETIRED, **family, **told)
    assert view.completeness.missing == {}
    assert _counted(store)[int(member)] == dict.fromkeys((one.value for one in Clear), True)


def _file(street: TinyStreet, place: int = 0) -> int:
    file = opened(street, place).household
    assert file is not None
    return file.version


def test_who_refused_the_exact_place_is_not_asked_for_the_floor(street: TinyStreet):
    store, member = street.store, street.members[0]
    edit_household(CLERK, store, member, HouseholdDetails("", HousingKind.RENTED, 3, has_lift=False), _file(street))
    no = ConsentEntry(ConsentScope.EXACT_LOCATION, ConsentAnswer.REFUSED, ConsentMethod.PAPER)
    record_consent(CLERK, store, member, no)
    view = opened(street)
    assert view.household is not None
    assert (view.household.floor_no, view.household.is_rough) == (None, True)
    assert Clear.HOUSING not in view.completeness.missing
    assert _counted(store)[int(member)]["housing"]
    edit_household(CLERK, store, member, HouseholdDetails("", HousingKind.RENTED, 3, has_lift=True), _file(street))
    changed = opened(street).household
    assert changed is not None
    assert (changed.floor_no, changed.has_lift) == (None, True)


def test_as_of_leaves_out_who_came_later(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person("禾迟", street.branch, 1, transition=Transition(date(2026, 10, 1)))])
    assert len(completeness(CLERK, street.store)) == 8
    assert len(completeness(CLERK, street.store, as_of=date(2026, 9, 30))) == 7


# --- editing --------------------------------------------------------------------------------------------------------


def test_two_people_cannot_overwrite_each_other(street: TinyStreet):
    view = opened(street)
    edited(street, view, employment=Employment.RETIRED)
    with pytest.raises(StaleError):
        edited(street, view, employment=Employment.FARMER)
    edited(street, opened(street), mobility_level=MobilityLevel.NEEDS_HELP)
    assert opened(street).member.mobility_level is MobilityLevel.NEEDS_HELP


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"phone": "没有电话"}, "联系电话"),
        ({"phone2": "123"}, "备用电话"),
        ({"expected_return": "明年"}, "例如 2027"),
        ({"emergency_name": "禾急", "emergency_phone": "15400000002"}, "先告诉紧急联系人"),
        ({"mobile_card_checked_on": date(2027, 1, 1)}, "不能晚于今天"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_saved(street: TinyStreet, values: dict[str, Any], said: str):
    before = opened(street)
    with pytest.raises(InputError, match=said):
        edited(street, before, employment=Employment.FARMER, **values)
    assert opened(street) == before


def test_an_edit_of_the_card_alone_leaves_plans_as_they_are(street: TinyStreet):
    before = street.store.data_version("people", "territory", "groups")
    edited(street, opened(street), employment=Employment.RETIRED)
    assert street.store.data_version("people", "territory", "groups") == before


def test_when_a_member_likes_to_be_visited_is_kept_both_ends_or_neither(street: TinyStreet):
    before = street.store.data_version("people", "territory", "groups")
    view = edited(street, opened(street), visit_from_min=540, visit_to_min=630)
    assert (view.card.visit_from_min, view.card.visit_to_min) == (540, 630)
    assert street.store.data_version("people", "territory", "groups") == before
    for ends in ((540, None), (None, 630), (630, 540), (300, 630), (540, 1300)):
        with pytest.raises(InputError, match="方便上门的时段"):
            edited(street, view, visit_from_min=ends[0], visit_to_min=ends[1])
    assert edited(street, view, visit_from_min=None, visit_to_min=None).card.visit_from_min is None


def test_checking_everything_dates_card_and_address(street: TinyStreet):
    view = edited(street, opened(street), verify=True)
    assert (view.card.verified_on, view.addresses[0].verified_on) == (TODAY, TODAY)
    assert view.card.verified_by == view.addresses[0].verified_by == CLERK.name


def test_another_flat_is_asked_about_again(street: TinyStreet):
    member = street.members[0]
    edit_household(
        CLERK, street.store, member, HouseholdDetails("禾户", HousingKind.RENTED, 5, has_lift=True), _file(street)
    )
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        found = writer.member(member)
        assert found is not None
        writer.save_members([replace(found, residence=Residence("青禾路9号"))])
    file = opened(street).household
    assert file is not None
    assert (file.current_address, file.floor_no, file.has_lift, file.head_name) == ("青禾路9号", None, None, "禾户")
    assert [one.address for one in opened(street).addresses] == ["青禾路9号", "青禾路0号"]


def test_who_asked_for_restriction_is_left_alone(street: TinyStreet):
    with Session(street.store.engine) as session:
        session.execute(update(MemberRow).where(MemberRow.id == int(street.members[0])).values(restricted_on=TODAY))
        session.commit()
    entry = ContactEntry(TODAY, ContactChannel.PHONE, "禾", is_reached=True)
    for attempt in (
        lambda: edited(street, opened(street), employment=Employment.RETIRED),
        lambda: log_contact(CLERK, street.store, street.members[0], entry),
        lambda: raise_request(CLERK, street.store, street.members[0], NewRequest(RequestCategory.JOB, "找工作")),
    ):
        with pytest.raises(InputError, match="限制处理"):
            attempt()


# --- contacts, persons, requests ------------------------------------------------------------------------------------


def test_only_a_contact_that_reached_the_member_counts(street: TinyStreet):
    member = street.members[0]
    for day, is_reached in ((date(2026, 9, 1), True), (date(2026, 11, 1), False)):
        entry = ContactEntry(day, ContactChannel.PHONE, "禾联络", is_reached=is_reached, next_on=date(2026, 12, 1))
        log_contact(CLERK, street.store, member, entry)
    with street.store.reading(CLERK.scope) as reader:
        assert reader.last_contacts([member]) == {member: date(2026, 9, 1)}
        assert reader.last_contacts() == {member: date(2026, 9, 1)}
    view = opened(street)
    assert (view.last_contact, view.next_contact) == (date(2026, 9, 1), date(2026, 12, 1))
    line = next(one for one in list_cards(CLERK, street.store) if one.member_id == member)
    assert (line.days_without, line.is_overdue) == (82, True)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (ContactEntry(date(2026, 11, 23), ContactChannel.PHONE, "禾", is_reached=True), "不能晚于今天"),
        (ContactEntry(TODAY, ContactChannel.PHONE, " ", is_reached=True), "谁联系的"),
        (ContactEntry(TODAY, ContactChannel.PHONE, "禾", is_reached=True, note="长" * 101), "不超过 100 字"),
        (ContactEntry(TODAY, ContactChannel.PHONE, "禾", is_reached=True, next_on=TODAY), "须晚于"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(street: TinyStreet, entry: ContactEntry, said: str):
    with pytest.raises(InputError, match=said):
        log_contact(CLERK, street.store, street.members[0], entry)


def test_who_was_responsible_before_stays_in_the_history(street: TinyStreet):
    member = street.members[0]
    for name in ("禾前", "禾后"):
        person_ = NewContactPerson(ContactSide.HOME, name, "15400000003", street.branch)
        name_contact_person(CLERK, street.store, member, person_)
    name_contact_person(
        CLERK, street.store, member, NewContactPerson(ContactSide.RESIDENCE, "", person_member_id=street.members[1])
    )
    view = opened(street)
    assert [(one.side, one.name) for one in view.persons] == [
        (ContactSide.HOME, "禾后"),
        (ContactSide.RESIDENCE, "禾二"),
    ]
    assert [one.name for one in view.past_persons] == ["禾前"]
    end_contact_person(CLERK, street.store, member, ContactSide.HOME)
    assert [one.name for one in opened(street).persons] == ["禾二"]
    with pytest.raises(InputError, match="没有联系人"):
        end_contact_person(CLERK, street.store, member, ContactSide.HOME)
    with pytest.raises(InputError, match="另一名党员"):
        name_contact_person(
            CLERK, street.store, member, NewContactPerson(ContactSide.HOME, "", person_member_id=member)
        )


def test_a_request_is_closed_with_its_result_only(street: TinyStreet):
    member = street.members[0]
    number = raise_request(CLERK, street.store, member, NewRequest(RequestCategory.STUDY, " 想换大字材料 "))
    (line,) = list_requests(CLERK, street.store)
    assert (line.name, line.request.text, line.request.raised_on) == ("禾一", "想换大字材料", TODAY)
    with pytest.raises(InputError, match="办结须写明结果"):
        handle_request(CLERK, street.store, number, RequestStep(RequestStatus.CLOSED, "", "", line.request.version))
    step = RequestStep(RequestStatus.CLOSED, "禾办", "已换", line.request.version)
    handle_request(CLERK, street.store, number, step)
    with pytest.raises(StaleError):
        handle_request(CLERK, street.store, number, step)
    (closed,) = opened(street).requests
    assert (closed.status, closed.closed_on, closed.handler) == (RequestStatus.CLOSED, TODAY, "禾办")
    assert list_requests(CLERK, street.store) == ()
    assert len(list_requests(CLERK, street.store, with_closed=True)) == 1


# --- the finder -----------------------------------------------------------------------------------------------------


def test_the_finder_knows_names_letters_phones_places_and_branches(store: Store):
    sample_street(CLERK, store, SampleRequest(seed=5, members=200))
    line = list_cards(CLERK, store)[0]
    with store.reading(CLERK.scope) as reader:
        member = reader.member(line.member_id)
        assert member is not None
        letters = reader.initials()[line.member_id].split()[0]
        estate = {one.id: one.name for one in reader.estates()}.get(
            member.residence.estate_id if member.residence else None
        )
    for query in (member.name, letters, member.phone[-4:], f"{line.branch[:3]} {member.name}"):
        assert line.member_id in {one.member_id for one in search_members(CLERK, store, query)}, query
    if estate:
        found = search_members(CLERK, store, f"{estate} {member.name}")
        assert line.member_id in {one.member_id for one in found}
    assert search_members(CLERK, store, "%") == ()
    assert search_members(CLERK, store, "  ") == ()
    assert all("****" in one.phone for one in search_members(CLERK, store, line.branch[:2]) if one.phone)


# --- scopes ---------------------------------------------------------------------------------------------------------


def test_another_branchs_secretary_sees_nothing_and_changes_nothing(street: TinyStreet):
    member = street.members[0]
    stranger = actor(Role.BRANCH_SECRETARY, street.other)
    number = raise_request(CLERK, street.store, member, NewRequest(RequestCategory.JOB, "找工作"))
    entry = ContactEntry(TODAY, ContactChannel.PHONE, "禾", is_reached=True)
    view = opened(street)
    log_contact(CLERK, street.store, member, entry)
    assert list_cards(stranger, street.store) == ()
    assert completeness(stranger, street.store) == ()
    assert list_requests(stranger, street.store, with_closed=True) == ()
    assert search_members(stranger, street.store, "禾一") == ()
    attempts: list[Callable[[], object]] = [
        lambda: open_card(stranger, street.store, member),
        lambda: show_phones(stranger, street.store, member, "通知开会"),
        lambda: edit_card(stranger, street.store, member, details_of(view), versions_of(view)),
        lambda: log_contact(stranger, street.store, member, entry),
        lambda: raise_request(stranger, street.store, member, NewRequest(RequestCategory.JOB, "找工作")),
        lambda: handle_request(stranger, street.store, number, RequestStep(RequestStatus.DOING, "", "", 1)),
        lambda: note_no_concerns(stranger, street.store, member),
        lambda: name_contact_person(stranger, street.store, member, NewContactPerson(ContactSide.HOME, "禾")),
    ]
    for attempt in attempts:
        with pytest.raises(NotFoundError):
            attempt()
    with pytest.raises(DeniedError):
        completeness(stranger, street.store, [street.branch])
    with street.store.reading(stranger.scope) as reader:
        ids = [member]
        assert reader.cards() == reader.cards(ids) == {}
        assert not [*reader.household_files(ids), *reader.requests(ids), *reader.contact_persons(ids)]
        assert not [*reader.contacts(member), *reader.addresses(member)]
        assert reader.last_contacts(ids) == reader.names_of(ids) == reader.modes_in_force(ids) == {}
        assert reader.member(member) is None


@pytest.mark.parametrize("role", [Role.STREET_LEADER, Role.SYS_ADMIN, Role.VIEWER_BIG_SCREEN, Role.AUDIT_ADMIN])
def test_who_counts_only_gets_no_card(street: TinyStreet, role: Role):
    counts = actor(role)
    for attempt in (list_cards, completeness, list_requests):
        with pytest.raises(DeniedError):
            attempt(counts, street.store)
    with street.store.reading(counts.scope) as reader:
        assert reader.cards() == reader.last_contacts() == {}
        assert reader.surveys() == ()


def test_a_helper_logs_contacts_and_sees_no_emergency_contact(street: TinyStreet):
    helper, member = actor(Role.LIAISON, street.branch), street.members[0]
    log_contact(helper, street.store, member, ContactEntry(TODAY, ContactChannel.VISIT, "禾联", is_reached=True))
    view = open_card(helper, street.store, member)
    assert not view.sees_family
    with pytest.raises(DeniedError):
        edit_card(helper, street.store, member, details_of(view), versions_of(view))
    assert show_phones(helper, street.store, member, "上门前联系").emergency_phone == ""


def test_a_number_needs_a_reason_and_leaves_a_trace_without_the_number(street: TinyStreet):
    member = street.members[0]
    edited(street, opened(street), phone="15400000001")
    with pytest.raises(InputError, match="写明用途"):
        show_phones(CLERK, street.store, member, "  ")
    assert show_phones(CLERK, street.store, member, "通知开会").phone == "15400000001"
    with Session(street.store.engine) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None
    assert (last.details["reason"], last.details["member_id"]) == ("通知开会", int(member))
    assert "15400000001" not in f"{last.summary}{last.details}"


def test_a_member_who_is_not_there_is_not_found(street: TinyStreet):
    with pytest.raises(NotFoundError):
        open_card(CLERK, street.store, MemberId(999_999))
