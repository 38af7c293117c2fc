"""Writes of sheets and results of visits; what a result changes elsewhere is the service's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.errors import NotFoundError
from gis.model.ids import SheetId
from gis.model.visits import ResultState
from gis.store.schema import VisitResultRow, VisitSheetRow
from gis.store.writers.base import Writes, values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.visits import ResultSource, SaidResult, VisitSheet


class VisitResultWrites(Writes):
    """Insert or update; who may see the member is asked by the service before."""

    def add_visit_sheet(self, sheet: VisitSheet) -> SheetId:
        """Keep a new sheet."""
        row = VisitSheetRow(**values_of(sheet))
        self.session.add(row)
        self.session.flush()
        return SheetId(row.id)

    def save_visit_sheet(self, sheet: VisitSheet) -> None:
        """Update a sheet that was read.

        Raises
        ------
        NotFoundError, StaleError
            It is gone, or somebody changed it meanwhile.
        """
        self._save(VisitSheetRow, sheet, values_of(sheet))
        self.session.flush()

    def add_visit_result(
        self,
        said: SaidResult,
        *,
        source: ResultSource,
        state: ResultState,
        sheet_id: SheetId | None = None,
    ) -> int:
        """Keep what came in; of one target only one may be accepted, so replace the other first. Returns the id."""
        row = VisitResultRow(
            target_id=int(said.target_id),
            key=said.key,
            result=said.result,
            on_day=said.on_day,
            by_name=said.by_name,
            note=said.note,
            next_on=said.next_on,
            source=source,
            state=state,
            sheet_id=sheet_id,
            contact_log_id=None,
            effects={},
        )
        self.session.add(row)
        self.session.flush()
        return row.id

    def save_visit_result(
        self,
        result_id: int,
        *,
        state: ResultState | None = None,
        effects: Mapping[str, object] | None = None,
        contact_log_id: int | None = None,
    ) -> None:
        """Change what became of a result, or note what it changed elsewhere; what is None stays as it is.

        A result that is accepted no longer has no contact of its own.

        Raises
        ------
        NotFoundError
            It has been erased.
        """
        row = self.session.get(VisitResultRow, result_id)
        if row is None:
            msg = "这条走访结果已经不在，请刷新后查看"
            raise NotFoundError(msg)
        values: dict[str, Any] = {}
        if effects is not None:
            values["effects"] = dict(effects)
        if contact_log_id is not None:
            values["contact_log_id"] = contact_log_id
        if state is not None:
            values["state"] = state
            if state is not ResultState.ACCEPTED:
                values["contact_log_id"] = None
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        self.session.flush()
