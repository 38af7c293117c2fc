"""Who counts in each number that who sees counts only is shown, screen by screen, worked out anew from the members.

Each number that stands on a screen is compared with the number of those who are said to count in it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from gis.model.access import Actor, Role, scope_for
from gis.model.coverage import COVERED
from gis.model.dual import LIVES_HERE, RELATION_HERE, Cell
from gis.services.boards import read_boards
from gis.services.coverage import read_coverage
from gis.services.coverage_facts import planner_settings, read_coverage_facts
from gis.services.dual import dual_lists, dual_matrices
from gis.services.grouping_input import meeting_places
from gis.services.map_years import on_wall_and_years, read_years
from gis.services.org_tree import ORG, org_tree
from gis.services.rules import check_rules
from gis.services.rules.checking import FEW, on_wall_and_rules
from gis.services.seats_shown import seats_shown
from gis.services.served import served_in_month
from gis.services.settings import office_settings
from gis.store import schema as s
from tests.integration.tiny_street import CLERK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gis.services.on_wall import OnWall
    from gis.store.database import Store
    from gis.store.readers.served import ServedFact

    Figure = NDArray[np.float64]

LEADER = Actor("leader", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
SCREEN = Actor("wall", Role.VIEWER_BIG_SCREEN, scope_for(Role.VIEWER_BIG_SCREEN, frozenset()))


class Figures:
    """The numbers that are shown, each with who counts in it how often, (n_members,)."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self.store, self.actor = store, actor
        with store.reading(CLERK.scope) as reader:
            ids = reader.session.scalars(select(s.MemberRow.id).order_by(s.MemberRow.id)).all()
            ever = reader.session.scalars(select(s.TransitionRow.member_id)).all()
        self.at = {number: position for position, number in enumerate(ids)}
        self.ever = sorted(set(ever))
        self.found: dict[str, Figure] = {}

    def add(self, name: str, shown: int | None, members: Iterable[int]) -> None:
        """Take a number of a screen; None is not shown."""
        if shown is None:
            return
        figure = np.zeros(len(self.at))
        for one in members:
            figure[self.at[one]] += 1
        assert figure.sum() == shown, name
        self.found[name] = figure

    def known(self, on_wall: OnWall) -> None:
        """Take the wall and all that the services themselves take for known."""
        for number, (level, shown) in enumerate(zip(on_wall.tree.levels, on_wall.shown, strict=True)):
            for place, measure in zip(*np.nonzero(shown), strict=True):
                mask = (level.at == place) & on_wall.tree.measures[measure]
                self.found[f"wall/{number}/{place}/{measure}"] = mask.astype(float)
        for row, figure in enumerate(on_wall.beside.figures):
            self.found[f"known/{row}"] = figure.astype(float)
        home = on_wall.tree.levels[1]
        for row, part in enumerate(on_wall.beside.parts):
            for place in range(len(home.inside)):
                self.found[f"flows/{row}/{place}"] = (part & (home.at == place)).astype(float)


def screen_figures(store: Store) -> Figures:
    """Return everything that the account of a screen may open."""
    found = Figures(store, SCREEN)
    found.known(on_wall_and_years(SCREEN, store))
    _add_seats(found)
    _add_years(found)
    return found


def leader_figures(store: Store) -> Figures:
    """Return everything that a leader of the street may open."""
    found = Figures(store, LEADER)
    found.known(on_wall_and_rules(LEADER, store))
    for add in (_add_seats, _add_orgs, _add_dual, _add_years, _add_coverage, _add_boards, _add_served, _add_rules):
        add(found)
    return found


def _seats(store: Store) -> Mapping[tuple[str, int], list[int]]:
    seats = defaultdict(list)
    query = select(s.GroupRow.host_id, s.GroupRow.venue_id, s.GroupMembershipRow.member_id).join(
        s.GroupMembershipRow, s.GroupMembershipRow.group_id == s.GroupRow.id
    )
    with store.reading(CLERK.scope) as reader:
        for host, venue, member in reader.session.execute(
            query.where(s.GroupRow.valid_to.is_(None), s.GroupMembershipRow.valid_to.is_(None))
        ):
            seats["host" if host else "venue", host or venue or 0].append(member)
    return seats


