"""`jiujin kpis`: the figures of the big screen with definition, day and denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.model.access import operator
from gis.services.kpi import read_kpis
from gis.services.kpi_document import kpi_document

if TYPE_CHECKING:
    import typer

    from gis.model.kpis import Kpi

FEW = "略"


def kpis(db: DbOption = "", as_json: JsonOption = False) -> None:  # typer's way to say a flag
    """大屏数字：在册、居住地、过渡期、60 和 80 岁以上、已编组率、本月服务率、逾期联系。"""
    with Reporting(as_json=as_json):
        board = read_kpis(operator(), open_store(db))
        lines = [f"截至 {board.day.isoformat()}", *(_line(one) for one in board.kpis)]
        emit(kpi_document(board), as_json=as_json, text="\n".join(lines))


def _line(one: Kpi) -> str:
    value = FEW if one.value is None else f"{one.value:g}"
    share = "" if not one.of or one.denominator is None else f"（{one.of} {one.denominator} 人"
    inside = f"，其中 {one.numerator} 人" if share and one.unit == "%" and one.numerator is not None else ""
    return f"{one.key.label} {value} {one.unit}{share}{inside}{'）' if share else ''}\n    {one.definition}"


def register(app: typer.Typer) -> None:
    """Add `jiujin kpis`."""
    app.command("kpis")(kpis)
