"""失联: a person opens a search and proposes, a second one confirms, anybody in charge closes; nothing is automatic.

The program shows when a member was last seen, keeps every step with who and when, and changes nothing about the
member: what follows is decided elsewhere (domain.md R15, 2B).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.rights import LostBasis, LostStage
from gis.services.access import require
from gis.services.rules.loading import Tree, last_seen_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.lost import LastSeen, LostCase
    from gis.model.people import Member
    from gis.model.rights import LostReason
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

LEAST_TEXT, MAX_TEXT = 4, 200


@dataclass(frozen=True, slots=True)
class LostView:
    """One case as people read it, with what is on record about the member today."""

    case: LostCase
    seen: LastSeen


@dataclass(frozen=True, slots=True)
class SearchStart:
    """What opens a search: the day since when contact is lost, what that day is counted from, what was done so far."""

    last_on: date
    basis: LostBasis
    tried: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put before the second person."""

    reason_code: LostReason
    tried: str


def list_lost(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None, *, with_closed: bool = False
) -> tuple[LostView, ...]:
    """List cases of the scope, the newest first, each with its steps and with when the member was last seen."""
    require(actor, Action.MARK_LOST)
    with store.reading(actor.scope) as reader:
        cases = reader.lost_cases(branch_ids, with_closed=with_closed)
        seen = _seen(reader, {case.member_id for case in cases})
    return tuple(LostView(case, seen[case.member_id]) for case in cases if case.member_id in seen)


def last_seen(actor: Actor, store: Store, member_id: MemberId) -> LastSeen:
    """Return when a member last came to a session or was reached, by what is on record.

    Raises
    ------
    NotFoundError
        There is no such member in the scope.
    """
    require(actor, Action.MARK_LOST)
    with store.reading(actor.scope) as reader:
        return _one_seen(reader, member_id)


def list_last_seen(actor: Actor, store: Store) -> tuple[LastSeen, ...]:
    """Say of every member on the roster of the scope when they were last seen, who was not for longest first.

    Members of whom nothing is on record come last: nothing is known of them.
    """
    require(actor, Action.MARK_LOST)
    with store.reading(actor.scope) as reader:
        found = tuple(last_seen_of(reader, reader.members(), Tree(reader.orgs())))
    return tuple(sorted(found, key=lambda one: (one.last_on is None, one.last_on or date.min, one.member_id)))


def open_search(actor: Actor, store: Store, member_id: MemberId, start: SearchStart) -> int:
    """Open a search and return the number of the case.

    Raises
    ------
    InputError
        The day is yet to come, or contact is on record after it; nothing was tried; a case is open already.
    NotFoundError
        There is no such member in the scope.
    """
    require(actor, Action.MARK_LOST)
    with store.writing(actor, Action.MARK_LOST) as writer:
        seen = _one_seen(writer, member_id)
        _check_day(seen, start, writer.today)
        text = _text(start.tried, "已经怎样查找")
        if any(case.member_id == member_id for case in writer.lost_cases((seen.branch_id,))):
            msg = "这名党员已有一条在办的查找记录，请在那一条上继续"
            raise InputError(msg)
        values = {
            "member_id": member_id,
            "stage": LostStage.SEARCHING,
            "last_on": start.last_on,
            "basis": start.basis,
            "reason": text,
        }
        case_id = writer.open_lost_case(values, text)
        writer.say("开始查找一名党员", lost=case_id, member_id=member_id)
    return case_id


def propose_lost(actor: Actor, store: Store, case_id: int, version: int, proposal: Proposal) -> None:
    """Put a case before a second person; the proposer is who calls.

    Raises
    ------
    InputError
        The case is not being searched, contact is on record after its day, or what was tried is missing.
    StaleError
        Somebody dealt with the case since `version`.
    """
    require(actor, Action.MARK_LOST)
    _check_account(actor)
    with store.writing(actor, Action.MARK_LOST) as writer:
        case = _case(writer, case_id, version, (LostStage.SEARCHING,), "提出")
        _check_not_seen(_one_seen(writer, case.member_id), case.last_on)
        text = _text(proposal.tried, "查找经过")
        values = {
            "reason_code": proposal.reason_code,
            "reason": text,
            "proposed_by": actor.name,
            "proposed_at": writer.now,
        }
        writer.change_lost_case(case, LostStage.PROPOSED, values, text)
        writer.say("提出失联，待第二人确认", lost=case_id, member_id=case.member_id)


