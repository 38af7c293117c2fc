"""本月服务率 (A12, 零掉队): who was reached by at least one of the three modes in a month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError
from gis.model.access import Action
from gis.model.visits import ServedWay
from gis.services.access import require
from gis.services.board_counts import WHOLE, Lists
from gis.services.life import FIRST_YEAR
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.board_counts import BranchCount, Shown
    from gis.store.database import Store
    from gis.store.readers.served import ServedFact

SERVED, EVERYBODY, ALL_SERVED = "served", "everybody", "all_served"
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
DEFINITION = (
    "当月至少有一次：到会参加组织生活；或上门送学见到本人（会后补学也算）；或参加网络学习"
    "（学习方式定为网络共学的，电话、微信联系上也算）。走访时电话代、谢绝、没见到的不算"
)


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
        The month cannot be read, or lies in the future.
    """
    require(actor, Action.VIEW_MATRIX)
    first, last = _days_of(month, store.today())
    with store.reading(actor.scope) as reader:
        facts = reader.served_facts(first, last)
        branches = {int(org.id): org.name for org in reader.orgs() if org.id is not None}
        below = 1 if reader.sees_people else office_settings(reader).suppress_below
        met = reader.last_met()
        sees_people = reader.sees_people
    moving = [one for one in facts if one.is_in_transition]
    shown = _shown(facts, below)
    missing = [one for one in moving if not one.ways] if sees_people else []
    return ServedView(
        month=f"{first:%Y-%m}",
        as_of=last,
        definition=DEFINITION,
        denominator=shown[WHOLE],
        served=shown[SERVED],
        branches=shown.by_branch(SERVED, branches),
        ways={way.label: shown.part(SERVED, way.label) for way in ServedWay},
        all_denominator=shown[EVERYBODY],
        all_served=shown[ALL_SERVED],
        unserved=tuple(
            Unserved(one.member_id, one.name, branches.get(int(one.branch_id), ""), met.get(one.member_id))
            for one in missing
        ),
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


def _shown(facts: Sequence[ServedFact], below: int) -> Shown:
    """Count the members in transition, their branches and the ways, and beside them the whole roster."""

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
    ).shown(below)
