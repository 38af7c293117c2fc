"""`jiujin dual`: relation × residence, the three lists, and which side an affair belongs to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError
from gis.model.access import operator
from gis.model.dual import AFFAIRS, LISTED, RELATION_ELSEWHERE, RELATION_HERE, Cell
from gis.services.dual import dual_lists, dual_matrices, dual_matrix, org_named

if TYPE_CHECKING:
    from gis.model.dual import DualLists, Listed, Matrix

dual_app = typer.Typer(help="双重管理：在册与居住地的数量、名单，哪类事务由哪一侧通知。", no_args_is_help=True)
AsOf = Annotated[str, typer.Option("--as-of", help="截止哪一天，例如 2026-03-31；不填为现在")]
COLUMNS = ("lives_here", "lives_elsewhere", "unknown")
FEW = "略"


@dual_app.command("matrix")
def matrix(
    org: Annotated[list[str] | None, typer.Option(help="组织名称或编码，可多次；不填为全部组织")] = None,
    as_of: AsOf = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出各组织的在册和居住地数量：组织关系在此/在别处 × 居住在此/在别处/不明。"""
    with Reporting(as_json=as_json):
        store, actor, day = open_store(db), operator(), read_day(as_of)
        if org:
            found = [dual_matrix(actor, store, org_named(actor, store, name), day) for name in org]
        else:
            found = list(dual_matrices(actor, store, day))
        emit([_document(one) for one in found], as_json=as_json, text="\n".join(_line(one) for one in found))


@dual_app.command("lists")
def lists(
    org: Annotated[str, typer.Option(help="组织名称或编码")],
    as_of: AsOf = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出看得见管不着、管得着看不见、既在册又居住和居住地不明的党员。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = dual_lists(actor, store, org_named(actor, store, org), read_day(as_of))
        emit(_lists_document(found), as_json=as_json, text=_lists_text(found))


@dual_app.command("affairs")
def affairs(as_json: JsonOption = False) -> None:
    """列出哪类事务由哪一侧通知、通知谁、为什么。"""
    rows = [
        {
            "affair": one.affair.value,
            "label": one.affair.label,
            "side": one.side.value,
            "who": one.who,
            "reason": one.reason,
            "has_votes": one.has_votes,
            "source": one.source,
        }
        for one in AFFAIRS
    ]
    text = "\n".join(f"{one.affair.label}：{one.side.label}。{one.who}。{one.reason}" for one in AFFAIRS)
    emit(rows, as_json=as_json, text=text)


def read_day(text: str) -> date | None:
    """Read an option that names a day; "" is None.

    Raises
    ------
    InputError
        The text is no day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"日期“{text}”：请填 年-月-日，例如 2026-03-31"
        raise InputError(msg) from error


def _document(one: Matrix) -> dict[str, object]:
    return {
        "org_id": one.org_id,
        "org": one.org,
        "kind": one.kind,
        "place": one.place,
        "as_of": one.as_of.isoformat(),
        "relation_here": {name: one.cells[cell] for name, cell in zip(COLUMNS, RELATION_HERE, strict=True)},
        "relation_elsewhere": {name: one.cells[cell] for name, cell in zip(COLUMNS, RELATION_ELSEWHERE, strict=True)},
        "registered": one.registered,
        "resident": one.resident,
        "street": one.street,
    }


def _line(one: Matrix) -> str:
    def said(value: int | None) -> str:
        return FEW if value is None else str(value)

    cells = "，".join(f"{cell.label} {said(one.cells[cell])}" for cell in LISTED)
    return f"{one.org}：在册 {said(one.registered)}，居住地 {said(one.resident)}（{cells}）"


def _lists_document(found: DualLists) -> dict[str, object]:
    return {
        "matrix": _document(found.matrix),
        "lists": {cell.value: [_row(one) for one in found.lists[cell]] for cell in LISTED},
        "unnamed": {cell.value: found.unnamed[cell] for cell in LISTED},
    }


def _row(one: Listed) -> dict[str, object]:
    return {
        "member_id": one.member_id,
        "name": one.name,
        "branch": one.branch,
        "lives": one.lives,
        "by_consent": one.is_by_consent,
    }


def _lists_text(found: DualLists) -> str:
    lines = [_line(found.matrix)]
    for cell in LISTED:
        lines.append(f"\n{cell.label}（{_count(found, cell)}）")
        lines += [f"  {one.member_id}  {one.name}  {one.branch}  住：{one.lives}" for one in found.lists[cell]]
    return "\n".join(lines)


def _count(found: DualLists, cell: Cell) -> str:
    named, unnamed = len(found.lists[cell]), found.unnamed[cell]
    more = "" if unnamed == 0 else f"，另有 {FEW if unnamed is None else unnamed} 名只计数"
    return f"{named} 名{more}"


def register(app: typer.Typer) -> None:
    """Add `jiujin dual`."""
    app.add_typer(dual_app, name="dual")
