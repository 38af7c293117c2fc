"""`jiujin sample`: a made-up street, or made-up members on the area that has been imported."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store, say
from gis.errors import InputError
from gis.model.access import operator
from gis.services.accounts import SYSTEM, create_demo_accounts
from gis.services.sample.area import sample_on_area
from gis.services.sample.street import SampleRequest, sample_street
from gis.services.sample.visits import sample_visits

if TYPE_CHECKING:
    from gis.services.accounts import DemoAccount
    from gis.services.sample.street import SampleResult

DEFAULT_SEED, DEFAULT_MEMBERS, AREA_MEMBERS = 7, 1366, 400


def sample(
    seed: Annotated[int, typer.Option(help="随机种子，相同则结果相同")] = DEFAULT_SEED,
    members: Annotated[
        int | None, typer.Option(help=f"党员人数；默认 {DEFAULT_MEMBERS}，用 --on-area 时 {AREA_MEMBERS}")
    ] = None,
    roster_dir: Annotated[Path | None, typer.Option(help="另把花名册和图层按街道上报的样子写入此目录")] = None,
    on_area: Annotated[bool, typer.Option("--on-area", help="在已导入的辖区上生成虚构的党组织、党员和中心户")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """生成虚构的青禾街道，或在已导入的辖区上生成虚构党员；人和组织全属虚构。"""
    with Reporting(as_json=as_json):
        if on_area and roster_dir is not None:
            msg = "--roster-dir 只用于虚构街道，不能与 --on-area 同用"
            raise InputError(msg)
        store = open_store(db)
        count = members if members is not None else AREA_MEMBERS if on_area else DEFAULT_MEMBERS
        make = sample_on_area if on_area else sample_street
        result = make(operator(), store, SampleRequest(seed, count, roster_dir))
        accounts = create_demo_accounts(SYSTEM, store)
        sample_visits(operator(), store, seed)
        emit(asdict(result), as_json=as_json, text=_text(result, accounts))
        if as_json:
            say(_accounts_text(accounts))


def _text(result: SampleResult, accounts: tuple[DemoAccount, ...]) -> str:
    return (
        f"已生成：{result.orgs} 个社区（村）、{result.branches} 个支部、党员 {result.members} 名"
        f"（过渡期 {result.transition} 名）、中心户 {result.hosts} 户，全属虚构\n" + _accounts_text(accounts)
    )


def _accounts_text(accounts: tuple[DemoAccount, ...]) -> str:
    rows = [f"  {one.username:<12}{one.password:<16}{one.role}\t{one.org}" for one in accounts]
    return "\n".join(["演示账号（口令只显示这一次）：", *rows])


def register(app: typer.Typer) -> None:
    """Add `jiujin sample`."""
    app.command("sample")(sample)
