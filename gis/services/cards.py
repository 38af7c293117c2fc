"""联系卡: lists, one card with everything on it, the completeness of the six, and how cards are opened."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.contact import Clear
from gis.services.access import require, require_orgs
from gis.services.contact_limits import is_overdue
from gis.services.phones import masked
from gis.services.settings import office_settings
from gis.services.six_clear import facts_of, six_clear

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.contact import AddressSpell, Card, ContactEntry, ContactPerson, HouseholdFile, MemberRequest
    from gis.model.ids import MemberId, OrgId
    from gis.model.modes import StudyMode
    from gis.model.people import Member
    from gis.services.six_clear import Completeness
    from gis.store.database import Store
    from gis.store.reader import Reader

DAYS_OF_YEAR = 365.25
MOST_REASON = 50
RESTRICTED = "限制处理"  # stands in lists for where the member lives; the card alone tells


@dataclass(frozen=True, slots=True)
class CardLine:
    """One card on a list; the phone is masked, the room is left out."""

    member_id: MemberId
    name: str
    branch: str
    card_no: str
    age: int | None
    phone: str
    place: str
    mode: StudyMode | None
    last_contact: date | None
    days_without: int | None
    is_overdue: bool
    verified_on: date | None
    completeness: Completeness
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class CardView:
    """One card with everything on it. `sees_family`: whether the role may see the emergency contact."""

    member: Member
    branch: str
    card: Card
    completeness: Completeness
    age: int | None
    years_in_transition: float | None
    household: HouseholdFile | None
    household_names: tuple[str, ...]
    persons: tuple[ContactPerson, ...]
    past_persons: tuple[ContactPerson, ...]
    contacts: tuple[ContactEntry, ...]
    requests: tuple[MemberRequest, ...]
    addresses: tuple[AddressSpell, ...]
    mode: StudyMode | None
    group: str
    org_names: Mapping[OrgId, str] = field(default_factory=dict)
    sees_family: bool = True
    as_of: date | None = None

    @property
    def last_contact(self) -> date | None:
        """The day on which the member was last reached."""
        return max((one.on_day for one in self.contacts if one.is_reached), default=None)

    @property
    def next_contact(self) -> date | None:
        """The day agreed on at the latest contact that named one."""
        return next((one.next_on for one in self.contacts if one.next_on), None)


@dataclass(frozen=True, slots=True)
class BranchClear:
    """Totals of one branch: `members` in transition is the denominator of every figure."""

    branch_id: OrgId
    branch: str
    members: int
    with_card: int
    complete: int
    clear: Mapping[Clear, int]


@dataclass(frozen=True, slots=True)
class Phones:
    """Numbers in full."""

    phone: str
    phone2: str
    emergency_phone: str


def open_card(actor: Actor, store: Store, member_id: MemberId, *, as_of: date | None = None) -> CardView:
    """Open one card; ages and gaps are counted to `as_of`, which is today where it is left out.

    Raises
    ------
    NotFoundError
        The member is not within the scope, or has never been in transition and has no card.
    """
    require(actor, Action.VIEW_MEMBERS)
    today = as_of or store.today()
    with store.reading(actor.scope) as reader:
        return card_view(actor, reader, member_id, today)


def card_view(actor: Actor, reader: Reader, member_id: MemberId, today: date) -> CardView:
    """Read one card under the scope of the reader."""
    member = member_named(reader, member_id)
    card = reader.cards([member_id]).get(member_id)
    if card is None:
        msg = "该党员不在返迁过渡期，没有联系卡"
        raise NotFoundError(msg)
    (facts,) = facts_of(reader, [member], [member_id])
    persons = reader.contact_persons([member_id], with_past=True).get(member_id, ())
    names = {org.id: org.name for org in reader.orgs() if org.id is not None}
    mates = facts.household.member_ids if facts.household else ()
    return CardView(
        member=member,
        branch=names.get(member.branch_id, ""),
        card=card,
        completeness=six_clear(facts),
        age=member.age_on(today),
        years_in_transition=_years(member, today),
        household=facts.household,
        household_names=tuple(reader.names_of(mates).values()),
        persons=tuple(one for one in persons if one.valid_to is None),
        past_persons=tuple(one for one in persons if one.valid_to is not None),
        contacts=reader.contacts(member_id),
        requests=facts.requests,
        addresses=reader.addresses(member_id),
        mode=reader.modes_in_force([member_id]).get(member_id),
        group=_group_of(reader, member),
        org_names=names,
        sees_family=actor.may(Action.EDIT_CARDS),
        as_of=today,
    )


def member_named(reader: Reader, member_id: MemberId) -> Member:
    """Return a member of the scope, also one who has left.

    Raises
    ------
    NotFoundError
        There is none with this number within the scope.
    """
    found = reader.member(member_id)
    if found is None:
        msg = f"管理范围内没有编号为 {member_id} 的党员"
        raise NotFoundError(msg)
    return found


def _years(member: Member, today: date) -> float | None:
    started = member.transition.started_on if member.transition else None
    return round((today - started).days / DAYS_OF_YEAR, 1) if started else None


def _group_of(reader: Reader, member: Member) -> str:
    groups = reader.groups_in_force([member.branch_id])
    return next((one.name for one in groups if any(seat.member_id == member.id for seat in one.seats)), "")


def list_cards(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None, *, lacking: Clear | None = None
) -> tuple[CardLine, ...]:
    """List the cards of members in transition, by branch and number; only those `lacking` one of the six if asked."""
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        lines = card_lines(reader, store.today(), branch_ids)
    return tuple(one for one in lines if lacking is None or lacking in one.completeness.missing)


def card_lines(reader: Reader, today: date, branch_ids: Collection[OrgId] | None = None) -> tuple[CardLine, ...]:
    """Read the lines under the scope of the reader."""
    options, seen = office_settings(reader), reader.last_met()
    names = {org.id: org.name for org in reader.orgs()}
    last, modes = reader.last_contacts(), reader.modes_in_force()
    lines = []
    for facts in facts_of(reader, reader.members(branch_ids, in_transition_only=True)):
        member, met = facts.member, last.get(facts.member.id)  # type: ignore[arg-type]  # read from the store
        if member.id is None:
            continue
        days = (today - met).days if met else None
        lines.append(
            CardLine(
                member_id=member.id,
                name=member.name,
                branch=names.get(member.branch_id, ""),
                card_no=facts.card.card_no if facts.card else "",
                age=member.age_on(today),
                phone=masked(member.phone or member.phone2) if member.restricted_on is None else "",
                place=place_of(member) if member.restricted_on is None else RESTRICTED,
                mode=modes.get(member.id),
                last_contact=met,
                days_without=days,
                is_overdue=is_overdue(seen.get(member.id), modes.get(member.id), options, today),
                verified_on=facts.card.verified_on if facts.card else None,
                completeness=six_clear(facts),
                is_private=bool(facts.card and facts.card.is_private),
            )
        )
    return tuple(sorted(lines, key=lambda one: (one.completeness.branch_id, one.member_id)))


def place_of(member: Member) -> str:
    """Say where a member lives without the room, which stands on the card only."""
    home = member.residence
    if home is None:
        return ""
    if not home.room_no:
        return home.address
    head, room, tail = home.address.rpartition(home.room_no)
    return head.rstrip("- ") if room and tail in ("", "室", "号") else home.address


def completeness(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None, as_of: date | None = None
) -> tuple[Completeness, ...]:
    """Judge the cards of all members in transition, by branch and number.

    `as_of` leaves out who has come into transition later; what is known of the others is what is on record now.

    Raises
    ------
    DeniedError
        A branch lies outside the scope.
    """
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, branch_ids or ())
        members = [
            one
            for one in reader.members(branch_ids, in_transition_only=True)
            if as_of is None or one.transition is None or (one.transition.started_on or as_of) <= as_of
        ]
        found = [six_clear(facts) for facts in facts_of(reader, members)]
    return tuple(sorted(found, key=lambda one: (one.branch_id, one.member_id)))


def branch_totals(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None, as_of: date | None = None
) -> tuple[tuple[Completeness, ...], tuple[BranchClear, ...]]:
    """Judge the cards, and count them for each branch that has members in transition."""
    rows = completeness(actor, store, branch_ids, as_of)
    with store.reading(actor.scope) as reader:
        names = {org.id: org.name for org in reader.orgs() if org.id is not None}
    return rows, totals_of(rows, names)


def totals_of(rows: Iterable[Completeness], names: Mapping[OrgId, str]) -> tuple[BranchClear, ...]:
    """Count by branch."""
    by_branch: dict[OrgId, list[Completeness]] = {}
    for row in rows:
        by_branch.setdefault(row.branch_id, []).append(row)
    return tuple(
        BranchClear(
            branch_id=branch,
            branch=names.get(branch, ""),
            members=len(ours),
            with_card=sum(bool(one.card_no) for one in ours),
            complete=sum(one.is_complete for one in ours),
            clear=_counted(ours),
        )
        for branch, ours in sorted(by_branch.items())
    )


def _counted(rows: Iterable[Completeness]) -> dict[Clear, int]:
    counts = Counter(clear for row in rows for clear, is_clear in row.flags.items() if is_clear)
    return {clear: counts[clear] for clear in Clear}


def issue_cards(actor: Actor, store: Store) -> int:
    """Open a card for every member in transition who has none, and spell names from before there were initials."""
    require(actor, Action.EDIT_CARDS)
    with store.writing(actor, Action.EDIT_CARDS) as writer:
        issued, spelled = writer.issue_missing_cards(), writer.spell_all_names()
        writer.say(f"补建联系卡 {issued} 张", issued=issued, spelled=spelled)
    return issued


def show_phones(actor: Actor, store: Store, member_id: MemberId, reason: str) -> Phones:
    """Return the numbers in full; who asked, of whom and for what reason is kept in the log.

    Raises
    ------
    InputError
        No reason is given.
    NotFoundError
        The member is not within the scope.
    """
    require(actor, Action.VIEW_MEMBERS)
    said = reason.strip()
    if not said or len(said) > MOST_REASON:
        msg = f"查看完整电话须写明用途，不超过 {MOST_REASON} 字，例如“通知开会”"
        raise InputError(msg)
    with store.writing(actor, Action.VIEW_MEMBERS) as writer:
        member = member_named(writer, member_id)
        card = writer.cards([member_id]).get(member_id)
        writer.say("查看一名党员的完整电话", member_id=member_id, reason=said)
    is_family = actor.may(Action.EDIT_CARDS) and card is not None
    return Phones(member.phone, member.phone2, card.emergency_phone if is_family and card else "")
