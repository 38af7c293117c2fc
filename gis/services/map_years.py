"""历年变化: members in transition day after day, from dated transitions, homes, seats and rosters.

Whoever sees people gets where each lived on the day, as precisely as the member allows today; nobody who is hidden,
restricted or has left is drawn, for no day. The others get years alone, by community, so that neither a figure nor a
change tells of one or two persons.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gis.errors import InputError
from gis.model.access import Action
from gis.model.ids import MemberId, OrgId
from gis.model.people import Member
from gis.model.years import PastMark, Step, TimeLine
from gis.services.access import require
from gis.services.map_flows import on_wall_and_flows
from gis.services.map_layers import UNPLACED, standing_of, standing_points
from gis.services.map_years_counts import figures_of, only, with_counts
from gis.services.on_wall import kept_now
from gis.services.over_time import Whole
from gis.services.wall_counts import wall_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import ResidenceId
    from gis.services.map_layers import Key
    from gis.services.on_wall import OnWall
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.readers.years import PersonOverTime

MOST_YEARS = 30  # a date mistyped a century ago makes no slider of a hundred steps
MOST_LOOKS = 400_000  # persons times days
MONTHS = {Step.YEAR: 12, Step.QUARTER: 3, Step.MONTH: 1}
RESTRICTED, LEFT, NO_HOME = "限制处理", "已离开或转出", "当时住址没有记录"


def read_years(actor: Actor, store: Store, step: Step = Step.YEAR, branch_ids: tuple[OrgId, ...] = ()) -> TimeLine:
    """Tell how the members in transition of the scope changed; the last day is today.

    Raises
    ------
    InputError
        A role that sees counts only asks for less than years, or there are too many days for so many members.
    """
    require(actor, Action.VIEW_MAP)
    require(actor, Action.VIEW_KPIS)
    sees_people = actor.scope.sees_people
    if step is not Step.YEAR and not sees_people:
        msg = "只看数量的账号只能按年查看：相邻两个月的差会透露个别人的变动"
        raise InputError(msg)
    if not sees_people:
        return _shown(actor, store)[0]
    with store.reading(actor.scope) as reader:
        whole, line = _everybody(reader, store.today(), step, branch_ids)
        return _with_marks(reader, whole, line)


def on_wall_and_years(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from the years and all before them (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_KPIS)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store) -> tuple[TimeLine, OnWall]:
    return kept_now(actor, store, "years", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[TimeLine, OnWall]:
    known = on_wall_and_flows(actor, store)
    with store.reading(actor.scope) as reader:
        whole, line = _everybody(reader, store.today(), Step.YEAR, ())
        ever = reader.ever_moving()
    line = with_counts(wall_now(actor, store), whole, line)
    kept, known = known.choose(figures_of(whole, line, ever))
    return only(line, kept), known


def _everybody(reader: Reader, today: date, step: Step, branch_ids: tuple[OrgId, ...]) -> tuple[Whole, TimeLine]:
    """Read everybody on every day, and all figures of it."""
    days = _days(reader.first_transition(), today, step)
    people = reader.people_over(days, today)
    if branch_ids:
        people = tuple(one for one in people if one.branch_id in branch_ids)
    if len(people) * len(days) > MOST_LOOKS:
        msg = f"{len(people)} 名党员、{len(days)} 个时点太多，请改为按年查看"
        raise InputError(msg)
    whole = Whole(people, days, reader.groups_over(days, today))
    return whole, TimeLine(step, whole.moments(_labels(days, step)), reader.histories_from())


def _days(first: date | None, today: date, step: Step) -> tuple[date, ...]:
    """Return the last days of the years, quarters or months since the first transition, and today."""
    found = [today]
    since = first or today
    months = MONTHS[step]
    year, month = today.year, (today.month - 1) // months * months + 1  # the first month of the present step
    last = date(year, month, 1) - timedelta(days=1)
    while last >= since and last.year > today.year - MOST_YEARS:
        found.append(last)
        start = last.year * 12 + last.month - months
        last = date(start // 12, start % 12 + 1, 1) - timedelta(days=1)
    return tuple(reversed(found))


def _labels(days: Sequence[date], step: Step) -> tuple[str, ...]:
    said: dict[Step, Callable[[date], str]] = {
        Step.YEAR: lambda day: f"{day.year} 年底",
        Step.QUARTER: lambda day: f"{day.year} 年{(day.month - 1) // 3 + 1}季度末",
        Step.MONTH: lambda day: f"{day.year} 年 {day.month} 月底",
    }
    return (*(said[step](day) for day in days[:-1]), "今天")


def _with_marks(reader: Reader, whole: Whole, line: TimeLine) -> TimeLine:
    """Place everybody on each day where they lived then, or say why not."""
    stays = [_stays(one) for one in whole.people]
    homes = reader.homes_of({home for stay in stays for home in stay if home is not None})
    then = {
        home: Member(MemberId(home), "", OrgId(one.branch_id), map_precision=one.map_precision, residence=homes[home])
        for one, stay in zip(whole.people, stays, strict=True)
        for home in frozenset(stay)
        if home is not None and home in homes
    }
    drawing = _Marks(whole, then, standing_points(reader, list(then.values())))
    for number, stay in enumerate(stays):
        drawing.add(number, stay)
    moments = tuple(
        replace(one, assumed=drawing.assumed[k], left_out=dict(drawing.left_out[k]))
        for k, one in enumerate(line.moments)
    )
    # Not in the order of people: nobody's marks follow each other
    return replace(line, moments=moments, marks=tuple(sorted(drawing.marks, key=_place_of)))


def _place_of(mark: PastMark) -> tuple[object, ...]:
    return mark.lon, mark.lat, mark.at, mark.first, mark.last, mark.is_grouped, mark.is_assumed


def _stays(one: PersonOverTime) -> list[ResidenceId | None]:
    """Return the home of each day on which somebody is in transition."""
    return [
        at.home_id if is_moving and at is not None and at.home_id is not None else None
        for at, is_moving in zip(one.standings, one.is_moving, strict=True)
    ]


class _Look(NamedTuple):
    """How somebody is drawn, as long as it stays the same."""

    home: ResidenceId
    is_grouped: bool
    is_assumed: bool


class _Marks:
    """Marks run from the first to the last of several days on which nothing changes."""

    def __init__(
        self, whole: Whole, then: Mapping[ResidenceId, Member], points: Mapping[Key, tuple[float, float]]
    ) -> None:
        self.whole, self.then, self.points = whole, then, points
        self.marks: list[PastMark] = []
        self.left_out: list[Counter[str]] = [Counter() for _ in whole.days]
        self.assumed = [0 for _ in whole.days]

    def add(self, number: int, stay: Sequence[ResidenceId | None]) -> None:
        """Draw one person on each day, or count the reason."""
        one, moving, grouped = self.whole.people[number], self.whole.moving[number], self.whole.grouped[number]
        runs: list[tuple[_Look, int, int]] = []
        for day, home in enumerate(stay):
            if not moving[day]:
                continue
            reason, spot = self._stand(one, home)
            if spot is None or home is None:
                self.left_out[day][reason] += 1
                continue
            at = one.standings[day]
            look = _Look(home, bool(grouped[day]), is_assumed=at is not None and at.is_home_assumed)
            self.assumed[day] += look.is_assumed
            if runs and runs[-1][0] == look and runs[-1][2] == day - 1:
                runs[-1] = (look, runs[-1][1], day)
            else:
                runs.append((look, day, day))
        self.marks += [self._mark(one, *run) for run in runs]

    def _mark(self, one: PersonOverTime, look: _Look, first: int, last: int) -> PastMark:
        at, spot = self._stand(one, look.home)
        residence = self.then[look.home].residence
        return PastMark(
            lon=spot[0] if spot else 0.0,
            lat=spot[1] if spot else 0.0,
            at=at,
            grid_id=residence.grid_id if residence else None,
            building_id=residence.building_id if residence and at == "building" else None,
            first=first,
            last=last,
            is_grouped=look.is_grouped,
            is_assumed=look.is_assumed,
        )

    def _stand(self, one: PersonOverTime, home: ResidenceId | None) -> tuple[str, tuple[float, float] | None]:
        if one.is_restricted or one.has_left:
            return (RESTRICTED if one.is_restricted else LEFT), None
        if home is None or home not in self.then:
            return NO_HOME, None
        reason, key = standing_of(self.then[home])
        if key is None:
            return reason, None
        spot = self.points.get(key)
        return (reason, spot) if spot is not None else (UNPLACED, None)
