"""The store: opens a database, hands out scoped readers and audited writers.

`reading(scope)` is the only way to list; without a scope there are no rows. `writing(actor, action)` is one
transaction: it stamps rows, bumps the versions of what was touched and appends the audit row before it commits.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, func, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import StaticPool

from gis.errors import BusyError, ConfigError, InputError, StaleError, system_reason
from gis.model.office_day import local_day
from gis.store.migrate import ensure_schema
from gis.store.reader import Reader
from gis.store.schema import AuditRow, DataVersionRow, SignInRow
from gis.store.stamping import Stamper
from gis.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from sqlalchemy import Engine
    from sqlalchemy.engine import ExceptionContext

    from gis.model.access import Action, Actor, Scope

BUSY_TIMEOUT_MS = 15_000
WRITERS_LOCK = 0x6A696E  # any number that no other program uses in this database
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code; its words come in the server's language
TOUCH_TIMEOUT_MS = 100  # noting that a browser is in use may be left out, and must not hold a page up


_SECRET = re.compile(r"(?<=://).*(?=@)")  # user and password in an address that cannot even be read


def utc_now() -> datetime:
    """Return the time now as naive UTC, which is what the database holds."""
    return datetime.now(UTC).replace(tzinfo=None)


class Store:
    """One database, SQLite or PostgreSQL with PostGIS."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.engine = engine
        self.clock = clock

    def today(self) -> date:
        """Return the day in the office."""
        return local_day(self.clock())

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], datetime] = utc_now) -> Store:
        """Open the database at `url`; an empty one is created, an older one is refused with the remedy.

        Raises
        ------
        ConfigError
            The address is not usable, the server does not answer, or the schema is older or newer than the program.
        """
        engine = connect(url)
        try:
            _create_if_missing(engine)
            ensure_schema(engine)
        except (OperationalError, DBAPIError) as error:
            msg = f"数据库打不开：{_without_password(url)}。请检查地址、账号和服务是否启动（{_first_line(error)}）"
            raise ConfigError(msg) from error
        return cls(engine, clock=clock)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self, scope: Scope | None) -> Iterator[Reader]:
        """Open a snapshot that lists only what `scope` allows; nothing can be written through it."""
        with Session(self.engine, autoflush=False) as session, session.begin():
            if self.engine.dialect.name == "postgresql":  # SQLite's transactions are snapshots anyway
                options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                session.connection(execution_options=options)
            yield Reader(session, scope)

    @contextmanager
    def writing(self, actor: Actor, action: Action, summary: str = "") -> Iterator[Writer]:
        """Open one transaction that ends with its audit row; an exception undoes everything.

        Raises
        ------
        StaleError
            A row was changed by somebody else since it was read.
        BusyError
            Another transaction, such as a large import, holds the database for longer than a user will wait.
        """
        with Session(self.engine, autoflush=True) as session:
            _begin_to_write(session)
            stamper = Stamper(session, actor, action, now=self.clock())
            writer = Writer(session, actor, now=stamper.now, stamper=stamper)
            stamper.summary = summary
            try:
                versions = self._versions(session)
                yield writer
                stamper.finish(versions)
                session.commit()
            except StaleDataError as error:
                session.rollback()
                msg = "数据已被他人修改，请刷新后重新操作"
                raise StaleError(msg) from error

    @contextmanager
    def rehearsing(self, actor: Actor, action: Action) -> Iterator[Writer]:
        """Open a transaction like `writing` that is undone at its end: to say exactly what a change would do."""
        with Session(self.engine, autoflush=True) as session:
            _begin_to_write(session)
            stamper = Stamper(session, actor, action, now=self.clock())
            yield Writer(session, actor, now=stamper.now, stamper=stamper)
            session.rollback()

    def _versions(self, session: Session) -> dict[str, DataVersionRow]:
        """Return the version rows, which stand still for the rest of the transaction: there is one writer at a time."""
        return {row.topic: row for row in session.scalars(select(DataVersionRow).order_by(DataVersionRow.topic))}

    def touch_sign_in(self, token_hash: str) -> None:
        """Note that a signed-in browser is in use; housekeeping, not an act of its user, hence no audit row.

        Left out where somebody else is writing: the next request notes it.
        """
        with Session(self.engine) as session:
            try:
                _begin_to_write(session, wait_ms=TOUCH_TIMEOUT_MS)
            except BusyError:
                return
            session.execute(update(SignInRow).where(SignInRow.token_hash == token_hash).values(seen_at=self.clock()))
            session.commit()

    def erase_traces(self) -> bool:
        """Overwrite what deleted rows left in the files; returns False where somebody else's reading held it up.

        Housekeeping after an erasure: `secure_delete` has zeroed the pages, here the write-ahead log and the free
        pages go too. On a server the dead rows are vacuumed; its own log archives are the administrator's.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("VACUUM")
                return True
            driver: Any = connection.connection.driver_connection
            try:
                driver.execute("VACUUM")
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError:
                return False
            return not busy

    def data_version(self, *topics: str) -> int:
        """Return a number that grows with every change to `topics` (all topics when none is named)."""
        with Session(self.engine) as session:
            rows = session.scalars(select(DataVersionRow)).all()
            return sum(row.number for row in rows if not topics or row.topic in topics)

    def last_change(self) -> str:
        """Return the number and time of the last audited change: equal for equal content, also in a copied file."""
        with Session(self.engine) as session:
            last = session.execute(select(AuditRow.id, AuditRow.at).order_by(AuditRow.id.desc()).limit(1)).first()
        return f"{last.id} {last.at.isoformat()}" if last else ""


def normalise_url(url: str) -> str:
    """Return the address with the driver that we ship; a bare path is a SQLite file.

    `postgres://` and `postgresql://` become `postgresql+psycopg://`.
    """
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url if "://" in url else f"sqlite:///{url}"


def connect(url: str) -> Engine:
    """Return the engine for an address; nothing is created or checked yet.

    Raises
    ------
    ConfigError
        The address cannot be read or names another kind of database.
    """
    try:
        address = make_url(normalise_url(url))
    except (ArgumentError, ValueError) as error:
        msg = f"数据库地址无法识别：{_SECRET.sub('***', url)}。示例：sqlite:///var/jiujin.db 或 postgresql://用户:口令@主机/库名"
        raise ConfigError(msg) from error
    if address.get_backend_name() == "postgresql":
        engine = create_engine(address, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "handle_error", _on_error)
        return engine
    if address.get_backend_name() != "sqlite":
        msg = f"不支持的数据库：{address.get_backend_name()}。可用 SQLite 或 PostgreSQL"
        raise ConfigError(msg)
    return _sqlite_engine(address)


def _create_if_missing(engine: Engine) -> None:
    """Create a missing PostgreSQL database, as SQLite does by itself; a server that forbids it says so."""
    if engine.dialect.name != "postgresql":
        return
    try:
        engine.connect().close()
    except OperationalError as error:
        if "does not exist" not in str(error) and "不存在" not in str(error):
            raise
        server = create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        name = server.dialect.identifier_preparer.quote(str(engine.url.database))
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        server.dispose()


def _sqlite_engine(address: Any) -> Engine:
    in_memory = not address.database or address.database == ":memory:"
    if in_memory:
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    else:
        try:
            path = Path(address.database)
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)  # names and homes: for the account that runs the program alone
        except OSError as error:
            msg = f"数据库文件建不了：{address.database}（{system_reason(error)}）"
            raise ConfigError(msg) from error
        options = {}
    # hide_parameters: what goes wrong reaches the log, the names and numbers in the statement do not
    engine = create_engine(address, hide_parameters=True, **options)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "handle_error", _on_error)
    return engine


def _on_error(context: ExceptionContext) -> None:
    """Say of a number or a text that no column holds, such as a mistyped id, that the input is at fault."""
    if isinstance(context.original_exception, OverflowError) or isinstance(context.sqlalchemy_exception, DataError):
        msg = "填写的编号或文字超出系统能保存的范围，请核对后重试"
        raise InputError(msg) from context.original_exception


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _on_begin
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=NORMAL",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_to_write(session: Session, *, wait_ms: int = BUSY_TIMEOUT_MS) -> None:
    """Begin the transaction as the only writer: SQLite by BEGIN IMMEDIATE, PostgreSQL by a lock of our own.

    The version rows cannot be what is locked: an empty database has none.
    """
    try:
        connection = session.connection(execution_options={"jiujin_writes": wait_ms})
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {wait_ms}"))
            connection.execute(select(func.pg_advisory_xact_lock(WRITERS_LOCK)))
    except OperationalError as error:
        is_lock = getattr(error.orig, "sqlstate", "") == LOCK_NOT_AVAILABLE or "locked" in str(error.orig)
        if not is_lock:
            raise
        msg = "数据库正忙（可能有人正在导入），刚才的操作没有保存，请稍后再试"
        raise BusyError(msg) from error


def _on_begin(connection: Any) -> None:
    wait_ms = connection.get_execution_options().get("jiujin_writes")
    if wait_ms is not None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}")
    connection.exec_driver_sql("BEGIN" if wait_ms is None else "BEGIN IMMEDIATE")


def _without_password(url: str) -> str:
    return make_url(normalise_url(url)).render_as_string(hide_password=True)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).strip().splitlines()[0]
