"""`jiujin users`: accounts from the server's command line."""

from __future__ import annotations

from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError, NotFoundError
from gis.model.access import Role
from gis.services import accounts

users_app = typer.Typer(help="账号：列出、开设、重置口令。", no_args_is_help=True)


@users_app.command("list")
def list_users(db: DbOption = "", as_json: JsonOption = False) -> None:  # typer's way to say a flag
    """列出账号。"""
    with Reporting(as_json=as_json):
        found = accounts.list_accounts(accounts.SYSTEM, open_store(db))
        rows = [
            {
                "username": account.username,
                "name": account.display_name,
                "role": account.role.value,
                "active": account.is_active,
            }
            for account in found
        ]
        lines = [f"{a.username}\t{a.display_name}\t{a.role.label}\t{'启用' if a.is_active else '停用'}" for a in found]
        emit(rows, as_json=as_json, text="\n".join(lines) or "还没有账号")


@users_app.command("add")
def add_user(
    username: Annotated[str, typer.Argument(help="登录名")],
    role: Annotated[str, typer.Option(help="角色：" + "、".join(Role.labels()))],
    name: Annotated[str, typer.Option(help="显示名")] = "",
    org: Annotated[list[str] | None, typer.Option(help="所管组织的名称，可多次")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,  # typer's way to say a flag
) -> None:
    """开设账号，打印一次初始口令。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        found = Role.from_label(role)
        if found is None:
            msg = f"没有角色 {role}，可选：{'、'.join(Role.labels())}"
            raise InputError(msg)
        ids = accounts.orgs_named(accounts.SYSTEM, store, org or [])
        new = accounts.NewAccount(username, name, found, ids)
        password = accounts.add_account(accounts.SYSTEM, store, new)
        emit(
            {"username": username, "password": password},
            as_json=as_json,
            text=f"账号 {username} 已开设，初始口令 {password}（只显示这一次）",
        )


@users_app.command("reset")
def reset_user(
    username: Annotated[str, typer.Argument(help="登录名")],
    db: DbOption = "",
    as_json: JsonOption = False,  # typer's way to say a flag
) -> None:
    """重置口令，打印一次新口令。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        found = [one for one in accounts.list_accounts(accounts.SYSTEM, store) if one.username == username]
        if not found:
            msg = f"没有账号 {username}"
            raise NotFoundError(msg)
        password = accounts.reset_password(accounts.SYSTEM, store, found[0].id)
        emit(
            {"username": username, "password": password},
            as_json=as_json,
            text=f"账号 {username} 的新口令 {password}（只显示这一次）",
        )


def register(app: typer.Typer) -> None:
    """Add `jiujin users`."""
    app.add_typer(users_app, name="users")
