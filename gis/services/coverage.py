"""覆盖: which transition members have a place to meet within reach, on one day, and where nothing is (空白点)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.errors import DeniedError, InputError
from gis.model.access import Action
from gis.model.coverage import Coverage, Gap, OrgGap, Reach
from gis.model.retention import months_before
from gis.model.wall import WallLevel
from gis.services.access import require, require_orgs
from gis.services.coverage_counts import Placed, all_counts, masks_of, only, safe_coverage
from gis.services.coverage_facts import centres_of, definition, read_coverage_facts
from gis.services.grouping_input import taken_of
from gis.services.map_years import on_wall_and_years
from gis.services.on_wall import kept_now
from gis.services.seats_shown import often
from gis.services.settings import office_settings
from gis.services.wall_counts import wall_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.people import Member
    from gis.services.coverage_counts import CoverageCounts, FigureKey
    from gis.services.coverage_facts import CoverageFacts
    from gis.services.on_wall import OnWall
    from gis.store.database import Store
    from gis.store.reader import Reader

MONTHS, MOST_MONTHS = 3, 36
NO_COMMUNITY = ("", "社区未知")
OF = "在册的过渡期党员"
SEATS = ("seats", "")


@dataclass(frozen=True, slots=True)
class CoverageRequest:
    """Which branches (none: the whole scope), and after how many months without a session a branch is named."""

    branch_ids: tuple[OrgId, ...] = ()
    months: int = MONTHS


@dataclass(frozen=True)
class _Ground:
    """Names and places by number."""

    grid_community: Mapping[int, str]
    estate_community: Mapping[int, str]
    communities: Mapping[str, str]
    buildings: Mapping[int, str]
    estates: Mapping[int, str]
    branches: Mapping[int, str] = field(default_factory=dict)

    def community(self, member: Member) -> tuple[str, str]:
        """Return code and name of the community where a member lives."""
        home = member.residence
        code = ""
        if home is not None:
            code = self.grid_community.get(home.grid_id or 0, "") or self.estate_community.get(home.estate_id or 0, "")
        return (code, self.communities.get(code, code)) if code else NO_COMMUNITY


def read_coverage(actor: Actor, store: Store, request: CoverageRequest | None = None) -> Coverage:
    """Work out the coverage of today for the actor's scope or some of its branches.

    Raises
    ------
    DeniedError
        The role may not, or a branch lies outside the scope.
    InputError
        The months are out of bounds.
    """
    require(actor, Action.VIEW_MATRIX)
    request = request or CoverageRequest()
    if not 1 <= request.months <= MOST_MONTHS:
        msg = f"几个月没有活动请填 1 到 {MOST_MONTHS}"
        raise InputError(msg)
    today = store.today()
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, request.branch_ids)
        if request.branch_ids and not reader.sees_people:  # two choices of branches differ by one branch
            msg = "只看数量的账号看全部范围的覆盖，不单看几个支部"
            raise DeniedError(msg)
        facts = read_coverage_facts(reader, request.branch_ids or None, today)
        shown = None if reader.sees_people else shown_coverage(actor, store, facts)
        return coverage_of(reader, facts, shown, request.months)


def coverage_of(reader: Reader, facts: CoverageFacts, shown: ShownCoverage | None, months: int = MONTHS) -> Coverage:
    """Work out the coverage of the day from what has been read; `shown` is what who sees counts only gets of it."""
    ground, options = _ground(reader), office_settings(reader)
    sees_people = reader.sees_people
    points = centres_of([building.shape for building in reader.buildings()])
    org_gaps = _org_gaps(reader, facts, ground, months_before(facts.day, months))
    counts = all_counts(*_placed(facts, ground)) if shown is None else shown.counts
    return Coverage(
        as_of=facts.day,
        definition=definition(options),
        of=OF,
        denominator=counts.denominator,
        count=counts.count,
        parts=counts.parts,
        communities=counts.communities,
        branches=counts.branches,
        without_seat=facts.seating.unseated if sees_people else None,
        places=len(facts.places),
        # Capacities are no secret: the rest is how many are in groups
        free_seats=int(facts.free.sum()) if shown is None or shown.tells_seats else None,
        buildings=int(np.isfinite(facts.nearest_m(points)).sum()),
        buildings_of=len(points),
        building_limit_m=round(facts.settings.limit_m),
        gaps=_gaps(facts, ground) if sees_people else (),
        org_gaps=org_gaps,
        months=months,
        is_estimated=facts.is_estimated,
    )


def _ground(reader: Reader) -> _Ground:
    return _Ground(
        grid_community={int(one.id): one.community_code for one in reader.grids() if one.id is not None},
        estate_community={int(one.id): one.division_code for one in reader.estates() if one.id is not None},
        communities={one.code: one.name for one in reader.divisions()},
        buildings={int(one.id): one.label for one in reader.buildings() if one.id is not None},
        estates={int(one.id): one.name for one in reader.estates() if one.id is not None},
        branches={int(one.id): one.name for one in reader.orgs() if one.id is not None},
    )


def _placed(facts: CoverageFacts, ground: _Ground) -> tuple[list[Placed], dict[int, tuple[str, str]], dict[int, str]]:
    """Return where each member stands, the communities (code, name) and the branches by key."""
    lived = [ground.community(member) for member in facts.members]
    codes = sorted(set(lived), key=lambda one: (not one[0], one))
    number = {one: key for key, one in enumerate(codes)}
    placed = [
        Placed(number[where], int(member.branch_id), state)
        for member, where, state in zip(facts.members, lived, facts.states, strict=True)
    ]
    branches = {key: ground.branches.get(key, "") for key in sorted({one.branch for one in placed})}
    return placed, dict(enumerate(codes)), branches


@dataclass(frozen=True, eq=False)
class ShownCoverage:
    """What who sees counts only gets of the coverage, whether the free seats are told, and what is known then."""

    counts: CoverageCounts
    tells_seats: bool
    known: OnWall


def shown_coverage(actor: Actor, store: Store, facts: CoverageFacts | None = None) -> ShownCoverage:
    """Choose what who sees counts only is shown beside the screens before (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_MATRIX)
    return kept_now(actor, store, "coverage", lambda: _choose(actor, store, facts))


