"""Who sits where in a saved plan, by ids alone: what steps of editing change and undoing restores."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gis.model.ids import MemberId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.plan import GroupPlan

_MEMBERS = ("seats", "hand")  # keyed by member
_GROUPS = ("places", "leaders", "hand_leaders")  # keyed by group id


@dataclass(frozen=True, slots=True)
class Seating:
    """Seats, groups and what of them was set by hand.

    Attributes
    ----------
    seats
        Group id (G3) of every seated member.
    places
        Place key (H12, V3) of every group.
    leaders
        Leader of every group that has one.
    hand, hand_leaders
        Account that set a member (also out of all groups), or named a leader, by hand.
    n_named
        How many group ids were given out: a new group gets the next, no id is used twice.
    """

    seats: Mapping[MemberId, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    leaders: Mapping[str, MemberId] = field(default_factory=dict)
    hand: Mapping[MemberId, str] = field(default_factory=dict)
    hand_leaders: Mapping[str, str] = field(default_factory=dict)
    n_named: int = 0


def seating_of(plan: GroupPlan) -> Seating:
    """Return the seating of a plan; nothing of it was set by hand."""
    return Seating(
        seats={seat.member_id: group.id for group in plan.groups for seat in group.seats},
        places={group.id: group.place.key for group in plan.groups},
        leaders={group.id: group.leader_id for group in plan.groups if group.leader_id is not None},
        n_named=max((_number(group.id) for group in plan.groups), default=0),
    )


def _number(group_id: str) -> int:
    digits = group_id.removeprefix("G")
    return int(digits) if digits.isdecimal() else 0


def delta_of(before: Seating, after: Seating) -> dict[str, Any]:
    """Return what turns `before` into `after` as plain JSON: for each mapping the changed keys, None for removed."""
    delta: dict[str, Any] = {"n_named": after.n_named}
    for name in (*_MEMBERS, *_GROUPS):
        old, new = getattr(before, name), getattr(after, name)
        delta[name] = {
            str(key): new.get(key) for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)
        }
    return delta


def apply_delta(seating: Seating, delta: Mapping[str, Any]) -> Seating:
    """Return the seating after a step."""
    changed: dict[str, dict[Any, Any]] = {}
    for name in (*_MEMBERS, *_GROUPS):
        mapping = dict(getattr(seating, name))
        for key, value in delta.get(name, {}).items():
            own = MemberId(int(key)) if name in _MEMBERS else key
            if value is None:
                mapping.pop(own, None)
            else:
                mapping[own] = value
        changed[name] = mapping
    return Seating(**changed, n_named=int(delta.get("n_named", seating.n_named)))
