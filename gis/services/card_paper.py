"""The card and the household file on paper: A4 or A5, PDF or Word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.contact import ContactSide, RequestStatus
from gis.model.enums import Gender
from gis.model.office_day import BEIJING
from gis.model.papers import (
    Block,
    Closing,
    Column,
    Form,
    Grid,
    Heading,
    Paper,
    PaperFormat,
    PaperSize,
    Text,
)
from gis.services.access import require
from gis.services.cards import card_view
from gis.services.notices import MIME, NO_DATE, NoticeFile, said_date
from gis.services.phones import masked
from gis.services.visits.window import window_said
from gis.store.formats.paper_docx import write_docx
from gis.store.formats.paper_pdf import write_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date, datetime

    from gis.model.access import Actor
    from gis.model.contact import ContactPerson, HouseholdFile, MemberRequest
    from gis.model.enums import Labelled
    from gis.model.ids import MemberId
    from gis.services.cards import CardView
    from gis.store.database import Store

MOST_CARDS, MOST_REASON = 200, 50
CONTACTS_SHOWN, REQUESTS_SHOWN, BLANK_CONTACTS = 4, 4, 2
WRITE_MM = 7.5
SIZES_PT = {PaperSize.A4: 11.0, PaperSize.A5: 8.5}
NONE = "未登记"
_NOTICE = "本卡由支部保管，只用于联系和服务本人。本人可以查阅、更正，也可以不同意登记其中的某一项，不影响参加组织生活。"


@dataclass(frozen=True, slots=True)
class CardPrint:
    """How to print. `reason` goes to the log; telephone numbers stay masked unless `with_phones`."""

    reason: str
    form: PaperFormat = PaperFormat.PDF
    size: PaperSize = PaperSize.A4
    with_phones: bool = False


def card_file(
    actor: Actor, store: Store, member_ids: Collection[MemberId], wanted: CardPrint, *, font_dir: str = ""
) -> NoticeFile:
    """Make the cards of these members, each on a page of its own; who made them and when stands at the foot.

    Raises
    ------
    InputError
        No reason, nobody, or more than fit one file.
    NotFoundError
        A member is not within the scope, or has no card.
    ConfigError
        PDF without any Chinese font on this machine.
    """
    require(actor, Action.EDIT_CARDS)
    _check(member_ids, wanted)
    with store.reading(actor.scope) as reader:
        today = store.today()
        views = [card_view(actor, reader, one, today) for one in member_ids]
    sheets = tuple((view.card.card_no, card_blocks(view, with_phones=wanted.with_phones)) for view in views)
    name = f"联系卡-{views[0].card.card_no}" if len(views) == 1 else f"联系卡-{len(views)}张"
    paper = Paper(name, sheets, _foot(actor, store), SIZES_PT[wanted.size], wanted.size)
    return _written(actor, store, paper, wanted, font_dir)


def household_file(
    actor: Actor, store: Store, member_id: MemberId, wanted: CardPrint, *, font_dir: str = ""
) -> NoticeFile:
    """Make the household file of a member.

    Raises
    ------
    InputError
        No reason, or the member is in no household file.
    NotFoundError
        The member is not within the scope, or has no card.
    ConfigError
        PDF without any Chinese font on this machine.
    """
    require(actor, Action.EDIT_CARDS)
    _check([member_id], wanted)
    with store.reading(actor.scope) as reader:
        today = store.today()
        file = reader.household_files([member_id]).get(member_id)
        if file is None:
            msg = "该党员还没有户档：先登记现住址"
            raise InputError(msg)
        cards = reader.cards(file.member_ids)
        views = [card_view(actor, reader, one, today) for one in file.member_ids if one in cards]
    blocks = household_blocks(file, views, with_phones=wanted.with_phones)
    paper = Paper(
        f"户档-{file.file_no}", ((file.file_no, blocks),), _foot(actor, store), SIZES_PT[wanted.size], wanted.size
    )
    return _written(actor, store, paper, wanted, font_dir)


def _check(member_ids: Collection[MemberId], wanted: CardPrint) -> None:
    if not wanted.reason.strip() or len(wanted.reason) > MOST_REASON:
        msg = f"打印须写明用途，不超过 {MOST_REASON} 字，例如“上门走访”；用途记入操作日志"
        raise InputError(msg)
    if not member_ids:
        msg = "没有选中联系卡"
        raise InputError(msg)
    if len(member_ids) > MOST_CARDS:
        msg = f"一次至多打印 {MOST_CARDS} 张，请分支部打印"
        raise InputError(msg)
    if wanted.form not in _WRITERS:
        msg = "联系卡和户档可存为 PDF 或 Word"
        raise InputError(msg)


def _written(actor: Actor, store: Store, paper: Paper, wanted: CardPrint, font_dir: str) -> NoticeFile:
    content = _WRITERS[wanted.form](paper, store.clock(), font_dir)
    with store.writing(actor, Action.EDIT_CARDS) as writer:
        kind = paper.name.partition("-")[0]
        writer.say(
            f"打印{kind} {len(paper.sheets)} 份（{wanted.form.label}）",
            reason=wanted.reason.strip(),
            with_phones=wanted.with_phones,
        )
    return NoticeFile(f"{paper.name}.{wanted.form.value}", MIME[wanted.form], content)


_WRITERS: Mapping[PaperFormat, Callable[[Paper, datetime, str], bytes]] = {
    PaperFormat.PDF: write_pdf,
    PaperFormat.DOCX: lambda paper, at, _: write_docx(paper, at),
}


def _foot(actor: Actor, store: Store) -> str:
    at = (store.clock() + BEIJING).strftime("%Y-%m-%d %H:%M")
    return f"内部资料，请妥善保管，用后收回　{actor.display_name or actor.name} 于 {at} 打印"


def card_blocks(view: CardView, *, with_phones: bool) -> tuple[Block, ...]:
    """Compose one card."""
    title = "联系卡" if view.card.is_private else "返迁过渡期党员信息联系卡"
    missing = "、".join(view.completeness.missing_words)
    clear = f"六个清：{view.completeness.n_clear}/6" + (f"。还缺：{missing}" if missing else "，资料齐全")
    discreet = (Text("本人不愿公开党员身份：请当面交接，不放门口和信箱。", is_indented=False),)
    return (
        Heading(title),
        Text(
            f"卡号 {view.card.card_no}　　建卡 {said_date(view.card.issued_on)}　　{_checked(view)}", is_indented=False
        ),
        Form(_rows(view, with_phones=with_phones)),
        Text(clear, is_indented=False),
        *(discreet if view.card.is_private else ()),
        Heading("本人提出的诉求与关切", level=2),
        *_requests(view),
        Heading("联系记录", level=2),
        _contacts(view),
        Text(_NOTICE, is_indented=False),
        Closing((f"本人确认：　　　　　　　{NO_DATE}",)),
    )


def _checked(view: CardView) -> str:
    card = view.card
    return f"核实 {said_date(card.verified_on)} {card.verified_by}" if card.verified_on else "尚未核实"


def _rows(view: CardView, *, with_phones: bool) -> tuple[tuple[tuple[str, str], ...], ...]:
    member, card = view.member, view.card
    told, episode = _teller(with_phones=with_phones), member.transition
    home = member.residence.address if member.residence else NONE
    sides = {one.side: one for one in view.persons}
    phones = ("联系电话", told(member.phone) or NONE), ("备用电话", told(member.phone2) or "无")
    return (
        (("姓名", member.name), ("性别", member.gender.label if member.gender in _SAID else NONE)),
        (("出生年月", _birth(view)), ("党员类别", member.member_status.label)),
        (("所在支部", view.branch),),
        (("原村（组）", member.original_village or NONE), ("拆迁项目", (episode.project if episode else "") or NONE)),
        (("过渡开始", _since(view)), ("预计返迁", (episode.expected_return if episode else "") or NONE)),
        (("现住址", home),),
        (("居住情况", _housing(view.household)), ("住址核实", _home_checked(view))),
        phones,
        (("就业状况", _label(card.employment)), ("智能手机", _yes(card.can_use_smartphone, "会用", "不会用"))),
        (("行动能力", _label(member.mobility_level)), ("是否独居", _yes(member.lives_alone, "独居", "与人同住"))),
        (("本人意愿", member.preference.label), ("学习方式", _label(view.mode, "未确定"))),
        (
            ("临时党小组", view.group or "未编组"),
            ("方便上门", window_said(card.visit_from_min, card.visit_to_min, NONE)),
        ),
        (("紧急联系人", _emergency(view, told)),),
        (
            ("原支部联系", _person(sides.get(ContactSide.HOME), told)),
            ("居住地联系", _person(sides.get(ContactSide.RESIDENCE), told)),
        ),
        (("管理方式", _label(card.management_mode)), ("活动证", card.mobile_card_no or "无")),
    )


def _label(value: Labelled | None, unknown: str = NONE) -> str:
    return value.label if value else unknown


_SAID = (Gender.MALE, Gender.FEMALE)


def _teller(*, with_phones: bool) -> Callable[[str], str]:
    return (lambda phone: phone) if with_phones else masked


def _birth(view: CardView) -> str:
    born = view.member.birth_ym[:7]
    return f"{born}（{view.age} 岁）" if born and view.age is not None else born or NONE


def _since(view: CardView) -> str:
    started = view.member.transition.started_on if view.member.transition else None
    if started is None:
        return NONE
    return f"{started:%Y-%m}（已 {view.years_in_transition} 年）"


def _home_checked(view: CardView) -> str:
    now = next((one for one in view.addresses if one.valid_to is None), None)
    return f"{now.verified_on.isoformat()} {now.verified_by}" if now and now.verified_on else "尚未核实"


def _housing(file: HouseholdFile | None) -> str:
    if file is None:
        return NONE
    said = [file.housing_kind.label] if file.housing_kind else []
    said += [f"{file.floor_no} 楼"] if file.floor_no is not None else []
    said += [_yes(file.has_lift, "有电梯", "无电梯")] if file.has_lift is not None else []
    return "，".join(said) or NONE


def _yes(value: bool | None, yes: str, no: str) -> str:  # noqa: FBT001  # the value is what is said
    return NONE if value is None else yes if value else no


def _emergency(view: CardView, told: Callable[[str], str]) -> str:
    card = view.card
    if not card.emergency_name:
        return NONE
    relation = f"（{card.emergency_relation.label}）" if card.emergency_relation else ""
    return (
        f"{card.emergency_name}{relation}　{told(card.emergency_phone)}　本人知情" if card.is_emergency_told else NONE
    )


def _person(person: ContactPerson | None, told: Callable[[str], str]) -> str:
    return f"{person.name}　{told(person.phone)}".strip() if person else "未确定"


def _requests(view: CardView) -> tuple[Block, ...]:
    shown = sorted(view.requests, key=lambda one: one.status is RequestStatus.CLOSED)[:REQUESTS_SHOWN]
    if not shown:
        asked = view.card.no_concerns_on
        said = f"{said_date(asked)}问过本人，暂无诉求。" if asked else "还没有问过本人。"
        return (Text(said, is_indented=False),)
    columns = (Column("提出日期", 1.3), Column("类别", 1.0), Column("本人所提事项", 4.2), Column("办理情况", 2.6))
    return (Grid(columns, tuple(_request(one) for one in shown)),)


def _request(one: MemberRequest) -> tuple[str, str, str, str]:
    result = "，".join(part for part in (one.status.label, one.handler, one.result) if part)
    return one.raised_on.isoformat(), one.category.label, one.text, result


def _contacts(view: CardView) -> Grid:
    columns = (
        Column("日期", 1.3),
        Column("方式", 1.3),
        Column("联系人", 1.2),
        Column("联系上", 0.8),
        Column("备注", 3.6),
    )
    rows = [
        (one.on_day.isoformat(), one.channel.label, one.by_name, "是" if one.is_reached else "否", one.note)
        for one in view.contacts[:CONTACTS_SHOWN]
    ]
    return Grid(columns, (*rows, *([("",) * len(columns)] * BLANK_CONTACTS)), WRITE_MM)


def household_blocks(file: HouseholdFile, views: Collection[CardView], *, with_phones: bool) -> tuple[Block, ...]:
    """Compose a household file."""
    told = _teller(with_phones=with_phones)
    columns = (
        Column("姓名", 1.1),
        Column("所在支部", 2.2),
        Column("联系电话", 1.6),
        Column("卡号", 1.5),
        Column("过渡开始", 1.1),
        Column("预计返迁", 1.1),
    )
    rows = tuple(
        (
            view.member.name,
            view.branch,
            told(view.member.phone or view.member.phone2),
            view.card.card_no,
            _month(view.member.transition.started_on if view.member.transition else None),
            view.member.transition.expected_return if view.member.transition else "",
        )
        for view in views
    )
    others = (Text(f"同户另有党员 {file.n_others} 名，由其他支部管理。", is_indented=False),) if file.n_others else ()
    return (
        Heading("返迁过渡期户档"),
        Form(
            (
                (("档案号", file.file_no), ("户主", file.head_name or NONE)),
                (("原村（组）", file.original_village or NONE), ("拆迁项目", file.project or NONE)),
                (("现住址", file.current_address or NONE),),
                (("居住情况", _housing(file)), ("户内党员", f"{len(views) + file.n_others} 名")),
            )
        ),
        Heading("户内党员", level=2),
        Grid(columns, rows),
        *others,
        Text("本档只登记党员本人和住处，不登记其他家庭成员。" + _NOTICE.replace("本卡", "本档"), is_indented=False),
        Closing((f"登记人：　　　　　　　{NO_DATE}",)),
    )


def _month(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else ""
