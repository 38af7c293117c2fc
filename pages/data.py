"""data."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session

actor = session.open_page("pages/data.py", Action.IMPORT_DATA)
st.write("data")
