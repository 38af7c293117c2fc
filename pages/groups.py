"""groups."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session

actor = session.open_page("pages/groups.py", Action.VIEW_GROUPS)
st.write("groups")