def _choose(actor: Actor, store: Store, facts: CoverageFacts | None) -> ShownCoverage:
    known, below = on_wall_and_years(actor, store), wall_now(actor, store).suppress_below
    communities = _communities_on_wall(actor, store)
    with store.reading(actor.scope) as reader:
        read = facts or read_coverage_facts(reader, None, store.today())
        found, masks = _candidates(read, _ground(reader), below, communities)
        taken = taken_of(reader, read.places)
    masks[SEATS] = [often(some, len(known.people)) for some in taken]
    kept, known = known.choose(masks)
    return ShownCoverage(only(found, kept), SEATS in kept, known)


def _candidates(
    facts: CoverageFacts, ground: _Ground, below: int, on_wall: Mapping[str, int | None]
) -> tuple[CoverageCounts, dict[FigureKey, list[Any]]]:
    """Count for who sees counts only; a community whose number would tell that of a grid is not shown."""
    placed, communities, branches = _placed(facts, ground)
    many = Counter(communities[one.community][0] for one in placed)
    withheld = [code for code, _ in communities.values() if on_wall.get(code) != many[code]]
    found = safe_coverage(placed, communities, branches, below, withheld)
    return found, masks_of(found, placed, {communities[one.community][0]: one.community for one in placed})


def _communities_on_wall(actor: Actor, store: Store) -> dict[str, int | None]:
    nodes = wall_now(actor, store).nodes.values()
    return {one.code: one.counts.transition for one in nodes if one.level is WallLevel.COMMUNITY}


def _gaps(facts: CoverageFacts, ground: _Ground) -> tuple[Gap, ...]:
    """List buildings (estates, where no building is known) whose members have nothing within reach, most first."""
    members: Counter[tuple[int, int]] = Counter()
    nearest: dict[tuple[int, int], float] = {}
    where: dict[tuple[int, int], str] = {}
    for number, row in enumerate(facts.waiting):
        member = facts.members[row]
        home = member.residence
        if facts.states[row] is not Reach.NONE or home is None:
            continue
        key = (home.building_id or 0, 0 if home.building_id else home.estate_id or 0)
        members[key] += 1
        where[key] = ground.community(member)[1]
        nearest[key] = min(nearest.get(key, np.inf), float(facts.walk_m[number].min(initial=np.inf)))
    found = [
        Gap(
            label=ground.buildings.get(key[0]) or ground.estates.get(key[1]) or "楼栋未核定",
            building_id=key[0] or None,  # type: ignore[arg-type]  # ids are integers
            estate_id=key[1] or None,  # type: ignore[arg-type]  # as above
            community=where[key],
            members=count,
            nearest_m=round(nearest[key]) if np.isfinite(nearest[key]) else None,
        )
        for key, count in members.items()
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.members, gap.label)))


def _org_gaps(reader: Reader, facts: CoverageFacts, ground: _Ground, since: date) -> tuple[OrgGap, ...]:
    """List branches with transition members that have no group, or no session since a day (D02)."""
    branches = sorted({member.branch_id for member in facts.members})
    groups = reader.group_counts_by_branch()
    held: dict[OrgId, date] = {}
    for one in reader.sessions():
        if one.is_held and one.held_on is not None:
            held[one.org_id] = max(held.get(one.org_id, one.held_on), one.held_on)
    found = []
    for branch in branches:
        last = held.get(branch)
        is_quiet = last is None or last < since
        if is_quiet or not groups.get(branch):
            found.append(OrgGap(branch, ground.branches.get(int(branch), ""), not groups.get(branch), is_quiet, last))
    return tuple(found)


def share(count: int | None, denominator: int | None) -> str:
    """Return a rate in words, "" where it is not shown."""
    return "" if count is None or not denominator else f"{count / denominator:.0%}"
