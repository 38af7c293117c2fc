"""失联: a case that people open, propose, confirm and close; the program only keeps it (domain.md R15 and 2B)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.rights import LostStage

if TYPE_CHECKING:
    from datetime import date, datetime

    from gis.model.ids import MemberId, OrgId
    from gis.model.rights import LostBasis, LostReason

OPEN_STAGES = frozenset({LostStage.SEARCHING, LostStage.PROPOSED, LostStage.CONFIRMED})


@dataclass(frozen=True, slots=True)
class LostEvent:
    """One step of a case: never changed, never removed before its time."""

    stage: LostStage
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class LostCase:
    """One case with its steps in order. `last_on` is the day since when contact is lost, by `basis`."""

    id: int
    member_id: MemberId
    stage: LostStage
    last_on: date
    basis: LostBasis
    reason_code: LostReason | None = None
    reason: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    closed_on: date | None = None
    close_reason: str = ""
    events: tuple[LostEvent, ...] = field(default=())
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether the case is under way or stands."""
        return self.stage in OPEN_STAGES


@dataclass(frozen=True, slots=True)
class LastSeen:
    """When a member was last seen: dates on record, None where there is none."""

    member_id: MemberId
    name: str
    branch_id: OrgId
    branch: str
    attended_on: date | None
    reached_on: date | None
    tried_on: date | None

    @property
    def last_on(self) -> date | None:
        """The later of attendance and contact."""
        return max((day for day in (self.attended_on, self.reached_on) if day is not None), default=None)
