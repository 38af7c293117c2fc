"""What the members of the made-up street answered when they were told: most agreed, a few did not, some wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gis.model.rights import CareCode, CareNeed, ConsentAnswer, ConsentMethod, ConsentScope, RightKind, RightsRequest
from gis.services.calendar import working_days_after
from gis.services.consent import ConsentEntry, register
from gis.services.sample._chance import AS_OF, stream, weighted
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from random import Random

    from gis.model.ids import MemberId
    from gis.store.writer import Writer

TOLD = 0.7  # of the members in transition
PER_HUNDRED = {ConsentScope.EXACT_LOCATION: 2, ConsentScope.MOBILITY: 3, ConsentScope.CARE: 4}  # who refuse
CARE_NEEDS = 0.25  # of those who agreed to care
_ASKED = (ConsentScope.BASIC, ConsentScope.EXACT_LOCATION, ConsentScope.MOBILITY, ConsentScope.CARE)
_METHODS = ((ConsentMethod.PAPER, 0.85), (ConsentMethod.ORAL_WITNESSED, 0.15))
_REQUESTS = (
    (RightKind.ACCESS, "想要一份自己的信息"),
    (RightKind.CORRECT, "换了手机号码，请更正"),
    (RightKind.EXPLAIN, "想知道为什么编到这个小组"),
)


def answer_some(writer: Writer, seed: int) -> None:
    """Register answers, through the service, so that a no has its effect; then care needs and a few requests."""
    chance = stream(seed, "consent")
    with_host = {host.member_id for host in writer.hosts(with_ended=True)}
    members = [one for one in writer.members(in_transition_only=True) if one.id is not None]
    who = {one.id: one for one in members if one.id is not None and chance.random() < TOLD}
    told = list(who)
    no = {scope: _some(chance, told, per_hundred) for scope, per_hundred in PER_HUNDRED.items()}
    no[ConsentScope.EXACT_LOCATION] -= {one for one in with_host if one is not None}  # a host agreed to be found
    for member_id in told:
        on = _day(chance, writer.today)
        method = weighted(chance, _METHODS)
        witness = "网格员" if method is ConsentMethod.ORAL_WITNESSED else ""
        for scope in _ASKED:
            answer = ConsentAnswer.REFUSED if member_id in no.get(scope, frozenset()) else ConsentAnswer.GIVEN
            register(writer, who[member_id], ConsentEntry(scope, answer, method, witness, on))
    _note_care(writer, chance, [one for one in told if one not in no[ConsentScope.CARE]])
    _ask(writer, chance, told)


def _some(chance: Random, told: Sequence[MemberId], per_hundred: int) -> frozenset[MemberId]:
    number = max(1, round(len(told) * per_hundred / 100)) if told else 0
    return frozenset(chance.sample(list(told), number))


def _day(chance: Random, today: date) -> date:
    return min(AS_OF - timedelta(days=chance.randint(10, 300)), today)


def _note_care(writer: Writer, chance: Random, agreed: Sequence[MemberId]) -> None:
    for member_id in agreed:
        if chance.random() < CARE_NEEDS:
            code = chance.choice(list(CareCode))
            writer.save_care_need(CareNeed(member_id, code, "", None, _day(chance, writer.today)))


def _ask(writer: Writer, chance: Random, told: Sequence[MemberId]) -> None:
    days = office_settings(writer).rights_due_working_days
    for member_id, (kind, detail) in zip(chance.sample(list(told), min(3, len(told))), _REQUESTS, strict=False):
        on = min(AS_OF - timedelta(days=chance.randint(1, 30)), writer.today)
        due = working_days_after(on, days, writer.holidays())
        writer.save_rights_request(RightsRequest(member_id, kind, detail, on, due))
