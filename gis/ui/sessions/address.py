"""Which session is open: in the address, so that links and reloads work."""

from __future__ import annotations

import streamlit as st

from gis.model.ids import SessionId

SESSION = "session"
LONGEST_ID = 17  # digits that fit an id


def opened() -> SessionId | None:
    """Return the session that the address names."""
    word = str(st.query_params.get(SESSION, ""))
    return SessionId(int(word)) if word.isascii() and word.isdecimal() and len(word) <= LONGEST_ID else None


def open_one(session_id: int) -> None:
    """Go to one session; the page that runs next shows it."""
    st.query_params.from_dict({SESSION: str(session_id)})


def leave() -> None:
    """Go back to the register."""
    st.query_params.clear()
