"""结果: how far a round has come, results files, versions that contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.office_day import BEIJING
from gis.model.visits import LONGEST_VISIT_NOTE, ResultState, RoundState, VisitResult
from gis.services.visits.files import apply_results_file
from gis.services.visits.results import conflicts, settle_conflict
from gis.ui import session
from gis.ui.table import show_table, show_tiles
from gis.ui.text import plain
from gis.ui.visits.said import attempt
from gis.ui.visits.words import result_of, team_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import TargetId
    from gis.model.visits import KeptResult
    from gis.services.visits.files import FileReport
    from gis.services.visits.results import Conflict
    from gis.services.visits.views import RoundView
    from gis.store.database import Store
    from gis.ui.table import Cell

TABLE_HEIGHT = 560
AT_ONCE = 3  # contradictions in full; more fold away


def show_results(actor: Actor, store: Store, view: RoundView) -> None:
    """Show the progress of a round, what waits for a decision, and the ways in."""
    if view.round.state is RoundState.DRAFT:
        st.info("下发以后在这里登记结果：走访人用手机，或者把走访单交回来录入")
        return
    _show_figures(view)
    show_conflicts(conflicts(actor, store, view.round.id))
    if view.round.state is RoundState.ISSUED:
        _ask_file(view)
    _show_moved(view)
    _show_all(view)


def _show_figures(view: RoundView) -> None:
    counts = dict.fromkeys(VisitResult, 0)
    for team in view.teams:
        for stop in team.stops:
            for target in stop.targets:
                if target.result is not None:
                    counts[target.result.result] += 1
    tiles = {"已有结果": f"{view.n_done} / {view.n_targets} 名"}
    tiles |= {result.label: f"{count} 名" for result, count in counts.items()}
    show_tiles(tiles, key="jj_visits_results")


def show_conflicts(found: Sequence[Conflict]) -> None:
    """Show both versions of each, side by side; a person decides."""
    if not found:
        return
    st.header(f"待核对 {len(found)} 处")
    st.caption("同一名党员报来了不同的结果。先报的仍然算数，后报的没有生效，也没有丢；请问清楚以后选定一种。")
    for one in found[:AT_ONCE]:
        _show_conflict(one)
    if found[AT_ONCE:]:
        with st.expander(f"还有 {len(found) - AT_ONCE} 处"):
            for one in found[AT_ONCE:]:
                _show_conflict(one)


def _show_conflict(one: Conflict) -> None:
    with st.container(border=True, key=f"jj_visit_conflict_{one.other.id}"):
        st.markdown(f"**{plain(one.name)}**　{plain(one.round_name)}")
        show_table([_version("现在算数的", one.accepted), _version("后来报的", one.other)])
        with st.container(horizontal=True):
            st.button("改用后来报的", key=f"visits_accept_{one.other.id}", on_click=_settle, args=(one, True))
            st.button("保留现在的", key=f"visits_dismiss_{one.other.id}", on_click=_settle, args=(one, False))


def _version(name: str, kept: KeptResult | None) -> Mapping[str, str]:
    if kept is None:
        return {"": name, "结果": "已清理", "日期": "", "走访人": "", "情况": "", "下次": "", "怎样报来的": ""}
    return {
        "": name,
        "结果": kept.result.label,
        "日期": kept.on_day.isoformat(),
        "走访人": kept.by_name,
        "情况": kept.note,
        "下次": kept.next_on.isoformat() if kept.next_on else "",
        "怎样报来的": f"{kept.source.label}，{kept.said_by}，{kept.said_at + BEIJING:%m-%d %H:%M}",
    }


def _settle(one: Conflict, accept: bool) -> None:  # noqa: FBT001  # an answer, handed on
    def work() -> str:
        settle_conflict(session.actor_now(), session.store(), one.other.id, accept)
        return f"{one.name}：已改用后来报的结果" if accept else f"{one.name}：保留原来的结果"

    attempt("选定结果", work)


def _ask_file(view: RoundView) -> None:
    """Try a results file of the offline sheet first, record it on a second press."""
    with st.expander("读入手机离线单的结果文件"):
        st.caption(
            "走访人在离线单里点“生成结果文件”得到的文件。先试读，看清会改什么，再登记；同一个文件读两次只算一次。"
        )
        upload = st.file_uploader("结果文件", type=["json"], key=f"visits_upload_{view.round.id}")
        if upload is None:
            return
        content = upload.getvalue()
        with session.show_errors():
            report = apply_results_file(session.actor_now(), session.store(), content)
            _show_report(view, report)
            st.button(
                f"登记 {report.accepted + report.in_conflict} 条",
                type="primary",
                disabled=not report.accepted + report.in_conflict,
                on_click=_apply,
                args=(content,),
            )


def _apply(content: bytes) -> None:
    def work() -> str:
        done = apply_results_file(session.actor_now(), session.store(), content, apply=True)
        waiting = f"，{done.in_conflict} 条与已有结果不同，列在“待核对”" if done.in_conflict else ""
        refused = f"，{done.refused} 条没有收下" if done.refused else ""
        return f"{done.sheet_number}：登记 {done.accepted} 条，{done.same} 条早已登记{waiting}{refused}"

    attempt("登记结果文件", work)


def _show_report(view: RoundView, report: FileReport) -> None:
    names = _names(view)
    st.markdown(
        f"走访单 {plain(report.sheet_number)}：新结果 **{report.accepted}** 条，早已登记 **{report.same}** 条，"
        f"与已有结果不同 **{report.in_conflict}** 条，收不下 **{report.refused}** 条"
    )
    rows = [
        {
            "姓名": names.get(one.target_id, f"不在这个批次（{one.target_id}）"),
            "会怎样": "收不下" if one.state is None else "早已登记" if one.is_same else _will(one.state),
            "说明": "" if one.state is ResultState.ACCEPTED and not one.is_same else one.message,
        }
        for one in report.outcomes
    ]
    show_table(rows, height=TABLE_HEIGHT)


def _will(state: ResultState) -> str:
    return "列入待核对" if state is ResultState.CONFLICT else "登记"


def _names(view: RoundView) -> dict[TargetId, str]:
    return {
        target.target.id: target.name
        for team in view.teams
        for stop in team.stops
        for target in stop.targets
        if target.target.id is not None
    }


def _show_moved(view: RoundView) -> None:
    """Name those who have moved: the address is changed by a decision of its own, never by a result."""
    moved = [
        target.name
        for team in view.teams
        for stop in team.stops
        for target in stop.targets
        if target.result is not None and target.result.result is VisitResult.MOVED
    ]
    if moved:
        st.warning(f"已迁 {len(moved)} 名，请核实新住处后到“变动登记”页登记：{plain('、'.join(moved))}")


def _show_all(view: RoundView) -> None:
    st.header("逐户结果")
    if not view.n_done:
        st.info("还没有结果：走访人在手机上登记，或者在“走访单”里打开录入页，按数字键录入交回的走访单")
    rows: list[Mapping[str, Cell]] = [
        {
            "组": f"第 {team.team.number} 组",
            "次序": str(stop.stop.position),
            "姓名": target.name,
            "结果": result_of(target.result) or "还没有",
            "日期": target.result.on_day.isoformat() if target.result else "",
            "走访人": target.result.by_name if target.result else "",
            "情况": (target.result.note if target.result else "")[:LONGEST_VISIT_NOTE],
            "下次": target.result.next_on.isoformat() if target.result and target.result.next_on else "",
        }
        for team in view.teams
        for stop in team.stops
        for target in stop.targets
    ]
    if rows:
        st.caption("　".join(team_name(team.team.number, team.team.visitors) for team in view.teams).replace("*", ""))
        show_table(rows, height=TABLE_HEIGHT)
