"""With the clock set ahead exactly what is due goes, to the byte; nothing else does, and the log still verifies."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import HousingKind, MobilityLevel
from gis.model.people import Residence, Transition
from gis.model.retention import Retained, months_before
from gis.model.rights import ConsentAnswer, ConsentScope, ExportRecord, LeftKind
from gis.services.audit import verify_audit
from gis.services.consent import ConsentEntry, record_consent
from gis.services.retention import retention_due, run_retention
from gis.store import schema as s
from gis.store.chain import payload_hash
from gis.store.database import Store
from tests.integration.tiny_street import CLERK, TinyStreet, at, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.ids import MemberId

START = datetime.combine(date(2024, 1, 10), time(8))
TODAY = date(2026, 6, 1)
TWO_YEARS, ONE_YEAR = date(2024, 6, 1), date(2025, 6, 1)  # the last days that are due
DAY_LATER = {TWO_YEARS: date(2024, 6, 2), ONE_YEAR: date(2025, 6, 2)}
BOOKKEEPING = {"audit_log", "audit_head", "data_version", "retention_run"}
OF_THE_ROW = {"updated_at", "updated_by", "version"}
SECRET = "保密弄堂九十九号"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(store: Store) -> Clock:
    clock = Clock()
    store.clock = clock
    return clock


@pytest.fixture
def street(store: Store, clock: Clock) -> TinyStreet:
    assert clock.now == START
    return TinyStreet(store)


def _rows(store: Store) -> dict[tuple[str, Any], dict[str, Any]]:
    """Return every row of every table by table and key, without what is kept of the row itself."""
    found = {}
    with store.engine.connect() as connection:
        for table in s.Base.metadata.sorted_tables:
            if table.name in BOOKKEEPING:
                continue
            key = next(iter(table.primary_key.columns))
            for row in connection.execute(select(table)).mappings():
                found[table.name, row[key]] = {c.name: row[c] for c in table.columns if c.name not in OF_THE_ROW}
    return found


def _difference(before: dict[Any, Any], after: dict[Any, Any]) -> tuple[set[Any], dict[Any, set[str]], set[Any]]:
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    changed = {
        key: {name for name in before[key] if before[key][name] != after[key][name]}
        for key in before.keys() & after.keys()
        if before[key] != after[key]
    }
    return gone, changed, new


def _add(store: Store, *rows: Any) -> list[int]:
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.session.add_all(rows)
        writer.session.flush()
        return [row.id for row in rows]


def _log(member: int, on: date) -> s.ContactLogRow:
    return s.ContactLogRow(member_id=member, on_day=on, channel="phone", by_name="甲", is_reached=True, note="平安")


def _request(member: int, on: date | None) -> s.MemberRequestRow:
    status = "closed" if on else "open"
    return s.MemberRequestRow(
        member_id=member, category="living", text="想要阅览室", raised_on=date(2024, 1, 1), status=status, closed_on=on
    )


def _need(member: int, on: date | None) -> s.CareNeedRow:
    return s.CareNeedRow(member_id=member, code="frail", helper="乙", valid_from=date(2024, 1, 1), valid_to=on)


def _pair(member: int, on: date | None) -> s.PairingRow:
    return s.PairingRow(member_id=member, helper="乙", valid_from=date(2024, 1, 1), valid_to=on)


def _person(member: int, on: date | None) -> s.ContactPersonRow:
    return s.ContactPersonRow(member_id=member, side="home", name="丙", valid_from=date(2024, 1, 1), valid_to=on)


def _mode(member: int, on: date | None) -> s.ModeDecisionRow:
    mode = {"mode": "online_study", "proposed": "online_study", "rule": "x", "trace": {}, "is_override": False}
    return s.ModeDecisionRow(member_id=member, valid_from=date(2024, 1, 1), valid_to=on, **mode)


@pytest.mark.parametrize(
    ("make", "cutoff"),
    [
        (_log, TWO_YEARS),
        (_request, ONE_YEAR),
        (_need, ONE_YEAR),
        (_pair, ONE_YEAR),
        (_person, TWO_YEARS),
        (_mode, TWO_YEARS),
    ],
)
def test_to_the_day(street: TinyStreet, clock: Clock, make: Callable[[int, date | None], Any], cutoff: date):
    first, second, third = street.members[:3]
    due, kept = _add(street.store, make(first, cutoff), make(second, DAY_LATER[cutoff]))
    if make is not _log:
        _add(street.store, make(third, None))
    table = make(first, cutoff).__tablename__
    clock.now = datetime.combine(TODAY, START.time())
    before = _rows(street.store)
    expected = retention_due(CLERK, street.store)
    assert _rows(street.store) == before
    report = run_retention(CLERK, street.store)
    gone, changed, new = _difference(before, _rows(street.store))
    assert (gone, new) == ({(table, due)}, set())
    assert {key[0] for key in changed} <= {"import_batch"}
    assert (table, kept) in _rows(street.store)
    assert [one.counts for one in report.cleared] == [one.counts for one in expected.cleared]
    assert run_retention(CLERK, street.store).total == 0


def _came_back(street: TinyStreet, on: date) -> MemberId:
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        home = Residence(SECRET, shape=at(400), room_no="909")
        (who,) = writer.save_members(
            [
                person(
                    "禾回",
                    street.branch,
                    400,
                    residence=home,
                    mobility_level=MobilityLevel.NEEDS_HELP,
                    lives_alone=True,
                    transition=Transition(date(2020, 1, 1), housing_kind=HousingKind.RENTED),
                )
            ]
        )
        row = writer.session.scalar(select(s.TransitionRow).where(s.TransitionRow.member_id == who))
        assert row is not None
        row.returned_on = on
    return who


def test_a_home_of_the_transition_goes_with_what_is_sensitive(street: TinyStreet, clock: Clock):
    who, later = _came_back(street, TWO_YEARS), _came_back(street, DAY_LATER[TWO_YEARS])
    clock.now = datetime.combine(TODAY, START.time())
    before = _rows(street.store)
    run_retention(CLERK, street.store)
    after = _rows(street.store)
    gone, changed, new = _difference(before, after)
    assert (gone, new) == (set(), set())
    assert changed["member", who] == {"mobility_level", "lives_alone"}
    assert not any(key[0] == "member" and key[1] != who for key in changed)
    (home,) = [row for key, row in after.items() if key[0] == "residence_history" and row["member_id"] == who]
    assert SECRET not in home["address"]
    assert (home["geom"], home["room_no"]) == (None, "")
    (other,) = [row for key, row in after.items() if key[0] == "residence_history" and row["member_id"] == later]
    assert other["address"] == SECRET


def test_care_of_the_transition_does_not_outlast_it_by_more_than_two_years(street: TinyStreet, clock: Clock):
    who, later = _came_back(street, TWO_YEARS), _came_back(street, DAY_LATER[TWO_YEARS])
    _add(street.store, _need(who, None), _need(later, None))
    clock.now = datetime.combine(TODAY, START.time())
    run_retention(CLERK, street.store)
    kept = [row["member_id"] for key, row in _rows(street.store).items() if key[0] == "care_need"]
    assert kept == [later]


def _leave(street: TinyStreet, number: int, on: date) -> MemberId:
    who = street.members[number]
    with street.store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
        row = writer.session.get(s.MemberRow, who)
        assert row is not None
        row.left_on, row.left_kind, row.phone = on, LeftKind.DECEASED, "13900001111"
    return who


def test_who_left_is_one_row_without_a_person(street: TinyStreet, clock: Clock):
    who, later = _leave(street, 1, TWO_YEARS), _leave(street, 2, DAY_LATER[TWO_YEARS])
    _add(street.store, _request(who, None), _request(later, None), _mode(who, None), _need(who, None))
    clock.now = datetime.combine(TODAY, START.time())
    before = _rows(street.store)
    run_retention(CLERK, street.store)
    after = _rows(street.store)
    gone, changed, new = _difference(before, after)
    assert new == set()
    row = after["member", who]
    assert (row["name"], row["phone"], row["birth_ym"], row["initials"]) == ("（已清除）", "", "", "")
    assert after["member", later] == before["member", later]
    assert {key[0] for key in gone} >= {"residence_history", "member_request", "study_mode_decision", "care_need"}
    assert all(before[key].get("member_id") == who or key[0] == "household" for key in gone)
    assert {key[0] for key in changed} <= {"member", "affiliation_history", "group_membership"}
    assert "禾二" not in json.dumps(list(after.values()), default=str, ensure_ascii=False)


def test_lists_of_sessions_become_figures(street: TinyStreet, clock: Clock):
    def meeting(on: date) -> s.SessionRow:
        more = {"kind": "theme_day", "affair": "daily_study", "mode": "onsite", "responsible": "丁"}
        return s.SessionRow(org_id=street.branch, planned_at=datetime.combine(on, START.time()), held_on=on, **more)

    due, kept = _add(street.store, meeting(TWO_YEARS), meeting(DAY_LATER[TWO_YEARS]))
    lines = [
        s.AttendanceRow(session_id=number, member_id=member, state=state, has_vote=True)
        for number in (due, kept)
        for member, state in zip(street.members[:3], ("attended", "attended", "absent"), strict=True)
    ]
    _add(street.store, *lines)
    with street.store.reading(CLERK.scope) as reader:
        before = reader.attendance_counts()
    clock.now = datetime.combine(TODAY, START.time())
    run_retention(CLERK, street.store)
    with street.store.reading(CLERK.scope) as reader:
        assert reader.attendance_counts() == before
    rows = [row for key, row in _rows(street.store).items() if key[0] == "attendance"]
    assert {row["session_id"] for row in rows} == {kept}


def test_files_go_from_the_disk_and_the_record_stays(street: TinyStreet, clock: Clock, tmp_path: Path):
    files = [tmp_path / "到期.docx", tmp_path / "未到期.docx"]
    with street.store.writing(CLERK, Action.HANDLE_RIGHTS) as writer:
        for file, expires in zip(files, (TODAY, date(2026, 6, 2)), strict=True):
            file.write_bytes(b"x")
            writer.add_export(ExportRecord("副本", str(file), "0" * 64, (street.members[0],), 1, "", expires))
    clock.now = datetime.combine(TODAY, START.time())
    assert retention_due(CLERK, street.store).files == (str(files[0]),)
    assert files[0].exists()
    report = run_retention(CLERK, street.store)
    assert report.files == (str(files[0]),)
    assert [file.exists() for file in files] == [False, True]
    with street.store.reading(CLERK.scope) as reader:
        assert [one.path for one in reader.export_records()] == [str(files[1])]


def test_the_log_loses_its_payload_and_still_verifies(street: TinyStreet, clock: Clock):
    clock.now = datetime.combine(TODAY, START.time())
    run_retention(CLERK, street.store)
    report = verify_audit(CLERK, street.store)
    assert report.faults == ()
    assert report.n_erased == report.n_rows - 1
    with Session(street.store.engine) as session:
        old = session.scalars(select(s.AuditRow).order_by(s.AuditRow.id)).first()
        assert old is not None
        assert (old.summary, old.details, old.salt) == ("", {}, "")
        assert old.payload_hash != payload_hash("", "", {})


def test_the_last_word_stays_while_the_member_does(street: TinyStreet, clock: Clock):
    who = street.members[0]
    for answer in (ConsentAnswer.GIVEN, ConsentAnswer.REFUSED):
        record_consent(CLERK, street.store, who, ConsentEntry(ConsentScope.MOBILITY, answer))
    clock.now = datetime.combine(date(2032, 1, 1), time(8))
    run_retention(CLERK, street.store)
    with street.store.reading(CLERK.scope) as reader:
        (one,) = reader.consents([who])
    assert one.answer is ConsentAnswer.REFUSED


def test_not_a_byte_is_left_in_the_files(sqlite_store: Store, sqlite_url: str):
    clock = Clock()
    sqlite_store.clock = clock
    street = TinyStreet(sqlite_store)
    _came_back(street, TWO_YEARS)
    _add(sqlite_store, replace_note(street.members[0]))
    file = Path(sqlite_url.removeprefix("sqlite:///"))

    def content() -> bytes:
        return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))

    assert SECRET.encode() in content()
    assert "独一无二的备注".encode() in content()
    clock.now = datetime.combine(TODAY, START.time())
    assert run_retention(CLERK, sqlite_store).is_erased
    assert SECRET.encode() not in content()
    assert "独一无二的备注".encode() not in content()


def replace_note(member: int) -> s.ContactLogRow:
    row = _log(member, TWO_YEARS)
    row.note = "独一无二的备注"
    return row


def test_nothing_goes_before_its_time(street: TinyStreet, clock: Clock):
    clock.now = datetime.combine(TODAY, START.time())
    with pytest.raises(InputError, match="将来"):
        run_retention(CLERK, street.store, as_of=date(2026, 6, 2))
    assert retention_due(CLERK, street.store, as_of=date(2040, 1, 1)).total > 0
    secretary = Actor("甲", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset()))
    with pytest.raises(DeniedError):
        retention_due(secretary, street.store)
    admin = Actor("管理员", Role.SYS_ADMIN, scope_for(Role.SYS_ADMIN, frozenset()))
    assert run_retention(admin, street.store).is_done


def test_months_are_counted_to_the_end_of_a_shorter_month():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 24) == date(2024, 1, 15)


def test_the_command(street: TinyStreet):
    url = street.store.engine.url.render_as_string(hide_password=False)
    _add(street.store, _log(street.members[0], date(2020, 1, 1)))
    for words, rows in ((("due",), 1), (("run", "--dry-run"), 1), (("run",), 1), (("due",), 0)):
        done = CliRunner().invoke(app, ["retention", *words, "--json", "--db", url])
        assert done.exit_code == 0, done.output
        document = json.loads(done.stdout)
        by_kind = {one["kind"]: one["rows"] for one in document["rules"]}
        assert by_kind[Retained.CONTACT_LOGS.value] == rows
