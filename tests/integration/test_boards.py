"""待办与名单 on both databases: who is on each, out of how many; names in scope, counts without the small ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.boards import BoardKind, MissingItem
from gis.model.contact import ContactChannel, ContactEntry
from gis.model.enums import Preference
from gis.model.modes import StudyMode
from gis.model.rights import LeftKind
from gis.services.boards import band_of, last_day_of, read_board, read_boards
from gis.services.contacts import log_contact
from gis.services.leaving import LeaveRequest, register_leaving
from gis.services.returning import ReturnRequest, register_return
from gis.services.settings import SettingChange, change_settings
from gis.store.schema import ModeDecisionRow
from tests.integration.life_street import CLERK, LifeStreet

if TYPE_CHECKING:
    from gis.model.ids import MemberId
    from gis.model.people import Transition
    from gis.services.boards import Board
    from gis.store.database import Store


@pytest.fixture
def street(store: Store) -> LifeStreet:
    return LifeStreet(store)


def _board(street: LifeStreet, kind: BoardKind) -> Board:
    return read_board(CLERK, street.store, kind)


def _names(board: Board) -> list[str]:
    return [one.name for one in board.lines]


def _contact(street: LifeStreet, member: MemberId, days_ago: int, *, is_reached: bool = True) -> None:
    entry = ContactEntry(street.today - timedelta(days=days_ago), ContactChannel.PHONE, "王某", is_reached)
    log_contact(CLERK, street.store, member, entry)


def _change(street: LifeStreet, member: MemberId, **values: object) -> None:
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        one = next(one for one in writer.members() if one.id == member)
        writer.save_members([replace(one, residence=None, **values)])  # type: ignore[arg-type]  # fields by name


def test_contacts_are_overdue_after_the_interval_of_the_mode(street: LifeStreet):
    one, two, three = street.members
    _contact(street, one, 30)
    _contact(street, two, 31)
    board = _board(street, BoardKind.OVERDUE)
    assert (board.count, board.denominator, board.as_of) == (2, 3, street.today)
    assert _names(board) == ["禾三", "禾二"]  # never contacted comes first
    _contact(street, three, 1, is_reached=False)
    assert _names(_board(street, BoardKind.OVERDUE)) == ["禾三", "禾二"]  # not reached is no contact
    with street.store.writing(CLERK, Action.SET_MODES) as writer:
        mode = StudyMode.ATTEND_HOME_BRANCH
        writer.session.add(
            ModeDecisionRow(
                member_id=two, mode=mode, proposed=mode, rule="", trace={}, is_override=False, valid_from=street.today
            )
        )
    assert _names(_board(street, BoardKind.OVERDUE)) == ["禾三"]
    change_settings(CLERK, street.store, [SettingChange("contact_interval_attending_days", 20)])
    assert _names(_board(street, BoardKind.OVERDUE)) == ["禾三", "禾二"]


def test_years_and_returns_that_are_due(street: LifeStreet):
    one, two, three = street.members
    _change(
        street, one, transition=replace(_episode(street, one), started_on=date(2018, 11, 20), expected_return="2026")
    )
    _change(street, two, transition=replace(_episode(street, two), expected_return="2026-10"))
    _change(
        street, three, transition=replace(_episode(street, three), started_on=date(2025, 11, 21), expected_return="")
    )
    years = _board(street, BoardKind.YEARS)
    assert [(line.name, line.figure) for line in years.lines] == [("禾一", 8.0), ("禾二", 2.7), ("禾三", 1.0)]
    assert {name: count for name, count in years.parts.items() if count} == {"不满 1 年": 1, "2–3 年": 1, "7 年以上": 1}
    due = _board(street, BoardKind.RETURN_DUE)
    assert _names(due) == ["禾二"]
    assert due.parts == {"没有写明预计返迁时间（未计入）": 1}
    register_return(CLERK, street.store, ReturnRequest(two, street.today))
    assert (_board(street, BoardKind.RETURN_DUE).count, _board(street, BoardKind.YEARS).denominator) == (0, 2)


def _episode(street: LifeStreet, member: MemberId) -> Transition:
    with street.store.reading(CLERK.scope) as reader:
        found = next(one.transition for one in reader.members() if one.id == member)
    assert found is not None
    return found


def test_who_is_80_is_asked(street: LifeStreet):
    one, two, _ = street.members
    _change(street, one, birth_ym="1946-11")
    _change(street, two, birth_ym="1946-12", preference=Preference.ONLINE)
    board = _board(street, BoardKind.AGED)
    assert [(line.name, line.age, line.screen) for line in board.lines] == [("禾一", 80, "conditions")]
    assert "请先问本人" in board.lines[0].note
    _change(street, one, preference=Preference.HOME_VISIT)
    assert "希望上门" in _board(street, BoardKind.AGED).lines[0].note


def test_what_is_missing_leads_to_where_it_is_filled_in(street: LifeStreet):
    one = street.members[0]
    board = _board(street, BoardKind.MISSING)
    line = next(line for line in board.lines if line.member_id == one)
    assert MissingItem.PHONE in line.missing
    assert MissingItem.ADDRESS not in line.missing
    assert MissingItem.POSITION not in line.missing
    assert board.parts["电话"] == 3
    assert board.branch_parts["东风村一支部"]["电话"] == 3
    _change(street, one, phone="10012345678")
    assert _board(street, BoardKind.MISSING).parts["电话"] == 2


def test_who_has_left_is_on_no_board(street: LifeStreet):
    one = street.members[0]
    register_leaving(CLERK, street.store, LeaveRequest(one, LeftKind.DECEASED, date(2026, 11, 1)))
    for board in read_boards(CLERK, street.store):
        assert board.denominator == 2
        assert one not in {line.member_id for line in board.lines}


def test_names_in_scope_only_and_counts_without_the_small_ones(street: LifeStreet):
    other = Actor("zhibu", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.branches[1]})))
    assert read_board(other, street.store, BoardKind.OVERDUE).denominator == 0
    leader = Actor("ld", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
    _contact(street, street.members[0], 1)
    board = read_board(leader, street.store, BoardKind.OVERDUE)
    assert (board.lines, board.count, board.denominator) == ((), None, 3)
    assert [one.count for one in board.branches] == [None]
    assert board.branch_parts == {}
    with street.store.reading(leader.scope) as reader:
        assert {(one.member_id, one.name) for one in reader.board_facts()} == {(0, "")}
    helper = Actor("zz", Role.GROUP_LEADER, scope_for(Role.GROUP_LEADER, frozenset({street.branches[0]})))
    with pytest.raises(DeniedError):
        read_boards(helper, street.store)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027", date(2027, 12, 31)),
        ("2026-02", date(2026, 2, 28)),
        ("2026年6月", date(2026, 6, 30)),
        ("2026年底", date(2026, 12, 31)),
        ("待定", None),
        ("", None),
    ],
)
def test_an_expected_return_lasts_until_the_end_of_what_was_written(text: str, day: date | None):
    assert last_day_of(text) == day


def test_bands_begin_with_the_full_year():
    assert [band_of(years).label for years in (None, 0.0, 0.99, 1.0, 6.99, 7.0)] == [
        "开始时间不明",
        "不满 1 年",
        "不满 1 年",
        "1–2 年",
        "5–7 年",
        "7 年以上",
    ]
