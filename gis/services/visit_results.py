"""走访结果: every result that comes in is kept; exactly one of a target is accepted and has effects.

The same key sent again has the same answer and no second effect. Who knew the accepted result corrects it; who did
not and says something else makes a conflict, which a person settles: nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.ids import MemberId, RoundId, TargetId
    from gis.model.visits import KeptResult, ResultSource, ResultState, SaidResult
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class ResultOutcome:
    """What became of one result. `state` None: refused for good, `message` says why; sending it again changes nothing.

    `is_same`: it was known already (the same key, or the same content), `result_id` is the result that stands for it.
    """

    key: str
    target_id: TargetId
    state: ResultState | None
    is_same: bool
    result_id: int | None
    message: str

    @property
    def is_refused(self) -> bool:
        """Whether it was not kept."""
        return self.state is None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of what came of one visit; `accepted` None where the accepted one has been cleared meanwhile."""

    round_id: RoundId
    round_name: str
    member_id: MemberId
    name: str
    accepted: KeptResult | None
    other: KeptResult


def record_results(
    actor: Actor, store: Store, said: Sequence[SaidResult], source: ResultSource, sheet_number: str = ""
) -> tuple[ResultOutcome, ...]:
    """Keep results, each in a transaction of its own: a fault in one does not lose the others.

    Returns
    -------
    outcomes
        One for each of `said`, in its order; a refused one says why.

    Raises
    ------
    NotFoundError
        There is no sheet with this number.
    BusyError
        Somebody else is writing; send everything again, with the same keys.
    """
    raise NotImplementedError


def conflicts(actor: Actor, store: Store, round_id: RoundId | None = None) -> tuple[Conflict, ...]:
    """List the results that contradict the accepted one and wait for a decision, the oldest first."""
    raise NotImplementedError


def settle_conflict(actor: Actor, store: Store, result_id: int, accept: bool) -> None:  # noqa: FBT001  # the one question
    """Decide a conflict: accept the later version (the earlier one is corrected, with its effects) or dismiss it.

    Raises
    ------
    NotFoundError
        There is no such result within the scope.
    InputError
        It has been decided already.
    """
    raise NotImplementedError
