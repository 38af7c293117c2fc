"""The independent judge of a plan: seats, breaches and cost from raw arrays. Shares no code with any solver.

python -m benchmarks.checker world.npz plan.npz
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.model import NOBODY, World, load

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Verdict:
    """What a plan is worth.

    `breaches` counts what breaks a rule, by rule; `cost_m` is weighted metres rounded per member plus all penalties,
    of what is seated, whether legal or not.
    """

    members: int
    seated: int
    groups: int
    cost_m: int
    mean_walk_m: float
    longest_walk_m: float
    moved: int
    breaches: dict[str, int]

    @property
    def violations(self) -> int:
        """Count all breaches."""
        return sum(self.breaches.values())


def check(world: World, host: IntArray) -> Verdict:
    """Judge a plan: `host[i]` is where member i sits, or -1.

    Raises
    ------
    ValueError
        The plan is not one host number per member.
    """
    if host.shape != (world.n_members,) or ((host < NOBODY) | (host >= world.n_hosts)).any():
        msg = f"a plan is {world.n_members} numbers from -1 to {world.n_hosts - 1}"
        raise ValueError(msg)
    seated = np.flatnonzero(host != NOBODY)
    walk = _walks(world, seated, host[seated])
    breaches: Counter[str] = Counter()
    breaches["out of reach"] = int(np.isinf(walk).sum())
    breaches["steps"] = int((world.needs_step_free[seated] & ~world.is_step_free[host[seated]]).sum())
    cost, groups = _groups(world, seated, host[seated], breaches)
    reached = walk[np.isfinite(walk)]
    moved = (world.present[seated] != NOBODY) & (world.present[seated] != host[seated])
    weighted = np.rint(reached * world.weight[seated][np.isfinite(walk)])
    return Verdict(
        members=world.n_members,
        seated=len(seated),
        groups=groups,
        cost_m=int(weighted.sum()) + cost + world.rules.change_cost_m * int(moved.sum()),
        mean_walk_m=round(float(reached.mean()), 1) if len(reached) else 0.0,
        longest_walk_m=round(float(reached.max(initial=0.0)), 1),
        moved=int(moved.sum()),
        breaches={name: count for name, count in breaches.items() if count},
    )


def _walks(world: World, member: IntArray, host: IntArray) -> FloatArray:
    """Look up each seat among the arcs; inf where there is none."""
    if not world.n_arcs:
        return np.full(len(member), np.inf)
    key = world.arc_member * world.n_hosts + world.arc_host
    order = np.argsort(key, kind="stable")
    wanted = member * world.n_hosts + host
    at = np.searchsorted(key[order], wanted).clip(max=len(key) - 1)
    found = key[order][at] == wanted
    return np.where(found, world.arc_walk_m[order][at], np.inf)


def _groups(world: World, member: IntArray, host: IntArray, breaches: Counter[str]) -> tuple[int, int]:
    """Judge group by group; return what the groups cost and how many there are."""
    rules = world.rules
    groups: dict[tuple[int, int], list[int]] = {}
    for i, j in zip(member.tolist(), host.tolist(), strict=True):
        groups.setdefault((int(world.branch[i]) if rules.one_branch else 0, j), []).append(i)
    cost = 0
    for (_, j), people in groups.items():
        size = len(people)
        branches = len(set(world.branch[people].tolist()))
        breaches["too few"] += size < rules.min_size
        breaches["too many"] += size > rules.hard_max
        breaches["full members"] += int(world.is_full[people].sum()) < rules.min_full
        breaches["no leader"] += not world.can_lead[people].any()
        breaches["branches"] += 0 < rules.max_branches < branches
        cost += rules.small_penalty_m * max(rules.target_low - size, 0)
        cost += rules.large_penalty_m * max(size - rules.target_high, 0)
        cost += rules.mix_cost_m * (branches - 1)
        cost += int(world.host_cost_m[j]) if rules.has_host_cost else 0
    breaches["capacity"] = int((np.bincount(host, minlength=world.n_hosts) > world.capacity).sum())
    if rules.max_groups_per_host:
        meet = Counter(j for _, j in groups)
        breaches["groups per host"] = sum(count > rules.max_groups_per_host for count in meet.values())
    return cost, len(groups)


def main() -> int:
    """Print the verdict; 1 when a rule is broken."""
    given, plan = map(Path, sys.argv[1:3])
    with np.load(plan) as file:
        verdict = check(load(given), file["host"])
    print(json.dumps(asdict(verdict), indent=2))
    return 1 if verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main())
