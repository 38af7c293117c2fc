"""A plan as the map draws it: put aside once, fetched by address, never riding on a rerun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.services import map_layers
from gis.ui import drafts, encoding, session

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.plan import GroupPlan, PlannedGroup
    from gis.store.database import Store

    Spot = tuple[float, float]

MICRO = 1e6
KEPT, MOST_KEPT = "plan_pictures", 7


@dataclass(frozen=True, slots=True)
class Extras:
    """What is drawn besides the plan.

    `bad` says by group id what is wrong with it; `before` is where each member met before (longitude, latitude), `said`
    what that is called; `stand` names the place to look from: while it stays the same the map does not move; `with_ids`
    lets members be chosen.
    """

    title: str = "测算方案（尚未采用）"
    stand: str = ""
    bad: Mapping[str, str] | None = None
    before: Mapping[MemberId, Spot] | None = None
    said: str = ""
    with_ids: bool = False


def put_plan(actor: Actor, store: Store, plan: GroupPlan, extras: Extras | None = None) -> str:
    """Put the plan aside for the map of this account and return its address."""
    return drafts.put(actor, store, encoding.as_json(plan_document(actor, store, plan, extras)))


def put_plan_once(actor: Actor, store: Store, plan: GroupPlan, extras: Extras, stamp: Hashable) -> str:
    """Put the plan aside unless this tab did so before; `stamp` changes with everything that the picture shows."""
    return put_once(actor, store, lambda: plan_document(actor, store, plan, extras), stamp)


def put_once(actor: Actor, store: Store, make: Callable[[], dict[str, Any]], stamp: Hashable) -> str:
    """Put a picture aside unless this tab did so before; `stamp` changes with everything that it shows."""
    kept: dict[Hashable, str] = session.recall(KEPT) or {}
    address = kept.get(stamp)
    if address is None or not drafts.is_kept(actor, store, address):
        address = drafts.put(actor, store, encoding.as_json(make()))
        session.remember(KEPT, {**dict(list(kept.items())[-MOST_KEPT:]), stamp: address})
    return address


def plan_document(actor: Actor, store: Store, plan: GroupPlan, extras: Extras | None = None) -> dict[str, Any]:
    """Encode the plan: homes at the precision each member allows, places, and a line for each seat."""
    extras = extras or Extras()
    at = map_layers.positions_of(actor, store, plan.branch_ids)
    seated = [(seat.member_id, number) for number, group in enumerate(plan.groups) for seat in group.seats]
    people = [(member_id, number, "grouped") for member_id, number in seated if member_id in at]
    people += [(one.member_id, -1, "ungrouped") for one in plan.unseated if one.member_id in at]
    document: dict[str, Any] = {
        "kind": "plan",
        "title": extras.title,
        "place": extras.stand,
        "at": encoding.deltas(np.array([at[one] for one, _, _ in people], dtype=float).reshape(-1, 2)),
        "what": [what for _, _, what in people],
        "lines": [[index, number] for index, (_, number, _) in enumerate(people) if number >= 0],
        "places": [place_document(group, (extras.bad or {}).get(group.id, "")) for group in plan.groups],
    }
    if extras.with_ids:
        document["ids"] = [int(one) for one, _, _ in people]
    if extras.before is not None:
        document["before"] = extras.said
        document["ghost"] = _ghost([one for one, _, _ in people], extras.before, meeting_spots(plan))
    return document


def meeting_spots(plan: GroupPlan) -> dict[MemberId, Spot]:
    """Return where each seated member meets."""
    return {seat.member_id: (group.place.lon, group.place.lat) for group in plan.groups for seat in group.seats}


def _ghost(
    people: Iterable[MemberId], before: Mapping[MemberId, Spot], now: Mapping[MemberId, Spot]
) -> list[list[int]]:
    """Return who met elsewhere: the index of the home, and the place in whole micro-degrees."""
    return [
        [index, round(before[one][0] * MICRO), round(before[one][1] * MICRO)]
        for index, one in enumerate(people)
        if one in before and before[one] != now.get(one)
    ]


def place_document(group: PlannedGroup, bad: str) -> dict[str, Any]:
    """Encode where a group meets; `bad` says what is wrong with it."""
    found = {
        "x": round(group.place.lon, 6),
        "y": round(group.place.lat, 6),
        "n": len(group.seats),
        "name": group.place.label,
        "host": group.place.host_id or 0,
        "venue": group.place.venue_id or 0,
    }
    return {**found, "bad": bad} if bad else found
