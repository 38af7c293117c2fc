"""Answers on the map and the screens beside it: kept for every session of one role and scope.

They rest on what themes draw and compare, not on cards or visits. For who sees counts only they rest on everything:
what is shown is chosen beside all other screens (docs/decisions/012).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from gis.services.kept_answers import KeptAnswers
from gis.store.stamping import GROUPS, MEETINGS, PEOPLE, SYSTEM, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from gis.model.access import Actor
    from gis.store.database import Store

AnswerT = TypeVar("AnswerT")
TOPICS = (TERRITORY, PEOPLE, GROUPS, MEETINGS, SYSTEM)

_kept = KeptAnswers(48)


def answer(actor: Actor, store: Store, asked: Hashable, make: Callable[[], AnswerT]) -> AnswerT:
    """Return what `make` answers to `asked`; the rights behind it are those of the actor's role and scope.

    What `make` needs it reads itself, so that it is not of older data than the question.
    """
    return _kept.answer(actor, store, asked, make, topics=TOPICS if actor.scope.sees_people else ())


def forget() -> None:
    """Let go of everything kept."""
    _kept.forget()
