"""到期清理: what is due, and clearing it for good; a dry run does the same and undoes it, so its figures are exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.retention import FAULT_MONTHS, RULES, SIGN_IN_DAYS, Retained, months_before
from gis.services.access import require
from gis.services.exports import delete_file
from gis.services.life import FIRST_YEAR
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.retention import RetentionRule
    from gis.model.settings import OfficeSettings
    from gis.store.database import Store
    from gis.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Cleared:
    """What one rule cleared, or would clear: rows by table; `cutoff` is the last day whose data are due."""

    rule: RetentionRule
    term: str
    cutoff: date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many rows."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """One run; `is_erased`: nothing is left in the database's files either. `files` were deleted from the disk."""

    as_of: date
    is_done: bool
    cleared: tuple[Cleared, ...]
    files: tuple[str, ...] = ()
    is_erased: bool = True

    @property
    def total(self) -> int:
        """How many rows."""
        return sum(one.total for one in self.cleared)


def retention_due(actor: Actor, store: Store, *, as_of: date | None = None) -> RetentionReport:
    """Say what a run on this day would clear; nothing is changed."""
    require(actor, Action.RUN_RETENTION)
    day = as_of or store.today()
    with store.rehearsing(actor, Action.RUN_RETENTION) as writer:
        files = _files_due(writer, day)
        return RetentionReport(day, is_done=False, cleared=_clear(writer, day), files=tuple(map(str, files)))


def run_retention(actor: Actor, store: Store, *, as_of: date | None = None) -> RetentionReport:
    """Clear what is due on this day, delete the files, and keep what was done.

    Raises
    ------
    InputError
        The day lies in the future: what is not due yet must not go.
    """
    require(actor, Action.RUN_RETENTION)
    day = as_of or store.today()
    if day > store.today():
        msg = "不能按将来的日期清理：没到期的不能删。只想看看到时会清理什么，请用 retention due"
        raise InputError(msg)
    with store.writing(actor, Action.RUN_RETENTION) as writer:
        files = _files_due(writer, day)
        records = [one for one in writer.export_records() if one.expires_on <= day]
        cleared = _clear(writer, day)
        writer.note_retention_run(day, {one.rule.kind.value: dict(one.counts) for one in cleared if one.total})
        for one in records:
            delete_file(one)
        writer.say(f"到期清理：共 {sum(one.total for one in cleared)} 行", as_of=day.isoformat(), files=len(files))
    is_erased = store.erase_traces()
    return RetentionReport(day, is_done=True, cleared=cleared, files=tuple(map(str, files)), is_erased=is_erased)


def _files_due(writer: Writer, day: date) -> tuple[Path, ...]:
    paths = (Path(one.path) for one in writer.export_records() if one.expires_on <= day)
    return tuple(path for path in paths if path.is_file())


def _clear(writer: Writer, day: date) -> tuple[Cleared, ...]:
    if day.year < FIRST_YEAR:
        msg = f"清理日期 {day} 太早，请核对"
        raise InputError(msg)
    terms = office_settings(writer)
    writer.retention_day = day
    forget = months_before(day, terms.keep_disclosures_months)
    found = []
    for rule in RULES:
        cutoff = cutoff_of(rule, terms, day)
        counts = writer.clear(rule.kind, cutoff, forget_cutoff=forget)
        found.append(Cleared(rule, term_of(rule, terms), cutoff, dict(counts)))
    return tuple(found)


def cutoff_of(rule: RetentionRule, terms: OfficeSettings, day: date) -> date:
    """Return the last day whose data are due on `day`."""
    if rule.setting:
        return months_before(day, getattr(terms, rule.setting))
    if rule.kind is Retained.EXPORTS:
        return day  # each file has its own day
    return months_before(day, FAULT_MONTHS) if rule.kind is Retained.FAULTS else day - timedelta(days=SIGN_IN_DAYS)


def term_of(rule: RetentionRule, terms: OfficeSettings) -> str:
    """Say how long a rule keeps."""
    return f"{getattr(terms, rule.setting)} 个月" if rule.setting else rule.fixed


def retention_table(actor: Actor, store: Store) -> tuple[tuple[str, str, str, str], ...]:
    """List the rules in force: what, from when on, how long, what is done."""
    require(actor, Action.RUN_RETENTION)
    with store.reading(actor.scope) as reader:
        terms = office_settings(reader)
    return tuple((rule.kind.label, rule.starts, term_of(rule, terms), rule.does) for rule in RULES)
