"""我的账号."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.system.accounts import show_own_account

actor = session.open_page("pages/account.py", Action.SIGN_IN)
st.title("我的账号")
show_own_account(actor)
