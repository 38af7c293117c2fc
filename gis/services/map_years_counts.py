"""What roles that see counts only learn of the years: totals and communities, as sets of persons and as changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.services.board_suppress import Table, shown_figures
from gis.services.map_layers import suppressed
from gis.services.settings import office_settings
from gis.services.suppress import is_sum_safe
from gis.services.suppress_over_time import shown_cells, shown_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.model.years import TimeLine
    from gis.services.over_time import Whole
    from gis.store.reader import Reader

    Bools = NDArray[np.bool_]

ELSEWHERE = ""  # in no community of the street, not known where, or gone since
NO_GRID = 0


def with_counts(actor: Actor, reader: Reader, whole: Whole, line: TimeLine) -> TimeLine:
    """Hold back what tells of few persons, as a figure, a difference or a change."""
    below = office_settings(reader).suppress_below
    shown = _shown_totals(whole, below)
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
    withheld = _told_by_grids(actor, reader, cells)
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
    for number, one in enumerate(whole.people):
        for day, at in enumerate(one.standings):
            if at is None or not whole.moving[number, day]:
                continue
            code = ELSEWHERE if one.has_left else at.community_code
            found.setdefault(code, [0] * len(whole.days))[day] += 1
    return found


def _told_by_grids(actor: Actor, reader: Reader, cells: Mapping[str, Sequence[int]]) -> frozenset[str]:
    """Name the communities whose number would tell of a grid whose count the map holds back."""
    counts = {grid: count for grid, count in reader.member_counts_by_grid().items() if grid is not None}
    shown = suppressed(actor, counts)
    grids: dict[str, list[int]] = {}
    for grid in reader.grids():
        grids.setdefault(grid.community_code, []).append(int(grid.id or 0))
    below = office_settings(reader).suppress_below
    blank = {int(grid) for grid, count in shown.items() if count is None}
    known = {int(grid): count for grid, count in counts.items()}

    def is_safe(code: str) -> bool:
        unseen = {grid: known.get(grid, 0) for grid in grids.get(code, [])}
        gridless = abs(cells[code][-1] - sum(unseen.values()))
        more = {NO_GRID: gridless} if gridless else {}
        return is_sum_safe((*unseen, *more), blank | set(more), unseen | more, below)

    return frozenset(code for code in cells if code != ELSEWHERE and not is_safe(code))
