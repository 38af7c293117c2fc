"""临时党小组."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.groups.force import show_groups_in_force
from gis.ui.groups.screen import plan_on_request

actor = session.open_page("pages/groups.py", Action.VIEW_GROUPS)
st.title("临时党小组")
if actor.may(Action.PLAN_GROUPS):
    with session.show_errors():
        plan_on_request(actor, session.store())
with session.show_errors():
    show_groups_in_force(actor, session.store())
