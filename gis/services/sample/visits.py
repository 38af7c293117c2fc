"""Visits of the made-up street, on top of its members and its demo accounts.

Two months of them: a round of each village that is over, one of last week with a contradiction to settle and a sheet
still out, and one issued for the days to come. Results go the way that every result goes, so that contacts, addresses
and attendance follow from them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.visits import ResultSource, RoundState, SheetKind, TravelWay, Visitor, VisitSheet
from gis.services.access import require
from gis.services.sample._chance import stream
from gis.services.sample._visits import (
    DOORS,
    WINDOW_SHARE,
    WINDOWS,
    PastRound,
    contradicting,
    may_be_visited,
    past_round,
    results_of,
    working_day,
)
from gis.services.visit_proposing import HalfDay, TeamRequest, VisitRequest, adopt_visits, propose_visits
from gis.services.visit_results import record_results
from gis.services.visit_rounds import issue_round

if TYPE_CHECKING:
    from random import Random

    from gis.model.access import Actor
    from gis.model.accounts import Account
    from gis.model.ids import MemberId, OrgId, RoundId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

LAST_MONTH, LAST_WEEK, CLOSED_AFTER, SPREAD, SHEET_DAYS = 33, 6, 3, 9, 7
PAST_SHARE, MOST_PAST, WEEK_MEMBERS, SECONDS = 0.55, 20, 9, 1.0
HELPERS = ("lianluo", "zuzhang")
SECRETARY, VILLAGE_SECRETARY = "zhibu", "cun"


@dataclass(frozen=True, slots=True)
class _Village:
    """An organisation with members in transition below it, and who of it goes visiting."""

    org_id: OrgId
    name: str
    members: tuple[Member, ...]
    helpers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Street:
    seed: int
    today: date
    villages: tuple[_Village, ...]
    accounts: dict[str, Account]
    first: int
    branch: _Village | None = None

    @property
    def shown(self) -> _Village:
        """The village of the demo accounts."""
        return self.villages[self.first]


def sample_visits(actor: Actor, store: Store, seed: int) -> int:
    """Make the rounds of visits of a made-up street; returns how many, 0 where nobody can be visited."""
    require(actor, Action.IMPORT_DATA)
    with store.reading(actor.scope) as reader:
        street = _read(reader, seed, store.clock().date())
    if street is None:
        return 0
    chance = stream(seed, "visits")
    _note_windows(actor, store, street, chance)
    for village in street.villages:
        _month(actor, store, village, (street, chance))
    _week(actor, store, street, stream(seed, "visits last week"))
    is_planned = _coming(actor, store, street)
    return len(street.villages) + 1 + is_planned


def _read(reader: Reader, seed: int, today: date) -> _Street | None:
    orgs = {org.id: org for org in reader.orgs() if org.id is not None}
    accounts = {one.username: one for one in reader.accounts()}
    everybody = reader.members()
    above = {org_id: org.parent_id or org_id for org_id, org in orgs.items()}
    villages = []
    for number in sorted({above[one.branch_id] for one in everybody if may_be_visited(one)}):
        ours = [one for one in everybody if above[one.branch_id] == number]
        helpers = tuple(one.name for one in ours if one.post and not one.is_in_transition) or tuple(
            one.name for one in ours if one.post
        )
        visited = tuple(one for one in ours if may_be_visited(one))
        villages.append(_Village(number, orgs[number].name, visited, helpers or ("社区工作人员",)))
    if not villages:
        return None
    roots = accounts[SECRETARY].org_roots if SECRETARY in accounts else frozenset()
    first = next((k for k, one in enumerate(villages) if any(above[root] == one.org_id for root in roots)), 0)
    mine = tuple(one for one in villages[first].members if one.branch_id in roots)
    branch = None
    if mine:
        root = mine[0].branch_id
        branch = replace(villages[first], org_id=root, name=orgs[root].name, members=mine)
    return _Street(seed, today, tuple(villages), accounts, first, branch)


def _note_windows(actor: Actor, store: Store, street: _Street, chance: Random) -> None:
    """Write on some cards when the member likes to be visited."""
    with store.writing(actor, Action.EDIT_CARDS) as writer:
        cards = writer.cards()
        for village in street.villages:
            for member in village.members:
                likes, (begin, end) = chance.random() < WINDOW_SHARE, chance.choice(WINDOWS)
                card = cards.get(member.id) if member.id is not None else None
                if likes and card is not None:
                    writer.save_card(replace(card, visit_from_min=begin, visit_to_min=end))
        writer.say("登记虚构的方便时段")


def _month(actor: Actor, store: Store, village: _Village, of: tuple[_Street, Random]) -> None:
    """Make the round of a village that is over."""
    street, chance = of
    count = min(MOST_PAST, max(1, round(PAST_SHARE * len(village.members))))
    first = working_day(street.today - timedelta(days=LAST_MONTH - chance.randint(0, SPREAD)))
    people = tuple(chance.sample(village.members, count))
    teams = _teams(chance, village, math.ceil(count / (2 * DOORS)))
    round_id = _save(actor, store, (village, first, people, teams), chance)
    _record(actor, store, round_id, chance)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        made = writer.visit_round(round_id)
        if made is not None:
            closed = made.last_day + timedelta(days=CLOSED_AFTER)
            writer.set_round_state(round_id, made.version, RoundState.CLOSED, closed_on=closed)
        writer.say("结束虚构走访", round=round_id)


def _teams(chance: Random, village: _Village, count: int) -> tuple[tuple[Visitor, ...], ...]:
    names = chance.sample(village.helpers, min(len(village.helpers), 2 * count))
    pairs = [tuple(Visitor(name) for name in names[k : k + 2]) for k in range(0, len(names), 2)]
    return tuple(pairs[k % len(pairs)] for k in range(count))


def _save(
    actor: Actor,
    store: Store,
    wanted: tuple[_Village, date, tuple[Member, ...], tuple[tuple[Visitor, ...], ...]],
    chance: Random,
) -> RoundId:
    village, first, people, teams = wanted
    issued = store.clock().replace(year=first.year, month=first.month, day=first.day) - timedelta(days=2)
    name = f"{first.month} 月 {first.day} 日{village.name}上门送学"
    made = past_round(chance, PastRound(village.org_id, name, first, people, teams, issued))
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        round_id = writer.add_visit_round(made)
        writer.say("安排虚构走访", round=round_id, members=len(people))
    return round_id


def _record(actor: Actor, store: Store, round_id: RoundId, chance: Random, *, unsaid: int = 0) -> None:
    """Record what came of a round; `unsaid` of the last visits nobody has entered yet, and one is contradicted."""
    with store.reading(actor.scope) as reader:
        made = reader.visit_round(round_id)
    if made is None:
        return
    said = results_of(chance, made, store.clock().date())
    said = said[: len(said) - unsaid] if unsaid and len(said) > unsaid else said
    record_results(actor, store, said, ResultSource.DESK)
    other = contradicting(said, round_id) if unsaid else None
    if other is not None:
        record_results(actor, store, [other], ResultSource.FILE)


def _week(actor: Actor, store: Store, street: _Street, chance: Random) -> None:
    """Make the round of last week: nearly all results are in, one contradicts another, a sheet is still out."""
    village = street.branch or street.shown
    first = working_day(street.today - timedelta(days=LAST_WEEK + 2))
    people = tuple(chance.sample(village.members, min(WEEK_MEMBERS, len(village.members))))
    named = tuple(_visitor(street.accounts[one]) for one in HELPERS if one in street.accounts)
    others = _teams(chance, village, 2)
    if SECRETARY in street.accounts:
        others = (others[0], (_visitor(street.accounts[SECRETARY]), *others[-1][:1]))
    teams = (named or others[0], others[-1])
    round_id = _save(actor, store, (village, first, people, teams), chance)
    _record(actor, store, round_id, chance, unsaid=2)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        _hand_out(writer, round_id)
        writer.say("登记虚构走访单", round=round_id)


def _hand_out(writer: Writer, round_id: RoundId) -> None:
    made = writer.visit_round(round_id)
    for team in made.teams if made is not None else ():
        if made is None or team.id is None or made.issued_at is None:
            continue
        back = team.stops[-1].leave.date() + timedelta(days=1) if team.number == 1 else None
        writer.add_visit_sheet(
            VisitSheet(
                None,
                team.id,
                f"SX{made.issued_at:%Y%m%d}-{round_id}-{team.number}-1",
                SheetKind.PAPER,
                team.visitors[0].name,
                made.issued_at,
                made.last_day + timedelta(days=SHEET_DAYS),
                returned_on=back,
            )
        )


def _visitor(account: Account) -> Visitor:
    return Visitor(account.display_name, account.id)


def _coming(actor: Actor, store: Store, street: _Street) -> bool:
    """Plan and issue the round of the coming days: the first team sees the members of its branch and their phones."""
    first = working_day(street.today + timedelta(days=1))
    days = (first, working_day(first + timedelta(days=1)))
    teams, own = _coming_teams(street)
    request = VisitRequest(
        org_id=street.shown.org_id,
        days=days,
        halves=tuple(HalfDay),
        teams=teams,
        must_with=dict.fromkeys(own, 1),
        seconds=SECONDS,
        seed=street.seed,
        name=f"{first.month} 月 {first.day} 日{street.shown.name}上门送学",
        material="学习资料一份",
    )
    try:
        proposed = propose_visits(actor, store, request)
    except InputError:
        return False  # nobody of a very small street is due
    if not any(team.stops for team in proposed.round.teams):
        return False
    round_id = adopt_visits(actor, store, proposed.round)
    with store.reading(actor.scope) as reader:
        saved = reader.visit_round(round_id)
    issue_round(actor, store, round_id, saved.version if saved is not None else 1)
    return True


def _coming_teams(street: _Street) -> tuple[tuple[TeamRequest, ...], tuple[MemberId, ...]]:
    """Return two teams, and the members that the first one is to visit: those of the branch of its accounts."""
    accounts = street.accounts
    helpers = tuple(_visitor(accounts[one]) for one in HELPERS if one in accounts)
    secretary = tuple(_visitor(accounts[one]) for one in (VILLAGE_SECRETARY,) if one in accounts)
    villagers = tuple(Visitor(name) for name in street.shown.helpers[:2])
    second = TeamRequest((*secretary, *villagers)[:2], TravelWay.EBIKE)
    if not helpers:
        return (second,), ()
    reach = set.intersection(*({int(root) for root in accounts[one].org_roots} for one in HELPERS if one in accounts))
    own = tuple(one.id for one in street.shown.members if int(one.branch_id) in reach and one.id is not None)
    return (TeamRequest(helpers, TravelWay.EBIKE), second), own
