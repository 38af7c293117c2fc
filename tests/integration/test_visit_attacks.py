"""What somebody with a bad will, or a bad file, cannot do to visits: scopes, rooms, and what must not be told."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import Precision
from gis.model.rights import LeftKind
from gis.model.visits import ResultSource, SaidResult, SheetKind, Visitor, VisitResult
from gis.services.leaving import LeaveRequest, register_leaving
from gis.services.rights import set_restriction
from gis.services.visits.editing import AddMember, DropStop, MoveStop, apply_edit, replan_round
from gis.services.visits.files import read_results_file
from gis.services.visits.listing import list_document
from gis.services.visits.proposing import TeamRequest, VisitRequest, propose_visits
from gis.services.visits.report import round_names
from gis.services.visits.results import record_results
from gis.services.visits.rounds import rename_round
from gis.services.visits.sheets import SheetRequest, make_sheet, void_sheet
from gis.services.visits.texts import round_document
from gis.services.visits.views import my_teams, open_round, open_sheet_team
from tests.integration.tiny_street import CLERK, at
from tests.integration.visit_street import LAST, VisitStreet

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.store.database import Store

ADDRESS, NAME = "青禾路0号", "禾一"


@pytest.fixture
def street(store: Store) -> VisitStreet:
    return VisitStreet(store)


def restrict(street: VisitStreet) -> None:
    set_restriction(CLERK, street.store, street.members[0], is_restricted=True)


def leave(street: VisitStreet) -> None:
    register_leaving(CLERK, street.store, LeaveRequest(street.members[0], LeftKind.DECEASED, LAST))


def change_branch(street: VisitStreet) -> None:
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (member,) = writer.visit_members(street.members[:1]).values()
        writer.save_members([replace(member, branch_id=street.street.other)])


@pytest.mark.parametrize("change", [restrict, leave, change_branch])
def test_who_is_not_called_on_any_more_is_on_no_list_that_is_carried(
    street: VisitStreet, change: Callable[[VisitStreet], None]
):
    number = street.sheet()
    change(street)
    for actor in (CLERK, street.secretary, street.liaison):
        view, team, _ = open_sheet_team(actor, street.store, number)
        lists = [json.dumps(list_document(view, team, sheet=number, expires_on=None), ensure_ascii=False)]
        lists += [json.dumps(round_document(view), ensure_ascii=False)] if actor is street.liaison else []
        lists += [repr(one) for _, one in my_teams(actor, street.store)]
        request = SheetRequest(team.team.id, "禾走访", SheetKind.OFFLINE)  # type: ignore[arg-type]  # saved
        lists.append(make_sheet(actor, street.store, request).content.decode())
        for text in lists:
            assert "禾二" in text
            assert NAME not in text
            assert ADDRESS not in text
    planner = open_round(CLERK, street.store, street.round_id)
    assert ADDRESS not in json.dumps(round_document(planner), ensure_ascii=False)
    assert any(NAME in one and "请从这批走访中去掉" in one for one in planner.warnings)


def test_who_asked_for_restriction_is_not_on_the_list_of_names(street: VisitStreet):
    restrict(street)
    content = round_names(CLERK, street.store, street.round_id, "支部留存").content
    text = zipfile.ZipFile(BytesIO(content)).read("word/document.xml").decode()
    assert "禾二" in text
    assert NAME not in text


def test_hospital_is_not_told_by_a_later_round(street: VisitStreet):
    record_results(CLERK, street.store, [street.said(0, VisitResult.IN_HOSPITAL)], ResultSource.DESK)
    later = street.issue(first=date(2026, 11, 22))
    document = json.dumps(round_document(open_round(CLERK, street.store, later)))
    assert "not_home" in document
    assert "in_hospital" not in document


def test_the_last_day_there_is_refused_and_breaks_nothing(street: VisitStreet):
    end = date.max
    said = SaidResult("k-end", street.targets[0], VisitResult.MET, end.replace(day=30), "禾走访", next_on=end)
    (outcome,) = record_results(street.liaison, street.store, [said], ResultSource.PHONE)
    assert outcome.is_refused
    assert "还没有到" in outcome.message


@pytest.mark.parametrize("number", ["\ud800", "SX" * 10**5, "a\x00b"])
def test_a_number_that_is_none_is_not_there(street: VisitStreet, number: str):
    for ask in (open_sheet_team, void_sheet):
        with pytest.raises(NotFoundError) as caught:
            ask(CLERK, street.store, number)
        assert len(str(caught.value)) < 100


def test_a_sheet_takes_no_address_that_no_code_holds_and_no_half_letters(street: VisitStreet):
    team = street.teams[0]
    assert team is not None
    made = make_sheet(CLERK, street.store, SheetRequest(team, "禾\ud800走访", SheetKind.OFFLINE))
    assert "禾 走访" in made.content.decode()
    for address in ("http://" + "a" * 10_000, "http://\ud800"):
        with pytest.raises(InputError, match="系统地址"):
            make_sheet(CLERK, street.store, SheetRequest(team, "禾走访", SheetKind.OFFLINE, address))


def test_a_file_of_a_long_version_is_refused_in_short(street: VisitStreet):
    with pytest.raises(InputError) as caught:
        read_results_file(json.dumps({"format": "jiujin-visit-results", "version": "9" * 10**5}).encode())
    assert len(str(caught.value)) < 200


def locate(street: VisitStreet) -> None:
    """Let homes be known to the estate, as one that can be planned is."""
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        known = writer.visit_members(street.members).values()
        homes = [(one, one.residence) for one in known]
        writer.save_members(
            [
                replace(one, residence=replace(home, precision=Precision.ESTATE, shape=home.shape or at(60)))
                for one, home in homes
                if home is not None
            ]
        )


@pytest.mark.parametrize("change", [restrict, leave, change_branch])
def test_a_round_stays_open_to_changes_when_somebody_in_it_is_gone(
    street: VisitStreet, change: Callable[[VisitStreet], None]
):
    locate(street)
    record_results(CLERK, street.store, [street.said(1, VisitResult.MET)], ResultSource.DESK)
    change(street)
    with street.store.reading(CLERK.scope) as reader:
        found = reader.visit_round(street.round_id)
    assert found is not None
    first, _, third = (stop.id for stop in found.teams[0].stops)
    assert first is not None
    assert third is not None
    version = apply_edit(CLERK, street.store, street.round_id, found.version, MoveStop(third, 2, 1)).version
    version = replan_round(CLERK, street.store, street.round_id, version, 0.1).version
    version = apply_edit(CLERK, street.store, street.round_id, version, AddMember(street.members[6], 1)).version
    after = apply_edit(CLERK, street.store, street.round_id, version, DropStop(first, "不再走访")).round
    left = {one.member_id for team in after.teams for stop in team.stops for one in stop.targets}
    assert left == {*street.members[1:]}


@pytest.mark.parametrize(
    "given",
    [
        {"name": "x" * 201},
        {"material": "x" * 201},
        {"note": "x" * 501},
        {"name": "\ud800"},
        {"teams": (TeamRequest((Visitor("x" * 101),)),)},
        {"teams": (TeamRequest((Visitor("\x00"),)),)},
    ],
)
def test_texts_that_cannot_be_kept_are_refused_before_anything_is_computed(street: VisitStreet, given: dict[str, Any]):
    with pytest.raises(InputError, match=r"不超过|不能显示"):
        propose_visits(CLERK, street.store, VisitRequest(street.branch, (LAST,), **given))


def test_a_round_is_called_what_people_like_and_its_file_what_disks_like(street: VisitStreet):
    with street.store.reading(CLERK.scope) as reader:
        found = reader.visit_round(street.round_id)
    assert found is not None
    rename_round(CLERK, street.store, street.round_id, found.version, "../十一月\n走访:甲")
    assert round_names(CLERK, street.store, street.round_id, "支部留存").name == "走访名单-..-十一月-走访-甲.docx"
