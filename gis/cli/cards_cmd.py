"""`jiujin cards`: the contact cards of members in transition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from gis.cli.cards_text import card_document, card_text, line_document, totals_document, totals_text
from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.kept import keep
from gis.config import settings
from gis.errors import InputError
from gis.model.access import Action, operator
from gis.model.contact import Clear, Employment, FamilyRelation, ManagementMode
from gis.model.enums import HousingKind, Labelled, MapPrecision, MobilityLevel, Preference
from gis.model.ids import MemberId
from gis.model.papers import PaperFormat, PaperSize
from gis.services.card_editing import (
    HouseholdDetails,
    details_of,
    edit_card,
    edit_household,
    versions_of,
)
from gis.services.card_paper import CardPrint, card_file, household_file
from gis.services.cards import branch_totals, issue_cards, list_cards, open_card, show_phones
from gis.services.exports import Kept
from gis.services.grouping import branches_named
from gis.services.member_search import search_members
from gis.services.visits.window import read_window

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.card_editing import CardDetails
    from gis.store.database import Store

cards_app = typer.Typer(help="联系卡：列出、查看、登记、打印，六个清的完整程度。", no_args_is_help=True)
KindT = TypeVar("KindT", bound=Labelled)

MemberArgument = Annotated[int, typer.Argument(help="党员编号，见 cards list 或 cards search")]
BranchOption = Annotated[list[str] | None, typer.Option(help="支部名称，可多次；不填为全部")]
DayOption = Annotated[str, typer.Option(help="日期，年-月-日；不填为今天")]
SizeOption = Annotated[PaperSize, typer.Option(help="纸张")]
FormOption = Annotated[PaperFormat, typer.Option("--format", help="pdf 或 docx")]


def day_of(text: str, option: str) -> date | None:
    """Read a day given as an option; None for ""."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        msg = f"{option}“{text}”：请填 年-月-日，例如 2026-03-05"
        raise InputError(msg) from error


def chosen(kinds: type[KindT], text: str, option: str) -> KindT:
    """Read a value of a code list by code or label."""
    found = kinds.from_label(text)
    if found is None:
        msg = f"{option}没有“{text}”，可选：{'、'.join(kinds.labels())}"
        raise InputError(msg)
    return found


