"""Numbers and days that nobody means: a sentence, never a fault of the program; on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.errors import GisError, InputError
from gis.model.access import operator
from gis.model.ids import MemberId
from gis.model.retention import months_before
from gis.model.rights import RightKind
from gis.services.cards import open_card
from gis.services.retention import retention_due
from gis.services.rights import RightEntry, open_request

if TYPE_CHECKING:
    from gis.store.database import Store

CLERK = operator()


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_column_holds_is_refused(store: Store, number: int):
    with pytest.raises(GisError):
        open_card(CLERK, store, MemberId(number))
    with pytest.raises(GisError):
        open_request(CLERK, store, MemberId(number), RightEntry(RightKind.ACCESS))


def test_a_number_beyond_sqlite_says_that_the_input_is_at_fault(sqlite_store: Store):
    with pytest.raises(InputError, match="超出系统能保存的范围"):
        open_card(CLERK, sqlite_store, MemberId(10**30))


def test_months_before_the_first_day_of_all_is_that_day():
    assert months_before(date(1, 2, 3), 24) == date.min
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)


def test_a_day_before_there_were_members_is_refused(store: Store):
    with pytest.raises(InputError, match="太早"):
        retention_due(CLERK, store, as_of=date(1, 1, 1))
