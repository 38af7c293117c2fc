"""`jiujin plan edit … | undo | redo | refresh | repair`: hand editing of a saved draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.plan_cmd import plan_app
from gis.cli.plan_saved_cmd import CURRENT, IdArgument, VersionOption, version_of
from gis.errors import InputError
from gis.model.access import operator
from gis.model.ids import MemberId, PlanId
from gis.model.plans import ChangeLeader, ChangePlace, MergeGroups, MoveMembers, SplitGroup, SwapMembers
from gis.services.plan_editing import edit_plan, preview_edit, redo_edit, refresh_plan, repair_plan, undo_edit
from gis.services.plan_keeping import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.plans import Edit, EditEffect
    from gis.store.database import Store

edit_app = typer.Typer(help="手工调整一份草案，每次一步，可撤销。", no_args_is_help=True)
MembersOption = Annotated[list[int], typer.Option("--member", help="党员编号，可多次")]
GroupOption = Annotated[str, typer.Option("--group", help="小组编号，例如 G3")]
PlaceOption = Annotated[str, typer.Option("--place", help="活动地点：H 加中心户编号，或 V 加场所编号")]
PreviewOption = Annotated[bool, typer.Option("--preview", help="只看效果，不保存")]


@edit_app.command("move")
def move(
    plan_id: IdArgument,
    member: MembersOption,
    to: Annotated[str, typer.Option("--to", help="小组（G3）或活动地点（H12、V3）")] = "",
    out: Annotated[bool, typer.Option("--out", help="移出小组")] = False,
    preview: PreviewOption = False,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """把党员改到另一个小组或地点，或移出小组。"""
    with Reporting(as_json=as_json):
        if bool(to) == out:
            msg = "请二选一：--to 小组或地点，或 --out 移出小组"
            raise InputError(msg)
        edit = MoveMembers(tuple(MemberId(one) for one in member), to)
        _edit(plan_id, edit, (version, preview), db, as_json=as_json)


@edit_app.command("swap")
def swap(
    plan_id: IdArgument,
    member: MembersOption,
    preview: PreviewOption = False,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """让两名党员对调座位：--member 写两次。"""
    with Reporting(as_json=as_json):
        if len(member) != 2:  # noqa: PLR2004  # a swap takes two
            msg = "对调请用 --member 写两名党员的编号"
            raise InputError(msg)
        edit = SwapMembers(MemberId(member[0]), MemberId(member[1]))
        _edit(plan_id, edit, (version, preview), db, as_json=as_json)


@edit_app.command("split")
def split(
    plan_id: IdArgument,
    group: GroupOption,
    member: MembersOption,
    place: PlaceOption,
    preview: PreviewOption = False,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """从一个小组分出几名党员，在另一处自成一组。"""
    with Reporting(as_json=as_json):
        edit = SplitGroup(group, tuple(MemberId(one) for one in member), place)
        _edit(plan_id, edit, (version, preview), db, as_json=as_json)


@edit_app.command("merge")
def merge(
    plan_id: IdArgument,
    group: Annotated[list[str], typer.Option("--group", help="小组编号，写两次以上")],
    place: Annotated[str, typer.Option("--place", help="并组后的活动地点；不填为第一个小组的地点")] = "",
    preview: PreviewOption = False,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """把同一支部的几个小组并成一个。"""
    with Reporting(as_json=as_json):
        _edit(plan_id, MergeGroups(tuple(group), place), (version, preview), db, as_json=as_json)


@edit_app.command("place")
def place(
    plan_id: IdArgument,
    group: GroupOption,
    place: PlaceOption,
    preview: PreviewOption = False,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """给一个小组换活动地点。"""
    with Reporting(as_json=as_json):
        _edit(plan_id, ChangePlace(group, place), (version, preview), db, as_json=as_json)


@edit_app.command("leader")
def leader(
    plan_id: IdArgument,
    group: GroupOption,
    member: Annotated[int, typer.Option("--member", help="新组长的党员编号")],
    preview: PreviewOption = False,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """给一个小组换组长。"""
    with Reporting(as_json=as_json):
        _edit(plan_id, ChangeLeader(group, MemberId(member)), (version, preview), db, as_json=as_json)


def _edit(plan_id: int, edit: Edit, how: tuple[int, bool], db: str, *, as_json: bool) -> None:
    version, is_preview = how
    act = preview_edit if is_preview else edit_plan
    _do(plan_id, version, db, lambda actor, store, at: act(actor, store, PlanId(plan_id), edit, at), as_json=as_json)


def _do(plan_id: int, version: int, db: str, act: Callable[[Actor, Store, int], EditEffect], *, as_json: bool) -> None:
    store, actor = open_store(db), operator()
    effect = act(actor, store, version_of(actor, store, plan_id, version))
    emit(plain(effect), as_json=as_json, text="\n".join(_lines(effect)))


def _lines(effect: EditEffect) -> list[str]:
    before, after = effect.before, effect.after
    return [
        effect.text,
        f"安排 {before.seated} → {after.seated} 人",
        f"步行平均 {before.mean_walk_m:.0f} → {after.mean_walk_m:.0f} 米",
        f"步行最远 {before.longest_walk_m:.0f} → {after.longest_walk_m:.0f} 米",
        *(f"{one.group_id} {one.branch}，{one.place}：{one.before} → {one.after} 人" for one in effect.sizes),
        *(f"{issue.level.label}：{issue.message}" for issue in effect.new_issues),
        *(f"已解决：{issue.message}" for issue in effect.solved_issues),
        f"方案现在是第 {effect.version} 版",
    ]


@plan_app.command("undo")
def undo(plan_id: IdArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False) -> None:
    """撤销最近一步调整，不论是谁、什么时候做的。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, lambda a, s, v: undo_edit(a, s, PlanId(plan_id), v), as_json=as_json)


@plan_app.command("redo")
def redo(plan_id: IdArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False) -> None:
    """恢复最近撤销的一步。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, lambda a, s, v: redo_edit(a, s, PlanId(plan_id), v), as_json=as_json)


@plan_app.command("refresh")
def refresh(
    plan_id: IdArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """数据变动之后，按最新数据核对一份草案：已离开的人退出，停用的地点空出。"""
    with Reporting(as_json=as_json):
        _do(plan_id, version, db, lambda a, s, v: refresh_plan(a, s, PlanId(plan_id), v), as_json=as_json)


@plan_app.command("repair")
def repair(
    plan_id: IdArgument,
    seconds: Annotated[float, typer.Option(help="最多计算几秒", min=0.0)] = 20.0,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """保留手工设定的部分，其余重新安排，尽量少动。"""
    with Reporting(as_json=as_json):
        _do(
            plan_id,
            version,
            db,
            lambda a, s, v: repair_plan(a, s, PlanId(plan_id), v, seconds=seconds),
            as_json=as_json,
        )


def register(app: typer.Typer) -> None:
    """Add `jiujin plan edit`; the other commands belong to `jiujin plan` already."""
    del app
    plan_app.add_typer(edit_app, name="edit")
