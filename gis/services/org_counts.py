"""How many members each organisation has, with all below it, as who sees counts only is shown it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from gis.model.access import Action
from gis.services.access import require
from gis.services.board_suppress import Table, shown_figures
from gis.services.on_wall import kept_now
from gis.services.seats_shown import on_wall_and_seats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.services.on_wall import OnWall
    from gis.store.database import Store

    BoolArray = NDArray[np.bool_]
    IntArray = NDArray[np.int64]
    Counts = Mapping[OrgId, int | None]


def members_shown(actor: Actor, store: Store) -> Counts:
    """Count the members of each organisation of the scope and all below it; None is not shown.

    Roles that look after accounts and no members get no count.
    """
    require(actor, Action.VIEW_ORGS)
    if actor.scope.sees_people:
        with store.reading(actor.scope) as reader:
            own, below, mine = reader.member_counts_by_branch(), _below(reader.orgs()), reader.org_ids_in_scope
        return {org: sum(own.get(one, 0) for one in below[org]) for org in mine if org in below}
    if not actor.may(Action.VIEW_MATRIX):
        return {}
    return _shown(actor, store)[0]


def on_wall_and_orgs(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from this screen and those before it (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_MATRIX)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store) -> tuple[Counts, OnWall]:
    return kept_now(actor, store, "orgs", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[Counts, OnWall]:
    known = on_wall_and_seats(actor, store)
    with store.reading(actor.scope) as reader:
        orgs = reader.orgs()
    branch = np.array([one.branch_id if one.board is not None else 0 for one in known.people], dtype=np.int64)
    figures, tables, never = _figures(orgs, branch)
    asked = shown_figures(figures, tables, known.below, never=never)
    kept, known = known.choose({name: [mask] for name, mask in figures.items() if name in asked})
    counts = {
        org.id: int(figures[name].sum()) if name in kept else None
        for org in orgs
        if org.id is not None and (name := str(org.id)) in figures
    }
    return counts, known


def _figures(orgs: Sequence[PartyOrg], branch: IntArray) -> tuple[dict[str, BoolArray], list[Table], list[str]]:
    """Return who is in each organisation from the top down, what adds up, and the members of its own beside others."""
    below = _below(orgs)
    depth = Counter(one for some in below.values() for one in some)
    figures, tables, never = {}, [], []
    for org in sorted(below, key=lambda one: (depth[one], one)):
        figures[str(org)] = np.isin(branch, sorted(below[org]))
    for org in below:
        parts = [str(one.id) for one in orgs if one.parent_id == org]
        if parts:
            figures[f"{org}/own"] = branch == org
            never.append(f"{org}/own")
            tables.append(Table(((*parts, f"{org}/own"),)))
    return figures, tables, never


def _below(orgs: Iterable[PartyOrg]) -> dict[OrgId, set[OrgId]]:
    """Return of each organisation itself and all below it."""
    parent = {one.id: one.parent_id for one in orgs if one.id is not None}
    found: dict[OrgId, set[OrgId]] = {org: set() for org in parent}
    for org in parent:
        at: OrgId | None = org
        while at in found and org not in found[at]:
            found[at].add(org)
            at = parent[at]
    return found
