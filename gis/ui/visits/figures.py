"""The figures of a round in one line: how much, how evenly, how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.visits import RoundState
from gis.ui.text import metres
from gis.ui.visits.words import duration

if TYPE_CHECKING:
    from gis.services.visits.views import RoundView


def figures_of(view: RoundView) -> dict[str, str]:
    """Return the figures by name; the longest and shortest team tell how fair it is."""
    busy = [team for team in view.teams if team.stops]
    lengths = [team.minutes for team in busy]
    figures = {
        "走访": f"{view.n_targets} 名",
        "地点": f"{sum(len(team.stops) for team in busy)} 处",
        "组": f"{len(busy)} 个",
        "路上": metres(sum(team.walk_m for team in busy)),
    }
    if lengths:
        figures["每组用时"] = (
            duration(max(lengths)) if len(lengths) == 1 else f"{duration(min(lengths))} 至 {duration(max(lengths))}"
        )
    left = sum(len(one.names) for one in view.left_out)
    if left:
        figures["没排进"] = f"{left} 名"
    if view.round.state is not RoundState.DRAFT:
        figures["已有结果"] = f"{view.n_done} / {view.n_targets} 名"
        figures["见面"] = f"{view.n_met} 名"
    if view.n_conflicts:
        figures["待核对"] = f"{view.n_conflicts} 处"
    return figures
