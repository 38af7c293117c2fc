"""定位."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.data.locate import locate_homes

actor = session.open_page("pages/locate.py", Action.LOCATE_MEMBERS)
st.title("定位")
with session.show_errors():
    locate_homes(actor, session.store())
