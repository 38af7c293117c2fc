"""`jiujin plan list | show | copy | rename | discard | compare | diff | rerun`: saved plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.plan_cmd import plan_app
from gis.errors import InputError
from gis.model.access import operator
from gis.model.ids import PlanId
from gis.model.plans import PlanVersion
from gis.services.plan_compare import compare_plans, diff_plans, rerun_plan
from gis.services.plan_document import plan_document
from gis.services.plan_keeping import plain
from gis.services.plans import copy_plan, discard_plan, list_plans, open_plan, rename_plan

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plans import GroupDiff, MemberDiff, PlanDiff, PlanFigures, PlanHead, SavedPlan
    from gis.store.database import Store

IdArgument = Annotated[int, typer.Argument(metavar="编号", help="方案编号，见 plan list")]
VersionOption = Annotated[int, typer.Option("--version", help="看到的是第几版；不填为当前版", min=0)]
CURRENT = 0


def version_of(actor: Actor, store: Store, plan_id: int, version: int) -> int:
    """Return the version named, or the one there is now."""
    if version != CURRENT:
        return version
    return next((head.version for head in list_plans(actor, store) if head.id == plan_id), CURRENT)


@plan_app.command("list")
def list_saved(db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出已保存的方案，新的在前。"""
    with Reporting(as_json=as_json):
        heads = list_plans(operator(), open_store(db))
        emit(plain(heads), as_json=as_json, text="\n".join(map(_line, heads)) or "还没有保存过方案")


def _line(head: PlanHead) -> str:
    marks = [f"第 {head.version} 版"]
    marks += [f"{head.n_violations} 处不能发布"] if head.n_violations else []
    marks += ["数据已有变动"] if head.is_stale else []
    where = head.branches[0] if len(head.branches) == 1 else f"{len(head.branches)} 个支部"
    return (
        f"{head.id}\t{head.name}\t{head.state.label}\t{where}\t{head.n_groups} 组 {head.seated}/{head.asked} 人\t"
        f"平均 {head.scores.mean_walk_m:.0f} 米\t{'，'.join(marks)}"
    )


