"""The mixed-integer model of one part: its columns and rows, for HiGHS.

Columns, in this order: y (group opens), n (its size), s and l (members missing from and beyond the target), u (member
left out), r (required venue without a group), d (groups missing to the least number), k (members who can lead, where
they are counted), z (branch meets in group, where that matters), x (seats).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array

from gis.planning.candidates import needs_lead, venue_binds
from gis.planning.part import Goal
from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.part import Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_INF = highspy.kHighsInf


class Columns:
    """Where each kind of column begins, and what a column costs, may be and is in a plan."""

    def __init__(self, part: Part) -> None:
        self.part = part
        g, branches = part.n_groups, part.branches
        self.required = np.flatnonzero(part.candidates.venue_required)
        self.u0 = 4 * g
        self.r0 = self.u0 + part.n_members
        self.d0 = self.r0 + len(self.required)
        self.k0 = self.d0 + (part.candidates.least_groups > 0)
        self.z0 = self.k0 + (g if part.counts_leaders else 0)
        self.x0 = self.z0 + (len(branches.group) if branches else 0)
        self.count = self.x0 + len(part.candidates.arc_cost)

    @property
    def link_to(self) -> IntArray:
        """Column that must be open for the seat of each arc: the group, or the branch in it where that matters."""
        branches = self.part.branches
        return self.part.candidates.arc_group if branches is None else self.z0 + branches.of_arc

    def whole(self) -> IntArray:
        """Columns that must be whole: with these decided the rest is a flow, or decided too."""
        part, c = self.part, self.part.candidates
        arcs = part.with_companions[c.arc_member] | (part.demand != 1).any()
        decided = [np.arange(part.n_groups), np.arange(self.k0, self.x0), self.x0 + np.flatnonzero(arcs)]
        return np.concatenate(decided).astype(np.int64)

    def upper(self) -> FloatArray:
        """Upper bounds; lower bounds are 0."""
        part, rules, seats = self.part, self.part.rules, self.part.candidates.group_seats
        g, upper = part.n_groups, np.ones(self.count)
        upper[g : 2 * g] = seats
        upper[2 * g : 3 * g] = max(rules.target_low - rules.min_size, 0)
        upper[3 * g : 4 * g] = np.maximum(seats - rules.target_high, 0)
        upper[self.d0 : self.k0] = part.candidates.least_groups
        upper[self.k0 : self.z0] = seats if part.counts_leaders else 0
        return upper

    def costs(self, goal: Goal) -> FloatArray:
        """Count who is left out and what is broken, or groups, or walks with sizes, openings and mixing."""
        part, rules = self.part, self.part.rules
        g, costs = part.n_groups, np.zeros(self.count)
        if goal is Goal.SEATS:
            costs[self.u0 : self.r0] = part.seat_weight
            costs[self.r0 : self.k0] = part.decision_weight
        elif goal is Goal.GROUPS:
            costs[:g] = 1
        else:
            mixing = rules.mix_cost_m if part.branches else 0
            costs[:g] = part.candidates.group_cost - mixing  # the first branch of an open group is free
            costs[2 * g : 3 * g], costs[3 * g : 4 * g] = rules.small_penalty_m, rules.large_penalty_m
            costs[self.z0 : self.x0] = mixing
            costs[self.x0 :] = part.candidates.arc_cost
        return costs

    def values(self, plan: IntArray) -> FloatArray:
        """Say a plan in columns."""
        part, rules, c = self.part, self.part.rules, self.part.candidates
        g, size = part.n_groups, part.sizes(plan)
        is_open = size > 0
        values = np.zeros(self.count)
        values[:g], values[g : 2 * g] = is_open, size
        values[2 * g : 3 * g] = np.where(is_open, np.maximum(rules.target_low - size, 0), 0)
        values[3 * g : 4 * g] = np.maximum(size - rules.target_high, 0)
        values[self.u0 : self.r0] = plan == UNSEATED
        met = np.bincount(c.venue_of, weights=is_open, minlength=len(c.venue_seats))
        values[self.r0 : self.d0] = met[self.required] == 0
        values[self.d0 : self.k0] = max(c.least_groups - int(is_open.sum()), 0)
        if part.counts_leaders:
            values[self.k0 : self.z0] = part.sizes(np.where(part.can_lead, plan, UNSEATED))
        sits = plan[c.arc_member] == c.arc_group
        values[self.x0 :] = sits
        if part.branches:
            values[self.z0 + part.branches.of_arc[sits]] = 1
        return values


def linear_model(columns: Columns) -> highspy.HighsLp:
    """Build the model without links and without costs."""
    rows = _Rows()
    for add in (_seat_rows, _lead_rows, _size_rows, _venue_rows, _group_rows, _branch_rows, _companion_rows):
        add(columns, rows)
    matrix = csr_array(
        (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column))),
        shape=(rows.count, columns.count),
    )
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns.count, rows.count
    lp.col_cost_ = np.zeros(columns.count)
    lp.col_lower_, lp.col_upper_ = np.zeros(columns.count), columns.upper()
    lp.row_lower_, lp.row_upper_ = np.concatenate(rows.low), np.concatenate(rows.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    return lp


class _Rows:
    """Collects blocks of rows."""

    def __init__(self) -> None:
        self.row: list[IntArray] = []
        self.column: list[IntArray] = []
        self.value: list[FloatArray] = []
        self.low: list[FloatArray] = []
        self.high: list[FloatArray] = []
        self.count = 0

    def block(self, count: int, low: float | FloatArray, high: float | FloatArray) -> _Rows:
        self._first = self.count
        self.count += count
        self.low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), count))
        self.high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), count))
        return self

    def put(self, row: IntArray, column: IntArray, value: float | FloatArray) -> _Rows:
        self.row.append(self._first + row)
        self.column.append(column)
        self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), len(row)))
        return self


def _seat_rows(columns: Columns, rows: _Rows) -> None:
    """Each member sits once or is left out; a group's size is its seats."""
    part, c = columns.part, columns.part.candidates
    arcs, groups, members = _arcs(columns), np.arange(part.n_groups), np.arange(part.n_members)
    rows.block(part.n_members, 1, 1).put(c.arc_member, arcs, 1.0).put(members, columns.u0 + members, 1.0)
    rows.block(part.n_groups, 0, 0).put(c.arc_group, arcs, -1.0).put(groups, part.n_groups + groups, 1.0)


