"""The board of figures as plain values: what the command line prints and the display fetches."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from gis.model.office_day import BEIJING

if TYPE_CHECKING:
    from gis.model.kpis import Kpi, KpiBoard, Partition


def kpi_document(board: KpiBoard) -> dict[str, object]:
    """Return the board as one JSON object; null where a number is not shown."""
    return {
        "as_of": board.as_of.isoformat(timespec="seconds") + "Z",
        "local_time": (board.as_of + BEIJING).strftime("%Y-%m-%d %H:%M"),
        "day": board.day.isoformat(),
        "month": board.month,
        "suppress_below": board.suppress_below,
        "kpis": [_kpi(one) for one in board.kpis],
        "ages": _partition(board.ages),
        "modes": _partition(board.modes),
        "orgs": [asdict(one) for one in board.orgs],
        "flows": [asdict(one) for one in board.flows],
        "flows_rest": board.flows_rest,
        "trend": [{**asdict(one), "as_of": one.as_of.isoformat()} for one in board.trend],
        "trend_from": board.trend_from.isoformat() if board.trend_from else None,
    }


def _kpi(one: Kpi) -> dict[str, object]:
    return {
        "key": one.key.value,
        "name": one.key.label,
        "unit": one.unit,
        "value": one.value,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "of": one.of,
        "definition": one.definition,
        "as_of": one.as_of.isoformat(),
        "screen": one.screen,
        "link": one.link,
    }


def _partition(one: Partition) -> dict[str, object]:
    return asdict(one)
