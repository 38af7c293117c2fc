"""组织生活: plan a session, invite the right side, record who came, cancel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Role
from gis.model.dual import side_of
from gis.model.enums import HostStatus, OrgKind, OrgStatus
from gis.model.meetings import AffairType, AttendanceState, Session, SessionFormat, SessionKind, SessionMode
from gis.services.access import require, require_orgs
from gis.services.invitations import Occasion, attendance_of, group_of, invited
from gis.services.rules import keep_rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from gis.model.access import Actor
    from gis.model.ids import GroupId, HostId, MemberId, OrgId, SessionId, VenueId
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

MAX_THEME, MAX_PLAN, MAX_PERSON, MAX_RECORD = 200, 500, 100, 20_000
YEARS = 5  # back and ahead; a plan further away is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What is planned; of venue and host at most one."""

    org_id: OrgId
    kind: SessionKind
    affair: AffairType
    planned_at: datetime
    theme: str
    plan: str = ""
    format: SessionFormat | None = None
    mode: SessionMode = SessionMode.ONSITE
    group_id: GroupId | None = None
    venue_id: VenueId | None = None
    host_id: HostId | None = None
    responsible: str = ""

    @property
    def occasion(self) -> Occasion:
        """What the invitation depends on."""
        return Occasion(self.org_id, self.kind, self.affair, self.group_id)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What is recorded afterwards: the day, who came, the text. States of members not named stay as they are."""

    held_on: date
    record: str
    states: Mapping[MemberId, AttendanceState]


@dataclass(frozen=True, slots=True)
class InviteResult:
    """What an invitation changed, and how many are invited now."""

    invited: int
    added: int
    removed: int


def plan_session(actor: Actor, store: Store, wanted: SessionPlan) -> SessionId:
    """Plan a session and invite; returns its id.

    Raises
    ------
    InputError
        Something of the plan is missing or does not fit.
    DeniedError
        The organisation lies outside the scope, or a group leader plans more than a group meeting.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        _check(actor, writer, wanted)
        with keep_rules(writer, (wanted.org_id,), is_draft=True):
            session_id = writer.save_session(_session(wanted))
            found = _invite(writer, session_id, wanted.occasion)
        writer.say(f"计划{wanted.kind.label}，通知 {found.invited} 人", session=session_id, invited=found.invited)
    return session_id


def change_session(actor: Actor, store: Store, session_id: SessionId, wanted: SessionPlan, version: int) -> None:
    """Change the plan of a session that has not been recorded yet; the invitation follows the new plan.

    Raises
    ------
    InputError
        It has been recorded or cancelled, or the new plan does not fit.
    StaleError
        Somebody changed it since `version`.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        now = _own(actor, writer, session_id)
        if now.held_on is not None or now.cancelled_on is not None:
            msg = "已经登记召开或取消的，不能再改计划"
            raise InputError(msg)
        _check(actor, writer, wanted)
        with keep_rules(writer, (wanted.org_id,), is_draft=True):
            writer.save_session(replace(_session(wanted), id=session_id, version=version))
            found = _invite(writer, session_id, wanted.occasion)
        writer.say(f"修改{wanted.kind.label}的计划，通知 {found.invited} 人", session=session_id)


def invite_session(actor: Actor, store: Store, session_id: SessionId) -> InviteResult:
    """Build the invitation anew: who has moved in or away since is added or taken off; who has come stays.

    Raises
    ------
    InputError
        The session has been cancelled.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        now = _own(actor, writer, session_id)
        if now.cancelled_on is not None:
            msg = "已取消的组织生活不再通知"
            raise InputError(msg)
        found = _invite(writer, session_id, Occasion(now.org_id, now.kind, now.affair, now.group_id))
        writer.say(f"更新通知名单：新增 {found.added} 人，减少 {found.removed} 人", session=session_id)
    return found


def record_session(
    actor: Actor, store: Store, session_id: SessionId, wanted: SessionRecord, version: int | None = None
) -> None:
    """Record that a session was held, who came, and the text; can be repeated, for instance for who was taught later.

    The branch of members invited by another organisation may record their attendance too, but nothing else.

    Raises
    ------
    InputError
        The day has not come, or a member was not invited.
    StaleError
        Somebody changed the session since `version`.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        now = _own(actor, writer, session_id)
        if version is not None and now.version != version:
            msg = "这次组织生活已被他人修改，请刷新后重新登记"
            raise StaleError(msg, mine=version, theirs=now.version)
        if now.cancelled_on is not None:
            msg = "已取消的组织生活不能登记召开"
            raise InputError(msg)
        _check_record(store, wanted)
        _set_states(writer, session_id, wanted.states)
        writer.save_session(replace(now, held_on=wanted.held_on, record=wanted.record.strip()))
        came = sum(state is AttendanceState.ATTENDED for state in wanted.states.values())
        writer.say(f"登记{now.kind.label}召开，到会 {came} 人", session=session_id, attended=came)


def record_guests(actor: Actor, store: Store, session_id: SessionId, states: Mapping[MemberId, AttendanceState]) -> int:
    """Record the attendance of one's own members at a session of another organisation; returns how many changed.

    Raises
    ------
    NotFoundError
        None of one's own members is invited there.
    InputError
        A member was not invited.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        if writer.meeting(session_id) is None:
            raise _gone()
        changed = _set_states(writer, session_id, states)
        writer.say(f"登记本支部党员参加其他组织的活动 {changed} 人", session=session_id)
    return changed


