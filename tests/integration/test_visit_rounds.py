"""Rounds on both databases: kept, changed without losing results, carried through their life, and seen by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, Scope, scope_for
from gis.model.ids import RoundId
from gis.model.visits import LeftOut, ResultSource, ResultState, RoundState, VisitPurpose, VisitResult, VisitTeam
from gis.services.visits.rounds import cancel_round, close_round, discard_round, issue_round, rename_round
from gis.services.visits.views import list_rounds, open_round
from gis.store.schema import AuditRow
from tests.integration.tiny_street import CLERK, person
from tests.integration.visit_street import FIRST, LAST, NOW, VisitStreet

if TYPE_CHECKING:
    from gis.model.visits import VisitRound
    from gis.store.database import Store


@pytest.fixture
def street(store: Store) -> VisitStreet:
    return VisitStreet(store)


def read(street: VisitStreet, actor: Actor = CLERK, number: RoundId | None = None) -> VisitRound:
    with street.store.reading(actor.scope) as reader:
        found = reader.visit_round(number or street.round_id)
    assert found is not None
    return found


def save(street: VisitStreet, wanted: VisitRound) -> int:
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        return writer.save_visit_round(wanted)


def result(street: VisitStreet, place: int, code: VisitResult = VisitResult.MET) -> None:
    with street.store.writing(CLERK, Action.MAKE_VISITS) as writer:
        writer.add_visit_result(street.said(place, code), source=ResultSource.DESK, state=ResultState.ACCEPTED)


def test_a_round_comes_back_as_it_was_kept(street: VisitStreet):
    found = read(street)
    assert (found.state, found.org_id, found.version) == (RoundState.ISSUED, street.branch, 2)
    assert [len(team.stops) for team in found.teams] == [3, 3]
    first = found.teams[0].stops[0]
    assert first.arrive.hour == 9
    assert first.targets[0].purposes == (VisitPurpose.STUDY,)
    assert found.teams[0].visitors[0].user_id == street.user_id
    assert found.teams[0].shifts[0].from_min == 510


def test_what_is_meant_as_before_keeps_its_ids_through_any_change(street: VisitStreet):
    before = read(street)
    one, two = before.teams
    moved = replace(two.stops[0], position=1, targets=two.stops[0].targets)
    teams = (
        replace(two, number=1, stops=two.stops[1:]),
        replace(one, number=2, stops=(moved, *one.stops[:2])),
    )
    new = save(street, replace(before, teams=teams, left_out=(LeftOut((street.members[2],), "dropped", "改为电话"),)))
    after = read(street)
    assert after.version == new > before.version
    assert [team.id for team in after.teams] == [two.id, one.id]
    ids = {stop.id: {target.id for target in stop.targets} for team in before.teams for stop in team.stops}
    for team in after.teams:
        for stop in team.stops:
            assert ids[stop.id] == {target.id for target in stop.targets}
    assert after.left_out[0].member_ids == (street.members[2],)


def test_a_target_said_again_without_its_id_is_the_same_target_at_another_door(street: VisitStreet):
    before = read(street)
    result(street, 1)
    one, two = before.teams
    door = replace(one.stops[1], id=None, targets=tuple(replace(target, id=None) for target in one.stops[1].targets))
    save(street, replace(before, teams=(replace(one, stops=(one.stops[0], one.stops[2], door)), two)))
    after = read(street)
    there = {target.member_id: target.id for stop in after.teams[0].stops for target in stop.targets}
    assert there[street.members[1]] == street.targets[1]
    assert one.stops[1].id not in {stop.id for stop in after.teams[0].stops}
    with street.store.reading(CLERK.scope) as reader:
        assert [kept.target_id for kept in reader.visit_results(street.round_id)] == [street.targets[1]]


def test_who_has_a_result_stays_in_the_round(street: VisitStreet):
    before = read(street)
    result(street, 0)
    one, two = before.teams
    with pytest.raises(InputError, match="禾一已经登记了走访结果"):
        save(street, replace(before, teams=(replace(one, stops=one.stops[1:]), two)))
    assert read(street) == before


def test_a_team_whose_sheet_was_made_stays(street: VisitStreet):
    street.sheet(1)
    before = read(street)
    one, two = before.teams
    with pytest.raises(InputError, match="走访单"):
        save(street, replace(before, teams=(replace(one, stops=(*one.stops, *two.stops)),)))
    emptied = (replace(one, stops=(*one.stops, *two.stops)), replace(two, stops=()))
    save(street, replace(before, teams=emptied))
    assert [len(team.stops) for team in read(street).teams] == [6, 0]


def test_nobody_is_put_in_twice(street: VisitStreet):
    before = read(street)
    one, two = before.teams
    twice = replace(two, stops=(*two.stops, replace(one.stops[0], id=None)))
    with pytest.raises(InputError, match="只能排一次"):
        save(street, replace(before, teams=(one, twice)))


def test_of_two_who_change_it_the_later_is_told(street: VisitStreet):
    before = read(street)
    save(street, replace(before, name="改名"))
    with pytest.raises(StaleError, match="请刷新") as error:
        save(street, replace(before, name="又改"))
    assert (error.value.mine, error.value.theirs) == (before.version, before.version + 1)


def test_a_change_below_the_round_alone_is_a_new_version(street: VisitStreet):
    before = read(street)
    one, two = before.teams
    assert save(street, replace(before, teams=(replace(one, visitors=one.visitors[:1]), two))) == before.version + 1
    assert [who.name for who in read(street).teams[0].visitors] == ["禾走访"]


def test_the_life_of_a_round(street: VisitStreet):
    draft = replace(street.round(street.branch, (VisitPurpose.STUDY,), NOW.date()), name="下一批")
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        number = writer.add_visit_round(draft)
    version = rename_round(CLERK, street.store, number, 1, " 十一月第二批 ", "先打电话")
    issued = issue_round(CLERK, street.store, number, version)
    assert (issued.n_teams, issued.n_targets, issued.n_done, issued.n_open) == (2, 6, 0, 6)
    assert any("没有可用的账号" in one for one in issued.warnings)
    with pytest.raises(InputError, match="只有草案可以下发"):
        issue_round(CLERK, street.store, number, issued.version)
    with pytest.raises(InputError, match="不能删除"):
        discard_round(CLERK, street.store, number, issued.version)
    with pytest.raises(StaleError):
        close_round(CLERK, street.store, number, version)
    closed = close_round(CLERK, street.store, number, issued.version)
    assert closed.warnings == ("6 人没有走访结果，计为未走访，下次仍会列入",)
    with pytest.raises(InputError, match="已结束，不能取消"):
        cancel_round(CLERK, street.store, number, closed.version)
    found = read(street, number=number)
    assert (found.name, found.note, found.state) == ("十一月第二批", "先打电话", RoundState.CLOSED)
    with pytest.raises(InputError, match="不能再改"):
        save(street, found)


def test_a_draft_can_be_discarded_and_nothing_of_it_stays(street: VisitStreet):
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        number = writer.add_visit_round(street.round(street.branch, (VisitPurpose.STUDY,)))
    discard_round(CLERK, street.store, number, 1)
    with pytest.raises(NotFoundError):
        open_round(CLERK, street.store, number)
    assert [one.id for one in list_rounds(CLERK, street.store)] == [street.round_id]


def test_a_round_without_a_stop_or_in_the_past_is_not_issued(street: VisitStreet):
    empty = replace(street.round(street.branch, ()), teams=(VisitTeam(1, (), ()),), last_day=NOW.date())
    past = street.round(street.branch, (VisitPurpose.STUDY,), FIRST - timedelta(days=9))
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        numbers = [writer.add_visit_round(one) for one in (empty, past)]
    for number, said in zip(numbers, ("还没有安排任何一户", "已过"), strict=True):
        with pytest.raises(InputError, match=said):
            issue_round(CLERK, street.store, number, 1)


def test_results_that_contradict_keep_a_round_open(street: VisitStreet):
    result(street, 0)
    with street.store.writing(CLERK, Action.MAKE_VISITS) as writer:
        said = street.said(0, VisitResult.NOT_HOME, key="other")
        writer.add_visit_result(said, source=ResultSource.FILE, state=ResultState.CONFLICT)
    with pytest.raises(InputError, match="1 条结果互相不一致"):
        close_round(CLERK, street.store, street.round_id, 2)
    (line,) = list_rounds(CLERK, street.store)
    assert (line.n_teams, line.n_stops, line.n_targets, line.n_done, line.n_met, line.n_conflicts) == (2, 6, 6, 1, 1, 1)


def test_every_step_is_in_the_audit_without_anybody_s_name(street: VisitStreet):
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        number = writer.add_visit_round(street.round(street.branch, (VisitPurpose.STUDY,), NOW.date()))
    issued = issue_round(CLERK, street.store, number, 1)
    cancel_round(CLERK, street.store, number, issued.version)
    with street.store.engine.connect() as connection:
        rows = connection.execute(select(AuditRow.summary).order_by(AuditRow.id.desc()).limit(2)).scalars().all()
    assert set(rows) == {
        "下发一批走访：2 组，6 人，已登记结果 0 人",
        "取消一批走访：2 组，6 人，已登记结果 0 人",
    }


def test_other_branches_see_nothing_and_counts_only_sees_nothing(street: VisitStreet):
    other = Actor("b", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.street.other})))
    leader = Scope(whole_street=True)
    for scope in (other.scope, leader, None):
        with street.store.reading(scope) as reader:
            assert reader.visit_rounds() == ()
            assert reader.visit_round(street.round_id) is None
            assert reader.visit_counts() == {}
            assert reader.last_visits() == {}
            assert reader.visit_results(street.round_id) == ()
            assert reader.visit_sheets(street.round_id) == ()
    for act in (issue_round, close_round, cancel_round, discard_round):
        with pytest.raises(NotFoundError):
            act(other, street.store, street.round_id, 2)
    with pytest.raises(DeniedError):
        list_rounds(Actor("l", Role.STREET_LEADER, leader), street.store)
    with pytest.raises(DeniedError):
        close_round(street.liaison, street.store, street.round_id, 2)


def test_who_moved_to_another_branch_does_not_come_out_and_is_not_lost(street: VisitStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        member = writer.visit_members([street.members[0]])[street.members[0]]
        writer.save_members([replace(member, branch_id=street.street.other)])
    seen = read(street, street.secretary)
    assert street.members[0] not in {t.member_id for team in seen.teams for stop in team.stops for t in stop.targets}
    with street.store.writing(street.secretary, Action.PLAN_VISITS) as writer:
        writer.save_visit_round(replace(seen, name="改名"))
    with street.store.reading(CLERK.scope) as reader:
        assert reader.round_of_target(street.targets[0]) is not None
    with street.store.reading(street.secretary.scope) as reader:
        assert reader.round_of_target(street.targets[0]) is None


def test_last_visits_name_the_latest_with_who_went(street: VisitStreet):
    result(street, 0)
    result(street, 1, VisitResult.NOT_HOME)
    with street.store.reading(CLERK.scope) as reader:
        found = reader.last_visits()
        assert {member: one.result for member, one in found.items()} == {
            street.members[0]: VisitResult.MET,
            street.members[1]: VisitResult.NOT_HOME,
        }
        assert found[street.members[0]].by_names == ("禾走访", "禾同行")
        assert reader.last_visits([street.members[1]], results=(VisitResult.MET,)) == {}
        assert reader.visited_in(FIRST, LAST) == {
            street.members[0]: {VisitResult.MET},
            street.members[1]: {VisitResult.NOT_HOME},
        }
        assert reader.last_met_for() == {street.members[0]: {VisitPurpose.STUDY: FIRST}}
        assert set(reader.visits_planned(FIRST, LAST)) == set(street.members[2:6])


def test_members_besides_the_branch_are_found(street: VisitStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (new,) = writer.save_members([person("禾邻", street.street.other, 10)])
    with street.store.reading(street.secretary.scope) as reader:
        assert reader.visit_members([new]) == {}
