"""谁该走访: who is to be visited in some days, each reason as a sentence with its days and figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import Precision
from gis.model.visits import DueKind, DueReason, DueVisit, LeftOut, VisitPurpose, VisitResult
from gis.services.access import require, require_orgs
from gis.services.visits.doors import FINDABLE
from gis.services.visits.due_facts import read_facts
from gis.services.visits.due_rules import OPTIONAL, PURPOSES, day_text, reasons_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.services.visits.due_facts import DueFacts
    from gis.services.visits.due_rules import MemberFacts
    from gis.store.database import Store

MOST_DAYS = 31
EVERYBODY = DueReason(DueKind.BY_HAND, "全体走访：这次走访全体党员")
NAMED = DueReason(DueKind.BY_HAND, "指定：安排走访的人点名要去")


@dataclass(frozen=True, slots=True)
class DueRequest:
    """Whom to look at and for which days.

    `kinds` None: every kind. `everyone`: all members of the subtree, those not otherwise due as named by hand.
    `member_ids` are due in any case.
    """

    org_id: OrgId
    first_day: date
    last_day: date
    kinds: tuple[DueKind, ...] | None = None
    everyone: bool = False
    member_ids: tuple[MemberId, ...] = ()


@dataclass(frozen=True, slots=True)
class DueList:
    """Who is due, the most urgent first, and who is due but cannot be planned, with the reason and what would help."""

    due: tuple[DueVisit, ...]
    left_out: tuple[LeftOut, ...]
    as_of: date


def list_due(actor: Actor, store: Store, request: DueRequest) -> DueList:
    """Work out who is due; nobody stands in it twice.

    Raises
    ------
    DeniedError
        The role does not plan visits, or the organisation lies outside the scope.
    InputError
        The days are the wrong way round or too many.
    NotFoundError
        A member named by hand is not within the scope.
    """
    require(actor, Action.PLAN_VISITS)
    _check_days(request)
    today = store.today()
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [request.org_id])
        facts = read_facts(
            reader, request.org_id, request.first_day, request.last_day, today=today, besides=request.member_ids
        )
    known = {one.member.id for one in facts.members}
    missing = [int(one) for one in request.member_ids if one not in known]
    if missing:
        msg = f"管理范围内没有编号为 {'、'.join(map(str, missing))} 的党员"
        raise NotFoundError(msg)
    return due_of(facts, request)


def due_of(facts: DueFacts, request: DueRequest) -> DueList:
    """Work out who is due from the facts alone."""
    due: list[tuple[MemberFacts, DueVisit]] = []
    left: dict[tuple[str, str], list[MemberId]] = {}
    for one in facts.members:
        found = _due_visit(one, facts, request)
        if found is None:
            continue
        barred = _barred(one, found, facts, request)
        if barred is None:
            due.append((one, found))
        else:
            left.setdefault(barred, []).append(found.member_id)
    due.sort(key=lambda pair: _urgency(pair[0], pair[1], facts))
    return DueList(
        due=tuple(found for _, found in due),
        left_out=tuple(LeftOut(tuple(members), code, reason) for (code, reason), members in sorted(left.items())),
        as_of=facts.when.today,
    )


def _check_days(request: DueRequest) -> None:
    if request.last_day < request.first_day:
        msg = f"最后一天 {request.last_day.isoformat()} 早于第一天 {request.first_day.isoformat()}，请核对"
        raise InputError(msg)
    if (request.last_day - request.first_day).days >= MOST_DAYS:
        msg = f"一批走访至多安排 {MOST_DAYS} 天，请分批安排"
        raise InputError(msg)


def _due_visit(one: MemberFacts, facts: DueFacts, request: DueRequest) -> DueVisit | None:
    """Return the visit with all its reasons; None where nothing is due."""
    member = one.member
    if member.id is None:
        return None
    is_named = member.id in request.member_ids
    reasons = list(reasons_of(one, facts.when)) if member.left_on is None and member.is_in_transition else []
    if request.kinds is not None:
        reasons = [why for why in reasons if why.kind in request.kinds]
    if is_named:
        reasons.append(_by_hand(NAMED, member.id, facts))
    elif request.everyone and not reasons and member.left_on is None:
        reasons.append(_by_hand(EVERYBODY, member.id, facts))
    if not reasons:
        return None
    meets = one.group_day if any(why.kind is DueKind.GROUP_SESSION for why in reasons) else None
    return DueVisit(
        member_id=member.id,
        purposes=_purposes(reasons),
        reasons=tuple(reasons),
        is_optional=not is_named and all(why.kind in OPTIONAL for why in reasons),
        overdue_days=_overdue_days(reasons, facts.when.today),
        group_id=meets.group_id if meets is not None else None,
        session_id=meets.session_id if meets is not None else None,
        window=one.window,
        last_by=one.last_visit.by_names if one.last_visit is not None else (),
    )


def _by_hand(why: DueReason, member_id: MemberId, facts: DueFacts) -> DueReason:
    """Asked for by hand counts even where another round of these days has the same member: that is said."""
    if member_id not in facts.planned:
        return why
    return replace(why, text=f"{why.text}；同期已排在走访批次“{facts.planned[member_id][1]}”里，请核对要不要再去")


def _purposes(reasons: Sequence[DueReason]) -> tuple[VisitPurpose, ...]:
    wanted = {PURPOSES[why.kind] for why in reasons}
    return tuple(one for one in VisitPurpose if one in wanted)


def _overdue_days(reasons: Iterable[DueReason], today: date) -> int:
    earliest = min((why.due_on for why in reasons if why.due_on is not None), default=today)
    return max((today - earliest).days, 0)


def _barred(one: MemberFacts, due: DueVisit, facts: DueFacts, request: DueRequest) -> tuple[str, str] | None:
    """Say why somebody who is due cannot be planned, as a code and a sentence that says what would help."""
    member = one.member
    if member.left_on is not None:
        return "left", f"已于 {member.left_on.isoformat()} 离开本支部名册，不再安排走访"
    if member.restricted_on is not None:
        return "restricted", "本人已申请限制处理，不安排走访；解除限制后再安排"
    if due.member_id in facts.planned and due.member_id not in request.member_ids and not request.everyone:
        _, name = facts.planned[due.member_id]
        return "planned", f"已排在这几天的走访批次“{name}”里，不重复安排"
    if due.group_id is not None:  # where the group meets is known, whatever is known of the home
        return None
    return _no_door(one, due, facts)


def _no_door(one: MemberFacts, due: DueVisit, facts: DueFacts) -> tuple[str, str] | None:
    """Say why nobody can go to the home."""
    home, last = one.member.residence, one.last_visit
    if due.member_id in facts.refused:
        return "refused_place", "本人不同意记录详细住址：请电话约定见面的时间和地点"
    if home is not None and home.precision is Precision.OUTSIDE:
        return "outside", "现住址在本街道以外：请电话联系，或请居住地党组织代为走访"
    if home is None or home.precision not in FINDABLE:
        return "no_place", "住址还没有核定到小区或楼栋：先在“定位”核定住址，或电话约定见面地点"
    if last is not None and last.result is VisitResult.MOVED and (home.valid_from or last.on_day) <= last.on_day:
        day = day_text(last.on_day, facts.when.today)
        return "moved", f"{day}走访时已不住原址：先在“变动登记”登记现住址，再安排走访"
    return None


def _urgency(one: MemberFacts, due: DueVisit, facts: DueFacts) -> tuple[bool, int, str, str, str, int]:
    branch = facts.branches.get(one.member.branch_id, "")
    estate = facts.estates.get(due.member_id, "")
    return due.is_optional, -due.overdue_days, branch, estate, one.member.name, int(due.member_id)
