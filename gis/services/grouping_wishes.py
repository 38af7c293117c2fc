"""What a changed wish would do for a member: tried on the plan, one member at a time, before it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.explain import explain_left_out
from gis.planning.grouping import solve_grouping
from gis.planning.problem import UNSEATED
from gis.planning.standing import standing_of
from gis.services.grouping_input import NOT_ASKED, WISHES, obstacle

if TYPE_CHECKING:
    from gis.model.ids import MemberId
    from gis.planning.problem import GroupingSolution
    from gis.planning.standing import Standing
    from gis.services.explain_text import Namer
    from gis.services.grouping_input import GroupingInput

SOLVED_AGAIN = 400  # so many members are planned anew in hundredths of a second; more are only tried in place
SECONDS_AGAIN = 1.0
_CHANGED = "本人改为愿意就近编组"


def wish_changes(given: GroupingInput, solution: GroupingSolution, namer: Namer) -> dict[MemberId | None, str]:
    """Say for every member with a wish of their own what it would take to seat them.

    A member whom the plan could take in without moving anybody is surely seated when asked and planned again: the plan
    seats as many as can be seated without them.
    """
    found = {
        member.id: f"即使改为愿意就近编组，仍须先解决：{NOT_ASKED[code][0]}"
        for member, wish in given.not_asked
        if wish in WISHES.values() and (code := obstacle(member)) is not None
    }
    for number, member in enumerate(given.wishful):
        found[member.id] = _if_asked(given, solution, namer, len(given.asked) + number)
    return found


def _if_asked(given: GroupingInput, solution: GroupingSolution, namer: Namer, row: int) -> str:
    n_asked = len(given.asked)
    rows = np.append(np.arange(n_asked), row)
    problem = given.with_wishes.of_members(rows)
    standing = standing_of(problem, np.append(solution.host, UNSEATED), int(problem.team[-1]))
    i = int(np.flatnonzero(standing.member == n_asked)[0])
    joined, opened = standing.can_join(i), standing.can_open(i)
    if len(joined):
        return f"{_CHANGED}，即可编入{namer.place(_nearest(standing, i, joined)).label}的小组"
    if len(opened):
        return f"{_CHANGED}，即可在{namer.place(_nearest(standing, i, opened)).label}新设一组"
    if len(rows) <= SOLVED_AGAIN:
        again = solve_grouping(problem, seconds=SECONDS_AGAIN, seed=0)
        if again.host[-1] != UNSEATED:
            return f"{_CHANGED}，重新测算即可编入{namer.place(int(again.host[-1])).label}的小组"
    homes = given.home_walk_m[np.ix_(rows[standing.member], rows[standing.member])]
    left_out = explain_left_out(standing, i, homes)
    if left_out.changes:
        return f"{_CHANGED}，并且{namer.first_change(left_out.changes[0], rows)}"
    return f"即使改为愿意就近编组，附近也安排不下：{namer.reason(left_out)}"


def _nearest(standing: Standing, i: int, hosts: np.ndarray) -> int:
    return int(hosts[np.argmin(standing.problem.walk_m[i, hosts])])
