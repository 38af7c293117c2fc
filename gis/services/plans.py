"""Saved plans: list, open, save, copy, rename, discard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError
from gis.model.access import Action
from gis.model.plans import NOT_TOLD, EventKind, IssueLevel, PlanIssue, PlanState, SavedPlan
from gis.services.access import require, require_orgs
from gis.services.founding import PLAN_TOPICS, check_whole
from gis.services.grouping_input import NOT_ASKED
from gis.services.plan_issues import NO_DECISION, NO_REPORT
from gis.services.plan_judging import new_members
from gis.services.plan_keeping import keep_plan
from gis.services.plan_record import Loaded, check_version, judged_now, load_plan, plan_now
from gis.store.writers.plans import NewEvent, PlanCounts

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plan import GroupPlan
    from gis.model.plans import PlanHead
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

MAX_NAME = 100


def list_plans(actor: Actor, store: Store) -> tuple[PlanHead, ...]:
    """List the plans whose branches all lie in the scope, newest first.

    Who may not plan sees plans that were published; roles that see counts only see no names and no numbers of
    members.
    """
    require(actor, Action.VIEW_GROUPS)
    with store.reading(actor.scope) as reader:
        heads = reader.plan_heads(reader.data_version(*PLAN_TOPICS))
        sees_people = reader.sees_people
    if not actor.may(Action.PLAN_GROUPS):
        heads = tuple(one for one in heads if not one.state.is_open)
    if sees_people:
        return heads
    return tuple(_without_persons(one) for one in heads)


def _without_persons(one: PlanHead) -> PlanHead:
    return replace(
        one,
        name=f"方案 {one.id}",
        created_by="",
        updated_by="",
        seated=NOT_TOLD,
        asked=NOT_TOLD,
        scores=replace(one.scores, seated=NOT_TOLD),
    )


def open_plan(actor: Actor, store: Store, plan_id: PlanId) -> SavedPlan:
    """Open a plan as it stands: a draft is judged on the data of today, a published plan shows what was published.

    Raises
    ------
    NotFoundError
        There is no such plan in the actor's scope.
    DeniedError
        The role sees counts only, or drafts are not for it.
    """
    require(actor, Action.VIEW_GROUPS)
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        return opened(actor, reader, load_plan(reader, plan_id), store.today())


def opened(actor: Actor, reader: Reader, loaded: Loaded, today: date) -> SavedPlan:
    """Return the plan that was read, worked out."""
    head = loaded.head
    if head.state.is_open:
        if not actor.may(Action.PLAN_GROUPS):
            msg = "方案发布之后才能查看"
            raise DeniedError(msg)
        judged = judged_now(reader, loaded, today)
        plan = plan_now(loaded, judged)
        issues = (*judged.issues, *new_members(judged, loaded.base))
    else:
        plan, issues = loaded.published or loaded.base, ()
    return SavedPlan(
        head=head,
        plan=plan,
        issues=(*issues, *missing_dates(head)),
        steps=tuple(one.step for one in loaded.record.steps),
        events=loaded.record.events,
        hand_set=tuple(sorted(loaded.seating.hand.items())),
    )


def missing_dates(head: PlanHead) -> tuple[PlanIssue, ...]:
    """Say which dates of R04 a plan past its draft has not got."""
    if head.state in (PlanState.DRAFT, PlanState.STOPPED):
        return ()
    found = []
    if head.decided_on is None:
        found.append(PlanIssue(NO_DECISION, IssueLevel.WARN, "", None, "还没有登记支委会决定日期"))
    if head.reported_on is None:
        found.append(PlanIssue(NO_REPORT, IssueLevel.WARN, "", None, "还没有登记报上级日期"))
    return tuple(found)


def save_plan(actor: Actor, store: Store, plan: GroupPlan, name: str, *, based_on: PlanId | None = None) -> PlanId:
    """Save a proposal as a draft, with its parameters and data version.

    Raises
    ------
    InputError
        The name is empty or too long, or the plan seats people that are not its branches'.
    DeniedError
        One of the plan's branches lies outside the actor's scope.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        require_orgs(actor, writer, plan.branch_ids)
        check_whole(writer, plan)
        if based_on is not None:
            load_plan(writer, based_on)
        plan_id = keep(writer, plan, checked_name(name), based_on=based_on)
        writer.say(f"保存编组方案 {plan_id}", plan=plan_id, groups=len(plan.groups), seated=plan.scores.seated)
    return plan_id


