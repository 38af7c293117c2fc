"""The life of an organisation: winding down with a named successor, handed over as a whole, abolished; never lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError, NotFoundError
from gis.model.access import Action
from gis.model.bodies import OrgEvent, OrgEventKind
from gis.model.enums import OrgStatus
from gis.services.access import require, require_orgs
from gis.services.org_checks import above, parents_of
from gis.services.org_edit import org_in_scope

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

#: What must not hang on an abolished organisation, in words
OBSTACLES = {
    "members": "{n} 名党员的组织关系还在本组织：先整建制转入接续组织，或逐人转出",
    "groups": "{n} 个党小组还在本组织：先转入接续组织，或停止",
    "hosts": "{n} 户党员中心户还在本组织：先转入接续组织，或撤销",
    "children": "{n} 个下级组织还在本组织之下：先改上级，或先撤销",
    "areas": "{n} 个片区由本组织划分：先转入接续组织，或停用",
    "bodies": "{n} 个联合体由本组织牵头：先改牵头组织，或终止",
}
ACCOUNTS = "{n} 个账号的管理范围是本组织：撤销后请系统管理员改到接续组织"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what on which day."""

    approved_by: str
    approved_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands in the way of abolishing, and what somebody else has to do afterwards."""

    obstacles: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of an organisation's history."""

    on: date | None
    what: str
    approved_by: str = ""
    other: str = ""
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class OrgHistory:
    """The life of one organisation; `coverage` are its divisions with their days."""

    org: PartyOrg
    lines: tuple[HistoryLine, ...]
    coverage: tuple[tuple[str, date | None, date | None], ...]


def wind_down(
    actor: Actor, store: Store, org_id: OrgId, decision: Decision, *, successor_id: OrgId, version: int
) -> None:
    """Begin the winding down of an organisation that another one continues; nothing moves yet.

    Raises
    ------
    InputError
        It is being wound down or is abolished already; the successor cannot continue it; the decision is incomplete.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        org = org_in_scope(actor, writer, org_id)
        _check_decision(decision, writer.today)
        if org.status is OrgStatus.ABOLISHED:
            msg = f"{org.name}已撤销"
            raise InputError(msg)
        successor = _successor(actor, writer, org, successor_id)
        writer.save_orgs(
            [
                replace(
                    org,
                    status=OrgStatus.WINDING_DOWN,
                    successor_id=successor_id,
                    approved_by=decision.approved_by.strip(),
                    approved_on=decision.approved_on,
                    version=version,
                )
            ]
        )
        _note(writer, org_id, OrgEventKind.WINDING_DOWN, decision, successor_id)
        writer.say(f"开始撤并：{org.name}，由{successor.name}接续", org_id=org_id)


def resume(actor: Actor, store: Store, org_id: OrgId, decision: Decision, *, version: int) -> None:
    """Stop the winding down: the organisation goes on.

    Raises
    ------
    InputError
        It is not being wound down.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        org = org_in_scope(actor, writer, org_id)
        _check_decision(decision, writer.today)
        if org.status is not OrgStatus.WINDING_DOWN:
            msg = f"{org.name}不在撤并中，现为：{org.status.label}"
            raise InputError(msg)
        writer.save_orgs([replace(org, status=OrgStatus.ACTIVE, successor_id=None, version=version)])
        _note(writer, org_id, OrgEventKind.RESUMED, decision, None)
        writer.say(f"停止撤并：{org.name}", org_id=org_id)


def hand_over(
    actor: Actor, store: Store, org_id: OrgId, decision: Decision, *, successor_id: OrgId | None = None, version: int
) -> dict[str, int]:
    """Give everything of an organisation being wound down to its successor, as the decision says; returns counts.

    The members' affiliations change with the organisation as a whole (整建制), by a person's decision; each keeps the
    history of both.

    Raises
    ------
    InputError
        It is not being wound down, has no successor, or its members would end up outside a branch.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        org = org_in_scope(actor, writer, org_id)
        _check_decision(decision, writer.today)
        if org.status is not OrgStatus.WINDING_DOWN:
            msg = f"{org.name}不在撤并中：先登记开始撤并和接续组织"
            raise InputError(msg)
        target = successor_id or org.successor_id
        if target is None:
            msg = f"{org.name}还没有指定接续组织，请先指定"
            raise InputError(msg)
        successor = _successor(actor, writer, org, target)
        _check_members_stay_in_branch(writer, org, successor)
        writer.save_orgs([replace(org, successor_id=target, version=version)])
        moved = writer.hand_over(org_id, target, decision.approved_on, f"{org.name}撤并，整建制转入")
        _note(writer, org_id, OrgEventKind.HANDED_OVER, decision, target, _counts(moved))
        _note(writer, target, OrgEventKind.TAKEN_OVER, decision, org_id, _counts(moved))
        writer.say(f"整建制转接：{org.name} → {successor.name}", org_id=org_id, moved=moved)
    return moved


def obstacles_of(actor: Actor, store: Store, org_id: OrgId) -> Obstacles:
    """Name what stands in the way of abolishing an organisation."""
    require(actor, Action.MANAGE_ORGS)
    with store.reading(actor.scope) as reader:
        org_in_scope(actor, reader, org_id)
        return _obstacles(reader, org_id)


def abolish(actor: Actor, store: Store, org_id: OrgId, decision: Decision, *, version: int) -> tuple[str, ...]:
    """Abolish an organisation on which nothing hangs any more; its rows and history stay. Returns what is left to do.

    Raises
    ------
    InputError
        It has not been wound down, or something still hangs on it: every obstacle is named.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        org = org_in_scope(actor, writer, org_id)
        _check_decision(decision, writer.today)
        if org.status is not OrgStatus.WINDING_DOWN:
            msg = f"{org.name}现为“{org.status.label}”：先登记开始撤并、指定接续组织，再撤销"
            raise InputError(msg)
        found = _obstacles(writer, org_id)
        if found.obstacles:
            msg = f"{org.name}还不能撤销"
            raise InputError(msg, tuple(Fault(text) for text in found.obstacles))
        after = replace(
            org,
            status=OrgStatus.ABOLISHED,
            division_codes=(),
            valid_to=decision.approved_on,
            approved_by=decision.approved_by.strip(),
            approved_on=decision.approved_on,
            version=version,
        )
        writer.save_orgs([after])
        _cover_by_successor(writer, org)
        _note(writer, org_id, OrgEventKind.ABOLISHED, decision, org.successor_id)
        writer.say(f"撤销组织：{org.name}", org_id=org_id)
    return found.notices


