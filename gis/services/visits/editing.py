"""A planned round changed by hand: every change says first what becomes of the times, and is then saved at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.ids import BuildingId, VenueId
from gis.services.access import require
from gis.services.visits.adding import add_member
from gis.services.visits.draft import Opened, Timed, open_draft, timed
from gis.services.visits.edits import (
    AddMember,
    ChangeStart,
    DropStop,
    LockStop,
    MoveStop,
    SetVisitors,
    VisitEdit,
    edited,
)
from gis.services.visits.problems import EditProblem, problems_of
from gis.services.visits.replanning import replanned
from gis.services.visits.request import check_seconds, team_warnings
from gis.services.visits.timetable import team_minutes

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.model.visits import VisitRound
    from gis.store.database import Store
    from gis.store.reader import Reader

__all__ = [
    "AddMember",
    "ChangeStart",
    "DropStop",
    "EditEffect",
    "EditProblem",
    "LockStop",
    "MoveStop",
    "SetVisitors",
    "TeamChange",
    "VisitEdit",
    "apply_edit",
    "preview_edit",
    "replan_round",
]


@dataclass(frozen=True, slots=True)
class TeamChange:
    """Minutes and stops of a team before and after."""

    team_number: int
    minutes_before: int
    minutes_after: int
    stops_before: int
    stops_after: int


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What an edit does: the round as it then is (all times anew), in words, and what is wrong with it.

    `version` is that of the round as saved: the next edit is based on it.
    """

    round: VisitRound
    text: str
    teams: tuple[TeamChange, ...]
    problems: tuple[EditProblem, ...]
    version: int


def preview_edit(actor: Actor, store: Store, round_id: RoundId, version: int, edit: VisitEdit) -> EditEffect:
    """Say what an edit would do; nothing is saved.

    Raises
    ------
    StaleError
        Somebody changed the round since `version`.
    InputError
        The round is over, the edit cannot be meant, or a result has come in for the stop.
    NotFoundError
        The round, the stop, the team or the member is not there.
    """
    return _worked_out(actor, store, round_id, version, edit)


def apply_edit(actor: Actor, store: Store, round_id: RoundId, version: int, edit: VisitEdit) -> EditEffect:
    """Edit a draft or an issued round. A problem is named, not refused.

    Raises
    ------
    StaleError, InputError, NotFoundError
        As `preview_edit`.
    """
    effect = _worked_out(actor, store, round_id, version, edit)
    return _saved(actor, store, effect, f"调整走访批次 {round_id}：{_WHAT[type(edit)]}")


def replan_round(actor: Actor, store: Store, round_id: RoundId, version: int, seconds: float) -> EditEffect:
    """Plan the stops anew and save; locked stops and those with a result stay where they are, the order where it can.

    Whoever was left out for lack of time is tried again.

    Raises
    ------
    StaleError, InputError, NotFoundError
        As `preview_edit`.
    """
    require(actor, Action.PLAN_VISITS)
    check_seconds(seconds)
    with store.reading(actor.scope) as reader:
        opened = open_draft(reader, round_id, version)
    after, text = replanned(actor, store, opened, seconds)
    return _saved(actor, store, _effect(opened, after, text), f"重新安排走访批次 {round_id}")


_WHAT: dict[type, str] = {
    MoveStop: "移动一处",
    LockStop: "锁定或解除锁定一处",
    DropStop: "去掉一处",
    AddMember: "加一名党员",
    SetVisitors: "换走访人",
    ChangeStart: "换出发地点",
}


def _worked_out(actor: Actor, store: Store, round_id: RoundId, version: int, edit: VisitEdit) -> EditEffect:
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        opened = open_draft(reader, round_id, version)
        if not isinstance(edit, AddMember):
            _check_place(reader, edit)
            draft, text = edited(edit, opened)
            return _effect(opened, timed(reader, draft, opened.options), text)
    after, text = add_member(actor, store, opened, edit)
    return _effect(opened, after, text)


def _check_place(reader: Reader, edit: VisitEdit) -> None:
    """Refuse a start that there is not."""
    if not isinstance(edit, ChangeStart):
        return
    venues: set[VenueId | None] = {one.id for one in reader.venues() if one.shape is not None}
    building = reader.building(BuildingId(edit.building_id)) if edit.building_id is not None else None
    is_lost = edit.venue_id is not None and edit.venue_id not in venues
    if is_lost or (edit.building_id is not None and (building is None or building.shape is None)):
        msg = "出发的地点不存在，或没有位置，请重新选择"
        raise NotFoundError(msg)


def _effect(opened: Opened, after: Timed, text: str) -> EditEffect:
    before, now = opened.draft.round, after.round()
    old, new = team_minutes(before), team_minutes(now)
    stops = {team.number: len(team.stops) for team in before.teams}
    warnings = tuple(EditProblem("VISITORS", "走访人", one) for one in team_warnings(now.teams))
    return EditEffect(
        round=now,
        text=text,
        teams=tuple(
            TeamChange(
                team.number, old.get(team.number, 0), new[team.number], stops.get(team.number, 0), len(team.stops)
            )
            for team in now.teams
        ),
        problems=(*problems_of(opened, after), *warnings),
        version=before.version,
    )


def _saved(actor: Actor, store: Store, effect: EditEffect, said: str) -> EditEffect:
    round_id = effect.round.id
    if round_id is None:
        msg = "这批走访还没有保存"
        raise InputError(msg)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        version = writer.save_visit_round(effect.round)
        writer.say(said, round=int(round_id))
    with store.reading(actor.scope) as reader:
        saved = reader.visit_round(round_id)
    return replace(effect, round=saved if saved is not None else effect.round, version=version)
