"""Visits of the made-up street, on top of its members and its demo accounts.

Two months of them: a round of each village that is over, one of last week with a contradiction to settle and a sheet
still out, and a small one issued for the coming day. Results go the way that every result goes, so that contacts,
addresses and attendance follow from them. The same seed and day give the same rounds to the minute: the coming one has
so few doors that the planner weighs all orders of them, which no clock cuts short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

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
    promising,
    results_of,
    working_day,
)
from gis.services.visits.due import DueRequest, list_due
from gis.services.visits.proposing import TeamRequest, VisitRequest, adopt_visits, propose_visits
from gis.services.visits.results import record_results
from gis.services.visits.rounds import issue_round

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from random import Random

    from gis.model.access import Actor
    from gis.model.accounts import Account
    from gis.model.ids import MemberId, OrgId, RoundId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

LAST_MONTH, LAST_WEEK, CLOSED_AFTER, SPREAD, SHEET_DAYS = 33, 6, 3, 9, 7
PAST_SHARE, MOST_PAST, WEEK_MEMBERS, PROMISED = 0.55, 20, 9, 4
COMING_DOORS, MOST_COMING, LEFT_DUE = 4, 7, 5  # doors and members of the coming round; how many due stay out of it
HELPERS = ("lianluo", "zuzhang")
SECRETARY = "zhibu"


@dataclass(frozen=True, slots=True)
class _Village:
    """An organisation with members in transition below it, and who of it goes visiting."""

    org_id: OrgId
    name: str
    members: tuple[Member, ...]
    helpers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Who is visited on the coming day; `by_hand` of them without being due, `excluded` are due and stay."""

    members: tuple[MemberId, ...]
    by_hand: tuple[MemberId, ...]
    excluded: frozenset[MemberId]


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
        street = _read(reader, seed, store.today())
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
    """Record what came of a round; `unsaid` of the last visits nobody has entered yet.

    Then one is contradicted as well, and some agreed to the coming working day.
    """
    with store.reading(actor.scope) as reader:
        made = reader.visit_round(round_id)
    if made is None:
        return
    said = results_of(chance, made, store.today())
    if unsaid:
        said = promising(said, _coming_day(store.today()), PROMISED)
        said = said[: len(said) - unsaid] if len(said) > unsaid else said
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
    """Print a sheet for each team; that of the first has come back where the round is over."""
    made, today = writer.visit_round(round_id), writer.today
    for team in made.teams if made is not None else ():
        if made is None or team.id is None or made.issued_at is None:
            continue
        back = team.stops[-1].leave.date() + timedelta(days=1)
        writer.add_visit_sheet(
            VisitSheet(
                None,
                team.id,
                f"SX{made.issued_at:%Y%m%d}-{round_id}-{team.number}-1",
                SheetKind.PAPER,
                team.visitors[0].name,
                made.issued_at,
                made.last_day + timedelta(days=SHEET_DAYS),
                returned_on=back if team.number == 1 and back <= today else None,
            )
        )


def _visitor(account: Account) -> Visitor:
    return Visitor(account.display_name, account.id)


def _coming_day(today: date) -> date:
    return working_day(today + timedelta(days=1))


def _coming(actor: Actor, store: Store, street: _Street) -> bool:
    """Plan and issue one half-day of the coming working day, for a team that sees its members and their phones."""
    village, day = street.branch or street.shown, _coming_day(street.today)
    chosen = _chosen(actor, store, village, day)
    if not chosen.members:
        return False  # nobody of a very small street
    helpers = tuple(_visitor(street.accounts[one]) for one in HELPERS if one in street.accounts)
    request = VisitRequest(
        org_id=village.org_id,
        days=(day,),
        teams=(TeamRequest(helpers or tuple(Visitor(name) for name in village.helpers[:2]), TravelWay.EBIKE),),
        member_ids=chosen.by_hand,
        exclude=chosen.excluded,
        seconds=0.0,
        seed=street.seed,
        name=f"{day.month} 月 {day.day} 日{village.name}上门送学",
        material="学习资料一份",
    )
    proposed = propose_visits(actor, store, request)
    if not any(team.stops for team in proposed.round.teams):
        return False
    round_id = adopt_visits(actor, store, proposed.round)
    with store.reading(actor.scope) as reader:
        saved = reader.visit_round(round_id)
    issue_round(actor, store, round_id, saved.version if saved is not None else 1)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        _hand_out(writer, round_id)
        writer.say("登记虚构走访单", round=round_id)
    return True


def _chosen(actor: Actor, store: Store, village: _Village, day: date) -> _Chosen:
    """Choose who is visited on the coming day.

    Of those due some, as long as enough stay for the planner; the other doors are those not visited for longest.
    """
    due = list_due(actor, store, DueRequest(village.org_id, day, day))
    asked = {one.member_id for one in due.due}
    barred = {member for one in due.left_out for member in one.member_ids}
    homes = {one.id: one.residence.address for one in village.members if one.id is not None and one.residence}
    with store.reading(actor.scope) as reader:
        last = {member: one.on_day for member, one in reader.last_visits(tuple(homes)).items()}
    urgent = _by_door([one.member_id for one in due.due if one.group_id is None and one.member_id in homes], homes)
    others = sorted(set(homes) - asked - barred, key=lambda one: (last.get(one, date.min), one))
    doors = urgent[: max(0, min(COMING_DOORS, len(asked) - LEFT_DUE))]
    doors += _by_door([one for one in others if not _is_behind(one, urgent, homes)], homes)[: COMING_DOORS - len(doors)]
    members = tuple([one for door in doors for one in door][:MOST_COMING])
    return _Chosen(members, tuple(one for one in members if one not in asked), frozenset(asked.difference(members)))


def _by_door(members: Iterable[MemberId], homes: Mapping[MemberId, str]) -> list[list[MemberId]]:
    found: dict[str, list[MemberId]] = {}
    for one in members:
        found.setdefault(homes[one], []).append(one)
    return list(found.values())


def _is_behind(member: MemberId, doors: Iterable[list[MemberId]], homes: Mapping[MemberId, str]) -> bool:
    return any(homes[member] == homes[door[0]] for door in doors)
