"""Rosters into the store, on SQLite and on PostgreSQL + PostGIS."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Role, operator, scope_for
from gis.model.enums import PositionSource, Precision, Preference
from gis.model.imports import Decision
from gis.services.import_roster import (
    Located,
    RosterReport,
    RosterRequest,
    apply_roster,
    count_located,
    dry_run_roster,
)
from gis.services.locating import confirm_candidate, list_unlocated, pin_position
from gis.store.schema import AuditRow, ImportBatchRow, MemberRow, ResidenceRow
from tests.fixtures.rosters import (
    HOSTILE,
    branch_row,
    ledger_row,
    save_small_street,
    write_branch_roster,
    write_ledger,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gis.model.people import Member
    from gis.store.database import Store

CLERK = operator()


@pytest.fixture
def street(store: Store) -> Store:
    store.clock = lambda: datetime(2026, 5, 1, 8)  # noqa: DTZ001 - the store's clock is naive UTC
    save_small_street(store)
    return store


def members(store: Store) -> dict[str, Member]:
    with store.reading(CLERK.scope) as reader:
        return {member.name: member for member in reader.members()}


def apply(store: Store, path: Path, **options: Any) -> RosterReport:
    return apply_roster(CLERK, store, RosterRequest(path, **options))


def count(store: Store, table: type[Any]) -> int:
    with Session(store.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_dry_run_reports_and_changes_nothing(street: Store, tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row(), branch_row(姓名="禾二", 出生年月="约1970")])
    report = dry_run_roster(CLERK, street, RosterRequest(path))
    assert (report.rows, report.new, report.applied) == (2, 1, False)
    assert [fault.row for fault in report.faults] == [5]
    assert (members(street), count(street, ImportBatchRow)) == ({}, 0)


def test_apply_saves_members_and_batch_in_one_audited_transaction(street: Store, tmp_path: Path):
    before = count(street, AuditRow)
    report = apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row(党内职务="支部书记")]))
    assert (report.new, report.located) == (1, Located(exact=1))
    member = members(street)["禾小满"]
    assert (member.birth_ym, member.phone, member.is_leader_eligible) == ("1956-03", "10012345678", True)
    assert member.residence is not None
    assert (member.residence.precision, member.residence.unit_no, member.residence.room_no) == (
        Precision.BUILDING,
        "2",
        "501",
    )
    assert member.residence.shape is not None
    assert (count(street, AuditRow), count(street, ImportBatchRow)) == (before + 1, 1)


def test_the_same_file_again_changes_nothing(street: Store, tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row(), branch_row(姓名="禾二", 现住址="城市花园3幢")])
    apply(street, path)
    again = apply(street, path)
    assert (again.new, again.changed, again.unchanged, again.missing) == (0, 0, 2, 0)
    assert (count(street, MemberRow), count(street, ResidenceRow)) == (2, 2)


def test_an_edit_by_hand_survives_the_same_file(street: Store, tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row()])
    apply(street, path)
    from gis.model.access import Action  # noqa: PLC0415  # beside its only use

    with street.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([replace(members(street)["禾小满"], phone="10099999999")])
    assert apply(street, path).changed == 0
    assert members(street)["禾小满"].phone == "10099999999"


def test_a_changed_address_closes_the_old_residence(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row()]))
    report = apply(street, write_branch_roster(tmp_path / "b.xlsx", [branch_row(现住址="青龙苑南区5幢101室")]))
    assert (report.new, report.changed) == (0, 1)
    with Session(street.engine) as session:
        rows = session.scalars(select(ResidenceRow).order_by(ResidenceRow.id)).all()
        assert [(row.address, row.valid_to is None) for row in rows] == [
            ("紫云苑3幢2单元501室", False),
            ("青龙苑南区5幢101室", True),
        ]


def test_another_spelling_of_the_address_is_not_a_move(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row()]))
    report = apply(street, write_branch_roster(tmp_path / "b.xlsx", [branch_row(现住址="紫云苑３栋 2单元 501室")]))
    assert report.changed == 0
    assert count(street, ResidenceRow) == 1


@pytest.mark.parametrize("address", ["紫云苑3-2-501", "紫云苑3号501室", "青禾街道紫云花苑三幢乙单元五〇一室"])
def test_another_style_for_the_same_flat_is_not_a_move(sqlite_store: Store, tmp_path: Path, address: str):
    save_small_street(sqlite_store)
    apply(sqlite_store, write_branch_roster(tmp_path / "a.xlsx", [branch_row()]))
    report = apply(sqlite_store, write_branch_roster(tmp_path / "b.xlsx", [branch_row(现住址=address)]))
    assert (report.changed, count(sqlite_store, ResidenceRow)) == (0, 1)
    report = apply(sqlite_store, write_branch_roster(tmp_path / "c.xlsx", [branch_row(现住址="紫云苑3幢3单元501室")]))
    assert (report.changed, count(sqlite_store, ResidenceRow)) == (1, 2)


def test_who_is_not_in_the_file_any_more_is_reported_and_kept(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row(), branch_row(姓名="禾二", 联系电话=None)]))
    report = apply(street, write_branch_roster(tmp_path / "b.xlsx", [branch_row()]))
    assert report.missing_members == (members(street)["禾二"].id,)
    assert count(street, MemberRow) == 2


def test_a_row_at_fault_does_not_make_its_member_missing(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row(), branch_row(姓名="禾二")]))
    rows = [branch_row(), branch_row(姓名="禾二", 联系电话="123")]
    assert apply(street, write_branch_roster(tmp_path / "b.xlsx", rows)).missing == 0


def test_namesakes_of_one_branch_are_two_people(street: Store, tmp_path: Path):
    rows = [branch_row(), branch_row(出生年月="1961.05", 联系电话="10000000002")]
    report = apply(street, write_branch_roster(tmp_path / "a.xlsx", rows))
    assert (report.new, report.faults, report.merges) == (2, (), ())


def test_the_same_person_twice_is_a_fault(street: Store, tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row(), branch_row(联系电话="10000000002")])
    for _ in range(2):
        report = apply(street, path)
        assert [(fault.row, fault.field) for fault in report.faults] == [(5, "姓名")]
        assert "与第 4 行重复" in report.faults[0].message


def test_namesakes_without_birth_months_go_to_a_person(street: Store, tmp_path: Path):
    rows = [branch_row(出生年月=None), branch_row(出生年月=None, 联系电话="10000000002")]
    report = apply(street, write_branch_roster(tmp_path / "a.xlsx", rows))
    assert (report.new, [case.row for case in report.merges]) == (1, [5])


def test_a_birth_month_may_be_found_out_by_phone(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row(出生年月=None)]))
    report = apply(street, write_branch_roster(tmp_path / "b.xlsx", [branch_row()]))
    assert (report.new, report.changed) == (0, 1)
    assert members(street)["禾小满"].birth_ym == "1956-03"


def test_a_transfer_within_the_street_keeps_the_person(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row()]))
    moved = apply(street, write_branch_roster(tmp_path / "b.xlsx", [branch_row(党支部="东风村第二党支部")]))
    assert (moved.new, moved.changed) == (0, 1)


@pytest.mark.parametrize("branch", ["东风村第一党支部", "东风村党总支第一党支部", "东风村一支部", "中共东风村第一支部"])
def test_branches_by_their_usual_names(sqlite_store: Store, tmp_path: Path, branch: str):
    save_small_street(sqlite_store)
    report = apply(sqlite_store, write_branch_roster(tmp_path / "a.xlsx", [branch_row(党支部=branch)]))
    assert (report.new, report.faults) == (1, ())


@pytest.mark.parametrize("branch", ["西风村第一党支部", "东风村党总支", "东风村支部"])
def test_a_branch_that_cannot_be_told_is_a_fault(sqlite_store: Store, tmp_path: Path, branch: str):
    save_small_street(sqlite_store)
    rows = [branch_row(党支部=branch), branch_row(姓名="禾二")]
    report = apply(sqlite_store, write_branch_roster(tmp_path / "a.xlsx", rows))
    assert (report.new, [fault.field for fault in report.faults]) == (1, ["所在党支部"])


def test_without_branches_the_whole_file_is_refused(sqlite_store: Store, tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row()])
    with pytest.raises(InputError, match="请先导入党组织"):
        apply(sqlite_store, path)
    assert count(sqlite_store, AuditRow) == 0


def test_a_range_of_buildings_is_a_fault(sqlite_store: Store, tmp_path: Path):
    save_small_street(sqlite_store)
    report = apply(sqlite_store, write_branch_roster(tmp_path / "a.xlsx", [branch_row(现住址="紫云苑1-10幢")]))
    assert (report.new, report.faults[0].field) == (0, "现住址")


def test_the_ledger_finds_its_members_and_opens_their_transition(street: Store, tmp_path: Path):
    roster = write_branch_roster(tmp_path / "a.xlsx", [branch_row(现住址="东风村3组12号")])
    ledger = write_ledger(tmp_path / "b.xlsx", [ledger_row()])
    apply(street, roster)
    report = apply(street, ledger)
    assert (report.new, report.changed, report.faults) == (0, 1, ())
    member = members(street)["禾小满"]
    assert member.is_in_transition
    assert member.preference is Preference.GROUP
    assert member.mobility_level is None
    assert member.residence is not None
    assert (member.residence.precision, member.residence.unit_no) == (Precision.BUILDING, "乙")
    for path in (roster, ledger):
        again = apply(street, path)
        assert (again.new, again.changed, again.missing) == (0, 0, 0)
    assert members(street)["禾小满"].residence == member.residence


def test_a_stranger_in_the_ledger_needs_a_branch(street: Store, tmp_path: Path):
    report = apply(street, write_ledger(tmp_path / "b.xlsx", [ledger_row()]))
    assert (report.new, [(fault.row, fault.field) for fault in report.faults]) == (0, [(4, "所在党支部")])
    assert "有 2 个支部" in report.faults[0].message


def test_hostile_texts_are_kept_as_they_are(street: Store, tmp_path: Path):
    rows = [branch_row(姓名=text, 现住址=text, 联系电话=None) for text in HOSTILE]
    assert apply(street, write_branch_roster(tmp_path / "a.xlsx", rows)).faults == ()
    kept = members(street)
    assert set(kept) == set(HOSTILE)
    assert {m.residence.address for m in kept.values() if m.residence is not None} == set(HOSTILE)


def test_a_village_imports_its_own_branches_only(street: Store, tmp_path: Path):
    with street.reading(CLERK.scope) as reader:
        first = next(org.id for org in reader.orgs() if org.name == "东风村第一党支部")
    assert first is not None
    scope = scope_for(Role.VILLAGE_SECRETARY, frozenset({first}))
    secretary = replace(CLERK, role=Role.VILLAGE_SECRETARY, scope=scope)
    rows = [branch_row(), branch_row(姓名="禾二", 党支部="东风村第二党支部")]
    report = apply_roster(secretary, street, RosterRequest(write_branch_roster(tmp_path / "a.xlsx", rows)))
    assert (report.new, [fault.row for fault in report.faults]) == (1, [5])
    leader = replace(CLERK, role=Role.STREET_LEADER)
    with pytest.raises(DeniedError):
        dry_run_roster(leader, street, RosterRequest(tmp_path / "a.xlsx"))


def test_a_person_decides_what_the_address_cannot(street: Store, tmp_path: Path):
    path = write_branch_roster(
        tmp_path / "a.xlsx", [branch_row(现住址="紫芸苑3幢501"), branch_row(姓名="禾二", 现住址="春耕路出租屋")]
    )
    apply(street, path)
    first, second = list_unlocated(CLERK, street)
    assert [(c.estate, c.building_no) for c in first.candidates] == [("紫云苑", "3")]
    confirm_candidate(CLERK, street, first.member_id, first.candidates[0].building_id, first.version)
    pin_position(CLERK, street, second.member_id, (120.03, 31.80), second.version)
    assert list_unlocated(CLERK, street) == ()
    assert count_located(CLERK, street) == Located(exact=2)
    with pytest.raises(StaleError):
        pin_position(CLERK, street, second.member_id, (120.04, 31.80), second.version)
    again = apply(street, path)
    assert (again.changed, again.new) == (0, 0)
    sources = {m.residence.source for m in members(street).values() if m.residence is not None}
    assert sources == {PositionSource.CONFIRMED, PositionSource.PIN}


def test_pins_stay_in_the_country_and_in_scope(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row(现住址="春耕路出租屋")]))
    (one,) = list_unlocated(CLERK, street)
    with pytest.raises(InputError):
        pin_position(CLERK, street, one.member_id, (0.0, 0.0), one.version)
    stranger = replace(CLERK, role=Role.BRANCH_SECRETARY, scope=scope_for(Role.BRANCH_SECRETARY, frozenset()))
    with pytest.raises(NotFoundError):
        pin_position(stranger, street, one.member_id, (120.03, 31.80), one.version)


def test_buildings_that_come_later_place_who_waited(street: Store, tmp_path: Path):
    from gis.model.access import Action  # noqa: PLC0415  # beside its only use
    from gis.model.territory import Building  # noqa: PLC0415  # as above
    from tests.fixtures.rosters import point  # noqa: PLC0415  # as above

    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row(现住址="紫云苑20幢501")])
    assert apply(street, path).located == Located(estate=1)
    with street.writing(CLERK, Action.IMPORT_DATA) as writer:
        estate = next(e for e in writer.estates() if e.name == "紫云苑")
        writer.save_buildings([Building(None, "紫云苑", "20", point(120.03, 31.8), estate_id=estate.id)])
    again = apply(street, path)
    assert (again.changed, again.located) == (1, Located(exact=1))


def namesakes(tmp_path: Path) -> Path:
    rows = [branch_row(出生年月=None, 联系电话=None), branch_row(出生年月=None, 联系电话=None, 现住址="紫云苑7幢")]
    return write_branch_roster(tmp_path / "b.xlsx", rows)


def test_rows_of_the_merge_list_are_decided_by_a_person_once(street: Store, tmp_path: Path):
    apply(street, write_branch_roster(tmp_path / "a.xlsx", [branch_row()]))
    (known,) = (member.id for member in members(street).values())
    path = namesakes(tmp_path)
    asked = apply(street, path)
    assert [(case.row, case.candidates) for case in asked.merges] == [(4, (known,)), (5, ())]
    decided = apply(street, path, decisions=(Decision("", 4, known), Decision("花名册", 5, None)))
    assert (decided.new, decided.merges, decided.faults) == (1, (), ())
    again = apply(street, path)
    assert (again.new, again.changed, again.unchanged, again.merges) == (0, 0, 2, ())


def test_a_decision_for_somebody_of_another_name_is_refused(street: Store, tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row(姓名="禾二")])
    apply(street, path)
    (other,) = (member.id for member in members(street).values())
    with pytest.raises(InputError, match="不能认定"):
        apply(street, namesakes(tmp_path), decisions=(Decision("", 4, other),))


def test_a_roster_that_says_nothing_new_moves_nobody_back(street: Store, tmp_path: Path):
    branch = write_branch_roster(tmp_path / "a.xlsx", [branch_row()])
    apply(street, branch)
    text = "姓名,出生日期,所在党支部,人员类别,党籍状态,是否流动党员,联系电话,现居住地\n"
    export = tmp_path / "b.csv"
    export.write_text(
        f"{text}禾小满,1956-03,东风村第一党支部,正式党员,正常,否,10012345678,紫云苑7幢1单元101\n", "utf-8"
    )
    apply(street, export)
    again = apply(street, branch)
    assert (again.changed, again.unchanged) == (0, 1)
    home = members(street)["禾小满"].residence
    assert home is not None
    assert home.address == "紫云苑7幢1单元101"
