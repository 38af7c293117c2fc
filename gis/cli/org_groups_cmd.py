"""`jiujin org group-add` and `group-close`: 楼栋党小组."""

from __future__ import annotations

from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_cmd import found_id, org_app
from gis.cli.org_days import need_day, read_day
from gis.model.access import operator
from gis.model.ids import BuildingId, HostId, MemberId
from gis.services.building_groups import BuildingGroupForm, close_building_group, found_building_group
from gis.services.org_edit import org_named


def add_group(
    branch: Annotated[str, typer.Argument(help="支部的名称、编码或编号")],
    name: Annotated[str, typer.Argument(help="小组名称，不含个人姓名")],
    leader: Annotated[int, typer.Option(help="组长的党员编号，须是正式党员")],
    decided: Annotated[str, typer.Option(help="支委会决定日期，如 2026-06-01")] = "",
    reported: Annotated[str, typer.Option(help="报上级日期")] = "",
    building: Annotated[list[int] | None, typer.Option(help="楼栋编号，可多次：住在其中的本支部党员都编入")] = None,
    member: Annotated[list[int] | None, typer.Option(help="党员编号，可多次")] = None,
    host: Annotated[int | None, typer.Option(help="活动地点：中心户编号")] = None,
    reason: Annotated[str, typer.Option(help="须说明的事项的理由")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """设立楼栋党小组：至少 3 人，组长是正式党员。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        form = BuildingGroupForm(
            found_id(org_named(actor, store, branch)),
            name,
            MemberId(leader),
            need_day(decided, "支委会决定日期 --decided"),
            frozenset(map(MemberId, member or ())),
            frozenset(map(BuildingId, building or ())),
            HostId(host) if host else None,
            read_day(reported, "报上级日期"),
        )
        number = found_building_group(actor, store, form, reason=reason)
        emit({"group": number, "name": name}, as_json=as_json, text=f"已设立：{name}（{number}）")


def close_group(
    group: Annotated[int, typer.Argument(help="小组编号，见 org tree")], db: DbOption = "", as_json: JsonOption = False
) -> None:
    """停止一个楼栋党小组，历史保留。"""
    with Reporting(as_json=as_json):
        close_building_group(operator(), open_store(db), group)
        emit({"group": group, "closed": True}, as_json=as_json, text="已停止")


def register(_app: typer.Typer) -> None:
    """Add the commands to `jiujin org`."""
    org_app.command("group-add")(add_group)
    org_app.command("group-close")(close_group)
