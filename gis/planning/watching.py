"""Time that is left for a search, and somebody who watches it and may end it."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from gis.planning.scoring import gap_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.planning.problem import Score

WALL_CLOCK: Callable[[], float] = monotonic  # the only clock that planning has of its own; any other is an argument
_EVERY_SECONDS = 0.1  # so often at most is somebody told, or asked whether to go on
_LOOK_SHARE = 20  # looking takes no more than one part in so many of the time


@dataclass(frozen=True)
class Progress:
    """How far a search has come: the best plan, what no plan can beat, and the gap as `GroupingSolution` has it."""

    seconds: float
    score: Score
    bound: Score
    gap: float


class Watch:
    """The clock of one search.

    Attributes
    ----------
    look
        Tells the best score and the bound of the search at any moment; set by whoever searches.
    is_cancelled
        Who watches told the search to end.
    """

    def __init__(
        self,
        seconds: float,
        n_members: int,
        clock: Callable[[], float],
        watcher: Callable[[Progress], bool] | None = None,
    ) -> None:
        self._clock, self._start, self._seconds = clock, clock(), seconds
        self._n_members, self._watcher = n_members, watcher
        self._next = 0.0
        self._shown: Progress | None = None
        self.look: Callable[[], tuple[Score, Score]] | None = None
        self.is_cancelled = False

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return self._clock() - self._start

    def left(self) -> float:
        """Return the seconds left; 0 once the search is cancelled. Tells the watcher now and then how things stand."""
        if self._watcher and self.look and self.seconds >= self._next:
            self.tell()
        return 0.0 if self.is_cancelled else self._seconds - self.seconds

    def tell(self) -> None:
        """Tell the watcher how things stand, never worse than before, and hear whether to go on."""
        if not self._watcher or not self.look or self.is_cancelled:
            return
        before = self.seconds
        score, bound = self.look()
        if self._shown:
            score, bound = min(score, self._shown.score), max(bound, self._shown.bound)
        self._shown = Progress(self.seconds, score, bound, gap_between(score, bound, self._n_members))
        self._next = self.seconds + max(_EVERY_SECONDS, _LOOK_SHARE * (self.seconds - before))
        self.is_cancelled = not self._watcher(self._shown)
