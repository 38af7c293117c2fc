"""关爱."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.rights.care import show_care

actor = session.open_page("pages/care.py", Action.VIEW_CARE)
st.title("关爱")
with session.show_errors():
    show_care(actor, session.store())
