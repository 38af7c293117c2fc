"""The audit log as a chain: what is changed, deleted or cut shows; what is erased in time does not."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, delete, insert, select, text, update
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, operator, scope_for
from gis.services.audit import verify_audit
from gis.store.chain import erase_payloads
from gis.store.database import Store
from gis.store.migrate import upgrade
from gis.store.schema import AuditHeadRow, AuditRow, RetentionRunRow, RoleRow

if TYPE_CHECKING:
    from gis.store.chain import ChainReport

N = 6


@pytest.fixture
def written(store: Store) -> Store:
    for number in range(N):
        with store.writing(operator(), Action.CHANGE_SETTINGS) as writer:
            row = writer.session.scalars(select(RoleRow).order_by(RoleRow.id)).first()
            assert row is not None
            row.label = f"名称{number}"
            writer.say(f"第 {number} 次", figures={"a": 1, 2: 0.5}, pair=(1, 2))
    return store


def _run(store: Store, *statements: object) -> None:
    with store.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # any statement


def _ids(store: Store) -> list[int]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(AuditRow.id).order_by(AuditRow.id)))


def _kinds(report: ChainReport) -> set[tuple[int | None, str]]:
    return {(one.audit_id, one.kind) for one in report.faults}


def test_what_was_written_verifies(written: Store):
    report = verify_audit(operator(), written)
    assert (report.n_rows, report.n_erased, report.faults) == (N, 0, ())


@pytest.mark.parametrize("column", ["summary", "details", "actor", "action", "at", "data_version", "payload_hash"])
def test_a_changed_row_is_named(written: Store, column: str):
    number = _ids(written)[2]
    with written.engine.connect() as connection:
        old = connection.execute(select(AuditRow).where(AuditRow.id == number)).one()
    other = {"details": {"x": 1}, "at": old.at.replace(year=2001), "data_version": 99}.get(column, "改过")
    _run(written, update(AuditRow).where(AuditRow.id == number).values({column: other}))
    assert {one.audit_id for one in verify_audit(operator(), written).faults} == {number}


def test_a_changed_row_with_a_new_hash_breaks_the_next(written: Store):
    third, fourth = _ids(written)[2:4]
    _run(written, update(AuditRow).where(AuditRow.id == third).values(row_hash="0" * 64))
    assert {one.audit_id for one in verify_audit(operator(), written).faults} == {third, fourth}


def test_a_deleted_row_shows_at_the_next(written: Store):
    third, fourth = _ids(written)[2:4]
    _run(written, delete(AuditRow).where(AuditRow.id == third))
    assert (fourth, "broken_link") in _kinds(verify_audit(operator(), written))


def test_a_cut_tail_shows_by_the_head_and_by_the_data(written: Store):
    last = _ids(written)[-1]
    before = verify_audit(operator(), written)
    _run(written, delete(AuditRow).where(AuditRow.id == last))
    assert _kinds(verify_audit(operator(), written)) == {(None, "cut_tail")}
    # with the head set back as well, the data are still newer than the log
    now = _ids(written)[-1]
    with written.engine.connect() as connection:
        digest = connection.scalar(select(AuditRow.row_hash).where(AuditRow.id == now))
    _run(written, update(AuditHeadRow).values(last_id=now, n_rows=N - 1, row_hash=digest))
    assert _kinds(verify_audit(operator(), written)) == {(None, "cut_tail")}
    # and a head kept elsewhere shows it whatever was set back
    _run(written, text("UPDATE data_version SET number = number - 1"))
    assert verify_audit(operator(), written).is_whole
    assert (before.head_id, "known_head") in _kinds(
        verify_audit(operator(), written, known=f"{before.head_id}:{before.head}")
    )


def test_an_empty_log_of_a_written_database_shows(written: Store):
    _run(written, delete(AuditRow))
    assert not verify_audit(operator(), written).is_whole


def test_erasing_payloads_keeps_the_chain_only_with_a_run_on_record(written: Store):
    on = written.today()
    with written.writing(operator(), Action.RUN_RETENTION) as writer:
        assert erase_payloads(writer.session, writer.now, on) == N
    assert {kind for _, kind in _kinds(verify_audit(operator(), written))} == {"unexplained_erasure"}
    with written.writing(operator(), Action.RUN_RETENTION) as writer:
        writer.session.add(RetentionRunRow(on_day=on, counts={}))
    report = verify_audit(operator(), written)
    assert (report.n_rows, report.n_erased, report.faults) == (N + 2, N, ())
    _run(written, update(AuditRow).where(AuditRow.id == _ids(written)[1]).values(summary="补写"))
    assert _kinds(verify_audit(operator(), written)) == {(_ids(written)[1], "filled_erasure")}


def test_rows_before_the_chain_are_chained_by_the_migration(empty_url: str):
    engine = create_engine(empty_url)
    upgrade(engine, "0003")
    insertion = (
        "INSERT INTO audit_log (at, actor, role, action, summary, details, data_version)"
        " VALUES (:at, 'x', 'street_clerk', 'import_data', :summary, :details, 0)"
    )
    with engine.begin() as connection:
        for number in range(3):
            at = f"2026-01-0{number + 1} 08:00:00.000000"
            row = {"at": at, "summary": f"第 {number} 次", "details": '{"n": [1, 2.5]}'}
            connection.execute(text(insertion), row)
    upgrade(engine)
    engine.dispose()
    with closing(Store.open(empty_url)) as store:
        report = verify_audit(operator(), store)
        assert (report.n_rows, report.faults) == (3, ())
        _run(store, update(AuditRow).where(AuditRow.id == _ids(store)[1]).values(summary="改过"))
        assert len(verify_audit(operator(), store).faults) == 1


def test_only_those_who_may_verify(written: Store):
    secretary = Actor("甲", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset()))
    with pytest.raises(DeniedError):
        verify_audit(secretary, written)
    auditor = Actor("乙", Role.AUDIT_ADMIN, scope_for(Role.AUDIT_ADMIN, frozenset()))
    assert verify_audit(auditor, written).is_whole
    with pytest.raises(InputError):
        verify_audit(operator(), written, known="不是")


def test_the_command_says_where_it_breaks(written: Store):
    url = written.engine.url.render_as_string(hide_password=False)
    done = CliRunner().invoke(app, ["verify-audit", "--json", "--db", url])
    document = json.loads(done.stdout)
    assert (done.exit_code, document["ok"], document["rows"]) == (0, True, N)
    number = _ids(written)[3]
    _run(written, update(AuditRow).where(AuditRow.id == number).values(summary="改过"))
    done = CliRunner().invoke(app, ["verify-audit", "--json", "--db", url])
    assert (done.exit_code, [one["row"] for one in json.loads(done.stdout)["faults"]]) == (1, [number])


def test_inserting_a_row_by_hand_shows(written: Store):
    with written.engine.connect() as connection:
        last = connection.execute(select(AuditRow.__table__).order_by(AuditRow.id.desc()).limit(1)).one()
    values = {**last._asdict(), "id": last.id + 1}
    _run(written, insert(AuditRow).values(**values))
    assert not verify_audit(operator(), written).is_whole
