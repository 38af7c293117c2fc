"""The full model in SCIP."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pyscipopt

from benchmarks.peers.common import Answer, Task, serve
from benchmarks.peers.model import ABSOLUTE_GAP, LEFT_OUT_M, full_model, plan_of, write_mps


def solve(task: Task) -> Answer:
    """Solve with the default settings, no relative gap."""
    start = perf_counter()
    model = full_model(task.world)
    scip = pyscipopt.Model()
    scip.hideOutput()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "world.mps"
        write_mps(model, path)
        scip.readProblem(str(path))
    settings = {"limits/time": task.seconds, "limits/gap": 0.0, "limits/absgap": ABSOLUTE_GAP}
    for name, value in {**settings, "randomization/randomseedshift": task.seed}.items():
        scip.setParam(name, value)
    built = perf_counter() - start
    scip.optimize()
    columns = np.zeros(0)
    if scip.getNSols():
        best = scip.getBestSol()
        columns = np.zeros(len(model.cost))
        for variable in scip.getVars():
            columns[int(variable.name[1:])] = scip.getSolVal(best, variable)
    bound = float(scip.getDualbound())
    return Answer(
        plan_of(model, task.world, columns),
        bound=bound if abs(bound) < scip.infinity() else None,
        left_out_m=LEFT_OUT_M,
        proven=scip.getStatus() in {"optimal", "gaplimit"},
        seconds={"model": built},
    )


if __name__ == "__main__":
    serve(solve)
