"""The list of rounds: what was decided for which days, how far each has come; one opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.visits import RoundState
from gis.services.visits.results import conflicts
from gis.services.visits.views import list_rounds
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.visits import address
from gis.ui.visits.results import show_conflicts
from gis.ui.visits.words import TONES, days_of

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.visits.views import RoundLine
    from gis.store.database import Store

COLUMNS = (
    Column("走访批次", is_wide=True),
    Column("状态", is_tag=True),
    Column("日期"),
    Column("组织"),
    Column("组", is_number=True),
    Column("处", is_number=True),
    Column("已有结果", is_number=True),
    Column("见面", is_number=True),
    Column("没排进", is_number=True),
    Column("待核对", is_tag=True),
)
STATE, CONFLICTS = 1, 9  # columns with a tone
OVER = (RoundState.CLOSED, RoundState.CANCELLED)


def show_list(actor: Actor, store: Store) -> None:
    """Show the rounds of the scope, those that are over on request."""
    lines = list_rounds(actor, store)
    if not lines:
        st.info("还没有走访批次：点上面的“新的走访”，选好日期，就列出这几天该走访谁")
        return
    show_conflicts(conflicts(actor, store))
    over = [line for line in lines if line.state in OVER]
    with_over = bool(over) and st.toggle(f"含已结束和已取消 {len(over)} 个", key="visits_with_over")
    shown = [line for line in lines if with_over or line.state not in OVER]
    if not shown:
        st.info("现在没有进行中的批次：点“新的走访”安排下一次，或者打开上面的开关看以前的")
        return
    st.caption(f"{len(shown)} 个批次，点名称打开")
    show_choices("visits_list", Listing("走访批次", COLUMNS, [_row(line) for line in shown]), on_open=address.open_one)


def _row(line: RoundLine) -> Row:
    return Row(
        int(line.id),
        (
            line.name,
            line.state.label,
            days_of(line.first_day, line.last_day),
            line.org,
            line.n_teams,
            line.n_stops,
            f"{line.n_done} / {line.n_targets} 名",
            line.n_met or None,
            line.n_left_out or None,
            f"{line.n_conflicts} 处" if line.n_conflicts else "",
        ),
        {STATE: TONES.get(line.state, ""), CONFLICTS: "warn"},
    )
