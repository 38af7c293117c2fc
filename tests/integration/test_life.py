"""迁居、返迁、转接、离开, on both databases: one identity, a history without holes, both sides' lists right on every date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.errors import InputError
from gis.model.life import LifeKind, ReviewKind
from gis.services.dual import residence_orgs
from gis.services.history import residents_as_of, roster_as_of
from gis.services.life import view_life
from gis.services.moving import CorrectRequest, MoveRequest, correct_home, register_move
from gis.services.returning import ReturnRequest, register_return
from tests.integration.life_street import CLERK, PLACES, LifeStreet

if TYPE_CHECKING:
    from gis.model.ids import MemberId
    from gis.store.database import Store

FIRST, SECOND, BACK = date(2026, 2, 10), date(2026, 5, 4), date(2026, 9, 1)


@pytest.fixture
def street(store: Store) -> LifeStreet:
    return LifeStreet(store)


def _move(street: LifeStreet, address: str, on: date, **more: object) -> None:
    register_move(CLERK, street.store, MoveRequest(street.members[0], address, on, **more))  # type: ignore[arg-type]  # fields by name


def _lists(street: LifeStreet, day: date) -> tuple[list[int], list[list[MemberId]]]:
    """Return how many are on each branch's roster, and who lives in each community."""
    with street.store.reading(CLERK.scope) as reader:
        rosters = [len(roster_as_of(reader, branch, day)) for branch in street.branches]
        residents = [[one.member_id for one in residents_as_of(reader, org, day)] for org in street.villages]
    return rosters, residents


def test_a_member_who_moves_twice_and_returns_is_one_person_with_three_addresses(street: LifeStreet):
    one, *others = street.members
    _move(street, "新丰苑2幢1单元201室", FIRST, reason="租约到期")
    _move(street, "常青花园7幢2单元302室", SECOND, reason="投靠子女")
    register_return(
        CLERK, street.store, ReturnRequest(one, BACK, community="东风家园", address="东风家园3幢1单元501室")
    )
    view = view_life(CLERK, street.store, one)
    addresses = [home.address for home in view.life.homes]
    assert addresses[1:] == ["新丰苑2幢1单元201室", "常青花园7幢2单元302室", "东风家园3幢1单元501室"]
    assert [home.valid_from for home in view.life.homes] == [FIRST, FIRST, SECOND, BACK]
    assert [home.valid_to for home in view.life.homes] == [FIRST, SECOND, BACK, None]
    assert [event.kind for event in view.events] == [LifeKind.MOVED, LifeKind.MOVED, LifeKind.RETURNED]
    assert view.life.open_episode is None
    with street.store.reading(CLERK.scope) as reader:
        assert len(reader.members()) == len(street.members)  # never a duplicate
    changqing, xinfeng, dongfeng = 1, 2, 0
    lives = {
        date(2025, 1, 1): changqing,  # before the first registration its state is taken to have held
        date(2026, 2, 9): changqing,
        FIRST: xinfeng,
        date(2026, 5, 3): xinfeng,
        SECOND: changqing,
        date(2026, 8, 31): changqing,
        BACK: dongfeng,
        street.today: dongfeng,
    }
    for day, place in lives.items():
        rosters, residents = _lists(street, day)
        assert rosters == [3, 0, 0], day  # the relation stays until somebody registers a transfer
        for n in range(len(PLACES)):
            expected = sorted([*(others if n == changqing else ()), *([one] if n == place else ())])
            assert residents[n] == expected, (day, PLACES[n])
        with street.store.reading(CLERK.scope) as reader:
            assert residence_orgs(reader, None if day == street.today else day)[one] == street.villages[place], day
    rosters, residents = _lists(street, date(2024, 2, 1))  # in the old village still: no address on record
    assert rosters == [3, 0, 0]
    assert residents == [[], [], []]
