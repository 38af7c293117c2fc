"""一网多员、一员多岗: who has which post in which grid, with duties and days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action
from gis.model.bodies import GridAssignment, GridPost
from gis.services.access import require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import AssignmentId, BuildingId, GridId, MemberId
    from gis.model.territory import Grid
    from gis.store.database import Store
    from gis.store.reader import Reader

LONGEST_NAME, LONGEST_DUTIES, LONGEST_REASON = 100, 300, 100
PHONE_LETTERS = frozenset("0123456789-+() /转")
DUTIES = {
    GridPost.GRID_CHIEF: "牵头本网格党建和治理，汇总上报",
    GridPost.GRID_WORKER: "日常走访，收集办理居民事项",
    GridPost.PARTY_WORKER: "指导党小组和中心户活动",
    GridPost.BUILDING_HEAD: "联系本楼党员和住户，通知到户",
    GridPost.VOLUNTEER: "协助走访和活动",
}


@dataclass(frozen=True, slots=True)
class PostForm:
    """What a person sets about a post; a member of the roster gives the name by itself."""

    grid_id: GridId
    post: GridPost
    name: str = ""
    member_id: MemberId | None = None
    building_id: BuildingId | None = None
    phone: str = ""
    duties: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post in a list; `also` are the person's other posts."""

    assignment: GridAssignment
    grid: str
    community: str
    building: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostGap:
    """A grid whose posts are not as they should be."""

    grid_id: GridId
    grid: str
    message: str


@dataclass(frozen=True, slots=True)
class PostReport:
    """The posts of the actor's grids, by grid and post, and what is missing."""

    lines: tuple[PostLine, ...]
    gaps: tuple[PostGap, ...]
    grids: int
    people: int
    as_of: date


def list_posts(
    actor: Actor, store: Store, grid_ids: Sequence[GridId] | None = None, *, as_of: date | None = None
) -> PostReport:
    """List the posts in force on a day (today), with grids that have no 网格长 or several."""
    require(actor, Action.VIEW_ORGS)
    require(actor, Action.VIEW_MEMBERS)
    day = as_of or store.today()
    with store.reading(actor.scope) as reader:
        grids = {grid.id: grid for grid in grids_around(reader) if grid_ids is None or grid.id in grid_ids}
        found = [one for one in reader.grid_assignments(with_ended=True) if in_force(one, day) and one.grid_id in grids]
        communities = {division.code: division.name for division in reader.divisions()}
        labels = {building.id: building.label for building in reader.buildings()}
    posts: dict[tuple[object, ...], list[tuple[GridAssignment, str]]] = {}
    for one in found:
        posts.setdefault(_person(one), []).append((one, f"{grids[one.grid_id].name}{one.post.label}"))
    lines = [
        PostLine(
            assignment=one,
            grid=grids[one.grid_id].name,
            community=communities.get(grids[one.grid_id].community_code, ""),
            building=labels.get(one.building_id, "") if one.building_id else "",
            also=tuple(text for other, text in posts[_person(one)] if other.id != one.id),
        )
        for one in found
    ]
    order = list(GridPost)
    lines.sort(key=lambda line: (grids[line.assignment.grid_id].grid_code, order.index(line.assignment.post)))
    return PostReport(tuple(lines), _gaps(list(grids.values()), found), len(grids), len(posts), day)


def add_post(actor: Actor, store: Store, form: PostForm) -> AssignmentId:
    """Give a person a post in a grid of the actor's communities.

    Raises
    ------
    InputError
        No name, an unreadable telephone, a 楼栋长 without a building or one of another grid, the same post twice.
    DeniedError
        The grid lies outside the actor's communities.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        grid = _grid(actor, writer, form.grid_id)
        item = _checked(writer, form, writer.today)
        for other in writer.grid_assignments([form.grid_id]):
            is_same = other.post is item.post and other.building_id == item.building_id
            if is_same and _person(other) == _person(item):
                msg = f"{item.name}已是{grid.name}{item.post.label}，不必重复登记"
                raise InputError(msg)
            if is_same and item.post is GridPost.GRID_CHIEF:
                msg = f"{grid.name}已有网格长，请先终止原来的再登记"
                raise InputError(msg)
        (saved,) = writer.save_assignments([item])
        writer.say(f"登记{grid.name}{item.post.label}", assignment_id=saved)
    return saved


def end_post(actor: Actor, store: Store, assignment_id: AssignmentId, version: int, *, on: date | None = None) -> None:
    """End a post; the row stays.

    Raises
    ------
    NotFoundError
        It is not there, or has ended.
    InputError
        The day lies before the first or after today.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        item = next((one for one in writer.grid_assignments() if one.id == assignment_id), None)
        if item is None:
            msg = "该岗位已不存在或已终止，请刷新后重试"
            raise NotFoundError(msg)
        grid = _grid(actor, writer, item.grid_id)
        day = on or writer.today
        if day > writer.today or (item.valid_from and day < item.valid_from):
            msg = "终止日期应在起始日期和今天之间"
            raise InputError(msg)
        writer.save_assignments([replace(item, valid_to=day, version=version)])
        writer.say(f"终止{grid.name}{item.post.label}", assignment_id=assignment_id)


