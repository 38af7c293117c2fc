"""One survey: progress by branch, whom to visit, and the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.contact import SurveyResult
from gis.services.surveys import Visit, assign_visits, close_survey, record_visit, survey_view
from gis.ui import session
from gis.ui.cards import address
from gis.ui.cards.words import day_of, iso, say, show_said
from gis.ui.choices import Column, Listing, Picked, Row, show_choices
from gis.ui.table import show_table, show_tiles
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.ids import MemberId, SurveyId
    from gis.services.surveys import SurveyView, TargetLine
    from gis.store.database import Store

PICKED = "survey_picked"
RESULT = 3
EVERY_BRANCH = "全部支部"
_RESULTS: list[SurveyResult] = list(SurveyResult)
COLUMNS = (
    Column("姓名"),
    Column("支部"),
    Column("走访人"),
    Column("结果", is_tag=True),
    Column("走访日期"),
    Column("住处", is_wide=True),
    Column("电话"),
)


def show_survey(actor: Actor, store: Store, survey_id: SurveyId) -> None:
    """Show a survey to whoever may see it."""
    view = survey_view(actor, store, survey_id)
    survey = view.survey
    st.title(plain(survey.name))
    closed = f"，已于 {iso(survey.closed_on)} 结束" if survey.closed_on else ""
    st.caption(
        f"{plain(view.org)}　{iso(survey.started_on)} 开始，{iso(survey.due_on)} 前完成{closed}　截至 {iso(view.as_of)}"
    )
    if survey.note:
        st.markdown(plain(survey.note))
    show_said()
    _show_progress(view)
    shown = _narrowed(view.targets)
    is_open = survey.closed_on is None
    if is_open and shown:
        _record(actor, view, shown)
    picked = _picked(shown)
    may_assign = is_open and actor.may(Action.RUN_SURVEYS)
    show_choices(
        f"survey_targets_{int(survey_id)}",
        Listing("走访名单", COLUMNS, [_row(one) for one in shown]),
        picked,
        on_pick=_keep if may_assign else None,
        on_open=address.open_one,
    )
    if may_assign:
        _assign(view, picked)
        _close(actor, store, view)


def _show_progress(view: SurveyView) -> None:
    total = view.total
    show_tiles(
        {
            "名单": f"{total.targets} 名",
            "已核实": f"{total.verified}/{total.targets}",
            "其他结果": str(total.other),
            "未完成": str(total.open),
            "已超期": str(total.overdue),
        },
        key="jj_survey",
    )
    if len(view.branches) > 1:
        with st.expander(f"各支部进度（{len(view.branches)} 个支部）"):
            show_table(
                [
                    {
                        "支部": one.branch,
                        "名单": one.targets,
                        "已核实": one.verified,
                        "其他结果": one.other,
                        "未完成": one.open,
                        "其中不在家": one.not_home,
                        "已超期": one.overdue,
                    }
                    for one in view.branches
                ]
            )


def _narrowed(targets: Sequence[TargetLine]) -> list[TargetLine]:
    branches = sorted({one.branch for one in targets})
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    branch = EVERY_BRANCH
    if len(branches) > 1:
        branch = left.selectbox("支部", [EVERY_BRANCH, *branches], key="survey_branch")
    only_open = right.toggle("只看未完成的", key="survey_open")
    return [one for one in targets if branch in (EVERY_BRANCH, one.branch) and not (only_open and one.target.is_done)]


def _row(one: TargetLine) -> Row:
    result = one.target.result
    said = result.label if result else "未走访"
    tone = "good" if result in (SurveyResult.VERIFIED, SurveyResult.CHANGED) else ""
    if one.is_overdue:
        said, tone = f"{said}，超期", "warn"
    cells = (one.name, one.branch, one.target.assignee, said, iso(one.target.done_on), one.place, one.phone)
    return Row(int(one.member_id), cells, {RESULT: tone})


def _record(actor: Actor, view: SurveyView, shown: Sequence[TargetLine]) -> None:
    """Ask for the result of one visit; those still to visit come first."""
    order = sorted(shown, key=lambda one: one.target.is_done)
    by_id = {one.member_id: one for one in order}
    names = distinct({number: f"{one.name}　{one.branch}" for number, one in by_id.items()})
    with st.expander("登记走访结果", expanded=False):
        number: MemberId = st.selectbox(
            "走访了谁", list(names), format_func=lambda one: names[one], key=f"survey_who_{int(view.survey.id)}"
        )
        one = by_id[number]
        stamp = f"{one.target.result}_{one.target.done_on}"
        with st.form(f"survey_record_{int(view.survey.id)}_{int(number)}_{stamp}", border=False):
            first, second, third = st.columns(3)
            result = first.selectbox("结果", _RESULTS, format_func=lambda kind: str(kind.label))
            by = second.text_input("走访人", one.target.assignee or actor.display_name, max_chars=100)
            day = third.text_input("走访日期", iso(view.as_of))
            note = st.text_input("备注", max_chars=100, placeholder="只记做了什么，不写对本人的看法")
            is_saved = st.form_submit_button("登记", type="primary")
        st.caption("已核实、已更正的，联系卡和现住址同时记为当天核实，并添一条联系记录；不在家的要再去一次")
    if is_saved:
        with session.show_errors():
            visit = Visit(result, by, day_of(day, "走访日期"), note)
            record_visit(session.actor_now(), session.store(), view.survey.id, number, visit)
            say(f"已登记：{one.name}，{result.label}")


def _picked(shown: Sequence[TargetLine]) -> Picked:
    kept: Picked = session.recall(PICKED) or Picked()
    there = {int(one.member_id) for one in shown}
    return Picked(tuple(one for one in kept.ids if one in there), kept.stamp)


def _keep(picked: Picked) -> None:
    session.remember(PICKED, picked)


def _assign(view: SurveyView, picked: Picked) -> None:
    with st.form(f"survey_assign_{int(view.survey.id)}", border=False):
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        who = left.text_input("走访人", max_chars=100, placeholder="勾选名单里的人，写上走访人")
        is_saved = right.form_submit_button(f"安排给勾选的 {len(picked.ids)} 名", disabled=not picked.ids)
    if is_saved and who.strip():
        with session.show_errors():
            members: list[MemberId] = [one.member_id for one in view.targets if int(one.member_id) in picked.ids]
            assign_visits(session.actor_now(), session.store(), view.survey.id, who, members)
            session.forget(PICKED)
            say(f"已安排 {len(members)} 名")


def _close(actor: Actor, store: Store, view: SurveyView) -> None:
    with st.popover("结束这次摸排"):
        st.markdown(f"还有 {view.total.open} 名没有完成。结束后不再登记结果，名单和结果保留。")
        if st.button("确定结束", type="primary", key="survey_close"):
            with session.show_errors():
                close_survey(actor, store, view.survey.id)
                say("摸排已结束")
