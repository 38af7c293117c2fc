"""大屏."""

from __future__ import annotations

from gis.model.access import Action
from gis.ui import session
from gis.ui.wall.screen import show_wall

actor = session.open_page("pages/wall.py", Action.VIEW_KPIS)
show_wall()
