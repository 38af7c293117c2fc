"""The smallest change that seats a member whom a plan leaves out, nobody who has a seat losing it.

Who has a seat may have to sit elsewhere: whether a change is enough is asked of the solver, on a problem in which
only seats count. More seats, a longer limit and more members can only help, so the smallest amount is found by halving;
a change at every place at once that does not help shows that it helps at none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import find_candidates, may_sit
from gis.planning.changes import Change, ChangeKind, change_size, changed_problem
from gis.planning.grouping import solve_grouping
from gis.planning.problem import NO_LOCK, UNSEATED, WALK_SLACK_M, GroupingProblem, Status
from gis.planning.resolve import parts_and_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_MAX_REMEDIES = 3
_MOST_SEATS = 3  # more seats at one place than this are another place
_MOST_LONGER_M = 500.0
_MOST_COMPANY = 3
_NEAR_HOMES = 12  # homes tried for a new host


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change that seats a member.

    `others_stay`: it does so with everybody else where they are, and the time did not reach to see whether a smaller
    one of the kind would do when others may move. Else it is the smallest of its kind; `moves`: others may have to
    move for it.
    """

    change: Change
    others_stay: bool = False
    moves: bool = False


class _OutOfTimeError(Exception):
    """The time is up before an answer is proven."""


class Seating:
    """Answers whether a member can have a seat, too, with something changed.

    Attributes
    ----------
    problem, host
        The problem and the plan whose seats are kept.
    """

    def __init__(self, problem: GroupingProblem, host: IntArray, seconds_left: Callable[[], float]) -> None:
        self.problem, self.host = problem, host
        self._seconds_left = seconds_left

    def can_seat(self, problem: GroupingProblem, member: int) -> bool:
        """Tell whether a legal plan of `problem` seats the member and everybody who has a seat now.

        Members of `problem` beyond those of the plan may be seated or not.
        """
        n = self.problem.n_members
        must = np.zeros(problem.n_members, dtype=np.bool_)
        must[:n] = self.host != UNSEATED
        must[member] = True
        wanted = _only_seats(problem, self.problem, self.host, must)
        rows = _field(wanted, member)
        if rows is None:
            return False
        seconds = self._seconds_left()
        if seconds <= 0:
            raise _OutOfTimeError
        found = solve_grouping(wanted.of_members(rows), seconds=seconds, seed=0)
        if not found.score.decisions_broken:
            return True
        if found.status is not Status.OPTIMAL and not found.score_bound.decisions_broken:
            raise _OutOfTimeError
        return False


def _only_seats(problem: GroupingProblem, before: GroupingProblem, host: IntArray, must: BoolArray) -> GroupingProblem:
    """Count nothing but the seats that must be; a lock says where and no longer how much it matters."""
    rules = replace(
        problem.rules,
        small_penalty_m=0,
        large_penalty_m=0,
        open_cost_m=0,
        mix_cost_m=0,
        change_cost_m=0,
        fair=False,
        fewest_groups=False,
        min_groups=min(problem.rules.min_groups, _n_groups(before, host)),
    )
    met = np.isin(np.arange(problem.n_hosts), host)
    return replace(
        problem,
        walk_m=np.where(may_sit(problem), 0.0, np.inf),
        limit_m=np.zeros(problem.n_members),
        weight=np.ones(problem.n_members),
        locked_host=np.full(problem.n_members, NO_LOCK),
        forbidden=None,
        leader_rank=None,
        current_host=None,
        host_cost_m=None,
        required=None if problem.required is None else problem.required & met,
        must_seat=must,
        rules=rules,
    )


def _n_groups(problem: GroupingProblem, host: IntArray) -> int:
    seated = host != UNSEATED
    return len(np.unique(problem.team[seated] * max(problem.n_hosts, 1) + host[seated]))


def _field(problem: GroupingProblem, member: int) -> IntArray | None:
    """Return those whom the member's seat can concern; None when no group may take the member at all."""
    candidates = find_candidates(problem)
    if member not in candidates.member:
        return None
    field = parts_and_fields(problem, candidates)[1]
    return np.flatnonzero(field == field[member]).astype(np.int64)


def smallest_remedies(
    seating: Seating, member: int, known: tuple[Change, ...], home_walk_m: FloatArray | None = None
) -> tuple[Remedy, ...]:
    """Name up to three changes, the smallest first; each of them, and nothing smaller of its kind, seats the member.

    Parameters
    ----------
    member
        Number in the problem; without a seat.
    known
        Changes that seat the member with everybody else where they are (`explain.Unseated.changes`).
    home_walk_m
        Shape (n, n), walks from home to home; without it no new host is proposed.

    Returns
    -------
    remedies
        Empty: no single change of these kinds helps, or the time did not reach to find one.
    """
    mine = {change.kind: change for change in known}
    found: list[Remedy] = []
    for search in _SEARCHES:
        kind = search.kind
        try:
            change = search.smallest(seating, member, mine.get(kind), home_walk_m)
        except _OutOfTimeError:
            found += [Remedy(mine[kind], others_stay=True)] if kind in mine else []
            continue
        if change is not None:
            found.append(Remedy(change, moves=change not in known))
    return tuple(sorted(found, key=lambda one: change_size(one.change)))[:_MAX_REMEDIES]


@dataclass(frozen=True)
class _Search:
    kind: ChangeKind
    smallest: Callable[[Seating, int, Change | None, FloatArray | None], Change | None]


def _helps(seating: Seating, member: int, change: Change, homes: FloatArray | None = None) -> bool:
    return seating.can_seat(changed_problem(seating.problem, member, change, homes), member)


def _first(seating: Seating, member: int, changes: Iterator[Change], homes: FloatArray | None = None) -> Change | None:
    return next((change for change in changes if _helps(seating, member, change, homes)), None)


