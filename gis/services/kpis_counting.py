"""Who counts in which figure of the big screen: sets of persons, which the board adds up and the display may hide."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gis.model.kpis import KpiKey
from gis.model.modes import StudyMode
from gis.services.board_suppress import Table
from gis.services.contact_limits import is_overdue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from gis.model.ids import OrgId
    from gis.model.settings import OfficeSettings
    from gis.services.territory_sides import Territory
    from gis.store.readers.kpis import CountedPerson

ELDER_AGE = 60  # the roster's own 60+ column (domain.md 3); 80+ is the office's setting
NO_MODE = "未定"
OUTSIDE, UNKNOWN, NO_VILLAGE = "街道外", "住址不明", "原村未登记"
AGES = ("80 岁以上", "60–79 岁", "不满 60 岁", "出生年月不明")
#: The number of a villagers' group behind the name of the village
_GROUP = re.compile(r"[\d一二三四五六七八九十]+\s*(村民小)?组$")
MEASURES = ("grouped", "served", "overdue")


@dataclass(frozen=True, eq=False)
class Moves:
    """Who went where: of each person the home among `homes` and the flow among `flows`, -1: not in transition.

    A home is the code of a community, or why there is none. `flow_home` is the home that a flow leads to.
    """

    homes: tuple[str, ...]
    home_at: NDArray[np.int64]
    flows: tuple[tuple[str, str], ...]
    flow_at: NDArray[np.int64]
    flow_home: NDArray[np.int64]


@dataclass
class Sets:
    """The figures by name, in order of importance, and what adds up to what.

    The figures of organisations are `org/<id>/<measure>`, of homes `home/<code>`; `never` are rests that nobody asked
    for. Flows are parts of homes (`moves`).
    """

    moves: Moves
    figures: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    never: list[str] = field(default_factory=list)

    def add(self, name: str, mask: NDArray[np.bool_]) -> None:
        """Add a figure."""
        self.figures[name] = mask

    def add_rest(self, name: str, mask: NDArray[np.bool_]) -> None:
        """Add what nobody asked for but must not follow where it is small."""
        self.add(name, mask)
        self.never.append(name)

    def masks(self, names: Collection[str]) -> NDArray[np.bool_]:
        """Return some of the figures, (n_names, n_persons)."""
        found = [self.figures[name] for name in sorted(names)]
        return np.array(found, dtype=np.bool_).reshape(len(found), len(self.moves.home_at))

    def count(self, name: str) -> int:
        """Count a figure."""
        return int(self.figures[name].sum())


class Counting:
    """All persons of one board as columns; `covered` of those in transition, in their order."""

    def __init__(
        self, people: Sequence[CountedPerson], options: OfficeSettings, today: date, covered: NDArray[np.bool_]
    ) -> None:
        self.people, self.options, self.today = people, options, today
        boards = [one.board for one in people]
        self.present = self._mask(lambda one: one.board is not None)
        self.moving = np.array([board is not None and board.is_in_transition for board in boards], dtype=bool)
        self.ages = [None if board is None else board.age_on(today) for board in boards]
        self.overdue = self.moving & np.array(
            [board is not None and is_overdue(board.last_contact, board.mode, options, today) for board in boards],
            dtype=bool,
        )
        self.grouped = self.moving & self._mask(lambda one: one.is_grouped)
        self.served_of = self.moving & ~self._mask(lambda one: one.is_restricted)
        self.served = self.served_of & self._mask(lambda one: one.months[-1].is_served)
        self.covered = np.zeros(len(people), dtype=bool)
        self.covered[self.moving] = covered

    def _mask(self, is_in: Callable[[CountedPerson], bool]) -> NDArray[np.bool_]:
        return np.array([is_in(one) for one in self.people], dtype=bool)

    def sets(self, territory: Territory, tops: Sequence[OrgId], names: Mapping[str, str]) -> Sets:
        """Return the figures; `names` are the communities by code, `tops` the highest organisations of the scope."""
        found = Sets(self._moves(names))
        found.add(KpiKey.REGISTERED.value, self.present)
        found.add(KpiKey.TRANSITION.value, self.moving)
        self._add_residents(found, territory)
        self._add_ages(found)
        self._add_measures(found)
        self._add_modes(found)
        self._add_homes(found)
        self._add_orgs(found, territory, tops)
        self._add_trend(found)
        return found

    def _add_residents(self, found: Sets, territory: Territory) -> None:
        here = self.present & self._mask(
            lambda one: one.place is not None and territory.residence_org(one.place) is not None
        )
        found.add(KpiKey.RESIDENT.value, here)
        found.add_rest("resident/not", self.present & ~here)
        found.add_rest("transition/not", self.present & ~self.moving)
        found.tables += [
            Table(((KpiKey.RESIDENT.value, "resident/not"),)),
            Table(((KpiKey.TRANSITION.value, "transition/not"),)),
        ]

    def _add_ages(self, found: Sets) -> None:
        aged, elder = self.options.aged_age, ELDER_AGE
        is_aged = np.array([age is not None and age >= aged for age in self.ages], dtype=bool)
        is_elder = np.array([age is not None and age >= elder for age in self.ages], dtype=bool)
        is_known = np.array([age is not None for age in self.ages], dtype=bool)
        found.add(KpiKey.AGED.value, self.moving & is_aged)
        found.add("age/1", self.moving & is_elder & ~is_aged)
        found.add("age/2", self.moving & is_known & ~is_elder & ~is_aged)
        found.add("age/3", self.moving & ~is_known)
        found.add(KpiKey.ELDER.value, self.moving & (is_elder | is_aged))
        found.tables.append(Table(((KpiKey.AGED.value, "age/1", "age/2", "age/3"),)))

    def _add_measures(self, found: Sets) -> None:
        found.add(KpiKey.GROUPED.value, self.grouped)
        found.add(KpiKey.SERVED.value, self.served)
        found.add("served/of", self.served_of)
        found.add(KpiKey.OVERDUE.value, self.overdue)
        found.add(KpiKey.COVERED.value, self.covered)
        found.add_rest("covered/not", self.moving & ~self.covered)
        found.add_rest("grouped/not", self.moving & ~self.grouped)
        found.add_rest("overdue/not", self.moving & ~self.overdue)
        found.add_rest("served/not", self.served_of & ~self.served)
        found.add_rest("served/excluded", self.moving & ~self.served_of)
        found.tables += [
            Table(((KpiKey.GROUPED.value, "grouped/not"),)),
            Table(((KpiKey.OVERDUE.value, "overdue/not"),)),
            Table(((KpiKey.COVERED.value, "covered/not"),)),
            Table(((KpiKey.SERVED.value, "served/not", "served/excluded"),)),
        ]

    def _add_modes(self, found: Sets) -> None:
        names = []
        for mode in (*StudyMode, None):
            names.append(f"mode/{mode.value if mode else ''}")
            is_it = self._mask(lambda one, mode=mode: one.board is not None and one.board.mode is mode)  # type: ignore[misc]  # bound at once
            found.add(names[-1], self.moving & is_it)
        found.tables.append(Table((tuple(names),)))

    def _add_homes(self, found: Sets) -> None:
        """Count by where they live: the first step of the map (`gis.services.wall_counts`)."""
        names = tuple(f"home/{home}" for home in found.moves.homes)
        for number, name in enumerate(names):
            found.add(name, found.moves.home_at == number)
        if names:
            found.tables.append(Table((names,)))

    def _moves(self, names: Mapping[str, str]) -> Moves:
        pairs = [(home_of(one), flow_of(one, names)) for one in self.people]
        counts = Counter(pair for pair, is_in in zip(pairs, self.moving, strict=True) if is_in)
        homes = sorted({home for home, _ in counts})
        flows = sorted(counts, key=lambda pair: (-counts[pair], pair[1], pair[0]))
        number = {pair: place for place, pair in enumerate(flows)}
        flow_home = np.array([homes.index(home) for home, _ in flows], dtype=np.int64)
        flow_at = np.array([number.get(pair, -1) for pair in pairs], dtype=np.int64)
        flow_at[~self.moving] = -1
        return Moves(
            homes=tuple(homes),
            home_at=np.where(flow_at < 0, -1, flow_home[flow_at] if flows else -1),
            flows=tuple(where for _, where in flows),
            flow_at=flow_at,
            flow_home=flow_home,
        )

    def _add_orgs(self, found: Sets, territory: Territory, tops: Sequence[OrgId]) -> None:
        """Count by the organisations right below the top of the scope, each with all branches below it."""
        below = {branch: _below_top(branch, territory, tops) for branch in {one.branch_id for one in self.people}}
        orgs = sorted(set(below.values()))
        inside = {org: self._mask(lambda one, org=org: below[one.branch_id] == org) for org in orgs}  # type: ignore[misc]  # as above
        of = {"transition": self.moving, "grouped": self.grouped, "served": self.served, "overdue": self.overdue}
        for measure, mask in of.items():
            for org in orgs:
                found.add(f"org/{org}/{measure}", inside[org] & mask)
                if measure != "transition":
                    found.add_rest(f"org/{org}/{measure}/not", inside[org] & self.moving & ~mask)
        found.tables.append(Table((tuple(f"org/{org}/transition" for org in orgs),)))
        for measure in MEASURES:
            rows = [(f"org/{org}/{measure}", f"org/{org}/{measure}/not") for org in orgs]
            found.tables.append(Table((*rows, *zip(*rows, strict=True))))

    def _add_trend(self, found: Sets) -> None:
        n_months = len(self.people[0].months) if self.people else 0
        for number in reversed(range(n_months - 1)):  # the present month is what the cards say
            roster = self._mask(lambda one, number=number: one.months[number].is_on_roster)  # type: ignore[misc]  # as above
            moving = self._mask(lambda one, number=number: one.months[number].is_in_transition)  # type: ignore[misc]  # as above
            served = self._mask(
                lambda one, number=number: one.months[number].is_served and not one.is_restricted  # type: ignore[misc]  # as above
            )
            found.add(f"trend/{number}/registered", roster)
            found.add(f"trend/{number}/transition", moving)
            found.add(f"trend/{number}/served", served)
            found.add_rest(f"trend/{number}/served/not", moving & ~served)


def flow_of(one: CountedPerson, names: Mapping[str, str]) -> tuple[str, str]:
    """Return original village and community of a person; `names` are the communities by code."""
    code = one.place.community_code if one.place is not None else ""
    is_outside = one.place is not None and one.place.is_outside
    nowhere = OUTSIDE if is_outside else UNKNOWN
    return _GROUP.sub("", one.original_village) or NO_VILLAGE, names.get(code, code) or nowhere


def home_of(one: CountedPerson) -> str:
    """Return the code of the community where somebody lives, else why there is none."""
    if one.place is None or not one.place.community_code:
        return OUTSIDE if one.place is not None and one.place.is_outside else UNKNOWN
    return one.place.community_code


def _below_top(branch: OrgId, territory: Territory, tops: Sequence[OrgId]) -> OrgId:
    """Return the organisation right below the top of the scope that a branch belongs to, else the branch."""
    above = territory.above(branch)
    top = next((number for number, org in enumerate(above) if org in tops), 0)
    return above[max(0, top - 1)] if above else branch
