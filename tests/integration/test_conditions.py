"""What a person sets about a member changes the plan, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import MemberStatus, MobilityLevel, Preference
from gis.model.ids import HostId
from gis.model.plan import GroupingRequest
from gis.services.conditions import MemberConditions, host_names, list_conditions, set_conditions
from gis.services.grouping import propose_groups
from tests.integration.tiny_street import CLERK, TinyStreet, person

if TYPE_CHECKING:
    from gis.store.database import Store


@pytest.fixture
def street(store: Store) -> TinyStreet:
    return TinyStreet(store)


def _of(street: TinyStreet, name: str) -> MemberConditions:
    return next(one for one in list_conditions(CLERK, street.store) if one.name == name)


def _set(street: TinyStreet, name: str, **changes: object) -> None:
    one = _of(street, name)
    wanted = replace(one.conditions, **changes)  # type: ignore[arg-type]  # fields by name
    set_conditions(CLERK, street.store, one.member_id, wanted, one.version)


def _left_out(street: TinyStreet) -> dict[str, str]:
    plan = propose_groups(CLERK, street.store, GroupingRequest(seconds=10))
    return {one.name: one.code for one in plan.unseated}


def test_a_wish_that_changed_is_followed(street: TinyStreet):
    assert _left_out(street)["禾五"] == "PREFERS_HOME_BRANCH"
    _set(street, "禾五", preference=Preference.GROUP)
    assert "禾五" not in _left_out(street)


def test_who_cannot_leave_home_is_not_asked_to_walk(street: TinyStreet):
    _set(street, "禾五", preference=Preference.NONE, mobility_level=MobilityLevel.CANNOT_LEAVE)
    assert _left_out(street)["禾五"] == "CANNOT_LEAVE"


def test_without_anybody_who_may_lead_there_is_no_group(street: TinyStreet):
    _set(street, "禾一", is_leader_eligible=False)
    assert set(_left_out(street).values()) >= {"NO_LEADER"}
    _set(street, "禾三", is_leader_eligible=True)
    assert "禾一" not in _left_out(street)


def test_a_fixed_host_is_kept(street: TinyStreet):
    _set(street, "禾四", locked_host_id=street.near)
    plan = propose_groups(CLERK, street.store, GroupingRequest(seconds=10))
    (group,) = plan.groups
    seat = next(seat for seat in group.seats if seat.name == "禾四")
    assert seat.is_locked
    assert round(seat.walk_m) == 1900
    assert "支部指定" in seat.why


def test_a_host_that_is_not_there_is_refused(street: TinyStreet):
    with pytest.raises(InputError, match="中心户"):
        _set(street, "禾一", locked_host_id=HostId(999))


def test_a_probationary_member_cannot_be_named_leader(street: TinyStreet):

    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person("禾预", street.branch, 90, member_status=MemberStatus.PROBATIONARY)])
    with pytest.raises(InputError, match="不能担任组长"):
        _set(street, "禾预", is_leader_eligible=True)


def test_the_second_of_two_editors_is_refused(street: TinyStreet):
    one = _of(street, "禾一")
    _set(street, "禾一", preference=Preference.ONLINE)
    with pytest.raises(StaleError):
        set_conditions(CLERK, street.store, one.member_id, one.conditions, one.version)


def test_a_secretary_reaches_the_own_branch_only(street: TinyStreet):
    other = Actor("zhibu", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.other})))
    one = _of(street, "禾一")
    assert list_conditions(other, street.store) == ()
    with pytest.raises(NotFoundError):
        set_conditions(other, street.store, one.member_id, one.conditions, one.version)
    leader = Actor("zuzhang", Role.GROUP_LEADER, scope_for(Role.GROUP_LEADER, frozenset({street.branch})))
    with pytest.raises(DeniedError):
        list_conditions(leader, street.store)
    with pytest.raises(DeniedError):
        host_names(leader, street.store)


def test_what_a_changed_wish_would_do_is_true(street: TinyStreet):
    plan = propose_groups(CLERK, street.store, GroupingRequest(seconds=10))
    said = {one.name: one.smallest_change for one in plan.unseated}
    assert said["禾五"] == "本人改为愿意就近编组，即可编入近禾家的小组"
    _set(street, "禾五", preference=Preference.GROUP)
    again = propose_groups(CLERK, street.store, GroupingRequest(seconds=10))
    assert "禾五" in {seat.name for group in again.groups for seat in group.seats}


def test_a_wish_that_is_not_the_only_obstacle_promises_nothing(street: TinyStreet):
    _set(street, "禾五", mobility_level=MobilityLevel.CANNOT_LEAVE)
    plan = propose_groups(CLERK, street.store, GroupingRequest(seconds=10))
    said = {one.name: one.smallest_change for one in plan.unseated}
    assert said["禾五"].startswith("即使改为愿意就近编组，仍须先解决：不便出门")


def test_a_limit_agreed_with_the_member_beats_the_one_of_the_age(street: TinyStreet):
    _set(street, "禾三", max_walk_m=150)
    assert _left_out(street)["禾三"] == "NO_HOST_IN_REACH"
    _set(street, "禾三", max_walk_m=None)
    assert "禾三" not in _left_out(street)
    _set(street, "禾四", max_walk_m=1950)
    assert "禾四" not in _left_out(street)


def test_a_limit_that_is_no_walk_is_refused(street: TinyStreet):
    with pytest.raises(InputError, match="步行上限"):
        _set(street, "禾三", max_walk_m=0)


def test_companions_name_each_other_until_one_of_them_ends_it(street: TinyStreet):
    one, other = _of(street, "禾一"), _of(street, "禾四")
    _set(street, "禾四", companion_ids=(one.member_id,))
    assert _of(street, "禾一").conditions.companion_ids == (other.member_id,)
    with pytest.raises(StaleError):  # the pair changed both
        set_conditions(CLERK, street.store, one.member_id, one.conditions, one.version)
    _set(street, "禾一", companion_ids=())
    assert _of(street, "禾四").conditions.companion_ids == ()
    _set(street, "禾一", companion_ids=(other.member_id,))
    assert _of(street, "禾四").conditions.companion_ids == (one.member_id,)


def test_companions_are_of_one_branch(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (stranger,) = writer.save_members([person("外一", street.other, 50)])
    with pytest.raises(InputError, match="同一支部"):
        _set(street, "禾一", companion_ids=(stranger,))
    with pytest.raises(InputError, match="同一支部"):
        _set(street, "禾一", companion_ids=(_of(street, "禾一").member_id,))
