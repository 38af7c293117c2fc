"""Scripts and styles of the map, served from installed files: Leaflet from its package, ours from this folder."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

FOLDER = Path(__file__).resolve().parents[1] / "assets"
PREFIX = "/gis/assets"
#: In the order in which they are loaded
MAP_SCRIPTS = (
    "leaflet/leaflet.js",
    *(
        f"map/{name}.js"
        for name in (
            "codec",
            "tiles",
            "marks",
            "panel",
            "labels",
            "street",
            "places",
            "groups",
            "themes",
            "print",
            "view",
            "sheet",
            "search",
            "measure",
            "names",
            "legend",
            "draft",
            "edit",
            "rounds",
            "day",
            "gcj",
            "basemaps",
        )
    ),
)
MAP_STYLES = ("leaflet/leaflet.css", "map/street.css", "map/print.css")


def leaflet_folder() -> Path:
    """Return the folder of Leaflet's files (package XStatic-Leaflet, the version that folium names)."""
    spec = find_spec("xstatic.pkg.leaflet")
    if spec is None or spec.origin is None:
        msg = "XStatic-Leaflet"
        raise ModuleNotFoundError(msg)
    return Path(spec.origin).parent / "data"


def routes() -> list[Mount]:
    """Return the mounts: `/gis/assets/<digest>/leaflet/…` and `/gis/assets/<digest>/map/…`."""
    base = f"{PREFIX}/{digest()}"
    return [
        Mount(f"{base}/leaflet", _Lasting(directory=leaflet_folder())),
        Mount(f"{base}/map", _Lasting(directory=FOLDER / "map")),
    ]


class _Lasting(StaticFiles):
    """Files that never change under their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return answer


def map_scripts() -> tuple[str, ...]:
    """Return the addresses of the map's scripts in loading order."""
    return tuple(f"{PREFIX}/{digest()}/{name}" for name in MAP_SCRIPTS)


def map_styles() -> tuple[str, ...]:
    """Return the addresses of the map's styles."""
    return tuple(f"{PREFIX}/{digest()}/{name}" for name in MAP_STYLES)


@cache
def digest() -> str:
    """Return a text that changes whenever one of the files does."""
    total = hashlib.sha256()
    for folder in (leaflet_folder(), FOLDER / "map"):
        for path in sorted(folder.iterdir()):
            if path.suffix in (".js", ".css"):
                total.update(path.read_bytes())
    return total.hexdigest()[:12]
