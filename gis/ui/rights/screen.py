"""The screen 告知与权利: what members were told and answered, what they ask for, and what is kept how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.rights.consent import show_consents
from gis.ui.rights.copies import show_copies
from gis.ui.rights.members import SAID
from gis.ui.rights.register import show_register
from gis.ui.rights.retention import show_retention

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

CONSENTS, REGISTER, COPIES, RETENTION = "告知与同意", "权利请求", "信息副本与限制", "保留与清理"


def show_rights(actor: Actor, store: Store) -> None:
    """Choose a part and show it."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    parts = [CONSENTS, REGISTER, COPIES]
    if actor.may(Action.RUN_RETENTION):
        parts.append(RETENTION)
    part = st.segmented_control("内容", parts, default=CONSENTS, required=True, key="rights_part")
    if part == REGISTER:
        show_register(actor, store)
    elif part == COPIES:
        show_copies(actor, store)
    elif part == RETENTION:
        show_retention(actor, store)
    else:
        show_consents(actor, store)
