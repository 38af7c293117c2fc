"""Found and correct organisations: what a list of organisations does not carry, with history."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action
from gis.model.bodies import OrgEvent, OrgEventKind
from gis.model.enums import BRANCH_KINDS, OrgStatus
from gis.model.organisation import PartyOrg
from gis.model.rules import Subject, SubjectKind
from gis.services.access import require, require_orgs
from gis.services.org_checks import check_org, new_findings, refuse_or_ask
from gis.services.rules import keep_rules, refuse, violations_for_change

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.enums import CommunityKind, OrgKind
    from gis.model.ids import OrgId
    from gis.store.database import Store
    from gis.store.reader import Reader

LONGEST_PHONE, MOST_PEOPLE = 64, 50
PHONE_LETTERS = frozenset("0123456789-+() /、，,转（）")
LABELS = {
    "name": "名称",
    "kind": "类别",
    "parent_id": "上级组织",
    "code": "组织编码",
    "community_kind": "社区类型",
    "division_codes": "覆盖的区划",
    "founded_on": "成立日期",
    "term_ends_on": "任期届满日期",
    "committee_size": "委员人数",
    "task_body": "依托的临时机构",
    "unit_count": "联合单位数",
    "office_phone": "办公电话",
    "approved_by": "批准的组织",
    "approved_on": "批准日期",
}


@dataclass(frozen=True, slots=True)
class OrgForm:
    """Everything about an organisation that a person may set; its life is in `org_life`."""

    name: str
    kind: OrgKind
    parent_id: OrgId | None = None
    code: str = ""
    community_kind: CommunityKind | None = None
    division_codes: tuple[str, ...] = ()
    founded_on: date | None = None
    term_ends_on: date | None = None
    committee_size: int | None = None
    task_body: str = ""
    unit_count: int | None = None
    office_phone: str = ""
    approved_by: str = ""
    approved_on: date | None = None


def form_of(org: PartyOrg) -> OrgForm:
    """Return what is set now."""
    return OrgForm(**{field.name: getattr(org, field.name) for field in fields(OrgForm)})


def org_named(actor: Actor, store: Store, text: str) -> PartyOrg:
    """Return the organisation with this name, code or number.

    Raises
    ------
    NotFoundError
        There is none.
    """
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        orgs = reader.orgs()
    exact = [org for org in orgs if text in (org.name, org.code, str(org.id))]
    near = exact or [org for org in orgs if text and text in org.name]
    if len(near) == 1 or exact:
        return near[0]
    shown = "、".join(f"{org.name}（{org.id}）" for org in near[:5])
    msg = f"有几个组织的名称含“{text}”：{shown}，请写全称或编号" if near else f"没有组织“{text}”，见 jiujin org tree"
    raise NotFoundError(msg)


def add_org(actor: Actor, store: Store, form: OrgForm, *, reason: str = "") -> OrgId:
    """Found an organisation below one of the actor's scope; only the street founds one at the top.

    Raises
    ------
    InputError
        A rule stops it, or asks for a reason.
    DeniedError
        The place is outside the scope.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        _require_place(actor, writer, form.parent_id)
        org = PartyOrg(id=None, **_values(form))
        check_form(writer, org, None, reason)
        (org_id,) = writer.save_orgs([org])
        refuse(violations_for_change(writer, Subject(SubjectKind.ORG, org_id), writer.today, (org_id,)), reason)
        on = form.founded_on or writer.today
        writer.add_org_event(
            OrgEvent(org_id, OrgEventKind.FOUNDED, on, form.approved_by, form.parent_id, reason.strip())
        )
        writer.say(f"新设组织：{form.name}", org_id=org_id)
    return org_id


