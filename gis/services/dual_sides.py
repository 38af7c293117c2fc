"""Both sides of everybody on one day: in which cell of an organisation's matrix each stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.dual import LISTED, LIVES_HERE, RELATION_ELSEWHERE, RELATION_HERE, Cell, DualLists, Listed, Matrix
from gis.services.settings import office_settings
from gis.services.suppress import hidden_cells, is_sum_safe
from gis.services.territory_sides import territory_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.ids import OrgId
    from gis.services.territory_sides import Territory
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


class Sides:
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
        """Count for one organisation, without what its own figures tell of few whom the reader cannot name."""
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

    def cells_of(self, org_id: OrgId, places: Sequence[Place | None]) -> list[Cell | None]:
        """Say in which cell of an organisation's matrix each of some people stands; None stays None."""
        below, here = self.territory.subtree(org_id), self.territory.here(org_id)
        cell = {place: self._spot(place, below, here).cell for place in set(places) if place is not None}
        return [None if place is None else cell[place] for place in places]

    def lists(self, org_id: OrgId) -> DualLists:
        """List who stands in the cells that are listed."""
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
