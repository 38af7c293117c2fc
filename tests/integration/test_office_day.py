"""Between midnight and eight in the morning the office is a day ahead of the clock that the database holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from gis.errors import InputError
from gis.model.access import Action
from gis.model.boards import BoardKind
from gis.model.contact import ContactChannel, ContactEntry
from gis.services.boards import read_board
from gis.services.contacts import log_contact
from gis.services.coverage import read_coverage
from gis.services.kpi import read_kpis
from gis.services.map_visits import visits_of_day
from gis.services.served import served_in_month
from gis.services.wall_counts import wall_now
from gis.store import schema as s
from tests.integration.tiny_street import CLERK, TinyStreet, person

if TYPE_CHECKING:
    from gis.store.database import Store

AT = datetime(2026, 3, 31, 17, 30)  # noqa: DTZ001  # naive UTC, as the store's clock gives
TODAY = date(2026, 4, 1)


@pytest.fixture
def street(sqlite_store: Store) -> TinyStreet:
    sqlite_store.clock = lambda: AT
    return TinyStreet(sqlite_store)


def test_the_store_says_which_day_it_is_and_a_writer_dates_by_it(street: TinyStreet):
    assert street.store.today() == TODAY
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        assert (writer.today, writer.now) == (TODAY, AT)  # the time itself stays UTC
        (member,) = writer.save_members([person("禾新", street.branch, 50)])
        row = writer.session.query(s.AffiliationRow).filter_by(member_id=member).one()
        assert row.valid_from == TODAY


def test_what_is_done_in_the_early_morning_is_of_that_day(street: TinyStreet):
    store, member = street.store, street.members[0]
    log_contact(CLERK, store, member, ContactEntry(TODAY, ContactChannel.PHONE, "王某", is_reached=True))
    too_late = ContactEntry(date(2026, 4, 2), ContactChannel.PHONE, "王某", is_reached=True)
    with pytest.raises(InputError):
        log_contact(CLERK, store, member, too_late)
    assert read_board(CLERK, store, BoardKind.OVERDUE).as_of == TODAY
    assert read_coverage(CLERK, store).as_of == TODAY
    assert visits_of_day(CLERK, store, TODAY).today == TODAY


def test_figures_are_of_the_month_that_has_begun(street: TinyStreet):
    board = read_kpis(CLERK, street.store)
    assert (board.day, board.month, board.trend[-1].month) == (TODAY, "2026-04", "2026-04")
    assert {one.as_of for one in board.kpis} == {TODAY}
    assert served_in_month(CLERK, street.store).month == "2026-04"
    wall = wall_now(CLERK, street.store)
    assert (wall.day, wall.as_of) == (TODAY, AT)


def test_figures_that_are_kept_change_at_midnight_in_the_office(street: TinyStreet):
    street.store.clock = lambda: datetime(2026, 3, 31, 15, 59)  # noqa: DTZ001  # naive UTC
    assert wall_now(CLERK, street.store).day == date(2026, 3, 31)
    street.store.clock = lambda: datetime(2026, 3, 31, 16, 0)  # noqa: DTZ001  # naive UTC
    assert wall_now(CLERK, street.store).day == TODAY
