"""Rights of members: the copy, the register with due dates, restriction; and what may be known of whom."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import MobilityLevel, Preference
from gis.model.ids import UserId
from gis.model.plan import GroupingRequest
from gis.model.rights import CareCode, ConsentAnswer, ConsentMethod, ConsentScope, RightKind, RightStatus
from gis.model.settings import OfficeSettings
from gis.services.care import add_need
from gis.services.conditions import Conditions, list_conditions, set_conditions
from gis.services.consent import ConsentEntry, list_consents, record_consent
from gis.services.consent_notice import notice_paper
from gis.services.grouping import propose_groups
from gis.services.member_copy import copy_docx, member_copy
from gis.services.rights import RightAnswer, RightEntry, answer_request, list_requests, open_request, set_restriction
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.store.database import Store


@pytest.fixture
def street(store: Store) -> TinyStreet:
    return TinyStreet(store)


def stranger() -> Actor:
    return Actor("外", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset()))


def test_a_copy_has_what_is_stored_on_the_member_and_nothing_of_others(street: TinyStreet):
    document = member_copy(CLERK, street.store, street.members[5])
    text = json.dumps(document, ensure_ascii=False)
    assert document["name"] == "禾六"
    sections: Any = document["sections"]
    assert next(one["table"] for one in sections) == "member"
    assert {"residence_history", "affiliation_history", "transition_episode", "audit_log"} <= {
        one["table"] for one in sections
    }
    assert sections[0]["rows"][0]["行动能力三级"] == "需要搀扶"
    assert "青禾路120号" in text
    for other in ("禾一", "禾二", "禾三", "禾四", "禾五", "禾七", "近禾", "远禾", "青禾路150号"):
        assert other not in text


def test_the_copy_as_word_says_the_same(street: TinyStreet):
    document = member_copy(CLERK, street.store, street.members[0])
    paper = Document(BytesIO(copy_docx(document, street.store.clock()).content))
    words = "\n".join(line.text for line in paper.paragraphs)
    assert "本人信息副本" in words
    assert "青禾路0号" in words


def test_care_is_in_the_secretarys_copy_alone(street: TinyStreet):
    who, number = street.members[0], UserId(7)
    record_consent(CLERK, street.store, who, ConsentEntry(ConsentScope.CARE, ConsentAnswer.GIVEN))
    scope = scope_for(Role.BRANCH_SECRETARY, frozenset({street.branch}))
    secretary = Actor("书记", Role.BRANCH_SECRETARY, scope, user_id=number)
    clerk = Actor("组织员", Role.STREET_CLERK, scope_for(Role.STREET_CLERK, frozenset()), user_id=number)
    add_need(secretary, street.store, who, CareCode.FRAIL)

    def tables(actor: Actor) -> set[str]:
        sections: Any = member_copy(actor, street.store, who)["sections"]
        return {one["table"] for one in sections}

    assert "care_need" in tables(secretary)
    assert "care_need" not in tables(clerk)


def test_nobody_outside_gets_a_copy(street: TinyStreet):
    with pytest.raises(NotFoundError):
        member_copy(stranger(), street.store, street.members[0])
    leader = Actor("领导", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
    with pytest.raises(DeniedError):
        member_copy(leader, street.store, street.members[0])


def test_a_request_is_due_after_fifteen_working_days(street: TinyStreet):
    entry = RightEntry(RightKind.CORRECT, "电话有误", date(2026, 1, 5))  # a Monday
    request = open_request(CLERK, street.store, street.members[0], entry)
    assert request.due_on == date(2026, 1, 26)
    (line,) = list_requests(CLERK, street.store, as_of=date(2026, 1, 26))
    assert (line.days_left, line.is_overdue) == (0, False)
    (line,) = list_requests(CLERK, street.store, as_of=date(2026, 1, 27))
    assert (line.days_left, line.is_overdue) == (-1, True)


def test_a_refusal_gives_its_reason_and_closes_once(street: TinyStreet):
    request = open_request(CLERK, street.store, street.members[0], RightEntry(RightKind.DELETE))
    assert request.id is not None
    with pytest.raises(InputError, match="说明理由"):
        answer_request(CLERK, street.store, request.id, RightAnswer(RightStatus.DECLINED, "", 1))
    answer_request(CLERK, street.store, request.id, RightAnswer(RightStatus.DECLINED, "仍在册", 1))
    with pytest.raises(InputError, match="不能再改"):
        answer_request(CLERK, street.store, request.id, RightAnswer(RightStatus.DONE, "", 2))


def test_a_granted_deletion_takes_effect(street: TinyStreet):
    who = street.members[5]
    request = open_request(CLERK, street.store, who, RightEntry(RightKind.DELETE))
    assert request.id is not None
    answer_request(CLERK, street.store, request.id, RightAnswer(RightStatus.DONE, "", 1))
    with street.store.reading(CLERK.scope) as reader:
        member = next(one for one in reader.members() if one.id == who)
    assert member.mobility_level is None
    assert member.residence is not None
    assert "120号" not in member.residence.address


def test_the_restricted_are_in_no_plan_and_no_list(street: TinyStreet):
    who = street.members[1]

    def in_plan() -> bool:
        plan = propose_groups(CLERK, street.store, GroupingRequest(branch_ids=(street.branch,), seconds=2))
        return who in {s.member_id for g in plan.groups for s in g.seats} | {u.member_id for u in plan.unseated}

    assert in_plan()
    set_restriction(CLERK, street.store, who, is_restricted=True)
    assert not in_plan()
    assert who not in {one.member_id for one in list_conditions(CLERK, street.store)}
    assert next(one for one in list_consents(CLERK, street.store) if one.member_id == who).is_restricted
    set_restriction(CLERK, street.store, who, is_restricted=False)
    assert in_plan()


def test_who_refuses_mobility_has_no_level_whoever_sets_it(street: TinyStreet):
    who = street.members[5]
    record_consent(CLERK, street.store, who, ConsentEntry(ConsentScope.MOBILITY, ConsentAnswer.REFUSED))
    version = next(one.version for one in list_conditions(CLERK, street.store) if one.member_id == who)
    wanted = Conditions(MobilityLevel.CANNOT_LEAVE, Preference.NONE, is_leader_eligible=False, locked_host_id=None)
    set_conditions(CLERK, street.store, who, wanted, version)
    with street.store.reading(CLERK.scope) as reader:
        assert next(one for one in reader.members() if one.id == who).mobility_level is None


def test_an_oral_answer_needs_a_witness_and_sharing_an_organisation(street: TinyStreet):
    who = street.members[0]
    oral = ConsentEntry(ConsentScope.BASIC, ConsentAnswer.GIVEN, ConsentMethod.ORAL_WITNESSED)
    with pytest.raises(InputError, match="见证人"):
        record_consent(CLERK, street.store, who, oral)
    with pytest.raises(InputError, match="哪个组织"):
        record_consent(CLERK, street.store, who, ConsentEntry(ConsentScope.SHARE_WITH, ConsentAnswer.GIVEN))
    with pytest.raises(NotFoundError):
        record_consent(stranger(), street.store, who, ConsentEntry(ConsentScope.BASIC, ConsentAnswer.GIVEN))


def test_the_notice_says_the_terms_of_the_office():
    text = str(notice_paper(OfficeSettings(keep_closed_months=18), "禾一"))
    assert "18 个月" in text
    assert all(scope.label in text for scope in ConsentScope)


def test_the_commands(street: TinyStreet, tmp_path: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JIUJIN_HOME", str(tmp_path))
    url = street.store.engine.url.render_as_string(hide_password=False)

    def run(*words: str) -> Any:
        done = CliRunner().invoke(app, [*words, "--db", url])
        assert done.exit_code == 0, done.output
        return done.stdout

    who = str(street.members[1])
    assert "网格" in run("consent", "set", who, "exact_location", "refused")
    (row,) = [one for one in json.loads(run("consent", "list", "--json")) if one["member"] == int(who)]
    assert {a["scope"]: a["allowed"] for a in row["answers"]}["exact_location"] is False
    made = json.loads(run("rights", "add", who, "access", "--json"))
    assert json.loads(run("rights", "list", "--json"))[0]["due_on"] == made["due_on"]
    run("rights", "answer", str(made["id"]), "done", "--text", "已当面交付")
    assert json.loads(run("rights", "list", "--open", "--json")) == []
    assert json.loads(run("rights", "copy", who, "--json"))["name"] == "禾二"
    run("rights", "copy", who)
    assert (tmp_path / "exports" / "本人信息副本-禾二.docx").is_file()
    run("consent", "notice", "--member", who)
    run("rights", "restrict", who)
    with street.store.reading(CLERK.scope) as reader:
        assert len(reader.export_records()) == 2
    assert Action.HANDLE_RIGHTS
