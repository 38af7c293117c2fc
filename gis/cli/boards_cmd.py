"""`jiujin boards`: the lists of work to be done, each with its definition, day and denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.model.access import operator
from gis.model.boards import BoardKind
from gis.services.boards import read_board

if TYPE_CHECKING:
    from gis.services.boards import Board, BoardLine

boards_app = typer.Typer(help="待办与名单：超期未联系、过渡年数、80 岁以上、资料缺项。", no_args_is_help=True)


@boards_app.command("overdue")
def overdue(db: DbOption = "", as_json: JsonOption = False) -> None:
    """超期未联系的过渡期党员。"""
    _show(BoardKind.OVERDUE, db, as_json=as_json)


@boards_app.command("return-due")
def return_due(db: DbOption = "", as_json: JsonOption = False) -> None:
    """预计返迁时间已过、还没有登记返迁的党员。"""
    _show(BoardKind.RETURN_DUE, db, as_json=as_json)


@boards_app.command("years")
def years(db: DbOption = "", as_json: JsonOption = False) -> None:
    """过渡年数：分段人数和名单。"""
    _show(BoardKind.YEARS, db, as_json=as_json)


@boards_app.command("aged")
def aged(db: DbOption = "", as_json: JsonOption = False) -> None:
    """80 岁以上的过渡期党员：怎样学习先问本人。"""
    _show(BoardKind.AGED, db, as_json=as_json)


@boards_app.command("missing")
def missing(db: DbOption = "", as_json: JsonOption = False) -> None:
    """资料缺项：各支部缺什么，到哪里补。"""
    _show(BoardKind.MISSING, db, as_json=as_json)


def _show(kind: BoardKind, db: str, *, as_json: bool) -> None:
    with Reporting(as_json=as_json):
        board = read_board(operator(), open_store(db), kind)
        emit(_document(board), as_json=as_json, text=_text(board))


def _document(board: Board) -> dict[str, object]:
    return {
        "board": board.kind.value,
        "definition": board.definition,
        "as_of": board.as_of.isoformat(),
        "of": board.of,
        "denominator": board.denominator,
        "count": board.count,
        "parts": board.parts,
        "branches": [
            {"branch": one.branch, "denominator": one.denominator, "count": one.count} for one in board.branches
        ],
        "branch_parts": board.branch_parts,
        "members": [_line_document(one) for one in board.lines],
    }


def _line_document(one: BoardLine) -> dict[str, object]:
    return {
        "member": one.member_id,
        "name": one.name,
        "branch": one.branch,
        "age": one.age,
        "figure": one.figure,
        "last_contact": one.last_contact.isoformat() if one.last_contact else None,
        "missing": [item.value for item in one.missing],
        "screen": one.screen,
        "note": one.note,
    }


def _text(board: Board) -> str:
    lines = [
        f"{board.kind.label}　{board.as_of}　{_said(board.count)} 名（{board.of} {_said(board.denominator)} 名）",
        board.definition,
        *(f"  {name}：{_said(count)}" for name, count in board.parts.items()),
        *(f"  {one.branch}：{_said(one.count)} / {_said(one.denominator)}" for one in board.branches),
    ]
    return "\n".join([*lines, *(f"{one.member_id}\t{one.name}\t{one.branch}\t{one.note}" for one in board.lines)])


def _said(count: int | None) -> str:
    return "不显示" if count is None else str(count)


def register(app: typer.Typer) -> None:
    """Add `jiujin boards`."""
    app.add_typer(boards_app, name="boards")
