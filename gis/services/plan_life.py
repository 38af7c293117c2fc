"""Life of a saved plan: review, decision, report, publishing, running, stop; each with who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.model.access import Action
from gis.model.office_day import local_day
from gis.model.plans import EventKind, IssueLevel, PlanState
from gis.planning.rules import Rule
from gis.services.access import require
from gis.services.founding import PLAN_TOPICS, Papers, check_whole, found
from gis.services.plan_keeping import keep_plan
from gis.services.plan_record import check_version, judged_now, load_plan, plan_now, stale_error
from gis.store.writers.plans import NewEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import PlanId, RunId
    from gis.model.plan import GroupPlan
    from gis.model.plans import PlanHead, PlanIssue
    from gis.services.plan_record import Loaded
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

FIRST_YEAR = 2000  # resettlement of the kind began later
MAX_REASON = 200
_R04 = "党小组设置由支部委员会决定并报上级"
_NO_DECISION = f"没有登记支委会决定日期（{_R04}）"
_NO_REPORT = f"没有登记报上级日期（{_R04}）"
#: Warnings that somebody has to answer for; sizes off the target are only shown
_ASKS = frozenset({Rule.WALK_LIMIT.value, Rule.REQUIRED.value, Rule.MIN_GROUPS.value})


def submit_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> None:
    """Hand a draft to the branch committee.

    Raises
    ------
    InputError
        The plan is no draft, or has no group.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        head = _head(writer, plan_id, version)
        _check_state(head, (PlanState.DRAFT,), "提交审核")
        if not head.n_groups:
            msg = "方案里没有一个小组，不能提交"
            raise InputError(msg)
        _go(writer, head, PlanState.REVIEW, NewEvent(EventKind.SUBMITTED))


def send_back(actor: Actor, store: Store, plan_id: PlanId, version: int, reason: str) -> None:
    """Send a plan under review or reported back to draft; its dates are taken back, for what they said may change.

    Raises
    ------
    InputError
        The plan is in another state, or no reason is given.
    """
    require(actor, Action.ADOPT_GROUPS)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        head = _head(writer, plan_id, version)
        _check_state(head, (PlanState.REVIEW, PlanState.REPORTED), "退回")
        event = NewEvent(EventKind.SENT_BACK, reason=_reason(reason, "退回"))
        _go(writer, head, PlanState.DRAFT, event, {"decided_on": None, "reported_on": None})


def decide_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, decided_on: date) -> None:
    """Note the day on which the branch committee decided a plan under review.

    Raises
    ------
    InputError
        The plan is in another state, or the day is yet to come.
    """
    require(actor, Action.ADOPT_GROUPS)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        head = _head(writer, plan_id, version)
        _check_state(head, (PlanState.REVIEW, PlanState.REPORTED), "登记支委会决定")
        _check_day(decided_on, writer.today, "支委会决定日期")
        event = NewEvent(EventKind.DECIDED, day=decided_on)
        _go(writer, head, head.state, event, {"decided_on": decided_on})


def report_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, reported_on: date) -> None:
    """Note the day on which a plan was reported to the level above.

    A plan already in force may be reported later: R04 asks for the report, not for an approval.

    Raises
    ------
    InputError
        The plan is a draft or stopped, the day is yet to come, or lies before the decision.
    """
    require(actor, Action.ADOPT_GROUPS)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        head = _head(writer, plan_id, version)
        may = (PlanState.REVIEW, PlanState.REPORTED, PlanState.PUBLISHED, PlanState.RUNNING)
        _check_state(head, may, "登记报上级")
        _check_day(reported_on, writer.today, "报上级日期")
        if head.decided_on is not None and reported_on < head.decided_on:
            msg = f"报上级日期不能早于支委会决定日期 {head.decided_on.isoformat()}"
            raise InputError(msg)
        state = PlanState.REPORTED if head.state.is_open else head.state
        if head.run_id is not None:
            writer.date_run_report(head.run_id, reported_on)
        _go(writer, head, state, NewEvent(EventKind.REPORTED, day=reported_on), {"reported_on": reported_on})


