"""What is kept of the screens for who sees counts only: never a mixture of two states of the data."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from gis.errors import BusyError
from gis.model.access import Actor, Role, scope_for
from gis.services import on_wall
from gis.services.on_wall import kept_now

if TYPE_CHECKING:
    from collections.abc import Callable

LEADER = Actor("l", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
names = count()


class Changing:
    """A store in which somebody writes while it is read, so many times."""

    def __init__(self, writes: int) -> None:
        self.version, self.writes, self.made = 1, writes, 0
        self.engine = SimpleNamespace(url=f"sqlite:///{next(names)}")

    def data_version(self) -> int:
        return self.version

    @staticmethod
    def clock() -> datetime:
        return datetime(2026, 11, 22)  # noqa: DTZ001  # as stored

    def read(self, fail: bool = False) -> Callable[[], int]:  # noqa: FBT001, FBT002  # how this test reads
        def make() -> int:
            self.made += 1
            if self.writes:
                self.writes -= 1
                self.version += 1
                if fail:
                    msg = "figures of other people"
                    raise ValueError(msg)
            return self.version

        return make


@pytest.mark.parametrize("fail", [False, True])
def test_it_is_read_again_where_somebody_wrote_in_between(fail: bool):  # noqa: FBT001  # a parameter
    store: Any = Changing(2)
    assert kept_now(LEADER, store, "x", store.read(fail)) == 3
    assert store.made == 3
    assert kept_now(LEADER, store, "x", store.read()) == 3
    assert store.made == 3  # kept


def test_where_somebody_writes_all_the_time_it_is_shown_once_and_not_kept():
    store: Any = Changing(9)
    assert kept_now(LEADER, store, "x", store.read()) == 4
    assert kept_now(LEADER, store, "x", store.read()) == 7
    with pytest.raises(BusyError):
        kept_now(LEADER, store, "x", store.read(fail=True))


def test_a_fault_of_ours_is_no_change_of_the_data():
    store: Any = Changing(0)

    def broken() -> int:
        msg = "a fault"
        raise ValueError(msg)

    with pytest.raises(ValueError, match="a fault"):
        kept_now(LEADER, store, "x", broken)


def test_what_was_shown_before_a_change_is_let_go():
    store: Any = Changing(0)
    for store.version in (1, 2, 3):
        kept_now(LEADER, store, "x", store.read())
        kept_now(LEADER, store, "y", store.read())
    kept = [key[0] for key in on_wall._kept if key[1] == store.engine.url]
    assert len(kept) == 2
    assert set(kept) == {"x", "y"}
    assert store.made == 6
