"""Due lists and rounds of visits as plain values and as lines, for planners at the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.visits import NO_START, VisitResult
from gis.services.access import require
from gis.services.phones import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from gis.model.access import Actor
    from gis.model.visits import DueReason, LastVisit
    from gis.services.visits.due import DueList
    from gis.services.visits.view_model import RoundLine, RoundView, StopView, TargetView, TeamView
    from gis.store.database import Store


def due_document(actor: Actor, store: Store, found: DueList) -> dict[str, Any]:
    """Return a due list as plain values, with names: for planners only."""
    require(actor, Action.PLAN_VISITS)
    ids = {one.member_id for one in found.due} | {number for left in found.left_out for number in left.member_ids}
    with store.reading(actor.scope) as reader:
        members = reader.visit_members(ids)
        branches = {org.id: org.name for org in reader.orgs()}
    return {
        "as_of": found.as_of.isoformat(),
        "due": [
            {
                "member_id": one.member_id,
                "name": members[one.member_id].name,
                "branch": branches.get(members[one.member_id].branch_id, ""),
                "purposes": [purpose.label for purpose in one.purposes],
                "reasons": [_reason(why) for why in one.reasons],
                "optional": one.is_optional,
                "overdue_days": one.overdue_days,
                "group_id": one.group_id,
                "session_id": one.session_id,
                "window": list(one.window) if one.window is not None else None,
                "last_by": list(one.last_by),
            }
            for one in found.due
        ],
        "left_out": [
            {
                "member_ids": list(left.member_ids),
                "who": [members[number].name for number in left.member_ids],
                "code": left.code,
                "reason": left.reason,
            }
            for left in found.left_out
        ],
    }


def _reason(why: DueReason) -> dict[str, str | None]:
    return {
        "kind": why.kind.value,
        "label": why.kind.label,
        "text": why.text,
        "due_on": why.due_on.isoformat() if why.due_on is not None else None,
    }


def due_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Say a due list, one member a line."""
    due, left = document["due"], document["left_out"]
    yield f"{document['as_of']}：该走访 {len(due)} 人，其中可去可不去 {sum(one['optional'] for one in due)} 人"
    for one in due:
        why = "；".join(reason["text"] for reason in one["reasons"])
        optional = "（可去可不去）" if one["optional"] else ""
        yield f"{one['member_id']}\t{one['name']}\t{one['branch']}\t{'、'.join(one['purposes'])}{optional}\t{why}"
    for one in left:
        yield f"不能上门：{'、'.join(one['who'])}——{one['reason']}"


def line_document(one: RoundLine) -> dict[str, object]:
    """Return a line of the list as plain values."""
    return {
        "round": one.id,
        "name": one.name,
        "org": one.org,
        "state": one.state.value,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "teams": one.n_teams,
        "stops": one.n_stops,
        "targets": one.n_targets,
        "done": one.n_done,
        "met": one.n_met,
        "conflicts": one.n_conflicts,
        "left_out": one.n_left_out,
        "version": one.version,
    }


def line_text(one: RoundLine) -> str:
    """Say a round in one line."""
    days = one.first_day.isoformat() + (f" 至 {one.last_day.isoformat()}" if one.last_day != one.first_day else "")
    waiting = f"，待核对 {one.n_conflicts} 条" if one.n_conflicts else ""
    return (
        f"{one.id}\t{one.name}\t{one.state.label}\t{days}\t{one.n_teams} 组 {one.n_stops} 处 {one.n_targets} 人，"
        f"已有结果 {one.n_done} 人，见面 {one.n_met} 人{waiting}"
    )


def round_document(view: RoundView) -> dict[str, object]:
    """Return a round as plain values, phones masked."""
    found = view.round
    return {
        "round": found.id,
        "name": found.name,
        "org": view.org,
        "state": found.state.value,
        "first_day": found.first_day.isoformat(),
        "last_day": found.last_day.isoformat(),
        "note": found.note,
        "version": found.version,
        "targets": view.n_targets,
        "done": view.n_done,
        "met": view.n_met,
        "conflicts": view.n_conflicts,
        "teams": [_team(team) for team in view.teams],
        "left_out": [
            {"who": list(one.names), "code": one.left.code, "reason": one.left.reason} for one in view.left_out
        ],
        "scores": dict(found.scores),
        "warnings": list(view.warnings),
    }


def _team(one: TeamView) -> dict[str, object]:
    return {
        "number": one.team.number,
        "visitors": [who.name for who in one.team.visitors],
        "way": one.team.way.value,
        "start": one.start,
        "shifts": [
            {"day": shift.day.isoformat(), "from_min": shift.from_min, "to_min": shift.to_min}
            for shift in one.team.shifts
        ],
        "minutes": round(one.minutes, 1),
        "travel_min": round(one.travel_min, 1),
        "walk_m": round(one.walk_m),
        "may_see_phone": one.may_see_phone,
        "sheets": [sheet.number for sheet in one.sheets],
        "stops": [_stop(stop) for stop in one.stops],
    }


def _stop(one: StopView) -> dict[str, object]:
    return {
        "stop": one.stop.id,
        "title": one.title,
        "place": one.place,
        "position": one.stop.position,
        "shift": one.stop.shift,
        "arrive": one.stop.arrive.isoformat(),
        "leave": one.stop.leave.isoformat(),
        "travel_min": one.stop.travel_min,
        "walk_m": one.stop.walk_m,
        "locked": one.stop.is_locked,
        "optional": one.stop.is_optional,
        "targets": [_target(target) for target in one.targets],
    }


def _target(one: TargetView) -> dict[str, object]:
    result = one.result
    return {
        "target": one.target.id,
        "member_id": one.target.member_id,
        "name": one.name,
        "age": one.age,
        "phone": masked(one.phone),
        "purposes": [purpose.label for purpose in one.target.purposes],
        "reasons": [why.text for why in one.target.reasons],
        "material": one.target.material,
        "last_visit": _last(one.last_visit),
        "result": None
        if result is None
        else {
            "id": result.id,
            "result": result.result.value,
            "on": result.on_day.isoformat(),
            "by": result.by_name,
            "note": result.note,
            "next_on": result.next_on.isoformat() if result.next_on is not None else None,
        },
        "conflicts": one.n_conflicts,
    }


def _last(one: LastVisit | None) -> dict[str, object] | None:
    if one is None:
        return None
    result = VisitResult.NOT_HOME if one.result is VisitResult.IN_HOSPITAL else one.result  # told by that round alone
    return {"on": one.on_day.isoformat(), "result": result.value, "by": list(one.by_names)}


def round_lines(view: RoundView) -> Iterator[str]:
    """Say a round, one stop a line."""
    found = view.round
    yield f"{found.name}（{view.org}）\t{found.state.label}\t第 {found.version} 版"
    yield f"{view.n_targets} 人，已有结果 {view.n_done} 人，见面 {view.n_met} 人，待核对 {view.n_conflicts} 条"
    for team in view.teams:
        start = team.start if team.start == NO_START else f"从{team.start}出发"
        yield f"第 {team.team.number} 组：{team.visitors or '走访人待定'}，{team.team.way.label}，{start}"
        for stop in team.stops:
            done = "、".join(
                f"{one.name} {one.result.result.label if one.result else '未登记'}" for one in stop.targets
            )
            yield f"  {stop.stop.position}\t{stop.stop.arrive:%m-%d %H:%M}\t{stop.place}\t{stop.title}\t{done}"
    for one in view.left_out:
        yield f"未排入：{'、'.join(one.names)}——{one.left.reason}"
    yield from (f"请注意：{one}" for one in view.warnings)
