"""Members gathered behind doors: who is called on together, on which floor, for how long, in which order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import shapely

from gis.model.contact import HouseholdFile
from gis.model.enums import Precision
from gis.model.ids import BuildingId, HouseholdId, MemberId, OrgId
from gis.model.people import Member, Residence
from gis.model.settings import OfficeSettings
from gis.model.territory import Building
from gis.model.visits import DueKind, DueReason, DueVisit, VisitPurpose
from gis.services.visits.doors import DoorPlace, Homes, floor_of, home_doors, lift_of, natural, service_minutes

if TYPE_CHECKING:
    from gis.services.visits.doors import Door

POINT = bytes(shapely.to_wkb(shapely.Point(119.98, 31.79)))
USUAL = OfficeSettings()
WHY = (DueReason(DueKind.HOME_STUDY, "入户送学到期", date(2026, 11, 1)),)


def house(number: int, **more: object) -> Building:
    """Make a building."""
    return Building(BuildingId(number), "禾田苑", str(number), POINT, **more)  # type: ignore[arg-type]  # fields by name


def someone(number: int, building: int | None = 1, unit: str = "1", room: str = "301", **more: object) -> Member:
    """Make a member who lives in a flat."""
    usual: dict[str, object] = {
        "precision": Precision.BUILDING if building else Precision.ESTATE,
        "building_id": building,
        "unit_no": unit,
        "room_no": room,
        "shape": POINT,
    }
    home = Residence(f"禾田苑{building}幢", **(usual | more))  # type: ignore[arg-type]  # fields by name
    return Member(MemberId(number), f"禾{number}", OrgId(1), residence=home)


def due(number: int, **more: object) -> DueVisit:
    """Let somebody be due."""
    return DueVisit(MemberId(number), (VisitPurpose.STUDY,), WHY, **more)  # type: ignore[arg-type]  # fields by name


def doors(
    members: list[Member], visits: list[DueVisit], files: dict[MemberId, HouseholdFile] | None = None, **teams: int
) -> tuple[Door, ...]:
    """Gather."""
    homes = Homes({one.id: one for one in members if one.id}, {BuildingId(1): house(1)}, files or {})
    return home_doors(visits, homes, USUAL, {MemberId(int(key[1:])): team for key, team in teams.items()})[0]


def ids(found: tuple[Door, ...]) -> list[list[int]]:
    """Return who is behind which door."""
    return sorted(sorted(int(one) for one in door.member_ids) for door in found)


def file_of(number: int) -> HouseholdFile:
    """Make a household file."""
    return HouseholdFile(HouseholdId(number), f"户{number}", "", "", "", "", None, None, None)


def test_one_flat_is_one_door_and_the_next_flat_another() -> None:
    members = [someone(1), someone(2), someone(3, room="302"), someone(4, unit="2")]
    assert ids(doors(members, [due(n) for n in (1, 2, 3, 4)])) == [[1, 2], [3], [4]]


def test_one_household_is_one_door_where_no_room_is_known() -> None:
    members = [someone(1, room=""), someone(2), someone(3, room="")]
    files = {MemberId(1): file_of(7), MemberId(2): file_of(7)}
    assert ids(doors(members, [due(n) for n in (1, 2, 3)], files)) == [[1, 2], [3]]


def test_a_chain_of_flat_and_file_is_one_door() -> None:
    members = [someone(1, room=""), someone(2, room="501"), someone(3, room="501")]
    files = {MemberId(1): file_of(7), MemberId(3): file_of(7)}
    assert ids(doors(members, [due(n) for n in (1, 2, 3)], files)) == [[1, 2, 3]]


def test_times_that_do_not_meet_keep_them_apart() -> None:
    visits = [due(1, window=(510, 570)), due(2, window=(870, 930)), due(3, window=(540, 600))]
    found = doors([someone(1), someone(2), someone(3)], visits)
    assert ids(found) == [[1, 3], [2]]
    assert {door.window for door in found} == {(540, 570), (870, 930)}


def test_different_teams_keep_them_apart() -> None:
    members = [someone(1), someone(2), someone(3)]
    found = doors(members, [due(n) for n in (1, 2, 3)], m1=1, m2=2)
    assert ids(found) == [[1, 3], [2]]
    assert {door.teams for door in found} == {frozenset({1}), frozenset({2})}


def test_a_door_is_as_urgent_as_the_most_urgent_behind_it() -> None:
    visits = [due(1, is_optional=True, last_by=("麦甲",)), due(2, overdue_days=12, last_by=("麦乙",))]
    (door,) = doors([someone(1), someone(2)], visits)
    assert (door.is_optional, door.overdue_days) == (False, 12)
    assert door.last_by == {"麦甲", "麦乙"}
    assert door.service_min == USUAL.visit_minutes + USUAL.visit_extra_minutes + 2


def test_nobody_goes_where_the_place_is_not_known() -> None:
    homes = Homes({MemberId(1): someone(1, None, precision=Precision.QUEUE)}, {})
    found, lost = home_doors([due(1)], homes, USUAL, {})
    assert (found, [one.member_id for one in lost]) == ((), [1])


def test_only_the_estate_is_known_is_an_estimate() -> None:
    (door,) = doors([someone(1, None)], [due(1)])
    assert not door.place.is_exact


@pytest.mark.parametrize(
    ("room", "floor"),
    [("301", 3), ("1203", 12), ("乙-502", 5), ("12", None), ("", None), ("001", None), ("地下室", None)],
)
def test_floor_of_a_room_number(room: str, floor: int | None) -> None:
    assert floor_of(room, None, None) == floor


def test_a_floor_above_the_house_is_not_believed() -> None:
    assert floor_of("1203", None, house(1, floors=6)) is None


@pytest.mark.parametrize(
    ("building", "has"),
    [
        (house(1, has_lift=True), True),
        (house(1, floors=18, has_lift=False), False),
        (house(1, floors=7), True),
        (house(1, floors=6), False),
        (house(1), False),
        (None, False),
    ],
)
def test_a_lift_where_it_is_said_or_the_house_must_have_one(building: Building | None, has: bool) -> None:  # noqa: FBT001  # a table
    assert lift_of(None, building) is has


def test_stairs_up_and_down_are_part_of_the_visit() -> None:
    high = DoorPlace(119.98, 31.79, floor=6)
    assert service_minutes(high, 1, USUAL, is_group=False) == USUAL.visit_minutes + 5
    assert service_minutes(high, 3, USUAL, is_group=True) == USUAL.visit_group_minutes + 5
    assert service_minutes(DoorPlace(119.98, 31.79, floor=6, has_lift=True), 1, USUAL, is_group=False) == 25


def test_unit_by_unit_upwards_on_stairs_and_downwards_with_a_lift() -> None:
    def flat(unit: str, floor: int, *, lift: bool) -> DoorPlace:
        return DoorPlace(119.98, 31.79, unit=unit, room=f"{floor}01", floor=floor, has_lift=lift)

    stairs = [flat("2", 1, lift=False), flat("10", 2, lift=False), flat("2", 5, lift=False)]
    assert [(p.unit, p.floor) for p in sorted(stairs, key=lambda p: p.order)] == [("2", 1), ("2", 5), ("10", 2)]
    lift = [flat("1", 2, lift=True), flat("1", 11, lift=True)]
    assert [p.floor for p in sorted(lift, key=lambda p: p.order)] == [11, 2]


def test_units_are_counted_as_people_do() -> None:
    assert sorted(["10", "2", "2-1", "1"], key=natural) == ["1", "2", "2-1", "10"]
    assert sorted(["丙", "乙", "甲", "丁"], key=natural) == ["甲", "乙", "丙", "丁"]
