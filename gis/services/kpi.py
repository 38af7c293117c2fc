"""大屏的数字: each figure with its definition, day and denominator; who sees counts only learns no small one.

Everything is counted from one reading of one set of people, so that all sums agree.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError
from gis.model.access import Action
from gis.model.kpis import Flow, Kpi, KpiBoard, KpiKey, Part, Partition, RankedOrg, TrendPoint
from gis.model.modes import StudyMode
from gis.model.office_day import local_day
from gis.services.access import require
from gis.services.board_suppress import shown_figures
from gis.services.coverage_facts import definition as coverage_definition
from gis.services.covered import covered_people
from gis.services.dual_sides import Sides
from gis.services.kpis_counting import AGES, ELDER_AGE, NO_MODE, Counting, Sets
from gis.services.served_words import DEFINITION as SERVED_DEFINITION
from gis.services.settings import office_settings
from gis.services.territory_sides import territory_of
from gis.services.tree_suppress import Level, Tree, shown_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.settings import OfficeSettings
    from gis.services.territory_sides import Territory
    from gis.store.database import Store

TREND_MONTHS = 12
MODES = (*StudyMode.labels(), NO_MODE)
_OF_MOVING, _OF_ROSTER = "在册的过渡期党员", "在册党员"
#: Where the list behind a figure is, and what opens it there
LINKS = {
    KpiKey.REGISTERED: "dual",
    KpiKey.RESIDENT: "dual",
    KpiKey.TRANSITION: "boards?kind=years",
    KpiKey.ELDER: f"cards?age={ELDER_AGE}",
    KpiKey.AGED: "boards?kind=aged",
    KpiKey.GROUPED: "groups",
    KpiKey.SERVED: "boards?open=served",
    KpiKey.OVERDUE: "boards?kind=overdue",
    KpiKey.COVERED: "boards?open=coverage",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A board with what it was counted from; `names` are the communities by code, `flows` which flows are shown."""

    board: KpiBoard
    counting: Counting
    sets: Sets
    shown: frozenset[str]
    flows: NDArray[np.bool_]
    names: Mapping[str, str]


def read_kpis(actor: Actor, store: Store, as_of: date | None = None) -> KpiBoard:
    """Work the board out for the actor's scope, as of now.

    `as_of` may name today only: contacts, modes and groups are counted as they stand; earlier days are in the trend.

    Raises
    ------
    InputError
        Another day than today is asked for.
    """
    require(actor, Action.VIEW_KPIS)
    return count_board(actor, store, as_of).board


def count_board(actor: Actor, store: Store, as_of: date | None = None) -> Counted:
    """Work the board out, and return with it who counts where; see `read_kpis`."""
    require(actor, Action.VIEW_KPIS)
    now = store.clock()
    today = local_day(now)
    if as_of not in (None, today):
        msg = f"大屏数字只有今天（{today.isoformat()}）的；以前各月见趋势，以前某一天见双重管理"
        raise InputError(msg)
    spans = _months(today)
    with store.reading(actor.scope) as reader:
        options = office_settings(reader)
        territory = territory_of(reader)
        orgs = reader.org_ids_in_scope
        since, sees_people = reader.histories_from(), reader.sees_people
        told = [span for span in spans if span[1] == today or (since is not None and span[1] >= since)]
        counting = Counting(reader.counted_people(told, today), options, today, covered_people(reader, today))
        names = {one.code: one.name for one in reader.divisions()}
    tops = [one for one in territory.walk() if one in orgs and territory.orgs[one].parent_id not in orgs]
    sets = counting.sets(territory, tops, names)
    below = 1 if sees_people else options.suppress_below
    shown = shown_figures(sets.figures, sets.tables, below, never=sets.never)
    flows = _shown_flows(sets, shown, below)
    made = _Board(sets, shown, options, now, spans)
    resident = None if actor.scope.whole_street else _residents_of(actor, store, tops)
    board = KpiBoard(
        as_of=now,
        day=today,
        month=f"{today:%Y-%m}",
        suppress_below=below,
        kpis=tuple(made.kpis(resident, is_whole=actor.scope.whole_street)),
        ages=made.partition("年龄段", ("aged", "age/1", "age/2", "age/3"), AGES),
        modes=made.partition("学习方式", [f"mode/{mode.value}" for mode in StudyMode] + ["mode/"], MODES),
        orgs=made.orgs(territory),
        flows=(told_flows := made.flows(flows)),
        flows_rest=made.rest([one.count for one in told_flows]),
        trend=made.trend(len(spans) - len(told)),
        trend_from=since,
    )
    return Counted(board, counting, sets, shown, flows, names)


