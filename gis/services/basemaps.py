"""Which basemaps this installation has, and who may see which.

The list is a JSON file named by `JIUJIN_BASEMAPS`; the key of 天地图 comes from the environment alone and reaches only
pages of people who may see members: a screen on a wall or for counts never carries it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.basemaps import KEY_PLACE
from gis.services.access import require
from gis.services.basemap_file import read_declaration
from gis.spatial.tile_math import TILE_PIXELS, shifted_pixel, world_pixel
from gis.store.tile_files import is_tile, read_tile

if TYPE_CHECKING:
    from gis.config import Settings
    from gis.model.access import Actor
    from gis.model.basemaps import Basemap

__all__ = ["addresses", "basemaps_for", "declared", "document", "hosts", "is_tile", "rights", "spot", "tile"]

INTERNAL = "内部工作用图"


def declared(options: Settings) -> tuple[Basemap, ...]:
    """Return all basemaps of the installation, read once a process; raises InputError or ConfigError."""
    return _declared(options.basemaps, bool(options.tianditu_key))


@lru_cache(maxsize=8)
def _declared(path: str, has_key: bool) -> tuple[Basemap, ...]:  # noqa: FBT001  # a part of the cache's key
    return read_declaration(path, has_key=has_key) if path else ()


def basemaps_for(actor: Actor, options: Settings) -> tuple[Basemap, ...]:
    """Return the basemaps that this actor's pages may offer."""
    require(actor, Action.VIEW_MAP)
    return tuple(one for one in declared(options) if actor.scope.sees_people or not one.has_key)


def addresses(basemap: Basemap, options: Settings) -> tuple[str, ...]:
    """Return the addresses of an outside basemap's tiles, with the key."""
    return tuple(url.replace(KEY_PLACE, options.tianditu_key) for url in basemap.urls)


def hosts(options: Settings) -> tuple[str, ...]:
    """Return every origin that a browser may ask for tiles."""
    return tuple(dict.fromkeys(host for one in declared(options) for host in one.hosts()))


def rights(basemap: Basemap, options: Settings) -> str:
    """Return what stands at the foot of the map while the basemap is on."""
    words = [f"底图：{basemap.attribution or basemap.title}"]
    if basemap.review_no:
        words.append(f"审图号：{basemap.review_no}")
    elif basemap.is_outside and not options.map_review_no:
        words.append(INTERNAL)
    return " · ".join(words)


def tile(actor: Actor, options: Settings, name: str, at: tuple[int, int, int]) -> tuple[bytes, str] | None:
    """Return an image of a local basemap and its type; `at` is zoom, column, row. None where the file has none."""
    found = _named(actor, options, name)
    if found.file is None:
        msg = f"底图“{name}”不是本地文件"
        raise NotFoundError(msg)
    return read_tile(found.file, *at)


def spot(actor: Actor, options: Settings, name: str, at: tuple[float, float, int]) -> dict[str, Any]:
    """Return which tile and pixel shows a WGS84 place, and whether a local file has it; `at` is lon, lat, zoom."""
    found = _named(actor, options, name)
    lon, lat, wanted = at
    zoom = min(max(wanted, found.zooms[0]), found.zooms[1])
    x, y = (shifted_pixel if found.is_shifted else world_pixel)(lon, lat, zoom)
    column, row = int(x // TILE_PIXELS), int(y // TILE_PIXELS)
    is_there = read_tile(found.file, zoom, column, row) is not None if found.file else None
    return {
        "name": name,
        "zoom": zoom,
        "column": column,
        "row": row,
        "x": x % TILE_PIXELS,
        "y": y % TILE_PIXELS,
        "is_there": is_there,
    }


def _named(actor: Actor, options: Settings, name: str) -> Basemap:
    found = next((one for one in basemaps_for(actor, options) if one.name == name), None)
    if found is None:
        msg = f"没有底图“{name}”"
        raise NotFoundError(msg)
    return found


def document(basemap: Basemap) -> dict[str, Any]:
    """Return what the command line says about a basemap; no key is in it."""
    file = basemap.file
    return {
        "name": basemap.name,
        "title": basemap.title,
        "kind": "file" if file else "tianditu" if basemap.has_key else "address",
        "crs": basemap.crs.value,
        "is_shifted": basemap.is_shifted,
        "zooms": list(basemap.zooms),
        "box": list(file.box) if file and file.box else None,
        "file": str(file.path) if file else None,
        "hosts": list(basemap.hosts()),
        "attribution": basemap.attribution,
        "review_no": basemap.review_no,
        "is_hidden_from_counts": basemap.has_key,
    }
