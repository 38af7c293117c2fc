"""历年变化: members in transition on one day after another; all days go to the browser at once, which moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from gis.model.access import Action
from gis.model.ids import OrgId
from gis.model.years import Step
from gis.services.map_layers import grids_on_map
from gis.services.map_years import read_years
from gis.ui.encoding import as_json, deltas
from gis.ui.map.answers import answer
from gis.ui.map.themes.theme import Drawn, Theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.territory import Grid
    from gis.model.years import Moment, PastMark, TimeLine
    from gis.store.database import Store
    from gis.ui.map.filters import Filters

CODE = "years"
STEPS = {step.value: step for step in Step}
AT = ("building", "estate", "grid")


def show(actor: Actor, store: Store, filters: Filters) -> Drawn:
    """Ask how far apart the days are and draw them; 筛选 › 支部 narrows them for those who see people."""
    step, branches = Step.YEAR, tuple[OrgId, ...]()
    if actor.scope.sees_people:
        branches = tuple(OrgId(number) for number in filters.branches)
        code = st.segmented_control(
            "时点",
            list(STEPS),
            format_func=lambda code: STEPS[code].label,
            default=Step.YEAR.value,
            required=True,
            selection_mode="single",
            key="years_step",
            bind="query-params",
            label_visibility="collapsed",
        )
        step = STEPS[code]
    body = answer(actor, store, (CODE, step, branches), lambda: _encoded(actor, store, step, branches))
    return Drawn(body, "拖动图下方的滑块看历年变化")


def _encoded(actor: Actor, store: Store, step: Step, branches: tuple[OrgId, ...]) -> bytes:
    return as_json(document(read_years(actor, store, step, branches), grids_on_map(actor, store)[0]))


def document(line: TimeLine, grids: Sequence[Grid]) -> dict[str, Any]:
    """Encode the days by columns, and either marks that run over days or counts by community."""
    moments = line.moments
    found: dict[str, Any] = {
        "step": line.step.value,
        "days": [one.day.isoformat() for one in moments],
        "labels": [one.label for one in moments],
        "from": line.recorded_from.isoformat() if line.recorded_from else None,
        "moving": [one.in_transition for one in moments],
        "grouped": [one.grouped for one in moments],
        "groups": [one.groups for one in moments],
        "returned": [one.returned for one in moments],
        "fresh": [one.new for one in moments],
        "assumed": [one.assumed for one in moments],
        "out": [_left_out(one) for one in moments],
    }
    if line.marks is not None:
        found["marks"] = _marks(line.marks)
    if line.by_community is not None:
        found["communities"] = _communities(line.by_community, grids)
    return found


def _left_out(one: Moment) -> list[list[Any]]:
    return [[why, count] for why, count in sorted(one.left_out.items()) if count]


def _marks(marks: Sequence[PastMark]) -> dict[str, Any]:
    """Encode spots once, and of each mark its spot, first and last day, in a group or not, taken for granted or not."""
    spots: dict[tuple[object, ...], int] = {}
    for mark in marks:
        spots.setdefault((mark.lon, mark.lat, AT.index(mark.at), mark.grid_id or 0, mark.building_id or 0), len(spots))
    keys = list(spots)
    return {
        "at": deltas(np.array([key[:2] for key in keys], dtype=float).reshape(-1, 2)),
        "p": [key[2] for key in keys],
        "g": [key[3] for key in keys],
        "h": [key[4] for key in keys],
        "s": [spots[one.lon, one.lat, AT.index(one.at), one.grid_id or 0, one.building_id or 0] for one in marks],
        "f": [one.first for one in marks],
        "l": [one.last for one in marks],
        "q": [int(one.is_grouped) for one in marks],
        "u": [int(one.is_assumed) for one in marks],
    }


def _communities(counts: Mapping[str, Sequence[int | None]], grids: Sequence[Grid]) -> dict[str, Any]:
    codes = sorted(code for code in counts if code)
    number = {code: index for index, code in enumerate(codes)}
    return {
        "n": [list(counts[code]) for code in codes],
        "of": {str(grid.id): number[grid.community_code] for grid in grids if grid.community_code in number},
        "rest": list(counts.get("", ())),
    }


THEME = Theme(CODE, "历年变化", (Action.VIEW_MAP, Action.VIEW_KPIS), show)
