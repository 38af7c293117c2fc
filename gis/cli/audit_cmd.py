"""`jiujin verify-audit`: is the audit log what was written?"""

from __future__ import annotations

from typing import Annotated

import typer

from gis.cli.common import EXIT_FAULT, DbOption, JsonOption, Reporting, emit, open_store
from gis.model.access import operator
from gis.services import audit


def verify_audit(
    known: Annotated[str, typer.Option("--known", help="以前核对时记下的末尾，写成 序号:摘要")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,  # typer's way to say a flag
) -> None:
    """逐条核对操作记录：有没有被改动、删除或截去。"""
    with Reporting(as_json=as_json):
        report = audit.verify_audit(operator(), open_store(db), known=known)
        head = f"{report.head_id}:{report.head}" if report.head_id else ""
        document = {
            "ok": report.is_whole,
            "rows": report.n_rows,
            "erased": report.n_erased,
            "head": head,
            "faults": [{"row": one.audit_id, "kind": one.kind, "message": one.text} for one in report.faults],
        }
        lines = [f"共 {report.n_rows} 条操作记录，其中 {report.n_erased} 条的内容已按期清除"]
        lines += [f"  {one.text}" for one in report.faults] or ["逐条相符，没有改动或缺失"]
        if head:
            lines.append(f"末尾 {head}（请抄在别处，下次用 --known 核对，可发现末尾被整段截去）")
        emit(document, as_json=as_json, text="\n".join(lines))
        if not report.is_whole:
            raise typer.Exit(EXIT_FAULT)


def register(app: typer.Typer) -> None:
    """Add `jiujin verify-audit`."""
    app.command("verify-audit")(verify_audit)
