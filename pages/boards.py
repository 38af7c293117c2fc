"""待办与名单."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.boards.screen import show_boards

actor = session.open_page("pages/boards.py", Action.VIEW_MATRIX)
st.title("待办与名单")
with session.show_errors():
    show_boards(actor, session.store())
