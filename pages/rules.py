"""规则检查."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.rules.screen import show_rules

actor = session.open_page("pages/rules.py", Action.CHECK_RULES)
st.title("规则检查")
with session.show_errors():
    show_rules(actor, session.store())
