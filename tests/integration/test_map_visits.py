"""走访 on the map: the visits of one day by role, discreet for who plans, as on the list for who goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError
from gis.model.access import Action, Actor, Role, decide, scope_for
from gis.model.enums import MapPrecision
from gis.model.ids import UserId
from gis.model.visits import ResultSource, ResultState, VisitPurpose, VisitResult
from gis.services.map_visits import CONFLICT, NOT_ON_MAP, WAITING, state_of, visit_days, visits_of_day
from gis.services.visits.rounds import cancel_round
from tests.integration.tiny_street import CLERK
from tests.integration.visit_street import FIRST, VisitStreet

if TYPE_CHECKING:
    from gis.services.map_visits import VisitDay
    from gis.store.database import Store

PHONE = "13800001234"


@pytest.fixture
def street(sqlite_store: Store) -> VisitStreet:
    made = VisitStreet(sqlite_store)
    change(made, 6, phone=PHONE)
    return made


def change(street: VisitStreet, many: int, **what: object) -> None:
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        known = writer.visit_members(street.members[:many])
        writer.save_members([replace(one, **what) for one in known.values()])  # type: ignore[arg-type]  # fields by name


def say(street: VisitStreet, place: int, result: VisitResult, state: ResultState = ResultState.ACCEPTED) -> None:
    with street.store.writing(CLERK, Action.MAKE_VISITS) as writer:
        writer.add_visit_result(street.said(place, result), source=ResultSource.DESK, state=state)


def titles(found: VisitDay) -> list[list[str]]:
    return [[stop.title for stop in one.team.stops] for one in found.teams]


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_every_role_sees_the_day_as_far_as_its_part_in_visits_goes(street: VisitStreet, role: Role):
    actor = Actor("wer", role, scope_for(role, frozenset({street.branch})), UserId(77), "某某")
    if not decide(role, Action.MAKE_VISITS).is_allowed:
        for ask in (visit_days, lambda a, s: visits_of_day(a, s, FIRST)):
            with pytest.raises(DeniedError):
                ask(actor, street.store)
        return
    plans = decide(role, Action.PLAN_VISITS).is_allowed
    assert dict(visit_days(actor, street.store)) == ({FIRST: 6} if plans else {})
    assert titles(visits_of_day(actor, street.store, FIRST)) == (
        [["禾一", "禾二", "禾三"], ["禾四", "禾五", "禾六"]] if plans else []
    )


def test_another_branch_sees_nothing(street: VisitStreet):
    scope = scope_for(Role.BRANCH_SECRETARY, frozenset({street.street.other}))
    actor = Actor("wai", Role.BRANCH_SECRETARY, scope, UserId(5))
    assert not visit_days(actor, street.store)
    assert not visits_of_day(actor, street.store, FIRST).teams


def test_who_goes_sees_the_own_team_as_on_the_list_and_a_planner_no_telephone(street: VisitStreet):
    (own,) = visits_of_day(street.liaison, street.store, FIRST).teams
    assert own.is_own
    assert dict(visit_days(street.liaison, street.store)) == {FIRST: 3}
    seen = visits_of_day(CLERK, street.store, FIRST).teams
    assert not any(one.is_own for one in seen)
    for one in seen:
        assert {(target.phone, target.team_phone) for stop in one.team.stops for target in stop.targets} == {("", "")}
        assert {(stop.unit, stop.room) for stop in one.team.stops} == {("", "")}
        assert len(one.legs) == 2  # from the first of three to the last; the teams have no start


def test_a_draft_a_cancelled_round_and_another_day_are_not_there(street: VisitStreet):
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        writer.add_visit_round(street.round(street.branch, (VisitPurpose.STUDY,), FIRST + timedelta(days=3)))
    assert dict(visit_days(CLERK, street.store)) == {FIRST: 6}
    assert not visits_of_day(CLERK, street.store, FIRST + timedelta(days=1)).teams
    cancel_round(CLERK, street.store, street.round_id, 2)
    assert not visit_days(CLERK, street.store)
    assert not visits_of_day(CLERK, street.store, FIRST).teams


def test_what_came_of_a_stop_and_the_totals(street: VisitStreet):
    say(street, 0, VisitResult.MET)
    say(street, 1, VisitResult.NOT_HOME)
    say(street, 3, VisitResult.MET)
    say(street, 3, VisitResult.MOVED, ResultState.CONFLICT)
    found = visits_of_day(CLERK, street.store, FIRST)
    states = [state_of(stop) for one in found.teams for stop in one.team.stops]
    assert states == ["met", "not_home", WAITING, CONFLICT, WAITING, WAITING]
    assert (len(found.teams), found.n_stops, found.n_done, found.is_past) == (2, 6, 3, True)


@pytest.mark.parametrize("precision", [MapPrecision.GRID, MapPrecision.HIDDEN])
def test_who_does_not_want_to_be_on_the_map_is_found_by_the_own_team_only(street: VisitStreet, precision: MapPrecision):
    change(street, 1, map_precision=precision)
    hidden = visits_of_day(CLERK, street.store, FIRST)
    stop = hidden.teams[0].team.stops[0]
    assert (stop.lonlat, stop.place, hidden.n_without_place) == (None, NOT_ON_MAP, 1)
    assert len(hidden.teams[0].legs) == 1
    own = visits_of_day(street.liaison, street.store, FIRST)
    assert own.teams[0].team.stops[0].lonlat is not None


def test_to_who_is_restricted_nobody_goes(street: VisitStreet):
    change(street, 1, restricted_on=date(2026, 11, 1))
    assert titles(visits_of_day(street.liaison, street.store, FIRST)) == [["禾二", "禾三"]]
    stop = visits_of_day(CLERK, street.store, FIRST).teams[0].team.stops[0]
    assert (stop.lonlat, stop.place) == (None, "不再上门")
