"""六个清: what a card makes clear and what is missing, in words. The definition is `Clear`'s docstring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.contact import Clear
from gis.model.enums import Precision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from gis.model.contact import Card, HouseholdFile, MemberRequest
    from gis.model.ids import MemberId, OrgId
    from gis.model.people import Member
    from gis.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is clear about one member; `missing` says in words what each unclear one lacks."""

    member_id: MemberId
    name: str
    branch_id: OrgId
    card_no: str
    missing: Mapping[Clear, tuple[str, ...]]

    @property
    def flags(self) -> dict[Clear, bool]:
        """Each of the six and whether it is clear."""
        return {one: one not in self.missing for one in Clear}

    @property
    def n_clear(self) -> int:
        """How many of the six are clear."""
        return len(Clear) - len(self.missing)

    @property
    def is_complete(self) -> bool:
        """Whether all six are."""
        return not self.missing

    @property
    def missing_words(self) -> tuple[str, ...]:
        """All that is missing, in the order of the six."""
        return tuple(word for words in self.missing.values() for word in words)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What is on record about one member in transition."""

    member: Member
    card: Card | None
    household: HouseholdFile | None
    requests: tuple[MemberRequest, ...] = ()


def facts_of(
    reader: Reader, members: Iterable[Member], member_ids: Collection[MemberId] | None = None
) -> list[CardFacts]:
    """Read what is on record about these members; `member_ids` narrows the queries where they are few."""
    cards, files, requests = reader.cards(member_ids), reader.household_files(member_ids), reader.requests(member_ids)
    return [
        CardFacts(member, cards.get(member.id), files.get(member.id), requests.get(member.id, ()))
        for member in members
        if member.id is not None
    ]


def six_clear(facts: CardFacts) -> Completeness:
    """Judge one card."""
    found = {
        Clear.WHEREABOUTS: _whereabouts(facts.member),
        Clear.CONTACT: () if facts.member.phone or facts.member.phone2 else ("没有登记电话",),
        Clear.HOUSING: _housing(facts.household),
        Clear.REQUESTS: _requests(facts),
        Clear.EMPLOYMENT: () if facts.card and facts.card.employment else ("没有登记就业状况",),
        Clear.FAMILY: _family(facts),
    }
    member = facts.member
    return Completeness(
        member_id=member.id,  # type: ignore[arg-type]  # read from the store
        name=member.name,
        branch_id=member.branch_id,
        card_no=facts.card.card_no if facts.card else "",
        missing={one: words for one, words in found.items() if words},
    )


def _whereabouts(member: Member) -> tuple[str, ...]:
    said = [] if member.original_village else ["没有登记原村（组）"]
    home = member.residence
    if home is None or not home.address:
        said.append("没有登记现住址")
    elif home.precision is Precision.QUEUE:
        said.append("现住址待核定位置")
    return tuple(said)


def _housing(file: HouseholdFile | None) -> tuple[str, ...]:
    if file is None:
        return ("没有户档，先登记现住址",)
    said = [] if file.housing_kind else ["没有登记租房还是投亲"]
    said += [] if file.floor_no is not None or file.is_rough else ["没有登记楼层"]
    said += [] if file.has_lift is not None else ["没有登记有无电梯"]
    return tuple(said)


def _requests(facts: CardFacts) -> tuple[str, ...]:
    is_asked = bool(facts.requests) or (facts.card is not None and facts.card.no_concerns_on is not None)
    return () if is_asked else ("没有问过本人有什么诉求",)


def _family(facts: CardFacts) -> tuple[str, ...]:
    said = [] if facts.member.lives_alone is not None else ["没有登记是否独居"]
    card = facts.card
    if card is None or not card.emergency_name:
        return (*said, "没有登记紧急联系人")
    said += [] if card.emergency_phone else ["紧急联系人没有电话"]
    said += [] if card.emergency_relation else ["紧急联系人与本人的关系没有登记"]
    said += [] if card.is_emergency_told else ["紧急联系人还不知情"]
    return tuple(said)
