"""Members → doors: who is called on together, where, on which floor, how long, and when.

One door is one household or flat: members of one room of a building, or of one household file at one address. A group
that meets is one stop as well: at its place, at its time, with all its members.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import shapely

from gis.model.enums import Precision
from gis.model.visits import DueKind, VisitTarget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from gis.model.contact import HouseholdFile
    from gis.model.ids import BuildingId, GroupId, MemberId, OrgId, SessionId, StopId
    from gis.model.people import Member
    from gis.model.settings import OfficeSettings
    from gis.model.territory import Building
    from gis.model.visits import DueVisit

HIGHEST_WITHOUT_LIFT = 6  # GB 50096: a house of seven floors and more has a lift
#: A home is gone to where it is known to the building, or at least to the estate
FINDABLE = (Precision.BUILDING, Precision.ESTATE)
STEMS = "甲乙丙丁戊己庚辛壬癸"  # three of four units are labelled with them (domain.md 3.4)
_DIGITS = re.compile(r"\d+")
_SHORT_ROOM, _LONG_ROOM = 3, 4  # 501 is on floor 5, 1203 on floor 12


@dataclass(frozen=True, slots=True)
class DoorPlace:
    """Where a door is; `floor` and `has_lift` None: not known; `is_exact` False: only the estate is known."""

    lon: float
    lat: float
    building_id: BuildingId | None = None
    unit: str = ""
    room: str = ""
    floor: int | None = None
    has_lift: bool = False
    is_exact: bool = True

    @property
    def floors_up(self) -> int:
        """How many floors are climbed on foot, and down again."""
        return 0 if self.has_lift or self.floor is None else max(self.floor - 1, 0)

    @property
    def order(self) -> tuple[object, ...]:
        """The order inside a building: unit by unit; with a lift from the top down, else from the ground up.

        With a lift one rides up once and walks down past the doors. Without one the climb is made floor by floor, with
        a visit to rest at between, and the way down is one.
        """
        floor = self.floor or 0
        return natural(self.unit), -floor if self.has_lift else floor, natural(self.room)


@dataclass(frozen=True, slots=True)
class Door:
    """One stop to be planned: a door, or the session of a group.

    `fixed_at` is when the session begins, local. `window` is when all behind the door like to be visited, minutes
    after midnight. `teams` are the numbers of those of which one has to go, none: any. `branches` are the members'.
    """

    targets: tuple[VisitTarget, ...]
    place: DoorPlace
    service_min: int
    branches: frozenset[OrgId]
    window: tuple[int, int] | None = None
    fixed_at: datetime | None = None
    is_optional: bool = False
    overdue_days: int = 0
    last_by: frozenset[str] = frozenset()
    teams: frozenset[int] = frozenset()
    group_id: GroupId | None = None
    session_id: SessionId | None = None
    stop_id: StopId | None = None
    is_locked: bool = False

    @property
    def member_ids(self) -> tuple[MemberId, ...]:
        """Who is behind the door."""
        return tuple(one.member_id for one in self.targets)


@dataclass(frozen=True)
class Homes:
    """What is known of homes: members, buildings and household files."""

    members: Mapping[MemberId, Member]
    buildings: Mapping[BuildingId, Building]
    files: Mapping[MemberId, HouseholdFile] = field(default_factory=dict)

    def place(self, member_id: MemberId) -> DoorPlace | None:
        """Return where a member's door is, None where nobody can go there."""
        home = self.members[member_id].residence
        if home is None or home.precision not in FINDABLE:
            return None
        building = self.buildings.get(home.building_id) if home.building_id is not None else None
        shape = building.shape if building is not None and building.shape is not None else home.shape
        if shape is None:
            return None
        point = shapely.from_wkb(shape).representative_point()
        file = self.files.get(member_id)
        is_exact = building is not None and home.precision is Precision.BUILDING
        return DoorPlace(
            lon=point.x,
            lat=point.y,
            building_id=home.building_id if is_exact else None,
            unit=home.unit_no.strip(),
            room=home.room_no.strip(),
            floor=floor_of(home.room_no, file, building),
            has_lift=lift_of(file, building),
            is_exact=is_exact,
        )

    def keys(self, member_id: MemberId) -> Iterator[tuple[object, ...]]:
        """Name what two members share who live behind one door."""
        member, file = self.members.get(member_id), self.files.get(member_id)
        home = member.residence if member is not None else None  # None: has left since
        if home is None:
            return
        where: object = home.building_id if home.building_id is not None else "".join(home.address.split())
        if home.room_no.strip():
            yield "room", where, home.unit_no.strip(), home.room_no.strip()
        if file is not None:
            yield "file", where, file.id


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts 2 before 10, and 甲 before 乙."""
    parts = re.findall(rf"\d+|[{STEMS}]|[^\d{STEMS}]+", text)
    return tuple(
        (int(part), "") if part.isdecimal() else (STEMS.index(part) + 1, "") if part in STEMS else (0, part)
        for part in parts
    )


def floor_of(room: str, file: HouseholdFile | None, building: Building | None) -> int | None:
    """Return the floor: of the household file, else as the room number says (501: 5, 1203: 12), None: not known."""
    if file is not None and file.floor_no is not None:
        return file.floor_no
    found = _DIGITS.findall(room)
    digits = found[-1] if found else ""
    if len(digits) not in (_SHORT_ROOM, _LONG_ROOM):
        return None
    floor = int(digits[:-2])
    highest = building.floors if building is not None else None
    return floor if floor >= 1 and (highest is None or floor <= highest) else None


def lift_of(file: HouseholdFile | None, building: Building | None) -> bool:
    """Whether there is a lift: as the household file or the building says; else houses of seven floors have one."""
    if file is not None and file.has_lift is not None:
        return file.has_lift
    if building is None:
        return False
    if building.has_lift is not None:
        return building.has_lift
    return building.floors is not None and building.floors > HIGHEST_WITHOUT_LIFT


def service_minutes(place: DoorPlace, n_members: int, options: OfficeSettings, *, is_group: bool) -> int:
    """Return whole minutes from the entrance of the house to the entrance: the visit, and the stairs up and down."""
    stairs = 2 * place.floors_up * options.visit_floor_min
    if is_group:
        return math.ceil(options.visit_group_minutes + stairs - 1e-9)
    return math.ceil(options.visit_minutes + (n_members - 1) * options.visit_extra_minutes + stairs - 1e-9)


def common_window(windows: Iterable[tuple[int, int] | None]) -> tuple[int, int] | None:
    """Return the time that suits everybody, None: any.

    Raises
    ------
    ValueError
        There is no such time.
    """
    asked = [one for one in windows if one is not None]
    if not asked:
        return None
    low, high = max(one[0] for one in asked), min(one[1] for one in asked)
    if low >= high:
        msg = "no common time"
        raise ValueError(msg)
    return low, high


def home_doors(
    due: Sequence[DueVisit],
    homes: Homes,
    options: OfficeSettings,
    must_with: Mapping[MemberId, int],
    material: str = "",
) -> tuple[tuple[Door, ...], tuple[DueVisit, ...]]:
    """Gather those who are visited at home behind their doors; returns the doors, and who cannot be found.

    Members of one door stay apart where their times do not meet or different teams have to go.
    """
    doors: list[Door] = []
    lost: list[DueVisit] = []
    for together in _by_door(due, homes):
        open_doors: list[Door] = []
        for one in together:
            made = _one_door(one, homes, options, must_with.get(one.member_id), material)
            if made is None:
                lost.append(one)
                continue
            for k, door in enumerate(open_doors):
                joined = _joined(door, made, options)
                if joined is not None:
                    open_doors[k] = joined
                    break
            else:
                open_doors.append(made)
        doors += open_doors
    return tuple(doors), tuple(lost)


def _by_door(due: Sequence[DueVisit], homes: Homes) -> list[list[DueVisit]]:
    """Part members by what they share: room or household file, whatever the chain."""
    group_of: dict[tuple[object, ...], int] = {}
    groups: dict[int, list[DueVisit]] = {}
    for new, one in enumerate(due):
        keys = list(homes.keys(one.member_id))
        known = sorted({group_of[key] for key in keys if key in group_of})
        number = known[0] if known else new
        members = groups.setdefault(number, [])
        for other in known[1:]:
            members += groups.pop(other)
            group_of.update({key: number for key, at in group_of.items() if at == other})
        members.append(one)
        group_of.update(dict.fromkeys(keys, number))
    return [sorted(group, key=lambda one: one.member_id) for group in groups.values()]


def _one_door(one: DueVisit, homes: Homes, options: OfficeSettings, team: int | None, material: str) -> Door | None:
    place = homes.place(one.member_id)
    if place is None:
        return None
    return Door(
        targets=(target_of(one, material),),
        place=place,
        service_min=service_minutes(place, 1, options, is_group=False),
        branches=frozenset({homes.members[one.member_id].branch_id}),
        window=one.window,
        is_optional=one.is_optional,
        overdue_days=one.overdue_days,
        last_by=frozenset(one.last_by),
        teams=frozenset() if team is None else frozenset({team}),
    )


def _joined(one: Door, other: Door, options: OfficeSettings) -> Door | None:
    """Return both as one door, None where they must stay apart."""
    if one.teams and other.teams and one.teams != other.teams:
        return None
    try:
        window = common_window((one.window, other.window))
    except ValueError:
        return None
    targets = one.targets + other.targets
    exact = one.place if one.place.room or not other.place.room else other.place
    place = replace(exact, floor=exact.floor if exact.floor is not None else (one.place.floor or other.place.floor))
    return replace(
        one,
        targets=targets,
        place=place,
        service_min=service_minutes(place, len(targets), options, is_group=False),
        branches=one.branches | other.branches,
        window=window,
        is_optional=one.is_optional and other.is_optional,
        overdue_days=max(one.overdue_days, other.overdue_days),
        last_by=one.last_by | other.last_by,
        teams=one.teams or other.teams,
    )


def target_of(one: DueVisit, material: str = "") -> VisitTarget:
    """Return a due member as a target."""
    return VisitTarget(one.member_id, one.purposes, one.reasons, material)


def is_by_hand(target: VisitTarget) -> bool:
    """Whether somebody asked for this visit."""
    return any(one.kind is DueKind.BY_HAND for one in target.reasons)
