"""Who is due, from the tables to the sentence, on both databases; and the commands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.contact import ContactChannel, ContactEntry, Survey
from gis.model.enums import Precision
from gis.model.ids import MemberId, UserId
from gis.model.meetings import AffairType, Session, SessionKind
from gis.model.modes import NewModeDecision, StudyMode
from gis.model.people import Residence
from gis.model.rights import Consent, ConsentAnswer, ConsentMethod, ConsentScope
from gis.model.visits import DueKind, ResultSource, ResultState, VisitResult
from gis.services.visits.due import DueList, DueRequest, list_due
from tests.integration.life_street import CLERK, LifeStreet
from tests.integration.tiny_street import person
from tests.integration.visit_street import VisitStreet

if TYPE_CHECKING:
    from gis.model.ids import OrgId
    from gis.store.database import Store

DAY = date(2026, 11, 24)


@pytest.fixture
def street(store: Store) -> LifeStreet:
    """Three members in transition, seen on 15 November."""
    made = LifeStreet(store)
    for member in made.members:
        contact(made, member, date(2026, 11, 15))
    return made


def contact(street: LifeStreet, member: MemberId, day: date, **more: Any) -> None:
    with street.store.writing(CLERK, Action.LOG_CONTACTS) as writer:
        writer.add_contact(member, ContactEntry(day, ContactChannel.PHONE, "禾书记", is_reached=True, **more))


def decide(street: LifeStreet, place: int, mode: StudyMode, since: date) -> None:
    with street.store.writing(CLERK, Action.SET_MODES) as writer:
        writer.decide_study_modes([NewModeDecision(street.members[place], mode, mode, "preference", {})], since)


def due(street: LifeStreet, *, first: date = DAY, days: int = 3, org: OrgId | None = None, **more: Any) -> DueList:
    request = DueRequest(org or street.branches[0], first, first + timedelta(days=days - 1), **more)
    return list_due(CLERK, street.store, request)


def said(found: DueList) -> dict[MemberId, list[str]]:
    return {one.member_id: [why.text for why in one.reasons] for one in found.due}


def test_who_was_reached_lately_is_not_due_and_who_was_not_is(street: LifeStreet):
    one = street.members[0]
    assert due(street).due == ()
    street.today = date(2026, 12, 16)
    assert said(due(street, first=date(2026, 12, 17))) == {
        member: ["超期未联系：上次 11 月 15 日，已过 31 天（应 30 天内联系一次）"] for member in street.members
    }
    contact(street, one, date(2026, 12, 16), next_on=date(2026, 12, 18))
    found = due(street, first=date(2026, 12, 17))
    assert said(found)[one] == ["已约好：12 月 16 日约定 12 月 18 日再联系"]
    assert [(vis.member_id, vis.overdue_days) for vis in found.due] == [
        (street.members[2], 1),
        (street.members[1], 1),
        (one, 0),
    ]


def test_home_study_from_decision_to_visit(street: LifeStreet):
    decide(street, 0, StudyMode.DELIVER_STUDY_HOME, date(2026, 11, 1))
    (one,) = due(street).due
    assert [why.kind for why in one.reasons] == [DueKind.HOME_STUDY]
    assert one.reasons[0].text == "入户送学：11 月 1 日定为入户送学，还没有上门送学记录（至少 30 天一次）"
    assert due(street, kinds=(DueKind.OVERDUE,)).due == ()
    assert due(street, org=street.branches[1]).due == ()
    assert len(due(street, org=street.villages[0]).due) == 1


def test_a_session_of_the_group_brings_its_members_and_else_the_fixed_day(street: LifeStreet):
    street.seat(street.members)
    decide(street, 0, StudyMode.DELIVER_STUDY_GROUP, date(2026, 11, 1))
    decide(street, 1, StudyMode.DELIVER_STUDY_HOME, date(2026, 11, 1))
    fixed = due(street, first=date(2026, 12, 4), days=5, kinds=(DueKind.GROUP_SESSION,))
    assert {one.member_id for one in fixed.due} == {street.members[0], street.members[2]}
    assert {(one.group_id is not None, one.session_id) for one in fixed.due} == {(True, None)}
    assert "固定学习日（还没有登记组织生活）" in fixed.due[0].reasons[0].text
    group = fixed.due[0].group_id
    planned = Session(
        None, street.branches[0], SessionKind.GROUP_MEETING, AffairType.DAILY_STUDY, at(12, 10), "读报", group_id=group
    )
    with street.store.writing(CLERK, Action.HOLD_SESSIONS) as writer:
        number = writer.save_session(planned)
    assert due(street, first=date(2026, 12, 4), days=5, kinds=(DueKind.GROUP_SESSION,)).due == ()
    found = due(street, first=date(2026, 12, 10), days=1, kinds=(DueKind.GROUP_SESSION,)).due
    assert {one.session_id for one in found} == {number}
    assert found[0].reasons[0].text == "小组学习：12 月 10 日 14:00，东风小组，读报"


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 14)  # noqa: DTZ001  # local


def test_open_surveys_are_answered_on_the_way(street: LifeStreet):
    with street.store.writing(CLERK, Action.RUN_SURVEYS) as writer:
        survey = Survey(0, "冬季摸排", street.villages[0], date(2026, 11, 1), date(2026, 11, 30))  # type: ignore[arg-type]  # given when it is kept
        writer.add_survey(survey, {street.members[1]: ""})
    assert said(due(street)) == {street.members[1]: ["摸排未完成：“冬季摸排”还没有走访，应在 11 月 30 日前完成"]}


def test_who_cannot_be_called_on_is_said_with_what_would_help(street: LifeStreet):
    one, two, three = street.members
    with street.store.writing(CLERK, Action.MANAGE_CONSENT) as writer:
        refusal = Consent(
            one, ConsentScope.EXACT_LOCATION, ConsentAnswer.REFUSED, date(2026, 11, 1), ConsentMethod.ORAL_WITNESSED
        )
        writer.add_consent(refusal)
        writer.restrict(two, date(2026, 11, 2))
        known = writer.visit_members([three])[three]
        writer.save_members([replace(known, residence=Residence("外省", precision=Precision.OUTSIDE))])
    found = due(street, everyone=True)
    assert found.due == ()
    assert {left.code: left.member_ids for left in found.left_out} == {
        "refused_place": (one,),
        "restricted": (two,),
        "outside": (three,),
    }
    assert all("请" in left.reason or "不安排" in left.reason for left in found.left_out)


def test_everybody_or_who_is_named_goes_by_hand_and_once(street: LifeStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (settled,) = writer.save_members([person("禾定", street.branches[0], 10, transition=None)])
    known = due(street, everyone=True)
    assert {one.member_id for one in known.due} | {n for left in known.left_out for n in left.member_ids} == {
        *street.members,
        settled,
    }
    (one,) = due(street, member_ids=(street.members[2], street.members[2])).due
    assert [why.kind for why in one.reasons] == [DueKind.BY_HAND]
    assert not one.is_optional


def test_what_cannot_be_asked_is_refused(street: LifeStreet):
    with pytest.raises(InputError, match="早于"):
        due(street, days=0)
    with pytest.raises(InputError, match="至多安排 31 天"):
        due(street, days=32)
    with pytest.raises(NotFoundError, match="4711"):
        due(street, member_ids=(MemberId(4711),))
    liaison = scope_for(Role.LIAISON, frozenset({street.branches[0]}))
    for actor in (
        Actor("l", Role.LIAISON, liaison, UserId(1)),
        Actor("s", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.branches[1]}))),
    ):
        with pytest.raises(DeniedError):
            list_due(actor, street.store, DueRequest(street.branches[0], DAY, DAY))


def test_a_visit_is_the_last_word_until_it_is_old(store: Store):
    street = VisitStreet(store)
    with store.writing(CLERK, Action.MAKE_VISITS) as writer:
        for place, code in enumerate((VisitResult.MET, VisitResult.NOT_HOME, VisitResult.IN_HOSPITAL)):
            writer.add_visit_result(street.said(place, code), source=ResultSource.DESK, state=ResultState.ACCEPTED)
    with store.writing(CLERK, Action.SET_MODES) as writer:
        mode = StudyMode.DELIVER_STUDY_HOME
        writer.decide_study_modes([NewModeDecision(street.members[0], mode, mode, "preference", {})], DAY)
        homes = writer.visit_members(street.members)
        placed = [
            replace(one, residence=replace(one.residence, precision=Precision.ESTATE))
            for one in homes.values()
            if one.residence is not None
        ]
        writer.save_members(placed)
    kinds = (DueKind.HOME_STUDY, DueKind.MISSED)
    found = list_due(CLERK, store, DueRequest(street.branch, DAY, DAY, kinds))
    assert said(found) == {
        street.members[1]: ["上次没见到：11 月 20 日上门没有见到本人"],
        street.members[2]: ["上次没见到：11 月 20 日上门没有见到本人"],
    }
    assert found.due[0].last_by == ("禾走访", "禾同行")
    later = list_due(CLERK, store, DueRequest(street.branch, date(2026, 12, 20), date(2026, 12, 20), kinds))
    assert said(later)[street.members[0]] == ["入户送学：上次 11 月 20 日，到 12 月 20 日满 30 天（至少 30 天一次）"]


def test_who_stands_in_an_issued_round_of_these_days_is_not_planned_again(store: Store):
    street = VisitStreet(store)
    request = DueRequest(street.branch, date(2026, 11, 21), date(2026, 11, 25), (DueKind.OVERDUE,))
    found = list_due(CLERK, store, request)
    codes = {number: left.code for left in found.left_out for number in left.member_ids}
    assert {codes[member] for member in street.members[:6]} == {"planned"}
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        homes = [(one, one.residence) for one in writer.visit_members(street.members[:6]).values()]
        writer.save_members(
            [replace(one, residence=replace(home, precision=Precision.ESTATE)) for one, home in homes if home]
        )
    named = said(list_due(CLERK, store, replace(request, member_ids=tuple(street.members[:6]))))
    assert named, "asked for by hand: said, not refused"
    assert all("同期已排在走访批次" in reasons[-1] for reasons in named.values())
    after = list_due(CLERK, store, replace(request, first_day=DAY))
    assert "planned" not in {left.code for left in after.left_out}


def run(url: str, *words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, ["visits", *words, "--db", url, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_the_commands_from_due_to_closed(database_url: str, store: Store):
    assert str(store.engine.url.database) in database_url
    street = VisitStreet(store)
    listed = run(database_url, "list")
    assert [(one["round"], one["state"], one["targets"]) for one in listed] == [(street.round_id, "issued", 6)]
    shown = run(database_url, "show", str(street.round_id))
    assert [len(team["stops"]) for team in shown["teams"]] == [3, 3]
    asked = run(database_url, "due", "--branch", "东风一支部", "--from", "2026-11-24", "--member", "1", "--everyone")
    assert {"as_of", "due", "left_out"} == set(asked)
    assert len({one["member_id"] for one in asked["due"]}) == len(asked["due"])
    run(database_url, "due", "--branch", "东风一支部", "--from", "2026-11-24", "--include", "没有这类", code=1)
    whole = run(database_url, "due", "--street", "--from", "2026-11-24", "--member", "1", "--everyone")
    assert {one["member_id"] for one in asked["due"]} <= {one["member_id"] for one in whole["due"]}
    for wrong in (["--street", "--branch", "东风一支部"], []):
        done = CliRunner().invoke(app, ["visits", "due", *wrong, "--from", "2026-11-24", "--db", database_url])
        assert done.exit_code == 2
    assert run(database_url, "rename", str(street.round_id), "改名")["version"] == 3
    run(database_url, "close", str(street.round_id), "--version", "2", code=1)
    closed = run(database_url, "close", str(street.round_id))
    assert (closed["targets"], closed["done"], closed["open"]) == (6, 0, 6)
    run(database_url, "issue", str(street.round_id), code=1)
    run(database_url, "cancel", str(street.round_id), code=1)
    run(database_url, "discard", str(street.round_id), code=1)
    for words in (("list",), ("show", str(street.round_id)), ("due", "--branch", "东风一支部", "--from", "2026-11-24")):
        done = CliRunner().invoke(app, ["visits", *words, "--db", database_url])
        assert done.exit_code == 0
        assert "None" not in done.stdout
