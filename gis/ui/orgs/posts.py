"""网格岗位: who has which post, which grid lacks somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import InputError
from gis.model.access import Action
from gis.model.bodies import GridPost
from gis.services.map_layers import buildings_on_map
from gis.services.phones import masked
from gis.services.posts import DUTIES, PostForm, add_post, end_post, list_grids, list_posts, show_post_phone
from gis.services.residents import members_named
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.orgs.saying import day, done, without_empty
from gis.ui.table import show_table, show_tiles
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, GridId, MemberId
    from gis.services.posts import PostReport
    from gis.store.database import Store

LIST_HEIGHT = 640
POSTS = list(GridPost)


def show_posts(actor: Actor, store: Store) -> None:
    """Show the posts of the actor's grids."""
    grids = distinct(list_grids(actor, store))
    if not grids:
        st.info("管理范围内还没有网格：网格由街道在“数据导入”页导入")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    chosen: list[GridId] = left.multiselect("网格", list(grids), format_func=lambda one: grids[one], placeholder="全部")
    wanted = right.multiselect(
        "岗位", list(GridPost), format_func=lambda one: str(one.label), placeholder="全部", key="posts_kind"
    )
    report = list_posts(actor, store, chosen or None)
    show_tiles(
        {
            "网格": f"{report.grids} 个",
            "岗位": f"{len(report.lines)} 个",
            "人员": f"{report.people} 名",
            "须补齐的网格": f"{len(report.gaps)} 个",
        },
        key="jj_post_tiles",
    )
    if report.gaps:
        st.warning("须补齐：" + "；".join(f"{gap.grid}{gap.message}" for gap in report.gaps[:10]))
    rows = _rows(report, wanted)
    if rows:
        show_table(without_empty(rows), height=LIST_HEIGHT)
    else:
        st.info("还没有登记岗位：在下面登记第一名网格长")
    _show_phone(store, report)
    if actor.may(Action.MANAGE_ORGS):
        _add(actor, store, grids)
        _end(store, report)


def _rows(report: PostReport, wanted: Sequence[GridPost]) -> list[Mapping[str, str | int | None]]:
    return [
        {
            "网格": line.grid,
            "岗位": line.assignment.post.label,
            "姓名": line.assignment.name,
            "楼栋": line.building,
            "工作电话": masked(line.assignment.phone),
            "职责": line.assignment.duties,
            "起": day(line.assignment.valid_from),
            "另兼": "、".join(line.also[:3]) + (f" 等 {len(line.also)} 个" if len(line.also) > 3 else ""),  # noqa: PLR2004  # names shown
        }
        for line in report.lines
        if not wanted or line.assignment.post in wanted
    ]


def _add(actor: Actor, store: Store, grids: dict[GridId, str]) -> None:
    with st.expander("登记岗位"):
        left, right = st.columns(2)
        grid = left.selectbox("网格", list(grids), format_func=lambda one: grids[one], key="post_grid")
        post = right.selectbox("岗位", POSTS, index=0, format_func=lambda one: str(one.label), key="post_kind")
        people = distinct(members_named(actor, store))
        houses = {
            one.id: one.label for one in buildings_on_map(actor, store) if one.id is not None and one.grid_id == grid
        }
        labels = distinct(houses)
        with st.form(f"post_add_{grid}_{post.value}", border=False):
            left, right = st.columns(2)
            member: MemberId | None = left.selectbox(
                "由花名册中的党员担任",
                list(people),
                None,
                format_func=lambda one: people[one],
                placeholder="不是党员则填姓名",
            )
            name = right.text_input("姓名（不在花名册的）")
            building: BuildingId | None = None
            if post is GridPost.BUILDING_HEAD:
                building = st.selectbox(
                    "楼栋", list(labels), None, format_func=lambda one: labels[one], placeholder="请选择"
                )
            phone = left.text_input("工作电话")
            since = right.text_input("起始日期", day(store.today()), placeholder="年-月-日")
            duties = st.text_input("职责", DUTIES[post])
            is_saved = st.form_submit_button("登记", type="primary")
    if is_saved and grid is not None:
        with session.show_errors():
            if member is None and not name.strip():
                msg = "请选一名党员，或填写姓名"
                raise InputError(msg)
            form = PostForm(grid, post, name, member, building, phone, duties, read_day(since, "起始日期"))
            add_post(session.actor_now(), store, form)
            done(f"已登记：{grids[grid]}{post.label}")


def _show_phone(store: Store, report: PostReport) -> None:
    lines = {line.assignment.id: line for line in report.lines if line.assignment.phone}
    if not lines:
        return
    labels = distinct(
        {one: f"{line.grid} {line.assignment.post.label} {line.assignment.name}" for one, line in lines.items()}
    )
    with st.expander("查看工作电话"), st.form("post_phone", border=False):
        chosen = st.selectbox("岗位", list(labels), None, format_func=lambda one: labels[one], placeholder="请选择")
        why = st.text_input("用途", placeholder="例如 通知开会；查看记入操作日志")
        is_asked = st.form_submit_button("查看")
    if is_asked and chosen is not None:
        with session.show_errors():
            phone = show_post_phone(session.actor_now(), store, chosen, why)
            st.info(plain(f"{labels[chosen]}：{phone}"))


def _end(store: Store, report: PostReport) -> None:
    ids = {line.assignment.id: line for line in report.lines}
    if not ids:
        return
    labels = distinct(
        {
            one: f"{line.grid} {line.assignment.post.label} {line.assignment.name} {line.building}"
            for one, line in ids.items()
        }
    )
    with st.expander("终止岗位"), st.form("post_end", border=False):
        left, right = st.columns([3, 1])
        chosen = left.selectbox("岗位", list(labels), None, format_func=lambda one: labels[one], placeholder="请选择")
        on = right.text_input("终止日期", day(store.today()), placeholder="年-月-日")
        is_ended = st.form_submit_button("终止")
    if is_ended:
        with session.show_errors():
            if chosen is None:
                msg = "请先选一个岗位"
                raise InputError(msg)
            line = ids[chosen]
            end_post(session.actor_now(), store, chosen, line.assignment.version, on=read_day(on, "终止日期"))
            done(f"已终止：{labels[chosen]}")
