"""编组条件."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.groups.conditions import edit_conditions

actor = session.open_page("pages/conditions.py", Action.SET_CONDITIONS)
st.title("编组条件")
with session.show_errors():
    edit_conditions(actor, session.store())