def confirm_lost(actor: Actor, store: Store, case_id: int, version: int, reason: str = "") -> None:
    """Confirm a proposal as the second person. The member's own record does not change.

    Raises
    ------
    InputError
        The actor proposed it; the case is not proposed; or contact is on record after its day.
    StaleError
        Somebody dealt with the case since `version`.
    """
    require(actor, Action.MARK_LOST)
    _check_account(actor)
    with store.writing(actor, Action.MARK_LOST) as writer:
        case = _case(writer, case_id, version, (LostStage.PROPOSED,), "确认")
        if actor.name == case.proposed_by:
            msg = "须由另一名有权限的人确认，提出人本人不能确认"
            raise InputError(msg)
        _check_not_seen(_one_seen(writer, case.member_id), case.last_on)
        values = {"confirmed_by": actor.name, "confirmed_at": writer.now}
        writer.change_lost_case(case, LostStage.CONFIRMED, values, _short(reason))
        writer.say("第二人确认失联", lost=case_id, member_id=case.member_id)


def close_lost(actor: Actor, store: Store, case_id: int, version: int, reason: str, *, is_found: bool) -> None:
    """Close a case: the member was found, or it was not right to open or confirm it. The steps stay.

    Raises
    ------
    InputError
        The case is closed already, or no reason is given.
    StaleError
        Somebody dealt with the case since `version`.
    """
    require(actor, Action.MARK_LOST)
    stage = LostStage.FOUND if is_found else LostStage.WITHDRAWN
    open_stages = (LostStage.SEARCHING, LostStage.PROPOSED, LostStage.CONFIRMED)
    with store.writing(actor, Action.MARK_LOST) as writer:
        case = _case(writer, case_id, version, open_stages, "结束")
        text = _text(reason, "结束的原因")
        writer.change_lost_case(case, stage, {"closed_on": writer.today, "close_reason": text}, text)
        writer.say(f"结束失联记录：{stage.label}", lost=case_id, member_id=case.member_id)


def _check_account(actor: Actor) -> None:
    """Two persons are two accounts: whoever sits at the server's command line says with a password who that is."""
    if actor.user_id is None:
        msg = "提出和确认失联须用本人账号；在命令行请加 --as 登录名，并输入口令"
        raise InputError(msg)


def _case(writer: Writer, case_id: int, version: int, stages: tuple[LostStage, ...], what: str) -> LostCase:
    case = writer.lost_case(case_id)
    if case is None:
        msg = "没有这条失联记录，或不在管理范围内"
        raise NotFoundError(msg)
    if case.version != version:
        msg = f"这条记录已被他人办理，现在是“{case.stage.label}”，请刷新后重新核对"
        raise StaleError(msg, mine=version, theirs=case.version)
    if case.stage not in stages:
        msg = f"这条记录现在是“{case.stage.label}”，不能{what}"
        raise InputError(msg)
    return case


def _seen(reader: Reader, member_ids: Collection[MemberId]) -> dict[MemberId, LastSeen]:
    """Say of members of the scope when they were last seen; those who have left are named as well."""
    members: list[Member] = [one for one in reader.members(include_left=True) if one.id in member_ids]
    tree = Tree(reader.orgs())
    return {one.member_id: one for one in last_seen_of(reader, members, tree)}


def _one_seen(reader: Reader, member_id: MemberId) -> LastSeen:
    found = _seen(reader, (member_id,)).get(member_id)
    if found is None:
        msg = "管理范围内没有这名党员，请刷新后重试"
        raise NotFoundError(msg)
    return found


def _check_day(seen: LastSeen, start: SearchStart, today: date) -> None:
    if start.last_on > today:
        msg = "失去联系日期不能晚于今天"
        raise InputError(msg)
    _check_not_seen(seen, start.last_on)


def _check_not_seen(seen: LastSeen, last_on: date) -> None:
    if seen.last_on is not None and seen.last_on > last_on:
        msg = f"{seen.last_on.isoformat()} 还有到会或联系上的记录，晚于 {last_on.isoformat()}，请先核对"
        raise InputError(msg)


def _text(text: str, what: str) -> str:
    found = _short(text)
    if len(found) < LEAST_TEXT:
        msg = f"请写明{what}（至少 {LEAST_TEXT} 个字）"
        raise InputError(msg)
    return found


def _short(text: str) -> str:
    found = " ".join(text.split())
    if len(found) > MAX_TEXT:
        msg = f"请不超过 {MAX_TEXT} 字"
        raise InputError(msg)
    return found
