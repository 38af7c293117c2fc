"""The base map: a folium map whose script is rendered once for each version of the territory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
from branca.element import MacroElement
from jinja2 import Template

from gis.services import map_layers as services
from gis.spatial.display import bounds

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

MAP_ID = "street"
MAX_ZOOM = 20
#: Nothing imported yet: an empty sheet, somewhere; no outline of the country is ever drawn (domain.md 3.7)
NOWHERE = (31.8, 119.98)


class StreetLayers(MacroElement):
    """Hands the map to our own layers (gis/ui/assets/map/street.js); works in a saved HTML map as well."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.Jiujin.adopt({{ this._parent.get_name() }}, {{ this.box | tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, box: tuple[float, float, float, float] | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self.box = box


def base_map(actor: Actor, store: Store) -> folium.Map:
    """Build the map without tiles; our script fits it to the street."""
    made = folium.Map(
        location=NOWHERE,
        zoom_start=14,
        tiles=None,
        zoom_control="topleft",
        prefer_canvas=True,
        maxZoom=MAX_ZOOM,
        minZoom=3,  # street.js narrows it to the street
        zoomSnap=0.25,
        attributionControl=False,  # its prefix links outside; our foot line names the sources
    )
    made._id = MAP_ID  # noqa: SLF001  # a fixed name, so that the script is the same text for everybody
    box = _street_bounds(actor, store)
    StreetLayers(box).add_to(made)  # and fits it to the box, without the flight that folium would make of it
    return made


def base_script(actor: Actor, store: Store) -> str:
    """Return the script that makes the base map in an element named `map_street`, where one waits on the page."""
    figure: Any = base_map(actor, store).get_root()
    figure.render()
    script: str = figure.script.render()
    waits = f'document.getElementById("map_{MAP_ID}") && !document.getElementById("map_{MAP_ID}")._leaflet_id'
    return f"if ({waits}) {{\n{script}\n}}"


def _street_bounds(actor: Actor, store: Store) -> tuple[float, float, float, float] | None:
    grids, _ = services.grids_on_map(actor, store)
    found = bounds([grid.shape for grid in grids])
    return found or bounds([building.shape for building in services.buildings_on_map(actor, store)])
