"""覆盖与空白点 on the map: where members stand by state, buildings out of reach, and each gap with what would help.

Nobody is drawn more exactly than they allow (`gis.services.map_layers.standing_of`), nor named; who sees counts only
gets buildings and the counts of `gis.services.coverage`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gis.model.access import Action
from gis.model.coverage import Reach
from gis.services.abilities import walking_pace
from gis.services.access import require
from gis.services.coverage import coverage_of, shown_coverage
from gis.services.coverage_facts import MINUTE, centres_of, read_coverage_facts
from gis.services.map_layers import standing_of, standing_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.coverage import Coverage
    from gis.model.people import Member
    from gis.services.coverage_facts import CoverageFacts
    from gis.services.map_layers import Key
    from gis.store.database import Store
    from gis.store.reader import Reader


@dataclass(frozen=True, slots=True)
class CoverMark:
    """Members who stand at one point: how many in which state; `at` is building, estate, grid or pin, `id` its number.

    `gap` is the number of the gap that they belong to, 0 where each has a place within reach.
    """

    lon: float
    lat: float
    at: str
    id: int
    states: Mapping[Reach, int]
    gap: int = 0


@dataclass(frozen=True, slots=True)
class MapGap:
    """A point without any place within reach of some who live there; `number` counts the gaps, the largest is 1.

    `nearest` is the nearest place that they may enter, `nearest_m` the way, `minutes` at the speed of the slowest of
    them, `limit_m` what that one may be asked to walk. None: there is none far around, or only the grid is known.
    """

    number: int
    label: str
    at: str
    lon: float
    lat: float
    members: int
    nearest: str
    nearest_m: int | None
    minutes: int | None
    limit_m: int | None
    is_rough: bool = False
    needs_step_free: int = 0


@dataclass(frozen=True, slots=True)
class CoverageOnMap:
    """Coverage of today, where it stands on the map, and what is not on it: reason and number of members.

    `out_of_reach` are buildings without a place within the common limit; `not_drawn` members have none either and stand
    nowhere on the map. Marks and gaps are empty for who sees counts.
    """

    coverage: Coverage
    out_of_reach: tuple[int, ...]
    marks: tuple[CoverMark, ...] = ()
    gaps: tuple[MapGap, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    not_drawn: int = 0


def coverage_on_map(actor: Actor, store: Store) -> CoverageOnMap:
    """Work out today's coverage of the scope for the map.

    Raises
    ------
    DeniedError
        The role may not.
    """
    require(actor, Action.VIEW_MAP)
    require(actor, Action.VIEW_MATRIX)
    today = store.today()
    with store.reading(actor.scope) as reader:
        facts = read_coverage_facts(reader, None, today)
        shown = None if reader.sees_people else shown_coverage(actor, store, facts)
        coverage = coverage_of(reader, facts, shown)
        out = _out_of_reach(reader, facts)
        if not reader.sees_people:
            return CoverageOnMap(coverage, out)
        return _with_people(reader, facts, CoverageOnMap(coverage, out))


def _out_of_reach(reader: Reader, facts: CoverageFacts) -> tuple[int, ...]:
    buildings = [building for building in reader.buildings() if building.shape is not None]
    far = ~np.isfinite(facts.nearest_m(centres_of([building.shape for building in buildings])))
    return tuple(int(one.id or 0) for one, is_far in zip(buildings, far, strict=True) if is_far)


def _with_people(reader: Reader, facts: CoverageFacts, empty: CoverageOnMap) -> CoverageOnMap:
    drawn = [row for row, member in enumerate(facts.members) if member.restricted_on is None]
    points = standing_points(reader, [facts.members[row] for row in drawn])
    at: dict[Key, list[int]] = defaultdict(list)
    left_out: Counter[str] = Counter()
    for row in drawn:
        reason, key = standing_of(facts.members[row])
        if key is not None and key in points:
            at[key].append(row)
        else:
            left_out["待定位" if key is not None else reason] += 1
    labels = _labels(reader)
    gaps = _gaps(_Homes(facts, at, points, labels))
    number = {(gap.at, gap.lon, gap.lat): gap.number for gap in gaps}
    marks = tuple(
        CoverMark(
            *points[key],
            at=key[0],
            id=key[1] if key[0] != "pin" else 0,
            states=dict(Counter(facts.states[row] for row in rows)),
            gap=number.get((key[0], *points[key]), 0),
        )
        for key, rows in at.items()
    )
    lonely = sum(facts.states[row] is Reach.NONE for row in drawn)
    not_drawn = lonely - sum(gap.members for gap in gaps)
    return CoverageOnMap(empty.coverage, empty.out_of_reach, marks, gaps, dict(left_out), not_drawn)


def _labels(reader: Reader) -> dict[Key, str]:
    found: dict[Key, str] = {("building", one.id or 0): one.label for one in reader.buildings()}
    found |= {("estate", one.id or 0): one.name for one in reader.estates()}
    found |= {("grid", one.id or 0): one.name or one.grid_code for one in reader.grids()}
    return found


@dataclass(frozen=True, eq=False)
class _Homes:
    """Rows of members by what stands for their home."""

    facts: CoverageFacts
    at: Mapping[Key, list[int]]
    points: Mapping[Key, tuple[float, float]]
    labels: Mapping[Key, str]


def _gaps(homes: _Homes) -> tuple[MapGap, ...]:
    """List points whose members have no place within reach, most members first."""
    waiting = {int(row): number for number, row in enumerate(homes.facts.waiting)}
    lonely = {
        key: [waiting[row] for row in rows if homes.facts.states[row] is Reach.NONE] for key, rows in homes.at.items()
    }
    order = sorted((key for key, rows in lonely.items() if rows), key=lambda key: (-len(lonely[key]), key))
    return tuple(_gap(homes, key, lonely[key], number) for number, key in enumerate(order, start=1))


def _gap(homes: _Homes, key: Key, rows: list[int], number: int) -> MapGap:
    facts, (lon, lat) = homes.facts, homes.points[key]
    is_rough = key[0] in ("grid", "estate")
    label = homes.labels.get(key) or "住处"
    needs = int(facts.needs_step_free[rows].sum())
    gap = MapGap(number, label, key[0], lon, lat, len(rows), "", None, None, None, is_rough, needs)
    if key[0] == "grid":  # a distance would tell where in the grid
        return gap
    row, column = _nearest(facts, rows)
    if column < 0:
        return gap
    metres = float(facts.walk_m[row, column])
    member: Member = facts.members[int(facts.waiting[row])]
    speed = walking_pace(member, facts.settings, facts.day)[1]
    return MapGap(
        number=number,
        label=label,
        at=key[0],
        lon=lon,
        lat=lat,
        members=len(rows),
        nearest=facts.places[column].label,
        nearest_m=round(metres),
        minutes=round(metres / speed / MINUTE),
        limit_m=round(float(facts.limit_m[row])),
        is_rough=is_rough,
        needs_step_free=needs,
    )


def _nearest(facts: CoverageFacts, rows: list[int]) -> tuple[int, int]:
    """Return who of some may be asked to walk least, and the nearest place that they may enter; -1 for none."""
    row = min(rows, key=lambda one: float(facts.limit_m[one]))
    step_free = np.array([place.is_step_free for place in facts.places], dtype=np.bool_)
    way = np.where(step_free | ~facts.needs_step_free[row], facts.walk_m[row], np.inf)
    column = int(np.argmin(way)) if len(way) else -1
    return (row, column) if column >= 0 and np.isfinite(way[column]) else (row, -1)
