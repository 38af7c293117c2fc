"""Answers that take a moment, kept for whoever may see the same while data and day are the same.

One place decides when something worked out is handed out again: to the same question, of the same store, for the same
role and scope, while nothing that it rests on was written and the office's day is the same. Whether the role may ask at
all is the gate's to say, before.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import date

    from gis.model.access import Actor, Role
    from gis.store.database import Store

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with which rights, and of which state of the data: what is kept answers no other question.

    The store stands for itself and not for its address: two in memory have the same one, and the versions of a file
    that was put in place of another may be the same as well.
    """

    asked: Hashable
    role: Role
    scope: Hashable
    store: Store
    topics: tuple[str, ...]
    version: int
    day: date

    @classmethod
    def of(cls, actor: Actor, store: Store, asked: Hashable, topics: tuple[str, ...] = ()) -> Question:
        """Ask now; the answer rests on these topics of the data, on all when none is named."""
        return cls(asked, actor.role, actor.scope.key, store, topics, store.data_version(*topics), store.today())

    @property
    def at_any_time(self) -> Hashable:
        """The same without the state of the data."""
        return self.asked, self.role, self.scope, self.store

    def is_of_now(self) -> bool:
        """Whether data and day are still those of the question."""
        return (self.store.data_version(*self.topics), self.store.today()) == (self.version, self.day)


class Kept(NamedTuple):
    """An answer with the question that it answers."""

    question: Question
    answer: Any


class KeptAnswers:
    """At most so many answers, those handed out last; of a question at any time only the newest.

    For many threads at once. Two who ask for the same at once both work it out: nothing is locked meanwhile, since what
    is worked out may ask for other kept answers.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def answer(
        self, actor: Actor, store: Store, asked: Hashable, make: Callable[[], AnswerT], *, topics: tuple[str, ...] = ()
    ) -> AnswerT:
        """Return the kept answer, or what `make` answers now."""
        question = Question.of(actor, store, asked, topics)
        found = self.find(question)
        if found is not None:
            return cast("AnswerT", found.answer)
        made = make()
        self.keep(question, made)
        return made

    def find(self, question: Question) -> Kept | None:
        """Return what is kept for exactly this question."""
        with self._lock:
            found = self._kept.get(question.at_any_time)
            if found is None or found.question != question:
                return None
            self._kept.move_to_end(question.at_any_time)
            return found

    def keep(self, question: Question, answer: object) -> bool:
        """Keep an answer in place of earlier ones; False, and not kept, where data or day have changed meanwhile."""
        if not question.is_of_now():
            return False
        with self._lock:
            self._kept[question.at_any_time] = Kept(question, answer)
            self._kept.move_to_end(question.at_any_time)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return True

    def forget(self) -> None:
        """Let go of everything kept."""
        with self._lock:
            self._kept.clear()
