"""Plans side by side, and a plan worked out again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError
from gis.model.access import Action
from gis.model.ids import MemberId
from gis.model.plans import IssueLevel, PlanFigures, PlanVersion, Rerun, Slice
from gis.services.access import require
from gis.services.describing import scores_of
from gis.services.grouping import propose_groups
from gis.services.grouping_input import NOT_ASKED
from gis.services.in_force import place_key_of
from gis.services.plan_diff import diff_of, view_of_plan, view_of_version
from gis.services.plan_judging import EDITED
from gis.services.plan_record import data_changes, judged_now, load_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId, PlanId
    from gis.model.people import Member
    from gis.model.plan import GroupPlan
    from gis.model.plans import PlanDiff, PlanHead, PlanIssue
    from gis.services.plan_judging import Judged
    from gis.services.plan_record import Loaded
    from gis.store.database import Store
    from gis.store.reader import Reader

MAX_PLANS = 8
#: Age bands of domain.md: under 60, then by tens; an unknown age has its own
_BANDS = ((60, "60 岁以下"), (70, "60–69 岁"), (80, "70–79 岁"), (200, "80 岁以上"))
_NO_AGE = "年龄不详"


@dataclass(frozen=True, slots=True)
class _Row:
    """One member who was asked: where they sit ("" for nowhere) and how far that is."""

    member_id: MemberId
    branch_id: OrgId
    place: str
    walk_m: float


@dataclass(frozen=True, eq=False)
class _Sheet:
    """What the figures of one plan are counted from."""

    head: PlanHead
    rows: tuple[_Row, ...]
    sizes: tuple[int, ...]
    places: frozenset[str]
    issues: tuple[PlanIssue, ...]


def compare_plans(actor: Actor, store: Store, plan_ids: Sequence[PlanId]) -> tuple[PlanFigures, ...]:
    """Return the figures of each plan, in the order asked for: drafts on the data of today, others as published.

    Raises
    ------
    NotFoundError
        A plan is not there, or not in scope.
    InputError
        No plan or too many are named.
    """
    require(actor, Action.PLAN_GROUPS)
    if not 1 <= len(plan_ids) <= MAX_PLANS:
        msg = f"请选择 1 到 {MAX_PLANS} 份方案比较"
        raise InputError(msg)
    today = store.today()
    with store.reading(actor.scope) as reader:
        return tuple(_figures(reader, load_plan(reader, plan_id), today) for plan_id in plan_ids)


def diff_plans(actor: Actor, store: Store, a: PlanVersion, b: PlanVersion) -> PlanDiff:
    """Say what differs between two plans, or two versions of one.

    Raises
    ------
    NotFoundError
        A plan or a step is not there, or not in scope.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        return diff_of(reader, view_of_version(reader, a), view_of_version(reader, b))


