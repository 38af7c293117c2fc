"""A member's life as it is on record, and what every registration of a change checks first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.services.access import require
from gis.services.territory_sides import territory_of
from gis.store.readers.sides import Place

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId, ResidenceId
    from gis.model.life import Office, PastAffiliation, PastHome, Review
    from gis.model.people import Transition
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.readers.history import LifeEvent, PersonFacts

MOST_REASON = 200
FIRST_YEAR = 1949


@dataclass(frozen=True, slots=True)
class Life:
    """Everything dated of one member, oldest first; `episodes` are the transitions."""

    person: PersonFacts
    homes: tuple[PastHome, ...]
    affiliations: tuple[PastAffiliation, ...]
    episodes: tuple[Transition, ...]

    @property
    def home(self) -> PastHome | None:
        """The present home."""
        return next((one for one in reversed(self.homes) if one.valid_to is None), None)

    @property
    def open_episode(self) -> Transition | None:
        """The transition that goes on."""
        return next((one for one in self.episodes if one.returned_on is None), None)


@dataclass(frozen=True, slots=True)
class LifeView:
    """A life with names, for a person to read."""

    life: Life
    branch: str
    org_names: dict[OrgId, str]
    residence_orgs: dict[ResidenceId, str]
    events: tuple[LifeEvent, ...]
    reviews: tuple[Review, ...]
    offices: tuple[Office, ...]


def read_life(reader: Reader, member_id: MemberId) -> Life:
    """Return what is on record.

    Raises
    ------
    NotFoundError
        There is no such member, or they are outside the scope.
    """
    person = reader.person_facts(member_id)
    if person is None:
        msg = f"没有编号为 {member_id} 的党员，或不在您的管理范围内"
        raise NotFoundError(msg)
    return Life(
        person=person,
        homes=reader.home_history([member_id]).get(member_id, ()),
        affiliations=reader.affiliation_history([member_id]).get(member_id, ()),
        episodes=reader.episodes(member_id),
    )


def present_life(reader: Reader, member_id: MemberId) -> Life:
    """Return the life of a member who is on the roster.

    Raises
    ------
    NotFoundError
        There is no such member, or they are outside the scope.
    InputError
        The member has left.
    """
    life = read_life(reader, member_id)
    if life.person.left_on is not None and life.person.left_kind is not None:
        said = f"{life.person.left_on} 登记{life.person.left_kind.label}"
        msg = f"该党员已于 {said}，不能再登记变动；登记有误请先撤销离开登记"
        raise InputError(msg)
    return life


def view_life(actor: Actor, store: Store, member_id: MemberId) -> LifeView:
    """Show the histories of one member, also of one who has left.

    Raises
    ------
    NotFoundError
        There is no such member, or they are outside the scope.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        life = read_life(reader, member_id)
        orgs = reader.orgs()
        names = {org.id: org.name for org in orgs if org.id is not None}
        sides = SideNames(reader)
        return LifeView(
            life=life,
            branch=names.get(life.person.branch_id, ""),
            org_names=names,
            residence_orgs={home.id: sides.of(life, home) for home in life.homes},
            events=reader.life_events([member_id]),
            reviews=reader.life_reviews([member_id]),
            offices=reader.offices_held(member_id=member_id),
        )


class SideNames:
    """Names the organisation that answers for a home."""

    def __init__(self, reader: Reader) -> None:
        """Read the tree and its territories as they are now."""
        self._territory = territory_of(reader)

    def of(self, life: Life, home: PastHome | None) -> str:
        """Return its name, "" where there is none; what a person has named goes before the territory."""
        if home is None:
            return ""
        named = life.person.residence_org_id if home.valid_to is None else home.residence_org_id
        found = self._territory.residence_org(Place(life.person.branch_id, named, home.community_code, False))  # noqa: FBT003  # a tuple's field
        return "" if found is None else self._territory.orgs[found].name


def check_day(on: date, today: date, what: str) -> None:
    """Refuse a day that cannot be: a change is registered when it has happened.

    Raises
    ------
    InputError
        The day lies ahead, or before 1949.
    """
    if on > today:
        msg = f"{what}日期 {on} 在今天（{today}）之后：请在发生以后登记"
        raise InputError(msg)
    if on.year < FIRST_YEAR:
        msg = f"{what}日期 {on} 太早，请核对"
        raise InputError(msg)


def check_reason(reason: str, *, is_needed: bool = False) -> str:
    """Return the reason without spare blanks.

    Raises
    ------
    InputError
        It is missing where one is needed, or too long.
    """
    text = " ".join(reason.split())
    if is_needed and not text:
        msg = "请填写原因"
        raise InputError(msg)
    if len(text) > MOST_REASON:
        msg = f"原因请不超过 {MOST_REASON} 字，现有 {len(text)} 字"
        raise InputError(msg)
    return text


def check_seen(life: Life, seen: tuple[ResidenceId | None, int] | None) -> None:
    """Refuse what was based on another home than the present one; `seen` None does not ask.

    Raises
    ------
    StaleError
        Somebody has registered a change since.
    """
    if seen is None:
        return
    now = (life.home.id, life.home.version) if life.home is not None else (None, 0)
    if now != seen:
        msg = "该党员的住址刚刚被他人登记或更正，请刷新后核对"
        raise StaleError(msg, mine=seen, theirs=now)
