"""Check a round of visits against the database, rule by rule; of the planner and its arrays it uses nothing.

Where somebody lives, and who is due, is read by the functions that feed the planner too; every claim of the document
is derived again: times, ways (one fresh search for each), minutes, windows, who goes and who is left out and why.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from gis.services.plan_facts import Violation
from gis.services.visits.check_facts import read_visit_facts
from gis.services.visits.check_left import LEFT_RULES
from gis.services.visits.check_reading import is_visit_document, read_visits
from gis.services.visits.check_times import TIME_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.access import Actor
    from gis.services.visits.check_facts import VisitFacts
    from gis.services.visits.check_reading import SaidRound, SaidStop
    from gis.store.database import Store

__all__ = ["check_visits", "is_visit_document"]

SCORE_TOLERANCE = 1.0
METRES_TOLERANCE = 3.0
ALREADY = "planned"  # the due list's code of who stands in a round in force: perhaps in this one


def check_visits(actor: Actor, store: Store, document: dict[str, Any]) -> tuple[Violation, ...]:
    """Return every violation of a visit document.

    Raises
    ------
    InputError
        The document is no round of visits at all, or its organisation is not there.
    DeniedError
        The role may not see the members that are visited.
    """
    said = read_visits(document)
    facts = read_visit_facts(actor, store, said)
    found: list[Violation] = []
    for rule in (_once, _people, _teams, _doors, _buddies, *TIME_RULES, *LEFT_RULES, _scores):
        found.extend(rule(said, facts))
    return tuple(found)


def _once(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    visited = Counter(member for _, stop in said.stops for member in stop.members)
    left = Counter(member for one in said.left_out for member in one.members)
    for member, times in sorted((visited + left).items()):
        if times > 1:
            both = "，既排入又列为未排入" if visited[member] and left[member] else ""
            yield Violation("MEMBER_TWICE", f"党员 {member}", f"在安排中出现 {times} 次{both}")
    if not facts.is_today:
        return
    named = visited.keys() | left.keys()
    for member in sorted(facts.due.keys() - named):
        yield Violation("MEMBER_MISSING", f"党员 {member}", "这几天到期该走访，安排里既没有排入也没有说明")
    for member in sorted(facts.barred.keys() - named):
        if facts.barred[member] != ALREADY:
            yield Violation("MEMBER_MISSING", f"党员 {member}", "到期该走访却不能安排，没有列出原因")


def _people(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    request = said.request
    for _, stop in said.stops:
        if not stop.members:
            yield Violation("NOBODY", stop.where, "这一处没有要走访的人")
        for number in stop.members:
            where, member = f"{stop.where} 党员 {number}", facts.member(number)
            if member is None:
                yield Violation("MEMBER_UNKNOWN", where, "没有这名党员，或不在管理范围内")
                continue
            if member.branch_id not in facts.below and number not in request.member_ids:
                yield Violation("OTHER_BRANCH", where, f"不属于{facts.org_name}及其下级组织")
            if member.left_on is not None or member.restricted_on is not None:
                yield Violation("MEMBER_GONE", where, "已离开名册或已申请限制处理，不安排走访")
            elif number in request.exclude:
                yield Violation("EXCLUDED", where, "指定了这次不走访")
            elif facts.is_today and number not in facts.due and facts.barred.get(number) != ALREADY:
                yield Violation("NOT_DUE", where, "没有到期，也没有人指定走访")


def _teams(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    numbers = Counter(team.number for team in said.teams)
    visitors: dict[tuple[str, object], int] = {}
    for team in said.teams:
        if numbers[team.number] > 1:
            yield Violation("TEAM_NUMBER", team.where, "组号重复")
        has_start = team.start_venue is not None or team.start_building is not None
        if has_start and facts.starts.get(team.number) is None:
            yield Violation("START_UNKNOWN", team.where, "出发的地点不存在，或没有位置")
        for name in team.visitors:
            for shift in team.shifts:
                other = visitors.setdefault((name, shift), team.number)
                if other != team.number:
                    yield Violation("VISITOR_TWICE", team.where, f"{name}同一个半天还在第 {other} 组")
        if [stop.position for stop in team.stops] != list(range(1, len(team.stops) + 1)):
            yield Violation("POSITION", team.where, "序号应从 1 起连续")
        yield from _scopes(team.user_ids, team.stops, facts)


def _scopes(user_ids: tuple[int | None, ...], stops: tuple[SaidStop, ...], facts: VisitFacts) -> Iterator[Violation]:
    """Whoever has an account must be allowed to see the members; who has none carries paper."""
    known = [number for number in facts.accounts.known if number in user_ids]
    for stop in stops:
        for number in stop.members:
            member = facts.member(number)
            if member is None or all(facts.accounts.covers(user, member.branch_id) for user in known):
                continue
            yield Violation("NO_RIGHT", f"{stop.where} 党员 {number}", "组内有账号的走访人，管理范围不包括其所在支部")


def _doors(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    """One door is one stop, and one stop is one door."""
    at: dict[tuple[object, ...], SaidStop] = {}
    for _, stop in said.stops:
        if stop.group_id is not None:
            yield from _group(stop, facts)
            continue
        keys = {number: _door_keys(number, facts) for number in stop.members}
        if not _hangs_together(list(keys.values())):
            yield Violation("DOOR_MIXED", stop.where, "这一处的几名党员不住在同一户")
        for key in set().union(*keys.values()) if keys else ():
            other = at.setdefault(key, stop)
            if other is not stop and _could_join(stop, other, said, facts):
                yield Violation("DOOR_SPLIT", stop.where, f"与{other.where}是同一户，应一次走访")
                break


def _group(stop: SaidStop, facts: VisitFacts) -> Iterator[Violation]:
    for number in stop.members:
        due = facts.due.get(number)
        if facts.is_today and due is not None and (due.group_id, due.session_id) != (stop.group_id, stop.session_id):
            yield Violation("GROUP_WRONG", f"{stop.where} 党员 {number}", "不在这个小组这次学习的名单里")


def _door_keys(number: int, facts: VisitFacts) -> set[tuple[object, ...]]:
    member = facts.member(number)
    home = member.residence if member is not None else None
    if member is None or home is None:
        return set()
    where: object = home.building_id or "".join(home.address.split())
    keys: set[tuple[object, ...]] = set()
    if home.room_no.strip():
        keys.add(("室", where, home.unit_no.strip(), home.room_no.strip()))
    file = facts.homes.files.get(member.id) if member.id is not None else None
    if file is not None:
        keys.add(("户", where, file.id))
    return keys


def _hangs_together(keys: list[set[tuple[object, ...]]]) -> bool:
    """Whether a chain of shared keys links them all."""
    if len(keys) <= 1:
        return True
    linked, rest = set(keys[0]), keys[1:]
    while rest:
        near = [one for one in rest if one & linked]
        if not near:
            return False
        linked = linked.union(*near)
        rest = [one for one in rest if not one & linked]
    return True


def _could_join(one: SaidStop, other: SaidStop, said: SaidRound, facts: VisitFacts) -> bool:
    window = facts.window((*one.members, *other.members))
    teams = {
        said.request.must_with[number] for number in (*one.members, *other.members) if number in said.request.must_with
    }
    return (window is None or window[0] < window[1]) and len(teams) <= 1


def _buddies(said: SaidRound, _: VisitFacts) -> Iterator[Violation]:
    for team, stop in said.stops:
        asked = {said.request.must_with[number] for number in stop.members if number in said.request.must_with}
        if asked and team.number not in asked:
            yield Violation("BUDDY", stop.where, f"指定由第 {min(asked)} 组走访")


def _scores(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    planned = sum(len(stop.members) for _, stop in said.stops)
    left = sum(len(one.members) for one in said.left_out)
    walked, travelled = 0.0, 0.0
    for team in said.teams:
        for number in {stop.shift for stop in team.stops}:
            points = [facts.lonlat(stop) for stop in team.stops if stop.shift == number]
            start = facts.starts.get(team.number)
            line = [start, *points, start if team.is_returning else None]
            for here, there in itertools.pairwise(line):
                if here is not None and there is not None:
                    metres = facts.ways.leg(here, there).metres
                    walked, travelled = walked + metres, travelled + facts.travel_s(team.way, metres) / 60
    again, known = _same_visitor(said, facts)
    minutes = [team.minutes for team in said.teams]
    exact: dict[str, float] = {"asked": planned + left, "planned": planned, "left_out": left, "stops": len(said.stops)}
    exact |= {"longest_team_min": max(minutes, default=0), "shortest_team_min": min(minutes, default=0)}
    exact |= {"same_visitor": again, "same_visitor_of": known} if facts.is_today else {}
    for name, value in {**exact, "walk_m": walked, "travel_min": travelled}.items():
        given = said.scores.get(name)
        slack = 0.0 if name in exact else METRES_TOLERANCE + SCORE_TOLERANCE * 1e-3 * value
        figure = float(given) if isinstance(given, int | float) and not isinstance(given, bool) else math.inf
        if not abs(figure - value) <= slack:
            yield Violation("SCORE_WRONG", name, f"写的是 {given}，重新计算为 {value:.0f}")
    status = "partial" if left else "planned" if planned else "nobody_due"
    if said.status != status:
        yield Violation("STATUS_WRONG", "status", f"写的是 {said.status}，应为 {status}")


def _same_visitor(said: SaidRound, facts: VisitFacts) -> tuple[int, int]:
    """Count the stops that somebody of last time goes to again, and those that somebody has been to."""
    again = known = 0
    for team, stop in said.stops:
        before = {name for one in stop.members if one in facts.due for name in facts.due[one].last_by}
        known += bool(before)
        again += bool(before.intersection(team.visitors))
    return again, known
