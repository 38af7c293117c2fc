"""覆盖和空白点: the figure with its definition, what is missing where, and where one more host helps most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.services.coverage import CoverageRequest, read_coverage, share
from gis.services.next_host import NextHostRequest, next_hosts
from gis.ui import session
from gis.ui.table import show_table, show_tiles
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.coverage import Coverage, CoverageCount, NextHost, NextHosts
    from gis.store.database import Store

KEPT, KEPT_NEXT = "coverage_kept", "coverage_next_kept"
HIDDEN = "略"
TABLE_HEIGHT = 420
MAP = "pages/map.py"


def show_coverage(actor: Actor, store: Store) -> None:
    """Show the coverage once it is asked for; measuring takes a moment."""
    if not st.toggle("显示覆盖和空白点", key="boards_coverage"):
        st.caption("过渡期党员走得到的地方有没有中心户、阵地和空座；哪里是空白点；再设一户设在哪里帮助最大")
        return
    found = _read(actor, store)
    rate = share(found.count, found.denominator)
    tiles = {
        "覆盖（名）": f"{_said(found.count)}" + (f"（{rate}）" if rate else ""),
        "过渡期党员（名）": _said(found.denominator),
        "有地点的楼栋": f"{found.buildings} / {found.buildings_of} 幢",
        "地点和空座": f"{found.places} 处 {_said(found.free_seats)} 座",
    }
    show_tiles(tiles, key="jj_coverage")
    way = "；有的路程按直线估算" if found.is_estimated else ""
    st.caption(
        f"{plain(found.definition)}。楼栋按步行 {found.building_limit_m} 米计{way}（截至 {found.as_of.isoformat()}）"
    )
    show_table([{"过渡期党员": state.label, "人数": _cell(count)} for state, count in found.parts.items()])
    left, right = st.columns(2)
    with left:
        _show_counts("社区", found.communities)
    with right:
        _show_counts("支部", found.branches)
    if actor.scope.sees_people:
        _show_gaps(found)
    _show_quiet(found)
    if actor.may(Action.PLAN_GROUPS):
        _show_next(actor, store, found)


def _read(actor: Actor, store: Store) -> Coverage:
    """Measure once for each state of the data, scope and day."""
    key = (actor.scope.key, actor.role, store.data_version(), store.today())
    kept: tuple[object, Coverage] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = key, read_coverage(actor, store, CoverageRequest())
        session.remember(KEPT, kept)
    return kept[1]


def _show_counts(what: str, rows: Sequence[CoverageCount]) -> None:
    if not rows:
        st.caption(f"各{what}人数少，从略")
        return
    show_table(
        [{what: one.name, "覆盖": _cell(one.count), "过渡期党员": _cell(one.denominator)} for one in rows],
        height=TABLE_HEIGHT,
    )
    if any(one.count is None for one in rows):
        st.caption("人数少的从略；由合计能推出来的也从略")


def _show_gaps(found: Coverage) -> None:
    st.subheader(f"空白点 {len(found.gaps)} 处")
    if not found.gaps:
        st.success("住址已核定的过渡期党员，走得到的范围内都有地点")
        return
    show_table(
        [
            {
                "楼栋、小区": gap.label,
                "社区": gap.community,
                "过渡期党员": gap.members,
                "最近的地点": "周围没有" if gap.nearest_m is None else f"{gap.nearest_m} 米",
            }
            for gap in found.gaps
        ],
        height=TABLE_HEIGHT,
    )


def _show_quiet(found: Coverage) -> None:
    title = f"没有党小组，或 {found.months} 个月没有开展活动的支部 {len(found.org_gaps)} 个"
    st.subheader(title)
    show_table(
        [
            {
                "支部": one.branch,
                "党小组": "没有" if one.has_no_group else "有",
                "最近活动": one.last_held.isoformat() if one.last_held else "没有记录",
            }
            for one in found.org_gaps
        ],
        height=TABLE_HEIGHT,
    )


def _show_next(actor: Actor, store: Store, found: Coverage) -> None:
    st.subheader("再设一户中心户，设在哪里帮助最大")
    if not st.toggle("逐处试设", key="boards_next_host"):
        short = found.without_seat or 0
        st.caption(f"现在同时安排座位还缺 {short} 座" if short else "现在座位够用；试设可看哪里能少走路")
        return
    answer = _read_next(actor, store)
    st.caption(plain(answer.definition))
    if not answer.best:
        st.info(f"试设了 {answer.n_candidates} 处，没有哪一处能多安排座位或缩短路程")
        return
    for number, one in enumerate(answer.best, start=1):
        _show_place(number, one)
    st.caption("设好一处再选下一处：" + "、".join(plain(one.label) for one in answer.in_turn))


def _read_next(actor: Actor, store: Store) -> NextHosts:
    key = (actor.scope.key, actor.role, store.data_version(), store.today())
    kept: tuple[object, NextHosts] | None = session.recall(KEPT_NEXT)
    if kept is None or kept[0] != key:
        kept = key, next_hosts(actor, store, NextHostRequest())
        session.remember(KEPT_NEXT, kept)
    return kept[1]


def _show_place(number: int, one: NextHost) -> None:
    walk = f"步行总路程{'少' if one.more_m < 0 else '多'} {abs(one.more_m)} 米"
    names = "、".join(name for _, name in one.hosts)
    who = f"　可动员：{plain(names)}" if names else "　候选场所"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{number}. **{plain(one.label)}**（按 {one.seats} 座计）　多坐下 {one.more_seated} 名，"
            f"未覆盖少 {one.fewer_uncovered} 名，{walk}{who}"
        )
        card = f"venue-{one.key.removeprefix('V')}" if one.key.startswith("V") else f"building-{one.building_id}"
        st.page_link(MAP, label="在图上看", query_params={"card": card}, icon=":material/map:")


def _said(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _cell(count: int | None) -> str | int:
    return HIDDEN if count is None else count
