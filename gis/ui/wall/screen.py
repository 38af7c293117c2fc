"""The wall: everything in one fragment, which counts again every minute and writes into what is already there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action, Role
from gis.services import map_layers
from gis.services.wall_counts import wall_now
from gis.ui import office, session
from gis.ui.navigation import SCREENS
from gis.ui.wall import document
from gis.ui.wall.host import show_stage
from gis.ui.wall.panels import panels_of, show_panels
from gis.ui.web import layers
from gis.ui.web.assets import FOLDER

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.kpis import Kpi
    from gis.store.database import Store

REFRESH_S = 60
GROUND = ("grids", "buildings", "roads")
NOT_PUBLIC = "内部工作用图，不得公开"


def show_wall() -> None:
    """Show the wall to a screen with a token, or to whoever is signed in."""
    st.html(FOLDER / "wall" / "wall.css")
    _refreshed()


@st.fragment(run_every=REFRESH_S)
def _refreshed() -> None:
    """Count and show; who looks is asked each time, since the connection outlives the token and the session."""
    actor, store = session.watcher(), session.store()
    with st.container(key="jj_wall"), session.show_errors():
        wall = wall_now(actor, store)
        show_stage(
            head=document.head(
                wall, street=_street(actor, store), foot=_foot(actor, store), is_display=is_unattended(actor)
            ),
            cards=document.cards(wall.board, lambda one: link_of(actor, one)),
            counts=document.counts(wall, whole="全街道" if actor.scope.whole_street else "本人管理范围"),
            layers=_ground(actor, store),
            turning=is_unattended(actor),
        )
        show_panels(panels_of(wall))


def is_unattended(actor: Actor) -> bool:
    """Whether nobody sits in front of it."""
    return actor.role is Role.VIEWER_BIG_SCREEN


def link_of(actor: Actor, one: Kpi) -> str | None:
    """Return the list behind a figure, where there is one that the actor may open."""
    is_open = any(found.address == one.screen and actor.may(found.action) for found in SCREENS)
    return f"/{one.link.lstrip('/')}" if is_open and not is_unattended(actor) else None


def _ground(actor: Actor, store: Store) -> dict[str, str]:
    """Return the layers of the ground; a role that may not see the map has the figures only."""
    if not actor.may(Action.VIEW_MAP):
        return {}
    found = layers.addresses(actor, map_layers.map_version(actor, store))
    return {name: url for name, url in found.items() if name in GROUND}


def _street(actor: Actor, store: Store) -> str:
    """Return the name of the one organisation above all others."""
    if not actor.may(Action.VIEW_MAP):
        return ""
    tops = [org.name for org in map_layers.orgs_on_map(actor, store) if org.parent_id is None]
    return tops[0] if len(tops) == 1 else ""


def _foot(actor: Actor, store: Store) -> str:
    if not actor.may(Action.VIEW_MAP):
        return ""
    number = office.options().map_review_no
    words = [NOT_PUBLIC, "街道界线为示意", *map_layers.attributions(actor, store)]
    return " · ".join([*words, f"审图号：{number}"] if number else words)
