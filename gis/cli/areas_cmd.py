"""`jiujin area`: 片区, who is in none or in two, and who a member's contact is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import shapely
import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_cmd import found_id
from gis.cli.org_days import written
from gis.errors import InputError, NotFoundError
from gis.model.access import operator
from gis.model.ids import AreaId, BuildingId, EstateId, GridId, MemberId
from gis.services.area_report import area_report, contact_of
from gis.services.areas import AreaForm, close_area, list_areas, place_member, save_area
from gis.services.org_edit import org_named

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.area_report import AreaReport
    from gis.services.areas import AreaLine
    from gis.store.database import Store

area_app = typer.Typer(
    help="片区：按楼栋划分，每片一名负责人，每名过渡期党员都在且只在一个片区。", no_args_is_help=True
)
NO_AREA = 0

OrgOption = Annotated[str, typer.Option("--org", help="组织的名称、编码或编号")]
EstateOption = Annotated[list[int] | None, typer.Option("--estate", help="小区编号，可多次")]
GridOption = Annotated[list[int] | None, typer.Option("--grid", help="网格编号（系统内），可多次")]
BuildingOption = Annotated[list[int] | None, typer.Option("--building", help="楼栋编号，可多次")]
PolygonOption = Annotated[Path | None, typer.Option("--polygon", help="范围：GeoJSON 文件（经纬度，EPSG:4490）")]


@area_app.command("list")
def list_all(org: OrgOption = "", db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出片区：组织、负责人、楼栋数、小区。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        number = found_id(org_named(actor, store, org)) if org else None
        rows = list_areas(actor, store, number)
        lines = [
            f"{row.area.id}\t{row.org}\t{row.area.name}\t{row.leader or '没有负责人'}\t"
            f"{len(row.area.building_ids)} 幢\t{'、'.join(row.estates)}"
            for row in rows
        ]
        emit([_row(row) for row in rows], as_json=as_json, text="\n".join(lines) or "还没有划分片区")


def _row(row: AreaLine) -> dict[str, object]:
    return {
        "area": row.area.id,
        "name": row.area.name,
        "org": row.org,
        "leader": row.leader,
        "has_leader": row.has_leader,
        "buildings": sorted(row.area.building_ids),
        "estates": list(row.estates),
        "from": written(row.area.valid_from),
        "drawn": row.area.shape is not None,
    }


@area_app.command("add")
def add(
    org: OrgOption,
    name: Annotated[str, typer.Argument(help="片区名称")],
    leader: Annotated[int, typer.Option(help="负责人的党员编号，见 members list")],
    estate: EstateOption = None,
    grid: GridOption = None,
    building: BuildingOption = None,
    polygon: PolygonOption = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """新设片区；楼栋按小区、网格、楼栋编号或范围选定。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        form = _form(name, leader, (estate, grid, building), polygon)
        number = save_area(actor, store, found_id(org_named(actor, store, org)), form)
        emit({"area": number, "name": name}, as_json=as_json, text=f"已新设片区：{name}（{number}）")


