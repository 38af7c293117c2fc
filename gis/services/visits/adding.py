"""One more member in a planned round: to the door that is gone to anyway, else at the best place of a team."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.planning.visits.timing import schedule
from gis.services.visits.doors import service_minutes
from gis.services.visits.draft import Timed, timed
from gis.services.visits.due import DueRequest, list_due
from gis.services.visits.reasons import insertions

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.visits import LeftOut, VisitRound
    from gis.services.visits.doors import Door
    from gis.services.visits.draft import Draft, Key, Opened
    from gis.services.visits.edits import AddMember
    from gis.store.database import Store
    from gis.store.reader import Reader


def add_member(actor: Actor, store: Store, opened: Opened, edit: AddMember) -> tuple[Timed, str]:
    """Put a member into a round; returns it by the clock, and the change in words.

    Raises
    ------
    InputError
        The member is in it already, or cannot be visited: the due list's reason is said.
    NotFoundError
        There is no such team, or no such member in the scope.
    """
    draft, team = opened.draft, opened.draft.team(edit.team_number)
    if any(edit.member_id in door.member_ids for doors in draft.routes.values() for door in doors):
        msg = "这名党员已经在这批走访里"
        raise InputError(msg)
    new = _new_door(actor, store, opened, edit)
    draft = replace(
        draft, round=_asked_for(draft.round, edit.member_id), left_out=_without(draft.left_out, edit.member_id)
    )
    who = opened.name(new)
    with store.reading(actor.scope) as reader:
        joined = _joined(draft, new, opened)
        if joined is not None:
            draft, number = joined
            return timed(reader, draft, opened.options), f"加入{who}：与已安排的同一处，并入第 {number} 组"
        draft = _inserted(reader, draft, new, opened, edit.team_number)
        return timed(reader, draft, opened.options), f"第 {team.number} 组加入{who}"


def _asked_for(found: VisitRound, member_id: MemberId) -> VisitRound:
    """Note among the round's parameters that somebody asked for this member."""
    named, out = found.options.get("member_ids"), found.options.get("exclude")
    more = {
        "member_ids": sorted({*(named if isinstance(named, list) else []), int(member_id)}),
        "exclude": [one for one in out if one != member_id] if isinstance(out, list) else [],
    }
    return replace(found, options={**found.options, **more})


def _new_door(actor: Actor, store: Store, opened: Opened, edit: AddMember) -> Door:
    found = opened.draft.round
    asked = DueRequest(found.org_id, found.first_day, found.last_day, member_ids=(edit.member_id,))
    due = list_due(actor, store, asked)
    barred = next((one.reason for one in due.left_out if edit.member_id in one.member_ids), None)
    one = next((one for one in due.due if one.member_id == edit.member_id), None)
    if one is None:
        msg = f"不能加入：{barred or '不在可以走访的名单里'}"
        raise InputError(msg)
    doors, left = opened.known.doors([one], {}, str(found.options.get("material", "")))
    if not doors:
        msg = f"不能加入：{left[0].reason if left else '没有可以走访的地点'}"
        raise InputError(msg)
    return doors[0]


def _without(left_out: tuple[LeftOut, ...], member_id: MemberId) -> tuple[LeftOut, ...]:
    rest = (replace(one, member_ids=tuple(m for m in one.member_ids if m != member_id)) for one in left_out)
    return tuple(one for one in rest if one.member_ids)


def _joined(draft: Draft, new: Door, opened: Opened) -> tuple[Draft, int] | None:
    """Put the member to a door or a session that is gone to anyway; None: there is none."""
    keys = set(opened.known.homes.keys(new.member_ids[0]))
    for key, doors in draft.routes.items():
        for at, door in enumerate(doors):
            if new.group_id is not None or door.group_id is not None:
                is_same = (new.group_id, new.session_id) == (door.group_id, door.session_id)
            else:
                is_same = any(keys & set(opened.known.homes.keys(one)) for one in door.member_ids)
            if is_same and _suits(door, new):
                together = _together(door, new, opened)
                return draft.with_route(key, (*doors[:at], together, *doors[at + 1 :])), key[0]
    return None


def _suits(door: Door, new: Door) -> bool:
    """Whether the times of both meet."""
    if door.window is None or new.window is None:
        return True
    return max(door.window[0], new.window[0]) < min(door.window[1], new.window[1])


def _together(door: Door, new: Door, opened: Opened) -> Door:
    targets = door.targets + new.targets
    windows = [one for one in (door.window, new.window) if one is not None]
    is_group = door.group_id is not None
    return replace(
        door,
        targets=targets,
        service_min=service_minutes(door.place, len(targets), opened.options, is_group=is_group),
        branches=door.branches | new.branches,
        window=(max(one[0] for one in windows), min(one[1] for one in windows)) if windows and not is_group else None,
        is_optional=door.is_optional and new.is_optional,
        last_by=door.last_by | new.last_by,
    )


def _inserted(reader: Reader, draft: Draft, new: Door, opened: Opened, team_number: int) -> Draft:
    """Put a door where the team's day gets longest the least; where it fits nowhere, where it breaks least."""
    clock = timed(reader, draft, opened.options, [new])
    arrays, job = clock.arrays, len(clock.arrays.doors) - 1
    best: tuple[tuple[int, ...], Key, tuple[int, ...]] | None = None
    for route, jobs in enumerate(clock.routes):
        key = arrays.routes[route]
        if arrays.teams[key.team].number != team_number:
            continue
        before = schedule(arrays.problem, route, jobs) if jobs else None
        length = 0 if before is None else before.end_s - before.depart_s
        for tried, timing in insertions(arrays, route, jobs, job):
            worse = (
                int(not arrays.problem.allowed[job, route]),
                len(timing.late),
                timing.overrun_s + timing.demand_over,
                timing.end_s - timing.depart_s - length,
            )
            if best is None or worse < best[0]:
                best = worse, (team_number, key.shift), tried
    if best is None:
        msg = f"第 {team_number} 组没有半天可以安排"
        raise InputError(msg)
    _, where, order = best
    return draft.with_route(where, [arrays.doors[one] for one in order])
