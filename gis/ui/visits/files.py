"""A file made on request: what keeps it from being made is said on the page, then it can be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.ui import session
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.services.notices import NoticeFile

KEPT = "visits_file"  # only the last one: a file holds names


def offer_file(key: str, label: str, make: Callable[[], NoticeFile], *, why_not: str = "") -> None:
    """Show the button that makes a file, and once it is made the one that saves it."""
    ask_file(key, label, make, why_not=why_not)
    show_file(key)


def ask_file(key: str, label: str, make: Callable[[], NoticeFile], *, why_not: str = "") -> None:
    """Show the button that makes a file."""
    if st.button(label, key=f"{key}_make", disabled=bool(why_not), help=why_not or None, width="stretch"):
        session.forget(KEPT)
        with session.show_errors():
            session.remember(KEPT, (key, make()))
            st.rerun()  # what the page lists has changed: who holds which sheet


def show_file(key: str) -> None:
    """Show the button that saves a file, once it is made."""
    kept: tuple[str, NoticeFile] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        return
    made = kept[1]
    st.download_button(
        plain(f"保存 {made.name}"),
        session.on_press(lambda _actor: made.content),
        file_name=made.name,
        mime=made.mime,
        on_click="ignore",
        type="primary",
        width="stretch",
        key=f"{key}_save",
    )