@plan_app.command("show")
def show_saved(plan_id: IdArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """打开一份方案：小组和组员、未安排的人、问题、调整步骤和经过。"""
    with Reporting(as_json=as_json):
        found = open_plan(operator(), open_store(db), PlanId(plan_id))
        emit(saved_document(found), as_json=as_json, text="\n".join(_shown(found)))


def saved_document(found: SavedPlan) -> dict[str, Any]:
    """Return a saved plan as a document; `plan` as docs/plan-json.md says."""
    return {
        "head": plain(found.head),
        "issues": plain(found.issues),
        "steps": plain(found.steps),
        "events": plain(found.events),
        "hand_set": [{"member": member, "by": by} for member, by in found.hand_set],
        "plan": plan_document(found.plan),
    }


def _shown(found: SavedPlan) -> list[str]:
    lines = [_line(found.head)]
    for group in found.plan.groups:
        leader = next((seat.name for seat in group.seats if seat.member_id == group.leader_id), "（无）")
        lines.append(
            f"{group.id} {group.branch}，{group.place.label}（{group.place.key}），{len(group.seats)} 人，组长{leader}"
        )
        lines += [f"  {seat.member_id}\t{seat.name}\t{seat.walk_m:.0f} 米\t{seat.why}" for seat in group.seats]
    lines += [f"未安排 {one.member_id}\t{one.name}\t{one.reason}" for one in found.plan.unseated]
    lines += [f"{issue.level.label}：{issue.message}" for issue in found.issues]
    lines += [
        f"第 {step.number} 步{'' if step.is_applied else '（已撤销）'}\t{step.by}\t{step.text}" for step in found.steps
    ]
    for event in found.events:
        said = "，".join(filter(None, [event.day.isoformat() if event.day else "", event.reason, event.text]))
        lines.append(f"{event.at:%Y-%m-%d %H:%M} UTC\t{event.by}\t{event.kind.label}\t{said}")
    return lines


@plan_app.command("copy")
def copy_saved(
    plan_id: IdArgument,
    name: Annotated[str, typer.Option("--name", help="新方案的名称")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """把一份方案按现在的样子另存为新的草案，不论它处于什么状态。"""
    with Reporting(as_json=as_json):
        new_id = copy_plan(operator(), open_store(db), PlanId(plan_id), name)
        emit({"plan": new_id, "based_on": plan_id}, as_json=as_json, text=f"已另存为方案 {new_id}")


@plan_app.command("rename")
def rename_saved(
    plan_id: IdArgument,
    name: Annotated[str, typer.Option("--name", help="新名称")],
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """给没有发布的方案改名。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        rename_plan(actor, store, PlanId(plan_id), name, version_of(actor, store, plan_id, version))
        emit({"plan": plan_id, "name": name}, as_json=as_json, text=f"方案 {plan_id} 已改名")


@plan_app.command("discard")
def discard_saved(
    plan_id: IdArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """作废一份没有发布的方案，不再列出。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        discard_plan(actor, store, PlanId(plan_id), version_of(actor, store, plan_id, version))
        emit({"plan": plan_id, "discarded": True}, as_json=as_json, text=f"方案 {plan_id} 已作废")


@plan_app.command("compare")
def compare_saved(
    plan_ids: Annotated[list[int], typer.Argument(metavar="编号…", help="要比较的方案编号")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """并排比较几份方案：人数、步行、组的大小、地点、与现行小组相比的变动，按支部和年龄段。"""
    with Reporting(as_json=as_json):
        found = compare_plans(operator(), open_store(db), [PlanId(one) for one in plan_ids])
        emit(plain(found), as_json=as_json, text="\n".join(_side_by_side(found)))


def _side_by_side(found: tuple[PlanFigures, ...]) -> list[str]:
    rows = {
        "方案": [f"{one.head.id} {one.head.name}" for one in found],
        "状态": [one.head.state.label for one in found],
        "安排/应安排": [f"{one.scores.seated}/{one.asked}" for one in found],
        "步行平均（米）": [f"{one.scores.mean_walk_m:.0f}" for one in found],
        "九成以内（米）": [f"{one.scores.p90_walk_m:.0f}" for one in found],
        "最远（米）": [f"{one.scores.longest_walk_m:.0f}" for one in found],
        "各组人数": [" ".join(map(str, one.sizes)) or "无" for one in found],
        "中心户/场所": [f"{one.n_hosts}/{one.n_venues}" for one in found],
        "与现行相比": [f"新 {one.new} 换 {one.moved} 退 {one.dropped} 不变 {one.kept}" for one in found],
        "不能发布/提醒": [f"{one.n_blocks}/{one.n_warnings}" for one in found],
    }
    labels = dict.fromkeys(part.label for one in found for part in (*one.by_branch, *one.by_age))
    for label in labels:
        cells = [next((p for p in (*one.by_branch, *one.by_age) if p.label == label), None) for one in found]
        rows[label] = [f"{p.seated}/{p.asked} 人，平均 {p.mean_walk_m:.0f} 米" if p else "—" for p in cells]
    return ["\t".join([name, *cells]) for name, cells in rows.items()]


@plan_app.command("diff")
def diff_saved(
    a: Annotated[str, typer.Argument(help="方案编号，或“编号@步数”（0 为保存时）")],
    b: Annotated[str, typer.Argument(help="同上")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """说明两份方案，或同一方案的两个版本之间有什么不同。"""
    with Reporting(as_json=as_json):
        found = diff_plans(operator(), open_store(db), _version(a), _version(b))
        emit(plain(found), as_json=as_json, text="\n".join(diff_lines(found)))


def _version(text: str) -> PlanVersion:
    number, _, step = text.partition("@")
    if not number.isdecimal() or not (step.isdecimal() or "@" not in text):
        msg = f"“{text}”不是方案编号；请写 3，或 3@0（保存时）、3@2（第 2 步之后）"
        raise InputError(msg)
    return PlanVersion(PlanId(int(number)), int(step) if step else None)


def diff_lines(diff: PlanDiff) -> list[str]:
    """Say a difference line by line."""

    def member(word: str, row: MemberDiff) -> str:
        return f"{word}\t{row.name}\t{row.branch}\t{row.before or '未安排'} → {row.after or '未安排'}"

    def group(word: str, row: GroupDiff) -> str:
        return f"{word}\t{row.branch}\t{row.place}\t{row.size_before} → {row.size_after} 人"

    lines = [
        *(member("换地点", row) for row in diff.moved),
        *(member("新编入", row) for row in diff.added),
        *(member("退出", row) for row in diff.dropped),
        *(group("新设小组", row) for row in diff.opened),
        *(group("撤销小组", row) for row in diff.closed),
        *(f"换组长\t{row.branch}\t{row.place}\t{row.leader_before} → {row.leader_after}" for row in diff.leaders),
    ]
    return [f"{diff.a} → {diff.b}", *(lines or ["没有不同"])]


@plan_app.command("rerun")
def rerun_saved(plan_id: IdArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """按保存时的参数和种子重新测算，说明数据是否变过、结果是否相同；不保存。"""
    with Reporting(as_json=as_json):
        found = rerun_plan(operator(), open_store(db), PlanId(plan_id))
        document = {
            "is_same": found.is_same,
            "is_data_changed": found.is_data_changed,
            "data_changes": list(found.data_changes),
            "text": found.text,
            "diff": plain(found.diff),
            "plan": plan_document(found.plan),
        }
        lines = [found.text, *found.data_changes, *([] if found.is_same else diff_lines(found.diff))]
        emit(document, as_json=as_json, text="\n".join(lines))


def register(app: typer.Typer) -> None:
    """Add nothing to `app` itself: the commands belong to `jiujin plan`, which `plan_cmd` adds."""
    del app
