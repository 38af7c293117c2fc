"""Laws of the counts within walking time for who sees counts only."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.model.enums import Precision
from gis.model.ids import OrgId
from gis.model.people import Member, Residence
from gis.services.walk_reach_counts import is_placed, safe_counts

BELOW = 3
LIMITS = (180.0, 270.0, 360.0, 540.0)
HOME = st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), st.integers(0, 700))


def _person(grid, is_known):
    home = Residence("某处", Precision.BUILDING, grid_id=grid or None, shape=b"x" if is_known else None)
    return Member(None, "", OrgId(1), residence=home)


@given(st.lists(HOME, max_size=25))
def test_no_two_shown_numbers_differ_by_one_or_two_persons(homes):
    people = [(_person(grid, is_known), is_grouped) for grid, is_known, is_grouped, _ in homes]
    known = np.array([is_placed(member) for member, _ in people], dtype=bool)
    metres = np.array([metre if here else np.inf for (*_, metre), here in zip(homes, known, strict=True)], dtype=float)
    told = safe_counts(people, known, metres, LIMITS, BELOW)
    for limit, count in told.within.items():
        assert count is None or count == int((metres <= limit).sum())
    shown = [one for one in (*told.within.values(), told.known) if one is not None]
    if len(people) >= BELOW:
        shown.append(len(people))  # above every map
    assert not [pair for pair in combinations([*shown, 0], 2) if 0 < abs(pair[0] - pair[1]) < BELOW]
    everything = safe_counts(people, known, metres, LIMITS, 1)
    assert None not in (everything.known, *everything.within.values())
