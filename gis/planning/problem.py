"""The grouping problem and its solution as frozen arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

NO_LOCK = -1
UNSEATED = -1
ANY_BRANCH = -1
NO_LEADER = -1
ALONE = -1
WALK_SLACK_M = 1e-6  # a walk of exactly the limit is within it, whatever the last bit says


@dataclass(frozen=True)
class GroupingRules:
    """What a legal and a good group is (domain.md R01, R03, R05 and section 4 defaults).

    Attributes
    ----------
    min_size, min_full
        A group has at least so many members, and of them full members.
    target_low, target_high
        Sizes outside cost `small_penalty_m` per missing and `large_penalty_m` per extra member, in walked metres.
    hard_max
        No group is larger.
    open_cost_m
        What one more group costs, in walked metres.
    max_groups_per_host
        So many groups at most meet at one host; 0 for any number.
    one_branch
        A group has members of one original branch only.
    needs_leader
        A group has a member who can lead.
    min_groups, max_groups
        So many groups at least and at most in all; 0 for any number. The same number twice fixes it.
    fewest_groups
        After the seats the number of groups comes first, and only then walks and penalties.
    fair
        After the seats the longest walk comes first, and only then walks and penalties.
    mix_cost_m, max_branches
        Without `one_branch`: what each further branch in a group costs, in walked metres, and how many branches may
        share a group; 0 for any number.
    members_per_leader
        A group has no more members than this for each of its members who can lead; 0 for any number.
    change_cost_m
        What it costs, in walked metres, to seat a member elsewhere than `GroupingProblem.current_host`.
    """

    min_size: int = 3
    min_full: int = 1
    target_low: int = 5
    target_high: int = 15
    hard_max: int = 50
    small_penalty_m: int = 200
    large_penalty_m: int = 100
    open_cost_m: int = 0
    max_groups_per_host: int = 3
    one_branch: bool = True
    needs_leader: bool = True
    max_groups: int = 0
    min_groups: int = 0
    fewest_groups: bool = False
    fair: bool = False
    mix_cost_m: int = 0
    max_branches: int = 0
    members_per_leader: int = 0
    change_cost_m: int = 0

    def __post_init__(self) -> None:
        """Refuse rules that contradict each other."""
        wrong = []
        if self.min_size < 1 or self.min_full < 0:
            wrong.append("每组最少人数须不小于 1，最少正式党员数须不小于 0")
        if not self.target_low <= self.target_high <= self.hard_max or self.min_size > self.hard_max:
            wrong.append("人数须满足：目标下限 ≤ 目标上限 ≤ 人数上限，且最少人数 ≤ 人数上限")
        if min(getattr(self, name) for name in _NOT_NEGATIVE) < 0:
            wrong.append("折算米数、小组数和支部数不能为负")
        if self.max_groups and self.min_groups > self.max_groups:
            wrong.append("小组总数的下限不能大于上限")
        if wrong:
            msg = "编组规则不可用：" + "；".join(wrong)
            raise InputError(msg, tuple(Fault(text) for text in wrong))


_NOT_NEGATIVE = (
    "small_penalty_m",
    "large_penalty_m",
    "open_cost_m",
    "max_groups_per_host",
    "max_groups",
    "min_groups",
    "mix_cost_m",
    "max_branches",
    "members_per_leader",
    "change_cost_m",
)


@dataclass(frozen=True, eq=False)
class GroupingProblem:
    """Members, hosts and the walks between them; n members, h hosts.

    Attributes
    ----------
    walk_m
        Shape (n, h), metres on foot; may exceed the limit (it then serves explanations); inf where no way leads.
    limit_m
        Shape (n,), how far each member may be asked to walk. A locked seat may be farther.
    weight
        Shape (n,), >= 1; the walk of a frail member weighs more.
    branch
        Shape (n,), number of the original branch.
    is_full, can_lead
        Shape (n,); who can lead is a full member.
    needs_step_free, is_step_free
        Shape (n,) of members and (h,) of hosts.
    capacity
        Shape (h,), seats over all groups that meet there.
    host_branch
        Shape (h,), the only branch that may meet there, or ANY_BRANCH.
    locked_host
        Shape (n,), the host a member must have, or NO_LOCK. A lock lifts the walking limit and nothing else.
    forbidden
        Shape (n, h) or None; pairs excluded by a wish or a decision.
    leader_rank
        Shape (n,) or None; of those who can lead, the lowest number is preferred.
    demand
        Shape (n,) or None, seats that each member takes at a host; None for one each.
    mix_set
        Shape (n,) or None; without `rules.one_branch` only members with the same number may share a group.
    together
        Shape (n,) or None; members with the same number (not ALONE) sit in one group or are all left out.
    current_host
        Shape (n,) or None; where the member's group in force meets, or UNSEATED: moving away costs
        `rules.change_cost_m`. Who has no group in force moves for nothing.
    required
        Shape (h,) or None; hosts where a group must meet. One that nobody can fill counts as a lock not kept.
    host_cost_m
        Shape (h,) or None; what a group there costs besides `rules.open_cost_m`, in walked metres.
    must_seat
        Shape (n,) or None; members whose seats come before all others: one left out counts as a lock not kept.
    """

    walk_m: FloatArray
    limit_m: FloatArray
    weight: FloatArray
    branch: IntArray
    is_full: BoolArray
    can_lead: BoolArray
    needs_step_free: BoolArray
    is_step_free: BoolArray
    capacity: IntArray
    host_branch: IntArray
    locked_host: IntArray
    forbidden: BoolArray | None = None
    leader_rank: IntArray | None = None
    demand: IntArray | None = None
    mix_set: IntArray | None = None
    together: IntArray | None = None
    current_host: IntArray | None = None
    required: BoolArray | None = None
    host_cost_m: IntArray | None = None
    must_seat: BoolArray | None = None
    rules: GroupingRules = GroupingRules()

    def __post_init__(self) -> None:
        """Take the arrays in their proper types, check them against each other and make them read-only."""
        for name, kind in _KINDS.items():
            given = getattr(self, name)
            if given is not None:
                array: npt.NDArray[np.generic] = np.array(given, dtype=kind)
                array.setflags(write=False)
                object.__setattr__(self, name, array)
        faults = _shape_faults(self) or _value_faults(self)
        if faults:
            msg = "编组问题不可用：" + "；".join(faults)
            raise InputError(msg, tuple(Fault(text) for text in faults))

    @property
    def n_members(self) -> int:
        """Count the members."""
        return len(self.branch)

    @property
    def n_hosts(self) -> int:
        """Count the hosts."""
        return len(self.capacity)

    @property
    def demands(self) -> IntArray:
        """Seats that each member takes, shape (n,)."""
        return np.ones(self.n_members, dtype=np.int64) if self.demand is None else self.demand

    @property
    def comes_first(self) -> BoolArray:
        """Members whose seat counts before the number of seats: locked ones and `must_seat`; shape (n,)."""
        locked: BoolArray = self.locked_host != NO_LOCK
        return locked if self.must_seat is None else locked | self.must_seat

    def of_members(self, rows: IntArray) -> GroupingProblem:
        """Return the problem of some members only, in the order given; the hosts stay."""
        kept = {
            field.name: getattr(self, field.name)[rows]
            for field in fields(self)
            if field.name not in _OF_HOSTS and isinstance(getattr(self, field.name), np.ndarray)
        }
        return replace(self, **kept)

    @property
    def team(self) -> IntArray:
        """Who may share a group: the branch, or where mixed groups are allowed the set that may mix."""
        if self.rules.one_branch:
            return self.branch
        return np.zeros_like(self.branch) if self.mix_set is None else self.mix_set


_KINDS: dict[str, type] = {
    "walk_m": np.float64,
    "limit_m": np.float64,
    "weight": np.float64,
    "branch": np.int64,
    "is_full": np.bool_,
    "can_lead": np.bool_,
    "needs_step_free": np.bool_,
    "is_step_free": np.bool_,
    "capacity": np.int64,
    "host_branch": np.int64,
    "locked_host": np.int64,
    "forbidden": np.bool_,
    "leader_rank": np.int64,
    "demand": np.int64,
    "mix_set": np.int64,
    "together": np.int64,
    "current_host": np.int64,
    "required": np.bool_,
    "host_cost_m": np.int64,
    "must_seat": np.bool_,
}
_OF_HOSTS = ("is_step_free", "capacity", "host_branch", "required", "host_cost_m")
_OF_PAIRS = ("walk_m", "forbidden")


def _shape_faults(problem: GroupingProblem) -> list[str]:
    n, h = problem.branch.shape[0], problem.capacity.shape[0]
    faults = []
    for field in fields(problem):
        array = getattr(problem, field.name)
        if isinstance(array, np.ndarray):
            want = (n, h) if field.name in _OF_PAIRS else (h,) if field.name in _OF_HOSTS else (n,)
            if array.shape != want:
                faults.append(f"{field.name} 的形状是 {array.shape}，应为 {want}")
    return faults


def _value_faults(problem: GroupingProblem) -> list[str]:
    locked = problem.locked_host
    checks = {
        "步行距离不能为负或缺失": np.isnan(problem.walk_m).any() or (problem.walk_m < 0).any(),
        "步行上限不能为负或缺失": np.isnan(problem.limit_m).any() or (problem.limit_m < 0).any(),
        "权重须不小于 1": not (problem.weight >= 1).all() or not np.isfinite(problem.weight).all(),
        "可任组长者须是正式党员": (problem.can_lead & ~problem.is_full).any(),
        "可容纳人数不能为负": (problem.capacity < 0).any(),
        "指定的中心户不存在": ((locked < NO_LOCK) | (locked >= problem.n_hosts)).any(),
        "占用座位数须不小于 1": problem.demand is not None and (problem.demand < 1).any(),
        "现行小组的地点不存在": problem.current_host is not None
        and ((problem.current_host < UNSEATED) | (problem.current_host >= problem.n_hosts)).any(),
        "同组编号不能小于 -1": problem.together is not None and (problem.together < ALONE).any(),
        "可混编编号不能为负": problem.mix_set is not None and (problem.mix_set < 0).any(),
        "地点折算米数不能为负": problem.host_cost_m is not None and (problem.host_cost_m < 0).any(),
        "支部编号不能为负": (problem.branch < 0).any() or (problem.host_branch < ANY_BRANCH).any(),
    }
    return [text for text, wrong in checks.items() if wrong]


class Status(StrEnum):
    """OPTIMAL: nothing better exists, proven. FEASIBLE: the best found before the time ran out."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


