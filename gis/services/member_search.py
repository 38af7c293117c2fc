"""The member finder: by name, pinyin initials, phone ending, estate, building or branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require
from gis.services.cards import place_of
from gis.services.phones import masked

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.store.database import Store

MOST_FOUND, MOST_WORDS, LONGEST = 50, 5, 60


@dataclass(frozen=True, slots=True)
class Found:
    """One member found; the phone is masked."""

    member_id: MemberId
    name: str
    branch: str
    place: str
    phone: str
    is_in_transition: bool
    has_card: bool


def search_members(actor: Actor, store: Store, text: str, *, most: int = MOST_FOUND) -> tuple[Found, ...]:
    """Find the members of the scope of whom every word of the text says something; those in transition first.

    A word is part of a name, the first letters of its pinyin (`dxm`), the last three digits or more of a phone, part
    of an estate's, a building's or a branch's name, or the first letters of their pinyin.
    """
    require(actor, Action.VIEW_MEMBERS)
    words = tuple(text[:LONGEST].split()[:MOST_WORDS])
    if not words:
        return ()
    with store.reading(actor.scope) as reader:
        ids = reader.find_members(words, reader.place_names(), most)
        branches, cards = {org.id: org.name for org in reader.orgs()}, reader.cards(ids)
        who = [one for one in (reader.member(number) for number in ids) if one is not None and one.id is not None]
    return tuple(
        Found(
            member_id=one.id,  # type: ignore[arg-type]  # read from the store
            name=one.name,
            branch=branches.get(one.branch_id, ""),
            place=place_of(one),
            phone=masked(one.phone or one.phone2),
            is_in_transition=one.is_in_transition,
            has_card=one.id in cards,
        )
        for one in who
    )
