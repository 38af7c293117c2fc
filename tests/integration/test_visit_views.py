"""What of a round is seen by whom: telephones and rooms above all (domain.md 2B)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, decide, scope_for
from gis.model.ids import RoundId, UserId
from gis.model.visits import ResultSource, ResultState, RoundState, Visitor, VisitPurpose, VisitResult
from gis.services.visits.rounds import close_round
from gis.services.visits.views import list_rounds, my_teams, open_round, open_sheet_team, possible_visitors
from tests.integration.tiny_street import CLERK, person
from tests.integration.visit_street import LAST, NOW, VisitStreet

if TYPE_CHECKING:
    from gis.model.ids import OrgId
    from gis.services.visits.views import RoundView, TeamView
    from gis.store.database import Store

PHONE = "13800001234"


@pytest.fixture
def street(store: Store) -> VisitStreet:
    made = VisitStreet(store)
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        known = writer.visit_members(made.members)
        writer.save_members([replace(one, phone=PHONE) for one in known.values()])
    return made


def account(street: VisitStreet, name: str, role: Role, *orgs: OrgId) -> Actor:
    with street.store.writing(CLERK, Action.MANAGE_USERS) as writer:
        number = writer.add_account(name, name, role, "-", must_change=False)
        writer.set_scope(number, list(orgs))
    return Actor(name, role, scope_for(role, frozenset(orgs)), number, name)


def send(street: VisitStreet, *visitors: Visitor, team: int = 0, org: OrgId | None = None) -> None:
    """Have these go in a team."""
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        found = writer.visit_round(street.round_id)
        assert found is not None
        teams = [replace(one, visitors=visitors) if k == team else one for k, one in enumerate(found.teams)]
        writer.save_visit_round(replace(found, teams=tuple(teams), org_id=org or found.org_id))


def phones(view: RoundView | TeamView) -> set[str]:
    teams = view.teams if hasattr(view, "teams") else (view,)
    return {one.phone for team in teams for stop in team.stops for one in stop.targets}


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_every_role_sees_of_a_round_what_it_may(street: VisitStreet, role: Role):
    actor = Actor("wer", role, scope_for(role, frozenset({street.branch})), UserId(77), "某某")
    if decide(role, Action.PLAN_VISITS).is_allowed:
        view = open_round(actor, street.store, street.round_id)
        assert phones(view) == {PHONE}
        assert view.can_edit
        assert [one.id for one in list_rounds(actor, street.store)] == [street.round_id]
    elif decide(role, Action.MAKE_VISITS).is_allowed:  # goes in no team
        with pytest.raises(NotFoundError):
            open_round(actor, street.store, street.round_id)
        assert list_rounds(actor, street.store) == ()
        assert my_teams(actor, street.store) == ()
    else:
        for ask in (list_rounds, my_teams):
            with pytest.raises(DeniedError):
                ask(actor, street.store)
        with pytest.raises(DeniedError):
            open_round(actor, street.store, street.round_id)


@pytest.mark.parametrize("role", [one for one in Role if decide(one, Action.MAKE_VISITS).is_allowed], ids=str)
def test_a_team_dials_only_where_every_one_of_it_has_an_account_that_covers_the_member(street: VisitStreet, role: Role):
    one = account(street, "甲", role, street.branch)
    two = account(street, "乙", Role.LIAISON, street.branch)
    far = account(street, "丙", Role.LIAISON, street.street.other)
    whoever = Visitor(one.display_name, one.user_id)
    for others, may in (
        ((), True),
        ((Visitor("乙", two.user_id),), True),
        ((Visitor("没有账号的"),), False),
        ((Visitor("丙", far.user_id),), False),
    ):
        send(street, whoever, *others)
        team = open_round(CLERK, street.store, street.round_id).teams[0]
        assert team.may_see_phone is may
        assert {target.team_phone for stop in team.stops for target in stop.targets} == {PHONE if may else ""}
        assert phones(team) == {PHONE}  # the planner's own view
        if role in (Role.GROUP_LEADER, Role.LIAISON):
            ((_, mine),) = my_teams(one, street.store)
            assert phones(mine) == {PHONE if may else ""}
            assert phones(open_round(one, street.store, street.round_id)) == {PHONE if may else ""}


def test_an_account_that_was_closed_dials_no_more(street: VisitStreet):
    two = account(street, "乙", Role.LIAISON, street.branch)
    send(street, Visitor("禾走访", street.user_id), Visitor("乙", two.user_id))
    assert phones(my_teams(street.liaison, street.store)[0][1]) == {PHONE}
    with street.store.writing(CLERK, Action.MANAGE_USERS) as writer:
        writer.set_active(two.user_id or UserId(0), is_active=False)
    assert phones(my_teams(street.liaison, street.store)[0][1]) == {""}


def test_who_goes_sees_only_their_own_team_and_nobody_left_out(street: VisitStreet):
    view = open_round(street.liaison, street.store, street.round_id)
    assert [team.team.number for team in view.teams] == [1]
    assert (view.n_targets, view.can_edit, view.left_out, view.warnings) == (3, False, (), ())
    (line,) = list_rounds(street.liaison, street.store)
    assert (line.n_teams, line.n_stops, line.n_targets) == (1, 3, 3)


def test_a_draft_is_seen_by_planners_alone(street: VisitStreet):
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        number = writer.add_visit_round(street.round(street.branch, (VisitPurpose.STUDY,)))
    assert open_round(CLERK, street.store, number).round.state is RoundState.DRAFT
    with pytest.raises(NotFoundError):
        open_round(street.liaison, street.store, number)
    assert [view.round.id for view, _ in my_teams(street.liaison, street.store)] == [street.round_id]


def test_in_a_round_of_the_village_a_visitor_sees_own_members_only(street: VisitStreet):
    with street.store.reading(CLERK.scope) as reader:
        village = next(org.id for org in reader.orgs() if org.parent_id is None)
    assert village is not None
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (far,) = writer.save_members([person("禾邻", street.street.other, 10, phone=PHONE)])
        found = writer.visit_round(street.round_id)
        assert found is not None
        one, two = found.teams
        door = replace(street.stop(far, 4, (VisitPurpose.STUDY,), LAST), position=4)
        writer.save_visit_round(replace(found, org_id=village, teams=(replace(one, stops=(*one.stops, door)), two)))
    ((view, team),) = my_teams(street.liaison, street.store)
    assert [stop.title for stop in team.stops] == ["禾一", "禾二", "禾三"]
    assert view.round.org_id == village
    with pytest.raises(NotFoundError):  # a planner below the village, in none of its teams
        open_round(street.secretary, street.store, street.round_id)
    sheet = street.sheet(0)
    assert open_sheet_team(street.liaison, street.store, sheet)[1].n_targets == 3
    team_of_all = open_round(CLERK, street.store, street.round_id).teams[0]
    assert (team_of_all.n_targets, team_of_all.may_see_phone) == (4, False)


def test_a_sheet_opens_while_it_holds_and_says_why_no_longer(street: VisitStreet):
    sheet = street.sheet(0)
    view, team, found = open_sheet_team(street.liaison, street.store, f" {sheet.lower()} ")
    assert (view.round.id, team.team.number, found.number) == (street.round_id, 1, sheet)
    for number in ("SX-0", street.sheet(1)):
        with pytest.raises(NotFoundError, match="没有单号为"):
            open_sheet_team(street.liaison, street.store, number)
    street.void(sheet)
    old = street.sheet(0, number="SX-ALT", expires=NOW.date() - timedelta(days=1))
    for number, said in ((sheet, "作废"), (old, "到期")):
        with pytest.raises(InputError, match=said):
            open_sheet_team(street.liaison, street.store, number)
        assert open_sheet_team(CLERK, street.store, number)[2].number == number  # the desk still enters it
    new = street.sheet(0, number="SX-NEU")
    close_round(CLERK, street.store, street.round_id, 2)
    with pytest.raises(InputError, match="已结束"):
        open_sheet_team(street.liaison, street.store, new)


def test_my_teams_end_when_their_sheets_do(street: VisitStreet):
    street.now = NOW + timedelta(days=6)
    assert len(my_teams(street.liaison, street.store)) == 1
    street.now = NOW + timedelta(days=7)
    assert my_teams(street.liaison, street.store) == ()
    assert my_teams(CLERK, street.store) == ()  # the command line has no account


def test_results_and_conflicts_stand_with_their_member(street: VisitStreet):
    with street.store.writing(CLERK, Action.MAKE_VISITS) as writer:
        for said, state in (
            (street.said(0, VisitResult.MET), ResultState.ACCEPTED),
            (street.said(0, VisitResult.NOT_HOME), ResultState.CONFLICT),
        ):
            writer.add_visit_result(said, source=ResultSource.DESK, state=state)
    view = open_round(CLERK, street.store, street.round_id)
    assert (view.n_targets, view.n_done, view.n_met, view.n_conflicts) == (6, 1, 1, 1)
    target = view.teams[0].stops[0].targets[0]
    assert target.result is not None
    assert (target.name, target.age, target.n_conflicts, target.result.result) == ("禾一", 70, 1, VisitResult.MET)
    assert target.last_visit is not None


def test_of_who_is_restricted_or_has_left_no_phone_is_seen_and_the_planner_is_told(street: VisitStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        known = writer.visit_members(street.members[:1])
        writer.save_members([replace(one, restricted_on=date(2026, 11, 1)) for one in known.values()])
    view = open_round(CLERK, street.store, street.round_id)
    assert view.teams[0].stops[0].targets[0].phone == ""
    assert any("禾一已申请限制处理" in one for one in view.warnings)


def test_a_team_of_one_and_one_without_account_are_warned_about(street: VisitStreet):
    send(street, Visitor("禾走访", street.user_id))
    send(street, team=1)
    said = open_round(CLERK, street.store, street.round_id).warnings
    assert said[0] == "第 1 组只有禾走访一人：上门宜两人同行"
    assert said[1] == "第 2 组还没有写明走访人：上门宜两人同行"


def test_visitors_to_choose_are_the_accounts_that_reach_somebody_of_it(street: VisitStreet):
    account(street, "乙", Role.GROUP_LEADER, street.branch)
    account(street, "丙", Role.LIAISON, street.street.other)
    account(street, "丁", Role.SYS_ADMIN)
    account(street, "戊", Role.STREET_CLERK)
    assert {one.name for one in possible_visitors(CLERK, street.store, street.branch)} == {"禾走访", "乙", "戊"}
    with pytest.raises(DeniedError):
        possible_visitors(street.secretary, street.store, street.street.other)
    with pytest.raises(DeniedError):
        possible_visitors(street.liaison, street.store, street.branch)


def test_a_round_of_many_stops_is_a_handful_of_queries(street: VisitStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        more = writer.save_members([person(f"禾{n}", street.branch, n) for n in range(150)])
        found = street.round(street.branch, (VisitPurpose.STUDY,), LAST)
        stops = [
            street.stop(member, place % 9 + 1, (VisitPurpose.STUDY,), LAST)
            for place, member in enumerate(more, start=1)
        ]
        placed = tuple(replace(stop, position=place) for place, stop in enumerate(stops, start=1))
        big = writer.add_visit_round(replace(found, teams=(replace(found.teams[0], stops=placed),)))
    counts = []
    for number in (street.round_id, big):
        asked: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_more: object, asked: list[str] = asked) -> None:
            asked.append(statement)

        event.listen(street.store.engine, "before_cursor_execute", note)
        open_round(CLERK, street.store, number)
        event.remove(street.store.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


def test_a_round_that_is_not_there_is_said_to_be_so(street: VisitStreet):
    with pytest.raises(NotFoundError, match="没有编号为 4711 的走访批次"):
        open_round(CLERK, street.store, RoundId(4711))
