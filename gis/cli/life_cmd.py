"""`jiujin life`: move, correct, return, transfer, leave; histories and the lists of both sides on any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli import life_texts as texts
from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError
from gis.model.access import operator
from gis.model.ids import BuildingId, MemberId, OrgId, ResidenceId
from gis.model.rights import LeftKind
from gis.services.dual import org_named
from gis.services.leaving import LeaveRequest, register_leaving, undo_leaving
from gis.services.life import view_life
from gis.services.life_lists import lists_as_of
from gis.services.moving import CorrectRequest, MoveRequest, correct_home, register_move
from gis.services.returning import ReturnRequest, register_return
from gis.services.reviewing import list_reviews, settle_reviews
from gis.services.transferring import TransferRequest, register_transfer

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

life_app = typer.Typer(
    help="变动登记：迁居、更正住址、返迁、转接组织关系、去世和离开；任何一天的名单。", no_args_is_help=True
)

MemberArgument = Annotated[int, typer.Argument(help="党员编号，见 members list 或 cards search")]
OnOption = Annotated[str, typer.Option("--on", help="变动日期 YYYY-MM-DD；不填为今天")]
AddressOption = Annotated[str, typer.Option("--address", help="住址，例如 葵岸苑3幢2单元501室")]
BuildingOption = Annotated[int | None, typer.Option("--building", help="指定楼栋的编号（不靠地址匹配）")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因，不超过 200 字")]
ResidenceOrgOption = Annotated[str, typer.Option("--residence-org", help="居住地党组织名称；不填按所在社区推定")]


def _day(text: str, store: Store) -> date:
    if not text:
        return store.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"日期 {text} 无法识别，请写成 2026-03-15"
        raise InputError(msg) from None


def _org(actor: Actor, store: Store, name: str) -> OrgId | None:
    return org_named(actor, store, name) if name else None


@life_app.command("move")
def move(  # one parameter an option
    member: MemberArgument,
    address: AddressOption = "",
    building: BuildingOption = None,
    on: OnOption = "",
    reason: ReasonOption = "",
    residence_org: ResidenceOrgOption = "",
    past: Annotated[bool, typer.Option("--past", help="补登以前的住处，现住址不变")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记迁居：同一名党员增加一条住址，原住址保留起止日期。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        request = MoveRequest(
            member_id=MemberId(member),
            address=address,
            on=_day(on, store),
            reason=reason,
            building_id=None if building is None else BuildingId(building),
            residence_org_id=_org(actor, store, residence_org),
            is_past=past,
        )
        moved = register_move(actor, store, request)
        emit(texts.moved_document(moved), as_json=as_json, text=texts.moved_text(moved))


@life_app.command("correct")
def correct(  # one parameter an option
    member: MemberArgument,
    reason: ReasonOption,
    residence: Annotated[int | None, typer.Option(help="住址记录的编号，见 life history；不填为现住址")] = None,
    address: AddressOption = "",
    building: BuildingOption = None,
    since: Annotated[str, typer.Option(help="正确的起始日期 YYYY-MM-DD")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """更正登记错的住址或起始日期：人没有搬家，就地改正，注明原因。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        life = view_life(actor, store, MemberId(member)).life
        wanted = life.home if residence is None else next((one for one in life.homes if one.id == residence), None)
        if wanted is None:
            msg = "没有这条住址记录，见 life history"
            raise InputError(msg)
        request = CorrectRequest(
            member_id=MemberId(member),
            residence_id=ResidenceId(int(wanted.id)),
            version=wanted.version,
            reason=reason,
            address=address,
            building_id=None if building is None else BuildingId(building),
            since=_day(since, store) if since else None,
        )
        moved = correct_home(actor, store, request)
        emit(texts.moved_document(moved), as_json=as_json, text=texts.moved_text(moved))


