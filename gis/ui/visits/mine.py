"""我的走访: the teams in which the signed-in person goes, with the way to their list on the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.visits.views import my_teams
from gis.ui.text import plain
from gis.ui.visits.sheets import PHONE
from gis.ui.visits.words import days_of, duration, half_of, visitors_of

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.visits.views import RoundView, TeamView
    from gis.store.database import Store

MY_PAGE = "/visits/my"


def show_mine(actor: Actor, store: Store, *, is_whole_page: bool) -> None:
    """Show my teams; `is_whole_page`: there is nothing else on the page, so an empty list says what to expect."""
    found = my_teams(actor, store)
    if not found:
        if is_whole_page:
            st.info("现在没有排给您的走访。支部排好并下发以后，这里列出您的组、时间和要走访的人")
        return
    if not is_whole_page:
        st.header("排给我的")
    st.caption("在手机上打开走访单：按次序列着要走访的人，每户点两下就登记好；断网时先记在手机里，有网再送")
    for view, team in found:
        _show_team(view, team)
    st.link_button("手机上看我的走访", MY_PAGE)


def _show_team(view: RoundView, team: TeamView) -> None:
    done = sum(stop.n_done for stop in team.stops)
    with st.container(border=True, key=f"jj_my_team_{team.team.id}"):
        told, links = st.columns([4, 2], vertical_alignment="center")
        told.markdown(
            f"**{plain(view.round.name)}**　{plain(view.org)}　{days_of(view.round.first_day, view.round.last_day)}\n\n"
            f"第 {team.team.number} 组：{plain(visitors_of(team.team.visitors))}　"
            f"{'、'.join(half_of(shift) for shift in team.team.shifts)}\n\n"
            f"{len(team.stops)} 处 {team.n_targets} 名，约 {duration(team.minutes)}，已有结果 {done} 名"
        )
        open_sheets = [one for one in team.sheets if one.voided_on is None and one.returned_on is None]
        with links:
            if open_sheets:
                st.link_button("打开走访单", f"{PHONE}{open_sheets[-1].number}", type="primary", width="stretch")
            elif team.sheets:
                st.caption("走访单已交回；有结果没有登记的，请交给支部录入")
            else:
                st.caption("还没有做走访单：由支部在这个批次的“走访单”里做一张")
