"""One round: how far it has come, its figures, and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import NotFoundError
from gis.model.enums import Labelled
from gis.model.visits import RoundState
from gis.services.visits.views import open_round
from gis.ui import session
from gis.ui.plans.words import strip
from gis.ui.table import show_table
from gis.ui.text import plain
from gis.ui.visits import address
from gis.ui.visits.figures import figures_of
from gis.ui.visits.life import show_life
from gis.ui.visits.records import show_round_records
from gis.ui.visits.results import show_results
from gis.ui.visits.routes import show_routes
from gis.ui.visits.said import show_said
from gis.ui.visits.sheets import show_sheets
from gis.ui.visits.words import days_of

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.services.visits.views import RoundView
    from gis.store.database import Store

KEPT = "visits_opened"


class Part(Labelled):
    """What of a round is looked at."""

    ROUTES = "routes", "路线"
    LEFT = "left", "没排进"
    SHEETS = "sheets", "走访单"
    RESULTS = "results", "结果"
    RECORDS = "records", "台账"


PARTS = {part.value: part for part in Part}


def show_one(actor: Actor, store: Store, round_id: RoundId) -> None:
    """Show a round to whoever may see it."""
    try:
        view = _opened(actor, store, round_id)
    except NotFoundError as error:
        st.title("上门送学")
        st.warning(plain(str(error)))
        return
    st.title(plain(view.round.name))
    st.caption(
        f"{plain(view.org)}　{days_of(view.round.first_day, view.round.last_day)}　{view.round.state.label}"
        + (f"　{plain(view.round.note)}" if view.round.note else "")
    )
    with st.container():
        show_said()
    with st.container():
        show_life(view)
    with st.container():
        _show_warnings(view)
    st.html(strip(figures_of(view)))
    part = _ask_part(view)
    if part is Part.ROUTES:
        show_routes(actor, store, view)
    elif part is Part.LEFT:
        _show_left_out(view)
    elif part is Part.SHEETS:
        show_sheets(actor, store, view)
    elif part is Part.RESULTS:
        show_results(actor, store, view)
    else:
        show_round_records(store, view)


def _opened(actor: Actor, store: Store, round_id: RoundId) -> RoundView:
    """Open the round, once for each state of the data, scope and day."""
    key = (round_id, actor.scope.key, store.data_version(), store.today())
    kept: tuple[object, RoundView] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = key, open_round(actor, store, round_id)
        session.remember(KEPT, kept)
    return kept[1]


def _show_warnings(view: RoundView) -> None:
    if view.warnings and view.round.state in (RoundState.DRAFT, RoundState.ISSUED):
        with st.expander(f"提醒 {len(view.warnings)} 处：{plain(view.warnings[0])}"):
            st.markdown("\n".join(f"- {plain(one)}" for one in view.warnings))


def _ask_part(view: RoundView) -> Part:
    left = sum(len(one.names) for one in view.left_out)
    names = {part.value: part.label for part in Part}
    names[Part.LEFT.value] += f" {left} 名" if left else ""
    names[Part.RESULTS.value] += f"（待核对 {view.n_conflicts}）" if view.n_conflicts else ""
    key = f"visits_part_{view.round.id}_{view.round.state.value}"
    code = st.segmented_control(
        "看哪一部分",
        list(PARTS),
        format_func=lambda code: names[code],
        default=address.part(PARTS, Part.ROUTES.value),
        required=True,
        selection_mode="single",
        key=key,
        on_change=lambda: address.keep_part(str(session.recall(key))),
        label_visibility="collapsed",
    )
    return PARTS[code]


def _show_left_out(view: RoundView) -> None:
    if not view.left_out:
        st.success("到期的党员全部排进了这个批次")
        return
    st.caption("写明原因和怎样就能排进；可以在“路线”里用“加一名党员”排进某一组")
    show_table([{"姓名": "、".join(one.names), "原因和办法": one.left.reason} for one in view.left_out])