@dataclass(frozen=True, order=True)
class Score:
    """What a plan is judged by, first things first.

    Attributes
    ----------
    decisions_broken
        Decisions that the plan does not keep: members without a seat who come first (locks and `must_seat`), required
        hosts without a group, groups missing to `GroupingRules.min_groups`.
    unseated
        Members without a seat, those of broken locks among them.
    n_groups
        Groups in all under `GroupingRules.fewest_groups`, else 0: it does not count then.
    longest_m
        Under `GroupingRules.fair` the longest walk in whole metres, rounded up, of those whose host no lock decides;
        else 0.
    cost_m
        Weighted metres rounded per member, what changes, openings and mixing cost, and penalties of size.
    """

    decisions_broken: int = 0
    unseated: int = 0
    n_groups: int = 0
    longest_m: int = 0
    cost_m: int = 0


def sum_scores(scores: Iterable[Score]) -> Score:
    """Add up scores of independent parts (the longest walk is the longest of all); of bounds this is a bound."""
    rows = list(scores)
    return Score(
        decisions_broken=sum(score.decisions_broken for score in rows),
        unseated=sum(score.unseated for score in rows),
        n_groups=sum(score.n_groups for score in rows),
        longest_m=max((score.longest_m for score in rows), default=0),
        cost_m=sum(score.cost_m for score in rows),
    )


