"""A plan of study groups as people read it: who meets where, why, and who is left out and what would help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import HostId, MemberId, OrgId, VenueId


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group can meet: a host household or a venue; `key` is `H12` or `V3`, `label` what people call it."""

    key: str
    label: str
    lon: float
    lat: float
    capacity: int
    is_step_free: bool
    host_id: HostId | None = None
    venue_id: VenueId | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another place a member could have been seated, and why not. `walk_m` None: nothing leads there.

    `rule` is the code of the rule that bars it, else "". With `cost_known` the best plan with the member there seats
    `cost_seats` members fewer and costs `cost_m` weighted metres more; both None where a rule bars it.
    """

    place: Place
    walk_m: float | None
    why_not: str
    rule: str = ""
    cost_known: bool = False
    cost_seats: int | None = None
    cost_m: int | None = None


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """One member of a proposed group."""

    member_id: MemberId
    name: str
    walk_m: float
    minutes: int
    why: str
    is_estimated: bool = False
    is_locked: bool = False
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """One proposed group of one original branch; `leader_id` None: set by hand, and nobody in it can lead."""

    id: str
    place: Place
    branch_id: OrgId
    branch: str
    leader_id: MemberId | None
    seats: tuple[SeatPlan, ...]


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A change that would seat a member, nobody losing a seat.

    `kind` is stable for programs; `amount` metres, seats or members; `place_key` and `member_id` where it concerns one.
    `others_stay`: tried with everybody else where they are, and a smaller one might do when others may move; else
    nothing smaller of its kind does.
    """

    kind: str
    text: str
    amount: int
    place_key: str = ""
    member_id: MemberId | None = None
    others_stay: bool = False


@dataclass(frozen=True, slots=True)
class Unseated:
    """A member without a seat: the reason and the smallest change that would give one.

    `code` is stable for programs; the two sentences are for people. `changes`: up to three, the smallest first.
    """

    member_id: MemberId
    name: str
    branch_id: OrgId
    code: str
    reason: str
    smallest_change: str
    changes: tuple[PlanChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures a plan is compared by; walks of the seated members in metres, 0 where nobody is seated."""

    seated: int
    mean_walk_m: float
    p90_walk_m: float
    longest_walk_m: float


@dataclass(frozen=True, slots=True)
class GroupingSettings:
    """Every number of the planner that an office may change; defaults with their sources in docs/plan-json.md.

    Of `min_groups`, `max_groups`, `max_branches` and `members_per_leader` 0 means any number. What ends in `cost_m`
    and `prefer_m` is paid in walked metres: for each group, for each further branch in a group, for each member who has
    a seat in force and loses it or gets another, and for each group at a place that is not preferred.
    """

    limit_m: float = 1080.0
    limit_60_m: float = 810.0
    limit_80_m: float = 540.0
    speed_m_s: float = 1.2
    speed_60_m_s: float = 0.9
    speed_80_m_s: float = 0.6
    frail_weight: float = 2.0
    min_size: int = 3
    target_low: int = 5
    target_high: int = 15
    host_capacity_max: int = 15
    groups_per_place: int = 3
    detour_factor: float = 1.5
    max_snap_m: float = 200.0
    min_groups: int = 0
    max_groups: int = 0
    fewest_groups: bool = False
    fair: bool = False
    open_cost_m: int = 0
    allow_mixed: bool = False
    mix_cost_m: int = 200
    max_branches: int = 0
    members_per_leader: int = 0
    change_cost_m: int = 300
    prefer_m: int = 500


#: The least and the most that a number of the settings may be; others lie within `USUAL_BOUNDS`. No group has fewer
#: than three members (R01) or more than fifty (R03), and who does not move arrives nowhere.
SETTING_BOUNDS: dict[str, tuple[float, float]] = {
    "speed_m_s": (0.1, 5.0),
    "speed_60_m_s": (0.1, 5.0),
    "speed_80_m_s": (0.1, 5.0),
    "frail_weight": (0.0, 100.0),
    "detour_factor": (1.0, 10.0),
    "min_size": (3, 50),
    "target_high": (0, 50),
}
USUAL_BOUNDS = (0.0, 1_000_000.0)


@dataclass(frozen=True, slots=True)
class GroupingRequest:
    """What is asked: no branches means the actor's whole scope.

    Places are named by their keys (`H12`, `V3`), groups in force by their ids: a frozen group stays as it is, with its
    members, place and leader. `mixed_reason` is the decision of the upper organisation that allows groups of several
    branches; without it `settings.allow_mixed` is refused.
    """

    branch_ids: tuple[OrgId, ...] = ()
    is_all_members: bool = False
    seconds: float = 20.0
    seed: int = 0
    settings: GroupingSettings = field(default_factory=GroupingSettings)
    required_places: tuple[str, ...] = ()
    forbidden_places: tuple[str, ...] = ()
    preferred_places: tuple[str, ...] = ()
    frozen_groups: tuple[int, ...] = ()
    mixed_reason: str = ""


@dataclass(frozen=True, slots=True)
class SeatChange:
    """A member whose seat in force the plan does not keep; `after` "" where the plan has none.

    `why_forced` is "" where the member could have kept the seat.
    """

    member_id: MemberId
    name: str
    branch_id: OrgId
    before: str
    after: str
    why_forced: str = ""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One plan among those that trade changes for walks; `change_cost_m` is the price of a change that leads to it."""

    changes: int
    forced_changes: int
    mean_walk_m: float
    seated: int
    change_cost_m: int


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far planning has come after so many seconds: the best plan so far, what no plan can beat, and the gap."""

    seconds: float
    unseated: int
    unseated_bound: int
    cost_m: int
    cost_bound_m: int
    gap: float


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A proposal. Nothing of it is saved until somebody adopts it; `data_version` says on which data it stands.

    `objective` counts the penalty of the unseated, `group_price` for each group (fewest groups asked for) and
    `longest_price` for each metre of the longest walk (fair), and the cost, `changes_cost_m` among it.
    """

    request: GroupingRequest
    branch_ids: tuple[OrgId, ...]
    as_of: date
    data_version: int
    status: str
    objective: float
    bound: float
    gap: float
    unseated_penalty: float
    seconds: float
    solver: str
    is_estimated: bool
    groups: tuple[PlannedGroup, ...]
    unseated: tuple[Unseated, ...]
    scores: Scores
    changes: tuple[SeatChange, ...] = ()
    changes_cost_m: float = 0.0
    group_price: float = 0.0
    longest_price: float = 0.0
