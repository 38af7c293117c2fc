"""Results files of the offline sheet: read with every doubt, then recorded like any other result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.visits import SaidResult
    from gis.services.visit_results import ResultOutcome
    from gis.store.database import Store

FORMAT, VERSION = "jiujin-visit-results", 1
LARGEST_FILE = 1_000_000  # bytes; a sheet of 150 members has some 30,000


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """What a results file says; nothing of it has been checked against the database."""

    sheet_number: str
    said: tuple[SaidResult, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of a results file, or (dry run) what would come of it."""

    sheet_number: str
    is_done: bool
    outcomes: tuple[ResultOutcome, ...]

    @property
    def accepted(self) -> int:
        """How many are new and stand."""
        raise NotImplementedError

    @property
    def same(self) -> int:
        """How many were known already."""
        raise NotImplementedError

    @property
    def in_conflict(self) -> int:
        """How many contradict what stands and wait for a decision."""
        raise NotImplementedError

    @property
    def refused(self) -> int:
        """How many could not be kept."""
        raise NotImplementedError


def read_results_file(content: bytes) -> ResultsFile:
    """Read a results file.

    Raises
    ------
    InputError
        It is not such a file, too large, of another version, or lines of it are at fault; every fault is named.
    """
    raise NotImplementedError


def apply_results_file(actor: Actor, store: Store, content: bytes, *, apply: bool = False) -> FileReport:
    """Say what a results file would do, or with `apply` record it; twice the same file has one effect.

    Raises
    ------
    InputError
        The file cannot be read; see `read_results_file`.
    NotFoundError
        There is no sheet with the number of the file.
    """
    raise NotImplementedError