def edit_org(actor: Actor, store: Store, org_id: OrgId, form: OrgForm, version: int, *, reason: str = "") -> bool:
    """Correct an organisation of the actor's scope; whether anything changed.

    Raises
    ------
    InputError
        A rule stops the change, or asks for a reason.
    StaleError
        Somebody changed it since `version`.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        before = org_in_scope(actor, writer, org_id)
        if form.parent_id != before.parent_id:
            _require_place(actor, writer, form.parent_id)
        after = replace(before, **_values(form), version=version)
        changed = [name for name in LABELS if getattr(after, name) != getattr(before, name)]
        if not changed:
            return False
        check_form(writer, after, before, reason)
        with keep_rules(writer, (org_id,), reason):
            writer.save_orgs([after])
        writer.add_org_event(
            OrgEvent(org_id, OrgEventKind.CHANGED, writer.today, note=_said(writer, before, after, changed, reason))
        )
        writer.say(f"修改组织：{before.name}（{'、'.join(LABELS[name] for name in changed)}）", org_id=org_id)
    return True


def org_in_scope(actor: Actor, reader: Reader, org_id: OrgId) -> PartyOrg:
    """Return an organisation that the actor may manage; raises NotFoundError or DeniedError."""
    org = next((org for org in reader.orgs() if org.id == org_id), None)
    if org is None:
        msg = "该组织已不存在，请刷新后重试"
        raise NotFoundError(msg)
    require_orgs(actor, reader, [org_id])
    return org


def check_form(reader: Reader, after: PartyOrg, before: PartyOrg | None, reason: str) -> None:
    """Refuse or ask; what was wrong before does not stop an unrelated correction."""
    _check_values(after, before)
    orgs = reader.orgs()
    _check_divisions(reader, after)
    if before is not None and before.kind in BRANCH_KINDS and after.kind not in BRANCH_KINDS:
        count = reader.left_behind(before.id)["members"] if before.id is not None else 0
        if count:
            msg = f"{before.name}还有 {count} 名党员，不能改为{after.kind.label}：党员须在支部"
            raise InputError(msg)
    full = _full_members(reader, after.id)
    known = check_org(before, orgs, full) if before is not None else ()
    refuse_or_ask(new_findings(known, check_org(after, orgs, full)), reason)


def _values(form: OrgForm) -> dict[str, Any]:
    values = {field.name: getattr(form, field.name) for field in fields(form)}
    return {
        name: value.strip() if isinstance(value, str) and name != "kind" else value for name, value in values.items()
    }


def _require_place(actor: Actor, reader: Reader, parent_id: OrgId | None) -> None:
    if parent_id is not None:
        require_orgs(actor, reader, [parent_id])
    elif not actor.scope.whole_street:
        msg = "请选择上级组织：最上一级组织由街道设立"
        raise DeniedError(msg)


def _check_values(org: PartyOrg, before: PartyOrg | None) -> None:
    if before is not None and before.status is OrgStatus.ABOLISHED:
        msg = f"{before.name}已撤销，历史保留，不能再改"
        raise InputError(msg)
    for text, label, most in ((org.name, "名称", 200), (org.task_body, "依托的临时机构", 200), (org.code, "编码", 64)):
        if len(text) > most:
            msg = f"{label}不超过 {most} 字，现在 {len(text)} 字"
            raise InputError(msg)
    phone = org.office_phone
    if len(phone) > LONGEST_PHONE or any(letter not in PHONE_LETTERS for letter in phone):
        msg = f"办公电话“{phone}”无法识别：请填号码，例如 0000-5550101 转 8"
        raise InputError(msg)
    for number, label in ((org.committee_size, "委员人数"), (org.unit_count, "联合单位数")):
        if number is not None and not 1 <= number <= MOST_PEOPLE:
            msg = f"{label}请填 1 到 {MOST_PEOPLE} 之间的整数"
            raise InputError(msg)
    if org.founded_on and org.term_ends_on and org.term_ends_on <= org.founded_on:
        msg = "任期届满日期应在成立日期之后"
        raise InputError(msg)


def _check_divisions(reader: Reader, org: PartyOrg) -> None:
    known = {division.code for division in reader.divisions()}
    unknown = [code for code in org.division_codes if code not in known]
    if unknown:
        msg = f"区划里没有 {'、'.join(unknown[:3])}：请先在“数据”页导入区划"
        raise InputError(msg)


def _full_members(reader: Reader, org_id: OrgId | None) -> int:
    return sum(one.is_full for one in reader.members([org_id])) if org_id is not None else 0


def _said(reader: Reader, before: PartyOrg, after: PartyOrg, changed: list[str], reason: str) -> str:
    names = {org.id: org.name for org in reader.orgs()}

    def words(org: PartyOrg, name: str) -> str:
        value = getattr(org, name)
        if name == "parent_id":
            return names.get(value, "无")
        label = getattr(value, "label", None)
        text = "、".join(value) if isinstance(value, tuple) else str(label or value or "")
        return text or "未填"

    parts = [f"{LABELS[name]}：{words(before, name)} → {words(after, name)}" for name in changed]
    said = "；".join([*parts, f"理由：{reason.strip()}"] if reason.strip() else parts)
    return said if len(said) <= 500 else said[:499] + "…"  # noqa: PLR2004  # width of the column