def _shown_flows(sets: Sets, shown: frozenset[str], below: int) -> NDArray[np.bool_]:
    """Choose the flows that are shown beside the other figures: parts of the communities they lead to."""
    moves, moving = sets.moves, sets.figures[KpiKey.TRANSITION.value]
    levels = (
        Level(np.where(moving, 0, -1), np.zeros(1, dtype=np.int64)),
        Level(moves.home_at, np.zeros(len(moves.homes), dtype=np.int64)),
        Level(moves.flow_at, moves.flow_home, is_listed=False),
    )
    first = [[KpiKey.TRANSITION.value in shown]], [[f"home/{home}" in shown] for home in moves.homes]
    kept = [np.array(one, dtype=np.bool_).reshape(-1, 1) for one in first]
    return shown_counts(Tree(levels, moving[None, :]), kept, sets.masks(shown), below)[-1][:, 0]


def _residents_of(actor: Actor, store: Store, tops: Sequence[OrgId]) -> int | None:
    """Return who lives in the territory of a part of the street, also those whose relation is elsewhere."""
    if len(tops) != 1 or not actor.may(Action.VIEW_MATRIX):
        return None
    with store.reading(actor.scope) as reader:
        return Sides(reader, None, store.today()).matrix(tops[0]).resident


def _months(today: date) -> tuple[tuple[date, date], ...]:
    """Return first and last day of the last twelve months, oldest first; the present one ends today."""
    found = [(today.replace(day=1), today)]
    while len(found) < TREND_MONTHS:
        last = found[-1][0] - timedelta(days=1)
        found.append((last.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])))
    return tuple(found[::-1])


