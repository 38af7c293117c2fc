"""The menu of themes (专题图), and the one that is chosen.

A theme asks what it needs in a row of small controls and hands the map one document, which goes by address and never
rides on a rerun; its script `gis/ui/assets/map/<script>.js` registers itself as `Jiujin.themes[<code>]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.ui import drafts, session
from gis.ui.encoding import as_json
from gis.ui.map.themes import coverage, flows, next_host, visits, walk_reach, years
from gis.ui.map.themes.theme import KEPT, ThemeView

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store
    from gis.ui.map.filters import Filters
    from gis.ui.map.host import Pick
    from gis.ui.map.themes.theme import Card, Theme

#: In the order of the menu
THEMES: tuple[Theme, ...] = (
    coverage.THEME,
    walk_reach.THEME,
    next_host.THEME,
    visits.THEME,
    flows.THEME,
    years.THEME,
)


def themes_of(actor: Actor) -> dict[str, Theme]:
    """Return the themes that a role may see."""
    return {theme.code: theme for theme in THEMES if all(actor.may(action) for action in theme.actions)}


def choose_theme(actor: Actor) -> Theme | None:
    """Let one theme be chosen; it stands in the address as `theme`."""
    found = themes_of(actor)
    if not found:
        return None
    code = st.selectbox(
        "专题图",
        list(found),
        index=None,
        format_func=lambda code: found[code].label,
        placeholder="专题图",
        key="theme",
        bind="query-params",
        label_visibility="collapsed",
        width=190,
    )
    return found[code] if code is not None else None


def show_theme(theme: Theme, actor: Actor, store: Store, filters: Filters) -> ThemeView | None:
    """Show a theme's controls and put what it draws aside for the map."""
    with st.container(horizontal=True, vertical_alignment="center", key="jj-theme-bar"):
        drawn = theme.show(actor, store, filters)
        if drawn.said:
            st.caption(drawn.said, width="content")
    if drawn.document is None:
        return None
    pick: Pick | None = session.recall(KEPT)
    body = drawn.document if isinstance(drawn.document, bytes) else as_json(dict(drawn.document))
    url = drafts.put(actor, store, body)
    return ThemeView(theme.code, url, pick if pick is not None and pick.kind == theme.code else None)


def keep_pick(pick: Pick) -> None:
    """Remember what of the theme was clicked; anything else clicked puts it away."""
    if pick.kind in {theme.code for theme in THEMES}:
        session.remember(KEPT, pick)
    else:
        session.forget(KEPT)


def theme_card(theme: Theme, view: ThemeView, actor: Actor, store: Store) -> Card | None:
    """Return the card of what was clicked in the theme."""
    return theme.card(actor, store, view.pick) if theme.card is not None and view.pick is not None else None
