"""联系记录 and 双联双管: what happened at a contact, and who is responsible for a member on both sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.model.access import Action
from gis.model.contact import ContactPerson
from gis.services.access import require
from gis.services.card_editing import open_for_edit
from gis.services.life import FIRST_YEAR
from gis.services.phones import checked_phone

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.contact import ContactEntry, ContactSide
    from gis.model.ids import MemberId, OrgId
    from gis.store.database import Store
    from gis.store.writer import Writer

LONGEST_NOTE, LONGEST_NAME = 100, 100


@dataclass(frozen=True, slots=True)
class NewContactPerson:
    """Who is to be responsible; `person_member_id` where that person is a member on the roster themselves."""

    side: ContactSide
    name: str
    phone: str = ""
    org_id: OrgId | None = None
    person_member_id: MemberId | None = None
    valid_from: date | None = None


def log_contact(actor: Actor, store: Store, member_id: MemberId, entry: ContactEntry) -> None:
    """Add a contact to the log of a member: what happened, never an opinion.

    Raises
    ------
    InputError
        The day lies in the future or the next one in the past, nobody is named, or the note is too long.
    NotFoundError
        The member is not within the scope.
    """
    require(actor, Action.LOG_CONTACTS)
    with store.writing(actor, Action.LOG_CONTACTS) as writer:
        open_for_edit(writer, member_id)
        writer.add_contact(member_id, checked_entry(entry, writer.today))
        writer.say("登记一次联系", member_id=member_id, channel=entry.channel.value, is_reached=entry.is_reached)


def checked_entry(entry: ContactEntry, today: date) -> ContactEntry:
    """Return the entry as it is kept.

    Raises
    ------
    InputError
        It cannot be right; every fault is named.
    """
    faults = []
    if entry.on_day > today:
        faults.append(Fault("不能晚于今天", field="联系日期"))
    if entry.on_day.year < FIRST_YEAR:
        faults.append(Fault(f"{entry.on_day.isoformat()} 太早，请核对", field="联系日期"))
    if entry.next_on is not None and entry.next_on <= entry.on_day:
        faults.append(Fault("须晚于这次联系的日期", field="下次联系日期"))
    if not entry.by_name.strip():
        faults.append(Fault("写明是谁联系的", field="联系人"))
    if len(entry.by_name) > LONGEST_NAME:
        faults.append(Fault(f"不超过 {LONGEST_NAME} 字", field="联系人"))
    if len(entry.note) > LONGEST_NOTE:
        faults.append(Fault(f"不超过 {LONGEST_NOTE} 字，现在 {len(entry.note)} 字", field="备注"))
    if faults:
        raise InputError("联系记录没有保存：" + "；".join(f"{one.field}{one.message}" for one in faults), tuple(faults))
    return replace(entry, by_name=entry.by_name.strip(), note=entry.note.strip(), id=None)


def name_contact_person(actor: Actor, store: Store, member_id: MemberId, person: NewContactPerson) -> None:
    """Make somebody responsible for a member on one side; whoever was before stays in the history.

    Raises
    ------
    InputError
        No name, a number that cannot be dialled, the member themselves, or an organisation that is not there.
    NotFoundError
        The member is not within the scope.
    """
    require(actor, Action.EDIT_CARDS)
    with store.writing(actor, Action.EDIT_CARDS) as writer:
        open_for_edit(writer, member_id)
        writer.name_contact_person(_checked_person(writer, member_id, person))
        writer.say(f"确定一名{person.side.label}联系人", member_id=member_id)


def _checked_person(writer: Writer, member_id: MemberId, person: NewContactPerson) -> ContactPerson:
    name = person.name.strip()
    if person.person_member_id is not None:
        known = writer.names_of([person.person_member_id])
        if person.person_member_id == member_id or person.person_member_id not in known:
            msg = "联系人须是管理范围内的另一名党员，或者直接填写姓名"
            raise InputError(msg)
        name = name or known[person.person_member_id]
    if not name or len(name) > LONGEST_NAME:
        msg = f"写明联系人姓名，不超过 {LONGEST_NAME} 字"
        raise InputError(msg)
    if person.org_id is not None and person.org_id not in {org.id for org in writer.orgs()}:
        msg = "联系人所在的组织不存在，请重新选择"
        raise InputError(msg)
    return ContactPerson(
        id=None,
        member_id=member_id,
        side=person.side,
        name=name,
        phone=checked_phone(person.phone, "联系人电话"),
        org_id=person.org_id,
        person_member_id=person.person_member_id,
        valid_from=person.valid_from or writer.today,
    )


def end_contact_person(actor: Actor, store: Store, member_id: MemberId, side: ContactSide) -> None:
    """End the responsibility of whoever has it on one side today.

    Raises
    ------
    InputError
        Nobody has it.
    NotFoundError
        The member is not within the scope.
    """
    require(actor, Action.EDIT_CARDS)
    with store.writing(actor, Action.EDIT_CARDS) as writer:
        open_for_edit(writer, member_id)
        found = [one for one in writer.contact_persons([member_id]).get(member_id, ()) if one.side is side]
        if not found or found[0].id is None:
            msg = f"{side.label}现在没有联系人"
            raise InputError(msg)
        writer.end_contact_person(found[0].id, writer.today)
        writer.say(f"停止一名{side.label}联系人", member_id=member_id)