def _lead_rows(columns: Columns, rows: _Rows) -> None:
    """Each group has its leader and full members, and no more members than its leaders may have."""
    part, c, rules = columns.part, columns.part.candidates, columns.part.rules
    arcs, g, groups = _arcs(columns), part.n_groups, np.arange(part.n_groups)
    lead = part.can_lead[c.arc_member]
    if part.counts_leaders:
        able = columns.k0 + groups
        rows.block(g, 0, 0).put(c.arc_group[lead], arcs[lead], -1.0).put(groups, able, 1.0)
        rows.block(g, 0, _INF).put(groups, able, 1.0).put(groups, groups, -1.0)
        row = rows.block(g, -_INF, 0).put(groups, g + groups, 1.0)
        row.put(groups, able, -float(rules.members_per_leader))
    elif needs_lead(rules):
        rows.block(g, 0, _INF).put(c.arc_group[lead], arcs[lead], 1.0).put(groups, groups, -1.0)
    if rules.min_full > needs_lead(rules):  # whoever leads is a full member: one is there already
        full = part.is_full[c.arc_member]
        row = rows.block(g, 0, _INF).put(c.arc_group[full], arcs[full], 1.0)
        row.put(groups, groups, -float(rules.min_full))


def _size_rows(columns: Columns, rows: _Rows) -> None:
    part, c, rules = columns.part, columns.part.candidates, columns.part.rules
    g, groups = part.n_groups, np.arange(part.n_groups)
    rows.block(g, -_INF, 0).put(groups, g + groups, 1.0).put(groups, groups, -c.group_seats.astype(np.float64))
    rows.block(g, 0, _INF).put(groups, g + groups, 1.0).put(groups, groups, -float(rules.min_size))
    if rules.small_penalty_m and rules.target_low > rules.min_size:
        row = rows.block(g, 0, _INF).put(groups, g + groups, 1.0).put(groups, 2 * g + groups, 1.0)
        row.put(groups, groups, -float(rules.target_low))
    big = np.flatnonzero(c.group_seats > rules.target_high)
    if rules.large_penalty_m and len(big):
        row = rows.block(len(big), 0, _INF).put(np.arange(len(big)), g + big, -1.0)
        row.put(np.arange(len(big)), 3 * g + big, 1.0).put(np.arange(len(big)), big, float(rules.target_high))


