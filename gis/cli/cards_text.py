"""Cards as JSON documents and as lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.contact import Clear
from gis.services.phones import masked
from gis.services.visits.window import window_said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.model.contact import ContactEntry, ContactPerson, MemberRequest
    from gis.model.enums import Labelled
    from gis.services.cards import BranchClear, CardLine, CardView, Phones
    from gis.services.six_clear import Completeness


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def clear_document(row: Completeness) -> dict[str, object]:
    """Return the six of one member."""
    return {
        "member": row.member_id,
        "name": row.name,
        "branch": row.branch_id,
        "card_no": row.card_no,
        **{clear.value: is_clear for clear, is_clear in row.flags.items()},
        "clear": row.n_clear,
        "complete": row.is_complete,
        "missing": list(row.missing_words),
    }


def totals_document(rows: Sequence[Completeness], totals: Sequence[BranchClear], as_of: date) -> dict[str, object]:
    """Return everybody's six, and the totals of each branch and of all; `members` is the denominator."""
    return {
        "as_of": as_of.isoformat(),
        "denominator": "返迁过渡期党员（组织关系在册）",
        "total": {
            "members": len(rows),
            "with_card": sum(bool(row.card_no) for row in rows),
            "complete": sum(row.is_complete for row in rows),
            **{clear.value: sum(row.flags[clear] for row in rows) for clear in Clear},
        },
        "branches": [
            {
                "branch": one.branch_id,
                "name": one.branch,
                "members": one.members,
                "with_card": one.with_card,
                "complete": one.complete,
                **{clear.value: one.clear[clear] for clear in Clear},
            }
            for one in totals
        ],
        "members": [clear_document(row) for row in rows],
    }


def totals_text(totals: Sequence[BranchClear], as_of: date) -> str:
    """Say the totals of each branch."""
    members = sum(one.members for one in totals)
    if not members:
        return "没有返迁过渡期党员"
    complete = sum(one.complete for one in totals)
    head = f"截至 {as_of.isoformat()}，返迁过渡期党员 {members} 名，六项都清楚的 {complete} 名"
    lines = [
        f"{one.branch}\t{one.members} 名\t齐全 {one.complete}\t"
        + "\t".join(f"{clear.label} {one.clear[clear]}" for clear in Clear)
        for one in totals
    ]
    return "\n".join([head, *lines])


def line_document(one: CardLine) -> dict[str, object]:
    """Return one line of the list."""
    return {
        "member": one.member_id,
        "card_no": one.card_no,
        "name": one.name,
        "branch": one.branch,
        "age": one.age,
        "phone": one.phone,
        "place": one.place,
        "mode": one.mode.value if one.mode else None,
        "clear": one.completeness.n_clear,
        "missing": list(one.completeness.missing_words),
        "last_contact": _iso(one.last_contact),
        "days_without": one.days_without,
        "overdue": one.is_overdue,
        "verified_on": _iso(one.verified_on),
        "private": one.is_private,
    }


def card_document(view: CardView, phones: Phones | None) -> dict[str, object]:
    """Return one card; numbers are masked unless `phones` are given."""
    member, card = view.member, view.card
    return {
        "as_of": _iso(view.as_of),
        "member": member.id,
        "name": member.name,
        "branch": view.branch,
        "card_no": card.card_no,
        "issued_on": card.issued_on.isoformat(),
        "closed_on": _iso(card.closed_on),
        "verified_on": _iso(card.verified_on),
        "verified_by": card.verified_by,
        "age": view.age,
        **_whereabouts(view),
        "phone": phones.phone if phones else masked(member.phone),
        "phone2": phones.phone2 if phones else masked(member.phone2),
        "household": _household(view),
        "employment": _code(card.employment),
        "smartphone": card.can_use_smartphone,
        "private": card.is_private,
        "management": _code(card.management_mode),
        "mobile_card_no": card.mobile_card_no,
        "mobility": _code(member.mobility_level),
        "preference": member.preference.value,
        "mode": _code(view.mode),
        "group": view.group,
        "lives_alone": member.lives_alone,
        "visit_window": window_said(card.visit_from_min, card.visit_to_min) or None,
        "emergency": _emergency(view, phones),
        "contact_persons": [_person(one, view) for one in view.persons],
        "six_clear": clear_document(view.completeness),
        "requests": [_request(one) for one in view.requests],
        "no_concerns_on": _iso(card.no_concerns_on),
        "contacts": [_contact(one) for one in view.contacts],
    }


