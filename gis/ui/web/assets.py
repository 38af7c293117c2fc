"""Scripts and styles of the map, served from installed files: Leaflet from its package, ours from this folder."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gis.ui.web.bodies import Body

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

FOLDER = Path(__file__).resolve().parents[1] / "assets"
PREFIX = "/gis/assets"
FOR_A_YEAR = "private, max-age=31536000, immutable"
#: In the order in which they are loaded
MAP_SCRIPTS = (
    "leaflet/leaflet.js",
    *(
        f"map/{name}.js"
        for name in (
            "codec",
            "index",
            "tiles",
            "marks",
            "canvas",
            "raster",
            "bulk",
            "panel",
            "labels",
            "street",
            "homes",
            "places",
            "groups",
            "themes",
            "reach",
            "coverage",
            "next",
            "print",
            "flows",
            "years",
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
WALL_SCRIPTS = (
    "map/codec.js",
    "map/index.js",
    *(f"wall/{name}.js" for name in ("stage", "cards", "ground", "map", "names", "turn")),
)
MAP_STYLES = ("leaflet/leaflet.css", "map/street.css", "map/print.css", "map/years.css")


def leaflet_folder() -> Path:
    """Return the folder of Leaflet's files (package XStatic-Leaflet, the version that folium names)."""
    spec = find_spec("xstatic.pkg.leaflet")
    if spec is None or spec.origin is None:
        msg = "XStatic-Leaflet"
        raise ModuleNotFoundError(msg)
    return Path(spec.origin).parent / "data"


def routes() -> list[Mount | Route]:
    """Return the map's scripts in one, and the mounts: `/gis/assets/<digest>/` and leaflet, map or wall."""
    base = f"{PREFIX}/{digest()}"
    return [
        Route(f"{base}/map.js", serve_map_script, methods=["GET"]),
        Route(f"{base}/host.js", serve_map_host, methods=["GET"]),
        Mount(f"{base}/leaflet", _Lasting(directory=leaflet_folder())),
        Mount(f"{base}/map", _Lasting(directory=FOLDER / "map")),
        Mount(f"{base}/wall", _Lasting(directory=FOLDER / "wall")),
    ]


class _Lasting(StaticFiles):
    """Files that never change under their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = FOR_A_YEAR
        return answer


def map_scripts() -> tuple[str, ...]:
    """Return the addresses of the map's scripts in loading order: all of them in one."""
    return (f"{PREFIX}/{digest()}/map.js",)


def map_host() -> str:
    """Return the address of the script that keeps the map in its element."""
    return f"{PREFIX}/{digest()}/host.js"


def serve_map_host(request: Request) -> Response:
    """Serve the script that keeps the map in its element."""
    return host_script().answer(request, "text/javascript", FOR_A_YEAR)


@cache
def host_script() -> Body:
    """Return that script."""
    return Body.of((FOLDER / "map_host.js").read_bytes())


def serve_map_script(request: Request) -> Response:
    """Serve all scripts of the map as one: two dozen requests in turn would be the longest wait of all."""
    return map_script().answer(request, "text/javascript", FOR_A_YEAR)


@cache
def map_script() -> Body:
    """Return the scripts of the map one after the other."""
    folders = {"leaflet": leaflet_folder(), "map": FOLDER / "map"}
    parts = (name.partition("/") for name in MAP_SCRIPTS)
    texts = ((folders[folder] / name).read_bytes() for folder, _, name in parts)
    return Body.of(b"\n;\n".join(texts))


def wall_scripts() -> tuple[str, ...]:
    """Return the addresses of the scripts of the wall in loading order; it reads layers as the map does."""
    return tuple(f"{PREFIX}/{digest()}/{name}" for name in WALL_SCRIPTS)


def map_styles() -> tuple[str, ...]:
    """Return the addresses of the map's styles."""
    return tuple(f"{PREFIX}/{digest()}/{name}" for name in MAP_STYLES)


@cache
def digest() -> str:
    """Return a text that changes whenever one of the files does."""
    total = hashlib.sha256((FOLDER / "map_host.js").read_bytes())
    for folder in (leaflet_folder(), FOLDER / "map", FOLDER / "wall"):
        for path in sorted(folder.iterdir()):
            if path.suffix in (".js", ".css"):
                total.update(path.read_bytes())
    return total.hexdigest()[:12]
