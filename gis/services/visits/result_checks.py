"""Who may say what came of a visit, on which sheet, until when; and a result as it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gis.errors import DeniedError, Fault, InputError
from gis.model.access import Action
from gis.model.office_day import local_day
from gis.model.visits import LONGEST_VISIT_NOTE, ResultSource, RoundState
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.visits import SaidResult, VisitSheet
    from gis.store.reader import Reader
    from gis.store.readers.visit_cases import VisitCase
    from gis.store.writer import Writer

LONGEST_KEY, LONGEST_NAME = 64, 100
DAYS_BEFORE = 1  # who is met the day before the round begins has been visited all the same
YEARS_AHEAD = 2  # a next visit further away is a slip of the keyboard


def is_key(key: str) -> bool:
    """Whether a key can be kept."""
    return 1 <= len(key) <= LONGEST_KEY and key.isprintable() and key == key.strip()


def is_planner(actor: Actor, reader: Reader, case: VisitCase) -> bool:
    """Whether the actor plans the round: such a one may enter results at any time, from any sheet."""
    return actor.may(Action.PLAN_VISITS) and case.round_org_id in reader.org_ids_in_scope


def check_case(actor: Actor, writer: Writer, case: VisitCase, sheet: VisitSheet | None) -> None:
    """Let the actor say what came of this visit, or say why not.

    Raises
    ------
    InputError
        The round is not under way, the sheet is another one's, or nothing more is to be done with the member's data.
    DeniedError
        The actor is not of the team, or sheet or round are over.
    """
    if case.round_state is RoundState.DRAFT:
        msg = "这批走访还是草案，下发以后才能登记结果"
        raise InputError(msg)
    if case.round_state is RoundState.CANCELLED:
        msg = "这批走访已取消，不再登记结果；确实去过的，请登记到联系卡的“联系记录”"
        raise InputError(msg)
    if not case.is_open:
        msg = f"{case.name}：已不在花名册，或本人要求限制处理，不再登记"
        raise InputError(msg)
    of_sheet = writer.round_of_sheet(sheet.team_id) if sheet is not None else case.round_id
    if of_sheet != case.round_id:
        msg = f"{case.name}：不在这张走访单的批次里，请核对单号"
        raise InputError(msg)
    if not is_planner(actor, writer, case):
        _check_visitor(actor, writer, case, sheet)


def _check_visitor(actor: Actor, writer: Writer, case: VisitCase, sheet: VisitSheet | None) -> None:
    if actor.user_id is None or actor.user_id not in case.user_ids:
        msg = f"{case.name}：没有排给您所在的走访小组，结果由该小组或支部登记"
        raise DeniedError(msg)
    today = writer.today
    until = case.last_day + timedelta(days=office_settings(writer).visit_sheet_days)
    if sheet is not None:
        until = sheet.expires_on
        if sheet.team_id != case.team_id:
            msg = f"{case.name}：已改由第 {case.team_number} 组走访，请把结果告诉支部"
            raise DeniedError(msg)
        if sheet.voided_on is not None:
            msg = f"走访单 {sheet.number} 已作废，请把结果交支部登记"
            raise DeniedError(msg)
    if today > until:
        msg = f"走访单用到 {until.isoformat()}，已经过期，请把结果交支部登记"
        raise DeniedError(msg)
    if case.round_state is RoundState.CLOSED:
        msg = "这批走访已结束，请把结果交支部登记"
        raise DeniedError(msg)


def tidy(actor: Actor, writer: Writer, case: VisitCase, given: tuple[SaidResult, ResultSource]) -> SaidResult:
    """Return the result as it is kept.

    Raises
    ------
    InputError
        It cannot be right; every fault is named with the member.
    """
    said, source = given
    by = plain(said.by_name) or _who(actor, case, source)
    one = replace(said, by_name=by, note=plain(said.note))
    faults = [Fault(text, field=field) for field, text in _faults(one, case, writer.today)]
    if faults:
        raise InputError(f"{case.name}：" + "；".join(f"{one.field}{one.message}" for one in faults), tuple(faults))
    return one


def plain(text: str) -> str:
    """Return a text as one line, without what cannot be printed."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _who(actor: Actor, case: VisitCase, source: ResultSource) -> str:
    """Return who went where nobody says so: who holds the telephone, else the team."""
    me = actor.display_name or actor.name
    return me if source is ResultSource.PHONE else "、".join(case.visitors)[:LONGEST_NAME] or me


def _faults(said: SaidResult, case: VisitCase, today: date) -> list[tuple[str, str]]:
    found = []
    first = case.first_day - timedelta(days=DAYS_BEFORE)
    if case.issued_at is not None:
        first = min(first, local_day(case.issued_at))
    if said.on_day > today:
        found.append(("走访日期", f" {said.on_day.isoformat()} 还没有到"))
    if said.on_day < first:
        found.append(("走访日期", f" {said.on_day.isoformat()} 早于这批走访，最早为 {first.isoformat()}"))
    if len(said.note) > LONGEST_VISIT_NOTE:
        found.append(("备注", f"不超过 {LONGEST_VISIT_NOTE} 字，现在 {len(said.note)} 字"))
    if len(said.by_name) > LONGEST_NAME:
        found.append(("走访人", f"不超过 {LONGEST_NAME} 字"))
    if said.next_on is not None and not said.on_day < said.next_on <= _years_on(said.on_day):
        found.append(("下次走访日期", f"须在这次走访之后、{YEARS_AHEAD} 年以内"))
    return found


def _years_on(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + 366 * YEARS_AHEAD, date.max.toordinal()))
