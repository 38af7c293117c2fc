"""What is kept is handed out to the same role and scope only, of the same store, data and day; never past a change."""

from __future__ import annotations

from collections import Counter
from datetime import date
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest

from gis.model.access import Actor, Role, Scope
from gis.model.ids import OrgId
from gis.services.kept_answers import KeptAnswers, Question

if TYPE_CHECKING:
    from collections.abc import Callable

SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
FIRST, SECOND = OrgId(1), OrgId(2)
SECRETARY = Actor("a", Role.BRANCH_SECRETARY, Scope(frozenset({FIRST}), sees_people=True))
COLLEAGUE = Actor("b", Role.BRANCH_SECRETARY, Scope(frozenset({FIRST}), sees_people=True))
#: Each differs from the secretary in one thing that decides what may be read
OTHERS = [
    Actor("a", Role.GROUP_LEADER, SECRETARY.scope),
    Actor("a", Role.BRANCH_SECRETARY, Scope(frozenset({SECOND}), sees_people=True)),
    Actor("a", Role.BRANCH_SECRETARY, Scope(frozenset({FIRST, SECOND}), sees_people=True)),
    Actor("a", Role.BRANCH_SECRETARY, Scope(frozenset({FIRST}), whole_street=True, sees_people=True)),
    Actor("a", Role.BRANCH_SECRETARY, Scope(frozenset({FIRST}))),
]


class Office:
    """A store of which only the state matters."""

    def __init__(self) -> None:
        self.changes = Counter[str]()
        self.day = SUNDAY

    def data_version(self, *topics: str) -> int:
        return sum(n for topic, n in self.changes.items() if not topics or topic in topics)

    def today(self) -> date:
        return self.day


@pytest.fixture
def office() -> Any:
    return Office()


def numbered() -> Callable[[], int]:
    """Return something that answers 1, 2, 3, so that every new answer is told from a kept one."""
    made = iter(range(1, 100))
    return lambda: next(made)


def test_who_may_read_the_same_shares_an_answer(office: Any):
    kept, make = KeptAnswers(9), numbered()
    assert [kept.answer(who, office, "x", make) for who in (SECRETARY, SECRETARY, COLLEAGUE)] == [1, 1, 1]


@pytest.mark.parametrize("other", OTHERS)
def test_another_role_or_scope_is_answered_anew(office: Any, other: Actor):
    kept, make = KeptAnswers(9), numbered()
    assert [kept.answer(who, office, "x", make) for who in (SECRETARY, other, SECRETARY, other)] == [1, 2, 1, 2]


def test_another_question_and_another_store_are_answered_anew(office: Any):
    kept, make, twin = KeptAnswers(9), numbered(), Office()
    asked = [(office, "x"), (office, "y"), (twin, "x"), (office, "x"), (twin, "x")]
    assert [kept.answer(SECRETARY, store, one, make) for store, one in asked] == [1, 2, 3, 1, 3]


def test_a_change_and_another_day_end_it_and_what_was_before_never_comes_back(office: Any):
    kept, make = KeptAnswers(9), numbered()
    assert kept.answer(SECRETARY, office, "x", make) == 1
    office.changes["people"] += 1
    assert kept.answer(SECRETARY, office, "x", make) == 2
    office.day = MONDAY
    assert kept.answer(SECRETARY, office, "x", make) == 3
    assert len(kept._kept) == 1
    office.day = SUNDAY
    assert kept.answer(SECRETARY, office, "x", make) == 4


def test_a_change_elsewhere_ends_only_what_rests_on_everything(office: Any):
    kept, make = KeptAnswers(9), numbered()
    assert kept.answer(SECRETARY, office, "x", make, topics=("people", "groups")) == 1
    office.changes["cards"] += 1
    assert kept.answer(SECRETARY, office, "x", make, topics=("people", "groups")) == 1
    assert kept.answer(SECRETARY, office, "x", make) == 2  # the same number of changes, of other topics


def test_what_was_made_while_somebody_wrote_is_not_kept(office: Any):
    kept, make = KeptAnswers(9), numbered()

    def disturbed() -> int:
        office.changes["people"] += 1
        return make()

    assert kept.answer(SECRETARY, office, "x", disturbed) == 1
    assert kept.answer(SECRETARY, office, "x", make) == 2
    assert kept.answer(SECRETARY, office, "x", make) == 2


def test_one_who_comes_late_with_older_data_takes_nothing_away(office: Any):
    kept, make = KeptAnswers(9), numbered()
    before = Question.of(SECRETARY, office, "x")
    office.changes["people"] += 1
    assert kept.answer(SECRETARY, office, "x", make) == 1
    assert not kept.keep(before, "old")
    assert kept.find(before) is None
    assert kept.answer(SECRETARY, office, "x", make) == 1


def test_what_was_not_asked_for_longest_gives_way(office: Any):
    kept, make = KeptAnswers(2), numbered()
    assert [kept.answer(SECRETARY, office, one, make) for one in "xyxzxy"] == [1, 2, 1, 3, 1, 4]
    kept.forget()
    assert kept.answer(SECRETARY, office, "x", make) == 5


def test_nothing_is_an_answer_too_and_a_fault_is_none(office: Any):
    kept = KeptAnswers(2)
    assert kept.answer(SECRETARY, office, "x", lambda: None) is None
    assert kept.answer(SECRETARY, office, "x", lambda: pytest.fail("kept")) is None
    with pytest.raises(ZeroDivisionError):
        kept.answer(SECRETARY, office, "y", lambda: 1 // 0)
    assert kept.answer(SECRETARY, office, "y", lambda: 7) == 7


def test_threads_get_what_is_theirs_and_may_ask_while_they_work(office: Any):
    """More askers than places, each answer resting on another kept one."""
    kept, start = KeptAnswers(3), Barrier(len(OTHERS) + 1)
    wrong: list[object] = []

    def ask(who: Actor) -> None:
        mine = who.role, who.scope
        start.wait()
        for turn in range(200):
            found = kept.answer(who, office, turn % 2, lambda: (mine, kept.answer(who, office, "within", lambda: mine)))
            if found != (mine, mine):
                wrong.append(found)

    threads = [Thread(target=ask, args=(who,)) for who in (SECRETARY, *OTHERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(kept._kept) == 3
