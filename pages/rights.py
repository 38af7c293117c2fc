"""告知与权利."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.rights.screen import show_rights

actor = session.open_page("pages/rights.py", Action.HANDLE_RIGHTS)
st.title("告知与权利")
with session.show_errors():
    show_rights(actor, session.store())
