"""The life of a round of visits: issued, closed, cancelled, renamed, or discarded while it is a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class RoundStep:
    """What a step left: the new row version, the figures, and what to look after."""

    version: int
    n_teams: int
    n_targets: int
    n_done: int
    warnings: tuple[str, ...] = ()

    @property
    def n_open(self) -> int:
        """Members without a result: 未走访."""
        return self.n_targets - self.n_done


def issue_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> RoundStep:
    """下发: from now on the teams see their lists; needs at least one stop, a team of one is warned about.

    Raises
    ------
    InputError
        It is no draft, or nobody is in it.
    NotFoundError, StaleError
        There is no such round within the scope, or somebody changed it meanwhile.
    """
    raise NotImplementedError


def close_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> RoundStep:
    """结束: who has no result then counts as not visited.

    Raises
    ------
    InputError
        It has not been issued, or results still contradict each other.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    raise NotImplementedError


def cancel_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> RoundStep:
    """取消: nobody goes; what has been recorded stays.

    Raises
    ------
    InputError
        It is over or cancelled.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    raise NotImplementedError


def rename_round(actor: Actor, store: Store, round_id: RoundId, version: int, name: str, note: str = "") -> int:
    """Change the name and the note; returns the new row version.

    Raises
    ------
    InputError
        The name is blank or too long.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    raise NotImplementedError


def discard_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> None:
    """Delete a draft.

    Raises
    ------
    InputError
        It is no draft any more.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    raise NotImplementedError
