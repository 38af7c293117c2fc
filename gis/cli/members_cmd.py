"""`jiujin members`: what planning takes into account about each member."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError, NotFoundError
from gis.model.access import operator
from gis.model.enums import MobilityLevel, Preference
from gis.model.ids import HostId, MemberId
from gis.services.conditions import Conditions, MemberConditions, list_conditions, set_conditions
from gis.services.grouping import branches_named

members_app = typer.Typer(
    help="编组条件：行动能力、本人意愿、步行上限、同组的人、可任组长、指定中心户。", no_args_is_help=True
)
NO_HOST = BY_AGE = NOBODY = 0


@members_app.command("list")
def list_members(
    branch: Annotated[list[str] | None, typer.Option(help="支部名称，可多次；不填为全部")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出党员的编组条件及编号。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = list_conditions(actor, store, branches_named(actor, store, branch) if branch else None)
        rows = [_row(one) for one in found]
        lines = [
            f"{one.member_id}\t{one.name}\t{one.branch}\t{_said(one.conditions.mobility_level)}\t"
            f"{one.conditions.preference.label}\t{'可任组长' if one.conditions.is_leader_eligible else ''}"
            for one in found
        ]
        emit(rows, as_json=as_json, text="\n".join(lines) or "没有党员")


def _row(one: MemberConditions) -> dict[str, object]:
    set_ = one.conditions
    return {
        "member": one.member_id,
        "name": one.name,
        "branch": one.branch,
        "age": one.age,
        "full": one.is_full,
        "transition": one.is_in_transition,
        "mobility": set_.mobility_level.value if set_.mobility_level else None,
        "preference": set_.preference.value,
        "leader": set_.is_leader_eligible,
        "host": set_.locked_host_id,
        "max_walk_m": set_.max_walk_m,
        "with": list(set_.companion_ids),
    }


def _said(level: MobilityLevel | None) -> str:
    return level.label if level else "未核定"


@members_app.command("set")
def set_member(  # one parameter an option
    member: Annotated[int, typer.Argument(help="党员编号，见 members list")],
    mobility: Annotated[str, typer.Option(help="行动能力：" + "、".join(MobilityLevel.labels()))] = "",
    preference: Annotated[str, typer.Option(help="本人意愿：" + "、".join(Preference.labels()))] = "",
    leader: Annotated[bool | None, typer.Option("--leader/--no-leader", help="可否任组长")] = None,
    host: Annotated[int | None, typer.Option(help="指定中心户的编号；0 为不再指定")] = None,
    max_walk: Annotated[int | None, typer.Option(help="本人步行上限（米）；0 为按年龄")] = None,
    together: Annotated[list[int] | None, typer.Option("--with", help="同组的人的编号，可多次；0 为不要求")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """核定一名党员的编组条件；没写的各项不变。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = next((one for one in list_conditions(actor, store) if one.member_id == member), None)
        if found is None:
            msg = f"没有编号为 {member} 的党员"
            raise NotFoundError(msg)
        wanted = _changed(found.conditions, mobility, preference)
        if leader is not None:
            wanted = replace(wanted, is_leader_eligible=leader)
        if host is not None:
            wanted = replace(wanted, locked_host_id=None if host == NO_HOST else HostId(host))
        if max_walk is not None:
            wanted = replace(wanted, max_walk_m=None if max_walk == BY_AGE else max_walk)
        if together:
            wanted = replace(wanted, companion_ids=tuple(MemberId(one) for one in together if one != NOBODY))
        set_conditions(actor, store, MemberId(member), wanted, found.version)
        emit(_row(replace(found, conditions=wanted)), as_json=as_json, text=f"已核定：{found.name}")


def _changed(now: Conditions, mobility: str, preference: str) -> Conditions:
    level, wish = MobilityLevel.from_label(mobility), Preference.from_label(preference)
    if mobility and level is None:
        msg = f"行动能力没有“{mobility}”，可选：{'、'.join(MobilityLevel.labels())}"
        raise InputError(msg)
    if preference and wish is None:
        msg = f"本人意愿没有“{preference}”，可选：{'、'.join(Preference.labels())}"
        raise InputError(msg)
    return replace(now, mobility_level=level or now.mobility_level, preference=wish or now.preference)


def register(app: typer.Typer) -> None:
    """Add `jiujin members`."""
    app.add_typer(members_app, name="members")
