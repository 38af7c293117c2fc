"""设置."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.modes.settings import edit_settings

actor = session.open_page("pages/settings.py", Action.CHANGE_SETTINGS)
st.title("设置")
with session.show_errors():
    edit_settings(actor, session.store())
