"""What changes on the map from one plan to another: who goes elsewhere, drawn alone; arrows from old place to new."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.services import map_layers
from gis.ui import encoding
from gis.ui.plans.picture import MICRO, meeting_spots, place_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.plan import GroupPlan
    from gis.store.database import Store

    Spot = tuple[float, float]


def change_document(actor: Actor, store: Store, before: GroupPlan, after: GroupPlan, stand: str) -> dict[str, Any]:
    """Encode who meets elsewhere, is new or drops out; who stays is counted and not drawn.

    `said` counts everybody, also whose home may not be drawn; `moves` are x, y of the old place, x, y of the new one
    in whole micro-degrees, and how many go that way; `closed` are old places where nobody meets any more.
    """
    old, new = meeting_spots(before), meeting_spots(after)
    moved, added, gone = _moved(old, new), sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    homes = map_layers.positions_of(actor, store, sorted({*before.branch_ids, *after.branch_ids}))
    drawn = [one for one in (*moved, *added, *gone) if one in homes]
    at = {(group.place.lon, group.place.lat): number for number, group in enumerate(after.groups)}
    return {
        "kind": "plan",
        "title": "从“前”到“后”的变化",
        "place": stand,
        "at": encoding.deltas(np.array([homes[one] for one in drawn], dtype=float).reshape(-1, 2)),
        "what": ["grouped" if one in new else "ungrouped" for one in drawn],
        "lines": [[index, at[new[one]]] for index, one in enumerate(drawn) if one in new],
        "ghost": [
            [index, round(old[one][0] * MICRO), round(old[one][1] * MICRO)]
            for index, one in enumerate(drawn)
            if one in old
        ],
        "before": "到原来的活动地点",
        "places": [place_document(group, "") for group in after.groups],
        "closed": _closed(before, new),
        "moves": _moves(old, new, moved),
        "said": _said(len(moved), len(added), len(gone), len(old.keys() & new.keys()) - len(moved)),
    }


def _moved(old: Mapping[MemberId, Spot], new: Mapping[MemberId, Spot]) -> list[MemberId]:
    return sorted(one for one in old.keys() & new.keys() if old[one] != new[one])


def _moves(old: Mapping[MemberId, Spot], new: Mapping[MemberId, Spot], moved: Sequence[MemberId]) -> list[list[int]]:
    ways = Counter((*old[one], *new[one]) for one in moved)
    return [[*(round(value * MICRO) for value in way), count] for way, count in ways.most_common()]


def _closed(before: GroupPlan, new: Mapping[MemberId, Spot]) -> list[dict[str, Any]]:
    used = set(new.values())
    left = {(group.place.lon, group.place.lat): place_document(group, "") for group in before.groups}
    return [place for spot, place in left.items() if spot not in used]


def _said(moved: int, added: int, gone: int, kept: int) -> list[list[Any]]:
    return [["换活动地点", moved], ["新编入", added], ["退出", gone], ["不变（不画）", kept]]
