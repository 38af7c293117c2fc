"""Why a plan is as it is, and what would make it better; every figure in here was computed for this plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.ids import MemberId, OrgId
    from gis.model.plan import Alternative, Place, PlanChange


@dataclass(frozen=True, slots=True)
class Effect:
    """What the best plan with a change is against the best plan without it.

    `more_seated` members (negative: fewer), and `more_m` weighted metres walked, penalties among them (negative: less),
    which say something by themselves only when `more_seated` is 0. `text` says both; `is_known` False: the time did not
    reach, both are None and there is no text.
    """

    is_known: bool
    more_seated: int | None = None
    more_m: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class MemberWhy:
    """Of one member: why here and what other places would cost, or why nowhere and what would help.

    `place` None: no seat; `code` is then the reason's.
    """

    member_id: MemberId
    name: str
    branch_id: OrgId
    place: Place | None
    walk_m: float | None
    why: str
    code: str = ""
    alternatives: tuple[Alternative, ...] = ()
    changes: tuple[PlanChange, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaderOption:
    """A member of a group who can lead it, with the post and the walk that the choice looks at."""

    member_id: MemberId
    name: str
    post: str
    walk_m: float


@dataclass(frozen=True, slots=True)
class GroupWhy:
    """Of one group: why this place and this leader.

    `other` is the place where the whole group could meet for the least more, `other_m` metres more, nobody else moving;
    None when no other place may take them all. `closed_to_group` and `closed_to_all`: what closing the place to this
    branch, or to everybody, would do. `leaders`: all who can lead, the preferred first.
    """

    group_id: str
    branch: str
    place: Place
    texts: tuple[str, ...]
    other: Place | None
    other_m: int | None
    closed_to_group: Effect
    closed_to_all: Effect
    leader_id: MemberId | None
    leaders: tuple[LeaderOption, ...]


@dataclass(frozen=True, slots=True)
class LimitWhy:
    """What one limit costs: the effect of lifting it. `code` is stable for programs, `limit` what people call it."""

    code: str
    limit: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class AdditionWhy:
    """One thing that the office could add, and what it would do.

    `place_key` names the place (`V3` may be a candidate venue that is not in use yet), "" at a member's home;
    `member_id` who would lead or be host.
    """

    kind: str
    text: str
    amount: int
    effect: Effect
    place_key: str = ""
    member_id: MemberId | None = None


@dataclass(frozen=True, slots=True)
class Additions:
    """The additions that help, the best first; `n_tried` of `n_possible` were tried to the end."""

    best: tuple[AdditionWhy, ...]
    n_tried: int
    n_possible: int
