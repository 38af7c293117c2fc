"""The smallest changes that would seat a member whom a plan leaves out, each tried before it is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import NO_LOCK, UNSEATED, WALK_SLACK_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from gis.planning.standing import Standing

    FloatArray = npt.NDArray[np.float64]

NOWHERE = -1
_MODEST_M = 200  # a limit stretched by no more than this is a smaller change than a leader or more members
_MAX_CHANGES = 3


class ChangeKind(StrEnum):
    """What would have to change; see `Change`."""

    RELEASE_LOCK = "release_lock"
    MORE_SEATS = "more_seats"
    STEP_FREE = "step_free"
    LONGER_LIMIT = "longer_limit"
    LEADER = "leader"
    MORE_MEMBERS = "more_members"
    NEW_HOST = "new_host"


@dataclass(frozen=True, slots=True)
class Change:
    """One change and its size.

    `amount`: metres (LONGER_LIMIT, of the member's own limit), seats (MORE_SEATS at `host`), members of the same team
    near `host`, all unseated and one of them able to lead (MORE_MEMBERS), unseated members whom a host at the home of
    `other` would serve (NEW_HOST), else 1. `other` is the member who would have to be able to lead (LEADER) or to be
    host (NEW_HOST), else NOWHERE. `opens`: the member would sit in a group newly opened with other unseated members,
    not in one that meets already.
    """

    kind: ChangeKind
    host: int
    amount: int
    other: int = NOWHERE
    opens: bool = False


def smallest_changes(standing: Standing, member: int, home_walk_m: FloatArray | None = None) -> tuple[Change, ...]:
    """Name up to three changes, the smallest first, each of which alone makes the member seatable in this plan.

    Every change is applied to a copy of the plan's problem and the member is looked up again, so what is named is
    true. Empty: no single change of these kinds helps (a visit at home does).

    Parameters
    ----------
    member
        Number within the team.
    home_walk_m
        Shape (n, n) of the team, walks from home to home; without it no new host is proposed.
    """
    found = [
        change
        for change in (*_simple(standing, member), *_new_host(standing, member, home_walk_m))
        if applied(standing, member, change, home_walk_m).is_seatable(member)
    ]
    best: dict[ChangeKind, Change] = {}
    for change in sorted(found, key=_size):
        best.setdefault(change.kind, change)
    return tuple(sorted(best.values(), key=_size))[:_MAX_CHANGES]


def applied(standing: Standing, member: int, change: Change, home_walk_m: FloatArray | None = None) -> Standing:
    """Return the standing after one change; nobody is moved."""
    p, j = standing.problem, change.host
    if change.kind is ChangeKind.MORE_MEMBERS:
        return _with_members(standing, member, change)
    if change.kind is ChangeKind.NEW_HOST:
        return _with_host(standing, change, home_walk_m)
    name, place, value = {
        ChangeKind.RELEASE_LOCK: ("locked_host", member, NO_LOCK),
        ChangeKind.MORE_SEATS: ("capacity", j, p.capacity[j] + change.amount),
        ChangeKind.STEP_FREE: ("is_step_free", j, True),
        ChangeKind.LONGER_LIMIT: ("limit_m", member, p.limit_m[member] + change.amount),
        ChangeKind.LEADER: ("can_lead", change.other, True),
    }[change.kind]
    changed = getattr(p, name).copy()
    changed[place] = value
    return replace(standing, problem=replace(p, **{name: changed}))


def _size(change: Change) -> tuple[int, int, int]:
    order = list(ChangeKind)
    rank = order.index(change.kind)
    if change.kind is ChangeKind.LONGER_LIMIT and change.amount > _MODEST_M:
        rank = order.index(ChangeKind.MORE_MEMBERS)  # a long stretch ranks with finding more members
    amount = -change.amount if change.kind is ChangeKind.NEW_HOST else change.amount
    return rank, amount, change.host


def _simple(standing: Standing, member: int) -> Iterator[Change]:
    p, is_open = standing.problem, standing.size > 0
    if p.locked_host[member] != NO_LOCK:
        yield Change(ChangeKind.RELEASE_LOCK, int(p.locked_host[member]), 1)
    near = p.walk_m[member] <= p.limit_m[member] + WALK_SLACK_M
    for j in np.flatnonzero(np.isfinite(p.walk_m[member])):
        host, opens = int(j), not is_open[j]
        if near[j]:
            short = max(1, p.rules.min_size - int(standing.seats_left[j])) if opens else 1
            yield Change(ChangeKind.MORE_SEATS, host, short, opens=opens)
            yield Change(ChangeKind.STEP_FREE, host, 1, opens=opens)
            if opens:
                yield from _company(standing, member, host)
        else:
            more = int(np.ceil(p.walk_m[member, j] - p.limit_m[member]))
            yield Change(ChangeKind.LONGER_LIMIT, host, more, opens=opens)


def _company(standing: Standing, member: int, host: int) -> Iterator[Change]:
    """Propose what a new group at a host lacks: members, or somebody to lead."""
    p = standing.problem
    free = standing.free_members(host)
    if member not in free:
        return
    missing = p.rules.min_size - len(free)
    able = p.can_lead[free].any()
    if missing > 0 or not able:
        yield Change(ChangeKind.MORE_MEMBERS, host, max(missing, 1), opens=True)
    if missing <= 0 and not able:
        for other in free[p.is_full[free]][:1]:
            yield Change(ChangeKind.LEADER, host, 1, int(other), opens=True)


def _new_host(standing: Standing, member: int, home_walk_m: FloatArray | None) -> Iterator[Change]:
    """Propose a host at the home of an unseated full member, for all unseated members who can walk there."""
    if home_walk_m is None or standing.problem.locked_host[member] != NO_LOCK:
        return
    p = standing.problem
    free = (standing.host == UNSEATED) & (p.locked_host == NO_LOCK)
    near = (home_walk_m <= p.limit_m[:, None] + WALK_SLACK_M) & free[:, None]
    for other in np.flatnonzero(free & p.is_full & near[member]):
        served = int(near[:, other].sum())
        if served >= p.rules.min_size:
            yield Change(ChangeKind.NEW_HOST, NOWHERE, served, int(other), opens=True)


def _with_members(standing: Standing, member: int, change: Change) -> Standing:
    """Add full members who can lead and live as near to the host as this one."""
    p, k = standing.problem, change.amount
    rows = np.full(k, member)
    grown = replace(
        p,
        walk_m=np.vstack([p.walk_m, p.walk_m[rows]]),
        forbidden=None if p.forbidden is None else np.vstack([p.forbidden, p.forbidden[rows]]),
        leader_rank=None,
        is_full=np.append(p.is_full, [True] * k),
        can_lead=np.append(p.can_lead, [True] * k),
        limit_m=np.append(p.limit_m, p.limit_m[rows]),
        weight=np.append(p.weight, p.weight[rows]),
        branch=np.append(p.branch, p.branch[rows]),
        needs_step_free=np.append(p.needs_step_free, p.needs_step_free[rows]),
        locked_host=np.append(p.locked_host, p.locked_host[rows]),
    )
    return replace(
        standing,
        problem=grown,
        host=np.append(standing.host, [UNSEATED] * k),
        member=np.append(standing.member, [NOWHERE] * k),
    )


def _with_host(standing: Standing, change: Change, home_walk_m: FloatArray | None) -> Standing:
    """Add a step-free host for this team at somebody's home."""
    p = standing.problem
    if home_walk_m is None:
        return standing
    grown = replace(
        p,
        walk_m=np.hstack([p.walk_m, home_walk_m[:, [change.other]]]),
        forbidden=None if p.forbidden is None else np.hstack([p.forbidden, np.zeros((p.n_members, 1), np.bool_)]),
        is_step_free=np.append(p.is_step_free, True),
        capacity=np.append(p.capacity, p.rules.target_high),
        host_branch=np.append(p.host_branch, -1),
    )
    return replace(
        standing, problem=grown, taken=np.append(standing.taken, 0), groups_taken=np.append(standing.groups_taken, 0)
    )
