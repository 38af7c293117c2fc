"""The file that declares the basemaps: JSON, read strictly, every fault named with its entry."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from gis.errors import ConfigError, Fault, InputError, system_reason
from gis.model.basemaps import KEY_PLACE, Basemap, TileCrs
from gis.store.tile_files import MAX_ZOOM, MBTILES, PMTILES, describe

MAX_BYTES = 256 * 1024
MAX_BASEMAPS = 20
TIANDITU = {"vec": "天地图矢量", "img": "天地图影像", "ter": "天地图地形"}
TIANDITU_URL = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{tk}}"
)
FIELDS = {
    "name": str,
    "title": str,
    "file": str,
    "tianditu": str,
    "url": str,
    "crs": str,
    "min_zoom": int,
    "max_zoom": int,
    "subdomains": str,
    "attribution": str,
    "review_no": str,
}
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_URL = re.compile(r"https?://(?:\{s\}|[A-Za-z0-9.-])+(?::\d{1,5})?(?:/[!#-;=?-\[\]_a-z{}~]*)")
_PLACE = re.compile(r"\{([^{}]*)\}")
#: What manuals of WMTS call the places, as Leaflet calls them
_OTHER_NAMES = {"TileMatrix": "z", "TileRow": "y", "TileCol": "x"}
_NEEDED, _ALLOWED = {"z", "x"}, {"z", "x", "y", "-y", "s", "tk"}
_KEY_IN_URL = re.compile(r"[?&](?:tk|key|ak|token|access_token)=(?!\{)[^&]+", re.IGNORECASE)
_MAX_TITLE = 20
_MAX_TEXT = 200


def read_declaration(path: str, *, has_key: bool) -> tuple[Basemap, ...]:
    """Read the file; raises ConfigError when it cannot be read, InputError with a fault for each entry at fault."""
    where = Path(path)
    entries = _entries(where)
    found: list[Basemap] = []
    faults: list[Fault] = []
    for number, entry in enumerate(entries, 1):
        try:
            one = _Entry(entry, where.parent, has_key=has_key).basemap()
            if any(one.name == other.name for other in found):
                _refuse(f"name“{one.name}”与前面的重复")
        except ConfigError as error:
            name = entry.get("name") if isinstance(entry, dict) else None
            faults.append(Fault(str(error), where.name, field=f"第 {number} 个底图" + (f"（{name}）" if name else "")))
        else:
            found.append(one)
    if faults:
        msg = f"环境变量 JIUJIN_BASEMAPS 所指的 {where} 有 {len(faults)} 处不可用：" + "；".join(map(str, faults))
        raise InputError(msg, tuple(faults))
    return tuple(found)


def _entries(where: Path) -> list[Any]:
    try:
        raw = where.read_bytes()
        said = json.loads(raw.decode("utf-8-sig")) if len(raw) <= MAX_BYTES else None
    except OSError as error:
        msg = f"环境变量 JIUJIN_BASEMAPS 所指的 {where} 读不了：{system_reason(error)}"
        raise ConfigError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"环境变量 JIUJIN_BASEMAPS 所指的 {where} 不是 UTF-8 的 JSON：{error}"
        raise ConfigError(msg) from error
    entries = said.get("basemaps") if isinstance(said, dict) else None
    if not isinstance(entries, list) or len(entries) > MAX_BASEMAPS:
        msg = f'{where} 应当是 {{"basemaps": [...]}}，至多 {MAX_BASEMAPS} 个底图、256 KB'
        raise ConfigError(msg)
    return entries


class _Entry:
    """One entry of the file on its way to a basemap; every fault is a ConfigError."""

    def __init__(self, raw: object, folder: Path, *, has_key: bool) -> None:
        if not isinstance(raw, dict):
            _refuse("应当是一个对象 {…}")
        unknown = sorted(set(raw) - set(FIELDS))
        if unknown:
            _refuse(f"不认识 {'、'.join(unknown)}；可填 {'、'.join(FIELDS)}")
        for name, kind in FIELDS.items():
            if name in raw and (not isinstance(raw[name], kind) or isinstance(raw[name], bool)):
                _refuse(f"{name} 应当是{'文字' if kind is str else '整数'}")
        self.raw: dict[str, Any] = raw
        self.folder = folder
        self.has_key = has_key

    def basemap(self) -> Basemap:
        """Return the basemap."""
        kinds = [kind for kind in ("file", "tianditu", "url") if kind in self.raw]
        if len(kinds) != 1:
            _refuse("file（本地文件）、tianditu（天地图）、url（地址）须填且只填一个")
        name = self.text("name", _MAX_TITLE + 12)
        if not _NAME.fullmatch(name):
            _refuse("name 须以小写字母开头，只用小写字母、数字、-、_，至多 32 个")
        made = {"file": self._file, "tianditu": self._tianditu, "url": self._url}[kinds[0]](name)
        if self.raw.get("crs", made.crs) != made.crs.value:
            _refuse(f"天地图的坐标系是 {made.crs.label}，不用填 crs")
        return replace(made, attribution=self.text("attribution", _MAX_TEXT), review_no=self.text("review_no", 60))

    def text(self, name: str, longest: int) -> str:
        """Return a text without edges, or refuse what is too long or not printable."""
        text: str = self.raw.get(name, "").strip()
        if len(text) > longest or not text.isprintable():
            _refuse(f"{name} 太长或含有不可见字符（至多 {longest} 字）")
        return text

    def _crs(self) -> TileCrs:
        found = next((one for one in TileCrs if one.value == self.raw.get("crs")), None)
        if found is None:
            _refuse(f"crs 须写明瓦片的坐标系：{'、'.join(one.value for one in TileCrs)}")
        return found

    def _zooms(self, low: int, high: int) -> tuple[int, int]:
        zooms = self.raw.get("min_zoom", low), self.raw.get("max_zoom", high)
        if not 0 <= zooms[0] <= zooms[1] <= MAX_ZOOM:
            _refuse(f"min_zoom 和 max_zoom 须在 0 到 {MAX_ZOOM} 之间，且前者不大于后者")
        return zooms

    def _title(self, default: str) -> str:
        return self.text("title", _MAX_TITLE) or default

    def _file(self, name: str) -> Basemap:
        path = self.folder / self.raw["file"]
        if path.suffix.lower() not in (MBTILES, PMTILES):
            _refuse(f"file 须是 {MBTILES} 或 {PMTILES} 文件")
        file = describe(path)
        return Basemap(name, self._title("本地底图"), self._crs(), self._zooms(*file.zooms), file=file)

    def _tianditu(self, name: str) -> Basemap:
        layer = self.raw["tianditu"]
        if layer not in TIANDITU:
            _refuse(f"tianditu 须是 {'、'.join(TIANDITU)} 之一")
        if not self.has_key:
            _refuse("用天地图须把密钥写在环境变量 JIUJIN_TIANDITU_KEY 里")
        urls = tuple(TIANDITU_URL.format(layer=one) for one in (layer, f"c{layer[0]}a"))
        zooms = self._zooms(1, 14 if layer == "ter" else 18)
        return Basemap(name, self._title(TIANDITU[layer]), TileCrs.CGCS2000, zooms, urls=urls, subdomains="01234567")

    def _url(self, name: str) -> Basemap:
        url = _PLACE.sub(lambda found: f"{{{_OTHER_NAMES.get(found[1], found[1])}}}", self.raw["url"].strip())
        if not _URL.fullmatch(url):
            _refuse("url 须是 http:// 或 https:// 开头的瓦片地址，不含空格、引号和尖括号")
        if _KEY_IN_URL.search(url):
            _refuse(f"url 里不要写密钥；写成 tk={KEY_PLACE}，密钥放在环境变量 JIUJIN_TIANDITU_KEY 里")
        places = set(_PLACE.findall(url))
        if KEY_PLACE in url and not self.has_key:
            _refuse("url 用到密钥，须把密钥写在环境变量 JIUJIN_TIANDITU_KEY 里")
        if not places >= _NEEDED or not places & {"y", "-y"} or places - _ALLOWED:
            _refuse("url 须含 {z}、{x}、{y}（自南向北编号的写 {-y}），另外只可含 {s}、{tk}")
        subdomains = self.text("subdomains", 16)
        if ("s" in places) != bool(subdomains) or not re.fullmatch(r"[a-z0-9]*", subdomains):
            _refuse("url 含 {s} 时须填 subdomains，例如 1234；不含时不填")
        return Basemap(
            name, self._title("网络底图"), self._crs(), self._zooms(0, 18), urls=(url,), subdomains=subdomains
        )


def _refuse(why: str) -> NoReturn:
    raise ConfigError(why)
