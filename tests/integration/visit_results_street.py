"""A street with one issued round whose results are in: what records, report and calendar are made of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.contact import ContactChannel, ContactEntry
from gis.model.visits import (
    DueKind,
    DueReason,
    LeftOut,
    ResultSource,
    ResultState,
    RoundState,
    SaidResult,
    Shift,
    Visitor,
    VisitPurpose,
    VisitResult,
    VisitRound,
    VisitStop,
    VisitTarget,
    VisitTeam,
)
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.model.ids import MemberId, RoundId
    from gis.store.database import Store

DAY = date(2026, 8, 31)
NEXT_DAY = DAY + timedelta(days=1)
NOW = datetime(2026, 9, 10, 3)  # noqa: DTZ001  # naive UTC, as the store's clock gives
NAMES = ("禾一", "禾二", "禾三", "禾四", "禾五", "禾六")
HOUR = 60


class DoneStreet:
    """禾一…禾四 have results, 禾五 has none, 禾六 was left out; one result contradicts another."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.clock = lambda: NOW
        self.street = TinyStreet(store)
        self.members = self.street.members
        stop = self._stop
        teams = (
            VisitTeam(
                1,
                (Visitor("走访甲"), Visitor("走访乙")),
                (Shift(DAY, 510, 660), Shift(NEXT_DAY, 870, 1020)),
                (
                    stop(self.members[0], (0, 1), (VisitPurpose.STUDY, VisitPurpose.CONDOLENCE)),
                    stop(self.members[1], (0, 2), (VisitPurpose.STUDY,)),
                    stop(self.members[2], (1, 3), (VisitPurpose.FOLLOW_UP,)),
                ),
            ),
            VisitTeam(
                2,
                (Visitor("走访丙"),),
                (Shift(DAY, 510, 660),),
                (
                    stop(self.members[3], (0, 1), (VisitPurpose.STUDY,)),
                    stop(self.members[4], (0, 2), (VisitPurpose.SURVEY,)),
                ),
            ),
        )
        left = LeftOut((self.members[5],), "NO_PLACE", "禾六没有可以上门的住址，请电话约定")
        planned = VisitRound(None, self.street.branch, "八月走访", DAY, NEXT_DAY, teams, (left,), RoundState.ISSUED)
        with store.writing(CLERK, Action.PLAN_VISITS) as writer:
            self.round_id: RoundId = writer.add_visit_round(planned)
        self._results()

    def _stop(self, member: MemberId, place: tuple[int, int], purposes: tuple[VisitPurpose, ...]) -> VisitStop:
        shift, position = place
        day = NEXT_DAY if shift else DAY
        arrive = datetime.combine(day, datetime.min.time()) + timedelta(minutes=(15 if shift else 9) * HOUR + position)
        reasons = (DueReason(DueKind.HOME_STUDY, "到了该去的时候"),)
        target = VisitTarget(member, purposes, reasons, "学习资料")
        return VisitStop((target,), shift, position, arrive, arrive + timedelta(minutes=25), 5.0, 300.0, 25)

    def _results(self) -> None:
        with self.store.writing(CLERK, Action.MAKE_VISITS) as writer:
            found = writer.visit_round(self.round_id)
            assert found is not None
            ids = {one.member_id: one.id for team in found.teams for stop in team.stops for one in stop.targets}
            said = (
                (0, VisitResult.MET, DAY, "=希望大字本", date(2026, 9, 30), ResultState.ACCEPTED),
                (1, VisitResult.IN_HOSPITAL, DAY, "在二院住院", None, ResultState.ACCEPTED),
                (2, VisitResult.MOVED, NEXT_DAY, "", None, ResultState.ACCEPTED),
                (3, VisitResult.PHONED, DAY, "", None, ResultState.ACCEPTED),
                (3, VisitResult.MET, DAY, "", None, ResultState.CONFLICT),
            )
            for place, result, day, note, next_on, state in said:
                target = ids[self.members[place]]
                assert target is not None
                one = SaidResult(f"{place}-{state.value}", target, result, day, "走访甲", note, next_on)
                writer.add_visit_result(one, source=ResultSource.DESK, state=state)
            entry = ContactEntry(DAY, ContactChannel.VISIT, "走访甲", is_reached=True)
            writer.add_contact(self.members[0], entry)