def publish_warnings(actor: Actor, store: Store, plan_id: PlanId) -> tuple[str, ...]:
    """List what publishing now asks a reason for: missing dates (R04), and rules that somebody decided against.

    Raises
    ------
    NotFoundError
        There is no such plan in the actor's scope.
    """
    require(actor, Action.ADOPT_GROUPS)
    with store.reading(actor.scope) as reader:
        loaded = load_plan(reader, plan_id)
        issues = judged_now(reader, loaded, store.today()).issues if loaded.head.state.is_open else ()
    return _warnings(loaded.head, issues)


def publish_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, reason: str = "") -> RunId:
    """Found the groups and memberships in one transaction; plans in force of the same branches are superseded.

    Raises
    ------
    StaleError
        Somebody changed the plan since `version` (or published it), or people, places or groups changed since the plan
        was worked out; says both versions and, where known, who changed what.
    InputError
        A rule is broken that blocks; or something asks for a reason and none is given.
    """
    require(actor, Action.ADOPT_GROUPS)
    today, reason = store.today(), _short(reason, "发布")
    with store.reading(actor.scope) as reader:
        loaded = load_plan(reader, plan_id)
        _check_publishable(reader, loaded, version)
        judged = judged_now(reader, loaded, today)
        refuse_blocked(judged.issues)
        warnings = _warnings(loaded.head, judged.issues)
        if warnings and not reason:
            msg = "发布前请说明原因：" + "；".join(warnings)
            raise InputError(msg, tuple(Fault(text) for text in warnings))
        plan = plan_now(loaded, judged)
    papers = Papers(loaded.head.decided_on, loaded.head.reported_on, frozenset(loaded.seating.hand))
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        _check_publishable(writer, load_plan(writer, plan_id), version)  # nothing changed since it was judged
        check_whole(writer, plan)
        return publish(writer, (plan_id, version), plan, papers, reason)


def publish(writer: Writer, at: tuple[PlanId, int], plan: GroupPlan, papers: Papers, reason: str) -> RunId:
    """Found what the plan says and mark the saved plan (id and row version) as published, in this transaction."""
    plan_id, version = at
    founded = found(writer, plan, papers)
    superseded = writer.supersede_plans(plan_id, plan.branch_ids, f"由方案 {plan_id} 取代")
    values = {
        "state": PlanState.PUBLISHED,
        "published": keep_plan(plan),
        "published_at": writer.now,
        "run_id": founded.run_id,
    }
    writer.change_saved_plan(plan_id, version, values)
    text = f"新建 {len(plan.groups)} 个临时党小组，停止原有 {founded.n_closed} 个"
    writer.add_plan_event(plan_id, NewEvent(EventKind.PUBLISHED, day=writer.today, reason=reason, text=text))
    writer.say(
        f"采用编组方案：{text}",
        run=founded.run_id,
        plan=plan_id,
        groups=len(plan.groups),
        seated=plan.scores.seated,
        closed=founded.n_closed,
        superseded=list(superseded),
    )
    return founded.run_id


def start_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> None:
    """Note that the groups of a published plan have begun to meet.

    Raises
    ------
    InputError
        The plan is in another state.
    """
    require(actor, Action.ADOPT_GROUPS)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        head = _head(writer, plan_id, version)
        _check_state(head, (PlanState.PUBLISHED,), "开始执行")
        _go(writer, head, PlanState.RUNNING, NewEvent(EventKind.STARTED, day=writer.today))


