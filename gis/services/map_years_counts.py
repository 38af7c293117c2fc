"""What roles that see counts only learn of the years: totals and communities, as sets of persons and as changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gis.model.kpis import KpiKey
from gis.model.wall import WallCounts
from gis.services.board_suppress import Table, shown_figures
from gis.services.suppress_over_time import shown_cells, shown_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from gis.model.wall import Wall
    from gis.model.years import TimeLine
    from gis.services.over_time import Whole

    Bools = NDArray[np.bool_]
    #: Which figure, or the code of a community; on which day
    Name = tuple[str, str, int]

CODE = "community"
ELSEWHERE = ""  # in no community of the street, not known where, or gone since
NOTHING = WallCounts(None, None, None)


def with_counts(wall: Wall, whole: Whole, line: TimeLine) -> TimeLine:
    """Hold back what tells of few persons, as a figure, a difference or a change."""
    below, board = wall.suppress_below, wall.board
    shown = _shown_totals(whole, below)
    hidden = {KpiKey.TRANSITION: "moving", KpiKey.GROUPED: "grouped"}
    today = len(line.moments) - 1
    shown -= {f"{name}/{today}" for key, name in hidden.items() if board.kpi(key).numerator is None}
    moments = tuple(
        replace(
            one,
            in_transition=one.in_transition if f"moving/{day}" in shown else None,
            grouped=one.grouped if f"grouped/{day}" in shown else None,
            returned=one.returned if f"returned/{day}" in shown else None,
            new=one.new if f"new/{day}" in shown else None,
        )
        for day, one in enumerate(line.moments)
    )
    cells = _by_community(whole)
    withheld = _held_back(wall, cells)
    is_total = [one.in_transition is not None for one in moments]
    seen = shown_cells(cells, is_total, below, withheld=withheld)
    by_community = {
        code: tuple(count if is_shown else None for count, is_shown in zip(counts, seen[code], strict=True))
        for code, counts in cells.items()
    }
    return replace(line, moments=moments, by_community=by_community)


def _shown_totals(whole: Whole, below: int) -> frozenset[str]:
    """Choose the figures of the whole scope; the present comes first, then year before year."""
    figures: dict[str, Bools] = {}
    never: list[str] = []
    tables: list[Table] = []
    series = {"moving": whole.moving, "grouped": whole.grouped, "returned": whole.returned, "new": whole.new}
    for kind, table in series.items():
        counts = table.sum(axis=0).tolist()
        # What is new begins again each year: its changes are no persons
        kept = shown_days(counts, below) if kind != "new" else [True] * len(counts)
        for day in reversed(range(len(counts))):
            if kept[day]:
                figures[f"{kind}/{day}"] = table[:, day]
    for day in range(len(whole.days)):
        rests = {"ungrouped": whole.moving[:, day] & ~whole.grouped[:, day]}
        if day:
            before, now = whole.moving[:, day - 1], whole.moving[:, day]
            rests |= {"came": now & ~before, "went": before & ~now}
            rests |= {"back": whole.returned[:, day] & ~whole.returned[:, day - 1]}
        for name, mask in rests.items():
            figures[f"{name}/{day}"] = mask
            never.append(f"{name}/{day}")
        if f"grouped/{day}" in figures:
            tables.append(Table(((f"grouped/{day}", f"ungrouped/{day}"),)))
    return shown_figures(figures, tables, below, never=never)


def _by_community(whole: Whole) -> dict[str, list[int]]:
    """Count by community of the street and day."""
    found: dict[str, list[int]] = {ELSEWHERE: [0] * len(whole.days)}
    for _, day, code in _homes(whole):
        found.setdefault(code, [0] * len(whole.days))[day] += 1
    return found


def _homes(whole: Whole) -> Iterator[tuple[int, int, str]]:
    """Yield person, day and community of everybody in transition on a day."""
    for number, one in enumerate(whole.people):
        for day, at in enumerate(one.standings):
            if at is not None and whole.moving[number, day]:
                yield number, day, ELSEWHERE if one.has_left else at.community_code


def figures_of(whole: Whole, line: TimeLine, ever: Sequence[bool]) -> dict[Name, list[Bools]]:
    """Say who counts in what is not blank already, the present first.

    `ever` (n_persons,) says of everybody whether they are among `whole.people`, in one order.
    """
    tables = {"moving": whole.moving, "grouped": whole.grouped, "returned": whole.returned, "new": whole.new}
    is_home = {code: np.zeros(whole.moving.shape, dtype=np.bool_) for code in line.by_community or {}}
    for number, day, code in _homes(whole):
        is_home[code][number, day] = True
    wanted: list[Name] = []
    for day in reversed(range(len(line.moments))):
        told = _told(line, day)
        wanted += [("", name, day) for name in tables if told[name] is not None]
        wanted += [(CODE, code, day) for code, counts in (line.by_community or {}).items() if counts[day] is not None]
    found: dict[Name, list[Bools]] = {}
    for kind, name, day in wanted:
        mask = np.zeros(len(ever), dtype=np.bool_)
        mask[np.array(ever, dtype=np.bool_)] = (is_home if kind else tables)[name][:, day]
        found[kind, name, day] = [mask]
    return found


def only(line: TimeLine, kept: Collection[Name]) -> TimeLine:
    """Blank what is not kept."""
    moments = []
    for day, one in enumerate(line.moments):
        told = {name: count if ("", name, day) in kept else None for name, count in _told(line, day).items()}
        moments.append(
            replace(
                one,
                in_transition=told["moving"],
                grouped=told["grouped"],
                returned=told["returned"],
                new=told["new"],
            )
        )
    by_community = {
        code: tuple(count if (CODE, code, day) in kept else None for day, count in enumerate(counts))
        for code, counts in (line.by_community or {}).items()
    }
    return replace(line, moments=tuple(moments), by_community=by_community)


def _told(line: TimeLine, day: int) -> dict[str, int | None]:
    one = line.moments[day]
    return {"moving": one.in_transition, "grouped": one.grouped, "returned": one.returned, "new": one.new}


def _held_back(wall: Wall, cells: Collection[str]) -> frozenset[str]:
    """Name the communities that the wall holds back today: what it shows of all places is safe together."""
    places = {ELSEWHERE: [one.counts for one in wall.street.others]}
    places |= {node.code: [node.counts] for node in wall.children(wall.street.key)}
    return frozenset(code for code in cells if any(one.transition is None for one in places.get(code, [NOTHING])))
