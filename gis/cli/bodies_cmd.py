"""`jiujin bodies`: joint committees, alliances and activity groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_cmd import found_id
from gis.cli.org_days import chosen, read_day, written
from gis.errors import NotFoundError
from gis.model.access import operator
from gis.model.bodies import BodyKind, BodyRole
from gis.model.ids import BodyId, BodySeatId, MemberId
from gis.services.bodies import BodyForm, SeatForm, add_body, add_seat, end_body, end_seat, list_bodies
from gis.services.org_edit import org_named

if TYPE_CHECKING:
    from gis.services.bodies import BodyLine

bodies_app = typer.Typer(help="联合体：党建联合委员会、党建联盟、活动小组。", no_args_is_help=True)
BodyArgument = Annotated[int, typer.Argument(help="联合体编号，见 bodies list")]


@bodies_app.command("list")
def list_all(
    ended: Annotated[bool, typer.Option("--ended", help="含已终止的")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出联合体及成员，含外镇、外单位的组织。"""
    with Reporting(as_json=as_json):
        rows = list_bodies(operator(), open_store(db), with_ended=ended)
        emit([_row(row) for row in rows], as_json=as_json, text="\n".join(map(_text, rows)) or "还没有联合体")


def _row(row: BodyLine) -> dict[str, object]:
    body = row.body
    return {
        "body": body.id,
        "name": body.name,
        "kind": body.kind.value,
        "lead": row.lead,
        "founded_on": written(body.founded_on),
        "ended_on": written(body.valid_to),
        "towns": list(row.towns),
        "note": body.note,
        "members": [
            {
                "seat": line.seat.id,
                "name": line.name,
                "town": line.town,
                "role": line.seat.role.value,
                "outside": line.is_outside,
                "from": written(line.seat.valid_from),
                "to": written(line.seat.valid_to),
            }
            for line in row.seats
        ],
    }


def _text(row: BodyLine) -> str:
    head = f"{row.body.id}\t{row.body.name}\t{row.body.kind.label}\t牵头：{row.lead}"
    seats = [
        f"  {line.seat.id}\t{line.name}\t{line.town}\t{line.seat.role.label}{'（系统外）' if line.is_outside else ''}"
        for line in row.seats
    ]
    return "\n".join([head, *seats])


@bodies_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="名称")],
    kind: Annotated[str, typer.Option(help="类别：" + "、".join(BodyKind.labels()))],
    lead: Annotated[str, typer.Option(help="牵头组织的名称、编码或编号")],
    founded: Annotated[str, typer.Option(help="成立日期，如 2026-06-01")] = "",
    note: Annotated[str, typer.Option(help="说明")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """成立一个联合体；牵头组织是第一个成员。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        org = found_id(org_named(actor, store, lead))
        form = BodyForm(name, chosen(BodyKind, kind, "类别"), org, read_day(founded, "成立日期"), note)
        number = add_body(actor, store, form)
        emit({"body": number, "name": name}, as_json=as_json, text=f"已成立：{name}（{number}）")


@bodies_app.command("join")
def join(
    body: BodyArgument,
    org: Annotated[str, typer.Option(help="本系统内的组织")] = "",
    name: Annotated[str, typer.Option(help="外镇、外单位组织的名称")] = "",
    town: Annotated[str, typer.Option(help="外镇、外单位组织所属的镇、街道")] = "",
    member: Annotated[int | None, typer.Option(help="党员编号，只用于活动小组")] = None,
    role: Annotated[str, typer.Option(help="担任：" + "、".join(BodyRole.labels()))] = BodyRole.MEMBER.label,
    since: Annotated[str, typer.Option("--from", help="起始日期，如 2026-06-01；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """增加一个成员：系统内的组织、系统外的组织名称，或活动小组的党员。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        form = SeatForm(
            chosen(BodyRole, role, "担任"),
            org_named(actor, store, org).id if org else None,
            MemberId(member) if member else None,
            name,
            town,
            read_day(since, "起始日期"),
        )
        number = add_seat(actor, store, BodyId(body), form)
        emit({"seat": number}, as_json=as_json, text=f"已增加成员（{number}）")


@bodies_app.command("leave")
def leave(
    seat: Annotated[int, typer.Argument(help="成员编号，见 bodies list")],
    on: Annotated[str, typer.Option(help="日期，如 2026-06-01；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """一个成员退出，历史保留。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = next((s.seat for row in list_bodies(actor, store) for s in row.seats if s.seat.id == seat), None)
        if found is None:
            msg = f"没有编号为 {seat} 的成员，见 jiujin bodies list"
            raise NotFoundError(msg)
        end_seat(actor, store, BodySeatId(seat), found.version, on=read_day(on, "日期"))
        emit({"seat": seat, "ended": True}, as_json=as_json, text="已退出")


@bodies_app.command("end")
def end(
    body: BodyArgument,
    on: Annotated[str, typer.Option(help="终止日期，如 2026-06-01；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """终止一个联合体，历史保留。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = next((row.body for row in list_bodies(actor, store) if row.body.id == body), None)
        if found is None:
            msg = f"没有编号为 {body} 的联合体，见 jiujin bodies list"
            raise NotFoundError(msg)
        end_body(actor, store, BodyId(body), found.version, on=read_day(on, "终止日期"))
        emit({"body": body, "ended": True}, as_json=as_json, text=f"已终止：{found.name}")


def register(app: typer.Typer) -> None:
    """Add `jiujin bodies`."""
    app.add_typer(bodies_app, name="bodies")
