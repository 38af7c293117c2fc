"""`jiujin posts`: who has which post in which grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_days import chosen, read_day, written
from gis.errors import NotFoundError
from gis.model.access import operator
from gis.model.bodies import GridPost
from gis.model.ids import AssignmentId, BuildingId, GridId, MemberId
from gis.services.phones import masked
from gis.services.posts import PostForm, add_post, end_post, list_posts

if TYPE_CHECKING:
    from gis.services.posts import PostLine

posts_app = typer.Typer(help="网格岗位：一网多员、一员多岗。", no_args_is_help=True)


@posts_app.command("list")
def list_all(
    grid: Annotated[list[int] | None, typer.Option(help="网格编号（系统内），可多次；不填为全部")] = None,
    as_of: Annotated[str, typer.Option(help="哪一天的情况，如 2026-06-01；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出网格岗位，及没有网格长或只有一人的网格；工作电话隐去中间几位。"""
    with Reporting(as_json=as_json):
        ids = [GridId(one) for one in grid] if grid else None
        found = list_posts(operator(), open_store(db), ids, as_of=read_day(as_of, "日期"))
        document = {
            "as_of": found.as_of.isoformat(),
            "grids": found.grids,
            "people": found.people,
            "posts": [_row(line) for line in found.lines],
            "gaps": [{"grid": gap.grid_id, "name": gap.grid, "message": gap.message} for gap in found.gaps],
        }
        lines = [
            f"{line.assignment.id}\t{line.grid}\t{line.assignment.post.label}\t{line.assignment.name}\t"
            f"{line.building}\t{masked(line.assignment.phone)}"
            for line in found.lines
        ]
        lines += [f"{gap.grid}：{gap.message}" for gap in found.gaps]
        emit(document, as_json=as_json, text="\n".join(lines) or "还没有网格")


def _row(line: PostLine) -> dict[str, object]:
    one = line.assignment
    return {
        "post_id": one.id,
        "grid": one.grid_id,
        "grid_name": line.grid,
        "community": line.community,
        "post": one.post.value,
        "name": one.name,
        "member": one.member_id,
        "building": line.building,
        "duties": one.duties,
        "phone": masked(one.phone),
        "from": written(one.valid_from),
        "to": written(one.valid_to),
        "also": list(line.also),
    }


@posts_app.command("add")
def add(
    grid: Annotated[int, typer.Argument(help="网格编号（系统内）")],
    post: Annotated[str, typer.Argument(help="岗位：" + "、".join(GridPost.labels()))],
    name: Annotated[str, typer.Option(help="姓名；由花名册中的党员担任时用 --member")] = "",
    member: Annotated[int | None, typer.Option(help="党员编号")] = None,
    building: Annotated[int | None, typer.Option(help="楼栋长的楼栋编号")] = None,
    phone: Annotated[str, typer.Option(help="工作电话")] = "",
    duties: Annotated[str, typer.Option(help="职责；不填用通行的写法")] = "",
    since: Annotated[str, typer.Option("--from", help="起始日期，如 2026-06-01；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记一人在一个网格的一个岗位；一人可以有几个岗位。"""
    with Reporting(as_json=as_json):
        form = PostForm(
            GridId(grid),
            chosen(GridPost, post, "岗位"),
            name,
            MemberId(member) if member else None,
            BuildingId(building) if building else None,
            phone,
            duties,
            read_day(since, "起始日期"),
        )
        number = add_post(operator(), open_store(db), form)
        emit({"post_id": number}, as_json=as_json, text=f"已登记（{number}）")


@posts_app.command("end")
def end(
    post: Annotated[int, typer.Argument(help="岗位编号，见 posts list")],
    on: Annotated[str, typer.Option(help="终止日期，如 2026-06-01；不填为今天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """终止一个岗位，历史保留。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        line = next((one for one in list_posts(actor, store).lines if one.assignment.id == post), None)
        if line is None:
            msg = f"没有编号为 {post} 的岗位，见 jiujin posts list"
            raise NotFoundError(msg)
        end_post(actor, store, AssignmentId(post), line.assignment.version, on=read_day(on, "终止日期"))
        emit({"post_id": post, "ended": True}, as_json=as_json, text="已终止")


def register(app: typer.Typer) -> None:
    """Add `jiujin posts`."""
    app.add_typer(posts_app, name="posts")
