"""The best single additions to a plan: each made, solved again, and ranked by the seats, then the metres it gains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import may_sit, seat_cost
from gis.planning.changes import with_host
from gis.planning.problem import UNSEATED, GroupingProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from gis.planning.resolve import Loss
    from gis.planning.worth import Worth

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

NOBODY = -1
_LONGER_M = (100, 200)


class AdditionKind(StrEnum):
    """What is added: a host, a seat at a place, somebody who may lead, metres to a limit, step-free access."""

    NEW_HOST = "new_host"
    MORE_SEATS = "more_seats"
    LEADER = "leader"
    LONGER_LIMIT = "longer_limit"
    STEP_FREE = "step_free"


@dataclass(frozen=True, slots=True)
class NewHost:
    """A place where groups could meet and do not yet; `walk_m` has shape (n,), `key` names it to the caller."""

    key: str
    walk_m: FloatArray
    seats: int
    is_step_free: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """One addition and what it changes (`loss` negative: better).

    `host` is a column of the problem (MORE_SEATS, STEP_FREE), `member` who would lead (LEADER), `key` the new place
    (NEW_HOST, with `amount` seats). LONGER_LIMIT: `amount` metres for all whose limit is `limit_m`; MORE_SEATS:
    `amount` seats.
    """

    kind: AdditionKind
    host: int = NOBODY
    member: int = NOBODY
    key: str = ""
    amount: int = 1
    limit_m: float = 0.0
    loss: Loss | None = None


@dataclass(frozen=True)
class Ranking:
    """Additions that help, the best first, and of how many how many were tried to the end."""

    best: tuple[Addition, ...]
    n_tried: int
    n_possible: int


def rank_additions(worth: Worth, host: IntArray, new_hosts: Sequence[NewHost], most: int) -> Ranking:
    """Try single additions, the most promising first, as far as the time reaches.

    A kind that does not help at all places together helps at none of them and is tried no further.

    Parameters
    ----------
    host
        Shape (n,), the plan: it says which places are full and who is left out.
    most
        So many are returned.
    """
    p = worth.problem
    found: list[Addition] = []
    tried = possible = 0
    for at_once, singles in _kinds(p, host, new_hosts):
        everywhere = None if at_once is None else worth.loss(at_once)
        possible += len(singles)
        if everywhere is not None and not _helps(everywhere):
            tried += len(singles)
            continue
        for one, changed in singles:
            loss = worth.loss(changed)
            tried += loss is not None
            if loss is not None and _helps(loss):
                found.append(replace(one, loss=loss))
    found.sort(key=lambda one: (one.loss, one.amount, one.host, one.member, one.key))
    return Ranking(tuple(_without_more(found)[:most]), tried, possible)


def _without_more(found: list[Addition]) -> list[Addition]:
    """Drop what gains no more than a smaller amount of the same."""
    said: set[tuple[object, ...]] = set()
    kept = []
    for one in found:
        what = (one.kind, one.host, one.member, one.key, one.limit_m, one.loss)
        if what not in said:
            kept.append(one)
        said.add(what)
    return kept


def _helps(loss: Loss) -> bool:
    return loss < type(loss)()


_Single = tuple[Addition, GroupingProblem]


def _kinds(
    p: GroupingProblem, host: IntArray, new_hosts: Sequence[NewHost]
) -> Iterator[tuple[GroupingProblem | None, list[_Single]]]:
    """Yield the additions of each kind: the problem with all of them made, and each alone."""
    yield None, [_with_new_host(p, one) for one in sorted(new_hosts, key=lambda one: _promise(p, host, one))]
    yield replace(p, capacity=p.capacity + 1), [_with_seat(p, int(j)) for j in _full(p, host)]
    yield replace(p, can_lead=p.is_full), [_with_leader(p, int(i)) for i in np.flatnonzero(p.is_full & ~p.can_lead)]
    yield (
        replace(p, is_step_free=np.ones_like(p.is_step_free)),
        [_with_ramp(p, int(j)) for j in np.flatnonzero(~p.is_step_free)] if p.needs_step_free.any() else [],
    )
    limits = np.unique(p.limit_m[np.isfinite(p.limit_m)])
    yield (
        replace(p, limit_m=p.limit_m + max(_LONGER_M)),
        [_with_limit(p, float(limit), more) for limit in limits for more in _LONGER_M],
    )


def _promise(p: GroupingProblem, host: IntArray, new: NewHost) -> tuple[int, float]:
    """Rank a new host by the members it could seat, then by the metres it could save those who sit."""
    one = with_host(p, new.walk_m, seats=new.seats, is_step_free=new.is_step_free)
    could = may_sit(one)[:, -1]
    rows = np.flatnonzero(could & (host != UNSEATED))
    saved = seat_cost(p)[rows, host[rows]] - seat_cost(one)[rows, -1] if len(rows) else np.zeros(0)
    return -int((could & (host == UNSEATED)).sum()), -float(np.maximum(saved, 0.0).sum())


def _with_new_host(p: GroupingProblem, new: NewHost) -> _Single:
    changed = with_host(p, new.walk_m, seats=new.seats, is_step_free=new.is_step_free)
    return Addition(AdditionKind.NEW_HOST, key=new.key, amount=new.seats), changed


def _full(p: GroupingProblem, host: IntArray) -> IntArray:
    """Places that have no room for one more group, or none at all."""
    used = np.bincount(host[host != UNSEATED], minlength=p.n_hosts)
    wanted = may_sit(replace(p, capacity=p.capacity + 1)).any(axis=0)
    return np.flatnonzero(wanted & (p.capacity - used < p.rules.min_size)).astype(np.int64)


def _with_seat(p: GroupingProblem, j: int) -> _Single:
    seats = p.capacity.copy()
    seats[j] += 1
    return Addition(AdditionKind.MORE_SEATS, host=j), replace(p, capacity=seats)


def _with_leader(p: GroupingProblem, i: int) -> _Single:
    lead = p.can_lead.copy()
    lead[i] = True
    return Addition(AdditionKind.LEADER, member=i), replace(p, can_lead=lead)


def _with_ramp(p: GroupingProblem, j: int) -> _Single:
    free = p.is_step_free.copy()
    free[j] = True
    return Addition(AdditionKind.STEP_FREE, host=j), replace(p, is_step_free=free)


def _with_limit(p: GroupingProblem, limit: float, more: int) -> _Single:
    longer = np.where(p.limit_m == limit, p.limit_m + more, p.limit_m)
    return Addition(AdditionKind.LONGER_LIMIT, amount=more, limit_m=limit), replace(p, limit_m=longer)
