"""走访单: made for a team, handed to a holder, given back or made void; every print is a sheet of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.visits import RoundState, SheetKind, VisitSheet
from gis.services.access import require
from gis.services.settings import office_settings
from gis.services.visits.map import PHONE_BYTES, team_map
from gis.services.visits.offline import offline_html
from gis.services.visits.papers import SheetPrint, sheet_pdf
from gis.services.visits.result_checks import plain
from gis.services.visits.views import carried, open_round

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, RoundId, TeamId
    from gis.services.visits.views import RoundView, TeamView
    from gis.store.database import Store
    from gis.store.reader import Reader

LONGEST_HOLDER, LONGEST_ADDRESS, LONGEST_NUMBER = 100, 200, 32
OFFLINE_MAP_BYTES = 3 * PHONE_BYTES  # nothing is sent: the picture of a file may be fuller than the phone's
MIMES = {SheetKind.PAPER: "application/pdf", SheetKind.OFFLINE: "text/html"}
ENDINGS = {SheetKind.PAPER: "pdf", SheetKind.OFFLINE: "html"}


class SheetStanding(Labelled):
    """Where a sheet stands on a day."""

    OUT = "out", "在外"
    EXPIRED = "expired", "已过期，未交回"
    RETURNED = "returned", "已交回"
    VOIDED = "voided", "已作废"


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """Which team, who holds it, in which form; `address` is that of the server, for the QR code."""

    team_id: TeamId
    holder: str
    kind: SheetKind = SheetKind.PAPER
    address: str = ""
    font_dir: str = ""


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A sheet as a file; `still_out` are older sheets of the team that nobody gave back."""

    number: str
    name: str
    mime: str
    content: bytes
    member_ids: tuple[MemberId, ...] = ()
    still_out: tuple[VisitSheet, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sheet in the list of a round."""

    sheet: VisitSheet
    team_number: int
    visitors: tuple[str, ...]
    standing: SheetStanding


def make_sheet(actor: Actor, store: Store, request: SheetRequest) -> SheetFile:
    """Make a sheet of an issued round and keep who holds it; older sheets of the team stay what they are.

    Raises
    ------
    InputError
        No holder, the round is not issued, or the team has no stops.
    NotFoundError, DeniedError
        The round lies outside the scope; neither a planner nor a visitor of the team.
    StaleError
        Somebody made a sheet of the same team at the same moment.
    ConfigError
        PDF without any Chinese font on this machine.
    """
    require(actor, Action.MAKE_VISITS)
    holder = _checked(request)
    view, team = _open(actor, store, request.team_id)
    if not team.stops:
        msg = f"第 {team.team.number} 组没有要走访的人，不用打印"
        raise InputError(msg)
    with store.reading(actor.scope) as reader:
        days = office_settings(reader).visit_sheet_days
    sheet = VisitSheet(
        id=None,
        team_id=request.team_id,
        number=_number(view, team, len(team.sheets) + 1, store.today()),
        kind=request.kind,
        holder=holder,
        issued_at=store.clock(),
        expires_on=view.round.last_day + timedelta(days=days),
    )
    content = _content(actor, store, (view, team), sheet, request)
    with store.writing(actor, Action.MAKE_VISITS) as writer:
        kept = writer.visit_sheets(view.round.id, user_id=actor.user_id) if view.round.id is not None else ()
        if sum(one.team_id == request.team_id for one in kept) != len(team.sheets):
            msg = "有人同时打印了这一批的走访单，请再打印一次"
            raise StaleError(msg)
        writer.add_visit_sheet(sheet)
        writer.say(f"打印走访单（{request.kind.label}）", sheet=sheet.number, members=team.n_targets)
    return SheetFile(
        number=sheet.number,
        name=f"走访单-{sheet.number}.{ENDINGS[request.kind]}",
        mime=MIMES[request.kind],
        content=content,
        member_ids=tuple(one.target.member_id for stop in team.stops for one in stop.targets),
        still_out=tuple(one for one in team.sheets if one.returned_on is None and one.voided_on is None),
    )


def _checked(request: SheetRequest) -> str:
    holder = plain(request.holder)
    if not holder or len(holder) > LONGEST_HOLDER:
        msg = f"请填写由谁拿着这张走访单，不超过 {LONGEST_HOLDER} 字"
        raise InputError(msg)
    address = request.address.strip()
    is_link = address.startswith(("http://", "https://")) and address.isprintable() and len(address) <= LONGEST_ADDRESS
    if address and not is_link:
        msg = f"系统地址 {plain(address[:LONGEST_ADDRESS])} 要以 http:// 或 https:// 开头，例如 http://10.0.0.8:8501"
        raise InputError(msg)
    return holder


def _open(actor: Actor, store: Store, team_id: TeamId) -> tuple[RoundView, TeamView]:
    with store.reading(actor.scope) as reader:
        found = reader.round_of_team(team_id, user_id=actor.user_id)
    if found is None or found.id is None:
        msg = f"没有编号为 {team_id} 的走访小组，或不在管理范围内"
        raise NotFoundError(msg)
    view = open_round(actor, store, found.id)
    team = next((one for one in view.teams if one.team.id == team_id), None)
    if team is None:
        msg = f"没有编号为 {team_id} 的走访小组，或不是派给您的"
        raise NotFoundError(msg)
    if view.round.state is not RoundState.ISSUED:
        help_text = "先下发，再打印走访单" if view.round.state is RoundState.DRAFT else "不再打印走访单"
        msg = f"这批走访{view.round.state.label}，{help_text}"
        raise InputError(msg)
    return view, carried(team)


def _number(view: RoundView, team: TeamView, count: int, day: date) -> str:
    return f"SX{day:%Y%m%d}-{view.round.id}-{team.team.number}-{count}"


def _content(
    actor: Actor, store: Store, opened: tuple[RoundView, TeamView], sheet: VisitSheet, request: SheetRequest
) -> bytes:
    view, team = opened
    is_paper = request.kind is SheetKind.PAPER
    picture = team_map(actor, store, team, max_bytes=None if is_paper else OFFLINE_MAP_BYTES)
    wanted = SheetPrint(sheet, picture, request.address, actor.display_name or actor.name, store.clock())
    return sheet_pdf(view, team, wanted, request.font_dir) if is_paper else offline_html(view, team, wanted)


def list_sheets(actor: Actor, store: Store, round_id: RoundId) -> tuple[SheetLine, ...]:
    """List the sheets of a round by team and time, as far as the actor may see the teams.

    Raises
    ------
    NotFoundError
        There is no such round for this actor.
    """
    require(actor, Action.MAKE_VISITS)
    today = store.today()
    view = open_round(actor, store, round_id)
    return tuple(
        _line(sheet, team, today)
        for team in view.teams
        for sheet in sorted(team.sheets, key=lambda one: (one.issued_at, one.number))
    )


def _line(sheet: VisitSheet, team: TeamView, today: date) -> SheetLine:
    visitors = tuple(visitor.name for visitor in team.team.visitors)
    return SheetLine(sheet, team.team.number, visitors, standing_of(sheet, today))


def standing_of(sheet: VisitSheet, today: date) -> SheetStanding:
    """Tell where a sheet stands on a day."""
    if sheet.voided_on is not None:
        return SheetStanding.VOIDED
    if sheet.returned_on is not None:
        return SheetStanding.RETURNED
    return SheetStanding.EXPIRED if sheet.expires_on < today else SheetStanding.OUT


def return_sheet(actor: Actor, store: Store, number: str) -> SheetLine:
    """Note that a sheet was given back; the desk may still enter what it says.

    Raises
    ------
    InputError
        It was given back before, or is void.
    NotFoundError, DeniedError
        There is no such sheet within the scope; the role does not plan visits.
    """
    return _end(actor, store, number, SheetStanding.RETURNED)


def void_sheet(actor: Actor, store: Store, number: str) -> SheetLine:
    """Make a sheet void, lost or replaced: its QR code opens nothing any more.

    Raises
    ------
    InputError
        It is void already.
    NotFoundError, DeniedError
        There is no such sheet within the scope; the role does not plan visits.
    """
    return _end(actor, store, number, SheetStanding.VOIDED)


def _end(actor: Actor, store: Store, number: str, standing: SheetStanding) -> SheetLine:
    require(actor, Action.PLAN_VISITS)
    is_return = standing is SheetStanding.RETURNED
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        sheet = _sheet(writer, number)
        if sheet.voided_on is not None or (is_return and sheet.returned_on is not None):
            done = "作废" if sheet.voided_on is not None else "交回"
            msg = f"走访单 {sheet.number} 已于 {(sheet.voided_on or sheet.returned_on):%Y-%m-%d} {done}"
            raise InputError(msg)
        ended = replace(sheet, returned_on=writer.today) if is_return else replace(sheet, voided_on=writer.today)
        writer.save_visit_sheet(ended)
        writer.say(f"走访单{'交回' if is_return else '作废'}", sheet=sheet.number)
        kept = _sheet(writer, number)
        found = writer.round_of_team(sheet.team_id)
    teams = found.teams if found is not None else ()
    team = next((one for one in teams if one.id == sheet.team_id), None)
    names = tuple(visitor.name for visitor in team.visitors) if team is not None else ()
    return SheetLine(kept, team.number if team is not None else 0, names, standing)


def _sheet(reader: Reader, number: str) -> VisitSheet:
    wanted = number.strip().upper()
    sheet = reader.visit_sheet(wanted)
    if sheet is None:
        msg = f"没有单号为 {wanted[:LONGEST_NUMBER]} 的走访单，或不在管理范围内"
        raise NotFoundError(msg)
    return sheet