@life_app.command("return")
def come_home(  # one parameter an option
    member: MemberArgument,
    on: OnOption = "",
    community: Annotated[str, typer.Option(help="安置小区")] = "",
    address: AddressOption = "",
    building: BuildingOption = None,
    reason: ReasonOption = "",
    residence_org: ResidenceOrgOption = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记返迁：结束过渡期，登记新住址；提出可转入的支部和附近的小组，不自动转接。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        request = ReturnRequest(
            member_id=MemberId(member),
            on=_day(on, store),
            community=community,
            address=address,
            building_id=None if building is None else BuildingId(building),
            reason=reason,
            residence_org_id=_org(actor, store, residence_org),
        )
        found = register_return(actor, store, request)
        emit(texts.returned_document(found), as_json=as_json, text=texts.returned_text(found))


@life_app.command("transfer")
def transfer(
    member: MemberArgument,
    to: Annotated[str, typer.Option("--to", help="转入支部的名称")],
    reason: ReasonOption,
    on: OnOption = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记组织关系在街道内转接（转入支部已接收）。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        branch = org_named(actor, store, to)
        found = register_transfer(actor, store, TransferRequest(MemberId(member), branch, _day(on, store), reason))
        emit(texts.transferred_document(found), as_json=as_json, text=texts.transferred_text(found))


@life_app.command("leave")
def leave(
    member: MemberArgument,
    kind: Annotated[str, typer.Option(help="情形：" + "、".join(LeftKind.labels()))],
    on: OnOption = "",
    reason: ReasonOption = "",
    offices_later: Annotated[bool, typer.Option("--offices-later", help="去世的：先登记，所任职务由支部另定")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记去世、组织关系转出街道或出党：结束小组席位、联系人等，资料限制查看、到期清除。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        chosen = LeftKind.from_label(kind)
        if chosen is None:
            msg = f"情形没有“{kind}”，可选：{'、'.join(LeftKind.labels())}"
            raise InputError(msg)
        request = LeaveRequest(MemberId(member), chosen, _day(on, store), reason, offices_later=offices_later)
        found = register_leaving(actor, store, request)
        emit(texts.left_document(found), as_json=as_json, text=texts.left_text(found))


@life_app.command("undo-leave")
def undo(member: MemberArgument, reason: ReasonOption, db: DbOption = "", as_json: JsonOption = False) -> None:
    """撤销登记错的去世或离开（资料保留期内）。"""
    with Reporting(as_json=as_json):
        undo_leaving(operator(), open_store(db), MemberId(member), reason)
        emit(
            {"member": member, "undone": True},
            as_json=as_json,
            text="已撤销离开登记，原来的安排已恢复；请核对小组和联系人",
        )


@life_app.command("history")
def history(member: MemberArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """一名党员的住址、组织关系、过渡期和变动经过。"""
    with Reporting(as_json=as_json):
        view = view_life(operator(), open_store(db), MemberId(member))
        emit(texts.life_document(view), as_json=as_json, text=texts.life_text(view))


@life_app.command("roster")
def roster(
    org: Annotated[str, typer.Option("--org", help="组织名称或编码；不填为全街道")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="哪一天 YYYY-MM-DD；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """某一天一个组织的在册党员和居住在其辖区的党员。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        lists = lists_as_of(actor, store, _org(actor, store, org), _day(as_of, store))
        emit(texts.lists_document(lists), as_json=as_json, text=texts.lists_text(lists))


@life_app.command("reviews")
def reviews(
    settle: Annotated[int | None, typer.Option(help="复核完的党员编号")] = None,
    answer: Annotated[str, typer.Option(help="复核结论，例如 照旧、已重新编组")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """变动以后待人复核的小组、学习方式和联系人；用 --settle 和 --answer 记下结论。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        if settle is not None:
            count = settle_reviews(actor, store, MemberId(settle), answer)
            emit({"member": settle, "settled": count}, as_json=as_json, text=f"已复核 {count} 项")
            return
        found = list_reviews(actor, store)
        emit(texts.reviews_document(found), as_json=as_json, text=texts.reviews_text(found))


def register(app: typer.Typer) -> None:
    """Add `jiujin life`."""
    app.add_typer(life_app, name="life")