def stop_plan(
    actor: Actor, store: Store, plan_id: PlanId, version: int, reason: str, *, stopped_on: date
) -> None:  # what stopping takes
    """Close the groups and memberships of a plan in force on a day; history stays.

    Raises
    ------
    InputError
        The plan is not in force, no reason is given, or the day is before publishing or yet to come.
    """
    require(actor, Action.ADOPT_GROUPS)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        head = _head(writer, plan_id, version)
        _check_state(head, (PlanState.PUBLISHED, PlanState.RUNNING), "停止")
        _check_day(stopped_on, writer.today, "停止日期")
        if head.published_at is not None and stopped_on < local_day(head.published_at):
            msg = f"停止日期不能早于发布日期 {local_day(head.published_at).isoformat()}"
            raise InputError(msg)
        closed = writer.close_run(head.run_id, stopped_on) if head.run_id is not None else 0
        writer.stop_branches(plan_id, stopped_on)
        event = NewEvent(EventKind.STOPPED, stopped_on, _reason(reason, "停止"), f"停止 {closed} 个临时党小组")
        _go(writer, head, PlanState.STOPPED, event, {"stopped_on": stopped_on})


def refuse_blocked(issues: Iterable[PlanIssue]) -> None:
    """Refuse a plan that breaks a rule nobody may decide against.

    Raises
    ------
    InputError
        Names every broken rule.
    """
    blocks = [issue.message for issue in issues if issue.level is IssueLevel.BLOCK]
    if blocks:
        more = f"等 {len(blocks)} 处" if len(blocks) > 3 else ""  # noqa: PLR2004  # a sentence names three
        msg = f"方案有不符合规则的地方，不能发布：{'；'.join(blocks[:3])}{more}"
        raise InputError(msg, tuple(Fault(text) for text in blocks))


def _warnings(head: PlanHead, issues: Iterable[PlanIssue]) -> tuple[str, ...]:
    found = [_NO_DECISION] if head.decided_on is None else []
    found += [_NO_REPORT] if head.reported_on is None else []
    return (*found, *(one.message for one in issues if one.level is IssueLevel.WARN and one.rule in _ASKS))


def _check_publishable(reader: Reader, loaded: Loaded, version: int) -> None:
    head = loaded.head
    check_version(head, version)
    _check_state(head, (PlanState.DRAFT, PlanState.REVIEW, PlanState.REPORTED), "发布")
    if not loaded.seating.seats:
        msg = "方案里没有一个小组，不能发布"
        raise InputError(msg)
    if reader.data_version(*PLAN_TOPICS) != head.data_version:
        raise stale_error(reader, head.data_version)


def _head(writer: Writer, plan_id: PlanId, version: int) -> PlanHead:
    head = load_plan(writer, plan_id).head
    check_version(head, version)
    return head


def _check_state(head: PlanHead, allowed: tuple[PlanState, ...], what: str) -> None:
    if head.state not in allowed:
        names = "、".join(state.label for state in allowed)
        msg = f"方案处于“{head.state.label}”，不能{what}；可以{what}的状态：{names}"
        raise InputError(msg)


def _check_day(day: date, today: date, what: str) -> None:
    if day > today:
        msg = f"{what} {day.isoformat()} 还没有到"
        raise InputError(msg)
    if day.year < FIRST_YEAR:
        msg = f"{what} {day.isoformat()} 不像真的：请核对年份"
        raise InputError(msg)


def _short(reason: str, what: str) -> str:
    """Return a reason that need not be given, without needless blanks."""
    return _reason(reason, what) if reason.strip() else ""


def _reason(reason: str, what: str) -> str:
    found = " ".join(reason.split())
    if not found or len(found) > MAX_REASON:
        msg = f"请写明{what}的原因（{MAX_REASON} 字以内）"
        raise InputError(msg)
    return found


def _go(
    writer: Writer, head: PlanHead, state: PlanState, event: NewEvent, values: Mapping[str, object] | None = None
) -> None:
    """Take a plan to a state, with its event and audit row."""
    writer.change_saved_plan(head.id, head.version, {"state": state, **(values or {})})
    writer.add_plan_event(head.id, event)
    writer.say(f"编组方案 {head.id}：{event.kind.label}", plan=head.id, state=state.value)
