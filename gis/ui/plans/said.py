"""What the last press of a button did, told once on the run that follows."""

from __future__ import annotations

import streamlit as st

from gis.ui import session
from gis.ui.text import plain

SAID = "plans_said"


def say(text: str) -> None:
    """Keep a sentence for the next run."""
    session.remember(SAID, text)


def show_said() -> None:
    """Show the sentence, if any, and forget it."""
    said = session.recall(SAID)
    if said:
        session.forget(SAID)
        st.success(plain(said))
