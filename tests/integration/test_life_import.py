"""A roster that comes in again does not undo what was registered since, on both databases."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from gis.model.rights import LeftKind
from gis.services.import_roster import RosterRequest, apply_roster
from gis.services.leaving import LeaveRequest, register_leaving, undo_leaving
from gis.services.life import view_life
from gis.services.moving import CorrectRequest, MoveRequest, correct_home, register_move
from gis.services.transferring import TransferRequest, register_transfer
from tests.fixtures.rosters import branch_row, save_small_street, write_branch_roster
from tests.integration.life_street import CLERK

if TYPE_CHECKING:
    from pathlib import Path

    from gis.model.people import Member
    from gis.services.import_roster import RosterReport
    from gis.store.database import Store


@pytest.fixture
def street(store: Store, tmp_path: Path) -> Store:
    store.clock = lambda: datetime(2026, 5, 1, 8)  # noqa: DTZ001 - the store's clock is naive UTC
    save_small_street(store)
    _import(store, tmp_path)
    store.clock = lambda: datetime(2026, 9, 1, 8)  # noqa: DTZ001 - as above
    return store


def _import(store: Store, folder: Path, **cells: object) -> RosterReport:
    path = write_branch_roster(folder / "again.xlsx", [branch_row(**cells)])
    return apply_roster(CLERK, store, RosterRequest(path))


def _only(store: Store) -> Member:
    with store.reading(CLERK.scope) as reader:
        (member,) = reader.members()
    assert member.id is not None
    return member


def test_an_old_roster_does_not_move_a_member_back(street: Store, tmp_path: Path):
    member = _only(street)
    register_move(CLERK, street, MoveRequest(member.id, "紫云苑3幢1单元202室", date(2026, 6, 1)))  # type: ignore[arg-type]  # read from the store
    report = _import(street, tmp_path, 联系电话="10099998888")
    after = _only(street)
    assert after.phone == "10099998888"
    assert after.residence is not None
    assert after.residence.address == "紫云苑3幢1单元202室"
    assert any("已保留登记的现住址" in note for note in report.notes)
    assert len(view_life(CLERK, street, after.id).life.homes) == 2  # type: ignore[arg-type]  # as above


def test_a_corrected_address_stays_corrected(street: Store, tmp_path: Path):
    member = _only(street)
    home = view_life(CLERK, street, member.id).life.home  # type: ignore[arg-type]  # as above
    assert home is not None
    request = CorrectRequest(member.id, home.id, home.version, "抄错幢号", "紫云苑3幢1单元202室")  # type: ignore[arg-type]  # as above
    correct_home(CLERK, street, request)
    _import(street, tmp_path, 联系电话="10099998888")
    (only,) = view_life(CLERK, street, member.id).life.homes  # type: ignore[arg-type]  # as above
    assert (only.address, only.correction) == ("紫云苑3幢1单元202室", "抄错幢号")


def test_who_has_died_is_reported_not_imported_anew(street: Store, tmp_path: Path):
    member = _only(street)
    register_leaving(CLERK, street, LeaveRequest(member.id, LeftKind.DECEASED, date(2026, 8, 1)))  # type: ignore[arg-type]  # as above
    report = _import(street, tmp_path, 联系电话="10099998888")
    assert (report.new, report.changed, report.missing) == (0, 0, 0)
    assert ["2026-08-01 登记去世" in fault.message for fault in report.faults] == [True]
    with street.reading(CLERK.scope) as reader:
        assert reader.members() == ()
    undo_leaving(CLERK, street, member.id, "登记到了同名的人")  # type: ignore[arg-type]  # as above
    assert _only(street).id == member.id


def test_a_roster_of_the_old_branch_does_not_take_a_member_back(street: Store, tmp_path: Path):
    member = _only(street)
    with street.reading(CLERK.scope) as reader:
        other = next(org.id for org in reader.orgs() if org.is_branch and org.id != member.branch_id)
    assert other is not None
    register_transfer(CLERK, street, TransferRequest(member.id, other, date(2026, 7, 1), "已返迁"))  # type: ignore[arg-type]  # as above
    for cells in ({}, {"联系电话": "10099998888"}, {"联系电话": ""}):
        report = _import(street, tmp_path, **cells)
        assert (report.new, report.changed) == (0, 0)
        assert "组织关系已于 2026-07-01 转到" in report.faults[0].message
        assert _only(street).branch_id == other