def show_post_phone(actor: Actor, store: Store, assignment_id: AssignmentId, reason: str) -> str:
    """Return a work telephone in full; who asked and for what reason is kept in the log.

    Raises
    ------
    InputError
        No reason is given.
    NotFoundError
        The post is not within the actor's communities, or has ended.
    """
    require(actor, Action.VIEW_MEMBERS)
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        msg = f"查看完整电话须写明用途，不超过 {LONGEST_REASON} 字，例如“通知开会”"
        raise InputError(msg)
    with store.writing(actor, Action.VIEW_MEMBERS) as writer:
        found = next((one for one in writer.grid_assignments() if one.id == assignment_id), None)
        if found is None:
            msg = "该岗位已不存在或已终止，请刷新后重试"
            raise NotFoundError(msg)
        writer.say("查看一名网格人员的工作电话", assignment_id=assignment_id, reason=said)
    return found.phone


def grids_around(reader: Reader) -> tuple[Grid, ...]:
    """List the grids of the actor's communities, all of them for the street."""
    whole = reader.scope is not None and reader.scope.whole_street
    return tuple(grid for grid in reader.grids() if whole or grid.community_code in reader.codes_around)


def list_grids(actor: Actor, store: Store) -> dict[GridId, str]:
    """Name the grids where the actor may fill posts."""
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        return {grid.id: grid.name or grid.grid_code for grid in grids_around(reader) if grid.id is not None}


def in_force(one: GridAssignment, day: date) -> bool:
    """Whether a post is held on a day; the last day is no longer one."""
    return (one.valid_from is None or one.valid_from <= day) and (one.valid_to is None or day < one.valid_to)


def _person(one: GridAssignment) -> tuple[object, ...]:
    """Tell people apart: members by number, others by name and telephone."""
    return ("member", one.member_id) if one.member_id else ("name", one.name, one.phone)


def _grid(actor: Actor, reader: Reader, grid_id: GridId) -> Grid:
    found = next((grid for grid in reader.grids() if grid.id == grid_id), None)
    if found is None:
        msg = "该网格已不存在，请刷新后重试"
        raise NotFoundError(msg)
    if found not in grids_around(reader):
        msg = f"{actor.display_name or actor.name}的管理范围不包括：{found.name}"
        raise DeniedError(msg)
    return found


def _checked(reader: Reader, form: PostForm, today: date) -> GridAssignment:
    name, phone, duties = form.name.strip(), form.phone.strip(), form.duties.strip()
    if form.member_id is not None:
        member = next((one for one in reader.members() if one.id == form.member_id), None)
        if member is None:
            msg = "该党员不在管理范围内，请重新选择，或只填姓名"
            raise InputError(msg)
        name = member.name
    if not name or len(name) > LONGEST_NAME:
        msg = "请填写姓名" if not name else f"姓名不超过 {LONGEST_NAME} 字"
        raise InputError(msg)
    if len(phone) > 64 or any(letter not in PHONE_LETTERS for letter in phone):  # noqa: PLR2004  # width of the column
        msg = f"工作电话“{phone}”无法识别，请只填号码"
        raise InputError(msg)
    if len(duties) > LONGEST_DUTIES:
        msg = f"职责不超过 {LONGEST_DUTIES} 字"
        raise InputError(msg)
    if form.valid_from is not None and form.valid_from > today:
        msg = "起始日期在今天之后，请核对"
        raise InputError(msg)
    _check_building(reader, form)
    return GridAssignment(
        None,
        form.grid_id,
        form.post,
        name,
        building_id=form.building_id if form.post is GridPost.BUILDING_HEAD else None,
        member_id=form.member_id,
        phone=phone,
        duties=duties or DUTIES[form.post],
        valid_from=form.valid_from or today,
    )


def _check_building(reader: Reader, form: PostForm) -> None:
    if form.post is not GridPost.BUILDING_HEAD:
        return
    if form.building_id is None:
        msg = "楼栋长须指明哪一幢楼"
        raise InputError(msg)
    if form.building_id not in reader.building_ids_in(form.grid_id):
        msg = "这幢楼不在该网格内，请重新选择"
        raise InputError(msg)


def _gaps(grids: Sequence[Grid], found: Sequence[GridAssignment]) -> tuple[PostGap, ...]:
    gaps = []
    for grid in grids:
        here = [one for one in found if one.grid_id == grid.id]
        chiefs = sum(one.post is GridPost.GRID_CHIEF for one in here)
        if grid.id is None or (chiefs == 1 and len(here) > 1):
            continue
        message = "没有人员" if not here else "没有网格长" if not chiefs else f"有 {chiefs} 名网格长"
        gaps.append(PostGap(grid.id, grid.name, message if chiefs != 1 else "只有网格长一人"))
    return tuple(gaps)
