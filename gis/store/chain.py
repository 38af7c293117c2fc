"""The audit log as a chain: each row's hash covers the row before it, so that a changed or missing row shows.

A payload (summary and details) enters the chain only by its salted hash: it can be erased when its time has come, and
the chain still verifies. The salt goes with it, so that nobody can guess a payload from its hash afterwards.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gis.store.schema.system import AuditHeadRow, AuditRow, DataVersionRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

ROWS_AT_A_TIME = 1000
HEAD_ID = 1


@dataclass(frozen=True, slots=True)
class Link:
    """What of one audit row goes into the chain."""

    at: datetime
    actor: str
    role: str
    action: str
    data_version: int
    payload_hash: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """One place where the log is not what was written; `audit_id` None: it is about the log as a whole."""

    audit_id: int | None
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What re-deriving the whole log found; `head` is the last row's hash, to be kept elsewhere."""

    n_rows: int
    n_erased: int
    head_id: int | None
    head: str
    faults: tuple[ChainFault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def new_salt() -> str:
    """Return a random salt."""
    return secrets.token_hex(16)


def payload_hash(salt: str, summary: str, details: Mapping[str, object]) -> str:
    """Return the hash of a payload; equal for equal JSON, whatever the order of its keys."""
    return _sha256(salt, _canonical({"summary": summary, "details": _plain(details)}))


def row_hash(previous: str, link: Link) -> str:
    """Return the hash of a row: the previous row's hash with what the row says."""
    return _sha256(
        previous,
        _canonical(
            [link.at.isoformat(), link.actor, link.role, link.action, link.data_version, link.payload_hash],
        ),
    )


def _plain(details: Mapping[str, object]) -> object:
    return json.loads(json.dumps(details))  # as the database gives it back: keys are text, tuples are lists


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def append(session: Session, row: AuditRow) -> None:
    """Add an audit row to the end of the chain, and move the head to it; there is one writer at a time."""
    row.salt = new_salt()
    row.payload_hash = payload_hash(row.salt, row.summary, row.details)
    last = session.scalar(sa.select(AuditRow.row_hash).order_by(AuditRow.id.desc()).limit(1))
    row.row_hash = row_hash(last or "", _link_of(row))
    session.add(row)
    session.flush()
    head = session.get(AuditHeadRow, HEAD_ID)
    if head is None:
        session.add(AuditHeadRow(id=HEAD_ID, last_id=row.id, n_rows=1, row_hash=row.row_hash))
    else:
        head.last_id, head.row_hash, head.n_rows = row.id, row.row_hash, head.n_rows + 1
    session.flush()


def _link_of(row: AuditRow | sa.Row[Any]) -> Link:
    return Link(row.at, row.actor, row.role, row.action, row.data_version, row.payload_hash)


def chain_old_rows(connection: Connection) -> int:
    """Chain the rows that were written before there was a chain, and set the head; returns how many rows."""
    log = _log_table()
    previous, last_id, n_rows = "", 0, 0
    while True:
        query = sa.select(log).where(log.c.id > last_id).order_by(log.c.id).limit(ROWS_AT_A_TIME)
        rows = connection.execute(query).all()
        if not rows:
            break
        for row in rows:
            salt = new_salt()
            digest = payload_hash(salt, row.summary, row.details)
            previous = row_hash(previous, Link(row.at, row.actor, row.role, row.action, row.data_version, digest))
            values = {"salt": salt, "payload_hash": digest, "row_hash": previous}
            connection.execute(sa.update(log).where(log.c.id == row.id).values(**values))
        last_id, n_rows = int(rows[-1].id), n_rows + len(rows)
    if n_rows:
        head = sa.table(
            "audit_head",
            sa.column("id", sa.Integer),
            sa.column("last_id", sa.Integer),
            sa.column("n_rows", sa.Integer),
            sa.column("row_hash", sa.String),
        )
        end = {"id": HEAD_ID, "last_id": last_id, "n_rows": n_rows, "row_hash": previous}
        connection.execute(sa.insert(head).values(**end))
    return n_rows


def _log_table() -> sa.TableClause:
    """Return the log as it is in the revision that brings the chain, whatever the schema becomes later."""
    return sa.table(
        "audit_log",
        sa.column("id", sa.Integer),
        sa.column("at", sa.DateTime),
        sa.column("actor", sa.String),
        sa.column("role", sa.String),
        sa.column("action", sa.String),
        sa.column("summary", sa.String),
        sa.column("details", sa.JSON),
        sa.column("data_version", sa.Integer),
        sa.column("salt", sa.String),
        sa.column("payload_hash", sa.String),
        sa.column("row_hash", sa.String),
    )


def verify(session: Session, erasure_days: Collection[date]) -> ChainReport:
    """Derive every hash again; `erasure_days` are the days on which payloads were erased by a run that is on record."""
    previous, last, n_rows, n_erased = "", None, 0, 0
    faults: list[ChainFault] = []
    for row in _rows(session):
        n_rows += 1
        n_erased += row.erased_on is not None
        faults += _faults_of(row, previous, erasure_days)
        previous, last = row.row_hash, row  # goes on from what is stored: one break is one fault
    faults += _faults_of_end(session, last, n_rows)
    return ChainReport(n_rows, n_erased, last.id if last is not None else None, previous, tuple(faults))


def _rows(session: Session) -> Iterable[AuditRow]:
    last_id = 0
    while True:
        query = sa.select(AuditRow).where(AuditRow.id > last_id).order_by(AuditRow.id).limit(ROWS_AT_A_TIME)
        rows = session.scalars(query.execution_options(populate_existing=True)).all()
        if not rows:
            return
        yield from rows
        last_id = rows[-1].id


def _faults_of(row: AuditRow, previous: str, erasure_days: Collection[date]) -> Iterable[ChainFault]:
    if row.row_hash != row_hash(previous, _link_of(row)):
        text = f"第 {row.id} 条与前一条对不上：本条被改动，或前面有记录被删除、插入"
        yield ChainFault(row.id, "broken_link", text)
    if row.erased_on is None:
        if row.payload_hash != payload_hash(row.salt, row.summary, row.details):
            yield ChainFault(row.id, "changed_payload", f"第 {row.id} 条的说明或明细被改动")
    elif row.summary or row.details or row.salt:
        yield ChainFault(row.id, "filled_erasure", f"第 {row.id} 条已到期清除，却又有了内容")
    elif row.erased_on not in erasure_days:
        text = f"第 {row.id} 条的内容被清除，但 {row.erased_on} 没有到期清理的记录"
        yield ChainFault(row.id, "unexplained_erasure", text)


def _faults_of_end(session: Session, last: AuditRow | None, n_rows: int) -> Iterable[ChainFault]:
    head = session.get(AuditHeadRow, HEAD_ID, populate_existing=True)
    if head is None:
        if last is not None:
            yield ChainFault(None, "no_head", "缺少记录末尾的登记，无法确认末尾是否完整")
    elif last is None or head.last_id != last.id or head.row_hash != last.row_hash:
        yield ChainFault(None, "cut_tail", f"末尾应为第 {head.last_id} 条，现在不是：末尾的记录被删除或改动")
    elif head.n_rows != n_rows:
        yield ChainFault(None, "count", f"应有 {head.n_rows} 条，实有 {n_rows} 条")
    total = sum(session.scalars(sa.select(DataVersionRow.number)))
    if total > (last.data_version if last is not None else 0):
        yield ChainFault(None, "cut_tail", f"数据已改到第 {total} 版，记录只到第 {last.data_version if last else 0} 版")


def erase_payloads(session: Session, before: datetime, on: date, *, each: Callable[[], None] | None = None) -> int:
    """Remove summary, details and salt of the rows older than `before`; hashes stay. Returns how many rows."""
    query = sa.select(AuditRow).where(AuditRow.at < before, AuditRow.erased_on.is_(None))
    rows = session.scalars(query).all()
    for row in rows:
        row.summary, row.details, row.salt, row.erased_on = "", {}, "", on
        if each is not None:
            each()
    session.flush()
    return len(rows)