def keep(  # what is saved, and what is known of it
    writer: Writer, plan: GroupPlan, name: str, *, based_on: PlanId | None = None, text: str = "", n_violations: int = 0
) -> PlanId:
    """Write a plan as a draft, with its first event."""
    n_asked = plan.scores.seated + sum(one.code not in NOT_ASKED for one in plan.unseated)
    plan_id = writer.add_saved_plan(
        name,
        plan.branch_ids,
        keep_plan(plan),
        PlanCounts(len(plan.groups), n_asked, plan.scores, n_violations),
        data_version=plan.data_version,
        based_on=based_on,
    )
    writer.add_plan_event(plan_id, NewEvent(EventKind.SAVED, text=text))
    return plan_id


def copy_plan(actor: Actor, store: Store, plan_id: PlanId, name: str) -> PlanId:
    """Save a plan as it stands, in whatever state, as a new draft based on it.

    A published plan is copied as it was published, with the data version of then: it is refreshed before it can be
    published anew.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        loaded = load_plan(writer, plan_id)
        shown = opened(actor, writer, loaded, store.today())
        plan = replace(shown.plan, data_version=loaded.head.data_version)
        n_violations = sum(issue.level is IssueLevel.BLOCK for issue in shown.issues)
        text = f"由方案 {plan_id}“{loaded.head.name}”另存"
        new_id = keep(writer, plan, checked_name(name), based_on=plan_id, text=text, n_violations=n_violations)
        writer.say(f"由编组方案 {plan_id} 另存为 {new_id}", plan=new_id, based_on=plan_id)
    return new_id


def rename_plan(actor: Actor, store: Store, plan_id: PlanId, name: str, version: int) -> None:
    """Rename a plan that has not been published.

    Raises
    ------
    InputError
        The name is empty or too long, or the plan was published.
    StaleError
        Somebody changed the plan since `version`.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        head = load_plan(writer, plan_id).head
        check_version(head, version)
        _check_open(head)
        writer.change_saved_plan(plan_id, version, {"name": checked_name(name)})
        writer.add_plan_event(plan_id, NewEvent(EventKind.RENAMED, text=f"原名“{head.name}”"))
        writer.say(f"编组方案 {plan_id} 改名", plan=plan_id)


def discard_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> None:
    """Discard a plan that has not been published; it leaves the lists, its rows stay.

    Raises
    ------
    InputError
        The plan was published.
    StaleError
        Somebody changed the plan since `version`.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        head = load_plan(writer, plan_id).head
        check_version(head, version)
        _check_open(head)
        writer.add_plan_event(plan_id, NewEvent(EventKind.DISCARDED))
        writer.change_saved_plan(plan_id, version, {"discarded_at": writer.now})
        writer.say(f"作废编组方案 {plan_id}", plan=plan_id)


def _check_open(head: PlanHead) -> None:
    if not head.state.is_open:
        msg = f"方案处于“{head.state.label}”，不能改名或作废"
        raise InputError(msg)


def checked_name(name: str) -> str:
    """Return the name without blanks at its ends.

    Raises
    ------
    InputError
        It is empty or too long.
    """
    found = " ".join(name.split())
    if not found or len(found) > MAX_NAME:
        msg = f"方案名称请填 1 到 {MAX_NAME} 个字"
        raise InputError(msg)
    return found
