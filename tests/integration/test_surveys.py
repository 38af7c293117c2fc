"""Surveys on both databases: who is on the list, what a visit leaves behind, and how far each branch has come."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.contact import ContactChannel, SurveyResult
from gis.services.cards import open_card
from gis.services.surveys import (
    NewSurvey,
    Visit,
    assign_visits,
    close_survey,
    create_survey,
    list_surveys,
    org_named,
    orgs_to_survey,
    record_visit,
    survey_view,
)
from tests.integration.tiny_street import CLERK, TinyStreet, person

if TYPE_CHECKING:
    from gis.model.ids import OrgId, SurveyId
    from gis.store.database import Store

NOW = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # naive UTC, as the store's clock gives
START, DUE = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def street(store: Store) -> TinyStreet:
    store.clock = lambda: NOW
    made = TinyStreet(store)
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person("禾邻", made.other, 10)])
    return made


def actor(role: Role, *orgs: OrgId) -> Actor:
    return Actor(f"u-{role.value}", role, scope_for(role, frozenset(orgs)), display_name="禾书记")


def begun(street: TinyStreet, **options: object) -> SurveyId:
    given: dict[str, object] = {"started_on": START, "assignees": {street.branch: "禾走访"}, **options}
    wanted = NewSurvey("冬季走访", org_named(CLERK, street.store, ""), DUE, **given)  # type: ignore[arg-type]  # by name
    return create_survey(CLERK, street.store, wanted)


def test_everybody_in_transition_below_is_on_the_list(street: TinyStreet):
    view = survey_view(CLERK, street.store, begun(street))
    assert (view.total.targets, view.total.open, view.total.overdue) == (8, 8, 0)
    assert [(one.branch, one.targets) for one in view.branches] == [("东风一支部", 7), ("东风二支部", 1)]
    assert {one.target.assignee for one in view.targets} == {"禾走访", ""}
    assert list(orgs_to_survey(CLERK, street.store).values()) == ["东风村党总支", "东风一支部", "东风二支部"]


def test_a_confirmed_visit_dates_card_and_address_and_is_a_contact(street: TinyStreet):
    survey, member = begun(street), street.members[0]
    record_visit(CLERK, street.store, survey, member, Visit(SurveyResult.VERIFIED, "禾走访", date(2026, 11, 20)))
    view = open_card(CLERK, street.store, member)
    assert (view.card.verified_on, view.card.verified_by) == (date(2026, 11, 20), "禾走访")
    assert (view.addresses[0].verified_on, view.addresses[0].verified_by) == (date(2026, 11, 20), "禾走访")
    (contact,) = view.contacts
    assert (contact.channel, contact.is_reached) == (ContactChannel.VISIT, True)
    # written up late, an older visit does not undo the newer one
    record_visit(CLERK, street.store, survey, member, Visit(SurveyResult.CHANGED, "禾旧", date(2026, 11, 2)))
    assert open_card(CLERK, street.store, member).card.verified_on == date(2026, 11, 20)


def test_a_door_that_stays_shut_stays_open_on_the_list(street: TinyStreet):
    survey = begun(street)
    results = (SurveyResult.NOT_HOME, SurveyResult.MOVED, SurveyResult.DECLINED, SurveyResult.VERIFIED)
    for member, result in zip(street.members, results, strict=False):
        record_visit(CLERK, street.store, survey, member, Visit(result, "禾走访"))
    total = survey_view(CLERK, street.store, survey).total
    assert (total.verified, total.other, total.open, total.not_home) == (1, 2, 5, 1)
    assert [open_card(CLERK, street.store, one).contacts[0].is_reached for one in street.members[:4]] == [
        False,
        False,
        True,
        True,
    ]
    assert open_card(CLERK, street.store, street.members[1]).card.verified_on is None
    street.store.clock = lambda: datetime(2026, 12, 1)  # noqa: DTZ001  # as above
    (line,) = list_surveys(CLERK, street.store)
    assert line.progress.overdue == 5
    assert sum(one.is_overdue for one in survey_view(CLERK, street.store, survey).targets) == 5


def test_a_closed_survey_takes_no_more_results(street: TinyStreet):
    survey = begun(street)
    assign_visits(CLERK, street.store, survey, "禾新", street.members[:2])
    assert [one.target.assignee for one in survey_view(CLERK, street.store, survey).targets][:3] == [
        "禾新",
        "禾新",
        "禾走访",
    ]
    close_survey(CLERK, street.store, survey)
    with pytest.raises(InputError, match="已经结束"):
        record_visit(CLERK, street.store, survey, street.members[0], Visit(SurveyResult.VERIFIED, "禾走访"))
    with pytest.raises(InputError, match="结束"):
        close_survey(CLERK, street.store, survey)


def test_what_cannot_be_is_refused(street: TinyStreet):
    with pytest.raises(InputError, match="起个名称"):
        create_survey(CLERK, street.store, NewSurvey(" ", street.branch, DUE))
    with pytest.raises(InputError, match="不能早于开始"):
        create_survey(CLERK, street.store, NewSurvey("走访", street.branch, date(2026, 1, 1)))
    with pytest.raises(DeniedError):
        create_survey(CLERK, street.store, NewSurvey("走访", street.other, DUE, member_ids=(street.members[0],)))
    survey = begun(street)
    for visit in (
        Visit(SurveyResult.VERIFIED, "禾", date(2026, 10, 1)),
        Visit(SurveyResult.VERIFIED, "禾", date(2026, 11, 23)),
        Visit(SurveyResult.VERIFIED, ""),
    ):
        with pytest.raises(InputError):
            record_visit(CLERK, street.store, survey, street.members[0], visit)
    assert open_card(CLERK, street.store, street.members[0]).contacts == ()


def test_a_branch_sees_its_own_part_of_the_streets_survey(street: TinyStreet):
    survey = begun(street)
    neighbour = actor(Role.BRANCH_SECRETARY, street.other)
    assert [one.name for one in survey_view(neighbour, street.store, survey).targets] == ["禾邻"]
    assert list_surveys(neighbour, street.store)[0].progress.targets == 1
    visit = Visit(SurveyResult.VERIFIED, "禾")
    with pytest.raises(NotFoundError):
        record_visit(neighbour, street.store, survey, street.members[0], visit)
    with pytest.raises(NotFoundError):
        assign_visits(neighbour, street.store, survey, "禾", [street.members[0]])
    with pytest.raises(DeniedError):
        close_survey(neighbour, street.store, survey)
    with pytest.raises(DeniedError):
        create_survey(neighbour, street.store, NewSurvey("走访", street.branch, DUE))
    own = create_survey(CLERK, street.store, NewSurvey("一支部走访", street.branch, DUE))
    with pytest.raises(NotFoundError):
        survey_view(neighbour, street.store, own)
    with pytest.raises(DeniedError):
        create_survey(actor(Role.LIAISON, street.branch), street.store, NewSurvey("走访", street.branch, DUE))
    with pytest.raises(DeniedError):
        list_surveys(actor(Role.STREET_LEADER), street.store)
