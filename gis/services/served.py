"""本月服务率 (A12, 零掉队): who was reached by at least one of the three modes in a month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError
from gis.model.access import Action
from gis.model.visits import ServedWay
from gis.services.access import require
from gis.services.board_counts import WHOLE, Lists
from gis.services.boards import on_wall_and_boards
from gis.services.life import FIRST_YEAR
from gis.services.on_wall import kept_now
from gis.services.served_words import DEFINITION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.board_counts import BranchCount, Shown
    from gis.services.on_wall import OnWall
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.readers.served import ServedFact

SERVED, EVERYBODY, ALL_SERVED = "served", "everybody", "all_served"
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Unserved:
    """A member in transition whom nothing reached in the month."""

    member_id: MemberId
    name: str
    branch: str
    last_met: date | None


@dataclass(frozen=True, slots=True)
class ServedView:
    """The figures of one month as of one day; None is not shown (small, or a small one would follow).

    `denominator` are the members in transition on `as_of`, `served` those of them who were reached by at least one
    way; `ways` how many by each (one member may count in several). `all_*`: the same over the whole roster.
    `unserved` is empty for who sees counts only.
    """

    month: str
    as_of: date
    definition: str
    denominator: int | None
    served: int | None
    branches: tuple[BranchCount, ...]
    ways: Mapping[str, int | None]
    all_denominator: int | None
    all_served: int | None
    unserved: tuple[Unserved, ...]


def served_in_month(actor: Actor, store: Store, month: str = "") -> ServedView:
    """Work out the figures of a month (`2026-11`; "": the present one) for the actor's scope.

    Raises
    ------
    InputError
        The month cannot be read, lies in the future, or is past and the role sees counts only.
    """
    require(actor, Action.VIEW_MATRIX)
    first, last = _days_of(month, store.today())
    if not actor.scope.sees_people:
        if last != store.today():
            msg = "只看数量的账号只看本月：两个月的数相减会透露个别人；以前各月的合计见大屏"
            raise InputError(msg)
        return _shown(actor, store)[0]
    with store.reading(actor.scope) as reader:
        facts, met = reader.served_facts(first, last), reader.last_met()
        branches = _branches(reader)
    missing = [one for one in facts if one.is_in_transition and not one.ways]
    return replace(
        _view(_lists(facts).shown(1), branches, last),
        unserved=tuple(
            Unserved(one.member_id, one.name, branches.get(int(one.branch_id), ""), met.get(one.member_id))
            for one in missing
        ),
    )


def on_wall_and_served(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from this screen and those before it (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_MATRIX)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store) -> tuple[ServedView, OnWall]:
    return kept_now(actor, store, "served", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[ServedView, OnWall]:
    known = on_wall_and_boards(actor, store)
    first, last = _days_of("", store.today())
    with store.reading(actor.scope) as reader:
        facts = reader.served_facts(first, last)
        branches = _branches(reader)
    at = np.array([one.at for one in facts], dtype=np.int64)
    chosen: list[OnWall] = []

    def choose(figures: Mapping[str, NDArray[np.bool_]]) -> frozenset[str]:
        every = {name: np.zeros(len(known.people), dtype=np.bool_) for name in figures}
        for name, mask in figures.items():
            every[name][at] = mask
        kept, after = known.choose({name: [mask] for name, mask in every.items()})
        chosen.append(after)
        return kept

    view = _view(_lists(facts).shown(known.below, choose), branches, last)
    return view, chosen[0]


def _branches(reader: Reader) -> dict[int, str]:
    return {int(org.id): org.name for org in reader.orgs() if org.id is not None}


def _view(shown: Shown, branches: Mapping[int, str], last: date) -> ServedView:
    return ServedView(
        month=f"{last:%Y-%m}",
        as_of=last,
        definition=DEFINITION,
        denominator=shown[WHOLE],
        served=shown[SERVED],
        branches=shown.by_branch(SERVED, branches),
        ways={way.label: shown.part(SERVED, way.label) for way in ServedWay},
        all_denominator=shown[EVERYBODY],
        all_served=shown[ALL_SERVED],
        unserved=(),
    )


def _days_of(month: str, today: date) -> tuple[date, date]:
    """Return the first day of a month, and its last one or today."""
    found = _MONTH.fullmatch(month.strip() or f"{today:%Y-%m}")
    if found is None or int(found[1]) < FIRST_YEAR:
        msg = f"月份“{month[:20]}”无法识别，应为 年-月，例如 2026-11"
        raise InputError(msg)
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        msg = f"{month.strip()} 还没有到，没有数字"
        raise InputError(msg)
    return first, min(today, first.replace(day=calendar.monthrange(first.year, first.month)[1]))


def _lists(facts: Sequence[ServedFact]) -> Lists:
    """Return the members in transition, their branches and the ways, and beside them the whole roster."""

    def mask(is_in: Callable[[ServedFact], bool]) -> NDArray[np.bool_]:
        return np.array([is_in(one) for one in facts], dtype=np.bool_)

    moving, served = mask(lambda one: one.is_in_transition), mask(lambda one: bool(one.ways))
    everybody = np.ones(len(facts), dtype=np.bool_)
    return Lists(
        branch_of=[one.branch_id for one in facts],
        whole=moving,
        lists={SERVED: moving & served},
        parts={SERVED: {way.label: moving & mask(lambda one, way=way: way in one.ways) for way in ServedWay}},  # type: ignore[misc]  # bound at once
        beside={
            EVERYBODY: (everybody, None),
            "others": (everybody & ~moving, EVERYBODY),
            ALL_SERVED: (served, EVERYBODY),
            "others_served": (served & ~moving, ALL_SERVED),
        },
    )
