"""What the grids are shaded by for who sees counts only."""

from __future__ import annotations

from datetime import date

from gis.model.ids import GridId
from gis.services.map_overview import Overview

DAY = date(2026, 11, 22)
ABOVE = {GridId(1): 21, GridId(2): 21, GridId(3): None}


def test_grids_that_tell_too_little_are_shaded_by_their_community():
    blank: dict[GridId, int | None] = {GridId(1): None, GridId(2): None, GridId(3): 0}
    told: dict[GridId, int | None] = {GridId(1): 14, GridId(2): 7, GridId(3): None}
    assert Overview(21, None, 0, blank, DAY, ABOVE).is_by_community
    assert not Overview(21, None, 0, told, DAY, ABOVE).is_by_community
    assert not Overview(21, None, 0, blank, DAY).is_by_community  # nobody who sees people has the counts above
