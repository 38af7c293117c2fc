"""迁居 and 更正住址: one person, one more address; whoever looks at a day finds the address of that day.

A move opens a row in the history; a correction puts a row right that was wrong. Neither touches the seat in a group or
the study mode: they are put up for review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.life import LifeKind
from gis.services._roster_life import WAS, digest_of_address
from gis.services._roster_matching import same_address
from gis.services.access import require
from gis.services.life import SideNames, check_day, check_reason, check_seen, present_life
from gis.services.life_spans import begin_on, fit_in
from gis.services.placing import Placer

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, MemberId, OrgId, ResidenceId
    from gis.model.life import PastHome, ReviewKind
    from gis.model.people import Residence
    from gis.services.life import Life
    from gis.store.database import Store
    from gis.store.writer import Writer


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """A new address from a day on; `building_id` where a person has chosen the building.

    `is_past`: an address of the past is entered later, the present one goes on holding. `residence_org_id` names the
    organisation of the place of living where its community does not tell. `seen`: id and version of the home that the
    person saw, None does not ask.
    """

    member_id: MemberId
    address: str
    on: date
    reason: str = ""
    building_id: BuildingId | None = None
    residence_org_id: OrgId | None = None
    is_past: bool = False
    seen: tuple[ResidenceId | None, int] | None = None


@dataclass(frozen=True, slots=True)
class CorrectRequest:
    """What was wrong with one address of the history: the address, the first day, or both."""

    member_id: MemberId
    residence_id: ResidenceId
    version: int
    reason: str
    address: str = ""
    building_id: BuildingId | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the address as it stands now, both residence sides, and what a person should look at again."""

    member_id: MemberId
    home: PastHome
    homes: tuple[PastHome, ...]
    org_before: str
    org_after: str
    reviews: tuple[ReviewKind, ...]


def register_move(actor: Actor, store: Store, request: MoveRequest) -> Moved:
    """Register that a member has moved.

    Raises
    ------
    InputError
        The day or the address cannot be, is the one held already, or does not fit into the history.
    NotFoundError
        There is no such member in the scope, or no such building.
    StaleError
        Somebody has registered a change meanwhile.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.writing(actor, Action.MOVE_MEMBERS) as writer:
        life = present_life(writer, request.member_id)
        moved = put_home(writer, life, request, LifeKind.MOVED)
        writer.say("登记一名党员迁居" + ("（补登以前的住处）" if request.is_past else ""), member_id=request.member_id)
        return moved


def put_home(writer: Writer, life: Life, request: MoveRequest, kind: LifeKind) -> Moved:
    """Insert the address into the history; for a move and for a return."""
    check_day(request.on, writer.today, kind.label)
    check_seen(life, request.seen)
    reason = check_reason(request.reason) or kind.label
    home = Placer(writer, writer.today).place(request.address, request.building_id)
    fit = fit_in(life.homes, request.on, is_past=request.is_past)
    _refuse_same(life, home, fit.valid_from, fit.valid_to)
    changed = {life.homes[at].id: days for at, days in fit.changed.items()}
    before = SideNames(writer).of(life, life.home)
    number = writer.insert_home(request.member_id, home, (fit.valid_from, fit.valid_to), reason, changed)
    if fit.valid_to is None and request.residence_org_id is not None:
        _name_org(writer, request.member_id, request.residence_org_id)
    is_present = fit.valid_to is None
    event = writer.add_event(request.member_id, kind, request.on, reason, {"homes": [number]})
    reviews = writer.life_ties(request.member_id) if is_present else ()
    writer.raise_reviews(request.member_id, event, reviews)
    return _moved(writer, request.member_id, number, before, reviews)


def correct_home(actor: Actor, store: Store, request: CorrectRequest) -> Moved:
    """Put an address of the history right in place: nobody has moved.

    Raises
    ------
    InputError
        Nothing was changed, no reason was given, or the days would overlap.
    NotFoundError
        There is no such member, address or building in the scope.
    StaleError
        Somebody has changed the address meanwhile.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.writing(actor, Action.MOVE_MEMBERS) as writer:
        life = present_life(writer, request.member_id)
        at = _index_of(life, request)
        reason = check_reason(request.reason, is_needed=True)
        home = _corrected(writer, request, life.homes[at])
        changed = _shifted(life, at, request, writer.today)
        if home is None and not changed:
            msg = "没有要更正的内容：请填写正确的住址，或正确的起始日期"
            raise InputError(msg)
        before = SideNames(writer).of(life, life.home)
        writer.correct_home(request.residence_id, home, reason, changed, version=request.version)
        is_present = home is not None and life.homes[at].valid_to is None
        reviews = writer.life_ties(request.member_id) if is_present else ()
        on = life.homes[at].valid_from if request.since is None else request.since
        closed: dict[str, object] = {"homes": [int(request.residence_id)]}
        if home is not None:
            closed[WAS] = digest_of_address(life.homes[at].address)
        event = writer.add_event(request.member_id, LifeKind.CORRECTED, on, reason, closed)
        writer.raise_reviews(request.member_id, event, reviews)
        writer.say("更正一名党员的住址", member_id=request.member_id)
        return _moved(writer, request.member_id, int(request.residence_id), before, reviews)


def _index_of(life: Life, request: CorrectRequest) -> int:
    at = next((i for i, one in enumerate(life.homes) if one.id == request.residence_id), None)
    if at is None:
        msg = "该住址记录已不存在，请刷新后重试"
        raise NotFoundError(msg)
    if life.homes[at].version != request.version:
        msg = "该住址已被他人修改，请刷新后查看"
        raise StaleError(msg, mine=request.version, theirs=life.homes[at].version)
    return at


def _corrected(writer: Writer, request: CorrectRequest, old: PastHome) -> Residence | None:
    """Return the right address; None where only the days were wrong."""
    is_same = not request.address.strip() or same_address(request.address, old.address)
    if is_same and request.building_id in (None, old.building_id):
        return None
    text = request.address if request.address.strip() else old.address
    return Placer(writer, writer.today).place(text, request.building_id)


def _shifted(life: Life, at: int, request: CorrectRequest, today: date) -> dict[ResidenceId, tuple[date, date | None]]:
    if request.since is None or request.since == life.homes[at].valid_from:
        return {}
    check_day(request.since, today, "起始")
    return {life.homes[i].id: days for i, days in begin_on(life.homes, at, request.since).items()}


def _refuse_same(life: Life, home: Residence, start: date, end: date | None) -> None:
    """Refuse an address that the member had just before or has just after."""
    beside = [one for one in life.homes if one.valid_to != one.valid_from and (one.valid_from < start)][-1:]
    beside += [one for one in life.homes if end is not None and one.valid_from == end and one.valid_to != end]
    first = life.homes[:1] if len(life.homes) == 1 else ()
    for one in (*beside, *first):
        if same_address(one.address, home.address):
            msg = f"与 {one.valid_from} 起登记的住址相同，不是迁居：地址写得不准请用“更正”"
            raise InputError(msg)


def _name_org(writer: Writer, member_id: MemberId, org_id: OrgId) -> None:
    if org_id not in {org.id for org in writer.orgs()}:
        msg = "所选的居住地党组织不存在，请刷新后重新选择"
        raise NotFoundError(msg)
    writer.name_residence_org(member_id, org_id)


def _moved(writer: Writer, member_id: MemberId, number: int, before: str, reviews: tuple[ReviewKind, ...]) -> Moved:
    life = present_life(writer, member_id)
    home = next(one for one in life.homes if one.id == number)
    after = SideNames(writer).of(life, life.home)
    return Moved(member_id, home, life.homes, before, after, reviews)
