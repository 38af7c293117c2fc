"""联系卡."""

from __future__ import annotations

from gis.model.access import Action
from gis.ui import session
from gis.ui.cards.screen import show_cards

actor = session.open_page("pages/cards.py", Action.VIEW_MEMBERS)
show_cards(actor, session.store())
