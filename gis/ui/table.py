"""Tables for reading, and tiles of figures.

Every cell in full, wrapped, escaped; on a phone each row becomes a small card.
Streamlit's own grid cuts long cells and offers a download that does not know our rule for formulas; it stays where a
row is picked or where a list is very long.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell = str | int | float | None
MAX_ROWS = 500  # beyond, the grid draws only what is in sight
LONG = 14  # letters from which a cell needs room


def show_table(rows: Sequence[Mapping[str, Cell]], *, height: int | None = None) -> None:
    """Show rows that all have the same columns; `height` in pixels makes a longer table scroll in itself."""
    if not rows:
        return
    if len(rows) > MAX_ROWS:
        st.dataframe([dict(row) for row in rows], hide_index=True, height=height or "auto")
        return
    st.html(markup(rows, height))


def show_facts(facts: Mapping[str, str]) -> None:
    """Show what is known of one thing, a line for each fact."""
    lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts.items())
    st.html(f'<div class="jj-table-box"><table class="jj-facts"><tbody>{lines}</tbody></table></div>')


def show_tiles(values: Mapping[str, str], *, key: str) -> None:
    """Show figures in a row of tiles; on a phone two to a line. `key` must begin with `jj_`."""
    with st.container(key=key):
        for column, (label, value) in zip(st.columns(len(values)), values.items(), strict=True):
            column.metric(label, value, border=True)


def markup(rows: Sequence[Mapping[str, Cell]], height: int | None = None) -> str:
    """Return the table as HTML in which nothing from data is markup."""
    looks = {name: _look([row[name] for row in rows]) for name in rows[0]}
    head = "".join(f'<th class="{look}">{escape(name)}</th>' for name, look in looks.items())
    lines = (
        "".join(f'<td class="{looks[name]}" data-label="{escape(name)}">{_said(row[name])}</td>' for name in looks)
        for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    limit = f' style="max-height:{height}px"' if height else ""
    return (
        f'<div class="jj-table-box"{limit}><table class="jj-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _look(cells: Sequence[Cell]) -> str:
    if any(isinstance(cell, int | float) for cell in cells):
        return "jj-number"
    longest = max(len(cell) if isinstance(cell, str) else 0 for cell in cells)
    return "jj-wide" if longest > LONG else "jj-short"


def _said(cell: Cell) -> str:
    return "" if cell is None else escape(str(cell))
