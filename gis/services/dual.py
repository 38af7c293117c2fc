"""双重管理: relation × residence of any organisation; who is seen but not managed, managed but not seen, or both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.dual import LISTED, LIVES_HERE, RELATION_ELSEWHERE, RELATION_HERE, Cell, DualLists, Listed, Matrix
from gis.services.access import require, require_orgs
from gis.services.dual_suppress import safe_together
from gis.services.settings import office_settings
from gis.services.suppress import hidden_cells, is_sum_safe
from gis.services.territory_sides import territory_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.services.territory_sides import Territory
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.readers.sides import Place

#: Rows and columns whose sums are shown or follow from what is shown; everybody of the street stands in each matrix,
#: so who does not live here follows from who does
ROWS = (RELATION_HERE, RELATION_ELSEWHERE)
NOT_HERE = tuple(cell for cell in Cell if cell not in LIVES_HERE)
LINES = (
    *ROWS,
    LIVES_HERE,
    NOT_HERE,
    tuple(Cell),
    (Cell.MANAGED_NOT_SEEN, Cell.ELSEWHERE),
    (Cell.MANAGED_UNKNOWN, Cell.ELSEWHERE_UNKNOWN),
)
OUTSIDE, UNKNOWN, UNCOVERED = "街道外", "不明", "街道内，没有党组织覆盖"


def residence_orgs(reader: Reader, day: date | None = None) -> dict[MemberId, OrgId | None]:
    """Return the residence-side organisation of each member of the scope, now or on an earlier day.

    What a person entered (`member.residence_org_id`) goes before the organisation that covers the community of the
    residence; None: not known, outside the street, or nobody covers it.
    """
    territory = territory_of(reader, day)
    return {member_id: territory.residence_org(place) for member_id, place in reader.places(day).items()}


def dual_matrices(actor: Actor, store: Store, as_of: date | None = None) -> tuple[Matrix, ...]:
    """Count relation × residence for every organisation of the scope, by id.

    Roles that see counts only get organisations with a territory: from a community's figures and those of its branches
    small ones could be worked out.

    Raises
    ------
    InputError
        The day has not come yet.
    """
    require(actor, Action.VIEW_MATRIX)
    with store.reading(actor.scope) as reader:
        sides = _Sides(reader, _past(store, as_of), as_of or store.today())
        orgs = sorted(reader.org_ids_in_scope)
        if reader.sees_people:
            return tuple(sides.matrix(org_id) for org_id in orgs)
        seats = [sides.matrix(org_id) for org_id in orgs if sides.territory.seat(org_id) == org_id]
        return sides.safe(_without_differences(seats, sides.territory))


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
        sides = _Sides(reader, _past(store, as_of), as_of or store.today())
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


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place as seen from one organisation."""

    is_related: bool
    lives_here: bool
    is_known: bool

    @property
    def cell(self) -> Cell:
        row = RELATION_HERE if self.is_related else RELATION_ELSEWHERE
        return row[0 if self.lives_here else 1 if self.is_known else 2]


class _Sides:
    """Everybody's two sides on one day, as one reader sees them."""

    def __init__(self, reader: Reader, past: date | None, day: date) -> None:
        self.reader, self.past, self.day = reader, past, day
        self.territory: Territory = territory_of(reader, past)
        self._all = reader.place_counts(past)
        self._mine = reader.places(past)
        self._known = Counter(self._mine.values())
        self._below = office_settings(reader).suppress_below
        self._communities = {one.code: one.name for one in reader.divisions()}

    def matrix(self, org_id: OrgId) -> Matrix:
        counts, known = self._count(org_id, self._all), self._count(org_id, self._known)
        unseen = {cell: counts[cell] - known[cell] for cell in Cell}
        hidden = hidden_cells(unseen, LINES, self._below)
        org, seat = self.territory.orgs[org_id], self.territory.seat(org_id)

        def total(line: Iterable[Cell]) -> int | None:
            cells = tuple(line)
            return sum(counts[cell] for cell in cells) if is_safe(cells) else None

        def is_safe(cells: Collection[Cell]) -> bool:
            return is_sum_safe(cells, hidden, unseen, self._below)

        # the register stands in the tree of organisations too: who is on it and lives here may follow from it
        tells_seen = not is_safe(RELATION_HERE) and 0 < unseen[Cell.SEEN_NOT_MANAGED] < self._below
        tells_residents = tells_seen or not is_safe(NOT_HERE)
        return Matrix(
            org_id=org_id,
            org=org.name,
            kind=org.kind.label,
            place=self.territory.orgs[seat].name if seat is not None else "",
            as_of=self.day,
            cells={cell: None if cell in hidden else counts[cell] for cell in Cell},
            registered=total(RELATION_HERE),
            resident=None if tells_residents else total(LIVES_HERE),
            street=counts.total() if all(is_safe(row) for row in ROWS) else None,
        )

    def _count(self, org_id: OrgId, places: Mapping[Place, int]) -> Counter[Cell]:
        below, here = self.territory.subtree(org_id), self.territory.here(org_id)
        found: Counter[Cell] = Counter()
        for place, count in places.items():
            found[self._spot(place, below, here).cell] += count
        return found

    def _spot(self, place: Place, below: frozenset[OrgId], here: frozenset[OrgId]) -> _Spot:
        home = self.territory.residence_org(place)
        return _Spot(place.branch_id in below, home in here, self.territory.is_home_known(place))

    def safe(self, found: Sequence[Matrix]) -> tuple[Matrix, ...]:
        """Blank what several matrices together tell of few."""
        people = list(self._all.elements())
        kinds = {place: number for number, place in enumerate(self._all)}
        cells = []
        for one in found:
            below, here = self.territory.subtree(one.org_id), self.territory.here(one.org_id)
            of_kind = [self._spot(place, below, here).cell for place in kinds]
            cells.append([of_kind[kinds[place]] for place in people])
        return safe_together(found, cells, self._below)

    def lists(self, org_id: OrgId) -> DualLists:
        below, here = self.territory.subtree(org_id), self.territory.here(org_id)
        names = {member.id: member.name for member in self.reader.members(include_left=self.past is not None)}
        named = {one: (names[one], place) for one, place in self._mine.items() if one in names}
        shared = self.reader.places_shared_with(below | here, self.past)
        lists: dict[Cell, list[Listed]] = {cell: [] for cell in LISTED}
        everybody = {**shared, **named}
        for number, (name, place) in sorted(everybody.items(), key=lambda one: (one[1][1].branch_id, one[0])):
            cell = self._spot(place, below, here).cell
            if cell in lists:
                is_by_consent = number not in named
                lists[cell].append(Listed(number, name, self._branch(place), self._lives(place), is_by_consent))
        counts = self._count(org_id, self._all)
        unnamed = {cell: counts[cell] - len(lists[cell]) for cell in LISTED}
        return DualLists(
            self.matrix(org_id),
            {cell: tuple(rows) for cell, rows in lists.items()},
            {cell: None if 0 < count < self._below else count for cell, count in unnamed.items()},
        )

    def _branch(self, place: Place) -> str:
        org = self.territory.orgs.get(place.branch_id)
        return org.name if org is not None else ""

    def _lives(self, place: Place) -> str:
        home = self.territory.residence_org(place)
        if home is not None:
            return self.territory.orgs[home].name
        if place.community_code:
            return self._communities.get(place.community_code, UNCOVERED)
        return OUTSIDE if place.is_outside else UNKNOWN
