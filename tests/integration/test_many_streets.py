"""Fifty streets on two workers, one of which is killed on the way: every street comes back, the same as one by one."""

from __future__ import annotations

import json
import os
import shutil
import signal
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from distributed import LocalCluster
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import ConfigError, InputError
from gis.model.plan import GroupingRequest, GroupingSettings
from gis.services import costing
from gis.services.many_streets import Cluster, plan_streets, streets_in
from gis.services.street_task import StreetTask, street_task
from gis.store.database import Store
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from pathlib import Path

    from gis.services.street_task import StreetResult

STREETS = 50


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("street") / "street.db"
    store = Store.open(f"sqlite:///{file}")
    TinyStreet(store)
    store.close()
    return file


def tasks_of(file: Path, count: int, *, ships: bool = False) -> list[StreetTask]:
    """Return streets of one content, each asked with its own walking limit."""
    requests = [
        GroupingRequest(seconds=5, seed=k, settings=GroupingSettings(limit_60_m=60.0 + 40 * k)) for k in range(count)
    ]
    return [
        street_task(CLERK, f"街道{k:02d}", f"sqlite:///{file}", request, ships=ships)
        for k, request in enumerate(requests)
    ]


def by_name(results: list[StreetResult]) -> dict[str, dict[str, object]]:
    return {result.name: result.comparable() for result in results}


def test_a_killed_worker_costs_only_its_unfinished_streets(street: Path, tmp_path: Path) -> None:
    tasks = tasks_of(street, STREETS)
    serial = list(plan_streets(CLERK, tasks, Cluster(workers=0)))
    found: list[StreetResult] = []
    for result in plan_streets(CLERK, tasks, Cluster(workers=2), tmp_path):
        found.append(result)
        if len(found) == 1 and result.provenance:
            os.kill(result.provenance.pid, signal.SIGKILL)
    assert len(found) == STREETS
    assert by_name(found) == by_name(serial)
    assert len({json.dumps(plan, sort_keys=True) for plan in by_name(found).values()}) > 2  # not one plan fifty times
    assert len({result.provenance.pid for result in found if result.provenance}) >= 2
    assert len(list(tmp_path.glob("*.json"))) == STREETS


def test_reasons_do_not_depend_on_how_fast_the_machine_is(street: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = tasks_of(street, 3)
    usual = by_name(list(plan_streets(CLERK, tasks, Cluster(workers=0))))
    monkeypatch.setattr(costing, "SECONDS", 0.0)  # what a person waits is over before it starts
    assert by_name(list(plan_streets(CLERK, tasks, Cluster(workers=0)))) == usual


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(street: Path, tmp_path: Path) -> None:
    tasks = tasks_of(street, 5)
    first = dict(zip(range(3), plan_streets(CLERK, tasks, Cluster(workers=0), tmp_path), strict=False))
    (tmp_path / "街道01.json").write_text("{", encoding="utf-8")
    again = {result.name: result for result in plan_streets(CLERK, tasks, Cluster(workers=0), tmp_path)}
    assert len(again) == len(tasks)
    assert again["街道00"].provenance == first[0].provenance
    assert again["街道01"].comparable() == first[1].comparable()


def test_a_cluster_of_other_machines_gets_the_data_with_the_task(
    street: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "in" / "street.db"
    copy.parent.mkdir()
    shutil.copy(street, copy)
    with LocalCluster(n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        tasks = tasks_of(copy, 2, ships=True)
        shutil.rmtree(copy.parent)  # as on another machine
        (one, other) = plan_streets(CLERK, tasks, Cluster(scheduler=cluster.scheduler_address))
        assert one.plan is not None
        assert other.plan is not None
        assert not copy.parent.exists()  # no empty database was made in its place
        copy.parent.mkdir()
        shutil.copy(street, copy)
        monkeypatch.setenv("JIUJIN_DASK_SCHEDULER", cluster.scheduler_address)
        ran = CliRunner().invoke(app, ["plan", "streets", str(copy), "--out", str(tmp_path / "out"), "--json"])
        assert ran.exit_code == 0, ran.output
        document = json.loads(ran.stdout)
        assert document["streets"] == 1
        assert document["results"][0]["provenance"]["pid"] != os.getpid()


def test_one_street_at_fault_does_not_stop_the_others(street: Path, tmp_path: Path) -> None:
    empty = tmp_path / "空街道.db"
    Store.open(f"sqlite:///{empty}").close()
    shutil.copy(street, tmp_path / "好街道.db")
    ran = CliRunner().invoke(
        app, ["plan", "streets", str(tmp_path), "--out", str(tmp_path / "out"), "--workers", "0", "--json"]
    )
    assert ran.exit_code == 1
    rows = {row["street"]: row for row in json.loads(ran.stdout)["results"]}
    assert rows["好街道"]["seated"] == 3
    assert "请先导入" in rows["空街道"]["error"]


def test_what_cannot_be_planned_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"目录里没有街道数据库"):
        streets_in([str(tmp_path)])
    with pytest.raises(InputError, match="有两个街道都叫“甲”"):
        streets_in([str(tmp_path / "甲.db"), "postgresql://localhost/甲"])
    with pytest.raises(ConfigError, match="街道数据库不存在"):
        street_task(CLERK, "无", f"sqlite:///{tmp_path / '无.db'}", GroupingRequest(), ships=False)
    assert not (tmp_path / "无.db").exists()
    with pytest.raises(ConfigError, match="连不上 Dask 调度器"):
        list(
            plan_streets(
                CLERK, [StreetTask(CLERK, "x", "x", GroupingRequest(), "k")], Cluster(scheduler="tcp://127.0.0.1:9")
            )
        )


def test_the_key_follows_data_and_request(sqlite_url: str) -> None:
    def key(request: GroupingRequest) -> str:
        return street_task(CLERK, "甲", sqlite_url, request, ships=False).key

    one = key(GroupingRequest())
    assert key(GroupingRequest()) == one
    assert key(GroupingRequest(seed=1)) != one
    with closing(Store.open(sqlite_url)) as store:
        TinyStreet(store)
    assert key(GroupingRequest()) != one
