"""What the field above the map looks through: buildings by name, members of the scope by name only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from gis.model.ids import BuildingId, MemberId
from gis.store.readers.people import PeopleReads
from gis.store.schema import BuildingRow, EstateRow, MemberRow, OrgRow, TransitionRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from gis.model.ids import EstateId


@dataclass(frozen=True, slots=True)
class BuildingName:
    """A building's estate and number."""

    id: BuildingId
    estate: str
    number: str


class MapSearchReads(PeopleReads):
    """Names for the map's search."""

    def numbered_buildings(self) -> tuple[BuildingName, ...]:
        """Name all buildings, by id, without their shapes."""
        if not self.sees_street:
            return ()
        estates = {row.id: row.name for row in self.session.execute(select(EstateRow.id, EstateRow.name))}
        rows = self.session.execute(
            select(BuildingRow.id, BuildingRow.estate_id, BuildingRow.building_no).order_by(BuildingRow.id)
        )
        return tuple(
            BuildingName(BuildingId(row.id), estates.get(row.estate_id or 0, ""), row.building_no) for row in rows
        )

    def shapes_in_estate(self, estate_id: EstateId) -> tuple[bytes, ...]:
        """Return the shapes of an estate's buildings."""
        if not self.sees_street:
            return ()
        rows = self.session.scalars(select(BuildingRow.geom).where(BuildingRow.estate_id == estate_id))
        return tuple(shape for shape in rows if shape)

    def members_named(self, words: tuple[str, ...], most: int) -> tuple[MemberId, ...]:
        """Return members of the scope so named, those in transition first; never who has restricted the use of data.

        The first word is part of the name or the first letters of its pinyin; each further one is so too, or is part of
        the branch's name. Homes are not asked: who does not want to be seen on the map is not found by address there.
        """
        branches = self._branches(None)
        if not branches or not words:
            return ()
        moving = select(TransitionRow.member_id).where(TransitionRow.returned_on.is_(None))
        query = select(MemberRow.id).where(
            MemberRow.branch_id.in_(branches),
            MemberRow.left_on.is_(None),
            MemberRow.restricted_on.is_(None),
            _named(words[0]),
        )
        for word in words[1:]:
            of_branch = select(OrgRow.id).where(OrgRow.name.contains(word, autoescape=True))
            query = query.where(or_(_named(word), MemberRow.branch_id.in_(of_branch)))
        order = query.order_by(MemberRow.id.in_(moving).desc(), MemberRow.id).limit(most)
        return tuple(MemberId(number) for number in self.session.scalars(order))


def _named(word: str) -> ColumnElement[bool]:
    written = MemberRow.name.contains(word, autoescape=True)
    if not (word.isascii() and word.isalpha()):
        return written
    low = word.lower()
    return or_(
        written,
        MemberRow.initials.startswith(low, autoescape=True),
        MemberRow.initials.contains(f" {low}", autoescape=True),
    )
