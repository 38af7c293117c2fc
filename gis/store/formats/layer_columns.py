"""The columns of each kind of layer: what they are called in real files and which must be there.

The one place for synonyms. A header is compared after NFKC, in lower case, without spaces, colons and parentheses.
Unknown columns are ignored and named in the report; personal columns are recognised and dropped.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from gis.model.layers import LayerKind, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable

DBF_NAME_BYTES = (9, 10)  # a Shapefile cuts column names at 10 bytes, which ends a Chinese name at 9 or 10
_NOISE = re.compile(r"[\s:：()（）\[\]【】*_\-、/]+")
_PARENTHESISED = re.compile(r"[(（][^)）]*[)）]")


class Need(StrEnum):
    """Whether each row must have a geometry: a list in a workbook may leave it out where a map file may not."""

    ALWAYS = "always"
    ON_MAPS = "on_maps"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `label` is its proper header, `names` are others that mean the same, separated by `|`."""

    field: str
    label: str
    names: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """What a layer of one kind must be."""

    kind: LayerKind
    columns: tuple[Column, ...]
    shapes: frozenset[Shape]
    needs_place: Need = Need.ALWAYS
    has_unique_places: bool = True

    def column(self, field: str) -> Column:
        """Return the column of a field."""
        return next(column for column in self.columns if column.field == field)


LON = Column("lon", "经度", "lon|lng|long|longitude|x|x坐标|坐标x|东坐标|横坐标|point x")
LAT = Column("lat", "纬度", "lat|latitude|y|y坐标|坐标y|北坐标|纵坐标|point y")
WKT = Column("wkt", "WKT", "geometry|geom|the geom|几何|空间信息")
PLACE = (LON, LAT, WKT)

#: Personal columns of other sheets: recognised, so that nobody need edit the file, and never stored (domain.md 2B).
DROPPED = (
    "楼栋长",
    "楼长",
    "单元长",
    "网格长",
    "网格员",
    "联系电话",
    "电话",
    "手机",
    "身份证号",
    "公民身份号码",
    "phone",
)

_COMMUNITY = Column(
    "community",
    "所属社区",
    "社区|所属社区代码|社区代码|社区名称|所属村|所属村居|所属村社区|community|community code|community name|"
    "division|division code",
)
_ESTATE = Column("estate", "小区", "小区名称|所属小区|所在小区|小区名|estate|estate name|residential quarters")
_BUILDING_NO = Column(
    "building_no", "幢号", "楼栋|楼号|栋号|楼幢号|楼栋号|幢|栋|所在楼栋|所在幢|building no|building number|bldg no"
)
_FLOOR = Column("floor", "楼层", "所在楼层|层|floor")
_LIFT = Column("has_lift", "有无电梯", "电梯|是否有电梯|has lift|lift|elevator")
_STEP_FREE = Column("is_step_free", "无障碍", "有无无障碍|无障碍通道|有无无障碍通道|是否无障碍|step free|is step free")
_EQUIPMENT = Column("equipment", "设备", "电教设备|设施设备|设备情况|equipment")
_CAPACITY = Column("capacity", "可容纳人数", "容量|容纳人数|可容纳|容量人数|座位数|capacity", is_required=True)
_ADDRESS = Column("address", "地址", "详细地址|门牌地址|住址|现住址|address")
_SOURCE_ID = Column("source_id", "编号", "来源编号|要素编号|唯一标识|osm id|source id")
_STATUS = Column("status", "状态", "楼栋状态|组织状态|status")

