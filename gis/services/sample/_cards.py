"""What a street has written on its cards after some months: most of it, not all; made up like everything here.

A stream of its own: what other parts make does not change when this does. Days count back from the day on which the
street is made, so that a demonstration finds visits of last week, whenever it is held.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gis.model.contact import (
    ContactChannel,
    ContactEntry,
    ContactPerson,
    ContactSide,
    FamilyRelation,
    ManagementMode,
    MemberRequest,
    RequestCategory,
    RequestStatus,
)
from gis.model.enums import Precision
from gis.services.sample import _names as names
from gis.services.sample._chance import AS_OF, stream, weighted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from gis.model.contact import Card, HouseholdFile
    from gis.model.ids import HouseholdId, MemberId, OrgId
    from gis.services.sample._orgs import Org
    from gis.services.sample._people import Person
    from gis.store.writer import Writer

DONE_SHARE = 0.68  # of the cards have everything; of the others each part is there as often as not
MANAGED_SHARE, HOME_SIDE_SHARE, RESIDENCE_SIDE_SHARE = 0.6, 0.95, 0.72
PRIVATE_SHARE, ASKED_SHARE, PHONE_UNKNOWN_SHARE = 0.06, 0.55, 0.12
MOST_CONTACTS, LAST_DAYS, EARLIER_DAYS = 3, 48, 45
YOUNG, OLD = 60, 80
_SMARTPHONE = {YOUNG: 0.95, OLD: 0.55}
_CHANNELS = (
    (ContactChannel.PHONE, 5.0),
    (ContactChannel.VISIT, 4.0),
    (ContactChannel.WECHAT, 3.0),
    (ContactChannel.MEETING, 2.0),
)
_RELATIONS = (
    (FamilyRelation.CHILD, 6.0),
    (FamilyRelation.SPOUSE, 4.0),
    (FamilyRelation.SIBLING, 1.5),
    (FamilyRelation.NEIGHBOUR, 1.0),
)
_NOTES = ("送去学习材料", "通知主题党日", "了解租房情况", "核对联系电话", "")
_ASKED = (
    (RequestCategory.HOUSING_PROGRESS, "想知道安置房什么时候交付，过渡费是否延续"),
    (RequestCategory.STUDY, "希望学习材料字大一些，最好送纸质的"),
    (RequestCategory.TRANSPORT, "回村开会要换两趟车，希望就近参加学习"),
    (RequestCategory.LIVING, "楼道灯坏了，晚上出门不方便，请社区帮忙联系物业"),
    (RequestCategory.MEDICAL_ERRAND, "请人代取每月的常用药"),
    (RequestCategory.JOB, "想找一份离家近的短工"),
    (RequestCategory.OTHER, "想把党报的投递地址改到现在的住处"),
)
_RESULTS = ("已办好并告诉本人", "已向安置办了解，把时间安排告诉了本人", "已由社区联系处理，回访满意")


@dataclass(frozen=True, slots=True)
class Saved:
    """The street as it was saved: `org_ids` and `member_ids` in the order of `orgs` and `people`."""

    seed: int
    orgs: Sequence[Org]
    people: Sequence[Person]
    org_ids: Sequence[OrgId]
    member_ids: Sequence[MemberId]


@dataclass(slots=True)
class _Desk:
    """Who writes the cards: chance, the day, and who in each branch has a post."""

    writer: Writer
    saved: Saved
    chance: Random
    today: date
    posts: dict[int, list[tuple[MemberId, Person]]] = field(default_factory=dict)
    files: dict[MemberId, HouseholdFile] = field(default_factory=dict)
    visited: set[HouseholdId] = field(default_factory=set)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def invented(self) -> str:
        chance = self.chance
        return chance.choice(names.SURNAMES) + chance.choice(names.GIVEN_FIRST) + chance.choice(names.GIVEN_SECOND)

    def number(self) -> str:
        return f"154{self.chance.randrange(10**8):08d}"


def fill_cards(writer: Writer, saved: Saved) -> None:
    """Write on the cards of everybody in transition."""
    desk = _Desk(writer, saved, stream(saved.seed, "cards"), writer.today, files=writer.household_files())
    for person, number in zip(saved.people, saved.member_ids, strict=True):
        if person.post:
            desk.posts.setdefault(person.branch, []).append((number, person))
    moving = [(n, p) for n, p in zip(saved.member_ids, saved.people, strict=True) if p.move is not None]
    cards = writer.cards()
    for number, person in moving:
        _fill_one(desk, cards[number], person)


def _fill_one(desk: _Desk, card: Card, person: Person) -> None:
    is_done = desk.chance.random() < DONE_SHARE

    def has() -> bool:
        return desk.chance.random() < 0.5 or is_done  # noqa: PLR2004  # drawn in any case: each card its own numbers

    _fill_household(desk, card.member_id, person, is_there=has())
    asked = _asked(desk, card.member_id, is_there=has())
    wanted = _with_family(desk, card, person, is_there=has())
    wanted = wanted if has() else replace(wanted, employment=None)
    met = _contacts(desk, card.member_id, person)
    verified = desk.ago(met) if has() else None
    by = _responsible(desk, card.member_id, person)
    if verified is not None:
        desk.writer.verify_home(card.member_id, verified, by)
    desk.writer.save_card(
        replace(
            _with_phone(desk, wanted, person),
            issued_on=min(AS_OF, desk.today),
            no_concerns_on=asked,
            verified_on=verified,
            verified_by=by if verified else "",
        )
    )


def _fill_household(desk: _Desk, member_id: MemberId, person: Person, *, is_there: bool) -> None:
    home, file = person.home, desk.files.get(member_id)
    lift = desk.chance.random() < 0.2  # noqa: PLR2004  # of houses that nobody has looked at
    floor = desk.chance.randint(1, 6)
    if file is None or file.id in desk.visited or home is None or not is_there:
        return
    desk.visited.add(file.id)
    known = home.house is not None
    has_lift = home.house.has_lift if home.house is not None else lift
    desk.writer.save_household(replace(file, floor_no=home.floor if known else floor, has_lift=has_lift))


def _asked(desk: _Desk, member_id: MemberId, *, is_there: bool) -> date | None:
    """Keep what the member asked for; or the day on which they had nothing to ask."""
    chance = desk.chance
    raised, has_request = chance.randint(8, 120), chance.random() < ASKED_SHARE
    category, text = chance.choice(_ASKED)
    status = weighted(chance, ((RequestStatus.CLOSED, 5.0), (RequestStatus.DOING, 2.0), (RequestStatus.OPEN, 2.0)))
    result = chance.choice(_RESULTS)
    closed = desk.ago(max(0, raised - chance.randint(2, 20)))
    if not is_there:
        return None
    if not has_request:
        return desk.ago(raised)
    is_closed = status is RequestStatus.CLOSED
    request = MemberRequest(None, member_id, category, text, desk.ago(raised), desk.invented(), status)
    if is_closed:
        request = replace(request, result=result, closed_on=closed)
    desk.writer.save_request(request)
    return None


def _with_family(desk: _Desk, card: Card, person: Person, *, is_there: bool) -> Card:
    relation = weighted(desk.chance, _RELATIONS)
    name, number = desk.invented(), desk.number()
    if person.lives_alone and relation is FamilyRelation.SPOUSE:
        relation = FamilyRelation.CHILD
    if not is_there:
        return card
    return replace(
        card, emergency_name=name, emergency_phone=number, emergency_relation=relation, is_emergency_told=True
    )


def _with_phone(desk: _Desk, card: Card, person: Person) -> Card:
    chance = desk.chance
    share = next((share for age, share in _SMARTPHONE.items() if person.age < age), 0.18)
    can_use, is_known = chance.random() < share, chance.random() >= PHONE_UNKNOWN_SHARE
    mode = weighted(
        chance, ((ManagementMode.ASSISTED, 5.0), (ManagementMode.DIRECT, 3.0), (ManagementMode.ENTRUSTED, 1.0))
    )
    is_managed, is_private = chance.random() < MANAGED_SHARE, chance.random() < PRIVATE_SHARE
    is_away = person.home is not None and person.home.precision is Precision.OUTSIDE
    return replace(
        card,
        can_use_smartphone=can_use if is_known else None,
        management_mode=mode if is_managed else None,
        is_private=is_private,
        mobile_card_no=f"QH-{card.member_id:06d}" if is_away else "",
        mobile_card_checked_on=desk.ago(150) if is_away else None,
    )


def _contacts(desk: _Desk, member_id: MemberId, person: Person) -> int:
    """Write up contacts; returns how many days ago the last one was."""
    chance = desk.chance
    last = chance.randint(1, LAST_DAYS)
    helper = _helper(desk, person)
    days = last
    for _ in range(chance.randint(1, MOST_CONTACTS)):
        channel = weighted(chance, _CHANNELS)
        is_reached = days == last or chance.random() < 0.9  # noqa: PLR2004  # nobody answers every call
        entry = ContactEntry(desk.ago(days), channel, helper, is_reached, note=chance.choice(_NOTES))
        desk.writer.add_contact(member_id, entry)
        days += chance.randint(12, EARLIER_DAYS)
    return last


def _helper(desk: _Desk, person: Person) -> str:
    posts = [one.name for _, one in desk.posts.get(person.branch, ()) if one is not person]
    return desk.chance.choice(posts) if posts else desk.invented()


def _responsible(desk: _Desk, member_id: MemberId, person: Person) -> str:
    """Name who is responsible on both sides; returns who is on the branch's."""
    chance, since = desk.chance, min(AS_OF, desk.today)
    posts = [(number, one) for number, one in desk.posts.get(person.branch, ()) if one is not person]
    there, helper = chance.random(), chance.choice(posts) if posts else None
    name = helper[1].name if helper else desk.invented()
    branch = desk.saved.org_ids[person.branch]
    if there < HOME_SIDE_SHARE:
        phone, number = (helper[1].phone, helper[0]) if helper else (desk.number(), None)
        home = ContactPerson(None, member_id, ContactSide.HOME, name, phone, branch, number, since)
        desk.writer.name_contact_person(home)
    community = _community_org(desk.saved, person)
    side, worker, phone = chance.random(), desk.invented(), desk.number()
    if side < RESIDENCE_SIDE_SHARE and community is not None:
        residence = ContactPerson(None, member_id, ContactSide.RESIDENCE, worker, phone, community, None, since)
        desk.writer.name_contact_person(residence)
    return name


def _community_org(saved: Saved, person: Person) -> OrgId | None:
    """Return the organisation of the community where a member lives now."""
    if person.home is None or person.home.housing is None:
        return None
    code = person.home.housing.community.code
    found = (i for i, org in enumerate(saved.orgs) if org.community == code and not org.members)
    return next((saved.org_ids[i] for i in found), None)
