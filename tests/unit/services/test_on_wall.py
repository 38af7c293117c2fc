"""What is kept of the screens for who sees counts only: never a mixture of two states of the data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from gis.errors import BusyError, DeniedError
from gis.model.access import Actor, Role, scope_for
from gis.services.on_wall import kept_now

if TYPE_CHECKING:
    from collections.abc import Callable

LEADER = Actor("l", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))


class Changing:
    """A store in which somebody writes while it is read, so many times."""

    def __init__(self, writes: int) -> None:
        self.version, self.writes, self.made = 1, writes, 0

    def data_version(self) -> int:
        return self.version

    @staticmethod
    def today() -> date:
        return date(2026, 11, 22)

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


def test_each_screen_is_read_once_for_each_state():
    store: Any = Changing(0)
    for store.version in (1, 2, 3):
        assert [kept_now(LEADER, store, name, store.read()) for name in "xyxy"] == [store.version] * 4
    assert store.made == 6


def test_who_may_not_see_figures_gets_none_that_are_kept():
    store: Any = Changing(0)
    kept_now(LEADER, store, "x", store.read())
    with pytest.raises(DeniedError):
        kept_now(Actor("s", Role.SYS_ADMIN, LEADER.scope), store, "x", store.read())
