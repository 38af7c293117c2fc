"""`jiujin display`: which screens on the wall are let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.model.office_day import BEIJING
from gis.services import displays
from gis.services.accounts import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.accounts import DisplayToken

display_app = typer.Typer(help="大屏：开通、列出、停用大屏的令牌，只看数量。", no_args_is_help=True)


@display_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="哪一块大屏，例如 一楼大厅")],
    days: Annotated[int, typer.Option(help=f"有效天数，1–{displays.MAX_DAYS}")] = 90,
    db: DbOption = "",
    as_json: JsonOption = False,  # typer's way to say a flag
) -> None:
    """开通一块大屏，打印一次它的地址。"""
    with Reporting(as_json=as_json):
        made, token = displays.add_display(SYSTEM, open_store(db), name, days)
        path = f"/display?token={token}"
        said = f"大屏 {made.id} {made.name} 已开通，有效期到 {_said(made.expires_at)}"
        text = f"{said}。\n在大屏上打开（只显示这一次）：{path}"
        emit({**_row(made, is_open=True), "token": token, "path": path}, as_json=as_json, text=text)


@display_app.command("list")
def list_all(db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出大屏：编号、名称、有效期、是否停用。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        now = store.clock()
        found = displays.list_displays(SYSTEM, store)
        lines = [f"{one.id}\t{one.name}\t到 {_said(one.expires_at)}\t{_state(one, now)}" for one in found]
        rows = [_row(one, is_open=one.is_open(now)) for one in found]
        emit(rows, as_json=as_json, text="\n".join(lines) or "还没有开通大屏")


@display_app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(help="编号，见 display list")],
    db: DbOption = "",
    as_json: JsonOption = False,  # typer's way to say a flag
) -> None:
    """停用一块大屏：从它的下一次刷新起。"""
    with Reporting(as_json=as_json):
        displays.revoke_display(SYSTEM, open_store(db), number)
        emit({"id": number, "revoked": True}, as_json=as_json, text=f"大屏 {number} 已停用")


def _said(at: datetime) -> str:
    return f"{at + BEIJING:%Y-%m-%d %H:%M}"


def _state(one: DisplayToken, now: datetime) -> str:
    if one.revoked_at is not None:
        return "已停用"
    return "在用" if one.is_open(now) else "已到期"


def _row(one: DisplayToken, *, is_open: bool) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "created_at": one.created_at.isoformat(timespec="seconds") + "Z",
        "expires_at": one.expires_at.isoformat(timespec="seconds") + "Z",
        "revoked_at": one.revoked_at.isoformat(timespec="seconds") + "Z" if one.revoked_at else None,
        "is_open": is_open,
    }


def register(app: typer.Typer) -> None:
    """Add `jiujin display`."""
    app.add_typer(display_app, name="display")
