"""Everybody to the nearest host with room, then close what is no group: what an office does with a map and a list."""

from __future__ import annotations

import numpy as np

from benchmarks.model import NOBODY
from benchmarks.peers.common import Answer, Task, repair, serve, sorted_hosts


def solve(task: Task) -> Answer:
    """Seat in the order of the list."""
    world = task.world
    room = np.minimum(world.capacity, world.rules.hard_max).tolist()
    host = np.full(world.n_members, NOBODY, dtype=np.int64)
    for i, options in enumerate(sorted_hosts(world)):
        for _, j in options:
            if room[j]:
                room[j] -= 1
                host[i] = j
                break
    return Answer(repair(world, host), raw=host)


if __name__ == "__main__":
    serve(solve)
