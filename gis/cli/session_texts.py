"""How the command line tells of sessions: JSON documents and lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.meetings import AttendanceState

if TYPE_CHECKING:
    from gis.services.fixed_days import FixedDay, FixedDays
    from gis.services.session_views import SessionLine, SessionSheet

FEW = "略"


def line_document(line: SessionLine) -> dict[str, object]:
    """Return one session as it stands in every JSON document."""
    one = line.session
    return {
        "id": one.id,
        "org_id": one.org_id,
        "org": line.org,
        "kind": one.kind.value,
        "affair": one.affair.value,
        "theme": one.theme,
        "plan": one.plan,
        "format": one.format.value if one.format else None,
        "mode": one.mode.value,
        "planned_at": one.planned_at.isoformat(timespec="minutes"),
        "place": line.place,
        "group_id": one.group_id,
        "responsible": one.responsible,
        "held_on": one.held_on.isoformat() if one.held_on else None,
        "cancelled_on": one.cancelled_on.isoformat() if one.cancelled_on else None,
        "invited": line.count.invited,
        "states": {state.value: line.count.states.get(state, 0) for state in AttendanceState},
        "votes": line.count.votes,
        "votes_present": line.count.votes_present,
        "complete": line.complete,
        "missing": list(line.session.missing()),
        "is_guest": line.is_guest,
        "version": one.version,
    }


def line_text(line: SessionLine) -> str:
    """Return one session as a line."""
    one = line.session
    if one.cancelled_on:
        done = "已取消"
    elif one.held_on:
        done = f"{one.held_on.isoformat()} 召开，到会 {line.count.attended}/{line.count.invited}"
    else:
        done = f"未登记，通知 {line.count.invited} 人"
    guest = "（受邀）" if line.is_guest else ""
    lacking = f"  缺：{'、'.join(line.missing)}" if line.missing else ""
    return (
        f"{one.id}  {one.planned_at:%Y-%m-%d %H:%M}  {line.org}{guest}  {one.kind.label}  {one.theme}  {done}{lacking}"
    )


def sheet_document(sheet: SessionSheet) -> dict[str, object]:
    """Return one session with its attendance."""
    return {
        **line_document(sheet.line),
        "group": sheet.group,
        "record": sheet.line.session.record,
        "attendees": [
            {
                "member_id": one.member_id,
                "name": one.name,
                "branch": one.branch,
                "phone": one.phone,
                "state": one.state.value,
                "has_vote": one.has_vote,
            }
            for one in sheet.attendees
        ],
        "unnamed": sheet.unnamed,
        "quorum": (
            {"votes": sheet.quorum.votes, "needed": sheet.quorum.needed, "rule": sheet.quorum.rule}
            if sheet.quorum
            else None
        ),
    }


def sheet_text(sheet: SessionSheet) -> str:
    """Return one session with its attendance for a person."""
    lines = [line_text(sheet.line)]
    if sheet.quorum:
        lines.append(f"有表决权 {sheet.quorum.votes} 名，须到会 {sheet.quorum.needed} 名：{sheet.quorum.rule}")
    for one in sheet.attendees:
        no_vote = "　无表决权" if sheet.quorum and not one.has_vote else ""
        lines.append(f"  {one.member_id}  {one.name}  {one.branch}  {one.phone}  {one.state.label}{no_vote}")
    if sheet.unnamed != 0:
        lines.append(f"  另有 {FEW if sheet.unnamed is None else sheet.unnamed} 名由其所在支部转告")
    if sheet.line.session.record:
        lines += ["记录：", sheet.line.session.record]
    return "\n".join(lines)


def days_document(found: FixedDays) -> dict[str, object]:
    """Return the fixed days."""
    return {"days": [_day(one) for one in found.days], "years_unknown": list(found.years_unknown)}


def _day(one: FixedDay) -> dict[str, object]:
    return {
        "org": one.org,
        "kind": one.kind.value,
        "nominal": one.nominal.isoformat(),
        "day": one.day.isoformat(),
        "is_shifted": one.is_shifted,
        "is_there": one.is_there,
    }


def days_text(found: FixedDays) -> str:
    """Return the fixed days for a person."""
    return "\n".join(
        f"{one.day.isoformat()}  {one.org}  {one.kind.label}"
        + (f"（由 {one.nominal.isoformat()} 调整）" if one.is_shifted else "")
        + ("  已有" if one.is_there else "")
        for one in found.days
    )
