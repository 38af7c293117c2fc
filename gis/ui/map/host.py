"""The component that holds the map on a page: small views go in, ids of what was clicked come back.

A view names the layers' addresses, the filters and the card; geometry never rides on a rerun. Built on the public
component interface of Streamlit (docs/decisions/005).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.ui import session
from gis.ui.web import basemaps
from gis.ui.web.assets import FOLDER, map_host, map_scripts, map_styles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Script and markup of a component ride on every rerun: the loader fetches the host once, which fills the element
_component = st.components.v2.component(
    "jiujin_map",
    html='<div class="jj-street"></div>',
    js=(FOLDER / "map_loader.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Pick:
    """What was clicked: `kind` is grid, building, host, venue, pin, group, members, the code of a theme, or none.

    A group's `id` is its place in the plan on the map. `ids` are all members chosen now, after the click; `stamp`
    counts the clicks, so that an answer to an older one is known to be no news.
    """

    kind: str
    id: int = 0
    lon: float | None = None
    lat: float | None = None
    ids: tuple[int, ...] = ()
    stamp: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A change that is being looked at: these members would go there; no place where they would leave their group."""

    ids: tuple[int, ...]
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class View:
    """Everything the map shows now."""

    base: str
    layers: Mapping[str, str]
    foot: str
    mode: str = "look"
    filter: Mapping[str, Any] | None = None
    counts: Mapping[str, int | None] | None = None  # by grid: of itself, or of its community (`shading`)
    shading: str = ""
    selected: Pick | None = None
    card: Mapping[str, Any] | None = None
    draft: str | None = None
    pin: tuple[float, float] | None = None
    numbers: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    is_short: bool = False
    focus: tuple[float, float, float, float] | None = None  # west, south, east, north to look at
    chosen_group: int | None = None  # of a draft
    picked: tuple[int, ...] = ()  # members, while a plan is edited
    stamp: int = 0  # of the click that `picked` answers
    trial: Trial | None = None
    theme: tuple[str, str] | None = None  # code and address of its document (gis/ui/map/themes)


def show_map(key: str, view: View, on_pick: Callable[[Pick], None]) -> None:
    """Show the map; a click calls `on_pick` before the page runs again."""

    def picked() -> None:
        raw = (session.recall(key) or {}).get("pick")
        if raw:
            on_pick(_read(raw))

    _component(key=key, data=_document(view), on_pick_change=picked)


def _read(raw: Mapping[str, Any]) -> Pick:
    ids = tuple(int(number) for number in raw.get("ids") or ())
    return Pick(str(raw["kind"]), int(raw["id"]), raw.get("lon"), raw.get("lat"), ids, int(raw.get("stamp") or 0))


def _document(view: View) -> dict[str, Any]:
    chosen = view.selected
    return {
        "host": map_host(),
        "scripts": [*map_scripts(), view.base],
        "styles": list(map_styles()),
        "layers": dict(view.layers),
        "basemaps": basemaps.address(),
        "foot": view.foot,
        "mode": view.mode,
        "filter": dict(view.filter) if view.filter is not None else None,
        "counts": dict(view.counts) if view.counts is not None else None,
        "shading": view.shading,
        "selected": {"kind": chosen.kind, "id": chosen.id} if chosen else None,
        "card": dict(view.card) if view.card else None,
        "draft": view.draft,
        "pin": list(view.pin) if view.pin else None,
        "numbers": [dict(number) for number in view.numbers],
        "short": view.is_short,
        "focus": list(view.focus) if view.focus else None,
        "group": view.chosen_group,
        "picked": list(view.picked),
        "stamp": view.stamp,
        "trial": {"ids": list(view.trial.ids), "x": view.trial.lon, "y": view.trial.lat} if view.trial else None,
        "theme": {"code": view.theme[0], "url": view.theme[1]} if view.theme else None,
    }
