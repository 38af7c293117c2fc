"""The queue of homes that no address could place: confirm a candidate, or put a pin on the map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import PositionSource, Precision
from gis.services.access import require
from gis.services.placing import in_building
from gis.spatial.points import grid_at, pin_point

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import BuildingId, MemberId
    from gis.model.people import Member, Residence
    from gis.model.territory import Building
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

_DOUBTFUL = frozenset({Precision.QUEUE, Precision.COMMUNITY, Precision.ESTATE, Precision.OUTSIDE})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A building that an address may mean."""

    building_id: BuildingId
    estate: str
    building_no: str
    shape: bytes | None


@dataclass(frozen=True, slots=True)
class Unlocated:
    """A member whose home a person should place; `version` is the residence's, to be given back with the answer.

    `near` is the estate, where that much is known, else the rough position: where the map should look.
    """

    member_id: MemberId
    name: str
    branch: str
    address: str
    precision: Precision
    reason: str
    candidates: tuple[Candidate, ...]
    version: int
    is_in_transition: bool
    near: bytes | None = None


def list_unlocated(actor: Actor, store: Store) -> tuple[Unlocated, ...]:
    """List the members in scope without a building: those of the street first, in transition, with candidates."""
    require(actor, Action.LOCATE_MEMBERS)
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org.name for org in reader.orgs()}
        buildings = {building.id: building for building in reader.buildings() if building.id is not None}
        estates = {estate.id: estate.shape for estate in reader.estates()}
        found = [
            replace(
                _unlocated(member, member.residence, orgs.get(member.branch_id, ""), buildings),
                near=estates.get(member.residence.estate_id) or member.residence.shape,
            )
            for member in reader.members()
            if member.restricted_on is None
            and member.residence is not None
            and member.residence.precision in _DOUBTFUL
            and member.residence.address
        ]
    return tuple(sorted(found, key=_urgency))


def _urgency(one: Unlocated) -> tuple[bool, bool, bool, MemberId]:
    is_outside = one.precision is Precision.OUTSIDE  # can be pinned, to be seated near the border
    return is_outside, not one.is_in_transition, not one.candidates, one.member_id


def confirm_candidate(actor: Actor, store: Store, member_id: MemberId, building_id: BuildingId, version: int) -> None:
    """Say that a member lives in this building; any building may be chosen, a candidate or not.

    Raises
    ------
    NotFoundError
        The member or the building is not there, or outside the scope.
    StaleError
        Somebody has placed the member since.
    """
    require(actor, Action.LOCATE_MEMBERS)
    with store.writing(actor, Action.LOCATE_MEMBERS) as writer:
        home = _home(writer, member_id)
        building = next((one for one in writer.buildings() if one.id == building_id), None)
        if building is None:
            msg = "该楼栋已不存在，请刷新后重新选择"
            raise NotFoundError(msg)
        placed = in_building(home, building, writer.today)
        _save(writer, placed, version)
        writer.say("人工确认一名党员的楼栋", member_id=member_id)  # not which: that would be a home address


def pin_position(actor: Actor, store: Store, member_id: MemberId, lonlat: tuple[float, float], version: int) -> None:
    """Put a member's home at a point, degrees east and north in EPSG:4490.

    Raises
    ------
    InputError
        The point lies outside China.
    NotFoundError
        The member is not there, or outside the scope.
    StaleError
        Somebody has placed the member since.
    """
    require(actor, Action.LOCATE_MEMBERS)
    shape = pin_point(*lonlat)
    if shape is None:
        msg = "标点不在中国范围内：请在地图上重新标点"
        raise InputError(msg)
    with store.writing(actor, Action.LOCATE_MEMBERS) as writer:
        home = _home(writer, member_id)
        placed = replace(
            home,
            precision=Precision.BUILDING,
            source=PositionSource.PIN,
            confidence=1.0,
            building_id=None,
            estate_id=None,
            grid_id=grid_at(writer.grids(), shape),
            shape=shape,
            candidates=(),
            reason="",
            located_on=writer.today,
        )
        _save(writer, placed, version)
        writer.say("人工为一名党员标点", member_id=member_id)


def _unlocated(member: Member, home: Residence, branch: str, buildings: dict[BuildingId, Building]) -> Unlocated:
    candidates = tuple(
        Candidate(number, buildings[number].estate, buildings[number].building_no, buildings[number].shape)
        for number in home.candidates
        if number in buildings
    )
    if member.id is None:  # a member that was read has an id
        msg = "党员记录不完整，请刷新后重试"
        raise NotFoundError(msg)
    return Unlocated(
        member_id=member.id,
        name=member.name,
        branch=branch,
        address=home.address,
        precision=home.precision,
        reason=home.reason,
        candidates=candidates,
        version=home.version,
        is_in_transition=member.is_in_transition,
    )


def _home(reader: Reader, member_id: MemberId) -> Residence:
    member = next((one for one in reader.members() if one.id == member_id), None)
    if member is None or member.residence is None:
        msg = "没有找到这名党员的住址，或不在您的管理范围内"
        raise NotFoundError(msg)
    return member.residence


def _save(writer: Writer, home: Residence, version: int) -> None:
    if home.id is None:  # a residence that was read has an id
        msg = "住址记录不完整，请刷新后重试"
        raise NotFoundError(msg)
    writer.locate(home.id, home, version=version)
