"""One street as one task: what a worker is given, what it does and what it gives back. All of it can be pickled."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import socket
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from time import monotonic, process_time
from typing import TYPE_CHECKING

from gis.errors import ConfigError, GisError
from gis.services.grouping import propose_groups
from gis.services.plan_document import plan_document
from gis.store.database import Store
from gis.store.snapshot import sqlite_file, sqlite_snapshot

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plan import GroupingRequest


@dataclass(frozen=True, slots=True)
class StreetTask:
    """One street to plan.

    `content` holds the SQLite file of a street whose task goes to another machine; without it the worker opens `url`.
    `key` is the digest of everything the result depends on: equal keys, equal plans.
    """

    actor: Actor
    name: str
    url: str
    request: GroupingRequest
    key: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a result comes from: task, data, program, machine and cost."""

    key: str
    data_version: int
    seed: int
    program: str
    python: str
    host: str
    pid: int
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class StreetResult:
    """The plan of one street (form of docs/plan-json.md) and its provenance, or why there is none."""

    name: str
    plan: dict[str, object] | None
    error: str
    provenance: Provenance | None

    def comparable(self) -> dict[str, object]:
        """Return the plan without what differs from run to run: the seconds it took."""
        return {key: value for key, value in (self.plan or {}).items() if key not in _OF_THE_RUN}


_OF_THE_RUN = ("seconds",)
WHY_SECONDS = 600.0  # nobody waits, and equal keys shall give equal reasons: so far that no street comes near it


def street_task(actor: Actor, name: str, url: str, request: GroupingRequest, *, ships: bool) -> StreetTask:
    """Describe the street in the database at `url`; with `ships` an SQLite file travels inside the task.

    Raises
    ------
    ConfigError
        The database is not there, or cannot be opened.
    """
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        msg = f"街道数据库不存在：{file}"
        raise ConfigError(msg)
    store = Store.open(url)
    try:
        said = [asdict(request), store.last_change(), version("jiujin")]
        said.append(store.today().isoformat())  # ages, and with them limits, are those of the day
    finally:
        store.close()
    key = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()[:24]
    return StreetTask(actor, name, url, request, key, sqlite_snapshot(file) if ships and file is not None else None)


def plan_street(task: StreetTask) -> StreetResult:
    """Plan one street. What is wrong with its data comes back as a sentence: one street never stops the others."""
    started, cpu = monotonic(), process_time()
    try:
        if task.content is None:
            plan, data_version = _plan_at(task.url, task)
        else:
            with tempfile.TemporaryDirectory(
                prefix="jiujin-"
            ) as folder:  # readable by nobody else, and gone at the end
                file = Path(folder) / "street.db"
                file.write_bytes(task.content)
                plan, data_version = _plan_at(f"sqlite:///{file}", task)
    except GisError as error:
        return StreetResult(task.name, None, str(error), None)
    made = Provenance(
        key=task.key,
        data_version=data_version,
        seed=task.request.seed,
        program=f"jiujin {version('jiujin')}, highspy {version('highspy')}",
        python=platform.python_version(),
        host=socket.gethostname(),
        pid=os.getpid(),
        seconds=round(monotonic() - started, 3),
        cpu_seconds=round(process_time() - cpu, 3),
    )
    return StreetResult(task.name, plan, "", made)


def _plan_at(url: str, task: StreetTask) -> tuple[dict[str, object], int]:
    store = Store.open(url)
    try:
        plan = propose_groups(task.actor, store, task.request, why_seconds=WHY_SECONDS)
    finally:
        store.close()
    return plan_document(plan), plan.data_version
