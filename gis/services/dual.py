"""双重管理: relation × residence of any organisation; who is seen but not managed, managed but not seen, or both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.dual import LIVES_HERE, RELATION_HERE, Cell
from gis.services.access import require, require_orgs
from gis.services.dual_sides import Sides
from gis.services.dual_suppress import figures_of, only
from gis.services.on_wall import kept_now
from gis.services.org_counts import on_wall_and_orgs
from gis.services.territory_sides import territory_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.dual import DualLists, Matrix
    from gis.model.ids import MemberId, OrgId
    from gis.services.on_wall import OnWall
    from gis.services.territory_sides import Territory
    from gis.store.database import Store
    from gis.store.reader import Reader

HERE_AND_NOW = "只看数量的账号只看现在的数量：两天的数相减会透露个别人的变动"


def residence_orgs(reader: Reader, day: date | None = None) -> dict[MemberId, OrgId | None]:
    """Return the residence-side organisation of each member of the scope, now or on an earlier day.

    What a person entered (`member.residence_org_id`) goes before the organisation that covers the community of the
    residence; None: not known, outside the street, or nobody covers it.
    """
    territory = territory_of(reader, day)
    return {member_id: territory.residence_org(place) for member_id, place in reader.places(day).items()}


def dual_matrices(actor: Actor, store: Store, as_of: date | None = None) -> tuple[Matrix, ...]:
    """Count relation × residence for every organisation of the scope, by id.

    Roles that see counts only get organisations with a territory, as of now: from a community's figures and those of
    its branches, and from two days, small ones could be worked out.

    Raises
    ------
    InputError
        The day has not come yet, or is past and the role sees counts only.
    """
    require(actor, Action.VIEW_MATRIX)
    past = _past(store, as_of)
    if not actor.scope.sees_people:
        if past is not None:
            raise InputError(HERE_AND_NOW)
        return _shown(actor, store)[0]
    with store.reading(actor.scope) as reader:
        sides = Sides(reader, past, as_of or store.today())
        return tuple(sides.matrix(org_id) for org_id in sorted(reader.org_ids_in_scope))


def on_wall_and_dual(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from this screen and those before it (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_MATRIX)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store) -> tuple[tuple[Matrix, ...], OnWall]:
    return kept_now(actor, store, "dual", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[tuple[Matrix, ...], OnWall]:
    known = on_wall_and_orgs(actor, store)
    with store.reading(actor.scope) as reader:
        sides = Sides(reader, None, store.today())
        seats = [org for org in sorted(reader.org_ids_in_scope) if sides.territory.seat(org) == org]
    found = _without_differences([sides.matrix(org) for org in seats], sides.territory)
    places = [None if one.board is None else one.place for one in known.people]
    kept, known = known.choose(figures_of(found, [sides.cells_of(one.org_id, places) for one in found]))
    return only(found, kept), known


def dual_matrix(actor: Actor, store: Store, org_id: OrgId, as_of: date | None = None) -> Matrix:
    """Count relation × residence for one organisation; see `dual_matrices`.

    Raises
    ------
    DeniedError
        The organisation lies outside the scope.
    """
    found = {one.org_id: one for one in dual_matrices(actor, store, as_of)}
    if org_id not in found:
        with store.reading(actor.scope) as reader:
            require_orgs(actor, reader, [org_id])
        msg = "这个组织没有单独的辖区，请看上一级的数量"
        raise InputError(msg)
    return found[org_id]


def dual_lists(actor: Actor, store: Store, org_id: OrgId, as_of: date | None = None) -> DualLists:
    """List who is seen but not managed, managed but not seen, both, and whose residence is not known.

    Names only inside the scope; of members whose relation is elsewhere also those who agreed that this organisation
    knows them. The others are counted.

    Raises
    ------
    DeniedError
        The role sees counts only, or the organisation lies outside the scope.
    """
    require(actor, Action.VIEW_MATRIX)
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [org_id])
        sides = Sides(reader, _past(store, as_of), as_of or store.today())
        return sides.lists(org_id)


def org_named(actor: Actor, store: Store, name: str) -> OrgId:
    """Find an organisation of the scope by its name or code.

    Raises
    ------
    NotFoundError
        There is none; similar names are named.
    """
    require(actor, Action.SIGN_IN)
    with store.reading(actor.scope) as reader:
        orgs = [org for org in reader.orgs() if org.id in reader.org_ids_in_scope]
    found = [org.id for org in orgs if name in (org.name, org.code) and org.id is not None]
    if found:
        return found[0]
    similar = [org.name for org in orgs if name in org.name][:5]
    msg = f"管理范围内没有“{name}”这个组织" + (f"，是不是：{'、'.join(similar)}" if similar else "")
    raise NotFoundError(msg)


def org_choices(actor: Actor, store: Store) -> Mapping[OrgId, str]:
    """Name the organisations whose matrix the actor can ask for, in the order of the tree."""
    require(actor, Action.VIEW_MATRIX)
    with store.reading(actor.scope) as reader:
        territory = territory_of(reader)
        mine = reader.org_ids_in_scope
        if not reader.sees_people:
            mine = frozenset(one for one in mine if territory.seat(one) == one)
        depth = {one: len(territory.above(one)) for one in mine}
        shallowest = min(depth.values(), default=1)
        return {
            one: "　" * (depth[one] - shallowest) + territory.orgs[one].name for one in territory.walk() if one in mine
        }


def _past(store: Store, as_of: date | None) -> date | None:
    """Return the day where it is past; None for now."""
    today = store.today()
    if as_of is not None and as_of > today:
        msg = f"{as_of.isoformat()} 还没有到，截止日期请填今天或以前"
        raise InputError(msg)
    return None if as_of in (None, today) else as_of


def _without_differences(found: list[Matrix], territory: Territory) -> tuple[Matrix, ...]:
    """Blank what an organisation's figures would tell of the only one below it that has a hidden figure.

    Residents and members of unknown residence add up over those below.
    """
    shown: dict[OrgId, Matrix] = {one.org_id: one for one in found}
    for one in sorted(found, key=lambda one: -len(territory.above(one.org_id))):
        below = [shown[org_id] for org_id in shown if territory.orgs[org_id].parent_id == one.org_id]
        hidden = (
            sum(child.resident is None for child in below),
            sum(child.cells[Cell.MANAGED_UNKNOWN] is None for child in below),
        )
        if 1 in hidden:
            blank = {cell: None if cell in (*RELATION_HERE, *LIVES_HERE) else one.cells[cell] for cell in Cell}
            shown[one.org_id] = replace(one, cells=blank, resident=None)
    return tuple(shown[one.org_id] for one in found)
