"""`jiujin basemaps`: what may lie under the map, and whether each of it can be used."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gis.cli.common import JsonOption, Reporting, emit
from gis.config import settings
from gis.errors import InputError
from gis.model.access import operator
from gis.services import basemaps as services

basemaps_app = typer.Typer(help="底图：列出声明的底图，检查能不能用。", no_args_is_help=True)
NONE = "没有声明底图，只画本街道图层；写法见 docs/guide/basemaps.md"


@basemaps_app.command("list")
def list_basemaps(as_json: JsonOption = False) -> None:
    """列出声明的底图（不含密钥）。"""
    with Reporting(as_json=as_json):
        rows = [services.document(one) for one in services.basemaps_for(operator(), settings())]
        emit(rows, as_json=as_json, text="\n".join(map(_line, rows)) or NONE)


@basemaps_app.command("check")
def check_basemap(
    name: Annotated[str, typer.Argument(help="底图的 name；与 --at 一起用")] = "",
    at: Annotated[str, typer.Option(help="经度,纬度（WGS84），例如 119.97,31.77")] = "",
    zoom: Annotated[int, typer.Option(help="第几级", min=0, max=22)] = 16,
    as_json: JsonOption = False,
) -> None:
    """检查声明的底图；写明底图和位置时，再说明那里用到哪张瓦片的哪个像素、文件里有没有。"""
    with Reporting(as_json=as_json):
        options, actor = settings(), operator()
        if not name:
            rows = [services.document(one) for one in services.basemaps_for(actor, options)]
            emit({"ok": True, "basemaps": rows}, as_json=as_json, text=f"可用的底图 {len(rows)} 个" if rows else NONE)
            return
        spot = services.spot(actor, options, name, (*_point(at), zoom))
        words = f"{spot['zoom']} 级 列 {spot['column']} 行 {spot['row']}，像素 ({spot['x']:.1f}, {spot['y']:.1f})"
        there = {True: "文件里有这张瓦片", False: "文件里没有这张瓦片", None: "网络底图，本机不去取"}[spot["is_there"]]
        emit(spot, as_json=as_json, text=f"{words}：{there}")


def _point(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        lon = lat = float("nan")
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):  # noqa: PLR2004  # what Web Mercator can show
        msg = f"位置“{text}”：请填 经度,纬度，例如 119.97,31.77"
        raise InputError(msg)
    return lon, lat


def _line(row: dict[str, Any]) -> str:
    kind = {"file": "本地文件", "tianditu": "天地图", "address": "网络地址"}[row["kind"]]
    where = row["file"] or "、".join(row["hosts"])
    hidden = "；只数人数的账号看不到" if row["is_hidden_from_counts"] else ""
    low, high = row["zooms"]
    return f"{row['name']}  {row['title']}（{kind}，{row['crs']}，{low}–{high} 级）{where}{hidden}"


def register(app: typer.Typer) -> None:
    """Add `jiujin basemaps`."""
    app.add_typer(basemaps_app, name="basemaps")
