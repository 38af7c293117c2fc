"""The full model in HiGHS."""

from __future__ import annotations

from time import perf_counter

import highspy
import numpy as np

from benchmarks.peers.common import Answer, Task, serve
from benchmarks.peers.model import ABSOLUTE_GAP, LEFT_OUT_M, FullModel, full_model, plan_of


def solve(task: Task) -> Answer:
    """Solve with the default settings, one thread, no relative gap."""
    start = perf_counter()
    model = full_model(task.world)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy types half of itself
    options = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": ABSOLUTE_GAP}
    for name, value in {**options, "random_seed": task.seed, "time_limit": task.seconds}.items():
        highs.setOptionValue(name, value)
    highs.passModel(_lp(model))
    built = perf_counter() - start
    highs.run()
    info, solution = highs.getInfo(), highs.getSolution()
    known = np.isfinite(info.objective_function_value) and len(solution.col_value)
    columns = np.array(solution.col_value) if known else np.zeros(0)
    return Answer(
        plan_of(model, task.world, columns),
        bound=float(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else None,
        left_out_m=LEFT_OUT_M,
        proven=highs.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        seconds={"model": built},
    )


def _lp(model: FullModel) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), model.rows.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, np.zeros(len(model.cost)), model.upper
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        model.rows.indptr,
        model.rows.indices,
        model.rows.data,
    )
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in model.is_integer.astype(int).tolist()]
    return lp


if __name__ == "__main__":
    serve(solve)
