"""组织."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.orgs.screen import show_orgs

actor = session.open_page("pages/orgs.py", Action.VIEW_ORGS)
st.title("组织")
with session.show_errors():
    show_orgs(actor, session.store())