def _add_seats(found: Figures) -> None:
    seats = _seats(found.store)
    for place, taken in seats_shown(found.actor, found.store).items():
        found.add(f"seats/{place}", taken, seats[place])


def _add_orgs(found: Figures) -> None:
    with found.store.reading(CLERK.scope) as reader:
        facts, parent = reader.board_facts(), {org.id: org.parent_id for org in reader.orgs()}

    def above(org: int | None) -> Iterable[int]:
        while org is not None:
            yield org
            org = parent.get(org)  # type: ignore[call-overload]  # ids are integers

    for line in org_tree(found.actor, found.store, with_abolished=True).lines:
        if line.level == ORG:
            inside = [int(one.member_id) for one in facts if line.id in above(int(one.branch_id))]
            found.add(f"orgs/{line.id}", line.members, inside)


def _add_dual(found: Figures) -> None:
    with found.store.reading(CLERK.scope) as reader:
        everybody = {int(one.member_id) for one in reader.board_facts()}
    for one in dual_matrices(found.actor, found.store):
        lists = dual_lists(CLERK, found.store, one.org_id).lists
        cells = {cell: {int(row.member_id) for row in rows} for cell, rows in lists.items()}
        registered = set[int]().union(*(cells[cell] for cell in RELATION_HERE))
        for cell, people in cells.items():
            found.add(f"dual/{one.org_id}/{cell}", one.cells[cell], people)
        found.add(f"dual/{one.org_id}/registered", one.registered, registered)
        found.add(f"dual/{one.org_id}/resident", one.resident, set().union(*(cells[cell] for cell in LIVES_HERE)))
        found.add(f"dual/{one.org_id}/street", one.street, everybody)
        rest = everybody - registered - cells[Cell.SEEN_NOT_MANAGED]
        both = one.cells[Cell.ELSEWHERE], one.cells[Cell.ELSEWHERE_UNKNOWN]
        found.add(f"dual/{one.org_id}/rest", None if None in both else sum(both), rest)  # type: ignore[arg-type]  # not None


def _add_years(found: Figures) -> None:
    """Compare by SQL's words: who was in transition at the end of a year, and had come in it."""
    line = read_years(found.actor, found.store)
    whole = read_years(CLERK, found.store)
    with found.store.reading(CLERK.scope) as reader:
        people = reader.people_over([one.day for one in line.moments], found.store.today())
    for day, (one, full) in enumerate(zip(line.moments, whole.moments, strict=True)):
        assert one.in_transition in (None, full.in_transition)
        assert one.returned in (None, full.returned)
        sets = {"moving": (one.in_transition, "is_moving"), "back": (one.returned, "has_returned")}
        sets |= {"new": (one.new, "is_new")}
        for name, (shown, field) in sets.items():
            ids = [number for number, who in zip(found.ever, people, strict=True) if getattr(who, field)[day]]
            found.add(f"years/{day}/{name}", shown, ids)
        seated = [
            number
            for number, who in zip(found.ever, people, strict=True)
            if who.is_moving[day] and who.seats[day] is not None
        ]
        found.add(f"years/{day}/grouped", one.grouped, seated)
        for code, counts in (line.by_community or {}).items():
            here = [
                number
                for number, who in zip(found.ever, people, strict=True)
                if who.is_moving[day]
                and (at := who.standings[day]) is not None
                and ("" if who.has_left else at.community_code) == code
            ]
            found.add(f"years/{day}/{code}", counts[day], here)


