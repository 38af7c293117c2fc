"""The smallest changes that would seat a member whom a plan leaves out, each tried before it is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.planning.problem import ALONE, ANY_BRANCH, NO_LOCK, UNSEATED, WALK_SLACK_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from gis.planning.problem import GroupingProblem
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
    best: dict[ChangeKind, Change] = {}
    for change in sorted((*_simple(standing, member), *_new_host(standing, member, home_walk_m)), key=change_size):
        if change.kind not in best and _seats(applied(standing, member, change, home_walk_m), member, change):
            best[change.kind] = change
            if len(best) == _MAX_CHANGES:  # the smallest come first
                break
    return tuple(best.values())


def _seats(changed: Standing, member: int, change: Change) -> bool:
    """Tell whether the member can sit down after a change: of a place there, else anywhere."""
    if change.kind in (ChangeKind.RELEASE_LOCK, ChangeKind.NEW_HOST):
        return changed.is_seatable(member)
    return changed.is_seatable_at(member, change.host)


def applied(standing: Standing, member: int, change: Change, home_walk_m: FloatArray | None = None) -> Standing:
    """Return the standing after one change; nobody is moved."""
    p = changed_problem(standing.problem, member, change, home_walk_m)
    members, hosts = p.n_members - standing.problem.n_members, p.n_hosts - standing.problem.n_hosts
    return replace(
        standing,
        problem=p,
        host=np.append(standing.host, [UNSEATED] * members).astype(np.int64),
        member=np.append(standing.member, [NOWHERE] * members).astype(np.int64),
        taken=np.append(standing.taken, [0] * hosts).astype(np.int64),
        groups_taken=np.append(standing.groups_taken, [0] * hosts).astype(np.int64),
    )


def changed_problem(
    problem: GroupingProblem, member: int, change: Change, home_walk_m: FloatArray | None = None
) -> GroupingProblem:
    """Return the problem with one change made for a member; new members come last, and so does a new host.

    Parameters
    ----------
    home_walk_m
        Shape (n, n) of the same members; only a new host needs it.
    """
    p, j = problem, change.host
    if change.kind is ChangeKind.MORE_MEMBERS:
        return _with_members(p, member, change.amount)
    if change.kind is ChangeKind.NEW_HOST:
        return p if home_walk_m is None else with_host(p, home_walk_m[:, change.other])
    name, place, value = {
        ChangeKind.RELEASE_LOCK: ("locked_host", member, NO_LOCK),
        ChangeKind.MORE_SEATS: ("capacity", j, p.capacity[j] + change.amount),
        ChangeKind.STEP_FREE: ("is_step_free", j, True),
        ChangeKind.LONGER_LIMIT: ("limit_m", member, p.limit_m[member] + change.amount),
        ChangeKind.LEADER: ("can_lead", change.other, True),
    }[change.kind]
    changed = getattr(p, name).copy()
    changed[place] = value
    return replace(p, **{name: changed})


def change_size(change: Change) -> tuple[int, int, int]:
    """Order changes: the easier first."""
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


def _with_members(problem: GroupingProblem, like: int, more: int) -> GroupingProblem:
    """Add full members who can lead and may go where a member may."""
    rows = np.append(np.arange(problem.n_members), [like] * more).astype(np.int64)
    grown = problem.of_members(rows)
    is_new = np.arange(len(rows)) >= problem.n_members
    usual: dict[str, Any] = {
        "leader_rank": None,
        "demand": 1,
        "together": ALONE,
        "current_host": UNSEATED,
        "must_seat": False,
    }
    given = {name: value for name, value in usual.items() if getattr(problem, name) is not None}
    given |= {"is_full": True, "can_lead": True}
    changed: dict[str, Any] = {
        name: None if value is None else np.where(is_new, value, getattr(grown, name)) for name, value in given.items()
    }
    return replace(grown, **changed)


def with_host(
    problem: GroupingProblem, walk_m: FloatArray, *, seats: int | None = None, is_step_free: bool = True
) -> GroupingProblem:
    """Add a host for everybody as the last column.

    Parameters
    ----------
    walk_m
        Shape (n,), walks to it, inf where nothing leads there.
    seats
        As many as a group of the target size needs when not said.
    """
    p = problem
    none = np.zeros((p.n_members, 1), dtype=np.bool_)
    return replace(
        p,
        walk_m=np.hstack([p.walk_m, walk_m[:, None]]),
        forbidden=None if p.forbidden is None else np.hstack([p.forbidden, none]),
        is_step_free=np.append(p.is_step_free, is_step_free),
        capacity=np.append(p.capacity, p.rules.target_high if seats is None else seats),
        host_branch=np.append(p.host_branch, ANY_BRANCH),
        required=None if p.required is None else np.append(p.required, False),
        host_cost_m=None if p.host_cost_m is None else np.append(p.host_cost_m, 0),
    )
