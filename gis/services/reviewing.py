"""变动后待复核: what may no longer fit after a change, until a person says that it was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.life import ReviewKind
from gis.services.access import require
from gis.services.life import check_reason, present_life

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.life import LifeKind
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class OpenReview:
    """One member with everything to be looked at again, after which change."""

    member_id: MemberId
    name: str
    branch: str
    event: LifeKind
    on_day: date
    whats: tuple[ReviewKind, ...]


def list_reviews(actor: Actor, store: Store) -> tuple[OpenReview, ...]:
    """List what is to be looked at again in the actor's scope, the oldest change first."""
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        found = reader.life_reviews()
        members = {one.id: one for one in reader.members()} if found else {}
        branches = {org.id: org.name for org in reader.orgs()}
    kinds: dict[MemberId, list[ReviewKind]] = {}
    last: dict[MemberId, tuple[LifeKind, date]] = {}
    for one in found:
        kinds.setdefault(one.member_id, []).append(one.what)
        last[one.member_id] = (one.event, one.on_day)
    return tuple(
        OpenReview(
            member_id=number,
            name=members[number].name,
            branch=branches.get(members[number].branch_id, ""),
            event=last[number][0],
            on_day=last[number][1],
            whats=tuple(sorted(whats, key=list(ReviewKind).index)),
        )
        for number, whats in kinds.items()
        if number in members
    )


def settle_reviews(
    actor: Actor, store: Store, member_id: MemberId, answer: str, whats: Sequence[ReviewKind] = tuple(ReviewKind)
) -> int:
    """Say what came of looking again, for example “照旧” or “已重新编组”; return how many were settled.

    Raises
    ------
    InputError
        No answer was given, or there was nothing to settle.
    NotFoundError
        There is no such member in the scope.
    """
    require(actor, Action.MOVE_MEMBERS)
    text = check_reason(answer, is_needed=True)
    with store.writing(actor, Action.MOVE_MEMBERS) as writer:
        present_life(writer, member_id)
        count = writer.settle_reviews(member_id, whats, text)
        if not count:
            msg = "该党员没有待复核的事项"
            raise InputError(msg)
        writer.say("复核一名党员变动后的安排", member_id=member_id)
        return count
