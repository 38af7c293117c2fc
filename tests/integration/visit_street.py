"""A tiny street with an issued round: two teams, a door each for six members, one account in the first team."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gis.model.access import Action, Actor, Role, scope_for
from gis.model.ids import MemberId, OrgId, TargetId, UserId
from gis.model.visits import (
    RoundState,
    SaidResult,
    SheetKind,
    Shift,
    Visitor,
    VisitPurpose,
    VisitResult,
    VisitRound,
    VisitSheet,
    VisitStop,
    VisitTarget,
    VisitTeam,
)
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.model.ids import RoundId
    from gis.store.database import Store

FIRST, LAST = date(2026, 11, 20), date(2026, 11, 21)
NOW = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # naive UTC, as the store's clock gives
STUDY = (VisitPurpose.STUDY,)


class VisitStreet:
    """`targets[i]` is the target of `street.members[i]`; the first three are of the first team."""

    def __init__(self, store: Store, purposes: tuple[VisitPurpose, ...] = STUDY) -> None:
        self.store = store
        self.now = NOW - timedelta(days=5)
        store.clock = lambda: self.now
        self.street = TinyStreet(store)
        self.members = self.street.members
        self.branch = self.street.branch
        self.round_id = self.issue(purposes)
        self.now = NOW

    def issue(
        self, purposes: tuple[VisitPurpose, ...] = STUDY, first: date = FIRST, org_id: OrgId | None = None
    ) -> RoundId:
        """Issue a round of the six, and remember its targets."""
        wanted = self.round(org_id or self.branch, purposes, first)
        with self.store.writing(CLERK, Action.PLAN_VISITS) as writer:
            number = writer.add_visit_round(wanted)
            writer.set_round_state(number, 1, RoundState.ISSUED)
        with self.store.reading(CLERK.scope) as reader:
            made = reader.visit_round(number)
        assert made is not None
        self.teams = [team.id for team in made.teams]
        found = {one.member_id: one.id for team in made.teams for stop in team.stops for one in stop.targets}
        self.targets: list[TargetId] = [found[one] or TargetId(0) for one in self.members[:6]]
        return number

    def round(self, org_id: OrgId, purposes: tuple[VisitPurpose, ...], first: date = FIRST) -> VisitRound:
        """Make a draft of two teams of three doors."""
        teams = tuple(
            VisitTeam(
                number=number + 1,
                visitors=(Visitor("禾走访", self.visitor(number)), Visitor("禾同行")),
                shifts=(Shift(first, 510, 660),),
                stops=tuple(
                    self.stop(member, place + 1, purposes, first)
                    for place, member in enumerate(self.members[3 * number : 3 * number + 3])
                ),
            )
            for number in range(2)
        )
        return VisitRound(None, org_id, f"{first:%m}月走访", first, first + timedelta(days=1), teams)

    def stop(self, member: MemberId, place: int, purposes: tuple[VisitPurpose, ...], day: date) -> VisitStop:
        """Make one door."""
        arrive = datetime(day.year, day.month, day.day, 8 + place)  # noqa: DTZ001  # local, naive
        return VisitStop(
            (VisitTarget(member, purposes),), 0, place, arrive, arrive + timedelta(minutes=25), 5.2, 310.0, 25
        )

    def visitor(self, number: int) -> UserId | None:
        """Return the account of a team's first visitor; the second team has none."""
        if number:
            return None
        if not hasattr(self, "user_id"):
            with self.store.writing(CLERK, Action.MANAGE_USERS) as writer:
                self.user_id = writer.add_account("zoufang", "禾走访", Role.LIAISON, "-", must_change=False)
                writer.set_scope(self.user_id, [self.branch])
        return self.user_id

    @property
    def liaison(self) -> Actor:
        """The account of the first team."""
        return Actor("zoufang", Role.LIAISON, scope_for(Role.LIAISON, frozenset({self.branch})), self.user_id, "禾走访")

    @property
    def secretary(self) -> Actor:
        """The branch secretary."""
        scope = scope_for(Role.BRANCH_SECRETARY, frozenset({self.branch}))
        return Actor("shuji", Role.BRANCH_SECRETARY, scope, UserId(99), "禾书记")

    def sheet(self, team: int = 0, *, number: str = "", expires: date = LAST + timedelta(days=7)) -> str:
        """Make a sheet of a team; returns its number."""
        text = number or f"SX20261120-{self.round_id}-{team + 1}-1"
        made = VisitSheet(None, self.teams[team], text, SheetKind.PAPER, "禾走访", self.now, expires)  # type: ignore[arg-type]  # saved
        with self.store.writing(CLERK, Action.PLAN_VISITS) as writer:
            writer.add_visit_sheet(made)
        return text

    def void(self, number: str) -> None:
        """Void a sheet."""
        with self.store.writing(CLERK, Action.PLAN_VISITS) as writer:
            sheet = writer.visit_sheet(number)
            assert sheet is not None
            writer.save_visit_sheet(replace(sheet, voided_on=LAST))

    def said(self, place: int, result: VisitResult, key: str = "", **more: object) -> SaidResult:
        """Say what came of the visit to a member, on the first day where no other is given."""
        given: dict[str, object] = {"on_day": FIRST, "by_name": "禾走访", **more}
        return SaidResult(key or f"k-{place}-{result.value}", self.targets[place], result, **given)  # type: ignore[arg-type]  # fields by name