class _Board:
    """The figures that are shown, put into words."""

    def __init__(
        self,
        sets: Sets,
        shown: frozenset[str],
        options: OfficeSettings,
        now: datetime,
        spans: Sequence[tuple[date, date]],
    ) -> None:
        self.sets, self.options, self.now, self.spans = sets, options, now, spans
        self.today = spans[-1][1]
        self.shown = {name: sets.count(name) for name in sets.figures if name in shown}

    def kpis(self, resident: int | None, *, is_whole: bool) -> list[Kpi]:
        """Return the cards; `resident` is that of a part of the street."""
        roster, moving = self.shown.get(KpiKey.REGISTERED.value), self.shown.get(KpiKey.TRANSITION.value)
        here = self.shown.get(KpiKey.RESIDENT.value) if is_whole else resident
        return [
            self._count(KpiKey.REGISTERED, roster, None, ""),
            self._count(KpiKey.RESIDENT, here, roster if is_whole else None, _OF_ROSTER if is_whole else ""),
            self._count(KpiKey.TRANSITION, moving, roster, _OF_ROSTER),
            self._count(KpiKey.ELDER, self.shown.get(KpiKey.ELDER.value), moving, _OF_MOVING),
            self._count(KpiKey.AGED, self.shown.get(KpiKey.AGED.value), moving, _OF_MOVING),
            self._rate(KpiKey.GROUPED, moving, _OF_MOVING),
            self._rate(KpiKey.SERVED, self.shown.get("served/of"), _OF_MOVING),
            self._count(KpiKey.OVERDUE, self.shown.get(KpiKey.OVERDUE.value), moving, _OF_MOVING),
            self._rate(KpiKey.COVERED, moving, _OF_MOVING),
        ]

    def _count(self, key: KpiKey, count: int | None, denominator: int | None, of: str) -> Kpi:
        return Kpi(key, "人", count, count, denominator, of, self._definition(key), self.today, LINKS[key])

    def _rate(self, key: KpiKey, denominator: int | None, of: str) -> Kpi:
        count = self.shown.get(key.value)
        value = round(100 * count / denominator, 1) if count is not None and denominator else None
        return Kpi(key, "%", value, count, denominator, of, self._definition(key), self.today, LINKS[key])

    def _definition(self, key: KpiKey) -> str:
        options = self.options
        return {
            KpiKey.REGISTERED: "组织关系在本范围各支部、没有登记离开的党员",
            KpiKey.RESIDENT: "住在本范围各党组织所覆盖社区（或由人指定居住地党组织）的党员；街道外和不明的不计",
            KpiKey.TRANSITION: "在册党员中，过渡期已登记、还没有登记返迁的",
            KpiKey.ELDER: f"过渡期党员中满 {ELDER_AGE} 岁的（按出生年月，不计日），含 {options.aged_age} 岁以上",
            KpiKey.AGED: f"过渡期党员中满 {options.aged_age} 岁的（按出生年月，不计日）",
            KpiKey.GROUPED: "过渡期党员中，已编入支委会确认、没有停止的临时党小组的",
            KpiKey.SERVED: f"{SERVED_DEFINITION}。限制处理的不计",
            KpiKey.OVERDUE: (
                f"过渡期党员中，最近一次联系上（或到会）距今超过 {options.contact_interval_days} 天的；"
                f"学习方式定为就近参学的按 {options.contact_interval_attending_days} 天。没有联系记录的也计入"
            ),
            KpiKey.COVERED: f"过渡期党员中，{coverage_definition(options)}",
        }[key]

    def partition(self, name: str, figures: Sequence[str], labels: Sequence[str]) -> Partition:
        """Return a split of the members in transition."""
        parts = tuple(Part(label, self.shown.get(figure)) for figure, label in zip(figures, labels, strict=True))
        whole = self.shown.get(KpiKey.TRANSITION.value)
        return Partition(name, _OF_MOVING, whole, parts, self.rest([one.count for one in parts]))

    def rest(self, counts: Sequence[int | None]) -> int | None:
        """Return how many of the members in transition are not in these counts."""
        whole = self.shown.get(KpiKey.TRANSITION.value)
        return None if whole is None else whole - sum(count or 0 for count in counts)

    def orgs(self, territory: Territory) -> tuple[RankedOrg, ...]:
        """Rank organisations by the share of their members in transition who are in groups; unknown ones last."""
        ids = [name.split("/")[1] for name in self.sets.figures if name.endswith("/transition") and name[:3] == "org"]
        found = []
        for org_id, org in ((one, org) for one in ids for org in territory.orgs.values() if str(org.id) == one):
            of = f"org/{org_id}"
            counts = [self.shown.get(f"{of}/{measure}") for measure in ("transition", "grouped", "served", "overdue")]
            if org.id is not None and self.sets.count(f"{of}/transition") and any(one is not None for one in counts):
                found.append(RankedOrg(org.id, org.name, *counts))
        return tuple(sorted(found, key=_rank))

    def flows(self, shown: NDArray[np.bool_]) -> tuple[Flow, ...]:
        """Return the flows that are shown, the largest first."""
        moves = self.sets.moves
        counts = np.bincount(moves.flow_at[moves.flow_at >= 0], minlength=len(moves.flows))
        return tuple(Flow(*where, int(counts[k])) for k, where in enumerate(moves.flows) if shown[k])

    def trend(self, n_untold: int) -> tuple[TrendPoint, ...]:
        """Return twelve months; the first `n_untold` ended before the histories begin and have no figures."""
        found = []
        for number, (_, last) in enumerate(self.spans):
            of = "" if last == self.today else f"trend/{number - n_untold}/"
            counts = [
                self.shown.get(f"{of}{name}") if number >= n_untold else None
                for name in ("registered", "transition", "served")
            ]
            found.append(TrendPoint(f"{last:%Y-%m}", last, *counts))
        return tuple(found)


def _rank(one: RankedOrg) -> tuple[bool, float, int]:
    if one.grouped is None or not one.transition:
        return True, 0.0, int(one.org_id)
    return False, -one.grouped / one.transition, int(one.org_id)
