"""The full model as one mixed-integer program, for any solver that takes a matrix or an MPS file.

Columns: opening of each group, its missing and its extra members, everybody left out, every seat, and with branch
rules the presence of each branch in each group. Only openings and presences are integer: for a given choice of these
the rest has whole corners (docs of the model: leaders among full members among all). Strong links are all written
out. One objective: metres, plus `LEFT_OUT_M` for each who is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array

from benchmarks.model import NOBODY, World
from benchmarks.peers.common import seat_cost, usable_arcs

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

LEFT_OUT_M = 20_000  # no plan of these worlds gives up a seat to save so much; the checked seats show it
ABSOLUTE_GAP = 0.99  # costs are whole numbers


@dataclass(frozen=True, eq=False)
class FullModel:
    """min cost x, low <= rows x <= high, 0 <= x <= upper; the first `n_groups` columns open groups."""

    cost: FloatArray
    upper: FloatArray
    is_integer: npt.NDArray[np.bool_]
    rows: csr_array[Any]
    low: FloatArray
    high: FloatArray
    group_host: IntArray
    arc_member: IntArray
    arc_group: IntArray
    first_seat: int

    @property
    def n_groups(self) -> int:
        """Count the groups that could open."""
        return len(self.group_host)


class _Rows:
    """Rows in the making."""

    def __init__(self) -> None:
        self.row: list[IntArray] = []
        self.column: list[IntArray] = []
        self.value: list[FloatArray] = []
        self.low: list[FloatArray] = []
        self.high: list[FloatArray] = []
        self.count = 0

    def add(self, count: int, terms: list[tuple[IntArray, IntArray, Any]], low: float, high: float) -> None:
        """Add rows 0..count-1, each the sum of terms (row, column, value), between low and high."""
        for row, column, value in terms:
            self.row.append(row + self.count)
            self.column.append(column)
            self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), row.shape))
        self.low.append(np.full(count, low))
        self.high.append(np.full(count, high))
        self.count += count


def full_model(world: World) -> FullModel:
    """Write the model of a world under its rules."""
    rules, arcs = world.rules, usable_arcs(world)
    member, host = world.arc_member[arcs], world.arc_host[arcs]
    team = world.branch[member] if rules.one_branch else np.zeros(len(member), dtype=np.int64)
    keys, group = np.unique(team * world.n_hosts + host, return_inverse=True)
    group, group_host = np.asarray(group, dtype=np.int64).reshape(-1), keys % world.n_hosts
    g, n, a = len(keys), world.n_members, len(arcs)
    opens, small, large = np.arange(g), g + np.arange(g), 2 * g + np.arange(g)
    out, seat = 3 * g + np.arange(n), 3 * g + n + np.arange(a)
    seats = np.minimum(world.capacity[group_host], rules.hard_max).astype(np.float64)
    rows, each, inf = _Rows(), np.arange(g), np.inf
    rows.add(n, [(member, seat, 1.0), (np.arange(n), out, 1.0)], 1.0, 1.0)
    rows.add(g, [(group, seat, 1.0), (each, opens, -seats)], -inf, 0.0)
    rows.add(g, [(group, seat, 1.0), (each, opens, -float(rules.min_size))], 0.0, inf)
    rows.add(g, [(group, seat, world.is_full[member].astype(float)), (each, opens, -float(rules.min_full))], 0.0, inf)
    rows.add(g, [(group, seat, world.can_lead[member].astype(float)), (each, opens, -1.0)], 0.0, inf)
    rows.add(g, [(group, seat, 1.0), (each, small, 1.0), (each, opens, -float(rules.target_low))], 0.0, inf)
    rows.add(g, [(group, seat, 1.0), (each, large, -1.0), (each, opens, -float(rules.target_high))], -inf, 0.0)
    rows.add(a, [(np.arange(a), seat, 1.0), (np.arange(a), opens[group], -1.0)], -inf, 0.0)
    if rules.one_branch:
        _share_hosts(rows, world, (group_host, opens), (host, seat))
    opening = np.where(rules.has_host_cost, world.host_cost_m[group_host], 0).astype(np.float64)
    cost = [
        opening - (rules.mix_cost_m if _counts_branches(world) else 0),
        np.full(g, float(rules.small_penalty_m)),
        np.full(g, float(rules.large_penalty_m)),
        np.full(n, float(LEFT_OUT_M)),
        seat_cost(world, arcs),
    ]
    if _counts_branches(world):
        cost.append(_branch_rows(rows, world, (member, group, seat), opens))
    total = np.concatenate(cost)
    upper = np.where((np.arange(len(total)) >= g) & (np.arange(len(total)) < 3 * g), inf, 1.0)
    columns = np.arange(len(total))
    matrix = coo_array(
        (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column))),
        shape=(rows.count, len(total)),
    )
    return FullModel(
        cost=total,
        upper=upper,
        is_integer=(columns < g) | (columns >= 3 * g + n + a),
        rows=csr_array(matrix),
        low=np.concatenate(rows.low),
        high=np.concatenate(rows.high),
        group_host=group_host,
        arc_member=member,
        arc_group=group,
        first_seat=3 * g + n,
    )


def _counts_branches(world: World) -> bool:
    return not world.rules.one_branch and bool(world.rules.mix_cost_m or world.rules.max_branches)


def _share_hosts(
    rows: _Rows, world: World, groups: tuple[IntArray, IntArray], seats: tuple[IntArray, IntArray]
) -> None:
    """Let groups of several branches share the seats of a host, where only so many may meet."""
    (group_host, opens), (host, seat) = groups, seats
    hosts = np.arange(world.n_hosts)
    rows.add(len(hosts), [(host, seat, 1.0)], -np.inf, 0.0)
    rows.high[-1] = world.capacity.astype(np.float64)
    if world.rules.max_groups_per_host:
        rows.add(len(hosts), [(group_host, opens, 1.0)], -np.inf, float(world.rules.max_groups_per_host))


def _branch_rows(rows: _Rows, world: World, arcs: tuple[IntArray, IntArray, IntArray], opens: IntArray) -> FloatArray:
    """Add the presence of each branch in each group; return what a presence costs."""
    member, group, seat = arcs
    n_branches = int(world.branch.max()) + 1
    pairs, of_arc = np.unique(group * n_branches + world.branch[member], return_inverse=True)
    of_arc = np.asarray(of_arc, dtype=np.int64).reshape(-1)
    presence = int(seat[-1]) + 1 + np.arange(len(pairs))
    group_of, each = pairs // n_branches, np.arange(len(pairs))
    rows.add(len(seat), [(np.arange(len(seat)), seat, 1.0), (np.arange(len(seat)), presence[of_arc], -1.0)], -np.inf, 0)
    rows.add(len(pairs), [(each, presence, 1.0), (each, opens[group_of], -1.0)], -np.inf, 0.0)
    if world.rules.max_branches:
        terms = [(group_of, presence, 1.0), (np.arange(len(opens)), opens, -float(world.rules.max_branches))]
        rows.add(len(opens), terms, -np.inf, 0.0)
    return np.full(len(pairs), float(world.rules.mix_cost_m))


def plan_of(model: FullModel, world: World, columns: FloatArray) -> IntArray:
    """Read the plan; where members are split between groups, the whole choices held, one corner is computed."""
    if len(columns) != len(model.cost):
        return np.full(world.n_members, NOBODY, dtype=np.int64)
    seat = columns[model.first_seat : model.first_seat + len(model.arc_member)]
    if np.abs(seat - np.rint(seat)).max(initial=0.0) > 1e-5:  # noqa: PLR2004  # the usual tolerance of integers
        columns = _corner(model, columns)
        seat = columns[model.first_seat : model.first_seat + len(model.arc_member)]
    host = np.full(world.n_members, NOBODY, dtype=np.int64)
    taken = seat > 0.5  # noqa: PLR2004  # nearer to one than to none
    host[model.arc_member[taken]] = model.group_host[model.arc_group[taken]]
    return host


def _corner(model: FullModel, columns: FloatArray) -> FloatArray:
    low, upper = np.zeros(len(model.cost)), model.upper.copy()
    low[model.is_integer] = upper[model.is_integer] = np.rint(columns[model.is_integer])
    equal, above, below = model.low == model.high, np.isfinite(model.low), np.isfinite(model.high)
    above, below = above & ~equal, below & ~equal
    inequalities = csr_array(_stack(model.rows[below], -model.rows[above]))
    done = linprog(
        model.cost,
        A_ub=inequalities,
        b_ub=np.concatenate([model.high[below], -model.low[above]]),
        A_eq=model.rows[equal],
        b_eq=model.low[equal],
        bounds=np.stack([low, upper], axis=1),
        method="highs-ds",
    )
    return columns if done.x is None else np.asarray(done.x)


def _stack(*parts: Any) -> Any:  # noqa: ANN401  # scipy's matrices carry no types
    from scipy.sparse import vstack  # noqa: PLC0415  # only where a corner is needed

    return vstack(parts, format="csr")


def write_mps(model: FullModel, path: Path) -> None:
    """Write the model as a free MPS file with columns C0, C1, ... and rows R0, R1, ..."""
    kinds = np.where(model.low == model.high, "E", np.where(np.isfinite(model.high), "L", "G"))
    side = np.where(kinds == "G", model.low, model.high)
    by_column = model.rows.tocsc()
    with path.open("w", encoding="ascii") as file:
        file.write("NAME W FREE\nROWS\n N COST\n")
        file.writelines(f" {kind} R{i}\n" for i, kind in enumerate(kinds))
        file.write("COLUMNS\n")
        is_open = False
        for c in range(len(model.cost)):
            if bool(model.is_integer[c]) != is_open:
                is_open = not is_open
                file.write(f" M{c} 'MARKER' '{'INTORG' if is_open else 'INTEND'}'\n")
            file.write(f" C{c} COST {model.cost[c]:.0f}\n")
            at = slice(by_column.indptr[c], by_column.indptr[c + 1])
            for row, value in zip(by_column.indices[at], by_column.data[at], strict=True):
                file.write(f" C{c} R{row} {value:.0f}\n")
        if is_open:
            file.write(" MEND 'MARKER' 'INTEND'\n")
        file.write("RHS\n")
        file.writelines(f" B R{i} {value:.0f}\n" for i, value in enumerate(side) if value)
        file.write("BOUNDS\n")
        file.writelines(f" UP B C{c} 1\n" for c in np.flatnonzero(np.isfinite(model.upper)))
        file.write("ENDATA\n")
