"""`jiujin import layers` and `jiujin import osm`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis.cli.common import EXIT_FAULT, MAX_FAULTS_SHOWN, DbOption, JsonOption, Reporting, emit, open_store, say
from gis.model.access import operator
from gis.model.layers import LayerKind
from gis.services.import_layers import apply_layers, dry_run_layers
from gis.services.import_osm import OsmImportReport, OsmImportRequest, apply_osm, dry_run_osm
from gis.services.layer_report import LayerImportReport, LayerImportRequest

import_app = typer.Typer(
    help="导入：图层、花名册、开放街图。不加 --apply 只试运行并报告全部问题。", no_args_is_help=True
)

ApplyOption = Annotated[bool, typer.Option("--apply", help="写入数据库；不加则只试运行")]
FileArgument = Annotated[Path, typer.Argument(help="要导入的文件")]


def register(app: typer.Typer) -> None:
    """Put the commands into the main one."""
    app.add_typer(import_app, name="import")


@import_app.command("layers")
def import_layers(
    file: FileArgument,
    kind: Annotated[str, typer.Option(help="类别：" + "、".join(f"{k.value}（{k.label}）" for k in LayerKind))],
    crs: Annotated[str, typer.Option(help="坐标系：EPSG:4490、EPSG:4549、gcj02、bd09 等；不会猜测")] = "",
    layer: Annotated[str, typer.Option("--layer", "--sheet", help="文件里有几个图层或工作表时，导入哪一个")] = "",
    apply: ApplyOption = False,
    faults: Annotated[Path | None, typer.Option(help="把标出问题的行另存为这个 xlsx")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导入一个图层：GeoJSON、GeoPackage、Shapefile（zip）、CSV、xlsx、xls。"""
    wanted = _kind(kind)
    with Reporting(as_json=as_json):
        request = LayerImportRequest(file, wanted, crs, layer, faults_to=faults)
        run = apply_layers if apply else dry_run_layers
        report = run(operator(), open_store(db), request)
        emit(report.document(), as_json=as_json, text=_layer_text(report))
        if report.is_refused:
            say(report.refusal)
            raise typer.Exit(EXIT_FAULT)


@import_app.command("osm")
def import_osm(
    file: FileArgument,
    bbox: Annotated[str, typer.Option(help="只取这个范围：西,南,东,北；默认取文件自己声明的范围")] = "",
    apply: ApplyOption = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """导入开放街图（.osm 或 .osm.pbf）：楼栋、步行道路、小区、候选场所。"""
    with Reporting(as_json=as_json):
        run = apply_osm if apply else dry_run_osm
        report = run(operator(), open_store(db), OsmImportRequest(file, bbox))
        emit(report.document(), as_json=as_json, text=_osm_text(report))


def _kind(text: str) -> LayerKind:
    found = LayerKind.from_label(text)
    if found is None:
        msg = f"没有类别“{text}”，可选：{'、'.join(k.value for k in LayerKind)}"
        raise typer.BadParameter(msg)
    return found


def _layer_text(report: LayerImportReport) -> str:
    done = "已导入" if report.applied else "未导入" if report.is_refused else "试运行"
    head = f"{report.file}（{report.kind.label}）{done}：{report.rows} 行，新增 {report.new}，变化 {report.changed}，"
    lines = [f"{head}未变 {report.same}，缺少 {report.missing}"]
    lines += [f"  问题 {fault}" for fault in report.faults[:MAX_FAULTS_SHOWN]]
    if len(report.faults) > MAX_FAULTS_SHOWN:
        lines.append(f"  ……另有 {len(report.faults) - MAX_FAULTS_SHOWN} 处")
    return "\n".join([*lines, *(f"  核对 {check.message}" for check in report.checks)])


def _osm_text(report: OsmImportReport) -> str:
    done = "已导入" if report.applied else "试运行"
    share = f"最大连通部分 {report.largest_component_share:.1%}"
    head = f"{report.file} {done}：楼栋 {report.buildings}，步行道路 {report.walk_km} 千米（{share}），"
    places = f"小区 {report.estates}，候选场所 {report.candidate_venues}；"
    counts = f"新增 {report.new}，变化 {report.changed}，缺少 {report.missing}"
    return "\n".join([head + places + counts, *(f"  核对 {check.message}" for check in report.checks)])
