"""数据导入."""

from __future__ import annotations

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.data.screen import import_on_request, show_batches

actor = session.open_page("pages/data.py", Action.IMPORT_DATA)
st.title("数据导入")
with session.show_errors():
    import_on_request(actor, session.store())
with session.show_errors():
    show_batches(actor, session.store())
