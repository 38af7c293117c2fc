"""`jiujin settings`: the thresholds that an office may change."""

from __future__ import annotations

from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError
from gis.model.access import operator
from gis.services.settings import SettingChange, SettingView, change_settings, list_settings

settings_app = typer.Typer(help="可调的默认值：学习方式的门槛、联系间隔、保存期限等。", no_args_is_help=True)


@settings_app.command("list")
def list_all(db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出全部默认值：名称、现值、程序默认、可填范围。"""
    with Reporting(as_json=as_json):
        views = list_settings(operator(), open_store(db))
        emit([_row(one) for one in views], as_json=as_json, text="\n".join(_line(one) for one in views))


@settings_app.command("set")
def set_some(
    pairs: Annotated[list[str], typer.Argument(help="名称=值，可多个，例如 return_walk_min=20")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """调整一项或几项默认值；记入操作记录。"""
    with Reporting(as_json=as_json):
        _change(db, [_pair(pair) for pair in pairs], as_json=as_json)


@settings_app.command("reset")
def reset_some(
    keys: Annotated[list[str] | None, typer.Argument(help="名称，可多个")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部恢复程序默认")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """恢复程序默认。"""
    with Reporting(as_json=as_json):
        if bool(keys) == every:
            msg = "请写明要恢复哪几项，或用 --all 全部恢复"
            raise InputError(msg)
        names = keys or [one.spec.key for one in list_settings(operator(), open_store(db))]
        _change(db, [SettingChange(name, None) for name in names], as_json=as_json)


def _change(db: str, changes: list[SettingChange], *, as_json: bool) -> None:
    store = open_store(db)
    change_settings(operator(), store, changes)
    wanted = {one.key for one in changes}
    views = [one for one in list_settings(operator(), store) if one.spec.key in wanted]
    emit([_row(one) for one in views], as_json=as_json, text="\n".join(_line(one) for one in views))


def _pair(text: str) -> SettingChange:
    key, equals, value = text.partition("=")
    try:
        return SettingChange(key.strip(), float(value))
    except ValueError as error:
        msg = f"“{text}”看不懂：请写 名称=数字，例如 return_walk_min=20" if equals else f"“{text}”缺少 =数字"
        raise InputError(msg) from error


def _row(one: SettingView) -> dict[str, object]:
    spec = one.spec
    return {
        "key": spec.key,
        "label": spec.label,
        "section": spec.section,
        "value": one.value,
        "unit": spec.unit,
        "default": spec.default,
        "least": spec.least,
        "most": spec.most,
        "is_default": one.is_default,
    }


def _line(one: SettingView) -> str:
    changed = "" if one.is_default else f"（程序默认 {one.spec.default:g}）"
    return f"{one.spec.key}\t{one.spec.label}\t{one.value:g} {one.spec.unit}{changed}"


def register(app: typer.Typer) -> None:
    """Add `jiujin settings`."""
    app.add_typer(settings_app, name="settings")
