"""What one run of one solver on one world came to, and the figures that follow from several."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.checker import Verdict

OURS, OURS_AT_ONCE = "ours", "ours-1s"


@dataclass(frozen=True)
class Case:
    """One world under some rules."""

    size: str
    seed: int
    rules: str


@dataclass(frozen=True)
class WorldFacts:
    """What a world is and what making it took; memory of the process that made it."""

    n_members: int
    n_hosts: int
    n_arcs: int
    network_nodes: int
    network_seconds: float
    distance_seconds: float
    digest: str
    peak_mb: float


@dataclass(frozen=True)
class Record:
    """One run.

    `why` says why there is no plan, empty when there is one. `verdict` is the checker's, `before` the checker's of the
    plan before the repair step. `bound` is on metres of plans that seat `bound_seats`, or with `left_out_m` on metres
    and that much for everybody left out. With `by_cpu` its limit was in processor seconds.
    `when` is day, version and load of the run.
    """

    case: Case
    solver: str
    label: str
    limit_s: float
    why: str = ""
    note: str = ""
    verdict: Verdict | None = None
    before: Verdict | None = None
    is_proven: bool = False
    bound: float | None = None
    bound_seats: int | None = None
    left_out_m: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    by_cpu: bool = False
    when: str = ""

    @property
    def spent_s(self) -> float:
        """Return the seconds that a goal is judged by."""
        return self.cpu_s if self.by_cpu else self.wall_s

    @property
    def gap(self) -> float | None:
        """Return what might still be saved by the solver's own bound, as a share of the cost; None without a bound.

        As long as the number of seats is open it is the share of the members who might still be seated.
        """
        if self.verdict is None or self.bound is None:
            return None
        if self.is_proven:
            return 0.0
        cost, left_out = self.verdict.cost_m, self.verdict.members - self.verdict.seated
        if self.bound_seats is not None:
            open_seats = self.bound_seats - self.verdict.seated
            saved = cost - self.bound
        else:
            over = self.left_out_m * left_out + cost - self.bound
            open_seats, saved = int(over // self.left_out_m), over
        if open_seats > 0:
            return open_seats / self.verdict.members
        return max(0.0, saved / max(cost, 1))

    @property
    def seats_open(self) -> int | None:
        """Return how many more the solver's own bound leaves possible to seat; None without a bound."""
        if self.verdict is None or self.bound is None:
            return None
        if self.bound_seats is not None:
            return max(0, self.bound_seats - self.verdict.seated)
        worth = self.left_out_m * (self.verdict.members - self.verdict.seated) + self.verdict.cost_m
        return max(0, int((worth - self.bound) // self.left_out_m))

    @property
    def order(self) -> tuple[int, int]:
        """Return what plans are compared by: seats first, then metres."""
        if self.verdict is None or self.verdict.violations:
            return 1 << 60, 1 << 60
        return -self.verdict.seated, self.verdict.cost_m


@dataclass
class Results:
    """All runs so far."""

    records: list[Record] = field(default_factory=list)
    worlds: dict[Case, WorldFacts] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def of(self, size: str, rules: str | None = None, solver: str | None = None) -> list[Record]:
        """Return the records of a size, and of some rules and a solver where these are given."""
        return [
            record
            for record in self.records
            if record.case.size == size and rules in {None, record.case.rules} and solver in {None, record.solver}
        ]

    def best_bound(self, case: Case) -> tuple[int, float] | None:
        """Return the most seats and the fewest metres that anybody proves impossible to beat; None when nobody does."""
        found = [record for record in self.records if record.case == case and record.verdict]
        bounds = [(r.bound_seats, r.bound) for r in found if r.bound_seats is not None and r.bound is not None]
        bounds += [(r.verdict.seated, r.verdict.cost_m) for r in found if r.is_proven and r.verdict]
        if not bounds:
            return None
        seats = min(seats for seats, _ in bounds)
        return seats, max(bound for some, bound in bounds if some == seats)

    def contradictions(self) -> list[str]:
        """Name plans that pass the checker and yet beat a bound: one of the two must be wrong."""
        found = []
        for record in self.records:
            best = self.best_bound(record.case)
            if record.verdict and not record.verdict.violations and best:
                seats, cost = best
                if (-record.verdict.seated, record.verdict.cost_m) < (-seats, cost - 1):
                    found.append(f"{record.label} on {record.case.size} {record.case.seed} ({record.case.rules})")
        return found


def paired(ours: Sequence[Record], theirs: Sequence[Record], value: Callable[[Record], float]) -> list[float]:
    """Return theirs / ours for each world that both ran."""
    mine = {record.case: value(record) for record in ours}
    return [value(record) / max(mine[record.case], 1e-3) for record in theirs if record.case in mine]


def middle(values: Iterable[float]) -> float:
    """Return the median, 0 of nothing."""
    given = list(values)
    return median(given) if given else 0.0
