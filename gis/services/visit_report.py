"""走访情况报告: what a round planned and did, in counts for the level above; the names in an annex for the branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.services.visit_exports import VisitFile
    from gis.store.database import Store


def round_report(actor: Actor, store: Store, round_id: RoundId, *, with_names: bool = False) -> VisitFile:
    """Make the report of a round as a Word document; `with_names` adds the annex that stays in the branch.

    Raises
    ------
    NotFoundError, DeniedError
        The round lies outside the scope, or the role may not plan visits.
    """
    raise NotImplementedError
