"""变动登记."""

from __future__ import annotations

from gis.model.access import Action
from gis.ui import session
from gis.ui.life.screen import show_life

actor = session.open_page("pages/life.py", Action.MOVE_MEMBERS)
with session.show_errors():
    show_life(actor, session.store())