def _code(value: Labelled | None) -> str | None:
    return value.value if value else None


def _whereabouts(view: CardView) -> dict[str, object]:
    member, episode = view.member, view.member.transition
    return {
        "original_village": member.original_village,
        "project": episode.project if episode else "",
        "started_on": _iso(episode.started_on) if episode else None,
        "expected_return": episode.expected_return if episode else "",
        "years_in_transition": view.years_in_transition,
        "address": member.residence.address if member.residence else "",
        "map_precision": member.map_precision.value,
        "addresses": [
            {
                "address": one.address,
                "precision": one.precision.value,
                "from": one.valid_from.isoformat(),
                "to": _iso(one.valid_to),
                "verified_on": _iso(one.verified_on),
                "verified_by": one.verified_by,
            }
            for one in view.addresses
        ],
    }


def _household(view: CardView) -> dict[str, object] | None:
    file = view.household
    if file is None:
        return None
    return {
        "file_no": file.file_no,
        "head": file.head_name,
        "housing": _code(file.housing_kind),
        "floor": file.floor_no,
        "lift": file.has_lift,
        "members": list(view.household_names),
        "others": file.n_others,
    }


def _emergency(view: CardView, phones: Phones | None) -> dict[str, object] | None:
    card = view.card
    if not view.sees_family:
        return None
    return {
        "name": card.emergency_name,
        "phone": phones.emergency_phone if phones else masked(card.emergency_phone),
        "relation": _code(card.emergency_relation),
        "told": card.is_emergency_told,
    }


def _request(one: MemberRequest) -> dict[str, object]:
    return {
        "request": one.id,
        "category": one.category.value,
        "text": one.text,
        "raised_on": one.raised_on.isoformat(),
        "handler": one.handler,
        "status": one.status.value,
        "result": one.result,
        "closed_on": _iso(one.closed_on),
    }


def _contact(one: ContactEntry) -> dict[str, object]:
    return {
        "on": one.on_day.isoformat(),
        "channel": one.channel.value,
        "by": one.by_name,
        "reached": one.is_reached,
        "next_on": _iso(one.next_on),
        "note": one.note,
    }


def _person(one: ContactPerson, view: CardView) -> dict[str, object]:
    return {
        "side": one.side.value,
        "name": one.name,
        "phone": masked(one.phone),
        "org": view.org_names.get(one.org_id, "") if one.org_id else "",
        "from": one.valid_from.isoformat(),
    }


def card_text(view: CardView, phones: Phones | None) -> str:
    """Say one card in lines."""
    member, clear = view.member, view.completeness
    phone = phones.phone if phones else masked(member.phone)
    lines = [
        f"{view.card.card_no}　{member.name}　{view.branch}",
        f"电话　{phone or '未登记'}",
        f"住址　{member.residence.address if member.residence else '未登记'}",
        f"六个清　{clear.n_clear}/6" + (f"，还缺：{'、'.join(clear.missing_words)}" if clear.missing else "，齐全"),
    ]
    lines += [f"{one.side.label}　{one.name}" for one in view.persons]
    last = view.last_contact
    lines.append(f"最近联系上　{last.isoformat() if last else '没有记录'}")
    window = window_said(view.card.visit_from_min, view.card.visit_to_min)
    lines += [f"方便上门　{window}"] if window else []
    return "\n".join(lines)
