"""Basemaps: what may lie under our own layers, and in which coordinates its tiles are cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from pathlib import Path

KEY_PLACE = "{tk}"  # where the key of 天地图 stands in an address
_TURNS = re.compile(r"\{s\}")


class TileCrs(Labelled):
    """The coordinates in which tiles are cut; all are Web Mercator, since CGCS2000 and WGS84 differ by centimetres."""

    WGS84 = "wgs84", "WGS84"
    CGCS2000 = "cgcs2000", "CGCS2000"
    GCJ02 = "gcj02", "GCJ-02"


@dataclass(frozen=True, slots=True)
class TileFile:
    """What a local file of tiles says about itself; `box` is west, south, east, north in degrees."""

    path: Path
    stamp: str  # changes whenever the file does
    zooms: tuple[int, int]
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Basemap:
    """One declared basemap: a local file, or the addresses of its layers from the bottom to the top."""

    name: str
    title: str
    crs: TileCrs
    zooms: tuple[int, int]
    file: TileFile | None = None
    urls: tuple[str, ...] = ()
    subdomains: str = ""
    attribution: str = ""
    review_no: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether the browser asks another server."""
        return self.file is None

    @property
    def is_shifted(self) -> bool:
        """Whether its tiles have to be bent back to where they belong."""
        return self.crs is TileCrs.GCJ02

    @property
    def has_key(self) -> bool:
        """Whether an address carries the key of this installation."""
        return any(KEY_PLACE in url for url in self.urls)

    def hosts(self) -> tuple[str, ...]:
        """Return the origins that the browser asks, such as `https://t0.tianditu.gov.cn`."""
        found: dict[str, None] = {}
        for url in self.urls:
            parts = urlsplit(url)
            origin = f"{parts.scheme}://{parts.netloc}"
            for turn in self.subdomains or "-":
                found[_TURNS.sub(turn, origin)] = None
        return tuple(found)
