"""The order of doors at one point: by unit and floor where the windows allow it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from gis.planning.visits.problem import UNLOCKED
from gis.planning.visits.timing import schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.planning.visits.problem import VisitProblem


def by_doors(problem: VisitProblem, route: int, jobs: Sequence[int]) -> list[int]:
    """Sort runs of jobs at one point by their key; a run stays as it is where that makes a job late or costs travel."""
    current = list(jobs)
    at = 0
    for _, run in groupby(jobs, key=lambda job: int(problem.point[job])):
        count = len(list(run))
        if count > 1:
            current = _sorted_run(problem, route, current, slice(at, at + count))
        at += count
    return current


def _sorted_run(problem: VisitProblem, route: int, jobs: list[int], run: slice) -> list[int]:
    """Sort as much of a run as the windows allow, one door after the other."""
    standing = schedule(problem, route, jobs)

    def _is_as_good(tried: list[int]) -> bool:
        if not _keeps_locks(problem, tried):
            return False
        timing = schedule(problem, route, tried)
        return timing.is_kept >= standing.is_kept and timing.travel_s <= standing.travel_s

    wishes = ([*jobs[: run.start], *wanted, *jobs[run.stop :]] for wanted in _wishes(problem, jobs[run]))
    now = next((tried for tried in wishes if _is_as_good(tried)), jobs)
    for _ in range(run.stop - run.start):  # what a whole order does not allow, neighbours may
        for at in range(run.start, run.stop - 1):
            tried = [*now[:at], now[at + 1], now[at], *now[at + 2 :]]
            if problem.order_key[now[at]] > problem.order_key[now[at + 1]] and _is_as_good(tried):
                now = tried
    return now


def _keeps_locks(problem: VisitProblem, jobs: list[int]) -> bool:
    """Whether every job locked behind another of these directly follows it, in this run or at its ends."""
    here = set(jobs)
    pairs = zip((UNLOCKED, *jobs), jobs, strict=False)
    return all(
        problem.locked_after[job] in {UNLOCKED, before} or problem.locked_after[job] not in here
        for before, job in pairs
    )


def _wishes(problem: VisitProblem, run: list[int]) -> list[list[int]]:
    """Try all by key; else by windows first and by key within."""
    pieces: list[list[int]] = []
    for job in run:
        if pieces and problem.locked_after[job] == pieces[-1][-1] != UNLOCKED:
            pieces[-1].append(job)
        else:
            pieces.append([job])
    by_key = sorted(pieces, key=lambda piece: (float(problem.order_key[piece[0]]), piece[0]))
    by_end = sorted(by_key, key=lambda piece: int(problem.window_s[piece[0], 1]))
    by_start = sorted(by_key, key=lambda piece: int(problem.window_s[piece[0], 0]))
    return [[job for piece in order for job in piece] for order in (by_key, by_start, by_end)]
