"""The worlds of the benchmarks are the same every time, and what they say they are."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.model import RULES, load, save
from benchmarks.worlds import SIZES, Size, world

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_seed_makes_the_same_world():
    assert world("transition", 1).digest() == world("transition", 1).digest()


def test_another_seed_or_other_rules_make_another_world():
    assert len({world("transition", 1).digest(), world("transition", 2).digest()}) == 2
    assert world("transition", 1).under("plain").digest() != world("transition", 1).digest()


@pytest.mark.parametrize("name", ["transition", "street"])
def test_a_world_has_the_size_it_is_named_for(name: str):
    made = world(name, 3)
    assert (made.n_members, made.n_hosts) == (SIZES[name].members, SIZES[name].hosts)
    assert made.n_arcs > 5 * made.n_members


def test_walks_keep_the_limits_of_mobility_and_are_no_shorter_than_the_straight_line():
    made = world("street", 1)
    straight = np.hypot(*(made.home_xy[made.arc_member] - made.host_xy[made.arc_host]).T)
    assert (made.arc_walk_m <= made.limit_m[made.arc_member]).all()
    assert (made.arc_walk_m >= straight - 0.01).all()
    assert len(np.unique(made.arc_member * made.n_hosts + made.arc_host)) == made.n_arcs


def test_about_one_in_nine_can_lead_and_they_are_full_members():
    made = world("street", 2)
    assert 0.08 < made.can_lead.mean() < 0.14
    assert not (made.can_lead & ~made.is_full).any()


def test_homes_are_clumped_in_estates():
    made = world("street", 1)
    per_building = np.unique(made.home_xy, axis=0, return_counts=True)[1]
    assert (per_building.mean(), per_building.max()) > (2, 5)


def test_streets_that_lie_apart_share_nobody_and_streets_wall_to_wall_do():
    apart, together = (world(Size(400, 40, 4, 1200.0, gap), 1) for gap in (1000.0, 0.0))
    assert not _crosses(apart.arc_member * 4 // 400, apart.arc_host * 4 // 40)
    assert _crosses(together.arc_member * 4 // 400, together.arc_host * 4 // 40)


def _crosses(street_of_member: np.ndarray, street_of_host: np.ndarray) -> bool:
    return bool((street_of_member != street_of_host).any())


def test_a_world_survives_its_file(tmp_path: Path):
    made = world("transition", 5, "mixing price")
    save(made, tmp_path / "world.npz")
    found = load(tmp_path / "world.npz")
    assert found.digest() == made.digest()
    assert asdict(found.rules) == asdict(RULES["mixing price"])
