"""What many streets cost: made-up streets planned one by one and on workers, a worker killed on the way if asked."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.services.many_streets import Cluster, plan_streets, street_tasks
from gis.services.sample.street import SampleRequest, sample_street
from gis.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.model.access import Actor
    from gis.model.plan import GroupingRequest
    from gis.services.street_task import StreetResult, StreetTask


@dataclass(frozen=True, slots=True)
class StreetsBench:
    """What is asked: so many streets with so many members each, from `distinct` different made-up streets."""

    streets: int
    members: int
    workers: int
    distinct: int
    is_killing: bool = False
    is_serial_too: bool = True


@dataclass(frozen=True, slots=True)
class StreetsCost:
    """What it took. Seconds are wall seconds of the whole run; CPU seconds are of the tasks alone.

    `identical`: streets whose plan is the same as one by one, the seconds left aside; None without the serial run.
    """

    streets: int
    distinct: int
    members: int
    workers: int
    killed: int
    results: int
    failed: int
    proven: int
    identical: int | None
    processes: int
    seconds: float
    serial_seconds: float | None
    cpu_seconds: float
    cpu_seconds_per_street: float


def bench_streets(
    actor: Actor, wanted: StreetsBench, request: GroupingRequest, say: Callable[[str], None]
) -> StreetsCost:
    """Make the streets in a folder of their own, plan them, compare and add up; the folder goes at the end.

    Raises
    ------
    InputError
        Fewer than one street, or a worker is to be killed where there are not two.
    """
    if wanted.streets < 1 or wanted.distinct < 1 or (wanted.is_killing and wanted.workers < 2):  # noqa: PLR2004
        msg = "街道数须不小于 1；要中途停掉一个工作进程，至少须有 2 个"
        raise InputError(msg)
    with tempfile.TemporaryDirectory(prefix="jiujin-bench-") as folder:
        urls = _make(actor, Path(folder), wanted, say)
        tasks = street_tasks(actor, urls, request, ships=False)
        started = monotonic()
        found, killed = _run(actor, tasks, wanted, say)
        seconds = monotonic() - started
        started = monotonic()
        serial = list(plan_streets(actor, tasks, Cluster(workers=0))) if wanted.is_serial_too else None
        serial_seconds = monotonic() - started if serial is not None else None
    spent = [result.provenance.cpu_seconds for result in found if result.provenance]
    return StreetsCost(
        streets=wanted.streets,
        distinct=min(wanted.distinct, wanted.streets),
        members=wanted.members,
        workers=wanted.workers,
        killed=killed,
        results=sum(result.plan is not None for result in found),
        failed=sum(result.plan is None for result in found),
        proven=sum((result.plan or {}).get("status") == "optimal" for result in found),
        identical=None if serial is None else _identical(found, serial),
        processes=len({result.provenance.pid for result in found if result.provenance}),
        seconds=round(seconds, 2),
        serial_seconds=None if serial_seconds is None else round(serial_seconds, 2),
        cpu_seconds=round(sum(spent), 2),
        cpu_seconds_per_street=round(sum(spent) / max(len(spent), 1), 3),
    )


def _make(actor: Actor, folder: Path, wanted: StreetsBench, say: Callable[[str], None]) -> dict[str, str]:
    """Make the different streets and copy them as often as asked; each copy is a street of its own."""
    urls: dict[str, str] = {}
    for k in range(wanted.streets):
        file = folder / f"street-{k + 1:04d}.db"
        if k < wanted.distinct:
            with closing(Store.open(f"sqlite:///{file}")) as store:
                sample_street(actor, store, SampleRequest(k + 1, wanted.members, None))
            say(f"生成虚构街道 {k + 1}/{min(wanted.distinct, wanted.streets)}")
        else:
            shutil.copyfile(folder / f"street-{k % wanted.distinct + 1:04d}.db", file)
        urls[file.stem] = f"sqlite:///{file}"
    return urls


def _run(
    actor: Actor, tasks: Sequence[StreetTask], wanted: StreetsBench, say: Callable[[str], None]
) -> tuple[list[StreetResult], int]:
    found: list[StreetResult] = []
    killed = 0
    tenth = max(1, len(tasks) // 10)
    for result in plan_streets(actor, tasks, Cluster(wanted.workers)):
        found.append(result)
        if wanted.is_killing and not killed and len(found) >= tenth and result.provenance:
            os.kill(result.provenance.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
            killed += 1
            say(f"已停掉工作进程 {result.provenance.pid}（此时算完 {len(found)} 个街道）")
        if len(found) % tenth == 0:
            say(f"{len(found)}/{len(tasks)}")
    return found, killed


def _identical(found: Sequence[StreetResult], serial: Sequence[StreetResult]) -> int:
    alone = {result.name: replace(result, provenance=None).comparable() for result in serial}
    return sum(result.plan is not None and result.comparable() == alone[result.name] for result in found)
