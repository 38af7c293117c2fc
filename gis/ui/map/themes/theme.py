"""What a theme (专题图) of the map is made of; the themes are in modules of their own, listed in `menu`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gis.ui import session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gis.model.access import Action, Actor
    from gis.store.database import Store
    from gis.ui.map.filters import Filters
    from gis.ui.map.host import Pick

    Card = dict[str, Any]

KEPT = "jj_map_theme_pick"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a theme shows now: `document` for its script, None for nothing; `said` one line under its controls.

    A large document is given as the bytes of its JSON, made once.
    """

    document: Mapping[str, Any] | bytes | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: its code (also in the address), its name in the menu, who may see it, and how it is made.

    `show` is called once a run, inside a row of controls; `card` answers a click on something of the theme's own,
    whose pick has the kind `<code>` and an id that the theme gave out.
    """

    code: str
    label: str
    actions: tuple[Action, ...]
    show: Callable[[Actor, Store, Filters], Drawn]
    card: Callable[[Actor, Store, Pick], Card | None] | None = None


@dataclass(frozen=True, slots=True)
class ThemeView:
    """What the map's script gets of the theme in sight."""

    code: str
    url: str
    pick: Pick | None = field(default=None)


def open_card(pick: Pick) -> None:
    """Open the card of a theme's own thing, as a click on it does: from a control of the theme."""
    session.remember(KEPT, pick)
