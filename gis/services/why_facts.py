"""What an explanation stands on: the seats of a plan, and the problem that they answer, read again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError, StaleError
from gis.model.access import Action
from gis.model.enums import VenueKind
from gis.model.ids import MemberId, OrgId
from gis.planning.problem import UNSEATED, Status
from gis.planning.scoring import score_plan
from gis.planning.standing import Standing, standing_of
from gis.planning.worth import Worth
from gis.services.access import require, require_orgs
from gis.services.adopting import PLAN_TOPICS
from gis.services.explain_text import Namer
from gis.services.grouping_input import grouping_input, measure_walks, venue_place
from gis.services.plan_reading import check_shape, place_key, request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    import numpy.typing as npt

    from gis.model.access import Actor
    from gis.model.plan import GroupingRequest, GroupPlan, Place
    from gis.services.grouping_input import GroupingInput
    from gis.store.database import Store

    IntArray = npt.NDArray[np.int64]
    FloatArray = npt.NDArray[np.float64]

SEED = 0


@dataclass(frozen=True)
class SeatedGroup:
    """One group of a plan by ids."""

    id: str
    place_key: str
    leader_id: MemberId | None
    member_ids: tuple[MemberId, ...]


@dataclass(frozen=True)
class PlanSeats:
    """Who sits where in a plan, and what it was asked with."""

    request: GroupingRequest
    branch_ids: tuple[OrgId, ...]
    data_version: int
    is_proven: bool
    groups: tuple[SeatedGroup, ...]


def seats_of_plan(plan: GroupPlan) -> PlanSeats:
    """Take the seats out of a plan."""
    groups = tuple(
        SeatedGroup(one.id, one.place.key, one.leader_id, tuple(seat.member_id for seat in one.seats))
        for one in plan.groups
    )
    is_proven = plan.status == Status.OPTIMAL.value
    return PlanSeats(plan.request, plan.branch_ids, plan.data_version, is_proven, groups)


def seats_of_document(document: dict[str, Any]) -> PlanSeats:
    """Take the seats out of a plan document.

    Raises
    ------
    InputError
        It is not a plan, or does not say what it was asked with.
    """
    check_shape(document)
    request = request_of(document)
    if "request" not in document or "data_version" not in document:
        msg = "方案没有写明测算范围和数据版本（request、data_version），无法说明理由"
        raise InputError(msg)
    groups = tuple(
        SeatedGroup(
            str(one.get("id", f"G{number}")),
            place_key(one),
            one.get("leader"),
            tuple(MemberId(seat["member"]) for seat in one["members"]),
        )
        for number, one in enumerate(document["groups"], start=1)
    )
    is_proven = document["status"] == Status.OPTIMAL.value
    return PlanSeats(request, request.branch_ids, int(document["data_version"]), is_proven, groups)


@dataclass(frozen=True, eq=False)
class WhyFacts:
    """The problem of a plan, its seats as arrays, and places where groups could meet but do not yet.

    `new_walk_m` has shape (n, k): the walks of the asked to `new_places`.
    """

    seats: PlanSeats
    given: GroupingInput
    names: Mapping[OrgId | None, str]
    host: IntArray
    new_places: tuple[Place, ...]
    new_walk_m: FloatArray
    seconds_left: Callable[[], float]

    @cached_property
    def namer(self) -> Namer:
        """What turns numbers into words."""
        return Namer(self.given, self.names)

    @cached_property
    def row_of(self) -> dict[MemberId, int]:
        """Row of each member asked."""
        return {MemberId(int(member.id or 0)): row for row, member in enumerate(self.given.asked)}

    @cached_property
    def home_walk_m(self) -> FloatArray:
        """Shape (n, n), from home to home of the asked."""
        n = len(self.given.asked)
        return self.given.home_walk_m[:n, :n]

    @cached_property
    def worth(self) -> Worth:
        """Scores the problem with anything changed; knows the plan's score where that is proven."""
        worth = Worth(self.given.problem, SEED, self.seconds_left)
        if self.seats.is_proven:
            worth.know(score_plan(self.given.problem, self.host))
        return worth

    def standing(self, row: int) -> tuple[Standing, int]:
        """Return a member's team in this plan and the member's number in it."""
        standing = standing_of(self.given.problem, self.host, int(self.given.problem.team[row]))
        return standing, int(np.searchsorted(standing.member, row))


def read_why_facts(actor: Actor, store: Store, seats: PlanSeats, seconds: float) -> WhyFacts:
    """Read the problem that a plan answers and seat its members in it.

    Parameters
    ----------
    seconds
        So long may be solved from now on.

    Raises
    ------
    StaleError
        The data have changed since the plan was made.
    InputError
        The plan seats people or uses places that are not there.
    DeniedError
        The actor may not plan, or not for these branches.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, seats.branch_ids)
        now = reader.data_version(*PLAN_TOPICS)
        if now != seats.data_version:
            msg = "测算之后数据有变动，理由要按新数据重新测算后才能说明"
            raise StaleError(msg, mine=seats.data_version, theirs=now)
        given = grouping_input(reader, seats.branch_ids, seats.request, store.today())
        names = {org.id: org.name for org in reader.orgs()}
        venues = [venue_place(one) for one in reader.venues() if one.kind is VenueKind.CANDIDATE]
        new_places = tuple(one for one in venues if one is not None)
        walks, _ = measure_walks(reader, given.asked if new_places else (), new_places, seats.request.settings)
    new_walk_m = walks.walk_m if new_places else np.zeros((len(given.asked), 0))
    end = monotonic() + seconds
    return WhyFacts(seats, given, names, _host_of(seats, given), new_places, new_walk_m, lambda: end - monotonic())


def _host_of(seats: PlanSeats, given: GroupingInput) -> IntArray:
    column = {place.key: number for number, place in enumerate(given.places)}
    row_of = {member.id: row for row, member in enumerate(given.asked)}
    host = np.full(len(given.asked), UNSEATED, dtype=np.int64)
    for group in seats.groups:
        if group.place_key not in column or any(member not in row_of for member in group.member_ids):
            msg = f"小组 {group.id} 的地点或组员已不在测算范围内，请重新测算"
            raise InputError(msg)
        host[[row_of[member] for member in group.member_ids]] = column[group.place_key]
    return host
