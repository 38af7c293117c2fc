"""What who sees counts only is shown on all screens: one screen after another is chosen beside all that came before.

The order is that of the imports: the wall, seats at places, organisations, 双重管理, flows, years, coverage, walking
areas, 待办与名单, 本月服务率, rules. Each screen asks the one before it what is known already, and hands that on with
its own figures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from gis.errors import BusyError
from gis.model.access import Action
from gis.services.access import require
from gis.services.kept_answers import KeptAnswers, Question
from gis.services.tree_suppress import Beside, shown_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.services.tree_suppress import Tree
    from gis.store.database import Store
    from gis.store.readers.kpis import CountedPerson

    BoolArray = NDArray[np.bool_]
    #: Who counts, or how often
    Figure = NDArray[np.bool_] | NDArray[np.uint8]

KeyT = TypeVar("KeyT")
KeptT = TypeVar("KeptT")
TURNS = 3
BUSY = "数据正在修改，请稍后再看"
_kept = KeptAnswers(64)  # at city size each holds some ten MB


@dataclass(frozen=True, eq=False)
class OnWall:
    """Who counts in what is shown so far, for choosing what else may be shown to those who see counts only.

    `people` are all who stand or stood on the rosters of the scope, in the order of their ids; `moving` (n_persons,)
    are those in transition.
    """

    people: Sequence[CountedPerson]
    moving: BoolArray
    tree: Tree
    shown: list[BoolArray]
    beside: Beside
    below: int

    def choose(self, figures: Mapping[KeyT, Sequence[Figure]]) -> tuple[frozenset[KeyT], OnWall]:
        """Choose what another screen shows, and know it from then on.

        Each name has figures that are shown together or not at all, of everybody (n_persons,) or of those in transition
        (n_moving,); the more important first.
        """
        kept = self.also(figures)
        return kept, self.beside_these([one for name, some in figures.items() if name in kept for one in some])

    def also(self, figures: Mapping[KeyT, Sequence[Figure]]) -> frozenset[KeyT]:
        """Choose what another screen shows, so that no small set follows from it and all that is known."""
        names, more = tuple(figures), [self._of_everybody(masks) for masks in figures.values()]
        return frozenset(names[one] for one in shown_beside(self.tree, self.shown, self.beside, more, self.below))

    def beside_these(self, figures: Sequence[Figure]) -> OnWall:
        """Take what another screen shows for known as well."""
        every = {row.tobytes(): row for row in self.beside.figures.astype(np.uint8)}
        every |= {row.tobytes(): row for row in self._of_everybody(figures) if row.any()}
        rows = np.array(list(every.values()), dtype=np.uint8).reshape(len(every), len(self.moving))
        return replace(self, beside=Beside(rows, self.beside.parts))

    def _of_everybody(self, figures: Sequence[Figure]) -> NDArray[np.uint8]:
        rows = np.zeros((len(figures), len(self.moving)), dtype=np.uint8)
        for row, figure in zip(rows, figures, strict=True):
            if len(figure) == len(row):
                row[:] = figure
            else:
                row[self.moving] = figure
        return rows


def kept_now(actor: Actor, store: Store, name: str, make: Callable[[], KeptT]) -> KeptT:
    """Return what follows from the wall; made anew only where something or the day has changed.

    Screens are read one after another: where somebody has written in between, everything is read once more.
    """
    require(actor, Action.VIEW_KPIS)
    for _ in range(TURNS):
        question = Question.of(actor, store, name)
        found = _kept.find(question)
        if found is not None:
            return cast("KeptT", found.answer)
        made: KeptT | None = None
        try:
            made = make()
        except ValueError:  # figures of other people than those known
            if question.is_of_now():
                raise
        if made is not None and _kept.keep(question, made):
            return made
    if made is None:
        raise BusyError(BUSY)
    return made  # of an office that writes all the time: shown once, not kept
