"""告知与同意: what a member was told and answered, matter by matter; a no takes effect at once and everywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.rights import Consent, ConsentAnswer, ConsentMethod, ConsentScope
from gis.services.access import require
from gis.services.consent_notice import NOTICE_VERSION
from gis.services.exports import delete_file, files_about

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

#: Matters that may not happen before the member said yes
ASK_FIRST = frozenset({ConsentScope.CARE, ConsentScope.PUBLIC_DISPLAY, ConsentScope.SHARE_WITH})
MAX_WITNESS = 100


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One answer as it is registered; `given_on` None is today. Oral answers name the witness."""

    scope: ConsentScope
    answer: ConsentAnswer
    method: ConsentMethod = ConsentMethod.PAPER
    witness: str = ""
    given_on: date | None = None
    share_org_id: OrgId | None = None
    scan_ref: str = ""


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Where a member stands on one matter: the answer in force, or that none was ever given."""

    scope: ConsentScope
    last: Consent | None
    share_org: str = ""

    @property
    def word(self) -> str:
        """Say it in a word."""
        if self.last is None:
            return "未告知"
        if self.last.answer is ConsentAnswer.REFUSED:
            return "不同意"
        return "已撤回" if self.last.withdrawn_on is not None else "同意"

    @property
    def is_allowed(self) -> bool:
        """Whether what the matter is about may be done."""
        if self.last is None:
            return self.scope not in ASK_FIRST
        return not self.last.is_refusal


@dataclass(frozen=True, slots=True)
class MemberConsents:
    """All matters of one member."""

    member_id: MemberId
    name: str
    branch: str
    states: tuple[ConsentState, ...]
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class ConsentOutcome:
    """What an answer led to, in sentences for the person at the desk."""

    effects: tuple[str, ...]


def may_show_exactly(reader: Reader, member_ids: Collection[MemberId]) -> frozenset[MemberId]:
    """Return those of these members whose exact home may be known: who has not refused it, nor withdrawn."""
    return frozenset(member_ids) - reader.refused(ConsentScope.EXACT_LOCATION)


def list_consents(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None
) -> tuple[MemberConsents, ...]:
    """List the members in scope with where each stands on each matter, those in transition first."""
    require(actor, Action.MANAGE_CONSENT)
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org.name for org in reader.orgs()}
        said: dict[MemberId, list[Consent]] = {}
        for one in reader.consents():
            said.setdefault(one.member_id, []).append(one)
        members = [one for one in reader.members(branch_ids) if one.id is not None]
        return tuple(
            MemberConsents(
                member_id=member.id,
                name=member.name,
                branch=orgs.get(member.branch_id, ""),
                states=states_of(said.get(member.id, []), orgs),
                is_restricted=member.restricted_on is not None,
            )
            for member in sorted(members, key=lambda one: (not one.is_in_transition, one.branch_id, one.id))
            if member.id is not None
        )


def states_of(said: Collection[Consent], orgs: dict[OrgId | None, str]) -> tuple[ConsentState, ...]:
    """Return where a member stands: one state for each matter, of sharing one for each organisation."""
    last: dict[tuple[ConsentScope, OrgId | None], Consent] = {}
    for one in sorted(said, key=lambda consent: consent.id or 0):
        last[one.scope, one.share_org_id] = one
    plain = [
        ConsentState(scope, last.get((scope, None))) for scope in ConsentScope if scope is not ConsentScope.SHARE_WITH
    ]
    shares = [
        ConsentState(scope, one, orgs.get(org, ""))
        for (scope, org), one in sorted(last.items(), key=lambda pair: pair[1].id or 0)
        if scope is ConsentScope.SHARE_WITH
    ]
    return (*plain, *(shares or [ConsentState(ConsentScope.SHARE_WITH, None)]))


def record_consent(actor: Actor, store: Store, member_id: MemberId, entry: ConsentEntry) -> ConsentOutcome:
    """Register an answer; a no takes effect in the same transaction.

    Raises
    ------
    InputError
        An oral answer without a witness, sharing without an organisation, or a day in the future.
    NotFoundError
        The member is not in scope.
    """
    require(actor, Action.MANAGE_CONSENT)
    with store.writing(actor, Action.MANAGE_CONSENT) as writer:
        effects = register(writer, _member(writer, member_id), entry)
        writer.say(f"登记一名党员对“{entry.scope.label}”的意见", member_id=member_id)
    if entry.answer is ConsentAnswer.REFUSED:
        store.erase_traces()
    return ConsentOutcome(effects)


def register(writer: Writer, member: Member, entry: ConsentEntry) -> tuple[str, ...]:
    """Register an answer inside a transaction; the caller has the traces erased after a no."""
    if member.id is None:
        msg = "党员记录不完整，请刷新后重试"
        raise NotFoundError(msg)
    given_on = entry.given_on or writer.today
    _check(writer, entry, given_on)
    consent = Consent(
        member_id=member.id,
        scope=entry.scope,
        answer=entry.answer,
        given_on=given_on,
        method=entry.method,
        witness=entry.witness.strip(),
        notice_version=NOTICE_VERSION,
        share_org_id=entry.share_org_id,
        scan_ref=entry.scan_ref.strip(),
    )
    writer.add_consent(consent)
    return _take_effect(writer, member, entry.scope) if entry.answer is ConsentAnswer.REFUSED else ("已登记",)


def withdraw_consent(
    actor: Actor, store: Store, member_id: MemberId, scope: ConsentScope, *, share_org_id: OrgId | None = None
) -> ConsentOutcome:
    """Withdraw an answer in force as of today; it is then as if refused.

    Raises
    ------
    InputError
        There is no consent in force to withdraw.
    """
    require(actor, Action.MANAGE_CONSENT)
    with store.writing(actor, Action.MANAGE_CONSENT) as writer:
        member = _member(writer, member_id)
        given = [
            one
            for one in writer.consents([member_id])
            if one.scope is scope and one.share_org_id == share_org_id and not one.is_refusal
        ]
        if not given:
            msg = f"没有可撤回的同意：{scope.label}。如果本人不同意，请登记“不同意”"
            raise InputError(msg)
        writer.end_consent(member_id, scope, writer.today, org_id=share_org_id)
        effects = _take_effect(writer, member, scope)
        writer.say(f"一名党员撤回对“{scope.label}”的同意", member_id=member_id)
    store.erase_traces()
    return ConsentOutcome(effects)


def _member(writer: Writer, member_id: MemberId) -> Member:
    member = next((one for one in writer.members(include_left=True) if one.id == member_id), None)
    if member is None:
        msg = "没有这名党员，或不在管理范围内"
        raise NotFoundError(msg)
    return replace(member)


def _check(writer: Writer, entry: ConsentEntry, given_on: date) -> None:
    if entry.method is ConsentMethod.ORAL_WITNESSED and not entry.witness.strip():
        msg = "口头表示须有见证人：请填写见证人姓名"
        raise InputError(msg)
    if len(entry.witness) > MAX_WITNESS:
        msg = f"见证人请写姓名，不超过 {MAX_WITNESS} 字"
        raise InputError(msg)
    if given_on > writer.today:
        msg = "表示日期不能晚于今天"
        raise InputError(msg)
    is_named = entry.share_org_id is not None and any(org.id == entry.share_org_id for org in writer.orgs())
    if (entry.scope is ConsentScope.SHARE_WITH) != is_named or (entry.share_org_id is not None and not is_named):
        msg = "“提供给其他组织”须写明是哪个组织，其他事项不写组织"
        raise InputError(msg)


def _take_effect(writer: Writer, member: Member, scope: ConsentScope) -> tuple[str, ...]:
    """Do what a no means; returns what was done."""
    if member.id is None:
        return ()
    if scope is ConsentScope.EXACT_LOCATION:
        return _forget_home(writer, member.id)
    if scope is ConsentScope.MOBILITY:
        had = writer.clear_mobility(member.id)
        return ("行动能力和步行上限已清除" if had else "没有登记过行动能力", "以后不再登记，可随时改为同意")
    if scope is ConsentScope.CARE:
        number = writer.delete_care(member.id)
        return (f"关爱需要和结对共 {number} 条已删除" if number else "没有登记过关爱需要",)
    if scope is ConsentScope.BASIC:
        writer.restrict(member.id, writer.today)
        return ("已限制处理：不列入名单、方案和导出；组织关系所必需的信息按党内规定保留",)
    return ("已登记，不再公开展示" if scope is ConsentScope.PUBLIC_DISPLAY else "已登记，不再提供给该组织",)


def _forget_home(writer: Writer, member_id: MemberId) -> tuple[str, ...]:
    counts = writer.make_homes_rough([member_id])
    files = files_about(writer, member_id)
    for one in files:
        delete_file(one)
        if one.id is not None:
            writer.close_export(one.id, writer.today)
    effects = [f"住址只保留到网格（含历史住址 {counts.get('residence_history', 0)} 条），地图和测算按网格计算"]
    if counts.get("host_household"):
        effects.append("其家是党员中心户，已暂停：请为在此活动的小组另定地点")
    if files:
        effects.append(f"已删除含其信息的导出文件 {len(files)} 个")
    return tuple(effects)
