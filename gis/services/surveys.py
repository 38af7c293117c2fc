"""走访摸排: who is to be visited by when, what came of it, and how far each branch has come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action
from gis.model.contact import ContactChannel, ContactEntry, Survey, SurveyResult, SurveyTarget
from gis.model.ids import SurveyId
from gis.services.access import require, require_orgs
from gis.services.card_editing import open_for_edit
from gis.services.cards import place_of
from gis.services.contacts import checked_entry
from gis.services.phones import masked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

LONGEST_NAME, LONGEST_TEXT = 200, 500
CONFIRMS = frozenset({SurveyResult.VERIFIED, SurveyResult.CHANGED})
#: Results at which somebody spoke with the member
MET = CONFIRMS | {SurveyResult.DECLINED}


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """A survey of the members in transition of an organisation and all below it, or of `member_ids` among them.

    `assignees` names who visits, by branch; empty where the branch decides later.
    """

    name: str
    org_id: OrgId
    due_on: date
    started_on: date | None = None
    note: str = ""
    member_ids: tuple[MemberId, ...] = ()
    assignees: Mapping[OrgId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of going to one member; `on_day` None: today."""

    result: SurveyResult
    by_name: str
    on_day: date | None = None
    note: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a branch, or a whole survey, has come; the first three add up to `targets`."""

    branch: str
    targets: int
    verified: int
    other: int
    open: int
    not_home: int
    overdue: int


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One survey on a list."""

    survey: Survey
    org: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One member to visit, or visited; the phone is masked."""

    member_id: MemberId
    name: str
    branch: str
    place: str
    phone: str
    target: SurveyTarget
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SurveyView:
    """One survey with its members and the progress of each branch, as of `as_of`."""

    survey: Survey
    org: str
    total: Progress
    branches: tuple[Progress, ...]
    targets: tuple[TargetLine, ...]
    as_of: date


def create_survey(actor: Actor, store: Store, wanted: NewSurvey) -> SurveyId:
    """Start a survey.

    Raises
    ------
    InputError
        No name, days in the wrong order, or nobody in transition to visit.
    DeniedError
        The organisation, or a member named, lies outside the scope.
    """
    require(actor, Action.RUN_SURVEYS)
    with store.writing(actor, Action.RUN_SURVEYS) as writer:
        require_orgs(actor, writer, [wanted.org_id])
        survey = _checked(wanted, writer.today)
        members = _to_visit(writer, wanted)
        targets = {one.id: wanted.assignees.get(one.branch_id, "") for one in members if one.id is not None}
        survey_id = writer.add_survey(survey, targets)
        writer.say(f"开展走访摸排，名单 {len(targets)} 名", survey_id=int(survey_id), targets=len(targets))
    return survey_id


def _checked(wanted: NewSurvey, today: date) -> Survey:
    name, started = wanted.name.strip(), wanted.started_on or today
    if not name or len(name) > LONGEST_NAME:
        msg = f"给这次摸排起个名称，不超过 {LONGEST_NAME} 字，例如“2026 年下半年走访摸排”"
        raise InputError(msg)
    if wanted.due_on < started:
        msg = "应完成日期不能早于开始日期"
        raise InputError(msg)
    if len(wanted.note) > LONGEST_TEXT:
        msg = f"要求不超过 {LONGEST_TEXT} 字"
        raise InputError(msg)
    return Survey(SurveyId(0), name, wanted.org_id, started, wanted.due_on, note=wanted.note.strip())


def _to_visit(writer: Writer, wanted: NewSurvey) -> list[Member]:
    below = subtree(writer.orgs(), wanted.org_id)
    members = [one for one in writer.members(below, in_transition_only=True) if one.restricted_on is None]
    if wanted.member_ids:
        chosen = frozenset(wanted.member_ids)
        if not chosen <= {one.id for one in members}:
            msg = "名单里有人不在这个组织的过渡期党员中，请重新选择"
            raise DeniedError(msg)
        members = [one for one in members if one.id in chosen]
    if not members:
        msg = "这个组织现在没有返迁过渡期党员，不需要摸排"
        raise InputError(msg)
    return members


def org_named(actor: Actor, store: Store, name: str) -> OrgId:
    """Return the organisation of the scope with this name; "" is the highest.

    Raises
    ------
    NotFoundError
        There is none within the scope.
    """
    require(actor, Action.RUN_SURVEYS)
    with store.reading(actor.scope) as reader:
        ours = [org for org in reader.orgs() if org.id in reader.org_ids_in_scope]
    there = {org.id for org in ours}
    found = [one.id for one in ours if one.name == name or (not name and one.parent_id not in there)]
    if not found or found[0] is None:
        msg = f"管理范围内没有组织“{name}”" if name else "管理范围内还没有党组织"
        raise NotFoundError(msg)
    return found[0]


def orgs_to_survey(actor: Actor, store: Store) -> dict[OrgId, str]:
    """Name the organisations of the scope that have members in transition below them, the highest first."""
    require(actor, Action.RUN_SURVEYS)
    with store.reading(actor.scope) as reader:
        orgs = reader.orgs()
        with_members = {one.branch_id for one in reader.members(in_transition_only=True)}
        ours = reader.org_ids_in_scope
    return {
        org.id: org.name
        for org in orgs
        if org.id is not None and org.id in ours and subtree(orgs, org.id) & with_members
    }


def subtree(orgs: Iterable[PartyOrg], top: OrgId) -> frozenset[OrgId]:
    """Return an organisation and all below it."""
    children: dict[OrgId | None, list[OrgId]] = {}
    for org in orgs:
        if org.id is not None:
            children.setdefault(org.parent_id, []).append(org.id)
    found, queue = {top}, [top]
    while queue:
        new = [one for one in children.get(queue.pop(), ()) if one not in found]
        found.update(new)
        queue += new
    return frozenset(found)


def list_surveys(actor: Actor, store: Store) -> tuple[SurveyLine, ...]:
    """List the surveys of the scope with their progress, the latest first."""
    require(actor, Action.LOG_CONTACTS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        names = {org.id: org.name for org in reader.orgs()}
        by_survey: dict[SurveyId, list[SurveyTarget]] = {}
        for target in reader.survey_targets():
            by_survey.setdefault(target.survey_id, []).append(target)
        return tuple(
            SurveyLine(one, names.get(one.org_id, ""), progress_of("全部", one, by_survey.get(one.id, ()), today))
            for one in reader.surveys()
        )


def survey_view(actor: Actor, store: Store, survey_id: SurveyId) -> SurveyView:
    """Open one survey: everybody on it whom the scope may see.

    Raises
    ------
    NotFoundError
        There is no such survey within the scope.
    """
    require(actor, Action.LOG_CONTACTS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        survey = _survey(reader, survey_id)
        names = {org.id: org.name for org in reader.orgs()}
        who = {one.id: one for one in reader.members(include_left=True)}
        pairs = [(who[one.member_id], one) for one in reader.survey_targets(survey_id) if one.member_id in who]
    by_branch: dict[OrgId, list[SurveyTarget]] = {}
    for member, target in pairs:
        by_branch.setdefault(member.branch_id, []).append(target)
    return SurveyView(
        survey=survey,
        org=names.get(survey.org_id, ""),
        total=progress_of("合计", survey, [target for _, target in pairs], today),
        branches=tuple(
            progress_of(names.get(branch, ""), survey, targets, today) for branch, targets in sorted(by_branch.items())
        ),
        targets=tuple(_line(member, target, names, survey, today) for member, target in pairs),
        as_of=today,
    )


def _line(
    member: Member, target: SurveyTarget, names: Mapping[OrgId | None, str], survey: Survey, today: date
) -> TargetLine:
    return TargetLine(
        member_id=target.member_id,
        name=member.name,
        branch=names.get(member.branch_id, ""),
        place=place_of(member),
        phone=masked(member.phone or member.phone2),
        target=target,
        is_overdue=_is_late(survey, today) and not target.is_done,
    )


def progress_of(branch: str, survey: Survey, targets: Sequence[SurveyTarget], today: date) -> Progress:
    """Count how far the visits have come."""
    verified = sum(one.result in CONFIRMS for one in targets)
    done = sum(one.is_done for one in targets)
    still = len(targets) - done
    return Progress(
        branch=branch,
        targets=len(targets),
        verified=verified,
        other=done - verified,
        open=still,
        not_home=sum(one.result is SurveyResult.NOT_HOME for one in targets),
        overdue=still if _is_late(survey, today) else 0,
    )


def _is_late(survey: Survey, today: date) -> bool:
    return today > survey.due_on


def record_visit(actor: Actor, store: Store, survey_id: SurveyId, member_id: MemberId, visit: Visit) -> None:
    """Keep what came of a visit: the survey, the contact log, and, where confirmed, the date on card and address.

    Raises
    ------
    InputError
        The survey is closed, the day lies in the future or before its start, or nobody is named.
    NotFoundError
        The survey, or the member on it, is not within the scope.
    """
    require(actor, Action.LOG_CONTACTS)
    with store.writing(actor, Action.LOG_CONTACTS) as writer:
        survey = _survey(writer, survey_id)
        if survey.closed_on is not None:
            msg = "这次摸排已经结束，不再登记；要登记联系情况，请到联系卡的“联系记录”"
            raise InputError(msg)
        day = visit.on_day or writer.today
        if day < survey.started_on:
            msg = f"走访日期不能早于摸排开始的 {survey.started_on.isoformat()}"
            raise InputError(msg)
        open_for_edit(writer, member_id)
        entry = ContactEntry(
            day, ContactChannel.VISIT, visit.by_name, visit.result in MET, visit.next_on, _said(survey, visit)
        )
        kept = checked_entry(entry, writer.today)
        by = actor.display_name or actor.name
        writer.record_target(SurveyTarget(survey_id, member_id, kept.by_name, visit.result, day, by[:100]))
        writer.add_contact(member_id, kept)
        if visit.result in CONFIRMS:
            _confirm(writer, member_id, day, kept.by_name)
        writer.say(f"登记摸排走访：{visit.result.label}", survey_id=int(survey_id), member_id=member_id)


def _said(survey: Survey, visit: Visit) -> str:
    return visit.note or f"走访摸排：{visit.result.label}（{survey.name}）"[:100]


def _confirm(writer: Writer, member_id: MemberId, day: date, by_name: str) -> None:
    """Date the address and the card; an older visit that is written up late does not undo a newer one."""
    card = writer.cards([member_id]).get(member_id)
    if card is None or (card.verified_on is not None and card.verified_on > day):
        return
    writer.verify_home(member_id, day, by_name)
    writer.save_card(replace(card, verified_on=day, verified_by=by_name[:100]))


def assign_visits(
    actor: Actor, store: Store, survey_id: SurveyId, assignee: str, member_ids: Collection[MemberId]
) -> None:
    """Say who is to visit these members.

    Raises
    ------
    NotFoundError
        The survey, or a member on it, is not within the scope.
    """
    require(actor, Action.RUN_SURVEYS)
    with store.writing(actor, Action.RUN_SURVEYS) as writer:
        _survey(writer, survey_id)
        there = {one.member_id for one in writer.survey_targets(survey_id)}
        if not frozenset(member_ids) <= there:
            msg = "名单里有人不在这次摸排中，请刷新后重试"
            raise NotFoundError(msg)
        if len(assignee) > 100:  # noqa: PLR2004  # the column
            msg = "走访人姓名不超过 100 字"
            raise InputError(msg)
        writer.assign_targets(survey_id, dict.fromkeys(member_ids, assignee.strip()))
        writer.say(f"安排走访人，{len(member_ids)} 名", survey_id=int(survey_id))


def close_survey(actor: Actor, store: Store, survey_id: SurveyId) -> None:
    """End a survey; what is still open stays open on it.

    Raises
    ------
    InputError
        It has ended already.
    DeniedError
        It is another organisation's.
    NotFoundError
        There is no such survey within the scope.
    """
    require(actor, Action.RUN_SURVEYS)
    with store.writing(actor, Action.RUN_SURVEYS) as writer:
        survey = _survey(writer, survey_id)
        require_orgs(actor, writer, [survey.org_id])
        if survey.closed_on is not None:
            msg = f"这次摸排已于 {survey.closed_on.isoformat()} 结束"
            raise InputError(msg)
        writer.close_survey(survey_id, survey.version)
        writer.say("结束一次走访摸排", survey_id=int(survey_id))


def _survey(reader: Reader, survey_id: SurveyId) -> Survey:
    found = next((one for one in reader.surveys() if one.id == survey_id), None)
    if found is None:
        msg = f"管理范围内没有编号为 {survey_id} 的走访摸排"
        raise NotFoundError(msg)
    return found
