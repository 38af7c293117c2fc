"""What `jiujin life` prints: the JSON documents and the lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gis.model.life import Office, PastAffiliation, PastHome
    from gis.services.leaving import Left
    from gis.services.life import LifeView
    from gis.services.life_lists import Listed, ListsAsOf
    from gis.services.moving import Moved
    from gis.services.returning import NearPlace, Returned, ReturnProposal
    from gis.services.reviewing import OpenReview
    from gis.services.transferring import Transferred

ENDED = {
    "seats": "小组席位",
    "companions": "同组约定",
    "contact_persons": "联系人",
    "modes": "学习方式",
    "requests": "未办结诉求",
    "areas": "片区归属",
    "bodies": "活动小组成员",
}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def home_document(one: PastHome) -> dict[str, object]:
    """Return one address of a history."""
    return {
        "residence": one.id,
        "address": one.address,
        "precision": one.precision.value,
        "building": one.building_id,
        "grid": one.grid_id,
        "from": None if one.is_before_records else _iso(one.valid_from),
        "to": _iso(one.valid_to),
        "reason": one.reason,
        "verified_on": _iso(one.verified_on),
        "corrected_on": _iso(one.corrected_on),
        "correction": one.correction,
    }


def home_line(one: PastHome) -> str:
    """Return one line: from, to, address, how exactly it is known, why."""
    start = "此前" if one.is_before_records else one.valid_from.isoformat()
    end = "今" if one.valid_to is None else one.valid_to.isoformat()
    notes = [one.reason, f"更正：{one.correction}" if one.correction else ""]
    return f"{start} 至 {end}\t{one.address}\t{one.precision.label}\t{'；'.join(note for note in notes if note)}"


def moved_document(moved: Moved) -> dict[str, object]:
    """Return what came of a move or a correction."""
    return {
        "member": moved.member_id,
        "home": home_document(moved.home),
        "history": [home_document(one) for one in moved.homes],
        "residence_org_before": moved.org_before,
        "residence_org_after": moved.org_after,
        "reviews": [one.value for one in moved.reviews],
    }


def moved_text(moved: Moved) -> str:
    """Say the same to a person."""
    lines = ["住址经历：", *(f"  {home_line(one)}" for one in moved.homes)]
    if moved.org_before != moved.org_after:
        lines.append(f"居住地党组织：{moved.org_before or '无'} → {moved.org_after or '无'}")
    if moved.reviews:
        lines.append(f"待复核：{'、'.join(one.label for one in moved.reviews)}（系统没有改动）")
    return "\n".join(lines)


def returned_document(found: Returned) -> dict[str, object]:
    """Return what came of a return."""
    return {
        "member": found.member_id,
        "returned_on": _iso(found.returned_on),
        "community": found.community,
        "moved": None if found.moved is None else moved_document(found.moved),
        "proposal": proposal_document(found.proposal),
    }


def proposal_document(one: ReturnProposal) -> dict[str, object]:
    """Return the proposal."""
    return {
        "residence_org": one.residence_org,
        "branches": [{"org": number, "name": name} for number, name in one.branches],
        "hint": one.hint,
        "groups": [_near(place) for place in one.groups],
        "hosts": [_near(place) for place in one.hosts],
        "note": one.note,
        "is_automatic": False,
    }


def _near(one: NearPlace) -> dict[str, object]:
    return {
        "name": one.name,
        "branch": one.branch,
        "walk_m": round(one.walk_m),
        "estimated": one.is_estimated,
        "free_seats": one.free_seats,
        "same_branch": one.is_same_branch,
    }


def returned_text(found: Returned) -> str:
    """Say the same to a person."""
    lines = [f"过渡期已结束：{found.returned_on}" + (f"，{found.community}" if found.community else "")]
    if found.moved is not None:
        lines.append(moved_text(found.moved))
    one = found.proposal
    if one.branches:
        lines += [f"可转入：{'、'.join(name for _, name in one.branches)}", one.hint]
    lines += [f"附近小组：{_near_text(place)}" for place in one.groups]
    lines += [f"附近中心户：{_near_text(place)}" for place in one.hosts]
    return "\n".join([*lines, one.note] if one.note else lines)


def _near_text(one: NearPlace) -> str:
    said = "，估算" if one.is_estimated else ""
    return f"{one.name}（{one.branch}），步行 {one.walk_m:.0f} 米{said}，空位 {one.free_seats}"


def transferred_document(found: Transferred) -> dict[str, object]:
    """Return what came of a transfer."""
    return {
        "member": found.member_id,
        "before": found.branch_before,
        "after": found.branch_after,
        "history": [
            {"org": one.org_id, "from": _iso(one.valid_from), "to": _iso(one.valid_to), "reason": one.reason}
            for one in found.affiliations
        ],
        "reviews": [one.value for one in found.reviews],
    }


def transferred_text(found: Transferred) -> str:
    """Say the same to a person."""
    lines = [f"组织关系：{found.branch_before} → {found.branch_after}"]
    if found.reviews:
        lines.append(f"待复核：{'、'.join(one.label for one in found.reviews)}（系统没有改动）")
    return "\n".join(lines)


def left_document(found: Left) -> dict[str, object]:
    """Return what came of a leaving."""
    return {
        "member": found.member_id,
        "kind": found.kind.value,
        "on": _iso(found.on),
        "ended": found.ended,
        "offices": [{"kind": one.kind.value, "where": one.where} for one in found.offices],
    }


def left_text(found: Left) -> str:
    """Say the same to a person."""
    ended = [f"{label} {found.ended[name]}" for name, label in ENDED.items() if found.ended.get(name)]
    lines = [f"已登记{found.kind.label}：{found.on}", f"随之结束：{'、'.join(ended) or '无'}"]
    return "\n".join([*lines, *(f"待另定人选：{office_text(one)}" for one in found.offices)])


def office_text(one: Office) -> str:
    """Name an office."""
    return f"{one.kind.label}（{one.where}）" if one.where else one.kind.label


def life_document(view: LifeView) -> dict[str, object]:
    """Return everything dated of one member."""
    life = view.life
    return {
        "member": life.person.id,
        "name": life.person.name,
        "branch": view.branch,
        "left_on": _iso(life.person.left_on),
        "left_kind": life.person.left_kind.value if life.person.left_kind else None,
        "homes": [{**home_document(one), "residence_org": view.residence_orgs[one.id]} for one in life.homes],
        "affiliations": [
            {
                "org": view.org_names.get(one.org_id, ""),
                "from": None if one.valid_from == one.valid_to else _iso(one.valid_from),
                "to": _iso(one.valid_to),
                "reason": one.reason,
            }
            for one in life.affiliations
        ],
        "episodes": [
            {
                "started_on": _iso(one.started_on),
                "expected_return": one.expected_return,
                "returned_on": _iso(one.returned_on),
                "community": one.return_community,
            }
            for one in life.episodes
        ],
        "events": [
            {
                "kind": one.kind.value,
                "on": _iso(one.on_day),
                "reason": one.reason,
                "registered_on": _iso(one.registered_on),
                "registered_by": one.registered_by,
                "undone_on": _iso(one.undone_on),
            }
            for one in view.events
        ],
        "reviews": [one.what.value for one in view.reviews],
        "offices": [{"kind": one.kind.value, "where": one.where} for one in view.offices],
    }


def life_text(view: LifeView) -> str:
    """Say the same to a person."""
    person = view.life.person
    lines = [f"{person.name or '（资料已清除）'}\t{view.branch}"]
    if person.left_on is not None and person.left_kind is not None:
        lines.append(f"{person.left_on} {person.left_kind.label}")
    lines += ["住址：", *(f"  {one.id}\t{home_line(one)}\t{view.residence_orgs[one.id]}" for one in view.life.homes)]
    lines += ["组织关系："]
    lines += [f"  {_spell(one)}\t{view.org_names.get(one.org_id, '')}\t{one.reason}" for one in view.life.affiliations]
    lines += [f"过渡期：{one.started_on or '不明'} 至 {one.returned_on or '今'}" for one in view.life.episodes]
    undone = ((one, "（已撤销）" if one.undone_on else "") for one in view.events)
    lines += [f"变动：{one.on_day} {one.kind.label}{said}\t{one.reason}" for one, said in undone]
    lines += [f"待复核：{one.what.label}" for one in view.reviews]
    return "\n".join([*lines, *(f"担任：{office_text(one)}" for one in view.offices)])


def _spell(one: PastAffiliation) -> str:
    start = "此前" if one.valid_from == one.valid_to else one.valid_from.isoformat()
    return f"{start} 至 {one.valid_to or '今'}"


def lists_document(lists: ListsAsOf) -> dict[str, object]:
    """Return both lists with their counts."""
    return {
        "org": lists.org,
        "as_of": lists.as_of.isoformat(),
        "registered": len(lists.roster),
        "resident": len(lists.residents),
        "assumed": lists.assumed,
        "roster": _listed(lists.roster),
        "residents": _listed(lists.residents),
    }


def _listed(rows: Iterable[Listed]) -> list[dict[str, object]]:
    return [
        {
            "member": one.member_id,
            "name": one.name,
            "branch": one.branch,
            "residence_org": one.residence_org,
            "address": one.address,
            "assumed": one.is_assumed,
        }
        for one in rows
    ]


def lists_text(lists: ListsAsOf) -> str:
    """Say the same to a person."""
    lines = [f"{lists.org}　截至 {lists.as_of}　在册 {len(lists.roster)} 名，居住在辖区 {len(lists.residents)} 名"]
    if lists.assumed:
        lines.append(f"其中 {lists.assumed} 名在这一天还没有登记，按最早的登记推定")
    for title, rows in (("在册：", lists.roster), ("居住在辖区：", lists.residents)):
        lines += [title, *(f"  {one.member_id}\t{one.name}\t{one.branch}\t{one.residence_org}" for one in rows)]
    return "\n".join(lines)


def reviews_document(found: Iterable[OpenReview]) -> list[dict[str, object]]:
    """Return what is to be looked at again."""
    return [
        {
            "member": one.member_id,
            "name": one.name,
            "branch": one.branch,
            "event": one.event.value,
            "on": one.on_day.isoformat(),
            "reviews": [what.value for what in one.whats],
        }
        for one in found
    ]


def reviews_text(found: Iterable[OpenReview]) -> str:
    """Say the same to a person."""
    lines = [
        f"{one.member_id}\t{one.name}\t{one.branch}\t{one.on_day} {one.event.label}\t"
        f"{'、'.join(what.label for what in one.whats)}"
        for one in found
    ]
    return "\n".join(lines) or "没有待复核的变动"
