"""A roster's row and the member it is → the member as it will be saved. Blank cells never erase anything."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, replace
from typing import TYPE_CHECKING

from gis.model.enums import Gender, MembershipStatus, MemberStatus, PositionSource, Precision, Preference
from gis.model.people import Member, Residence, Transition
from gis.services._roster_matching import same_address
from gis.spatial.addresses import unit_index
from gis.spatial.points import same_point
from gis.store.formats.roster_headers import Layout
from gis.store.formats.roster_values import is_leader_post

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import OrgId
    from gis.model.territory import Building
    from gis.spatial.locate import Gazetteer
    from gis.spatial.location import Location
    from gis.store.formats.roster_rows import RosterRow

_UNPLACED = frozenset({Precision.QUEUE, Precision.COMMUNITY, Precision.OUTSIDE})
BY_HAND = frozenset({PositionSource.CONFIRMED, PositionSource.PIN})


def digest_of(row: RosterRow, branch: OrgId) -> str:
    """Digest of everything that the row says, but for its place in the file."""
    said = astuple(replace(row, sheet="", row=0, section="", branch="", age=None))
    return hashlib.sha256(repr((said, branch)).encode()).hexdigest()


def new_member(row: RosterRow, branch: OrgId, layout: Layout) -> Member:
    """Make the member that a row describes, without residence."""
    return with_row(Member(None, row.name, branch, roster_source=layout.value), row, branch, layout)


def with_row(member: Member, row: RosterRow, branch: OrgId, layout: Layout) -> Member:
    """Take over what the row says."""
    phones = row.phones
    post = member.post if row.post is None else row.post
    changed = replace(
        member,
        branch_id=branch,
        birth_ym=row.birth_ym or member.birth_ym,
        gender=member.gender if row.gender in (None, Gender.UNKNOWN) else row.gender,
        phone=phones[0] if phones else member.phone,
        phone2="/".join(phones[1:]) if len(phones) > 1 else member.phone2,
        member_status=row.member_status or member.member_status or MemberStatus.FULL,
        membership_status=row.membership_status or member.membership_status or MembershipStatus.NORMAL,
        joined_on=row.joined_on or member.joined_on,
        confirmed_on=row.confirmed_on or member.confirmed_on,
        post=post,
        original_village=row.village or member.original_village,
        categories=tuple(sorted({*member.categories, *row.categories})),
        preference=member.preference if row.preference is Preference.NONE else row.preference,
        lives_alone=member.lives_alone if row.lives_alone is None else row.lives_alone,
        is_leader_eligible=member.is_leader_eligible or is_leader_post(post),
    )
    return replace(changed, transition=_transition(changed.transition, row)) if layout is Layout.TRANSITION else changed


def _transition(before: Transition | None, row: RosterRow) -> Transition:
    old = before or Transition()
    return replace(
        old,
        started_on=row.started_on or old.started_on,
        expected_return=row.expected_return or old.expected_return,
        project=row.project or old.project,
        return_community=row.return_community or old.return_community,
        housing_kind=row.housing_kind or old.housing_kind,
    )


def with_address(
    member: Member, address: str, gazetteer: Gazetteer, buildings: dict[int, Building], today: date
) -> Member:
    """Move the member to an address; a position that a person has set stays while the address is the same."""
    before = member.residence
    is_same = before is not None and same_address(before.address, address)
    if is_same and before is not None and before.source in BY_HAND:
        return member
    text = before.address if is_same and before is not None else address
    found = gazetteer.locate(text)
    if before is not None and not is_same and _is_same_flat(before, found):
        return member  # 3-2-501 for 3幢2单元501室 is another spelling, not a move
    home = residence_of(text, found, buildings, today)
    if is_same and before is not None:
        home = replace(home, valid_from=before.valid_from, id=before.id, version=before.version)
        if home.precision in _UNPLACED and before.precision in _UNPLACED:
            return member  # why it cannot be placed may read differently; nothing is better known
        if same_point(home.shape, before.shape):
            home = replace(home, shape=before.shape)
        if replace(home, located_on=before.located_on) == before:
            return member
    else:
        home = replace(home, valid_from=today)
    return replace(member, residence=home)


def _is_same_flat(before: Residence, found: Location) -> bool:
    """Whether an address names the flat that the member is known to live in; a missing unit contradicts nothing."""
    if before.building_id is None or before.building_id != found.building_id or before.room_no != found.room:
        return False
    units = {unit_index(unit) for unit in (before.unit_no, found.unit) if unit}
    return bool(found.room) and len(units) <= 1


def residence_of(address: str, found: Location, buildings: dict[int, Building], today: date) -> Residence:
    """Write a location down as a residence."""
    building = buildings.get(found.building_id) if found.building_id is not None else None
    has_place = found.precision in (Precision.BUILDING, Precision.ESTATE)
    return Residence(
        address=address,
        precision=found.precision,
        source=PositionSource.ADDRESS if has_place else PositionSource.NONE,
        confidence=found.confidence,
        building_id=found.building_id,
        estate_id=found.estate_id,
        grid_id=building.grid_id if building else None,
        unit_no=found.unit[:32],
        room_no=found.room[:32],
        shape=found.shape,
        candidates=found.candidates,
        reason=found.reason,
        located_on=today if has_place else None,
    )
