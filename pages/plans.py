"""编组方案."""

from __future__ import annotations

from gis.model.access import Action
from gis.ui import session
from gis.ui.plans.screen import show_plans

actor = session.open_page("pages/plans.py", Action.VIEW_GROUPS)
show_plans(actor, session.store())
