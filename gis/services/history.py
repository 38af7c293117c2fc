"""Who was on the roster of an organisation and who lived in its territory on a day, computed from the histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import BRANCH_KINDS, OrgKind
from gis.model.ids import OrgId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from gis.model.ids import MemberId
    from gis.model.life import Standing
    from gis.model.organisation import PartyOrg
    from gis.store.reader import Reader


def subtree(orgs: Iterable[PartyOrg], root: OrgId) -> frozenset[OrgId]:
    """Return an organisation with everything below it."""
    children: dict[OrgId | None, list[OrgId]] = {}
    for org in orgs:
        if org.id is not None:
            children.setdefault(org.parent_id, []).append(org.id)
    found, queue = set[OrgId](), [root]
    while queue:
        org_id = queue.pop()
        if org_id not in found:
            found.add(org_id)
            queue.extend(children.get(org_id, ()))
    return frozenset(found)


def roster_as_of(reader: Reader, org_id: OrgId, day: date) -> tuple[Standing, ...]:
    """List who belonged to an organisation or one below it on `day`, by id; only whom the scope reaches."""
    inside = subtree(reader.orgs(), org_id)
    return tuple(one for one in reader.standing_on(day) if one.branch_id in inside)


def residents_as_of(reader: Reader, org_id: OrgId, day: date) -> tuple[Standing, ...]:
    """List who lived in the territory of an organisation on `day`, by id; only whom the scope reaches.

    A residence organisation that a person has named goes before the territory.
    """
    belongs = Residents(reader.orgs(), reader.territory_on(day), org_id)
    return tuple(one for one in reader.standing_on(day) if belongs(one.community_code, one.residence_org_id))


class Residents:
    """Tells whether a home belongs to an organisation's residents; works on counts as well as on persons."""

    def __init__(self, orgs: Iterable[PartyOrg], territory: Mapping[OrgId, frozenset[str]], org_id: OrgId) -> None:
        orgs = tuple(orgs)
        self._inside = subtree(orgs, org_id)
        self._codes = frozenset[str]().union(*(territory.get(one, frozenset()) for one in self._inside))
        parents = {org.id: org.parent_id for org in orgs}
        self._above: set[OrgId] = set()
        above = parents.get(org_id)
        while above is not None and above not in self._above:
            self._above.add(above)
            above = parents.get(above)

    def __call__(self, community_code: str, named: OrgId | None) -> bool:
        """Whether a home in this community, with this named residence organisation or None, is one of theirs."""
        if named in self._inside:
            return True
        is_here = bool(community_code) and community_code in self._codes
        return is_here and (named is None or named in self._above)


def residence_orgs_as_of(reader: Reader, day: date) -> dict[MemberId, OrgId | None]:
    """Return the residence-side organisation of each member of the scope on `day`.

    The one that a person has named, else the one that answers for the community of the home, else None.
    """
    answering = org_of_community(reader.orgs(), reader.territory_on(day))
    return {one.member_id: one.residence_org_id or answering.get(one.community_code) for one in reader.standing_on(day)}


def org_of_community(orgs: Iterable[PartyOrg], territory: Mapping[OrgId, frozenset[str]]) -> dict[str, OrgId]:
    """Return for each community the organisation that answers for its residents.

    Of those that cover it: not the street's own, rather a committee or general branch than a branch, the one with the
    fewest communities, the one highest in the tree.
    """
    orgs = tuple(orgs)
    parents = {org.id: org.parent_id for org in orgs}

    def depth(org_id: OrgId | None) -> int:
        steps, seen = 0, set[OrgId]()
        while org_id is not None and org_id not in seen:
            seen.add(org_id)
            org_id, steps = parents.get(org_id), steps + 1
        return steps

    best: dict[str, tuple[tuple[bool, bool, int, int, int], OrgId]] = {}
    for org in orgs:
        codes = territory.get(org.id, frozenset()) if org.id is not None else frozenset()
        if org.id is None or not codes:
            continue
        is_street, is_branch = org.kind is OrgKind.WORKING_COMMITTEE, org.kind in BRANCH_KINDS
        rank = (is_street, is_branch, len(codes), depth(org.id), int(org.id))
        for code in codes:
            if code not in best or rank < best[code][0]:
                best[code] = (rank, org.id)
    return {code: org_id for code, (_, org_id) in best.items()}
