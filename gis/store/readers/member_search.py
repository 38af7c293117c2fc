"""Finding members by name, pinyin initials, phone ending, estate, building or branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import or_, select

from gis.model.ids import BuildingId, EstateId, MemberId, OrgId
from gis.store.initials import initials_of
from gis.store.readers.people import PeopleReads
from gis.store.schema import BuildingRow, EstateRow, MemberRow, OrgRow, ResidenceRow, TransitionRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

KeyT = TypeVar("KeyT", bound=int)
LEAST_DIGITS = 3  # of a phone's ending; fewer would find half a branch


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Names that a word of a search may mean: of branches, estates and buildings, with their initials."""

    branches: dict[OrgId, tuple[str, str]]
    estates: dict[EstateId, tuple[str, str]]
    buildings: dict[BuildingId, tuple[str, str]]


class SearchReads(PeopleReads):
    """The member finder of the scope."""

    def place_names(self) -> PlaceNames:
        """Name the branches of the scope, the estates and the buildings."""
        spelled: dict[str, str] = {"": ""}

        def named(name: str) -> tuple[str, str]:
            if name not in spelled:
                spelled[name] = initials_of(name)
            return name, spelled[name]

        def building(estate: str, number: str) -> tuple[str, str]:
            label = f"{number}幢" if number[-1:].isdecimal() else number
            return f"{estate}{label}", " ".join(f"{one}{number}" for one in named(estate)[1].split())

        orgs = self.session.execute(select(OrgRow.id, OrgRow.name).where(OrgRow.id.in_(self._branches(None))))
        estates = {row.id: row.name for row in self.session.execute(select(EstateRow.id, EstateRow.name))}
        rows = self.session.execute(select(BuildingRow.id, BuildingRow.estate_id, BuildingRow.building_no))
        return PlaceNames(
            {OrgId(row.id): named(row.name) for row in orgs},
            {EstateId(number): named(name) for number, name in estates.items()},
            {BuildingId(row.id): building(estates.get(row.estate_id or 0, ""), row.building_no) for row in rows},
        )

    def find_members(self, words: tuple[str, ...], places: PlaceNames, most: int) -> tuple[MemberId, ...]:
        """Return members of whom every word says something: those in transition first, then by id; at most `most`."""
        branches = self._branches(None)
        if not branches or not words:
            return ()
        moving = select(TransitionRow.member_id).where(TransitionRow.returned_on.is_(None))
        query = select(MemberRow.id).where(MemberRow.branch_id.in_(branches), MemberRow.left_on.is_(None))
        for word in words:
            query = query.where(_means(word, places))
        order = query.order_by(MemberRow.id.in_(moving).desc(), MemberRow.id).limit(most)
        return tuple(MemberId(number) for number in self.session.scalars(order))


def _means(word: str, places: PlaceNames) -> ColumnElement[bool]:
    """Say in what ways a word can be meant."""
    low = word.lower()
    ways: list[ColumnElement[bool]] = [MemberRow.name.contains(word, autoescape=True)]
    if low.isascii() and low.isalpha():
        ways.append(MemberRow.initials.startswith(low, autoescape=True))
        ways.append(MemberRow.initials.contains(f" {low}", autoescape=True))
    if word.isascii() and word.isdigit() and len(word) >= LEAST_DIGITS:
        ways += [MemberRow.phone.endswith(word), MemberRow.phone2.endswith(word)]
    ways.append(MemberRow.branch_id.in_(_meant(low, places.branches)))
    if len(word) > 1 and not low.isdigit():
        here: list[ColumnElement[bool]] = [ResidenceRow.estate_id.in_(_meant(low, places.estates))]
        if not low[0].isdigit():  # "3幢" is in "13幢" too
            here.append(ResidenceRow.address.contains(word, autoescape=True))
        if any(letter.isdigit() for letter in low):  # without a number the estate says it all
            here.append(ResidenceRow.building_id.in_(_meant(low, places.buildings)))
        ways.append(MemberRow.id.in_(select(ResidenceRow.member_id).where(ResidenceRow.valid_to.is_(None), or_(*here))))
    return or_(*ways)


def _meant(word: str, names: Mapping[KeyT, tuple[str, str]]) -> list[KeyT]:
    spelled = word if word.isascii() and word[:1].isalpha() else ""
    return [
        number
        for number, (name, initials) in names.items()
        if _says(name.lower(), word) or (spelled and any(one.startswith(spelled) for one in initials.lower().split()))
    ]


def _says(name: str, word: str) -> bool:
    """Whether the word stands in the name; a number only as a whole: "3幢" is not in "13幢"."""
    at = name.find(word)
    return at >= 0 and not (word[0].isdigit() and at > 0 and name[at - 1].isdigit())
