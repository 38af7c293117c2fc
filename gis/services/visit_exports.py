"""走访记录 as a workbook in the layout that is retyped into the city's platform: one worksheet a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.services.notices import NoticeFile

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which visits: those made from `first_day` to `last_day` to members below `org_id` (None: the whole scope).

    `reason` is what the record is for, and goes to the log.
    """

    first_day: date
    last_day: date
    reason: str
    org_id: OrgId | None = None


@dataclass(frozen=True, slots=True)
class VisitFile(NoticeFile):
    """A file about visits and the members it names, so that whoever keeps it on disk can record that."""

    member_ids: tuple[MemberId, ...] = ()


def record_book(actor: Actor, store: Store, query: RecordQuery) -> VisitFile:
    """Make the workbook of visits with a result; who made it and when stands in it and in the log.

    Raises
    ------
    InputError
        No reason, the days are the wrong way round, nothing was recorded, or more rows than fit one file.
    DeniedError
        The role may not plan visits, or the organisation lies outside the scope.
    """
    raise NotImplementedError