def _add_coverage(found: Figures) -> None:
    shown = read_coverage(found.actor, found.store)
    with found.store.reading(CLERK.scope) as reader:
        facts = read_coverage_facts(reader, None, found.store.today())
        places = meeting_places(reader, (), planner_settings(office_settings(reader)))
    members = [int(one.id or 0) for one in facts.members]
    covered = [k for k, state in enumerate(facts.states) if state in COVERED]
    found.add("coverage/all", shown.denominator, members)
    found.add("coverage/covered", shown.count, [members[k] for k in covered])
    for state, count in shown.parts.items():
        found.add(f"coverage/{state}", count, [members[k] for k, one in enumerate(facts.states) if one is state])
    for row in shown.branches:
        inside = {k for k, one in enumerate(facts.members) if str(int(one.branch_id)) == row.key}
        found.add(f"coverage/{row.key}/of", row.denominator, [members[k] for k in inside])
        found.add(f"coverage/{row.key}", row.count, [members[k] for k in inside.intersection(covered)])
    if shown.free_seats is not None:
        seats = _seats(found.store)
        sitting = [
            one
            for place in places
            for one in seats.get(("host" if place.host_id else "venue", place.host_id or place.venue_id or 0), ())
        ]
        found.add("coverage/seats", len(sitting), sitting)


def _add_boards(found: Figures) -> None:
    whole = {one.kind: one for one in read_boards(CLERK, found.store)}
    with found.store.reading(CLERK.scope) as reader:
        branch = {int(one.member_id): one.branch_id for one in reader.board_facts() if one.is_in_transition}
    for board in read_boards(found.actor, found.store):
        lines = whole[board.kind].lines
        listed = [int(one.member_id) for one in lines]
        found.add("boards/of", board.denominator, branch)
        found.add(f"boards/{board.kind}", board.count, listed)
        for row in board.branches:
            mine = {one for one, of in branch.items() if of == row.branch_id}
            found.add(f"boards/of/{row.branch_id}", row.denominator, mine)
            found.add(f"boards/{board.kind}/{row.branch_id}", row.count, mine.intersection(listed))
        missing = {label: [int(one.member_id) for one in lines if _lacks(one, label)] for label in board.parts}
        for label, count in board.parts.items():
            if any(missing.values()):
                found.add(f"boards/{board.kind}/{label}", count, missing[label])


def _lacks(line: object, label: str) -> bool:
    return label in {item.label for item in getattr(line, "missing", ())}


def _add_served(found: Figures) -> None:
    today = found.store.today()
    with found.store.reading(CLERK.scope) as reader:
        facts = reader.served_facts(today.replace(day=1), today)
    shown = served_in_month(found.actor, found.store)
    moving = [one for one in facts if one.is_in_transition]
    reached = [one for one in moving if one.ways]

    def ids(some: Iterable[ServedFact]) -> list[int]:
        return [int(one.member_id) for one in some]

    found.add("served/of", shown.denominator, ids(moving))
    found.add("served", shown.served, ids(reached))
    found.add("served/all/of", shown.all_denominator, ids(facts))
    found.add("served/all", shown.all_served, ids(one for one in facts if one.ways))
    for label, count in shown.ways.items():
        found.add(f"served/{label}", count, ids(one for one in moving if label in {way.label for way in one.ways}))
    for row in shown.branches:
        found.add(f"served/{row.branch_id}/of", row.denominator, ids(o for o in moving if o.branch_id == row.branch_id))
        found.add(f"served/{row.branch_id}", row.count, ids(o for o in reached if o.branch_id == row.branch_id))


def _add_rules(found: Figures) -> None:
    with found.store.reading(CLERK.scope) as reader:
        householder = {int(one.id or 0): int(one.member_id or 0) for one in reader.hosts(with_ended=True)}
    persons = defaultdict(list)
    for one in check_rules(CLERK, found.store).findings:
        subject = one.violation.subject
        if subject.is_person and not one.is_settled:
            person = subject.id if subject.kind.value == "member" else householder[subject.id]
            persons[one.violation.org_id].append(person)
    for row in check_rules(found.actor, found.store).counts:
        found.add(f"rules/{row.org_id}", None if row.persons == FEW else row.persons, persons[row.org_id])
