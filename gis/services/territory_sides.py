"""Which organisation stands for the place where somebody lives, and what counts as “here” for an organisation.

The organisation of a community is the most special one that covers it: of those that cover the fewest communities the
topmost. A branch without a territory of its own counts with that of the organisation above it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import OrgKind, OrgStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.store.reader import Reader
    from gis.store.readers.sides import CoverLink, Place

#: Kinds that can stand for a territory; the others gather members by work, not by place
TERRITORIAL = frozenset(
    {
        OrgKind.COMMITTEE,
        OrgKind.GENERAL_BRANCH,
        OrgKind.BRANCH,
        OrgKind.JOINT_BRANCH,
        OrgKind.GRID_BRANCH,
    }
)
MOST_SUCCESSORS = 20  # a chain longer than this is a circle


@dataclass(frozen=True)
class Territory:
    """The tree of organisations with what each covers on one day."""

    orgs: Mapping[OrgId, PartyOrg]
    org_of_code: Mapping[str, OrgId]
    _children: Mapping[OrgId | None, Sequence[OrgId]] = field(repr=False)

    def residence_org(self, place: Place) -> OrgId | None:
        """Return the organisation of the place where somebody lives: the one entered by a person, else by territory."""
        if place.named_org_id is not None:
            named = self._in_force(place.named_org_id)
            if named is not None:
                return named
        return self.org_of_code.get(place.community_code)

    def is_home_known(self, place: Place) -> bool:
        """Whether it is known where somebody lives, at least that it is outside the street."""
        return place.is_outside or bool(place.community_code) or place.named_org_id is not None

    def subtree(self, org_id: OrgId) -> frozenset[OrgId]:
        """Return an organisation and all below it."""
        found: set[OrgId] = set()
        queue = [org_id]
        while queue:
            one = queue.pop()
            if one not in found:
                found.add(one)
                queue.extend(self._children.get(one, ()))
        return frozenset(found)

    def walk(self) -> tuple[OrgId, ...]:
        """Return all organisations, each followed by what is below it."""
        found: list[OrgId] = []
        queue = [one for one, org in self.orgs.items() if org.parent_id not in self.orgs][::-1]
        while queue:
            one = queue.pop()
            if one not in found:
                found.append(one)
                queue.extend(list(self._children.get(one, ()))[::-1])
        return tuple(found)

    def above(self, org_id: OrgId) -> tuple[OrgId, ...]:
        """Return an organisation and those above it, nearest first."""
        found: list[OrgId] = []
        now: OrgId | None = org_id
        while now is not None and now in self.orgs and now not in found:
            found.append(now)
            now = self.orgs[now].parent_id
        return tuple(found)

    def seat(self, org_id: OrgId) -> OrgId | None:
        """Return whose territory counts as “here”: its own or that of what is below it, else that of the next above."""
        owners = frozenset(self.org_of_code.values())
        if owners & self.subtree(org_id):
            return org_id
        return next((one for one in self.above(org_id) if one in owners), None)

    def here(self, org_id: OrgId) -> frozenset[OrgId]:
        """Return the residence organisations that count as “lives here” for an organisation."""
        seat = self.seat(org_id)
        return self.subtree(org_id) if seat is None else self.subtree(org_id) | self.subtree(seat)

    def _in_force(self, org_id: OrgId) -> OrgId | None:
        """Return the organisation, or its successor that is not abolished."""
        now: OrgId | None = org_id
        for _ in range(MOST_SUCCESSORS):
            if now is None or now not in self.orgs:
                return None
            if self.orgs[now].status is not OrgStatus.ABOLISHED:
                return now
            now = self.orgs[now].successor_id
        return None


def territory_of(reader: Reader, day: date | None = None) -> Territory:
    """Read the tree and what is covered, now or on an earlier day.

    What an organisation covered before its first entry is what it says first: the entry dates from the import.
    """
    orgs = {org.id: org for org in reader.orgs() if org.id is not None}
    children: dict[OrgId | None, list[OrgId]] = {}
    for number, org in orgs.items():
        children.setdefault(org.parent_id, []).append(number)
    bare = Territory(orgs, {}, children)
    links: dict[str, set[OrgId]] = {}
    for link in _in_force(reader.cover_links(), day):
        org_id = bare._in_force(link.org_id) if day is None else link.org_id  # noqa: SLF001  # of the same class
        if org_id is not None and orgs[org_id].kind in TERRITORIAL:
            links.setdefault(link.code, set()).add(org_id)
    breadth: dict[OrgId, int] = {}
    for owners in links.values():
        for org_id in owners:
            breadth[org_id] = breadth.get(org_id, 0) + 1

    def rank(org_id: OrgId) -> tuple[int, int, int]:
        return breadth[org_id], len(bare.above(org_id)), int(org_id)

    return Territory(orgs, {code: min(owners, key=rank) for code, owners in links.items()}, children)


def _in_force(links: Iterable[CoverLink], day: date | None) -> list[CoverLink]:
    found = list(links)
    if day is None:
        return [link for link in found if link.valid_to is None]
    first: dict[tuple[OrgId, str], CoverLink] = {}
    for link in found:
        first.setdefault((link.org_id, link.code), link)
    return [
        link
        for link in found
        if (link.valid_to is None or link.valid_to > day)
        and (link.valid_from is None or link.valid_from <= day or first[link.org_id, link.code] is link)
    ]