_DIVISIONS = (
    Column("code", "区划代码", "代码|统计用区划代码|行政区划代码|编码|code|division code", is_required=True),
    Column("name", "名称", "区划名称|行政区划名称|社区名称|name", is_required=True),
    Column("level", "级别", "区划级别|层级|level"),
    Column("parent", "上级代码", "上级区划代码|上级区划|所属街道代码|parent|parent code"),
)
_ORGS = (
    Column("code", "组织编码", "党组织编码|组织代码|编码|code|org code"),
    Column("name", "组织名称", "党组织名称|名称|组织全称|name|org name", is_required=True),
    Column("kind", "组织类别", "党组织类别|类别|组织类型|kind|type", is_required=True),
    Column("parent", "上级组织", "上级党组织|上级组织名称|隶属组织|parent"),
    Column("community_kind", "社区类型", "社区类别|community kind"),
    Column(
        "divisions", "覆盖区划", "覆盖区划代码|覆盖社区|覆盖村居|区划代码|所属区划|division|divisions|division codes"
    ),
    _STATUS,
    Column("base", "阵地", "主阵地|活动阵地|办公场所|阵地名称|base|venue"),
    replace(_CAPACITY, is_required=False),
)
_GRIDS = (
    Column("grid_code", "网格编号", "网格编码|网格代码|编号|编码|grid code|code", is_required=True),
    Column("name", "网格名称", "名称|name|grid name", is_required=True),
    Column("kind", "网格类型", "网格类别|类型|kind|type|grid kind"),
    _COMMUNITY,
)
_ESTATES = (
    Column("name", "小区名称", "小区|名称|小区名|name|estate|estate name", is_required=True),
    Column("aliases", "别名", "小区别名|曾用名|俗称|其他名称|aliases|alias"),
    _COMMUNITY,
)
_BUILDINGS = (
    _ESTATE,
    _BUILDING_NO,
    Column("units", "单元数", "单元|units|unit count"),
    Column("floors", "层数", "楼层数|总层数|地上层数|floors|levels|building levels"),
    Column("households", "户数", "总户数|households"),
    _LIFT,
    Column("grid", "所属网格", "网格|网格编号|网格名称|所在网格|grid|grid code"),
    _ADDRESS,
    _STATUS,
    _SOURCE_ID,
)
_ROADS = (
    Column("name", "名称", "道路名称|路名|name|road name"),
    Column("kind", "道路类型", "类型|道路等级|等级|highway|kind|type"),
    Column("is_walkable", "可步行", "可否步行|能否步行|是否可步行|是否步行|walkable|is walkable|foot"),
    _SOURCE_ID,
)
_VENUES = (
    Column("name", "名称", "阵地名称|场所名称|场地名称|name|venue name", is_required=True),
    Column("kind", "类型", "阵地类型|场所类型|类别|kind|type", is_required=True),
    _CAPACITY,
    _FLOOR,
    _LIFT,
    _STEP_FREE,
    Column("org", "所属组织", "所属党组织|所属支部|党组织|组织名称|所属单位|org|organisation"),
    _EQUIPMENT,
    _ESTATE,
    _BUILDING_NO,
    _ADDRESS,
)
_HOSTS = (
    Column("branch", "所在支部", "党支部|所在党支部|所属支部|支部|支部名称|branch", is_required=True),
    Column("group", "党小组", "所在党小组|group"),
    Column("name", "户主姓名", "户主|姓名|中心户户主|中心户|中心户姓名|name|host", is_required=True),
    replace(_ADDRESS, is_required=True),
    _CAPACITY,
    Column("linked", "联系党员数", "联系党员|联系党员人数|linked"),
    Column("approved_on", "设立时间", "设立日期|批准时间|批准日期|成立时间|approved on"),
    _EQUIPMENT,
    _FLOOR,
    _STEP_FREE,
    _STATUS,
    Column("note", "备注", "说明|note|remarks"),
)
_AREA, _LINE = frozenset({Shape.POLYGON}), frozenset({Shape.LINE})
_POINT, _SPOT = frozenset({Shape.POINT}), frozenset({Shape.POINT, Shape.POLYGON})

LAYERS: dict[LayerKind, LayerSpec] = {
    spec.kind: spec
    for spec in (
        LayerSpec(LayerKind.DIVISIONS, (*_DIVISIONS, WKT), _AREA, needs_place=Need.ON_MAPS),
        LayerSpec(LayerKind.ORGS, (*_ORGS, *PLACE), _POINT, needs_place=Need.NEVER, has_unique_places=False),
        LayerSpec(LayerKind.GRIDS, (*_GRIDS, WKT), _AREA, needs_place=Need.ON_MAPS),
        LayerSpec(LayerKind.ESTATES, (*_ESTATES, WKT), _AREA, needs_place=Need.ON_MAPS),
        LayerSpec(LayerKind.BUILDINGS, (*_BUILDINGS, *PLACE), _SPOT),
        LayerSpec(LayerKind.ROADS, (*_ROADS, WKT), _LINE),
        LayerSpec(LayerKind.VENUES, (*_VENUES, *PLACE), _SPOT, needs_place=Need.ON_MAPS, has_unique_places=False),
        LayerSpec(LayerKind.HOSTS, (*_HOSTS, *PLACE), _SPOT, needs_place=Need.ON_MAPS, has_unique_places=False),
    )
}
_SERIAL = {"序号", "no.", "number"}


def plain_header(text: object) -> str:
    """Header as compared: NFKC, lower case, without spaces, colons, parentheses, dashes and slashes."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(text or ""))).lower()


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where each field of a kind is, which headers were ignored, which were personal and dropped."""

    where: dict[str, int]
    ignored: tuple[str, ...]
    dropped: tuple[str, ...]
    missing: tuple[str, ...]


def match_header(headers: Iterable[object], spec: LayerSpec, *, is_dbf: bool = False) -> HeaderMatch:
    """Match headers to the columns of a kind; the first header that means a field wins.

    `missing` names the required columns that were not found, by their proper header.
    """
    shown = [str(header or "").strip() for header in headers]
    names = {name: column.field for column in reversed(spec.columns) for name in _plain_names(column)}
    names |= {plain_header(column.label): column.field for column in spec.columns}
    dropped_names = {plain_header(name) for name in DROPPED}
    where: dict[str, int] = {}
    ignored, dropped = [], []
    for position, header in enumerate(shown):
        field = _field_of(header, names, is_dbf=is_dbf)
        if field and field not in where:
            where[field] = position
        elif plain_header(header) in dropped_names:
            dropped.append(header)
        elif header and plain_header(header) not in _SERIAL:
            ignored.append(header)
    missing = tuple(column.label for column in spec.columns if column.is_required and column.field not in where)
    return HeaderMatch(where, tuple(ignored), tuple(dropped), missing)


def _plain_names(column: Column) -> tuple[str, ...]:
    return tuple(plain_header(name) for name in (column.label, *column.names.split("|")))


def _field_of(header: str, names: dict[str, str], *, is_dbf: bool) -> str:
    for form in (header, _PARENTHESISED.sub("", header)):
        plain = plain_header(form)
        if plain in names:
            return names[plain]
    if is_dbf and max(len(header.encode()), len(header.encode("gb18030", "replace"))) >= min(DBF_NAME_BYTES):
        found = {field for name, field in names.items() if name.startswith(plain_header(header))}
        return found.pop() if len(found) == 1 else ""
    return ""
