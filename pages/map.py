"""一张图."""

from __future__ import annotations

from gis.model.access import Action
from gis.ui import session
from gis.ui.map.panel import show_street

actor = session.open_page("pages/map.py", Action.VIEW_MAP)
show_street()
