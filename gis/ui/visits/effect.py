"""What a change would do: minutes of each team before and after, the new order, what is then wrong."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from gis.ui.visits.words import at, half_of

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.ids import MemberId
    from gis.model.visits import VisitTeam
    from gis.services.visits.editing import EditEffect, EditProblem, TeamChange
    from gis.services.visits.views import RoundView


def show_effect(view: RoundView, effect: EditEffect) -> None:
    """Show the effect; nothing from data is markup."""
    names = {
        target.target.member_id: target.name for team in view.teams for stop in team.stops for target in stop.targets
    }
    names |= {
        member_id: name
        for one in view.left_out
        for member_id, name in zip(one.left.member_ids, one.names, strict=False)
    }
    before = {team.team.number: _turns(team.team) for team in view.teams}
    orders = []
    for team in effect.round.teams:
        was, now = before.get(team.number, {}), _turns(team)
        orders += [
            f"<li>第 {team.number} 组 {half_of(shift)}：{escape(_order(team, index, names))}</li>"
            for index, shift in enumerate(team.shifts)
            if was.get(index) != now.get(index)
        ]
    moved = {team.number for team in effect.round.teams if _turns(team) != before.get(team.number)}
    changed = [one for one in effect.teams if one.team_number in moved]
    fine = '<p class="jj-effect-fine">没有来不及的，也不违反规定。</p>'
    problems = "".join(
        f"<li><b class='jj-tag jj-warn'>注意</b><span>{escape(_problem(one))}</span></li>" for one in effect.problems
    )
    st.html(
        f'<div class="jj-effect"><p class="jj-effect-said">{escape(effect.text)}</p>'
        f'<dl class="jj-effect-figures">{"".join(_figure(one) for one in changed) or "<dd>各组用时不变</dd>"}</dl>'
        f'<ul class="jj-effect-sizes">{"".join(orders)}</ul>'
        + (f'<ul class="jj-issues">{problems}</ul>' if problems else fine)
        + "</div>"
    )


def _turns(team: VisitTeam) -> dict[int, list[tuple[datetime, tuple[MemberId, ...]]]]:
    """Return when whom is visited, by half-day."""
    found: dict[int, list[tuple[datetime, tuple[MemberId, ...]]]] = {}
    for stop in team.stops:
        who = tuple(target.member_id for target in stop.targets)
        found.setdefault(stop.shift, []).append((stop.arrive, who))
    return found


def _problem(one: EditProblem) -> str:
    return f"{one.where}：{one.message}" if one.where and one.where not in one.message else one.message


def _figure(one: TeamChange) -> str:
    step = one.minutes_after - one.minutes_before
    look = "jj-worse" if step > 0 else "jj-better"
    said = f"（{step:+d}）" if step else ""
    stops = f"，{one.stops_before} → {one.stops_after} 处" if one.stops_before != one.stops_after else ""
    return (
        f"<div><dt>第 {one.team_number} 组</dt><dd>{one.minutes_before} → {one.minutes_after} 分钟"
        f'<span class="{look}">{said}</span>{stops}</dd></div>'
    )


def _order(team: VisitTeam, shift: int, names: dict[MemberId, str]) -> str:
    """Return the order of a half-day with the times: `08:35 张三 → 09:10 李四`."""
    said = []
    for stop in team.stops:
        if stop.shift == shift:
            who = [names.get(target.member_id, "新加的党员") for target in stop.targets]
            said.append(f"{at(stop.arrive)} {'小组学习' if stop.group_id is not None else '、'.join(who)}")
    return " → ".join(said) or "没有人"
