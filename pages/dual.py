"""双重管理."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.dual.screen import show_dual

actor = session.open_page("pages/dual.py", Action.VIEW_MATRIX)
st.title("双重管理")
with session.show_errors():
    show_dual(actor, session.store())
