"""locate."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session

actor = session.open_page("pages/locate.py", Action.LOCATE_MEMBERS)
st.write("locate")
