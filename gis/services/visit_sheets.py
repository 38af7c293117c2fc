"""走访单: made for a team, handed to a holder, given back or made void; every print is a sheet of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled
from gis.model.visits import SheetKind

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import MemberId, RoundId, TeamId
    from gis.model.visits import VisitSheet
    from gis.store.database import Store


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
    """Make a sheet of an issued round and keep who holds it.

    Raises
    ------
    InputError
        No holder, the round is not issued, or the team has no stops.
    NotFoundError, DeniedError
        The round lies outside the scope; neither a planner nor a visitor of the team.
    ConfigError
        PDF without any Chinese font on this machine.
    """
    raise NotImplementedError


def list_sheets(actor: Actor, store: Store, round_id: RoundId) -> tuple[SheetLine, ...]:
    """List the sheets of a round, by team and time."""
    raise NotImplementedError


def return_sheet(actor: Actor, store: Store, number: str) -> SheetLine:
    """Note that a sheet was given back."""
    raise NotImplementedError


def void_sheet(actor: Actor, store: Store, number: str) -> SheetLine:
    """Make a sheet void: its QR code and its file open nothing any more."""
    raise NotImplementedError
