"""学习方式."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.modes.screen import show_modes

actor = session.open_page("pages/modes.py", Action.SET_MODES)
st.title("学习方式")
with session.show_errors():
    show_modes(actor, session.store())
