"""组织生活."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.sessions.screen import show_sessions

actor = session.open_page("pages/sessions.py", Action.HOLD_SESSIONS)
st.title("组织生活")
with session.show_errors():
    show_sessions(actor, session.store())
