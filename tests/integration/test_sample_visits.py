"""Visits of the made-up street: enough to show every screen, and made the way that real ones are."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gis.model.access import operator
from gis.model.ids import RoundId
from gis.model.visits import ResultState, RoundState
from gis.services.accounts import SYSTEM, create_demo_accounts
from gis.services.sample.street import SampleRequest, sample_street
from gis.services.sample.visits import sample_visits
from gis.services.visits.due import DueRequest, list_due
from gis.services.visits.proposing import TeamRequest, VisitRequest, propose_visits
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.model.visits import KeptResult, VisitRound
    from gis.store.database import Store

SEED = 7


def make(store: Store, members: int = 1366) -> int:
    sample_street(operator(), store, SampleRequest(SEED, members))
    create_demo_accounts(SYSTEM, store)
    return sample_visits(operator(), store, SEED)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('visits') / 'jiujin.db'}")) as store:
        assert make(store) == 7
        yield store


def rounds_of(store: Store) -> list[tuple[VisitRound, tuple[KeptResult, ...]]]:
    with store.reading(operator().scope) as reader:
        ids = sorted(one.id for one in reader.visit_rounds() if one.id is not None)
        found = [(reader.visit_round(one), reader.visit_results(one)) for one in ids]
    return [(one, results) for one, results in found if one is not None]


def test_a_round_of_each_village_is_over_with_a_result_for_everybody(street: Store):
    over = [(one, said) for one, said in rounds_of(street) if one.state is RoundState.CLOSED]
    assert len(over) == 5
    for one, said in over:
        targets = {target.id for team in one.teams for stop in team.stops for target in stop.targets}
        assert {result.target_id for result in said} == targets
        assert {result.state for result in said} == {ResultState.ACCEPTED}


def test_last_week_waits_for_one_decision_and_two_results(street: Store):
    open_rounds = [(one, said) for one, said in rounds_of(street) if one.state is RoundState.ISSUED]
    week, said = open_rounds[0]
    n_targets = sum(len(stop.targets) for team in week.teams for stop in team.stops)
    assert [one.state for one in said].count(ResultState.CONFLICT) == 1
    assert [one.state for one in said].count(ResultState.ACCEPTED) == n_targets - 2
    assert week.last_day <= street.today()
    with street.reading(operator().scope) as reader:
        sheets = reader.visit_sheets(week.id) if week.id is not None else ()
    assert [one.returned_on is None for one in sheets] == [False, True]


def test_the_coming_round_is_carried_by_accounts_that_see_their_members(street: Store):
    coming, said = rounds_of(street)[-1]
    assert (coming.state, said) == (RoundState.ISSUED, ())
    assert coming.first_day > street.today()
    with street.reading(operator().scope) as reader:
        accounts = {one.id: one for one in reader.accounts()}
        branch_of = {one.id: one.branch_id for one in reader.members()}
    (first,) = coming.teams
    names = {accounts[one.user_id].username for one in first.visitors if one.user_id is not None}
    assert names == {"lianluo", "zuzhang"}
    reach = {root for one in first.visitors if one.user_id is not None for root in accounts[one.user_id].org_roots}
    assert {branch_of[target.member_id] for stop in first.stops for target in stop.targets} == reach
    assert coming.org_id in reach  # so that the secretary of the branch sees it too
    assert 3 <= len(first.stops) <= 6
    with street.reading(operator().scope) as reader:
        assert [one.returned_on for one in reader.visit_sheets(coming.id or RoundId(0))] == [None]


@pytest.mark.parametrize("days", [1, 2, 5, 8])
def test_enough_of_those_due_stay_for_the_planner(street: Store, days: int):
    coming, _ = rounds_of(street)[-1]
    day = street.today() + timedelta(days=days)
    with street.reading(operator().scope) as reader:
        above = {one.id: one.parent_id for one in reader.orgs()}[coming.org_id]
    for org_id, least in ((coming.org_id, 5), (above, 7)):  # some have no time on a single day
        assert org_id is not None
        asked = VisitRequest(org_id, (day,), teams=(TeamRequest(),) * 3, seconds=0.0)
        planned = propose_visits(operator(), street, asked).round
        assert sum(len(team.stops) for team in planned.teams) >= least


def test_the_due_list_looks_alive(street: Store):
    today = street.today()
    with street.reading(operator().scope) as reader:
        top = next(one.id for one in reader.orgs() if one.parent_id is None)
    assert top is not None
    due = list_due(operator(), street, DueRequest(top, today + timedelta(days=1), today + timedelta(days=7)))
    assert 30 <= len(due.due) <= 70


def test_results_are_contacts_and_some_like_certain_hours(street: Store):
    with street.reading(operator().scope) as reader:
        met = {one.member_id for one in reader.visit_records(street.today() - timedelta(days=60), street.today())}
        last = reader.last_contacts(met)
        windows = [one for one in reader.cards().values() if one.visit_from_min is not None]
    assert len(met) > 40
    assert set(last) == met
    assert 5 <= len(windows) <= 40


def test_a_tiny_street_and_one_without_accounts_are_made_too(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'tiny.db'}")) as store:
        sample_street(operator(), store, SampleRequest(3, 50))
        assert sample_visits(operator(), store, 3) >= 2


def test_the_same_seed_gives_the_same_rounds_to_the_minute(tmp_path: Path):
    def made(name: str) -> list[object]:
        with closing(open_store(f"sqlite:///{tmp_path / name}")) as store:
            make(store, 400)
            found: list[object] = []
            for one, results in rounds_of(store):
                said = [(each.target_id, each.result, each.note, each.next_on) for each in results]
                with store.reading(operator().scope) as reader:
                    sheets = [
                        (each.number, each.holder, each.expires_on)
                        for each in reader.visit_sheets(one.id or RoundId(0))
                    ]
                found.append((one.name, one.teams, one.left_out, one.options, one.scores, said, sheets))
            return found

    first = made("a.db")
    assert len(first) >= 3
    assert first == made("b.db")
