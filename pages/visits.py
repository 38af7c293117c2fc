"""上门送学."""

from __future__ import annotations

from gis.model.access import Action
from gis.ui import session
from gis.ui.visits.screen import show_visits

actor = session.open_page("pages/visits.py", Action.MAKE_VISITS)
show_visits(actor, session.store())
