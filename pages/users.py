"""账号管理."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.system.accounts import manage_accounts
from gis.ui.system.displays import manage_displays

actor = session.open_page("pages/users.py", Action.MANAGE_USERS)
st.title("账号管理")
with session.show_errors():
    manage_accounts(actor, session.store())
with session.show_errors():
    manage_displays(actor, session.store())
