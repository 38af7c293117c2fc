"""Our planner on a world: `python -m benchmarks.ours world.npz plan.npz --seconds 60`."""

from __future__ import annotations

import os
from time import monotonic, process_time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers.common import Answer, Task, serve
from gis.planning.grouping import solve_grouping
from gis.planning.problem import ANY_BRANCH, NO_LOCK, GroupingRules, Status
from gis.planning.wide import WideProblem
from gis.planning.wide_solver import solve_wide

if TYPE_CHECKING:
    from benchmarks.model import World

DENSE_CELLS = 5_000_000  # a street has a table of all walks, a district only the pairs within the limits


def solve(task: Task) -> Answer:
    """Solve as the product does."""
    problem = problem_of(task.world)
    if task.world.n_members * task.world.n_hosts <= DENSE_CELLS:
        clock = process_time if task.by_cpu else monotonic
        solution = solve_grouping(problem.dense(), seconds=task.seconds, seed=task.seed, clock=clock)
    else:
        solution = solve_wide(problem, seconds=task.seconds, seed=task.seed, workers=os.cpu_count() or 1)
    bound = solution.score_bound
    return Answer(
        np.asarray(solution.host),
        bound=float(bound.cost_m),
        proven=solution.status is Status.OPTIMAL,
        seats=task.world.n_members - bound.unseated,
        note="" if solution.score.unseated == bound.unseated else "seats not proven",
    )


def problem_of(world: World) -> WideProblem:
    """Say a world in the planner's words."""
    return WideProblem(
        arc_member=world.arc_member,
        arc_host=world.arc_host,
        arc_walk_m=world.arc_walk_m,
        limit_m=world.limit_m,
        weight=world.weight,
        branch=world.branch,
        is_full=world.is_full,
        can_lead=world.can_lead,
        needs_step_free=world.needs_step_free,
        is_step_free=world.is_step_free,
        capacity=world.capacity,
        host_branch=np.full(world.n_hosts, ANY_BRANCH),
        locked_host=np.full(world.n_members, NO_LOCK),
        current_host=world.present,
        host_cost_m=world.host_cost_m if world.rules.has_host_cost else None,
        rules=rules_of(world),
    )


def rules_of(world: World) -> GroupingRules:
    """Say the rules in the planner's words."""
    rules = world.rules
    return GroupingRules(
        min_size=rules.min_size,
        min_full=rules.min_full,
        target_low=rules.target_low,
        target_high=rules.target_high,
        hard_max=rules.hard_max,
        small_penalty_m=rules.small_penalty_m,
        large_penalty_m=rules.large_penalty_m,
        max_groups_per_host=rules.max_groups_per_host,
        one_branch=rules.one_branch,
        mix_cost_m=rules.mix_cost_m,
        max_branches=rules.max_branches,
        change_cost_m=rules.change_cost_m,
    )


if __name__ == "__main__":
    serve(solve)