def _venue_rows(columns: Columns, rows: _Rows) -> None:
    """Let groups at one venue share its seats, and only so many open there."""
    part, c = columns.part, columns.part.candidates
    binds = venue_binds(c)
    row_of = np.cumsum(binds) - 1
    groups = np.flatnonzero(binds[c.venue_of])
    if len(groups):
        row, n = row_of[c.venue_of[groups]], int(binds.sum())
        rows.block(n, -_INF, c.venue_seats[binds].astype(np.float64)).put(row, part.n_groups + groups, 1.0)
        rows.block(n, -_INF, c.venue_groups[binds].astype(np.float64)).put(row, groups, 1.0)
    if (part.demand != 1).any():
        taken = part.demand[c.arc_member].astype(np.float64)
        block = rows.block(len(c.venue_seats), -_INF, c.venue_seats.astype(np.float64))
        block.put(c.venue_of[c.arc_group], _arcs(columns), taken)


def _group_rows(columns: Columns, rows: _Rows) -> None:
    """Count the groups in all, and at required venues."""
    part, c = columns.part, columns.part.candidates
    groups = np.arange(part.n_groups)
    if len(columns.required):
        row_of = np.cumsum(c.venue_required) - 1
        there = np.flatnonzero(c.venue_required[c.venue_of])
        missing = np.arange(len(columns.required))
        row = rows.block(len(missing), 1, _INF).put(row_of[c.venue_of[there]], there, 1.0)
        row.put(missing, columns.r0 + missing, 1.0)
    if c.least_groups > 0:
        row = rows.block(1, c.least_groups, _INF).put(np.zeros_like(groups), groups, 1.0)
        row.put(np.zeros(1, dtype=np.int64), np.array([columns.d0]), 1.0)
    if c.most_groups < part.n_groups:
        rows.block(1, -_INF, c.most_groups).put(np.zeros_like(groups), groups, 1.0)


def _branch_rows(columns: Columns, rows: _Rows) -> None:
    """Open a branch in a group before its members sit there, at least one and only so many."""
    part, c, branches = columns.part, columns.part.candidates, columns.part.branches
    if branches is None:
        return
    entry = np.arange(len(branches.group))
    columns_z = columns.z0 + entry
    most = np.minimum(np.bincount(branches.of_arc, minlength=len(entry)), c.group_seats[branches.group])
    row = rows.block(len(entry), -_INF, 0).put(branches.of_arc, _arcs(columns), 1.0)
    row.put(entry, columns_z, -most.astype(np.float64))
    rows.block(len(entry), -_INF, 0).put(entry, columns_z, 1.0).put(entry, branches.group, -1.0)
    groups = np.arange(part.n_groups)
    rows.block(part.n_groups, 0, _INF).put(branches.group, columns_z, 1.0).put(groups, groups, -1.0)
    if part.rules.max_branches:
        row = rows.block(part.n_groups, -_INF, 0).put(branches.group, columns_z, 1.0)
        row.put(groups, groups, -float(part.rules.max_branches))


def _companion_rows(columns: Columns, rows: _Rows) -> None:
    """Seat companions in the same groups."""
    part, c = columns.part, columns.part.candidates
    one, other = part.companions
    if not len(one):
        return
    key = c.arc_group * part.n_members + c.arc_member  # sorted, as arcs are
    partner = np.full(part.n_members, UNSEATED)
    partner[one] = other
    arcs = np.flatnonzero(partner[c.arc_member] != UNSEATED)
    twins = np.searchsorted(key, c.arc_group[arcs] * part.n_members + partner[c.arc_member[arcs]])
    row = np.arange(len(arcs))
    rows.block(len(arcs), 0, 0).put(row, columns.x0 + arcs, 1.0).put(row, columns.x0 + twins, -1.0)


def _arcs(columns: Columns) -> IntArray:
    return np.arange(columns.x0, columns.count)
