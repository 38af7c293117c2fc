"""Why a plan is as it is and what would make it better: solved again for each question, in the time that is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.errors import NotFoundError
from gis.model.ids import MemberId
from gis.model.why import Additions, AdditionWhy, GroupWhy, LeaderOption, LimitWhy, MemberWhy
from gis.planning.additions import AdditionKind, NewHost
from gis.planning.additions import rank_additions as ranked
from gis.planning.alternatives import best_alternatives
from gis.planning.explain import explain_left_out, explain_seated
from gis.planning.group_reasons import NOWHERE, explain_group
from gis.planning.limits import price_limits as priced
from gis.planning.problem import NO_LOCK, UNSEATED
from gis.planning.remedies import Seating, smallest_remedies
from gis.planning.resolve import Resolver
from gis.services.why_facts import SEED, read_why_facts
from gis.services.why_text import LIMITS, addition_text, effect_of, group_texts, leader_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gis.model.access import Actor
    from gis.planning.additions import Addition
    from gis.services.why_facts import PlanSeats, SeatedGroup, WhyFacts
    from gis.store.database import Store

FAR_M = 400.0  # who walks farther than this to the group may be worth a host at home
MOST_HOMES = 60


def explain_members(
    actor: Actor, store: Store, seats: PlanSeats, member_ids: Collection[MemberId], *, seconds: float
) -> tuple[MemberWhy, ...]:
    """Explain these members: other places with their cost, or the smallest changes that would seat them.

    Raises
    ------
    StaleError
        The data have changed since the plan was made.
    NotFoundError
        The plan asks none of them.
    """
    facts = read_why_facts(actor, store, seats, seconds)
    rows = [facts.row_of[member] for member in member_ids if member in facts.row_of]
    if not rows:
        msg = "所问的党员不在这次测算的人里（不参加编组的，方案里已写明原因）"
        raise NotFoundError(msg)
    return tuple(why_members(facts, rows))


def why_members(facts: WhyFacts, rows: Collection[int]) -> Iterator[MemberWhy]:
    """Explain the members of these rows of the problem, in this order, as far as the time reaches."""
    resolver = Resolver(facts.given.problem, SEED, facts.seconds_left)
    for row in rows:
        yield _left_out(facts, row) if facts.host[row] == UNSEATED else _seated(facts, row, resolver)


def _seated(facts: WhyFacts, row: int, resolver: Resolver) -> MemberWhy:
    standing, i = facts.standing(row)
    seat, member = explain_seated(standing, i), facts.given.asked[row]
    return MemberWhy(
        member_id=MemberId(int(member.id or 0)),
        name=member.name,
        branch_id=member.branch_id,
        place=facts.namer.place(seat.host),
        walk_m=seat.walk_m,
        why=facts.namer.why(seat),
        alternatives=tuple(facts.namer.alternative(one) for one in best_alternatives(standing, i, resolver)),
    )


def _left_out(facts: WhyFacts, row: int) -> MemberWhy:
    standing, i = facts.standing(row)
    homes = facts.home_walk_m
    found, member = (
        explain_left_out(standing, i, homes[np.ix_(standing.member, standing.member)]),
        facts.given.asked[row],
    )
    seating = Seating(facts.given.problem, facts.host, facts.seconds_left)
    remedies = smallest_remedies(seating, row, found.changes, homes)
    return MemberWhy(
        member_id=MemberId(int(member.id or 0)),
        name=member.name,
        branch_id=member.branch_id,
        place=None,
        walk_m=None,
        why=facts.namer.reason(found, is_locked=facts.given.problem.locked_host[row] != NO_LOCK),
        code=found.reason.name,
        changes=tuple(facts.namer.remedy(one) for one in remedies),
    )


def explain_groups(
    actor: Actor, store: Store, seats: PlanSeats, group_ids: Collection[str], *, seconds: float
) -> tuple[GroupWhy, ...]:
    """Explain the place and the leader of these groups.

    Raises
    ------
    StaleError
        The data have changed since the plan was made.
    NotFoundError
        The plan has none of them.
    """
    asked = [group for group in seats.groups if group.id in group_ids]
    if not asked:
        msg = f"方案里没有小组 {'、'.join(group_ids)}"
        raise NotFoundError(msg)
    facts = read_why_facts(actor, store, seats, seconds)
    return tuple(_group(facts, group) for group in asked)


def _group(facts: WhyFacts, group: SeatedGroup) -> GroupWhy:
    row = facts.row_of[group.member_ids[0]]
    team, column = int(facts.given.problem.team[row]), int(facts.host[row])
    leader = NOWHERE if group.leader_id is None else facts.row_of.get(group.leader_id, NOWHERE)
    reason = explain_group(facts.worth, facts.host, (team, column), leader)
    place, branch = facts.namer.place(column), facts.namer.branch(facts.given.asked[row].branch_id)
    other = None if reason.other_host == NOWHERE else facts.namer.place(reason.other_host)
    options = tuple(_option(facts, one.member, one.walk_m) for one in reason.choices)
    texts = group_texts(reason, other, branch)
    if leader != NOWHERE and any(one.member_id == group.leader_id for one in options):
        texts = (*texts, leader_text(facts.given.asked[leader], options))
    return GroupWhy(
        group_id=group.id,
        branch=branch,
        place=place,
        texts=texts,
        other=other,
        other_m=None if other is None else reason.other_cost_m,
        closed_to_group=effect_of(reason.without_team),
        closed_to_all=effect_of(reason.without_anybody),
        leader_id=group.leader_id,
        leaders=options,
    )


def _option(facts: WhyFacts, row: int, walk_m: float) -> LeaderOption:
    member = facts.given.asked[row]
    return LeaderOption(MemberId(int(member.id or 0)), member.name, member.post, walk_m)


def price_limits(actor: Actor, store: Store, seats: PlanSeats, *, seconds: float) -> tuple[LimitWhy, ...]:
    """Say for each limit what lifting it would do, what gains most first.

    Raises
    ------
    StaleError
        The data have changed since the plan was made.
    """
    facts = read_why_facts(actor, store, seats, seconds)
    found = [LimitWhy(one.limit.value, LIMITS[one.limit], effect_of(one.loss)) for one in priced(facts.worth)]
    return tuple(sorted(found, key=_gain))


def _gain(one: LimitWhy) -> tuple[bool, int, int]:
    return not one.effect.is_known, -(one.effect.more_seated or 0), one.effect.more_m or 0


def rank_additions(actor: Actor, store: Store, seats: PlanSeats, *, seconds: float, most: int = 10) -> Additions:
    """Rank single additions by the members they seat, then by the metres they save.

    Raises
    ------
    StaleError
        The data have changed since the plan was made.
    """
    facts = read_why_facts(actor, store, seats, seconds)
    ranking = ranked(facts.worth, facts.host, _new_hosts(facts), most)
    return Additions(
        tuple(_addition(facts, one) for one in ranking.best), n_tried=ranking.n_tried, n_possible=ranking.n_possible
    )


def _new_hosts(facts: WhyFacts) -> list[NewHost]:
    """List candidate venues, and homes of full members who have no seat or a long way to it."""
    problem, host = facts.given.problem, facts.host
    found = [
        NewHost(place.key, facts.new_walk_m[:, k], place.capacity, place.is_step_free)
        for k, place in enumerate(facts.new_places)
    ]
    seated = host != UNSEATED
    walk = (
        np.where(seated, problem.walk_m[np.arange(len(host)), host], np.inf)
        if problem.n_hosts
        else np.full(len(host), np.inf)
    )
    seats = int(facts.seats.request.settings.host_capacity_max)
    homes = np.flatnonzero(problem.is_full & (walk > FAR_M) & (problem.locked_host == NO_LOCK))
    near = (facts.home_walk_m[:, homes] <= problem.limit_m[:, None]) & ~seated[:, None]
    homes = homes[np.argsort(-near.sum(axis=0), kind="stable")][:MOST_HOMES]
    found += [NewHost(f"B{int(row)}", facts.home_walk_m[:, row], seats, is_step_free=True) for row in homes]
    return found


def _addition(facts: WhyFacts, one: Addition) -> AdditionWhy:
    new_place = next((place for place in facts.new_places if place.key == one.key), None)
    is_home = one.kind is AdditionKind.NEW_HOST and new_place is None
    row = int(one.key.removeprefix("B")) if is_home else one.member
    member = facts.given.asked[row] if row >= 0 else None
    place_key = one.key if not is_home else ""
    if one.host >= 0:
        place_key = facts.namer.place(one.host).key
    return AdditionWhy(
        kind=one.kind.value,
        text=addition_text(one, facts.given.places, member, new_place),
        amount=one.amount,
        effect=effect_of(one.loss),
        place_key=place_key,
        member_id=None if member is None else MemberId(int(member.id or 0)),
    )
