"""The changes that can be made to a planned round by hand, and what each makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.visits import LeftOut
from gis.services.visits.reasons import DROPPED
from gis.services.visits.request import refuse_double

if TYPE_CHECKING:
    from gis.model.ids import BuildingId, MemberId, StopId, VenueId
    from gis.model.visits import Visitor
    from gis.services.visits.draft import Draft, Opened

LONGEST_REASON = 100
MOST_VISITORS, LONGEST_NAME = 10, 30


@dataclass(frozen=True, slots=True)
class MoveStop:
    """Put a stop to another place, in its team or another one: `position` from 1 in the half-day `shift`."""

    stop_id: StopId
    team_number: int
    position: int
    shift: int = 0


@dataclass(frozen=True, slots=True)
class LockStop:
    """Tie a stop to its team and half-day, or free it."""

    stop_id: StopId
    is_locked: bool = True


@dataclass(frozen=True, slots=True)
class DropStop:
    """Take a stop out of the round; it stands among those left out, with the reason."""

    stop_id: StopId
    reason: str


@dataclass(frozen=True, slots=True)
class AddMember:
    """Visit one more member, at the best place in the team's days."""

    member_id: MemberId
    team_number: int


@dataclass(frozen=True, slots=True)
class SetVisitors:
    """Name who goes."""

    team_number: int
    visitors: tuple[Visitor, ...]


@dataclass(frozen=True, slots=True)
class ChangeStart:
    """Let a team start at a venue or a building; neither: at its first door."""

    team_number: int
    venue_id: VenueId | None = None
    building_id: BuildingId | None = None
    is_returning: bool = True


VisitEdit = MoveStop | LockStop | DropStop | AddMember | SetVisitors | ChangeStart


@singledispatch
def edited(edit: object, opened: Opened) -> tuple[Draft, str]:
    """Return the draft after a change, and the change in words.

    Raises
    ------
    NotFoundError
        The stop or the team is not in the round any more.
    InputError
        It cannot be meant, or a result has come in for the stop.
    """
    raise TypeError(edit, opened)  # a new kind of change without its function


@edited.register(MoveStop)
def _move(edit: MoveStop, opened: Opened) -> tuple[Draft, str]:
    draft = opened.draft
    key, at = draft.find(edit.stop_id)
    door, team = draft.routes[key][at], draft.team(edit.team_number)
    if not 0 <= edit.shift < len(team.shifts):
        msg = f"第 {team.number} 组没有第 {edit.shift + 1} 个半天"
        raise InputError(msg)
    if team.number != key[0]:
        _refuse_done(opened, edit.stop_id, "不能改到别的组")
    rest = [one for one in draft.routes[key] if one is not door]
    draft = draft.with_route(key, rest)
    there = list(draft.routes.get((team.number, edit.shift), ()))
    place = min(max(edit.position, 1), len(there) + 1)
    there.insert(place - 1, door)
    shift = team.shifts[edit.shift]
    when = f"{shift.day.month} 月 {shift.day.day} 日{'上午' if shift.from_min < 12 * 60 else '下午'}"
    text = f"{opened.name(door)}改到第 {team.number} 组 {when}第 {place} 处"
    return draft.with_route((team.number, edit.shift), there), text


@edited.register(LockStop)
def _lock(edit: LockStop, opened: Opened) -> tuple[Draft, str]:
    key, at = opened.draft.find(edit.stop_id)
    doors = list(opened.draft.routes[key])
    doors[at] = replace(doors[at], is_locked=edit.is_locked)
    text = f"{'锁定' if edit.is_locked else '解除锁定'}：{opened.name(doors[at])}"
    return opened.draft.with_route(key, doors), text


@edited.register(DropStop)
def _drop(edit: DropStop, opened: Opened) -> tuple[Draft, str]:
    reason = edit.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        msg = f"请写明为什么不走这一处，不超过 {LONGEST_REASON} 字"
        raise InputError(msg)
    _refuse_done(opened, edit.stop_id, "不能去掉；登记有误的，请先更正结果")
    key, at = opened.draft.find(edit.stop_id)
    doors = list(opened.draft.routes[key])
    door = doors.pop(at)
    left = LeftOut(door.member_ids, DROPPED, f"手工去掉：{reason}")
    draft = replace(opened.draft, left_out=(*opened.draft.left_out, left)).with_route(key, doors)
    return draft, f"去掉 {opened.name(door)}：{reason}"


@edited.register(SetVisitors)
def _visitors(edit: SetVisitors, opened: Opened) -> tuple[Draft, str]:
    team = opened.draft.team(edit.team_number)
    visitors = tuple(replace(one, name=one.name.strip()) for one in edit.visitors if one.name.strip())
    if len(visitors) > MOST_VISITORS or any(len(one.name) > LONGEST_NAME for one in visitors):
        msg = f"一组至多 {MOST_VISITORS} 人，姓名不超过 {LONGEST_NAME} 字"
        raise InputError(msg)
    draft = opened.draft.with_team(replace(team, visitors=visitors))
    refuse_double([(one.number, one.visitors, one.shifts) for one in draft.teams])
    who = "、".join(one.name for one in visitors) or "走访人待定"
    return draft, f"第 {team.number} 组由{who}走访"


@edited.register(ChangeStart)
def _start(edit: ChangeStart, opened: Opened) -> tuple[Draft, str]:
    team = opened.draft.team(edit.team_number)
    changed = replace(
        team,
        start_venue_id=edit.venue_id,
        start_building_id=edit.building_id if edit.venue_id is None else None,
        is_returning=edit.is_returning,
    )
    where = "从第一户出发" if edit.venue_id is None and edit.building_id is None else "换出发地点"
    return opened.draft.with_team(changed), f"第 {team.number} 组{where}"


def _refuse_done(opened: Opened, stop_id: StopId, what: str) -> None:
    if stop_id in opened.done:
        key, at = opened.draft.find(stop_id)
        msg = f"{opened.name(opened.draft.routes[key][at])}已经登记了走访结果，{what}"
        raise InputError(msg)
