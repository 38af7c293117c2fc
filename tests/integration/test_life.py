"""迁居、返迁、转接、离开 on both databases: one identity, no holes, both sides' lists right on every date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.life import LifeKind, ReviewKind
from gis.model.rights import LeftKind
from gis.services.dual import residence_orgs
from gis.services.groups_view import list_groups
from gis.services.history import residents_as_of, roster_as_of
from gis.services.leaving import LeaveRequest, list_left, offices_waiting, register_leaving, undo_leaving
from gis.services.life import view_life
from gis.services.life_lists import lists_as_of
from gis.services.moving import CorrectRequest, MoveRequest, correct_home, register_move
from gis.services.returning import ReturnRequest, register_return
from gis.services.reviewing import list_reviews, settle_reviews
from gis.services.transferring import TransferRequest, register_transfer
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


def test_a_move_of_long_ago_is_put_in_its_place(street: LifeStreet):
    _move(street, "新丰苑2幢1单元201室", FIRST)
    _move(street, "常青花园7幢2单元302室", BACK)
    with pytest.raises(InputError, match="补登以前的情况"):
        _move(street, "新丰苑4幢1单元101室", SECOND)
    _move(street, "新丰苑4幢1单元101室", SECOND, is_past=True)
    homes = view_life(CLERK, street.store, street.members[0]).life.homes
    assert [(home.address[:5], home.valid_from, home.valid_to) for home in homes[1:]] == [
        ("新丰苑2幢", FIRST, SECOND),
        ("新丰苑4幢", SECOND, BACK),
        ("常青花园7", BACK, None),
    ]


@pytest.mark.parametrize(
    ("address", "on", "message"),
    [
        ("", FIRST, "请填写新住址"),
        ("常青花园1幢1单元101室", FIRST, "不是迁居"),
        ("新丰苑2幢1单元201室", date(2026, 11, 21), "在今天"),
        ("新丰苑2幢1单元201室", date(1900, 1, 1), "太早"),
        ("新丰苑2-5幢", FIRST, "请写明住在哪一幢"),
    ],
)
def test_a_move_that_cannot_be_is_refused(street: LifeStreet, address: str, on: date, message: str):
    with pytest.raises(InputError, match=message):
        _move(street, address, on)
    assert len(view_life(CLERK, street.store, street.members[0]).life.homes) == 1


def test_an_address_that_was_wrong_is_put_right_in_place(street: LifeStreet):
    _move(street, "新丰苑2幢1单元201室", FIRST)
    life = view_life(CLERK, street.store, street.members[0]).life
    assert life.home is not None
    with pytest.raises(InputError, match="请填写原因"):
        correct_home(
            CLERK, street.store, CorrectRequest(life.person.id, life.home.id, life.home.version, "", "新丰苑3幢")
        )
    request = CorrectRequest(
        life.person.id, life.home.id, life.home.version, "抄错幢号", "新丰苑3幢1单元201室", since=SECOND
    )
    correct_home(CLERK, street.store, request)
    after = view_life(CLERK, street.store, life.person.id)
    home = after.life.home
    assert home is not None
    assert (len(after.life.homes), home.id, home.address) == (2, life.home.id, "新丰苑3幢1单元201室")
    assert (home.valid_from, after.life.homes[0].valid_to, home.correction) == (SECOND, SECOND, "抄错幢号")
    with pytest.raises(StaleError):
        correct_home(CLERK, street.store, request)


def test_two_people_who_register_at_once_do_not_overwrite_each_other(street: LifeStreet):
    home = view_life(CLERK, street.store, street.members[0]).life.home
    assert home is not None
    seen = (home.id, home.version)
    _move(street, "新丰苑2幢1单元201室", FIRST, seen=seen)
    with pytest.raises(StaleError):
        _move(street, "新丰苑3幢1单元201室", SECOND, seen=seen)


def test_a_named_residence_organisation_stays_with_the_address_that_was_left(street: LifeStreet):
    one = street.members[0]
    _move(street, "城外某处出租屋", FIRST, residence_org_id=street.villages[2])
    _move(street, "常青花园7幢2单元302室", SECOND)
    assert [_lists(street, day)[1].index([one]) for day in (FIRST, date(2026, 5, 3))] == [2, 2]
    assert one in _lists(street, SECOND)[1][1]


def test_seat_and_mode_stay_and_are_put_up_for_review(street: LifeStreet):
    one = street.members[0]
    street.seat([one])
    _move(street, "新丰苑2幢1单元201室", FIRST)
    with street.store.reading(CLERK.scope) as reader:
        (group,) = reader.groups_in_force()
    assert [seat.member_id for seat in group.seats] == [one]
    (review,) = list_reviews(CLERK, street.store)
    assert (review.member_id, review.whats) == (one, (ReviewKind.GROUP,))
    _move(street, "新丰苑3幢1单元201室", SECOND)
    assert [one.on_day for one in list_reviews(CLERK, street.store)] == [SECOND]  # asked once, because of the latest
    assert settle_reviews(CLERK, street.store, one, "照旧") == 1
    assert list_reviews(CLERK, street.store) == ()
    with pytest.raises(InputError, match="没有待复核"):
        settle_reviews(CLERK, street.store, one, "照旧")


def test_a_return_proposes_and_changes_nothing_else(street: LifeStreet):
    one = street.members[0]
    request = ReturnRequest(one, BACK, address="新丰苑2幢1单元201室")
    found = register_return(CLERK, street.store, request)
    assert found.proposal.branches == ((street.branches[2], "新丰社区一支部"),)
    assert "R16" in found.proposal.hint
    assert view_life(CLERK, street.store, one).life.person.branch_id == street.branches[0]
    with pytest.raises(InputError, match="不在返迁过渡期"):
        register_return(CLERK, street.store, request)
    other = street.members[1]
    with pytest.raises(InputError, match="早于过渡期开始日期"):
        register_return(CLERK, street.store, ReturnRequest(other, date(2024, 1, 1)))
    stays = register_return(CLERK, street.store, ReturnRequest(other, BACK, community="常青花园"))
    assert stays.moved is None
    assert len(view_life(CLERK, street.store, other).life.homes) == 1


def test_a_transfer_leaves_one_relation(street: LifeStreet):
    one = street.members[0]
    found = register_transfer(CLERK, street.store, TransferRequest(one, street.branches[2], SECOND, "长期居住"))
    assert (found.branch_before, found.branch_after) == ("东风村一支部", "新丰社区一支部")
    assert [row.valid_to for row in found.affiliations] == [SECOND, None]
    for day, rosters in ((date(2026, 5, 3), [3, 0, 0]), (SECOND, [2, 0, 1]), (street.today, [2, 0, 1])):
        assert _lists(street, day)[0] == rosters
    with pytest.raises(InputError, match="R17"):
        register_transfer(CLERK, street.store, TransferRequest(one, street.branches[2], BACK, "再转"))
    with pytest.raises(InputError, match="请选择支部"):
        register_transfer(CLERK, street.store, TransferRequest(one, street.villages[1], BACK, "转"))
    with pytest.raises(InputError, match="请填写原因"):
        register_transfer(CLERK, street.store, TransferRequest(one, street.branches[1], BACK, ""))


def test_who_dies_is_off_the_lists_from_that_day(street: LifeStreet):
    one, other, _ = street.members
    street.seat([one, other], leader=other)
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        writer.set_companions(one, [other])
    left = register_leaving(CLERK, street.store, LeaveRequest(one, LeftKind.DECEASED, SECOND))
    assert (left.ended["seats"], left.ended["companions"]) == (1, 1)
    assert _lists(street, date(2026, 5, 3))[0] == [3, 0, 0]
    rosters, residents = _lists(street, SECOND)
    assert rosters == [2, 0, 0]
    assert one not in residents[1]
    with street.store.reading(CLERK.scope) as reader:
        assert one not in {member.id for member in reader.members()}
        assert one not in {member.id for member in reader.residents(grid_id=street.grids[1])}
        assert [seat.member_id for group in reader.groups_in_force() for seat in group.seats] == [other]
    with pytest.raises(InputError, match="登记去世"):
        _move(street, "新丰苑2幢1单元201室", BACK)
    undo_leaving(CLERK, street.store, one, "登记到了同名的人")
    assert _lists(street, street.today)[0] == [3, 0, 0]
    with street.store.reading(CLERK.scope) as reader:
        members = {member.id: member for member in reader.members()}
        (group,) = reader.groups_in_force()
    assert members[one].companion_ids == (other,)
    assert members[one].residence is not None
    assert members[one].restricted_on is None
    assert {seat.member_id for seat in group.seats} == {one, other}


def test_offices_are_handed_over_before_anybody_leaves_but_a_death_is_a_fact(street: LifeStreet):
    one, other, _ = street.members
    street.seat([one, other], leader=one)
    with pytest.raises(InputError, match="党小组组长（东风小组）") as refused:
        register_leaving(CLERK, street.store, LeaveRequest(one, LeftKind.TRANSFERRED, BACK, offices_later=True))
    assert [fault.field for fault in refused.value.faults] == ["党小组组长"]
    with pytest.raises(InputError, match="去世的可以先登记"):
        register_leaving(CLERK, street.store, LeaveRequest(one, LeftKind.DECEASED, BACK))
    register_leaving(CLERK, street.store, LeaveRequest(one, LeftKind.DECEASED, BACK, offices_later=True))
    assert [(office.kind.label, office.how) for office in offices_waiting(CLERK, street.store)] == [
        ("党小组组长", f"{BACK} 去世")
    ]
    assert [gone.name for gone in list_left(CLERK, street.store)] == ["禾一"]
    assert [group.leader for group in list_groups(CLERK, street.store)] == ["禾一（已去世，待支部另定）"]


def test_an_error_is_undone_while_the_data_is_kept(street: LifeStreet):
    one = street.members[0]
    register_leaving(CLERK, street.store, LeaveRequest(one, LeftKind.LEFT_PARTY, BACK))
    with pytest.raises(InputError, match="请填写原因"):
        undo_leaving(CLERK, street.store, one, "")
    street.today = date(2028, 9, 1)
    with pytest.raises(InputError, match="已满 24 个月"):
        undo_leaving(CLERK, street.store, one, "登记错了")
    street.today = date(2028, 8, 31)
    undo_leaving(CLERK, street.store, one, "登记错了")
    with pytest.raises(InputError, match="没有离开登记"):
        undo_leaving(CLERK, street.store, one, "登记错了")


def test_each_scope_reaches_its_own_members_only(street: LifeStreet):
    one = street.members[0]
    other = Actor("zhibu", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.branches[1]})))
    for act in (
        lambda: view_life(other, street.store, one),
        lambda: register_move(other, street.store, MoveRequest(one, "新丰苑2幢1单元201室", FIRST)),
        lambda: register_leaving(other, street.store, LeaveRequest(one, LeftKind.DECEASED, FIRST)),
        lambda: settle_reviews(other, street.store, one, "照旧"),
    ):
        with pytest.raises(NotFoundError):
            act()
    mine = Actor("zhibu", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.branches[0]})))
    with pytest.raises(DeniedError, match="管理范围不包括"):
        register_transfer(mine, street.store, TransferRequest(one, street.branches[1], FIRST, "转"))
    with pytest.raises(DeniedError):
        lists_as_of(mine, street.store, street.villages[1], FIRST)
    leader = Actor("ld", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
    for refused in (
        lambda: view_life(leader, street.store, one),
        lambda: lists_as_of(leader, street.store, None, FIRST),
        lambda: list_reviews(leader, street.store),
    ):
        with pytest.raises(DeniedError):
            refused()
    with street.store.reading(leader.scope) as reader:
        assert reader.standing_on(FIRST) == ()
        assert sum(reader.place_counts(FIRST).values()) == len(street.members)


def test_after_a_transfer_the_old_branch_sees_its_own_past_without_the_address_of_today(street: LifeStreet):
    one = street.members[0]
    register_transfer(CLERK, street.store, TransferRequest(one, street.branches[2], SECOND, "长期居住"))
    mine = scope_for(Role.BRANCH_SECRETARY, frozenset({street.branches[0]}))
    with street.store.reading(mine) as reader:
        before = {listed.member_id: listed for listed in reader.standing_on(FIRST)}
        assert one not in {listed.member_id for listed in reader.standing_on(SECOND)}
    assert (before[one].name, before[one].address) == ("禾一", "")
