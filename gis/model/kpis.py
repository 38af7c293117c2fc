"""大屏: what the board counts, what one person adds to it, and the board as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import date, datetime

    from gis.model.ids import OrgId


class KpiKey(Labelled):
    """The figures in the order of the screen."""

    REGISTERED = "registered", "在册"
    RESIDENT = "resident", "居住地"
    TRANSITION = "transition", "过渡期"
    ELDER = "elder", "60 岁以上"
    AGED = "aged", "80 岁以上"
    GROUPED = "grouped", "已编组率"
    SERVED = "served", "本月服务率（零掉队）"
    OVERDUE = "overdue", "逾期联系"
    COVERED = "covered", "覆盖率"


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """How one person stood at the end of a month: on the roster, in transition, reached during the month."""

    is_on_roster: bool
    is_in_transition: bool
    is_served: bool


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure. A number of None is not shown: it is small, or a small one would follow from it.

    `value` is persons, or per cent with one place where `unit` is "%". `of` says in words what `denominator` counts;
    `link` is the address of the screen that shows the list behind it, with what opens just this list.
    """

    key: KpiKey
    unit: str
    value: float | None
    numerator: int | None
    denominator: int | None
    of: str
    definition: str
    as_of: date
    link: str

    @property
    def screen(self) -> str:
        """The screen alone, which says who may go there."""
        return self.link.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole; `count` None is not shown."""

    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Partition:
    """A whole and the parts that make it up; `rest` are those in parts whose count is not shown, or not listed."""

    name: str
    of: str
    whole: int | None
    parts: tuple[Part, ...]
    rest: int | None


@dataclass(frozen=True, slots=True)
class RankedOrg:
    """One organisation with its members in transition and how many of them each measure counts."""

    org_id: OrgId
    org: str
    transition: int | None
    grouped: int | None
    served: int | None
    overdue: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    """How many members in transition went from an original village to a community."""

    village: str
    community: str
    count: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The figures at the end of one month (the present one: today)."""

    month: str
    as_of: date
    registered: int | None
    transition: int | None
    served: int | None


@dataclass(frozen=True, slots=True)
class KpiBoard:
    """Everything on the screen, as of one moment (UTC); `flows_rest` are the members in flows that are not listed.

    `suppress_below` 1: nothing is held back. `trend_from` is the first day that the histories tell about, None: none.
    """

    as_of: datetime
    day: date
    month: str
    suppress_below: int
    kpis: tuple[Kpi, ...]
    ages: Partition
    modes: Partition
    orgs: tuple[RankedOrg, ...]
    flows: tuple[Flow, ...]
    flows_rest: int | None
    trend: tuple[TrendPoint, ...]
    trend_from: date | None

    def kpi(self, key: KpiKey) -> Kpi:
        """Return one figure."""
        return next(one for one in self.kpis if one.key is key)
