"""Explanations as a document for programs and as lines for people (docs/plan-json.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.services.plan_document import alternative_document, change_document
from gis.services.plan_sheet import said_alternative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.why import Additions, Effect, GroupWhy, LimitWhy, MemberWhy

FORMAT = "jiujin-why/1"
NOT_COMPUTED = "限定时间内没有算完"


@dataclass(frozen=True)
class Explained:
    """What was asked about a plan, and answered; None: not asked."""

    members: tuple[MemberWhy, ...] | None = None
    groups: tuple[GroupWhy, ...] | None = None
    limits: tuple[LimitWhy, ...] | None = None
    additions: Additions | None = None


def why_document(said: Explained) -> dict[str, object]:
    """Return the answers as plain lists and dictionaries, ready for `json.dumps`."""
    found: dict[str, object] = {"format": FORMAT}
    if said.members is not None:
        found["members"] = [_member(one) for one in said.members]
    if said.groups is not None:
        found["groups"] = [_group(one) for one in said.groups]
    if said.limits is not None:
        found["limits"] = [{"limit": one.code, "label": one.limit, **_effect(one.effect)} for one in said.limits]
    if said.additions is not None:
        found["additions"] = _additions(said.additions)
    return found


def _effect(effect: Effect) -> dict[str, object]:
    return {
        "known": effect.is_known,
        "more_seated": effect.more_seated,
        "more_m": effect.more_m,
        "text": effect.text,
    }


def _member(one: MemberWhy) -> dict[str, object]:
    return {
        "member": one.member_id,
        "name": one.name,
        "branch_id": one.branch_id,
        "host": None if one.place is None else one.place.key,
        "walk_m": None if one.walk_m is None else round(one.walk_m, 1),
        "code": one.code or None,
        "why": one.why,
        "alternatives": [alternative_document(other) for other in one.alternatives],
        "changes": [change_document(change) for change in one.changes],
    }


def _group(one: GroupWhy) -> dict[str, object]:
    return {
        "id": one.group_id,
        "branch": one.branch,
        "host": one.place.key,
        "texts": list(one.texts),
        "other": None if one.other is None else one.other.key,
        "other_m": one.other_m,
        "closed_to_group": _effect(one.closed_to_group),
        "closed_to_all": _effect(one.closed_to_all),
        "leader": one.leader_id,
        "leaders": [
            {"member": able.member_id, "name": able.name, "post": able.post, "walk_m": round(able.walk_m, 1)}
            for able in one.leaders
        ],
    }


def _additions(found: Additions) -> dict[str, object]:
    return {
        "tried": found.n_tried,
        "possible": found.n_possible,
        "best": [
            {
                "kind": one.kind,
                "text": one.text,
                "amount": one.amount,
                "host": one.place_key or None,
                "member": one.member_id,
                "effect": _effect(one.effect),
            }
            for one in found.best
        ],
    }


def why_lines(said: Explained) -> Iterator[str]:
    """Yield the answers as lines for a person."""
    for member in said.members or ():
        yield from _member_lines(member)
    for group in said.groups or ():
        yield f"{group.group_id}　{group.branch}　{group.place.label}"
        yield from (f"  {text}" for text in group.texts)
    if said.limits is not None:
        yield "各项限制的代价（只放开这一项，重新测算）"
        yield from (f"  {one.limit}：{one.effect.text or NOT_COMPUTED}" for one in said.limits)
    if said.additions is not None:
        yield from _addition_lines(said.additions)


def _member_lines(one: MemberWhy) -> Iterator[str]:
    where = "未安排" if one.place is None else f"{one.place.label}，{one.walk_m:.0f} 米"
    yield f"{one.name}（{one.member_id}）　{where}　{one.why}"
    yield from (f"  其他地点：{said_alternative(other)}" for other in one.alternatives)
    yield from (f"  怎样可以安排：{change.text}" for change in one.changes)


def _addition_lines(found: Additions) -> Iterator[str]:
    yield f"最有用的单项增补（试算 {found.n_tried} 项，共 {found.n_possible} 项）"
    yield from (f"  {one.text}：{one.effect.text}" for one in found.best)
    if not found.best and found.n_tried == found.n_possible:
        yield "  试过的每一项单独增加都没有用"