@cards_app.command("completeness")
def card_completeness(
    branch: BranchOption = None,
    as_of: Annotated[str, typer.Option(help="截至哪一天在过渡期的党员，年-月-日；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """六个清的完整程度：逐人列出六项是否清楚、还缺什么，各支部合计。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        day = day_of(as_of, "--as-of")
        branches = branches_named(actor, store, branch) if branch else None
        rows, totals = branch_totals(actor, store, branches, day)
        shown = day or store.today()
        emit(totals_document(rows, totals, shown), as_json=as_json, text=totals_text(totals, shown))


@cards_app.command("list")
def card_list(
    branch: BranchOption = None,
    lacking: Annotated[str, typer.Option(help="只列缺这一项的：" + "、".join(Clear.labels()))] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出返迁过渡期党员的联系卡。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        wanted = chosen(Clear, lacking, "--lacking") if lacking else None
        found = list_cards(actor, store, branches_named(actor, store, branch) if branch else None, lacking=wanted)
        lines = [
            f"{one.member_id}\t{one.card_no}\t{one.name}\t{one.branch}\t{one.phone}\t"
            f"{one.completeness.n_clear}/6\t{'、'.join(one.completeness.missing_words)}"
            for one in found
        ]
        emit([line_document(one) for one in found], as_json=as_json, text="\n".join(lines) or "没有联系卡")


@cards_app.command("search")
def card_search(
    text: Annotated[str, typer.Argument(help="姓名、拼音首字母、电话末几位、小区、楼栋、支部；几个词用空格隔开")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """查找党员。"""
    with Reporting(as_json=as_json):
        found = search_members(operator(), open_store(db), text)
        rows = [
            {
                "member": one.member_id,
                "name": one.name,
                "branch": one.branch,
                "place": one.place,
                "phone": one.phone,
                "transition": one.is_in_transition,
                "card": one.has_card,
            }
            for one in found
        ]
        lines = [f"{one.member_id}\t{one.name}\t{one.branch}\t{one.place}\t{one.phone}" for one in found]
        emit(rows, as_json=as_json, text="\n".join(lines) or "没有找到")


@cards_app.command("show")
def card_show(
    member: MemberArgument,
    as_of: Annotated[str, typer.Option(help="年龄、年限算到哪一天，年-月-日；不填为今天")] = "",
    phones: Annotated[str, typer.Option(help="显示完整电话，须写明用途；记入操作日志")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """查看一张联系卡；电话隐去中间四位。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        view = open_card(actor, store, MemberId(member), as_of=day_of(as_of, "--as-of"))
        told = show_phones(actor, store, MemberId(member), phones) if phones else None
        emit(card_document(view, told), as_json=as_json, text=card_text(view, told))


@cards_app.command("edit")
def card_edit(  # one parameter an option
    member: MemberArgument,
    phone: Annotated[str | None, typer.Option(help="联系电话")] = None,
    phone2: Annotated[str | None, typer.Option(help="备用电话")] = None,
    village: Annotated[str | None, typer.Option(help="原村（组）")] = None,
    expected_return: Annotated[str | None, typer.Option(help="预计返迁，年或年-月")] = None,
    precision: Annotated[str, typer.Option(help="位置显示到：" + "、".join(MapPrecision.labels()))] = "",
    preference: Annotated[str, typer.Option(help="本人意愿：" + "、".join(Preference.labels()))] = "",
    mobility: Annotated[str, typer.Option(help="行动能力：" + "、".join(MobilityLevel.labels()))] = "",
    alone: Annotated[bool | None, typer.Option("--alone/--not-alone", help="是否独居")] = None,
    employment: Annotated[str, typer.Option(help="就业状况：" + "、".join(Employment.labels()))] = "",
    smartphone: Annotated[bool | None, typer.Option("--smartphone/--no-smartphone", help="会用智能手机")] = None,
    private: Annotated[bool | None, typer.Option("--private/--not-private", help="不愿公开党员身份")] = None,
    management: Annotated[str, typer.Option(help="管理方式：" + "、".join(ManagementMode.labels()))] = "",
    mobile_card: Annotated[str | None, typer.Option(help="流动党员活动证号")] = None,
    visit_window: Annotated[str | None, typer.Option(help='方便上门的时段，例如 9:00-10:30；写 "" 取消')] = None,
    emergency: Annotated[str, typer.Option(help="紧急联系人：姓名,电话,关系；须已征得其同意")] = "",
    verify: Annotated[bool, typer.Option("--verify", help="已与本人逐项核对，记为今天核实")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记一张联系卡；没写的各项不变。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        view = open_card(actor, store, MemberId(member))
        given: dict[str, object] = {
            "phone": phone,
            "phone2": phone2,
            "original_village": village,
            "expected_return": expected_return,
            "map_precision": _maybe(MapPrecision, precision, "--precision"),
            "preference": _maybe(Preference, preference, "--preference"),
            "mobility_level": _maybe(MobilityLevel, mobility, "--mobility"),
            "lives_alone": alone,
            "employment": _maybe(Employment, employment, "--employment"),
            "can_use_smartphone": smartphone,
            "is_private": private,
            "management_mode": _maybe(ManagementMode, management, "--management"),
            "mobile_card_no": mobile_card,
        }
        said: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        wanted = replace(details_of(view), **said)
        wanted = _with_emergency(wanted, emergency) if emergency else wanted
        wanted = wanted if visit_window is None else _with_window(wanted, visit_window)
        edit_card(actor, store, MemberId(member), wanted, versions_of(view), verify=verify)
        _emit_card(actor, store, member, as_json=as_json)


def _maybe(kinds: type[KindT], text: str, option: str) -> KindT | None:
    return chosen(kinds, text, option) if text else None


def _with_emergency(now: CardDetails, text: str) -> CardDetails:
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    if len(parts) != 3:  # noqa: PLR2004  # name, number, relation
        msg = f"--emergency“{text}”：请填 姓名,电话,关系，例如 禾春晖,15400000000,子女"
        raise InputError(msg)
    relation = chosen(FamilyRelation, parts[2], "--emergency 的关系")
    return replace(
        now, emergency_name=parts[0], emergency_phone=parts[1], emergency_relation=relation, is_emergency_told=True
    )


def _with_window(now: CardDetails, text: str) -> CardDetails:
    found = read_window(text) or (None, None)
    return replace(now, visit_from_min=found[0], visit_to_min=found[1])


def _emit_card(actor: Actor, store: Store, member: int, *, as_json: bool) -> None:
    view = open_card(actor, store, MemberId(member))
    emit(
        card_document(view, None),
        as_json=as_json,
        text=f"已登记：{view.member.name}，六个清 {view.completeness.n_clear}/6",
    )


@cards_app.command("household")
def card_household(
    member: MemberArgument,
    housing: Annotated[str, typer.Option(help="居住情况：" + "、".join(HousingKind.labels()))] = "",
    floor: Annotated[int | None, typer.Option(help="楼层")] = None,
    lift: Annotated[bool | None, typer.Option("--lift/--no-lift", help="有无电梯")] = None,
    head: Annotated[str | None, typer.Option(help="户主姓名")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """查看或登记一户一档：不写选项只查看；登记对同户各人都有效。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        file = open_card(actor, store, MemberId(member)).household
        if file is None:
            msg = "该党员还没有户档：先登记现住址"
            raise InputError(msg)
        wanted = HouseholdDetails(
            head_name=file.head_name if head is None else head,
            housing_kind=chosen(HousingKind, housing, "--housing") if housing else file.housing_kind,
            floor_no=file.floor_no if floor is None else floor,
            has_lift=file.has_lift if lift is None else lift,
        )
        if wanted != HouseholdDetails(file.head_name, file.housing_kind, file.floor_no, file.has_lift):
            edit_household(actor, store, MemberId(member), wanted, file.version)
        view = open_card(actor, store, MemberId(member))
        document = card_document(view, None)["household"]
        emit(document, as_json=as_json, text=f"户档 {file.file_no}：同户 {'、'.join(view.household_names)}")


@cards_app.command("print")
def card_print(
    reason: Annotated[str, typer.Option(help="用途，例如“上门走访”；记入操作日志")],
    members: Annotated[list[int] | None, typer.Argument(help="党员编号，可多个")] = None,
    branch: BranchOption = None,
    size: SizeOption = PaperSize.A4,
    form: FormOption = PaperFormat.PDF,
    household: Annotated[bool, typer.Option("--household", help="打印户档，而不是联系卡")] = False,
    phones: Annotated[bool, typer.Option("--phones", help="印完整电话；不加则隐去中间四位")] = False,
    out: Annotated[Path, typer.Option(help="存到哪个目录")] = Path(),
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """打印联系卡或户档（PDF 或 Word，A4 或 A5）；打印记入操作日志。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        ids = [MemberId(one) for one in members or []]
        if branch:
            ids += [one.member_id for one in list_cards(actor, store, branches_named(actor, store, branch))]
        wanted = CardPrint(reason, form, size, with_phones=phones)
        fonts = settings().font_dir
        if household:
            made = [household_file(actor, store, one, wanted, font_dir=fonts) for one in ids]
        else:
            made = [card_file(actor, store, ids, wanted, font_dir=fonts)]
        files = []
        kind = "户档" if household else "联系卡"
        for number, one in enumerate(made):
            path, about = out / one.name, (ids[number],) if household else tuple(ids)
            keep(store, Kept(path, kind, about, Action.VIEW_MEMBERS, reason), one.content)
            files.append(str(path))
        emit({"files": files}, as_json=as_json, text="\n".join(files) or "没有选中联系卡")


@cards_app.command("issue")
def card_issue(db: DbOption = "", as_json: JsonOption = False) -> None:
    """为还没有联系卡的返迁过渡期党员补建；升级旧数据库后运行一次即可。"""
    with Reporting(as_json=as_json):
        issued = issue_cards(operator(), open_store(db))
        emit(
            {"issued": issued},
            as_json=as_json,
            text=f"补建联系卡 {issued} 张" if issued else "每人都有联系卡，不用补建",
        )


def register(app: typer.Typer) -> None:
    """Add `jiujin cards`."""
    app.add_typer(cards_app, name="cards")
