"""`jiujin hosts`: 党员中心户 from application to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_days import chosen, need_day, read_day, written
from gis.errors import NotFoundError
from gis.model.access import operator
from gis.model.ids import HostId, MemberId
from gis.services.grouping import branches_named
from gis.services.host_checks import STEPS, HostStep
from gis.services.host_life import Stop, end_host, resume_host, set_capacity, sign_agreement, suspend_host, take_step
from gis.services.hosts import HostForm, apply_host, list_hosts

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.services.hosts import HostLine
    from gis.store.database import Store

hosts_app = typer.Typer(help="党员中心户：报名、推荐、建议、审定，协议，暂停和撤销。", no_args_is_help=True)
HostArgument = Annotated[int, typer.Argument(help="中心户编号，见 hosts list")]
DayOption = Annotated[str, typer.Option("--on", help="日期，如 2026-06-01；不填为今天")]
SettledOption = Annotated[bool, typer.Option("--settled", help="在此活动的党小组已另定活动地点")]


@hosts_app.command("list")
def list_all(
    branch: Annotated[list[str] | None, typer.Option(help="支部名称，可多次；不填为全部")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出中心户：状态、四步日期、协议、负责人、在此活动的党小组和问题。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        rows = list_hosts(actor, store, branches_named(actor, store, branch) if branch else None)
        lines = [
            f"{row.host.id}\t{row.host.name}\t{row.branch}\t{row.host.status.label}\t{row.host.capacity} 人\t"
            f"{'待' + row.next_step.label if row.next_step else ''}\t{'；'.join(row.faults)}"
            for row in rows
        ]
        emit([_row(row) for row in rows], as_json=as_json, text="\n".join(lines) or "还没有中心户")


def _row(row: HostLine) -> dict[str, object]:
    host = row.host
    return {
        "host": host.id,
        "name": host.name,
        "member": host.member_id,
        "branch": row.branch,
        "building": row.building,
        "capacity": host.capacity,
        "capacity_reason": host.capacity_reason,
        "status": host.status.value,
        **{step.value: written(getattr(host, step.value)) for step in STEPS},
        "agreement_signed_on": written(host.agreement_signed_on),
        "responsible": row.responsible,
        "suspended_on": written(host.suspended_on),
        "ended_on": written(host.ended_on),
        "ended_reason": host.ended_reason,
        "next_step": row.next_step.value if row.next_step else None,
        "groups": list(row.groups),
        "faults": list(row.faults),
    }


@hosts_app.command("apply")
def apply(
    member: Annotated[int, typer.Argument(help="报名党员的编号，见 members list")],
    capacity: Annotated[int, typer.Option(help="可容纳人数")],
    on: DayOption = "",
    reason: Annotated[str, typer.Option(help="人数超过一般限额的理由")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记个人报名；地点是本人现住处，户主须是正式党员。"""
    with Reporting(as_json=as_json):
        form = HostForm(MemberId(member), capacity, read_day(on, "报名日期"), reason=reason)
        number = apply_host(operator(), open_store(db), form)
        emit({"host": number, "status": "proposed"}, as_json=as_json, text=f"已登记报名（{number}），下一步：党员推荐")


@hosts_app.command("step")
def step(
    host: HostArgument,
    name: Annotated[str, typer.Argument(help="步骤：" + "、".join(HostStep.labels()))],
    on: DayOption = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记一个步骤的日期；按顺序办，支部审定后即为已批准。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = _found(actor, store, host)
        status = take_step(
            actor, store, HostId(host), chosen(HostStep, name, "步骤"), _day(store, on), found.host.version
        )
        emit({"host": host, "status": status.value}, as_json=as_json, text=f"已登记{name}，现为{status.label}")


@hosts_app.command("agree")
def agree(
    host: HostArgument,
    on: DayOption = "",
    responsible: Annotated[int | None, typer.Option(help="负责人的党员编号；不填为户主")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记中心户协议的签订日期和负责人。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = _found(actor, store, host)
        person = MemberId(responsible) if responsible else None
        sign_agreement(actor, store, HostId(host), _day(store, on), found.host.version, responsible_id=person)
        emit({"host": host, "signed": True}, as_json=as_json, text="已登记协议和负责人")


@hosts_app.command("capacity")
def capacity(
    host: HostArgument,
    seats: Annotated[int, typer.Argument(help="可容纳人数")],
    reason: Annotated[str, typer.Option(help="人数超过一般限额的理由")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """修改可容纳人数。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        set_capacity(actor, store, HostId(host), seats, _found(actor, store, host).host.version, reason=reason)
        emit({"host": host, "capacity": seats}, as_json=as_json, text=f"已改为 {seats} 人")


@hosts_app.command("suspend")
def suspend(
    host: HostArgument,
    on: DayOption = "",
    settled: SettledOption = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """暂停一户中心户；还有党小组在此活动时列出小组，定好新地点后加 --settled。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        stop = Stop(_day(store, on), groups_settled=settled)
        suspend_host(actor, store, HostId(host), stop, _found(actor, store, host).host.version)
        emit({"host": host, "status": "suspended"}, as_json=as_json, text="已暂停")


@hosts_app.command("resume")
def resume(host: HostArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """恢复一户暂停的中心户。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        resume_host(actor, store, HostId(host), _found(actor, store, host).host.version)
        emit({"host": host, "status": "approved"}, as_json=as_json, text="已恢复")


@hosts_app.command("end")
def end(
    host: HostArgument,
    reason: Annotated[str, typer.Option(help="撤销原因，必填")] = "",
    on: DayOption = "",
    settled: SettledOption = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """撤销一户中心户，写明原因，历史保留。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        stop = Stop(_day(store, on), reason, settled)
        end_host(actor, store, HostId(host), stop, _found(actor, store, host).host.version)
        emit({"host": host, "status": "ended"}, as_json=as_json, text="已撤销，历史保留")


def _day(store: Store, text: str) -> date:
    return need_day(text or store.today().isoformat(), "日期")


def _found(actor: Actor, store: Store, host: int) -> HostLine:
    found = next((row for row in list_hosts(actor, store) if row.host.id == host), None)
    if found is None:
        msg = f"没有编号为 {host} 的中心户，见 jiujin hosts list"
        raise NotFoundError(msg)
    return found


def register(app: typer.Typer) -> None:
    """Add `jiujin hosts`."""
    app.add_typer(hosts_app, name="hosts")
