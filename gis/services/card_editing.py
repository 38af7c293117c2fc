"""Editing a card and the household file it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError, NotFoundError
from gis.model.access import Action
from gis.services.access import require
from gis.services.cards import member_named
from gis.services.phones import checked_phone
from gis.services.visits.window import window_fault

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.contact import Card, Employment, FamilyRelation, HouseholdFile, ManagementMode
    from gis.model.enums import HousingKind, MapPrecision, MobilityLevel, Preference
    from gis.model.ids import MemberId
    from gis.model.people import Member
    from gis.services.cards import CardView
    from gis.store.database import Store
    from gis.store.writer import Writer

LONGEST_NAME, LONGEST_CARD_NO, LONGEST_VILLAGE = 100, 64, 200
LOWEST_FLOOR, HIGHEST_FLOOR = -3, 120
_RETURN = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class CardDetails:
    """Everything on a card that a person may change; of the household see `HouseholdDetails`."""

    phone: str
    phone2: str
    original_village: str
    expected_return: str
    map_precision: MapPrecision
    preference: Preference
    mobility_level: MobilityLevel | None
    lives_alone: bool | None
    employment: Employment | None
    can_use_smartphone: bool | None
    is_private: bool
    management_mode: ManagementMode | None
    mobile_card_no: str
    mobile_card_checked_on: date | None
    emergency_name: str
    emergency_phone: str
    emergency_relation: FamilyRelation | None
    is_emergency_told: bool
    visit_from_min: int | None = None
    visit_to_min: int | None = None


@dataclass(frozen=True, slots=True)
class HouseholdDetails:
    """Everything on a household file that a person may change."""

    head_name: str
    housing_kind: HousingKind | None
    floor_no: int | None
    has_lift: bool | None


@dataclass(frozen=True, slots=True)
class Versions:
    """Of the rows that an edit was based on."""

    member: int
    card: int


def details_of(view: CardView) -> CardDetails:
    """Return what stands on a card now."""
    member, card = view.member, view.card
    return CardDetails(
        phone=member.phone,
        phone2=member.phone2,
        original_village=member.original_village,
        expected_return=member.transition.expected_return if member.transition else "",
        map_precision=member.map_precision,
        preference=member.preference,
        mobility_level=member.mobility_level,
        lives_alone=member.lives_alone,
        employment=card.employment,
        can_use_smartphone=card.can_use_smartphone,
        is_private=card.is_private,
        management_mode=card.management_mode,
        mobile_card_no=card.mobile_card_no,
        mobile_card_checked_on=card.mobile_card_checked_on,
        emergency_name=card.emergency_name,
        emergency_phone=card.emergency_phone,
        emergency_relation=card.emergency_relation,
        is_emergency_told=card.is_emergency_told,
        visit_from_min=card.visit_from_min,
        visit_to_min=card.visit_to_min,
    )


def versions_of(view: CardView) -> Versions:
    """Return the versions that a shown card stands for."""
    return Versions(view.member.version, view.card.version)


def edit_card(
    actor: Actor, store: Store, member_id: MemberId, wanted: CardDetails, versions: Versions, *, verify: bool = False
) -> None:
    """Change a card; `verify` says that everything on it has been checked with the member today.

    Only what differs is written: a card of which nothing about planning changes leaves the plans as they are.

    Raises
    ------
    InputError
        A value cannot be right, or the emergency contact has not been told; every fault is named.
    NotFoundError
        The member is not within the scope, or has no card.
    StaleError
        Somebody changed the card or the member since `versions`.
    """
    require(actor, Action.EDIT_CARDS)
    with store.writing(actor, Action.EDIT_CARDS) as writer:
        member, card = _open(writer, member_id)
        tidy = _checked(wanted, writer.today)
        _save_member(writer, replace(member, version=versions.member), tidy)
        changed = _with(replace(card, version=versions.card), tidy)
        if verify:
            by = (actor.display_name or actor.name)[:LONGEST_NAME]
            changed = replace(changed, verified_on=writer.today, verified_by=by)
            writer.verify_home(member_id, writer.today, by)
        writer.save_card(changed)
        writer.say("核实一张联系卡" if verify else "登记一张联系卡", member_id=member_id)


def edit_household(actor: Actor, store: Store, member_id: MemberId, wanted: HouseholdDetails, version: int) -> None:
    """Change the household file of a member; it counts for everybody in the household.

    Raises
    ------
    InputError
        The floor cannot be right, or the name is too long.
    NotFoundError
        The member is not within the scope, or has no file: without an address there is no household.
    StaleError
        Somebody changed the file since `version`.
    """
    require(actor, Action.EDIT_CARDS)
    with store.writing(actor, Action.EDIT_CARDS) as writer:
        _open(writer, member_id)
        file = household_named(writer, member_id)
        if wanted.floor_no is not None and not LOWEST_FLOOR <= wanted.floor_no <= HIGHEST_FLOOR:
            msg = f"楼层请填 {LOWEST_FLOOR} 到 {HIGHEST_FLOOR} 之间的整数"
            raise InputError(msg, (Fault(msg, field="楼层"),))
        if len(wanted.head_name) > LONGEST_NAME:
            msg = f"户主姓名不超过 {LONGEST_NAME} 字"
            raise InputError(msg)
        writer.save_household(
            replace(
                file,
                head_name=wanted.head_name.strip(),
                housing_kind=wanted.housing_kind,
                floor_no=wanted.floor_no,
                has_lift=wanted.has_lift,
                version=version,
            )
        )
        writer.say("登记一份户档", household_id=int(file.id))


def household_named(writer: Writer, member_id: MemberId) -> HouseholdFile:
    """Return the household file of a member.

    Raises
    ------
    NotFoundError
        There is none.
    """
    file = writer.household_files([member_id]).get(member_id)
    if file is None:
        msg = "该党员还没有户档：先登记现住址"
        raise NotFoundError(msg)
    return file


def open_for_edit(writer: Writer, member_id: MemberId) -> Member:
    """Return a member whose data may be added to.

    Raises
    ------
    InputError
        The member has left, or has asked that nothing more be done with their data.
    """
    member = member_named(writer, member_id)
    if member.left_on is not None:
        msg = "该党员已不在花名册，资料只保留到期，不再登记"
        raise InputError(msg)
    if member.restricted_on is not None:
        msg = "本人已要求限制处理，不能再登记；需要时先到“本人权利”办理解除"
        raise InputError(msg)
    return member


def _open(writer: Writer, member_id: MemberId) -> tuple[Member, Card]:
    member = open_for_edit(writer, member_id)
    card = writer.cards([member_id]).get(member_id)
    if card is None:
        msg = "该党员不在返迁过渡期，没有联系卡"
        raise NotFoundError(msg)
    if card.closed_on is not None:
        msg = "联系卡已销卡，不再登记"
        raise InputError(msg)
    return member, card


def _save_member(writer: Writer, member: Member, wanted: CardDetails) -> None:
    """Write what belongs to the member where it differs; a version that is behind is refused even where it does not."""
    names = ("phone", "phone2", "original_village", "map_precision", "preference", "mobility_level", "lives_alone")
    changed = replace(member, **{name: getattr(wanted, name) for name in names})
    episode = member.transition
    writer.save_members([replace(changed, residence=None, transition=None)])
    if member.id is not None and episode is not None:
        writer.set_episode(member.id, expected_return=wanted.expected_return, housing_kind=episode.housing_kind)


def _with(card: Card, wanted: CardDetails) -> Card:
    return replace(
        card,
        employment=wanted.employment,
        can_use_smartphone=wanted.can_use_smartphone,
        is_private=wanted.is_private,
        management_mode=wanted.management_mode,
        mobile_card_no=wanted.mobile_card_no,
        mobile_card_checked_on=wanted.mobile_card_checked_on,
        emergency_name=wanted.emergency_name,
        emergency_phone=wanted.emergency_phone,
        emergency_relation=wanted.emergency_relation,
        is_emergency_told=wanted.is_emergency_told and bool(wanted.emergency_name),
        visit_from_min=wanted.visit_from_min,
        visit_to_min=wanted.visit_to_min,
    )


def _checked(wanted: CardDetails, today: date) -> CardDetails:
    faults: list[Fault] = []

    def phone(text: str, field: str) -> str:
        try:
            return checked_phone(text, field)
        except InputError as error:
            faults.append(Fault(str(error), field=field))
            return text

    tidy = replace(
        wanted,
        phone=phone(wanted.phone, "联系电话"),
        phone2=phone(wanted.phone2, "备用电话"),
        emergency_phone=phone(wanted.emergency_phone, "紧急联系人电话"),
        original_village=wanted.original_village.strip(),
        expected_return=wanted.expected_return.strip(),
        emergency_name=wanted.emergency_name.strip(),
        mobile_card_no=wanted.mobile_card_no.strip(),
    )
    faults += _faults(tidy, today)
    if faults:
        raise InputError("联系卡没有保存：" + "；".join(one.message for one in faults), tuple(faults))
    return tidy


def _faults(wanted: CardDetails, today: date) -> list[Fault]:
    found = []
    if wanted.expected_return and not _RETURN.fullmatch(wanted.expected_return):
        found.append(Fault("请填年或年-月，例如 2027 或 2027-06", field="预计返迁"))
    if wanted.mobile_card_checked_on and wanted.mobile_card_checked_on > today:
        found.append(Fault("查验日期不能晚于今天", field="流动党员活动证"))
    if (wanted.emergency_name or wanted.emergency_phone) and not wanted.is_emergency_told:
        found.append(Fault("先告诉紧急联系人，得到其同意，再登记姓名和电话", field="紧急联系人"))
    if wanted.emergency_phone and not wanted.emergency_name:
        found.append(Fault("只有电话，没有姓名", field="紧急联系人"))
    fault = window_fault(wanted.visit_from_min, wanted.visit_to_min)
    if fault:
        found.append(Fault(f"方便上门的时段{fault}", field="方便上门的时段"))
    limits = (
        ("紧急联系人", wanted.emergency_name, LONGEST_NAME),
        ("流动党员活动证", wanted.mobile_card_no, LONGEST_CARD_NO),
        ("原村（组）", wanted.original_village, LONGEST_VILLAGE),
    )
    found += [Fault(f"不超过 {most} 字", field=name) for name, text, most in limits if len(text) > most]
    return found
