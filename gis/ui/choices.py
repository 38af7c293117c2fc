"""A list in which rows are chosen, with the keyboard too; what is chosen is kept by the page that shows it.

Streamlit's grid cannot be told what is chosen; here the same choice is shared with the map. Built on the public
component interface (docs/decisions/005).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.ui import session
from gis.ui.web.assets import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Cell = str | int | None
_component = st.components.v2.component(
    "jiujin_choices",
    html='<div class="jj-choices-root"></div>',
    js=(FOLDER / "choices.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: figures stand right, `is_tag` shows a small label, `is_wide` needs room."""

    name: str
    is_number: bool = False
    is_tag: bool = False
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `tones` of tags by column: `good`, `warn` or nothing; `depth` sets the first cell in, as in a tree."""

    id: int
    cells: tuple[Cell, ...]
    tones: Mapping[int, str] | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """What is shown. `label` names it to who cannot see it; the first column opens a row where `on_open` is given."""

    label: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    current: int | None = None
    height: int | None = None
    is_tree: bool = False  # on a phone a row is one line


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows chosen, the count of clicks after which that was so, and the rows that the list held at the last click.

    On a slow machine a click may reach a page that has moved on to other rows.
    """

    ids: tuple[int, ...] = ()
    stamp: int = 0
    shown: tuple[int, ...] = ()


def show_choices(
    key: str,
    listing: Listing,
    picked: Picked | None = None,
    *,
    on_pick: Callable[[Picked], None] | None = None,
    on_open: Callable[[int], None] | None = None,
) -> None:
    """Show the rows; the callbacks run before the page runs again."""

    def chosen() -> None:
        raw = (session.recall(key) or {}).get("pick")
        if raw and on_pick:
            ids, shown = (tuple(int(number) for number in raw[name]) for name in ("ids", "shown"))
            on_pick(Picked(ids, int(raw["stamp"]), shown))

    def opened() -> None:
        raw = (session.recall(key) or {}).get("open")
        if raw is not None and on_open:
            on_open(int(raw))

    _component(
        key=key,
        data=_document(listing, picked or Picked(), is_many=on_pick is not None, is_open=on_open is not None),
        on_pick_change=chosen,
        on_open_change=opened,
    )


def _document(listing: Listing, picked: Picked, *, is_many: bool, is_open: bool) -> dict[str, Any]:
    return {
        "label": listing.label,
        "columns": [
            {"name": one.name, "number": one.is_number, "tag": one.is_tag, "wide": one.is_wide}
            for one in listing.columns
        ],
        "rows": [
            {
                "id": row.id,
                "cells": list(row.cells),
                "tones": {str(k): tone for k, tone in (row.tones or {}).items()},
                "depth": row.depth,
            }
            for row in listing.rows
        ],
        "current": listing.current,
        "height": listing.height,
        "tree": listing.is_tree,
        "many": is_many,
        "opens": is_open,
        "picked": list(picked.ids),
        "stamp": picked.stamp,
    }