def rerun_plan(actor: Actor, store: Store, plan_id: PlanId) -> Rerun:
    """Work a plan out again with its parameters and seed and say whether the result is the same; nothing is saved.

    Raises
    ------
    NotFoundError
        The plan is not there, or not in scope.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        loaded = load_plan(reader, plan_id)
        changes = data_changes(reader, loaded.base.data_version)
    base = loaded.base
    plan = propose_groups(actor, store, replace(base.request, branch_ids=loaded.head.branch_ids))
    is_changed = plan.data_version != base.data_version
    with store.reading(actor.scope) as reader:
        saved = view_of_version(reader, PlanVersion(plan_id, 0))
        diff = diff_of(reader, saved, view_of_plan(plan, "重新测算"))
    is_same = diff.is_empty  # the penalties in the objective follow the data, without anybody being seated elsewhere
    return Rerun(
        plan=plan,
        is_same=is_same,
        is_data_changed=is_changed,
        data_changes=changes if is_changed else (),
        diff=diff,
        text=_said(plan, base, is_same=is_same, is_changed=is_changed, is_new_day=plan.as_of != base.as_of),
    )


def _said(plan: GroupPlan, base: GroupPlan, *, is_same: bool, is_changed: bool, is_new_day: bool) -> str:
    data = "数据在保存之后有变动" if is_changed else "数据没有变动"
    if is_same:
        return f"{data}；按原参数和种子重新测算，结果与保存时相同"
    if base.status == EDITED:
        why = "结果不同：这份方案另存时已含手工调整"
    elif is_changed:
        why = "结果不同，可能由数据变动引起"
    elif is_new_day:
        why = "结果不同：日期变了，有人年龄跨过了步行限额的分界"
    elif "optimal" not in {plan.status, base.status} or plan.status != base.status:
        why = "结果不同：限定时间内没有都算到底，结果随机器快慢而变；加长计算时间可得到一致的结果"
    else:
        why = "结果不同：存在同样好的另一种安排（程序版本不同也会如此）"
    return f"{data}；按原参数和种子重新测算，{why}"


def _figures(reader: Reader, loaded: Loaded, today: date) -> PlanFigures:
    sheet = _open_sheet(reader, loaded, today) if loaded.head.state.is_open else _closed_sheet(reader, loaded)
    members = {member.id: member for member in reader.members(loaded.head.branch_ids)}
    names = {org.id: org.name for org in reader.orgs()}
    against = _against_force(reader, sheet)
    seated = [row.walk_m for row in sheet.rows if row.place and np.isfinite(row.walk_m)]
    scores = replace(scores_of(seated), seated=sum(bool(row.place) for row in sheet.rows))
    return PlanFigures(
        head=sheet.head,
        scores=scores,
        asked=len(sheet.rows),
        unseated=len(sheet.rows) - scores.seated,
        sizes=tuple(sorted(sheet.sizes, reverse=True)),
        n_hosts=sum(key.startswith("H") for key in sheet.places),
        n_venues=sum(key.startswith("V") for key in sheet.places),
        new=against["new"],
        moved=against["moved"],
        dropped=against["dropped"],
        kept=against["kept"],
        by_branch=_slices(sheet.rows, lambda row: names.get(row.branch_id, ""), sorted(names.values())),
        by_age=_slices(sheet.rows, lambda row: _band(members.get(row.member_id), today), _band_names()),
        n_blocks=sum(issue.level is IssueLevel.BLOCK for issue in sheet.issues),
        n_warnings=sum(issue.level is IssueLevel.WARN for issue in sheet.issues),
    )


def _open_sheet(reader: Reader, loaded: Loaded, today: date) -> _Sheet:
    judged = judged_now(reader, loaded, today)
    sizes = Counter(_keys(judged))
    return _Sheet(
        head=loaded.head,
        rows=tuple(_rows(judged)),
        sizes=tuple(sizes.values()),
        places=frozenset(judged.given.places[column].key for _, column in sizes),
        issues=judged.issues,
    )


def _keys(judged: Judged) -> Iterable[tuple[int, int]]:
    host, team = judged.draft.host, judged.given.problem.team
    return [(int(team[row]), int(host[row])) for row in np.flatnonzero(host >= 0)]


def _rows(judged: Judged) -> Iterable[_Row]:
    for row, member in enumerate(judged.given.asked):
        column = int(judged.draft.host[row])
        walk = float(judged.given.problem.walk_m[row, column]) if column >= 0 else 0.0
        key = judged.given.places[column].key if column >= 0 else ""
        yield _Row(MemberId(int(member.id or 0)), member.branch_id, key, walk)


def _closed_sheet(reader: Reader, loaded: Loaded) -> _Sheet:
    plan = loaded.published or loaded.base
    branch = {member.id: member.branch_id for member in reader.members(loaded.head.branch_ids)}
    rows = [
        _Row(seat.member_id, branch.get(seat.member_id, group.branch_id), group.place.key, seat.walk_m)
        for group in plan.groups
        for seat in group.seats
    ]
    rows += [_Row(one.member_id, one.branch_id, "", 0.0) for one in plan.unseated if one.code not in NOT_ASKED]
    return _Sheet(
        head=loaded.head,
        rows=tuple(rows),
        sizes=tuple(len(group.seats) for group in plan.groups),
        places=frozenset(group.place.key for group in plan.groups),
        issues=(),
    )


def _against_force(reader: Reader, sheet: _Sheet) -> Counter[str]:
    """Count members by what the plan means for them against the groups in force."""
    now = {
        seat.member_id: place_key_of(group)
        for group in reader.groups_in_force(sheet.head.branch_ids)
        for seat in group.seats
    }
    then = {row.member_id: row.place for row in sheet.rows if row.place}
    counts: Counter[str] = Counter()
    for member in now.keys() | then.keys():
        before, after = now.get(member), then.get(member)
        if before is None:
            counts["new"] += 1
        elif after is None:
            counts["dropped"] += 1
        else:
            counts["kept" if before == after else "moved"] += 1
    return counts


def _slices(rows: Iterable[_Row], label: Callable[[_Row], str], order: Sequence[str]) -> tuple[Slice, ...]:
    """Count by label, in the order given; labels that nobody has are left out."""
    parts: dict[str, list[_Row]] = {}
    for row in rows:
        parts.setdefault(label(row), []).append(row)
    return tuple(_slice(name, parts[name]) for name in dict.fromkeys((*order, *sorted(parts))) if name in parts)


def _slice(label: str, rows: Sequence[_Row]) -> Slice:
    walks = [row.walk_m for row in rows if row.place and np.isfinite(row.walk_m)]
    scores = scores_of(walks)
    return Slice(label, len(rows), sum(bool(row.place) for row in rows), scores.mean_walk_m, scores.longest_walk_m)


def _band(member: Member | None, today: date) -> str:
    age = member.age_on(today) if member is not None else None
    return _NO_AGE if age is None else next((name for top, name in _BANDS if age < top), _NO_AGE)


def _band_names() -> tuple[str, ...]:
    return (*(name for _, name in _BANDS), _NO_AGE)
