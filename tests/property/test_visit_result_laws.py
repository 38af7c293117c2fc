"""Results in any order and however often they are sent: one accepted for each member, one contact, and no residue."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.model.ids import TargetId
from gis.model.meetings import AffairType, AttendanceState, SessionKind
from gis.model.visits import ResultSource, SaidResult, VisitPurpose, VisitResult
from gis.services.sessions import SessionPlan, SessionRecord, plan_session, record_session
from gis.services.surveys import NewSurvey, create_survey
from gis.services.visits.results import record_results
from gis.store import schema as s
from gis.store.database import Store
from tests.integration.tiny_street import CLERK
from tests.integration.visit_street import FIRST, VisitStreet

if TYPE_CHECKING:
    from pathlib import Path

SECOND = FIRST + timedelta(days=6)
PURPOSES = (VisitPurpose.STUDY, VisitPurpose.SURVEY)
LAWS = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
#: What leaves nothing in other records but its line in the contact log
PLAIN = VisitResult.PHONED
RESULTS = st.sampled_from(list(VisitResult))


@pytest.fixture
def folder(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """Give a street that every example copies: two rounds of the same members, a survey and a session they missed."""
    path = tmp_path / "street.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(Store.open(f"sqlite:///{path}")) as store:
        street = VisitStreet(store, PURPOSES)
        street.now = datetime(2026, 11, 15, 8)  # noqa: DTZ001  # the store's clock is naive UTC
        street.issue(PURPOSES, SECOND)
        create_survey(CLERK, store, NewSurvey("摸排", street.branch, SECOND, FIRST - timedelta(days=9)))
        street.now = datetime(2026, 11, 30, 8)  # noqa: DTZ001  # as above
        at = datetime(2026, 11, 18, 9)  # noqa: DTZ001  # local, naive
        plan = SessionPlan(street.branch, SessionKind.THEME_DAY, AffairType.DAILY_STUDY, at, "学习")
        session = plan_session(CLERK, store, plan)
        states = {street.members[0]: AttendanceState.ABSENT, street.members[1]: AttendanceState.EXCUSED}
        record_session(CLERK, store, session, SessionRecord(at.date(), "记录", states))
    return tmp_path


class Copy:
    """A copy of the street; `targets[r][i]` is the target of member i in round r."""

    def __init__(self, folder: Path) -> None:
        path = folder / "copy.db"
        for old in folder.glob("copy.db*"):
            old.unlink()
        shutil.copyfile(folder / "street.db", path)
        self.store = Store.open(f"sqlite:///{path}", clock=lambda: datetime(2026, 11, 30, 8))  # noqa: DTZ001  # as above
        with Session(self.store.engine) as session:
            found: dict[int, list[Any]] = {}
            for row in session.scalars(select(s.VisitTargetRow).order_by(s.VisitTargetRow.member_id)):
                found.setdefault(row.round_id, []).append(row.id)
        self.targets = [found[number] for number in sorted(found)]

    def send(self, said: SaidResult) -> int:
        """Send one result; returns the id of the one that stands for it."""
        (outcome,) = record_results(CLERK, self.store, [said], ResultSource.FILE)
        assert outcome.result_id is not None, outcome.message
        return outcome.result_id

    def accepted(self) -> dict[int, tuple[Any, ...]]:
        """Return what stands for each target."""
        with Session(self.store.engine) as session:
            rows = session.scalars(select(s.VisitResultRow).where(s.VisitResultRow.state == "accepted"))
            return {row.target_id: (row.result, row.on_day, row.note, row.next_on) for row in rows}

    def logs(self) -> list[tuple[int, date, bool]]:
        """Return the contact log."""
        with Session(self.store.engine) as session:
            rows = session.scalars(select(s.ContactLogRow))
            return sorted((row.member_id, row.on_day, row.is_reached) for row in rows)

    def rest(self) -> list[Any]:
        """Return everything else that effects may touch."""
        with Session(self.store.engine) as session:
            return [
                *((row.id, row.verified_on, row.verified_by) for row in session.scalars(select(s.ResidenceRow))),
                *((row.id, row.verified_on, row.verified_by) for row in session.scalars(select(s.CardRow))),
                *((row.id, row.result, row.done_on, row.done_by) for row in session.scalars(select(s.SurveyTargetRow))),
                *((row.id, row.state) for row in session.scalars(select(s.AttendanceRow))),
            ]


def said(target: int, result: VisitResult, key: str, day: date, based_on: int | None = None) -> SaidResult:
    return SaidResult(key, TargetId(target), result, day, "禾走访", based_on=based_on)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[VisitResult], list[tuple[int, int]]]:
    """Draw what came of up to four visits, and in which order and how often each of two copies of it is sent."""
    results = draw(st.lists(RESULTS, min_size=1, max_size=4))
    every = [(place, copy) for place in range(len(results)) for copy in range(2)]
    more = draw(st.lists(st.sampled_from(every), max_size=6))
    return results, draw(st.permutations([*every, *more]))


@LAWS
@given(given_=deliveries())
def test_order_and_repetition_change_nothing(folder: Path, given_: tuple[list[VisitResult], list[tuple[int, int]]]):
    results, order = given_
    ends = []
    for sequence in (order, sorted(set(order))):
        copy = Copy(folder)
        with closing(copy.store):
            for place, twin in sequence:
                copy.send(said(copy.targets[0][place], results[place], f"k{place}-{twin}", FIRST))
            assert len(copy.logs()) == len(results)
            ends.append((copy.accepted(), copy.logs(), copy.rest()))
    assert ends[0] == ends[1]
    assert len(ends[0][0]) == len(results)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, int, VisitResult]]:
    """Draw corrections of two members in two rounds, in any order: round, member, result."""
    step = st.tuples(st.integers(0, 1), st.integers(0, 1), RESULTS)
    return draw(st.lists(step, min_size=1, max_size=9))


@LAWS
@given(steps=histories(), retries=st.lists(st.integers(0, 8), max_size=4))
def test_corrections_leave_nothing_behind(folder: Path, steps: list[tuple[int, int, VisitResult]], retries: list[int]):
    copy = Copy(folder)
    with closing(copy.store):
        before, standing, sent = copy.rest(), dict[tuple[int, int], int](), list[Any]()
        for number, (visit_round, member, result) in enumerate(steps):
            day = (FIRST, SECOND)[visit_round]
            place = visit_round, member
            one = said(copy.targets[visit_round][member], result, f"s{number}", day, standing.get(place, 0))
            standing[place] = copy.send(one)
            sent.append(one)
            for again in retries:
                if again < len(sent):
                    copy.send(sent[again])  # a retry of something long since corrected
            assert len(copy.logs()) == len(standing)
        last = {(visit_round, member): result for visit_round, member, result in steps}
        assert sorted(one[0].value for one in copy.accepted().values()) == sorted(one.value for one in last.values())
        for (visit_round, member), number in standing.items():
            day = (FIRST, SECOND)[visit_round]
            target = copy.targets[visit_round][member]
            copy.send(replace(said(target, PLAIN, f"e{visit_round}{member}", day, number), note="电话里说好"))
        assert copy.rest() == before
        assert len(copy.logs()) == len(standing)


@LAWS
@given(results=st.lists(RESULTS, min_size=2, max_size=6), lost=st.sets(st.integers(1, 5)), again=st.integers(0, 5))
def test_own_answers_changed_after_an_upload_correct_each_other(
    folder: Path, results: list[VisitResult], lost: set[int], again: int
):
    copy = Copy(folder)
    with closing(copy.store):
        target, sent = copy.targets[0][0], list[SaidResult]()
        for number, result in enumerate(results):
            keys = tuple(f"o{k}" for k in range(number))
            one = replace(said(target, result, f"o{number}", FIRST), replaces=keys)
            if number not in lost:
                copy.send(one)
                sent.append(one)
        before = copy.accepted(), copy.logs(), copy.rest()
        copy.send(sent[min(again, len(sent) - 1)])
        assert (copy.accepted(), copy.logs(), copy.rest()) == before
        assert copy.accepted()[target][0] is sent[-1].result
        assert len(copy.logs()) == 1


@pytest.mark.parametrize("keys", [("nobody",), ("other",)])
def test_a_key_unknown_or_of_somebody_else_corrects_nothing(folder: Path, keys: tuple[str, ...]):
    copy = Copy(folder)
    with closing(copy.store):
        mine, other = copy.targets[0][:2]
        copy.send(said(other, VisitResult.MET, "other", FIRST))
        copy.send(said(mine, VisitResult.MET, "k1", FIRST))
        copy.send(replace(said(mine, VisitResult.NOT_HOME, "k2", FIRST), replaces=keys))
        assert copy.accepted()[mine][0] is VisitResult.MET
