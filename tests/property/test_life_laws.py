"""Laws of histories: whatever is registered in whatever order, rows follow each other without overlap and gap.

The as-of lists agree with a simulation that keeps, for each day, where the member lived and to whom they belonged.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import InputError
from gis.model.life import holding_on
from gis.services.history import residents_as_of, roster_as_of
from gis.services.life import view_life
from gis.services.life_spans import begin_on, fit_in
from gis.services.moving import CorrectRequest, MoveRequest, correct_home, register_move
from gis.services.returning import ReturnRequest, register_return
from gis.services.transferring import TransferRequest, register_transfer
from tests.fixtures.stores import open_store
from tests.integration.life_street import CLERK, LifeStreet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

START = date(2026, 1, 1)
DAYS = 200


@dataclass
class Row:
    """One row of a history, as the database keeps it."""

    place: int
    valid_from: date
    valid_to: date | None
    reason: str


@dataclass
class Simulation:
    """Day by day: the place of each day, day 0 being `START`; days before count as day 0."""

    days: list[int] = field(default_factory=lambda: [0] * DAYS)
    begins: dict[int, int] = field(default_factory=dict)

    def change(self, day: int, place: int, *, until: int = DAYS) -> None:
        """Live in a place from a day on."""
        self.days[day:until] = [place] * (until - day)
        self.begins[day] = place


def day(number: int) -> date:
    """Return the date of a day."""
    return START + timedelta(days=number)


def apply_fit(rows: list[Row], place: int, on: date, *, is_past: bool) -> None:
    """Do to a list of rows what the store does to the table."""
    fit = fit_in(rows, on, is_past=is_past)
    for at, (start, end) in fit.changed.items():
        rows[at].valid_from, rows[at].valid_to = start, end
    rows.append(Row(place, fit.valid_from, fit.valid_to, "迁居"))
    rows.sort(key=lambda row: (row.valid_from, row.valid_to != row.valid_from))


def check_rows(rows: list[Row]) -> None:
    """No overlap, no gap, one open row at the end."""
    assert [row.valid_to is None for row in rows] == [False] * (len(rows) - 1) + [True]
    for before, after in pairwise(rows):
        assert before.valid_to == after.valid_from
    assert all(row.valid_to is None or row.valid_from <= row.valid_to for row in rows)
    assert not [row for row in rows[1:] if row.valid_to == row.valid_from]


@given(st.lists(st.tuples(st.integers(0, DAYS - 1), st.booleans(), st.integers(0, 3)), max_size=25))
def test_rows_never_overlap_and_every_day_has_the_last_place_said_of_it(steps: list[tuple[int, bool, int]]):
    registered = 120
    rows = [Row(0, day(registered), None, "")]
    simulation = Simulation()
    for place, (number, is_past, kind) in enumerate(steps, start=1):
        if kind == 0 and len(rows) > 1:
            at = number % len(rows)
            try:
                changed = begin_on(rows, at, day(number))
            except InputError:
                continue
            old = rows[at].valid_from
            for index, (start, until) in changed.items():
                rows[index].valid_from, rows[index].valid_to = start, until
            _shift(simulation, rows[at].place, (old - START).days, number, rows[at - 1].place if at else None)
            check_rows(rows)
            continue
        held = holding_on(rows, day(number))
        try:
            apply_fit(rows, place, day(number), is_past=is_past)
        except InputError:
            continue
        assert held is not None
        mine = next(row for row in rows if row.place == place)
        end = DAYS if mine.valid_to is None else (mine.valid_to - START).days
        simulation.change(number, place, until=end)
        check_rows(rows)
    check_rows(rows)
    for number in range(DAYS):
        found = holding_on(rows, day(number))
        assert found is not None
        if day(number) >= rows[0].valid_from:
            assert not found[1]
            assert rows[found[0]].place == simulation.days[number]


def _shift(simulation: Simulation, place: int, old: int, new: int, before: int | None) -> None:
    """Move the first day of a place."""
    if new < old:
        simulation.days[new:old] = [place] * (old - new)
    elif before is not None:
        simulation.days[old:new] = [before] * (new - old)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "past", "correct", "since", "return", "transfer"]),
        st.integers(0, DAYS - 1),
        st.integers(0, 2),
        st.integers(1, 9),
    ),
    max_size=8,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS)
def test_the_lists_of_any_day_agree_with_the_histories(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, int]]
):
    path = tmp_path_factory.mktemp("life") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        street = LifeStreet(store, today=day(DAYS))
        member = street.members[0]
        for step in steps:
            try:
                _do(street, *step)
            except InputError:
                continue
        life = view_life(CLERK, store, member).life
        rows = [Row(_community(home.community_code), home.valid_from, home.valid_to, "") for home in life.homes]
        check_rows(rows)
        check_rows([Row(int(one.org_id), one.valid_from, one.valid_to, "") for one in life.affiliations])
        assert life.person.branch_id == life.affiliations[-1].org_id
        with store.reading(CLERK.scope) as reader:
            assert len(reader.members()) == len(street.members)
            for number in (0, 40, 80, 120, 160, DAYS):
                home = holding_on(life.homes, day(number))
                branch = holding_on(life.affiliations, day(number))
                assert home is not None
                assert branch is not None
                lives = [
                    n
                    for n, org in enumerate(street.villages)
                    if _lists(residents_as_of, reader, org, day(number), member)
                ]
                belongs = [org for org in street.branches if _lists(roster_as_of, reader, org, day(number), member)]
                assert lives == [rows[home[0]].place]
                assert belongs == [life.affiliations[branch[0]].org_id]


def _lists(what: Callable[..., tuple[object, ...]], reader: object, org: int, on: date, member: int) -> bool:
    return member in {one.member_id for one in what(reader, org, on)}  # type: ignore[attr-defined]  # standings


def _community(code: str) -> int:
    return int(code[-1]) - 1


def _do(street: LifeStreet, what: str, number: int, place: int, house: int) -> None:
    """Register one step; what cannot be is refused by the service."""
    member, on = street.members[0], day(number)
    estate = ("东风家园", "常青花园", "新丰苑")[place]
    address = f"{estate}{house}幢2单元20{house}室"
    if what in ("move", "past"):
        register_move(CLERK, street.store, MoveRequest(member, address, on, is_past=what == "past"))
    elif what == "return":
        register_return(CLERK, street.store, ReturnRequest(member, on, address=address))
    elif what == "transfer":
        register_transfer(CLERK, street.store, TransferRequest(member, street.branches[place], on, "返迁"))
    else:
        homes = view_life(CLERK, street.store, member).life.homes
        home = homes[number % len(homes)]
        given = {"address": address} if what == "correct" else {"since": on}
        correct_home(CLERK, street.store, CorrectRequest(member, home.id, home.version, "登记错了", **given))
