"""Coordinate systems: what a user may declare, the stored one, and the metric one for measuring.

Coordinates are always x, y = longitude, latitude (or easting, northing). A system is declared by the user and
never guessed. The store holds EPSG:4490; distances and areas are taken in a 3-degree Gauss-Krüger zone of CGCS2000.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis.errors import InputError
from gis.spatial.gcj import bd09_to_wgs84, gcj02_to_wgs84

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Points = NDArray[np.float64]
    Geometries = NDArray[np.object_]

STORE_EPSG = 4490
DISPLAY_EPSG = 4326  # equal to 4490 at the accuracy of any street data: domain.md 3.5
CHINA_LON = (73.0, 136.0)
CHINA_LAT = (3.0, 54.0)
ZONE_FIRST_EPSG, ZONE_FIRST_LON, ZONE_LAST_LON = 4534, 75, 135  # EPSG:4534..4554, CGCS2000 / 3-degree GK by CM
SAME_PLACE_M = 1.0  # two systems that put a file's points this close are the same system for our purpose
DEGREE_M = 111_320.0

#: Datums that agree with CGCS2000 within a few centimetres to decimetres. Others need parameters that only the
#: surveying office holds (domain.md 3.5), and PROJ would silently be ~100 m wrong.
_NEAR_CGCS2000 = ("china 2000", "world geodetic system 1984", "wgs 84", "wgs_1984", "d_wgs_1984", "d_china_2000")
_NEAR_PREFIXES = ("international terrestrial reference frame", "cgcs2000", "china geodetic coordinate system 2000")

_NAMES = {
    "wgs84": "4326",
    "wgs 84": "4326",
    "wgs-84": "4326",
    "gps": "4326",
    "cgcs2000": "4490",
    "国家2000": "4490",
    "2000国家大地坐标系": "4490",
    "大地2000": "4490",
    "crs84": "4326",
}
_GCJ = ("gcj02", "gcj-02", "gcj 02", "火星坐标", "高德", "腾讯")
_BD = ("bd09", "bd-09", "bd 09", "bd09ll", "百度")
_CHOICES = "EPSG:4490（国家2000经纬度）、EPSG:4326（WGS84）、EPSG:4549 等投影坐标、gcj02（高德、腾讯）、bd09（百度）"


@dataclass(frozen=True, slots=True)
class DeclaredCrs:
    """What the user declared: an EPSG code, or one of the two shifted systems (`epsg` is then None)."""

    name: str
    epsg: int | None = None

    @property
    def is_shifted(self) -> bool:
        """Whether it is GCJ-02 or BD-09, which no file can carry as a label."""
        return self.epsg is None

    @property
    def is_degrees(self) -> bool:
        """Whether coordinates are longitude and latitude."""
        return self.epsg is None or bool(_known(self.epsg).is_geographic)

    @property
    def label(self) -> str:
        """Name for a sentence to the user."""
        return self.name if self.epsg is None else f"{self.name}（{_known(self.epsg).name}）"


@lru_cache(maxsize=64)
def _known(epsg: int) -> CRS:
    return CRS.from_epsg(epsg)


def parse_crs(text: str | None) -> DeclaredCrs:
    """Read a declared coordinate system; raises InputError in Chinese when empty, unknown or unusable.

    Accepts `EPSG:n`, the bare number, `wgs84`, `cgcs2000`, `gcj02`, `bd09` and their usual spellings.
    """
    plain = unicodedata.normalize("NFKC", text or "").strip().lower()
    if plain in _GCJ:
        return DeclaredCrs("GCJ-02")
    if plain in _BD:
        return DeclaredCrs("BD-09")
    found = re.fullmatch(r"(?:epsg\s*:+\s*|urn:ogc:def:crs:epsg:[\d.]*:)?(\d{4,6})", _NAMES.get(plain, plain))
    if not found:
        shown = f"“{text}”" if plain else "（空）"
        msg = f"坐标系{shown}无法识别：请向数据提供单位问清后填写 {_CHOICES}；坐标系不明的数据不能导入"
        raise InputError(msg)
    return _usable(int(found[1]))


def _usable(epsg: int) -> DeclaredCrs:
    try:
        crs = _known(epsg)
    except CRSError as error:
        msg = f"坐标系 EPSG:{epsg} 不存在：请填写 {_CHOICES}"
        raise InputError(msg) from error
    if len(crs.axis_info) != 2 or not (crs.is_geographic or crs.is_projected):  # noqa: PLR2004 - x and y
        msg = f"坐标系 EPSG:{epsg}（{crs.name}）不是平面或经纬度坐标系，请填写 {_CHOICES}"
        raise InputError(msg)
    if not _is_near_cgcs2000(crs):
        msg = (
            f"坐标系 EPSG:{epsg}（{crs.name}）与国家2000坐标系之间的转换参数由测绘部门掌握，直接换算会偏上百米："
            "请先请数据提供单位转换为国家2000坐标系（EPSG:4490 或 EPSG:4549）再导入"
        )
        raise InputError(msg)
    return DeclaredCrs(f"EPSG:{epsg}", epsg)


def _is_near_cgcs2000(crs: CRS) -> bool:
    datum = crs.geodetic_crs.datum.name.lower() if crs.geodetic_crs and crs.geodetic_crs.datum else ""
    return datum.startswith(_NEAR_CGCS2000) or datum.startswith(_NEAR_PREFIXES)


def points_to_store(points: Points, declared: DeclaredCrs) -> Points:
    """Convert coordinates of shape (n, 2) to EPSG:4490 longitude, latitude in degrees; NaN and inf stay bad."""
    if declared.name == "GCJ-02":
        return gcj02_to_wgs84(points)
    if declared.name == "BD-09":
        return bd09_to_wgs84(points)
    return _through(_to_lonlat(declared.epsg or STORE_EPSG), points)


def to_store(geometries: Geometries, declared: DeclaredCrs) -> Geometries:
    """Convert shapely geometries of shape (n,), None allowed, to EPSG:4490, two-dimensional."""
    flat = shapely.force_2d(geometries)
    moved: Geometries = shapely.transform(flat, lambda points: points_to_store(points, declared))
    return moved


def metric_epsg(lon: float) -> int:
    """Return the EPSG code of the 3-degree CGCS2000 zone for a longitude in degrees (4549 at 120° E)."""
    central = min(max(round(lon / 3) * 3, ZONE_FIRST_LON), ZONE_LAST_LON)
    return ZONE_FIRST_EPSG + (central - ZONE_FIRST_LON) // 3


def metric_crs(lon: float) -> CRS:
    """Return the metric system to measure in near a longitude in degrees."""
    return _known(metric_epsg(lon))


def points_to_metric(points: Points, epsg: int) -> Points:
    """Convert stored longitude, latitude of shape (n, 2) to metres east, north in a metric zone."""
    return _through(_from_lonlat(epsg), points)


def points_to_display(points: Points, epsg: int) -> Points:
    """Convert metres of shape (n, 2) in a metric zone to longitude, latitude; inverse within 1 cm."""
    return _through(_to_lonlat(epsg), points)


def to_metric(geometries: Geometries, epsg: int) -> Geometries:
    """Convert stored geometries of shape (n,), None allowed, to a metric zone."""
    moved: Geometries = shapely.transform(geometries, lambda points: points_to_metric(points, epsg))
    return moved


def to_display(geometries: Geometries, epsg: int) -> Geometries:
    """Convert geometries of a metric zone to longitude, latitude for the map."""
    moved: Geometries = shapely.transform(geometries, lambda points: points_to_display(points, epsg))
    return moved


def metric_epsg_of(geometries: Geometries) -> int:
    """Pick the metric zone for stored geometries by the middle of their extent; 4549 where there are none."""
    west, _, east, _ = shapely.total_bounds(geometries)
    return metric_epsg(120.0 if np.isnan(west) else float(west + east) / 2)


def is_in_china(points: Points) -> NDArray[np.bool_]:
    """Say for each longitude, latitude of shape (n, 2) whether it lies in the box of China; NaN does not."""
    lon, lat = points[:, 0], points[:, 1]
    inside: NDArray[np.bool_] = (
        (lon >= CHINA_LON[0]) & (lon <= CHINA_LON[1]) & (lat >= CHINA_LAT[0]) & (lat <= CHINA_LAT[1])
    )
    return inside


def outside_reason(source: Points, stored: Points, declared: DeclaredCrs) -> str:
    """Explain coordinates that do not lie in China; "" when all do.

    Parameters
    ----------
    source, stored
        The same points, shape (n, 2), as in the file and after `points_to_store`.
    """
    if len(source) == 0 or bool(is_in_china(stored).all()):
        return ""
    bad = source[~is_in_china(stored)]
    shown = f"({bad[0][0]:.6g}, {bad[0][1]:.6g})"
    if not np.isfinite(bad).all():
        return f"坐标 {shown} 不是有效的数"
    beyond = (np.abs(bad[:, 0]) > 180) | (np.abs(bad[:, 1]) > 180)  # noqa: PLR2004 - degrees
    if declared.is_degrees and bool(beyond.any()):
        return f"坐标值 {shown} 超出经纬度范围，像是投影坐标：请改填投影坐标系，例如 EPSG:4549"
    if not declared.is_degrees and bool((np.abs(bad) <= 180).all()):  # noqa: PLR2004 - degrees
        return f"坐标值 {shown} 像是经纬度，而申报的是投影坐标系 {declared.name}：请改填 EPSG:4490"
    if declared.is_degrees and bool(is_in_china(bad[:, ::-1]).all()):
        return f"坐标 {shown} 的经度和纬度像是填反了：应为 经度, 纬度"
    return f"坐标 {shown} 按 {declared.name} 换算后不在中国范围内：请核对坐标系"


def contradiction(own: CRS | None, declared: DeclaredCrs, sample: Points) -> str:
    """Say how a file's own coordinate system contradicts the declared one; "" when it does not.

    Two systems agree when they put the file's own `sample` points, shape (n, 2), within a metre. GCJ-02 and BD-09
    have no code, so files in them carry a longitude, latitude label: that is accepted.
    """
    if own is None or len(sample) == 0:
        return ""
    if declared.is_shifted:
        agrees = bool(own.is_geographic)
    else:
        agrees = _agrees(own, _known(declared.epsg or STORE_EPSG), sample)
    if agrees:
        return ""
    code = own.to_epsg(min_confidence=25)
    named = f"EPSG:{code}（{own.name}）" if code else own.name
    return f"文件自带的坐标系是 {named}，与申报的 {declared.label} 不一致：请核对后按实际坐标系申报"


def _agrees(own: CRS, declared: CRS, sample: Points) -> bool:
    if own == declared:
        return True
    if own.is_geographic and declared.is_geographic:
        return _is_near_cgcs2000(own) == _is_near_cgcs2000(declared)
    if own.is_geographic != declared.is_geographic or not _is_near_cgcs2000(own):
        return False
    target = CRS.from_epsg(STORE_EPSG)
    ours = _through(Transformer.from_crs(own, target, always_xy=True), sample)
    theirs = _through(Transformer.from_crs(declared, target, always_xy=True), sample)
    apart = np.abs(ours - theirs).max(initial=0.0) * DEGREE_M
    return bool(np.isfinite(apart) and apart <= SAME_PLACE_M)


@lru_cache(maxsize=64)
def _to_lonlat(epsg: int) -> Transformer | None:
    crs = _known(epsg)
    return None if crs.is_geographic else Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


@lru_cache(maxsize=64)
def _from_lonlat(epsg: int) -> Transformer | None:
    crs = _known(epsg)
    return None if crs.is_geographic else Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)


def _through(transformer: Transformer | None, points: ArrayLike) -> Points:
    source = np.asarray(points, dtype=np.float64)
    if transformer is None or len(source) == 0:
        return source.copy()
    x, y = transformer.transform(source[:, 0], source[:, 1])
    return np.column_stack([x, y])
