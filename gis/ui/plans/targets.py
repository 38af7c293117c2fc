"""Where members can be sent and groups can meet: options of the choices beside the map, the near ones first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from gis.model.ids import MemberId
from gis.model.plan import Place, PlannedGroup
from gis.services import map_layers
from gis.services.adopting import PLAN_TOPICS
from gis.services.plan_places import places_of_plan
from gis.ui import session
from gis.ui.text import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.model.access import Actor
    from gis.model.plans import SavedPlan
    from gis.store.database import Store

    Spot = tuple[float, float]

UNSEAT = "-"  # out of every group
KEPT = "plan_places"
ItemT = TypeVar("ItemT", Place, PlannedGroup)


@dataclass(frozen=True)
class Targets:
    """Groups and places of one plan, and where its members may be drawn."""

    saved: SavedPlan
    places: tuple[Place, ...]
    at: Mapping[MemberId, Spot]

    @cached_property
    def groups(self) -> dict[str, PlannedGroup]:
        """Groups by id."""
        return {group.id: group for group in self.saved.plan.groups}

    @cached_property
    def group_of(self) -> dict[int, PlannedGroup]:
        """The group of each seated member."""
        return {int(seat.member_id): group for group in self.saved.plan.groups for seat in group.seats}

    @cached_property
    def branch_of(self) -> dict[int, int]:
        """The branch of everybody in the plan."""
        found = {member_id: int(group.branch_id) for member_id, group in self.group_of.items()}
        return found | {int(one.member_id): int(one.branch_id) for one in self.saved.plan.unseated}

    @cached_property
    def names(self) -> dict[int, str]:
        """Names by member."""
        found = {int(seat.member_id): seat.name for group in self.saved.plan.groups for seat in group.seats}
        return found | {int(one.member_id): one.name for one in self.saved.plan.unseated}

    def spot_of(self, target: str) -> Spot | None:
        """Return where a group id or a place key is."""
        if target in self.groups:
            place = self.groups[target].place
            return place.lon, place.lat
        return next(((one.lon, one.lat) for one in self.places if one.key == target), None)

    def to_move(self, chosen: Iterable[int]) -> dict[str, str]:
        """Return where these members can go: groups of their branch, places, groups of others, no group at all."""
        ids = list(chosen)
        branches = {self.branch_of[one] for one in ids if one in self.branch_of}
        now = {self.group_of[one].id for one in ids if one in self.group_of}
        own = [one for one in self.saved.plan.groups if int(one.branch_id) in branches]
        here = now if len(now) == 1 else set()
        taken = {one.place.key for one in own}
        options = {one.id: said_group(one) for one in self._near(own, ids) if one.id not in here}
        options |= {one.key: said_place(one) for one in self._near(self.places, ids) if one.key not in taken}
        if now:
            options[UNSEAT] = "退出小组，暂不安排"
        return distinct(options)

    def to_meet(self, group: PlannedGroup | None) -> dict[str, str]:
        """Return the places where a group could meet instead of where it does."""
        ids = [int(seat.member_id) for seat in group.seats] if group else []
        here = group.place.key if group else ""
        return distinct({one.key: said_place(one) for one in self._near(self.places, ids) if one.key != here})

    def _near(self, items: Iterable[ItemT], ids: Iterable[int]) -> list[ItemT]:
        homes = [self.at[MemberId(one)] for one in ids if MemberId(one) in self.at]
        if not homes:
            return list(items)
        x, y = np.array(homes).mean(axis=0)
        shrink = math.cos(math.radians(y))

        def away(item: Place | PlannedGroup) -> float:
            place = item if isinstance(item, Place) else item.place
            return math.hypot((place.lon - x) * shrink, place.lat - y)

        return sorted(items, key=away)


def targets_of(actor: Actor, store: Store, saved: SavedPlan) -> Targets:
    """Read places and homes, once for each version of the plan and of the data."""
    key = (saved.head.id, saved.head.version, store.data_version(*PLAN_TOPICS))
    kept = session.recall(KEPT)
    if kept is None or kept[0] != key:
        places = places_of_plan(actor, store, saved.plan)
        kept = key, places, map_layers.positions_of(actor, store, saved.plan.branch_ids)
        session.remember(KEPT, kept)
    return Targets(saved, kept[1], kept[2])


def said_group(group: PlannedGroup) -> str:
    """Return `G3 王家（东风一支部，4 人）`."""
    return f"{group.id} {group.place.label}（{group.branch}，{len(group.seats)} 人）"


def said_place(place: Place) -> str:
    """Return `党群服务中心（可容纳 20 人）`."""
    return f"{place.label}（新开小组，可容纳 {place.capacity} 人）"
