"""Clusters of limited size by k-means-constrained, each sent to a host near its middle, then the repair step."""

from __future__ import annotations

import numpy as np
from k_means_constrained import KMeansConstrained
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from benchmarks.model import NOBODY
from benchmarks.peers.common import Answer, Task, repair, serve


def solve(task: Task) -> Answer:
    """Cluster those who can walk anywhere, at least three and at most fifteen together; straight lines only."""
    world = task.world
    rows = np.unique(world.arc_member)
    least, most = world.rules.min_size, world.rules.target_high
    k = int(np.clip(task.groups, -(-len(rows) // most), max(1, min(len(rows) // least, world.n_hosts))))
    clusters = KMeansConstrained(k, size_min=least, size_max=most, random_state=task.seed, n_init=1, n_jobs=1)
    label = clusters.fit_predict(world.home_xy[rows])
    at, best = linear_sum_assignment(cdist(clusters.cluster_centers_, world.host_xy))
    host_of = np.full(k, NOBODY, dtype=np.int64)
    host_of[at] = best
    host = np.full(world.n_members, NOBODY, dtype=np.int64)
    host[rows] = host_of[label]
    return Answer(repair(world, host), raw=host, note=f"told to make {k} groups")


if __name__ == "__main__":
    serve(solve)
