"""Answers that take a moment: kept for every session of one role and scope while data and day are the same."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, TypeVar, cast

from gis.store.stamping import GROUPS, MEETINGS, PEOPLE, SYSTEM, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from gis.model.access import Actor
    from gis.store.database import Store

AnswerT = TypeVar("AnswerT")
KEPT = 48
TOPICS = (TERRITORY, PEOPLE, GROUPS, MEETINGS, SYSTEM)

_kept: OrderedDict[Hashable, object] = OrderedDict()
_lock = Lock()


def answer(actor: Actor, store: Store, asked: Hashable, make: Callable[[], AnswerT]) -> AnswerT:
    """Return what `make` answers to `asked`; the rights behind it are those of the actor's role and scope."""
    key = (asked, actor.role, actor.scope.key, store, store.data_version(*TOPICS), store.today())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast("AnswerT", _kept[key])
    found = make()
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Let go of everything kept."""
    with _lock:
        _kept.clear()
