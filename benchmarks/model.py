"""What a benchmark is about: members, hosts, walks and rules in plain arrays. every peer reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

NOBODY = -1


@dataclass(frozen=True)
class Rules:
    """The product's rules, in its own words (gis.planning.problem); the checker and the peers read these."""

    min_size: int = 3
    min_full: int = 1
    target_low: int = 5
    target_high: int = 15
    hard_max: int = 50
    small_penalty_m: int = 200
    large_penalty_m: int = 100
    one_branch: bool = False
    max_groups_per_host: int = 3
    mix_cost_m: int = 0
    max_branches: int = 0
    change_cost_m: int = 150
    has_host_cost: bool = True


#: What is asked for. "base": mixed groups, a group costs what its host asks, moving costs 150 m.
RULES = {
    "base": Rules(),
    "plain": Rules(change_cost_m=0, has_host_cost=False),
    "one branch": Rules(one_branch=True),
    "mixing price": Rules(mix_cost_m=100),
    "five branches": Rules(max_branches=5),
}


@dataclass(frozen=True, eq=False)
class World:
    """Members, hosts and the walks within each member's limit.

    Attributes
    ----------
    arc_member, arc_host, arc_walk_m
        Shape (n_arcs,), sorted by member, then host: every host within the member's own limit, steps or not.
    limit_m, weight, branch, is_full, can_lead, needs_step_free, present
        Shape (n_members,); `present` is the host of the group in force or NOBODY.
    is_step_free, capacity, host_cost_m
        Shape (n_hosts,).
    home_xy, host_xy
        Metres in a plane.
    network_seconds, distance_seconds
        Wall seconds for making the network and for measuring all walks.
    """

    name: str
    seed: int
    rules: Rules
    arc_member: IntArray
    arc_host: IntArray
    arc_walk_m: FloatArray
    limit_m: FloatArray
    weight: FloatArray
    branch: IntArray
    is_full: BoolArray
    can_lead: BoolArray
    needs_step_free: BoolArray
    present: IntArray
    is_step_free: BoolArray
    capacity: IntArray
    host_cost_m: IntArray
    home_xy: FloatArray
    host_xy: FloatArray
    network_nodes: int
    network_seconds: float
    distance_seconds: float

    @property
    def n_members(self) -> int:
        """Count the members."""
        return len(self.branch)

    @property
    def n_hosts(self) -> int:
        """Count the hosts."""
        return len(self.capacity)

    @property
    def n_arcs(self) -> int:
        """Count the walks within the limits."""
        return len(self.arc_member)

    def under(self, rules: str) -> World:
        """Return the same world under other rules."""
        return replace(self, rules=RULES[rules])

    def digest(self) -> str:
        """Return a fingerprint of everything but the seconds."""
        seen = sha256(json.dumps(asdict(self.rules), sort_keys=True).encode())
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                seen.update(np.ascontiguousarray(value).tobytes())
        return seen.hexdigest()[:16]


def save(given: World, path: Path) -> None:
    """Write a world for a solver that runs elsewhere."""
    plain = {field.name: getattr(given, field.name) for field in fields(given) if field.name != "rules"}
    np.savez(path, rules=json.dumps(asdict(given.rules)), **plain)


def load(path: Path) -> World:
    """Read what `save` wrote."""
    with np.load(path) as file:
        values: dict[str, Any] = {name: file[name] for name in file.files}
    scalars = {name: value.item() for name, value in values.items() if value.ndim == 0 and name != "rules"}
    return World(**{**values, **scalars, "rules": Rules(**json.loads(str(values["rules"])))})