def _release(seating: Seating, member: int, known: Change | None, _: FloatArray | None) -> Change | None:
    lock = int(seating.problem.locked_host[member])
    tried = known or (Change(ChangeKind.RELEASE_LOCK, lock, 1) if lock != NO_LOCK else None)
    return _first(seating, member, iter([tried] if tried else []))


def _more_seats(seating: Seating, member: int, known: Change | None, _: FloatArray | None) -> Change | None:
    """Try fewer seats than known: first at every place at once, then place by place."""
    p, best = seating.problem, known if known and _helps(seating, member, known) else None
    while True:
        amount = (best.amount - 1) if best else _MOST_SEATS
        if amount < 1 or not seating.can_seat(replace(p, capacity=p.capacity + amount), member):
            return best
        fewer = _fewest_at_once(seating, member, amount)
        places = (
            Change(ChangeKind.MORE_SEATS, int(j), k) for k in range(fewer, amount + 1) for j in _nearest(p, member)
        )
        found = _first(seating, member, places)
        return found or best


def _fewest_at_once(seating: Seating, member: int, most: int) -> int:
    p = seating.problem
    return next(k for k in range(1, most + 1) if seating.can_seat(replace(p, capacity=p.capacity + k), member))


def _nearest(problem: GroupingProblem, member: int) -> IntArray:
    return np.argsort(problem.walk_m[member], kind="stable")


def _step_free(seating: Seating, member: int, known: Change | None, _: FloatArray | None) -> Change | None:
    p = seating.problem
    if known and _helps(seating, member, known):
        return known
    if not seating.can_seat(replace(p, is_step_free=np.ones_like(p.is_step_free)), member):
        return None
    steps = [int(j) for j in _nearest(p, member) if not p.is_step_free[j]]
    return _first(seating, member, (Change(ChangeKind.STEP_FREE, j, 1) for j in steps))


def _longer_limit(seating: Seating, member: int, known: Change | None, _: FloatArray | None) -> Change | None:
    """Halve the list of limits at which one more host comes into reach."""
    p = seating.problem
    over = p.walk_m[member] - p.limit_m[member]
    most = max(_MOST_LONGER_M, known.amount if known else 0)
    hosts = np.flatnonzero((over > WALK_SLACK_M) & (over <= most) & np.isfinite(over))
    hosts = hosts[np.argsort(over[hosts], kind="stable")]
    steps = [Change(ChangeKind.LONGER_LIMIT, int(j), int(np.ceil(over[j] - WALK_SLACK_M))) for j in hosts]
    if p.locked_host[member] != NO_LOCK or not steps or not _helps(seating, member, steps[-1]):
        return None
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _helps(seating, member, steps[middle]) else (middle + 1, high)
    same = known is not None and known.amount == steps[low].amount
    return known if same else steps[low]


def _leader(seating: Seating, member: int, known: Change | None, _: FloatArray | None) -> Change | None:
    p = seating.problem
    if known and _helps(seating, member, known):
        return known
    if not seating.can_seat(replace(p, can_lead=p.is_full), member):
        return None
    hosts = may_sit(p)
    mates = np.flatnonzero((p.team == p.team[member]) & p.is_full & ~p.can_lead)
    shared = (hosts[mates] & hosts[member]).any(axis=1)
    order = np.argsort(~shared, kind="stable")
    return _first(seating, member, (_to_lead(p, member, int(other)) for other in mates[order]))


def _to_lead(problem: GroupingProblem, member: int, other: int) -> Change:
    both = np.where(may_sit(problem)[[member, other]].all(axis=0), problem.walk_m[member], np.inf)
    return Change(ChangeKind.LEADER, int(both.argmin()), 1, other)


def _more_members(seating: Seating, member: int, known: Change | None, _: FloatArray | None) -> Change | None:
    most = known.amount if known else _MOST_COMPANY
    host = known.host if known else _nearest_open(seating.problem, member)
    if host == UNSEATED:
        return None
    fewer = (Change(ChangeKind.MORE_MEMBERS, host, k) for k in range(1, most + (known is None)))
    return _first(seating, member, fewer if known is None else chain(fewer, (known,)))


def _nearest_open(problem: GroupingProblem, member: int) -> int:
    allowed = may_sit(problem)[member]
    return int(np.where(allowed, problem.walk_m[member], np.inf).argmin()) if allowed.any() else UNSEATED


def _new_host(seating: Seating, member: int, known: Change | None, homes: FloatArray | None) -> Change | None:
    p = seating.problem
    if known and _helps(seating, member, known, homes):
        return known
    if homes is None or p.locked_host[member] != NO_LOCK:
        return None
    near = np.flatnonzero(p.is_full & (homes[member] <= p.limit_m[member] + WALK_SLACK_M))
    near = near[np.argsort(homes[member, near], kind="stable")][:_NEAR_HOMES]
    free = (seating.host == UNSEATED) & (p.locked_host == NO_LOCK) & (p.team == p.team[member])
    served = [int((free & (homes[:, other] <= p.limit_m + WALK_SLACK_M)).sum()) for other in near]
    tried = (Change(ChangeKind.NEW_HOST, -1, k, int(o), opens=True) for o, k in zip(near, served, strict=True))
    return _first(seating, member, tried, homes)


_SEARCHES = (
    _Search(ChangeKind.RELEASE_LOCK, _release),
    _Search(ChangeKind.MORE_SEATS, _more_seats),
    _Search(ChangeKind.STEP_FREE, _step_free),
    _Search(ChangeKind.LONGER_LIMIT, _longer_limit),
    _Search(ChangeKind.LEADER, _leader),
    _Search(ChangeKind.MORE_MEMBERS, _more_members),
    _Search(ChangeKind.NEW_HOST, _new_host),
)
