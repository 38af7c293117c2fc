"""What every command shares: the database option, one JSON document on stdout, errors and exit codes."""

from __future__ import annotations

import json
import logging
import secrets
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Self

import typer

from gis.config import settings
from gis.errors import GisError, InputError
from gis.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from gis.errors import Fault

EXIT_FAULT, EXIT_BUG = 1, 3
MAX_FAULTS_SHOWN = 20

DbOption = Annotated[
    str, typer.Option("--db", envvar="JIUJIN_DATABASE_URL", help="数据库地址；默认 sqlite:///var/jiujin.db")
]
JsonOption = Annotated[bool, typer.Option("--json", help="只在标准输出打印一份 JSON")]

log = logging.getLogger("jiujin")
_open_stores: ContextVar[list[Store]] = ContextVar("open_stores")


def open_store(db: str) -> Store:
    """Open the database named on the command line or in the environment; `Reporting` closes it at the command's end."""
    store = Store.open(db or settings().database_url)
    _open_stores.get().append(store)
    return store


def emit(document: object, *, as_json: bool, text: str) -> None:
    """Print the result: the JSON document alone, or a few lines for a person."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2) if as_json else text)


def say(message: str) -> None:
    """Print progress or a warning to stderr."""
    typer.echo(message, err=True)


def fault_rows(faults: Sequence[Fault]) -> list[dict[str, object]]:
    """Return faults as they stand in every JSON document."""
    return [{"sheet": f.sheet, "row": f.row, "field": f.field, "message": f.message} for f in faults]


class Reporting:
    """Turns errors into the exit codes of the command line: `with Reporting(as_json=…): …`.

    A GisError is a sentence for the user (exit 1). Anything else is a bug: it reaches the log with an id (exit 3).
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def __enter__(self) -> Self:
        """Start."""
        self._stores = _open_stores.set([])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End: close the databases, translate what came."""
        for store in _open_stores.get():
            store.close()
        _open_stores.reset(self._stores)
        if isinstance(error, GisError):
            self._tell(error)
            raise typer.Exit(EXIT_FAULT) from error
        if isinstance(error, KeyboardInterrupt):
            say("已中断；没有做完的改动不保存")
        if isinstance(error, Exception) and not isinstance(error, (typer.Exit, typer.Abort, typer.BadParameter)):
            number = secrets.token_hex(4)
            log.critical("内部错误，编号 %s", number, exc_info=error)
            raise typer.Exit(EXIT_BUG) from error

    def _tell(self, error: GisError) -> None:
        faults = error.faults if isinstance(error, InputError) else ()
        say(str(error))
        for fault in faults[:MAX_FAULTS_SHOWN]:
            say(f"  {fault}")
        if len(faults) > MAX_FAULTS_SHOWN:
            say(f"  ……另有 {len(faults) - MAX_FAULTS_SHOWN} 处")
        if self.as_json:
            document = {"error": str(error), "faults": fault_rows(faults)}
            typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def set_up_logging() -> None:
    """Send the log to stderr; stdout belongs to the result."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
