"""谁该走访: who is to be visited in some days, each reason as a sentence with its days and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.visits import DueKind, DueVisit, LeftOut
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class DueRequest:
    """Whom to look at and for which days.

    `kinds` None: every kind. `everyone`: all members of the subtree, those not otherwise due as named by hand.
    `member_ids` are due in any case.
    """

    org_id: OrgId
    first_day: date
    last_day: date
    kinds: tuple[DueKind, ...] | None = None
    everyone: bool = False
    member_ids: tuple[MemberId, ...] = ()


@dataclass(frozen=True, slots=True)
class DueList:
    """Who is due, the most urgent first, and who is due but cannot be planned, with the reason and what would help."""

    due: tuple[DueVisit, ...]
    left_out: tuple[LeftOut, ...]
    as_of: date


def list_due(actor: Actor, store: Store, request: DueRequest) -> DueList:
    """Work out who is due; nobody stands in it twice.

    Raises
    ------
    DeniedError
        The role does not plan visits, or the organisation lies outside the scope.
    InputError
        The days are the wrong way round or too many, or a member named by hand is not there.
    """
    raise NotImplementedError