def cancel_session(actor: Actor, store: Store, session_id: SessionId) -> None:
    """Cancel a session that has not been recorded; it stays in the register.

    Raises
    ------
    InputError
        It has been recorded.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        now = _own(actor, writer, session_id)
        if now.held_on is not None:
            msg = "已经登记召开的不能取消；登记错了请重新登记"
            raise InputError(msg)
        if now.cancelled_on is None:
            writer.save_session(replace(now, cancelled_on=writer.today))
        writer.say(f"取消{now.kind.label}", session=session_id)


def _own(actor: Actor, writer: Writer, session_id: SessionId) -> Session:
    found = writer.meeting(session_id)
    if found is None or found.org_id not in writer.org_ids_in_scope:
        raise _gone()
    _check_role(actor, found.kind)
    return found


def _gone() -> NotFoundError:
    return NotFoundError("没有这次组织生活，或不在管理范围内")


def _check_role(actor: Actor, kind: SessionKind) -> None:
    if actor.role is Role.GROUP_LEADER and kind is not SessionKind.GROUP_MEETING:
        msg = "党小组长只登记党小组会，其他组织生活由支部书记登记"
        raise DeniedError(msg)


def _invite(writer: Writer, session_id: SessionId, occasion: Occasion) -> InviteResult:
    asked = invited(writer, occasion)
    side, _ = side_of(occasion.kind, occasion.affair)
    added, removed = writer.invite(session_id, attendance_of(session_id, asked, side))
    return InviteResult(len(asked), added, removed)


def _set_states(writer: Writer, session_id: SessionId, states: Mapping[MemberId, AttendanceState]) -> int:
    known = {one.member_id for one in writer.attendance([session_id])}
    strange = sorted(states.keys() - known)
    if strange:
        msg = f"编号 {'、'.join(str(one) for one in strange[:5])} 的党员不在这次的通知名单里"
        raise InputError(msg)
    return writer.set_attendance(session_id, states)


def _session(wanted: SessionPlan) -> Session:
    return Session(
        id=None,
        org_id=wanted.org_id,
        kind=wanted.kind,
        affair=wanted.affair,
        planned_at=wanted.planned_at,
        theme=wanted.theme.strip(),
        plan=wanted.plan.strip(),
        format=wanted.format,
        mode=wanted.mode,
        group_id=wanted.group_id,
        venue_id=wanted.venue_id,
        host_id=wanted.host_id,
        responsible=wanted.responsible.strip(),
    )


def _check(actor: Actor, writer: Writer, wanted: SessionPlan) -> None:
    _check_role(actor, wanted.kind)
    require_orgs(actor, writer, [wanted.org_id])
    _check_org(writer, wanted)
    _check_text("主题", wanted.theme, MAX_THEME)
    _check_text("计划安排", wanted.plan, MAX_PLAN)
    _check_text("责任人", wanted.responsible, MAX_PERSON)
    if not wanted.theme.strip():
        msg = "请写主题：开会前定好，通知里要用"
        raise InputError(msg)
    if abs(wanted.planned_at.year - writer.today.year) > YEARS:
        msg = f"时间 {wanted.planned_at:%Y-%m-%d} 离今天太远，请核对年份"
        raise InputError(msg)
    if wanted.kind is SessionKind.GROUP_MEETING:
        group_of(writer, wanted.occasion)
    elif wanted.group_id is not None:
        msg = "只有党小组会才选党小组"
        raise InputError(msg)
    _check_place(writer, wanted)


def _check_org(reader: Reader, wanted: SessionPlan) -> None:
    org = next(one for one in reader.orgs() if one.id == wanted.org_id)
    if org.status is OrgStatus.ABOLISHED:
        msg = f"{org.name}已撤销，不能再计划组织生活；请由接续的组织召集"
        raise InputError(msg)
    if org.kind is OrgKind.TEMPORARY_BRANCH and wanted.affair is AffairType.ELECTION:
        msg = "临时党支部不组织选举，由组织关系所在支部召集（R10）"
        raise InputError(msg)


def _check_text(name: str, text: str, most: int) -> None:
    if len(text.strip()) > most:
        msg = f"{name}有 {len(text.strip())} 个字，请不超过 {most} 个字"
        raise InputError(msg)


def _check_place(reader: Reader, wanted: SessionPlan) -> None:
    if wanted.venue_id is not None and wanted.host_id is not None:
        msg = "场所和党员中心户只选一个"
        raise InputError(msg)
    if wanted.venue_id is not None and wanted.venue_id not in {one.id for one in reader.venues()}:
        msg = "选的场所不存在，请重新选择"
        raise InputError(msg)
    if wanted.host_id is not None and wanted.host_id not in {
        one.id for one in reader.hosts() if one.status is HostStatus.APPROVED and one.name
    }:
        msg = "选的中心户不存在、未批准或不在管理范围内，请重新选择"
        raise InputError(msg)


def _check_record(store: Store, wanted: SessionRecord) -> None:
    today = store.today()
    if wanted.held_on > today:
        msg = f"召开日期 {wanted.held_on.isoformat()} 还没有到，到了再登记"
        raise InputError(msg)
    _check_text("记录", wanted.record, MAX_RECORD)
    if AttendanceState.INVITED in wanted.states.values() and len(set(wanted.states.values())) == 1:
        msg = "还没有登记任何人到会、请假或缺席"
        raise InputError(msg)
