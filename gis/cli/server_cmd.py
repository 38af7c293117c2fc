"""`jiujin init | upgrade | serve | doctor`: the installation itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store, say
from gis.config import settings
from gis.errors import ConfigError
from gis.model.access import operator
from gis.services import accounts, basemaps, installation
from gis.services.cards import issue_cards

EVERYWHERE = "0.0.0.0"  # noqa: S104  # compared with what the user chose


def init(db: DbOption = "") -> None:
    """建立数据库和系统管理员，打印一次初始口令。"""
    with Reporting():
        store = open_store(db)
        password = accounts.ensure_administrator(store)
        if password is None:
            typer.echo("数据库已就绪，账号已存在，未改动")
        else:
            typer.echo(
                f"数据库已就绪。登录名 {accounts.ADMIN_NAME}，初始口令 {password}（只显示这一次，首次登录须修改）"
            )


def upgrade(db: DbOption = "") -> None:
    """把旧版本的数据库升级到本程序的版本（请先备份）。"""
    with Reporting():
        revision = installation.upgrade_database(db or settings().database_url)
        typer.echo(f"数据库已是最新版本 {revision}")
        issued = issue_cards(operator(), open_store(db))
        if issued:
            typer.echo(f"补建联系卡 {issued} 张")


def doctor(db: DbOption = "", as_json: JsonOption = False) -> None:  # typer's way to say a flag
    """检查本机环境和数据库，说明缺什么。"""
    with Reporting(as_json=as_json):
        checks = (
            *installation.check_installation(accounts.SYSTEM, open_store(db)),
            installation.check_basemaps(settings()),
        )
        rows = [{"check": one.name, "ok": one.is_ok, "message": one.message} for one in checks]
        emit(rows, as_json=as_json, text="\n".join(f"{'正常' if c.is_ok else '注意'}  {c.message}" for c in checks))


def serve(
    db: DbOption = "",
    address: Annotated[str, typer.Option(help="监听地址；供局域网访问时填 0.0.0.0")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 8501,
) -> None:
    """启动网页服务并打印地址。"""
    with Reporting():
        script = Path("streamlit_app.py")
        if not script.is_file():
            msg = "当前目录没有 streamlit_app.py，请到程序所在目录运行 jiujin serve"
            raise ConfigError(msg)
        url = db or settings().database_url
        open_store(url).close()  # a wrong address is said here, not in the middle of the first page
        basemaps.declared(settings())  # as above
        shown = "127.0.0.1" if address == EVERYWHERE else address
        say(f"就近 已启动：http://{shown}:{port}　按 Ctrl+C 停止")
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        command += [f"--server.address={address}", f"--server.port={port}", "--server.headless=true"]
        command.append(f"--server.maxUploadSize={settings().max_upload_mb}")
        environment = {**os.environ, "JIUJIN_DATABASE_URL": url}
        if os.name == "posix":  # take this process over, so that whoever stops `jiujin serve` stops the server
            os.execve(sys.executable, command, environment)  # noqa: S606  # our own interpreter and script
        raise typer.Exit(subprocess.call(command, env=environment))  # noqa: S603  # as above


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (init, upgrade, serve, doctor):
        app.command(command.__name__)(command)