@area_app.command("edit")
def edit(
    area: Annotated[int, typer.Argument(help="片区编号，见 area list")],
    name: Annotated[str, typer.Option(help="片区名称")] = "",
    leader: Annotated[int | None, typer.Option(help="负责人的党员编号")] = None,
    estate: EstateOption = None,
    grid: GridOption = None,
    building: BuildingOption = None,
    polygon: PolygonOption = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """修改片区；没写的各项不变，楼栋写了就整个换掉。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        old = _found(actor, store, area).area
        form = _form(name or old.name, leader or old.leader_id, (estate, grid, building), polygon)
        if not (estate or grid or building or polygon):
            form = AreaForm(form.name, form.leader_id, old.building_ids, polygon=old.shape)
        save_area(actor, store, old.org_id, form, area_id=AreaId(area), version=old.version)
        emit({"area": area, "name": form.name}, as_json=as_json, text=f"已修改片区：{form.name}")


@area_app.command("close")
def close(
    area: Annotated[int, typer.Argument(help="片区编号，见 area list")], db: DbOption = "", as_json: JsonOption = False
) -> None:
    """停用片区；其中的党员要另划片区，历史保留。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        old = _found(actor, store, area).area
        close_area(actor, store, AreaId(area), old.version)
        emit({"area": area, "closed": True}, as_json=as_json, text=f"已停用片区：{old.name}")


@area_app.command("place")
def place(
    member: Annotated[int, typer.Argument(help="党员编号")],
    area: Annotated[int, typer.Argument(help=f"片区编号；{NO_AREA} 为改按住址")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """由人指定一名党员的片区，用于住址没有定到楼栋、或不同意精确定位的党员。"""
    with Reporting(as_json=as_json):
        place_member(operator(), open_store(db), MemberId(member), AreaId(area) if area != NO_AREA else None)
        emit({"member": member, "area": area or None}, as_json=as_json, text="已登记")


@area_app.command("check")
def check(org: OrgOption, db: DbOption = "", as_json: JsonOption = False) -> None:
    """核对片区：谁不在任何片区，谁在两个片区，哪个片区没有合格的负责人。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = area_report(actor, store, found_id(org_named(actor, store, org)))
        document = {**asdict(found), "sizes": dict(found.sizes), "as_of": found.as_of.isoformat()}
        emit(document, as_json=as_json, text=_report_text(found))


def _report_text(found: AreaReport) -> str:
    lines = [f"{found.org}：过渡期党员 {found.total} 名，片区由{found.by_org or '（还没有划分）'}划分"]
    lines += [f"  {name}\t{count} 名" for name, count in found.sizes.items()]
    lines += [f"不在任何片区\t{one.member_id}\t{one.name}\t{one.branch}\t{one.why}" for one in found.gaps]
    lines += [f"在几个片区\t{one.member_id}\t{one.name}\t{'、'.join(one.areas)}" for one in found.doubles]
    lines += [f"片区 {one.area}\t{one.message}" for one in found.faults]
    return "\n".join(lines)


@area_app.command("contact")
def contact(
    member: Annotated[int, typer.Argument(help="党员编号，见 members list")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """回答“谁是我的联系人”：片区负责人、小组长、支部办公电话。"""
    with Reporting(as_json=as_json):
        found = contact_of(operator(), open_store(db), MemberId(member))
        lines = [
            f"{found.name}（{found.branch}）",
            f"  支部办公电话：{found.branch_phone or '未登记'}",
            f"  片区：{found.area or '没有'}（{found.why}）　负责人：{found.leader or '没有'} {found.leader_phone}",
            f"  小组：{found.group or '没有'}　组长：{found.group_leader or '没有'}",
        ]
        emit(asdict(found), as_json=as_json, text="\n".join(lines))


def _found(actor: Actor, store: Store, area: int) -> AreaLine:
    found = next((row for row in list_areas(actor, store) if row.area.id == area), None)
    if found is None:
        msg = f"没有编号为 {area} 的片区，见 jiujin area list"
        raise NotFoundError(msg)
    return found


def _form(name: str, leader: int | None, chosen: tuple[list[int] | None, ...], polygon: Path | None) -> AreaForm:
    estates, grids, buildings = (frozenset(numbers or ()) for numbers in chosen)
    return AreaForm(
        name,
        MemberId(leader) if leader else None,
        frozenset(map(BuildingId, buildings)),
        frozenset(map(EstateId, estates)),
        frozenset(map(GridId, grids)),
        _outline(polygon) if polygon else None,
    )


def _outline(path: Path) -> bytes:
    try:
        raw: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        shapes = (
            [feature["geometry"] for feature in raw["features"]] if "features" in raw else [raw.get("geometry", raw)]
        )
        made = [shapely.from_geojson(json.dumps(shape)) for shape in shapes]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, shapely.errors.GEOSException) as error:
        msg = f"读不出 {path.name} 的范围：须是 GeoJSON 的面，坐标为经纬度"
        raise InputError(msg) from error
    if not made or any(not -180 <= shape.bounds[0] <= 180 for shape in made):  # noqa: PLR2004  # degrees
        msg = f"{path.name} 的坐标不是经纬度：请先转换成 EPSG:4490"
        raise InputError(msg)
    return bytes(shapely.to_wkb(shapely.union_all([shapely.make_valid(shape) for shape in made])))


def register(app: typer.Typer) -> None:
    """Add `jiujin area`."""
    app.add_typer(area_app, name="area")
