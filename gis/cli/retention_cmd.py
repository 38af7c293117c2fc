"""`jiujin retention …`: clear what was kept long enough."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.model.access import operator
from gis.services import retention

if TYPE_CHECKING:
    from gis.services.retention import RetentionReport

retention_app = typer.Typer(help="到期清理：看看有什么到期，清理。", no_args_is_help=True)

AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="按哪一天算，默认今天；清理时不能是将来")
]


@retention_app.command("due")
def due(as_of: AsOf = None, db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出到期的有哪些；不改动数据。"""
    with Reporting(as_json=as_json):
        report = retention.retention_due(operator(), open_store(db), as_of=as_of.date() if as_of else None)
        _emit(report, as_json=as_json)


@retention_app.command("run")
def run(
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会清理什么")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """清理到期的数据和文件，说明清理了什么；不能恢复。"""
    with Reporting(as_json=as_json):
        work = retention.retention_due if dry_run else retention.run_retention
        _emit(work(operator(), open_store(db), as_of=as_of.date() if as_of else None), as_json=as_json)


def _emit(report: RetentionReport, *, as_json: bool) -> None:
    document = {
        "as_of": report.as_of.isoformat(),
        "done": report.is_done,
        "total": report.total,
        "rules": [
            {
                "kind": one.rule.kind.value,
                "label": one.rule.kind.label,
                "term": one.term,
                "cutoff": one.cutoff.isoformat(),
                "rows": one.total,
                "tables": dict(one.counts),
            }
            for one in report.cleared
        ],
        "files": list(report.files),
        "erased_from_files": report.is_erased,
    }
    what = "已清理" if report.is_done else "到期"
    lines = [f"{one.rule.kind.label}：{one.total} 行（{one.cutoff} 及以前）" for one in report.cleared if one.total]
    lines.append(f"{what}共 {report.total} 行，文件 {len(report.files)} 个（按 {report.as_of} 计算）")
    if not report.is_erased:
        lines.append("有人正在使用数据库，文件中的残留未能立即抹去，请稍后再运行一次")
    emit(document, as_json=as_json, text="\n".join(lines))


def register(app: typer.Typer) -> None:
    """Add `jiujin retention`."""
    app.add_typer(retention_app, name="retention")
