"""The field above the map: from a few letters to a place on it.

Members are found by name, in the actor's scope only, and lie where they allow to be drawn; who does not want to be
seen on the map is found without a place, who has restricted the use of the data is not found (domain.md 2B).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.ids import BuildingId, EstateId, MemberId, OrgId
from gis.services.access import require
from gis.services.map_layers import standing_of
from gis.services.map_names import GroundNames, Names, plainly, read_names
from gis.services.org_checks import above, parents_of
from gis.spatial.display import bounds
from gis.store.initials import initials_of
from gis.store.stamping import TERRITORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis.model.access import Actor
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member
    from gis.model.territory import HostHousehold, Venue
    from gis.services.map_names import Box
    from gis.store.database import Store
    from gis.store.reader import Reader

LONGEST, MOST_WORDS, MOST_HITS, MOST_OF_A_KIND = 40, 4, 10, 4
KEPT_NAMES = 2  # the last states of the territory
_AT_GRID = "按本人意愿只显示到网格"
_NO_PLACE = {"待定位": "位置待核定"}


class HitKind(Labelled):
    """What can be found, in the order in which equally good answers stand."""

    MEMBER = "member", "党员"
    ESTATE = "estate", "小区"
    COMMUNITY = "community", "社区（村）"
    GRID = "grid", "网格"
    VENUE = "venue", "阵地"
    HOST = "host", "中心户"
    ORG = "org", "组织"
    BUILDING = "building", "楼栋"


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: `box` (west, south, east, north) is where to fly; `card` the kind and id of what is opened there.

    An organisation's card is its ground, which the map looks at by itself. With neither there is nowhere to go.
    """

    kind: HitKind
    id: int
    name: str
    detail: str = ""
    box: Box | None = None
    card: tuple[str, int] | None = None


def search_map(actor: Actor, store: Store, text: str) -> tuple[Hit, ...]:
    """Find what a text may mean on the map, at most ten answers, the best first.

    A word is part of a name or the first letters of its pinyin; `青石苑3` and `qsy3` mean 青石苑 3幢.
    """
    require(actor, Action.VIEW_MAP)
    words = tuple(text[:LONGEST].split()[:MOST_WORDS])
    if not any(map(plainly, words)):
        return ()
    with store.reading(actor.scope) as reader:
        if not reader.sees_street:
            return ()
        search = _Search(actor, store, reader, words)
        return search.hits()


