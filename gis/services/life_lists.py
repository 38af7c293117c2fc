"""Both lists of an organisation on one day: who was on its roster, who lived in its territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.services.access import require, require_orgs
from gis.services.history import residents_as_of, roster_as_of
from gis.services.territory_sides import territory_of
from gis.store.readers.sides import Place

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.life import Standing
    from gis.store.database import Store
    from gis.store.reader import Reader

RESTRICTED = "（已离开，限制查看）"


@dataclass(frozen=True, slots=True)
class Listed:
    """One member on that day; `is_assumed`: before the first registration, taken to have been the same."""

    member_id: MemberId
    name: str
    branch: str
    residence_org: str
    address: str
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class ListsAsOf:
    """Both lists; `assumed` counts the members in either of them whose state was not on record yet."""

    org: str
    as_of: date
    roster: tuple[Listed, ...]
    residents: tuple[Listed, ...]
    assumed: int


def lists_as_of(actor: Actor, store: Store, org_id: OrgId | None, day: date) -> ListsAsOf:
    """List both sides of an organisation on a day; of the whole street for None.

    Raises
    ------
    InputError
        The day has not come yet.
    NotFoundError
        There is no organisation yet.
    DeniedError
        The organisation lies outside the scope.
    """
    require(actor, Action.VIEW_MATRIX)
    require(actor, Action.VIEW_MEMBERS)
    if day > store.today():
        msg = f"{day} 还没有到，请填今天或以前的日期"
        raise InputError(msg)
    with store.reading(actor.scope) as reader:
        number = _top(reader) if org_id is None else org_id
        require_orgs(actor, reader, [number])
        names = _Names(reader, day)
        roster = tuple(names.listed(one) for one in roster_as_of(reader, number, day))
        residents = tuple(names.listed(one) for one in residents_as_of(reader, number, day))
        assumed = {one.member_id for one in (*roster, *residents) if one.is_assumed}
        return ListsAsOf(names.org(number), day, roster, residents, len(assumed))


def _top(reader: Reader) -> OrgId:
    """Return the organisation of the scope above all others."""
    inside = reader.org_ids_in_scope
    orgs = [org for org in reader.orgs() if org.id in inside]
    top = next((org.id for org in orgs if org.parent_id not in inside), None)
    if top is None:
        msg = "还没有党组织：请先导入"
        raise NotFoundError(msg)
    return top


class _Names:
    """Names organisations as they were on a day."""

    def __init__(self, reader: Reader, day: date) -> None:
        self._territory = territory_of(reader, day)

    def org(self, org_id: OrgId | None) -> str:
        """Return a name, "" for none."""
        found = None if org_id is None else self._territory.orgs.get(org_id)
        return "" if found is None else found.name

    def listed(self, one: Standing) -> Listed:
        """Name both sides of one member."""
        return Listed(
            member_id=one.member_id,
            name=RESTRICTED if one.is_restricted else one.name,
            branch=self.org(one.branch_id),
            residence_org=self.org(self._territory.residence_org(Place(*one.place))),
            address=one.address,
            is_assumed=one.is_assumed,
        )
