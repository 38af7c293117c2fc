"""The full model in CBC, the solver that PuLP brings along."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pulp

from benchmarks.peers.common import Answer, Task, serve
from benchmarks.peers.model import ABSOLUTE_GAP, LEFT_OUT_M, full_model, plan_of, write_mps


def solve(task: Task) -> Answer:
    """Solve with the default settings, one thread, no relative gap."""
    start = perf_counter()
    model = full_model(task.world)
    with TemporaryDirectory() as folder:
        mps, found = Path(folder) / "world.mps", Path(folder) / "world.sol"
        write_mps(model, mps)
        built = perf_counter() - start
        limits = ["-sec", f"{task.seconds:.0f}", "-ratio", "0", "-allow", str(ABSOLUTE_GAP), "-timeMode", "elapsed"]
        order = [pulp.PULP_CBC_CMD().path, str(mps), *limits, "-solve", "-solution", str(found)]
        log = subprocess.run(order, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own words
        columns = _columns(found, len(model.cost))
    bound = re.search(r"[Ll]ower bound:\s+([-+.\deE]+)", log)
    value = re.search(r"Objective value:\s+([-+.\deE]+)", log)
    proven = "Result - Optimal solution found" in log
    least = value if proven else bound
    return Answer(
        plan_of(model, task.world, columns),
        bound=float(least[1]) - ABSOLUTE_GAP * proven if least else None,
        left_out_m=LEFT_OUT_M,
        proven=proven,
        seconds={"model": built},
    )


def _columns(path: Path, count: int) -> np.ndarray:
    """Read CBC's solution: it names the columns that are not zero."""
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    if not lines or "no integer solution" in lines[0].lower() or "infeasible" in lines[0].lower():
        return np.zeros(0)
    columns = np.zeros(count)
    for line in lines[1:]:
        _, name, value, *_ = line.replace("**", "").split()
        columns[int(name[1:])] = float(value)
    return columns


if __name__ == "__main__":
    serve(solve)