def history_of(actor: Actor, store: Store, org_id: OrgId) -> OrgHistory:
    """Return the life of one organisation, the oldest first; open to everybody who may see organisations."""
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org for org in reader.orgs()}
        org = orgs.get(org_id)
        if org is None:
            msg = "该组织已不存在，请刷新后重试"
            raise NotFoundError(msg)
        names = {division.code: division.name for division in reader.divisions()}
        events, coverage = reader.org_events(org_id), reader.org_divisions(org_id)

    def other(event: OrgEvent) -> str:
        found = orgs.get(event.other_org_id)
        return found.name if found else ""

    lines = [
        HistoryLine(event.on, event.kind.label, event.approved_by, other(event), event.note, event.by)
        for event in events
    ]
    if org.founded_on and all(event.kind is not OrgEventKind.FOUNDED for event in events):
        lines.insert(0, HistoryLine(org.founded_on, OrgEventKind.FOUNDED.label))
    covered = tuple((names.get(code, code), first, last) for code, first, last in coverage)
    return OrgHistory(org, tuple(lines), covered)


def _obstacles(reader: Reader, org_id: OrgId) -> Obstacles:
    counts = reader.left_behind(org_id)
    words = tuple(text.format(n=counts[name]) for name, text in OBSTACLES.items() if counts[name])
    return Obstacles(words, (ACCOUNTS.format(n=counts["accounts"]),) if counts["accounts"] else ())


def _check_decision(decision: Decision, today: date) -> None:
    if not decision.approved_by.strip():
        msg = "请填写批准的组织：村（社区）以下组织的设立和撤销，由乡镇（街道）党（工）委以上批准"
        raise InputError(msg)
    if decision.approved_on > today:
        msg = f"批准日期 {decision.approved_on.isoformat()} 在今天之后，请核对"
        raise InputError(msg)


def _successor(actor: Actor, reader: Reader, org: PartyOrg, successor_id: OrgId) -> PartyOrg:
    orgs = reader.orgs()
    found = next((other for other in orgs if other.id == successor_id), None)
    if found is None or found.id == org.id:
        msg = "请另选一个组织作接续组织"
        raise InputError(msg)
    if found.status is not OrgStatus.ACTIVE:
        msg = f"{found.name}{found.status.label}，不能作接续组织"
        raise InputError(msg)
    if org.id in above(found.parent_id, parents_of(orgs)):
        msg = f"{found.name}在{org.name}之下：先改它的上级组织，再作接续组织"
        raise InputError(msg)
    require_orgs(actor, reader, [successor_id])
    return found


def _check_members_stay_in_branch(reader: Reader, org: PartyOrg, successor: PartyOrg) -> None:
    counts = reader.left_behind(org.id) if org.id is not None else {}
    if (counts.get("members") or counts.get("groups") or counts.get("hosts")) and not successor.is_branch:
        msg = f"{org.name}有党员、党小组或中心户，接续组织“{successor.name}”是{successor.kind.label}：请选一个支部"
        raise InputError(msg)
    if counts.get("children") and successor.is_branch:
        msg = f"{org.name}有下级组织，接续组织“{successor.name}”是支部：请先改下级组织的上级"
        raise InputError(msg)


def _cover_by_successor(writer: Writer, org: PartyOrg) -> None:
    """Give the ground of an abolished organisation to its successor: territory is never without one."""
    successor = next((other for other in writer.orgs() if other.id == org.successor_id), None)
    if successor is not None and org.division_codes:
        codes = tuple(sorted({*successor.division_codes, *org.division_codes}))
        writer.save_orgs([replace(successor, division_codes=codes)])


def _note(
    writer: Writer, org_id: OrgId, kind: OrgEventKind, decision: Decision, other: OrgId | None, more: str = ""
) -> None:
    note = "；".join(part for part in (more, decision.note.strip()) if part)
    writer.add_org_event(OrgEvent(org_id, kind, decision.approved_on, decision.approved_by.strip(), other, note))


def _counts(moved: dict[str, int]) -> str:
    words = {
        "members": "党员 {} 名",
        "groups": "党小组 {} 个",
        "hosts": "中心户 {} 户",
        "areas": "片区 {} 个",
        "children": "下级组织 {} 个",
        "venues": "阵地 {} 处",
        "bodies": "牵头联合体 {} 个",
        "seats": "联合体成员 {} 处",
    }
    said = "、".join(text.format(moved[name]) for name, text in words.items() if moved.get(name))
    return said or "没有需要转接的"