@dataclass(frozen=True, eq=False)
class GroupingSolution:
    """A plan and how good it is.

    Attributes
    ----------
    host
        Shape (n,), column of `walk_m` or UNSEATED.
    leader
        Member number of the leader of each group, keyed by (team, host); see `GroupingProblem.team`.
    score, score_bound
        What the plan reaches, and what no plan can beat (compared as `Score` compares, first things first).
    objective, bound
        The same as one number, `unseated_penalty` x (unseated + n x broken decisions) + `group_price` x groups +
        `longest_price` x longest walk + cost; each price exceeds all that can come after it, so comparing these
        numbers is comparing scores first things first. The last two prices are 0 unless the rules ask for it.
    gap
        As long as the number of seats is not proven: members who might still be seated, as a share of all members.
        After that: cost that might still be saved, as a share of the cost. 0 when optimal. The members whom no plan
        can seat never make it look smaller.
    nodes
        How many linear programs were branched on: the work, on any machine.
    is_cancelled
        Who watched the search told it to end.
    """

    host: IntArray
    leader: dict[tuple[int, int], int]
    score: Score
    score_bound: Score
    status: Status
    objective: int
    bound: int
    gap: float
    unseated_penalty: int
    seconds: float
    nodes: int
    group_price: int = 0
    longest_price: int = 0
    is_cancelled: bool = False
