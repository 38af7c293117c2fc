"""A round planned anew: what is locked or done stays, the order stays where it can, who was left out is tried again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.model.visits import DueKind
from gis.services.visits.draft import Timed, timed
from gis.services.visits.due import DueRequest, list_due
from gis.services.visits.reasons import FULL, NO_TEAM, OWN_WINDOW, SESSION_TIME, TIME, TOO_LONG, reason_for
from gis.services.visits.solving import solve_visits, with_locks

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.visits.doors import Door
    from gis.services.visits.draft import Draft, Opened
    from gis.store.database import Store

#: Reasons that another plan may do away with
MAY_CHANGE = (TIME, FULL, TOO_LONG, OWN_WINDOW, NO_TEAM, SESSION_TIME)


def replanned(actor: Actor, store: Store, opened: Opened, seconds: float) -> tuple[Timed, str]:
    """Return the round planned anew, by the clock, and what changed in words."""
    again = _left_out_doors(actor, store, opened)
    draft = opened.draft
    members = {one for door in again for one in door.member_ids}
    kept = tuple(one for one in draft.left_out if not members.intersection(one.member_ids))
    with store.reading(actor.scope) as reader:
        now = timed(reader, draft, opened.options, again)
        fixed = {
            job: route
            for route, jobs in enumerate(now.routes)
            for job in jobs
            if now.arrays.doors[job].is_locked or now.arrays.doors[job].stop_id in opened.done
        }
        arrays = with_locks(now.arrays, fixed)
        seed = draft.round.options.get("seed")
        seed = seed if isinstance(seed, int) else 0
        arrays, routes, left = solve_visits(arrays, seconds=seconds, seed=seed, previous=now.routes)
        left_out = (*kept, *(reason_for(arrays, routes, job) for job in left))
        moved = sum(list(old) != list(new) for old, new in zip(now.routes, routes, strict=True))
        doors = {
            (arrays.teams[key.team].number, key.shift): tuple(arrays.doors[job] for job in routes[k])
            for k, key in enumerate(arrays.routes)
        }
        after = replace(draft, routes=doors, left_out=left_out)
        n_new = len(again) - sum(job >= len(arrays.doors) - len(again) for job in left)
        return timed(reader, after, opened.options), _said(len(fixed), moved, n_new, draft, after)


def _said(n_fixed: int, n_moved: int, n_new: int, before: Draft, after: Draft) -> str:
    old = sum(len(one.member_ids) for one in before.left_out)
    new = sum(len(one.member_ids) for one in after.left_out)
    changed = f"{n_moved} 个半天有变化" if n_moved else "没有更好的走法，各组次序不变"
    text = f"重新安排：保留 {n_fixed} 处不动，{changed}" if n_fixed else f"重新安排：{changed}"
    if n_new:
        text += f"，新排入 {n_new} 处"
    return text + (f"，未排入由 {old} 人变为 {new} 人" if old != new else "")


def _left_out_doors(actor: Actor, store: Store, opened: Opened) -> tuple[Door, ...]:
    """Return the doors of those who were left out for a reason that another plan may do away with."""
    found = opened.draft.round
    again = {one for left in opened.draft.left_out if left.code in MAY_CHANGE for one in left.member_ids}
    if not again:
        return ()
    kinds, named = found.options.get("kinds"), found.options.get("member_ids")
    asked = DueRequest(
        found.org_id,
        found.first_day,
        found.last_day,
        tuple(kind for kind in DueKind if kind.value in kinds) if isinstance(kinds, list) else None,
        bool(found.options.get("everyone")),
        tuple(named) if isinstance(named, list) else (),
    )
    due = [one for one in list_due(actor, store, asked).due if one.member_id in again]
    doors, _ = opened.known.doors(due, opened.must_with, str(found.options.get("material", "")))
    return doors