def warm(actor: Actor, store: Store) -> None:
    """Read the names before the first user types."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        _names_now(store, reader)


_kept: OrderedDict[tuple[Store, int], GroundNames] = OrderedDict()
_lock = Lock()


def _names_now(store: Store, reader: Reader) -> GroundNames:
    """Return the names of the territory as it is; kept, since all who see the map see the same."""
    key = store, reader.data_version(TERRITORY)
    with _lock:
        if key not in _kept:
            _kept[key] = read_names(reader)
            while len(_kept) > KEPT_NAMES:
                _kept.popitem(last=False)
        return _kept[key]


class _Search:
    """One question, asked of every kind of thing."""

    def __init__(self, actor: Actor, store: Store, reader: Reader, words: Sequence[str]) -> None:
        self.actor, self.reader, self.words = actor, reader, words
        self.names = _names_now(store, reader)

    @cached_property
    def _venues(self) -> dict[int, Venue]:
        return {one.id or 0: one for one in self.reader.venues()}

    @cached_property
    def _hosts(self) -> dict[int, HostHousehold]:
        return {one.id or 0: one for one in self.reader.hosts()}

    @cached_property
    def _orgs(self) -> dict[int, PartyOrg]:
        return {one.id or 0: one for one in self.reader.orgs()}

    @cached_property
    def _area_owners(self) -> frozenset[int]:
        return frozenset(area.org_id for area in self.reader.areas())

    def hits(self) -> tuple[Hit, ...]:
        """Return the best, no kind taking all the room as long as others have something to say."""
        ranked = sorted(self._candidates(), key=lambda one: (one[0], list(HitKind).index(one[1])))
        first: list[tuple[int, HitKind, int]] = []
        later: list[tuple[int, HitKind, int]] = []
        for one in ranked:
            has_room = sum(kind is one[1] for _, kind, _ in first) < MOST_OF_A_KIND
            (first if has_room else later).append(one)
        chosen = first[:MOST_HITS]
        chosen += later[: MOST_HITS - len(chosen)]
        return tuple(self._hit(kind, number) for _, kind, number in sorted(chosen, key=ranked.index))

    def _candidates(self) -> Iterable[tuple[int, HitKind, int]]:
        ground = {
            HitKind.ESTATE: self.names.estates,
            HitKind.COMMUNITY: self.names.communities,
            HitKind.GRID: self.names.grids,
            HitKind.BUILDING: self.names.buildings,
            HitKind.VENUE: _named((number, one.name) for number, one in self._venues.items()),
            HitKind.HOST: _named((number, one.name) for number, one in self._hosts.items()),
        }
        if self.actor.may(Action.VIEW_ORGS):
            ground[HitKind.ORG] = _named((number, one.name) for number, one in self._orgs.items())
        for kind, names in ground.items():
            for number, rank in list(names.find(self.words).items())[:MOST_HITS]:
                yield rank, kind, number
        if self.actor.may(Action.VIEW_MEMBERS):
            for number in self.reader.members_named(tuple(self.words), MOST_HITS):
                yield 0, HitKind.MEMBER, number

    def _hit(self, kind: HitKind, number: int) -> Hit:
        if kind in (HitKind.ESTATE, HitKind.COMMUNITY, HitKind.GRID):
            area = self.names.areas[kind.value, number]
            box = area.box or (self._box_of_estate(number) if kind is HitKind.ESTATE else None)
            return Hit(kind, number, area.name, area.detail, box, ("grid", number) if kind is HitKind.GRID else None)
        makers = {
            HitKind.BUILDING: self._building,
            HitKind.VENUE: self._venue,
            HitKind.HOST: self._host,
            HitKind.ORG: self._org,
            HitKind.MEMBER: self._member,
        }
        return makers[kind](number)

    def _box_of_estate(self, number: int) -> Box | None:
        return bounds(self.reader.shapes_in_estate(EstateId(number)))

    def _box_of_building(self, number: int | None) -> Box | None:
        found = self.reader.building(BuildingId(number)) if number else None
        return bounds([found.shape]) if found else None

    def _building(self, number: int) -> Hit:
        found = self.reader.building(BuildingId(number))
        if found is None:  # the names are of this very state of the territory
            return Hit(HitKind.BUILDING, number, "")
        grid = self.names.areas.get(("grid", found.grid_id or 0))
        detail = grid.name if grid else found.address
        return Hit(HitKind.BUILDING, number, found.label, detail, bounds([found.shape]), ("building", number))

    def _venue(self, number: int) -> Hit:
        found = self._venues[number]
        box = bounds([found.shape]) if found.shape else self._box_of_building(found.building_id)
        return Hit(HitKind.VENUE, number, found.name, found.kind.label, box, ("venue", number))

    def _host(self, number: int) -> Hit:
        found = self._hosts[number]
        box = self._box_of_building(found.building_id) or bounds([found.shape])
        return Hit(HitKind.HOST, number, found.name, self._org_name(found.branch_id), box, ("host", number))

    def _org(self, number: int) -> Hit:
        found = self._orgs[number]
        chain = above(OrgId(number), parents_of(tuple(self._orgs.values())))
        has_ground = any(self._orgs[one].division_codes for one in chain) or not self._area_owners.isdisjoint(chain)
        detail = found.kind.label if has_ground else f"{found.kind.label} · 没有登记范围"
        return Hit(HitKind.ORG, number, found.name, detail, card=("org", number) if has_ground else None)

    def _org_name(self, number: int) -> str:
        return self._orgs[number].name if number in self._orgs else ""

    def _member(self, number: int) -> Hit:
        found = self.reader.member(MemberId(number))
        if found is None:  # it was there a moment ago, in the same transaction
            return Hit(HitKind.MEMBER, number, "")
        said, box, card = self._standing(found)
        words = (self._org_name(found.branch_id), said)
        return Hit(HitKind.MEMBER, number, found.name, " · ".join(word for word in words if word), box, card)

    def _standing(self, member: Member) -> tuple[str, Box | None, tuple[str, int] | None]:
        """Return what is said of the place of a member, where it is and what opens there, as precise as allowed."""
        at, key = standing_of(member)
        if key is None:
            return _NO_PLACE.get(at, at), None, None
        kind, number = key
        if kind == "pin":
            home = member.residence
            return "", bounds([home.shape]) if home else None, None
        if kind == "building":
            found = self.reader.building(BuildingId(number))
            return (found.label, bounds([found.shape]), key) if found else ("", None, None)
        area = self.names.areas.get(key)
        if area is None:
            return _NO_PLACE["待定位"], None, None
        box = area.box or (self._box_of_estate(number) if kind == "estate" else None)
        return (_AT_GRID, box, key) if kind == "grid" else (area.name, box, None)


def _named(items: Iterable[tuple[int, str]]) -> Names:
    pairs = list(items)
    return Names(pairs, ((number, said) for number, name in pairs for said in initials_of(name).split()))
