"""How long the made-up street takes, from data to plan. Fixed seeds; run by `make bench`, skipped by `make test`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gis.model.access import operator
from gis.model.plan import GroupingRequest
from gis.services.grouping import propose_groups
from gis.services.sample.street import SampleRequest, sample_street
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_benchmark.fixture import BenchmarkFixture

    from gis.store.database import Store

SEED, MEMBERS = 7, 1366
ROUNDS = 5


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('street') / 'jiujin.db'}")) as store:
        sample_street(operator(), store, SampleRequest(SEED, MEMBERS, None))
        yield store


def test_make_the_street(benchmark: BenchmarkFixture, tmp_path_factory: pytest.TempPathFactory):
    def make() -> None:
        with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('made') / 'jiujin.db'}")) as store:
            sample_street(operator(), store, SampleRequest(SEED, MEMBERS, None))

    benchmark.pedantic(make, rounds=1)


def test_plan_groups_of_the_transition_members(benchmark: BenchmarkFixture, street: Store):
    plan = benchmark.pedantic(propose_groups, args=(operator(), street, GroupingRequest()), rounds=ROUNDS)
    benchmark.extra_info |= {"solver_seconds": plan.seconds, "gap": plan.gap, "seated": plan.scores.seated}
    assert plan.gap == 0


def test_plan_groups_of_all_members(benchmark: BenchmarkFixture, street: Store):
    request = GroupingRequest(is_all_members=True)
    plan = benchmark.pedantic(propose_groups, args=(operator(), street, request), rounds=1)
    benchmark.extra_info |= {"solver_seconds": plan.seconds, "gap": plan.gap, "seated": plan.scores.seated}
    assert plan.gap <= 0.01


def test_read_buildings_and_members(benchmark: BenchmarkFixture, street: Store):
    def read() -> int:
        with street.reading(operator().scope) as reader:
            return len(reader.buildings()) + len(reader.members())

    assert benchmark(read) > MEMBERS
