"""Many streets at once: one street a task, on the processes of this machine or on a Dask cluster.

A worker that dies costs its own unfinished street, which another worker does again; a street that is at fault comes
back as a sentence. Results are kept one by one, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from logging import ERROR, getLogger
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import ConfigError, InputError, system_reason
from gis.model.access import Action
from gis.services.access import require
from gis.services.street_task import Provenance, StreetResult, StreetTask, plan_street, street_task
from gis.store.snapshot import sqlite_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from distributed import Client, Future

    from gis.model.access import Actor
    from gis.model.plan import GroupingRequest

log = getLogger("jiujin")
AHEAD = 3  # tasks per worker that are under way or wait at it: enough to keep it busy, few enough to hold in memory
DEATHS = 3  # so many workers may die over one street before it is given up as what kills them
CONNECT_S = 20


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the work is done: `workers` processes here (0: in this process), or the cluster of a Dask scheduler."""

    workers: int = 2
    scheduler: str = ""


def street_tasks(
    actor: Actor, streets: Mapping[str, str], request: GroupingRequest, *, ships: bool
) -> tuple[StreetTask, ...]:
    """Describe streets by name and database address; see `street_task`."""
    return tuple(street_task(actor, name, url, request, ships=ships) for name, url in streets.items())


def streets_in(sources: Sequence[str]) -> dict[str, str]:
    """Name the street databases of files, folders (every *.db in them) and addresses of servers.

    Raises
    ------
    InputError
        A folder holds no database, or two streets would have one name.
    """
    found: dict[str, str] = {}
    for source in sources:
        folder = Path(source)
        urls = [f"sqlite:///{file}" for file in sorted(folder.glob("*.db"))] if folder.is_dir() else [source]
        if not urls:
            msg = f"目录里没有街道数据库（*.db）：{source}"
            raise InputError(msg)
        for url in urls:
            file = sqlite_file(url)
            name = file.stem if file is not None else url.rsplit("/", 1)[-1].split("?")[0]
            if name in found:
                msg = f"有两个街道都叫“{name}”：结果按名称存放，请把其中一个数据库改名"
                raise InputError(msg)
            found[name] = url
    return found


def plan_streets(
    actor: Actor, tasks: Sequence[StreetTask], cluster: Cluster, out: Path | None = None
) -> Iterator[StreetResult]:
    """Plan the streets and yield each result as it comes, in no fixed order; with `out` each is kept there as well.

    A street whose result of the same key is in `out` already is not done again. Nothing is saved in any database.

    Raises
    ------
    ConfigError
        No Dask scheduler answers at the address, or it has no workers.
    """
    require(actor, Action.PLAN_GROUPS)
    kept = [result for task in tasks if out is not None and (result := _read(out, task)) is not None]
    yield from kept
    done = {result.name for result in kept}
    left = [task for task in tasks if task.name not in done]
    results = map(plan_street, left) if not cluster.workers and not cluster.scheduler else _on_dask(left, cluster)
    for result in results:
        if out is not None:
            _write(out, result)
        yield result


def _on_dask(tasks: Sequence[StreetTask], cluster: Cluster) -> Iterator[StreetResult]:
    if not tasks:
        return
    from distributed import as_completed  # noqa: PLC0415 - half a second that other commands need not wait

    with _client(cluster) as client:
        names: dict[str, str] = {}

        def send(task: StreetTask) -> Future[StreetResult]:
            future: Future[StreetResult] = client.submit(plan_street, task, key=f"{task.name}-{task.key}", pure=False)
            names[str(future.key)] = task.name
            return future

        waiting = iter(tasks)
        n_workers = len(client.scheduler_info(n_workers=-1)["workers"])
        under_way = as_completed([send(task) for task in islice(waiting, AHEAD * n_workers)])
        for future in under_way:
            yield _result_of(future, names[str(future.key)])
            future.release()
            for task in islice(waiting, 1):
                under_way.add(send(task))


def _result_of(future: Future[StreetResult], name: str) -> StreetResult:
    """Take what a task gave; a bug in it, or workers that keep dying over it, is logged with an id."""
    error = future.exception()
    if error is None:
        return future.result()
    number = secrets.token_hex(4)
    log.critical("内部错误，编号 %s（街道 %s）", number, name, exc_info=error)
    return StreetResult(name, None, f"这个街道没有算出来：内部错误，编号 {number}，其余街道不受影响", None)


@contextmanager
def _client(cluster: Cluster) -> Iterator[Client]:
    import dask  # noqa: PLC0415 - as above
    from distributed import Client, LocalCluster  # noqa: PLC0415

    quiet = {
        "distributed.scheduler.allowed-failures": DEATHS,
        "distributed.admin.large-graph-warning-threshold": "100MB",  # a street's file travels with its task, on purpose
        "distributed.worker.memory.terminate": False,
        "distributed.scheduler.http.routes": [],  # no pages of its own
        "distributed.worker.http.routes": [],
    }
    getLogger("distributed").setLevel(ERROR)  # its comings and goings are not the user's business
    with dask.config.set(quiet):
        if not cluster.scheduler:
            with (
                LocalCluster(
                    n_workers=cluster.workers,
                    threads_per_worker=1,  # HiGHS works on one thread, and one street is one task
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs=ERROR,
                ) as local,
                Client(local) as client,
            ):
                yield client
            return
        try:
            client = Client(cluster.scheduler, timeout=CONNECT_S)
        except (OSError, TimeoutError, ValueError) as error:
            msg = f"连不上 Dask 调度器 {cluster.scheduler}：请检查 JIUJIN_DASK_SCHEDULER 和调度器是否启动"
            raise ConfigError(msg) from error
        with client:
            if not client.scheduler_info(n_workers=-1)["workers"]:
                msg = f"Dask 调度器 {cluster.scheduler} 上没有工作进程：请先在各台机器上启动 dask worker"
                raise ConfigError(msg)
            yield client


def _read(out: Path, task: StreetTask) -> StreetResult | None:
    try:
        document = json.loads((out / f"{task.name}.json").read_text(encoding="utf-8"))
        made = Provenance(**document["provenance"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none yet, or half a file of another program: done anew
    return StreetResult(task.name, document["plan"], "", made) if made.key == task.key else None


def _write(out: Path, result: StreetResult) -> None:
    """Keep a result whole or not at all: a run that is cut off leaves no half file."""
    if result.plan is None or result.provenance is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = out / f".{result.name}.part"
        half.touch(mode=0o600)
        document = {"name": result.name, "provenance": asdict(result.provenance), "plan": result.plan}
        half.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        half.replace(out / f"{result.name}.json")
    except OSError as error:
        msg = f"结果写不到 {out}：{system_reason(error)}"
        raise InputError(msg) from error
