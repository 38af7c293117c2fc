"""流向: how many members in transition went from which village to which community, and where they meet there."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from gis.model.ids import MemberId, OrgId

    Spot = tuple[float, float]


class Leg(Labelled):
    """The two ways of a member in transition."""

    HOME = "home", "原村 → 现住社区"
    MEETING = "meeting", "现住社区 → 活动地点"


class Untold(Labelled):
    """Why members are in no line."""

    OUTSIDE = "outside", "住在街道外"
    UNKNOWN = "unknown", "住址不明"
    NO_VILLAGE = "no_village", "原村未登记"
    VILLAGE_NOWHERE = "village_nowhere", "原村没有位置"
    COMMUNITY_NOWHERE = "community_nowhere", "社区没有范围"
    UNGROUPED = "ungrouped", "未编组"
    PLACE_NOWHERE = "place_nowhere", "活动地点没有位置"
    FEW = "few", "人数少，从略"


@dataclass(frozen=True, slots=True)
class FlowRequest:
    """Whose ways are asked for: empty means all of the scope; a village is named without its villagers' group."""

    village: str = ""
    branch_ids: tuple[OrgId, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowLine:
    """So many members from one place to another; `grouped` of them sit in a group, None where that is not shown.

    `how` says what the place of an original village goes by. Positions are longitude, latitude.
    """

    leg: Leg
    start: str
    end: str
    count: int
    grouped: int | None
    start_at: Spot
    end_at: Spot
    how: str = ""
    place: str = ""

    @property
    def key(self) -> int:
        """A number that stays the same while the line does; for clicks."""
        return zlib.crc32(f"{self.leg.value}\n{self.start}\n{self.end}\n{self.place}".encode()) & 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class FlowMap:
    """The lines of both legs; `untold` and what is drawn add up to `total` on either leg.

    `total` is None where it is not shown. `villages` can be asked for by name; `nowhere` are those without a place.
    """

    total: int | None
    lines: tuple[FlowLine, ...]
    untold: tuple[tuple[Leg, Untold, int], ...]
    villages: tuple[str, ...]
    nowhere: tuple[str, ...] = ()

    def of(self, leg: Leg) -> tuple[FlowLine, ...]:
        """Return the lines of a leg."""
        return tuple(line for line in self.lines if line.leg is leg)


@dataclass(frozen=True, slots=True)
class FlowMember:
    """A member in a line, for those who may see members."""

    member_id: MemberId
    name: str
    branch: str
    group: str


@dataclass(frozen=True, slots=True)
class FlowCard:
    """One line with who is in it: by group for those who see people; `unnamed` have asked to restrict their data."""

    line: FlowLine
    groups: tuple[tuple[str, int], ...] = ()
    ungrouped: int | None = None
    members: tuple[FlowMember, ...] | None = None
    unnamed: int = field(default=0)
