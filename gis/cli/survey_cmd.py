"""`jiujin survey`: 走访摸排."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.cards_cmd import DayOption, chosen, day_of
from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError, NotFoundError
from gis.model.access import operator
from gis.model.contact import SurveyResult
from gis.model.ids import MemberId, SurveyId
from gis.services.grouping import branches_named
from gis.services.surveys import (
    NewSurvey,
    Visit,
    assign_visits,
    close_survey,
    create_survey,
    list_surveys,
    org_named,
    record_visit,
    survey_view,
)

if TYPE_CHECKING:
    from gis.services.surveys import Progress, SurveyLine, SurveyView

survey_app = typer.Typer(help="走访摸排：名单、结果、进度。", no_args_is_help=True)
SurveyArgument = Annotated[int, typer.Argument(help="摸排编号，见 survey list")]


@survey_app.command("create")
def survey_create(
    name: Annotated[str, typer.Argument(help="名称，例如“2026 年下半年走访摸排”")],
    due: Annotated[str, typer.Option(help="应完成日期，年-月-日")],
    org: Annotated[str, typer.Option(help="开展摸排的组织；不填为最上级")] = "",
    start: Annotated[str, typer.Option(help="开始日期，年-月-日；不填为今天")] = "",
    note: Annotated[str, typer.Option(help="要求，不超过 500 字")] = "",
    members: Annotated[
        list[int] | None, typer.Option("--member", help="只走访这些党员，可多次；不填为全部过渡期党员")
    ] = None,
    assignee: Annotated[list[str] | None, typer.Option(help="走访人，支部=姓名，可多次")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """开展一次走访摸排，名单是该组织及其下级的返迁过渡期党员。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        pairs = [text.partition("=") for text in assignee or []]
        if any(not name or not who for name, _, who in pairs):
            msg = "--assignee 请填 支部=姓名"
            raise InputError(msg)
        due_on = day_of(due, "--due")
        if due_on is None:
            msg = "--due 请填应完成日期"
            raise InputError(msg)
        wanted = NewSurvey(
            name=name,
            org_id=org_named(actor, store, org),
            due_on=due_on,
            started_on=day_of(start, "--start"),
            note=note,
            member_ids=tuple(MemberId(one) for one in members or []),
            assignees={branches_named(actor, store, [branch])[0]: who.strip() for branch, _, who in pairs},
        )
        survey_id = create_survey(actor, store, wanted)
        view = survey_view(actor, store, survey_id)
        emit(_document(view), as_json=as_json, text=f"摸排 {survey_id} 已开展，名单 {view.total.targets} 名")


@survey_app.command("list")
def survey_list(db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出走访摸排及其进度。"""
    with Reporting(as_json=as_json):
        found = list_surveys(operator(), open_store(db))
        lines = [f"{one.survey.id}\t{one.survey.name}\t{one.org}\t{_said(one.progress)}" for one in found]
        emit([_line(one) for one in found], as_json=as_json, text="\n".join(lines) or "还没有开展过走访摸排")


@survey_app.command("show")
def survey_show(survey: SurveyArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """查看一次摸排：名单、结果、各支部进度。"""
    with Reporting(as_json=as_json):
        view = survey_view(operator(), open_store(db), SurveyId(survey))
        lines = [f"{view.survey.name}　{_said(view.total)}"]
        lines += [f"{one.branch}\t{_said(one)}" for one in view.branches]
        lines += [
            f"{one.member_id}\t{one.name}\t{one.branch}\t{one.target.assignee}\t"
            f"{one.target.result.label if one.target.result else '未走访'}{'　已超期' if one.is_overdue else ''}"
            for one in view.targets
        ]
        emit(_document(view), as_json=as_json, text="\n".join(lines))


@survey_app.command("record")
def survey_record(
    survey: SurveyArgument,
    member: Annotated[int, typer.Argument(help="党员编号")],
    result: Annotated[str, typer.Option(help="结果：" + "、".join(SurveyResult.labels()))],
    by: Annotated[str, typer.Option(help="走访人")],
    on: DayOption = "",
    note: Annotated[str, typer.Option(help="备注，只记事情，不作评价，不超过 100 字")] = "",
    next_on: Annotated[str, typer.Option(help="下次联系日期，年-月-日")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记走访结果：同时记入联系记录；已核实的，联系卡和现住址记为当天核实。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        visit = Visit(
            chosen(SurveyResult, result, "--result"), by, day_of(on, "--on"), note, day_of(next_on, "--next-on")
        )
        record_visit(actor, store, SurveyId(survey), MemberId(member), visit)
        view = survey_view(actor, store, SurveyId(survey))
        found = next((one for one in view.targets if one.member_id == member), None)
        if found is None:
            msg = "该党员不在这次摸排的名单里"
            raise NotFoundError(msg)
        emit(_progress(view.total), as_json=as_json, text=f"已登记：{found.name}　{_said(view.total)}")


@survey_app.command("assign")
def survey_assign(
    survey: SurveyArgument,
    assignee: Annotated[str, typer.Argument(help="走访人")],
    members: Annotated[list[int], typer.Argument(help="党员编号，可多个")],
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """安排走访人。"""
    with Reporting(as_json=as_json):
        ids = [MemberId(one) for one in members]
        assign_visits(operator(), open_store(db), SurveyId(survey), assignee, ids)
        emit({"survey": survey, "assignee": assignee, "members": members}, as_json=as_json, text="已安排")


@survey_app.command("close")
def survey_close(survey: SurveyArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """结束一次摸排；没有走访到的留在名单里。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        close_survey(actor, store, SurveyId(survey))
        view = survey_view(actor, store, SurveyId(survey))
        emit(_document(view), as_json=as_json, text=f"已结束：{_said(view.total)}")


def _said(one: Progress) -> str:
    late = f"，已超期 {one.overdue} 名" if one.overdue else ""
    return f"共 {one.targets} 名，已核实 {one.verified}，其他结果 {one.other}，未完成 {one.open}{late}"


def _progress(one: Progress) -> dict[str, object]:
    return {
        "branch": one.branch,
        "targets": one.targets,
        "verified": one.verified,
        "other": one.other,
        "open": one.open,
        "not_home": one.not_home,
        "overdue": one.overdue,
    }


def _line(one: SurveyLine) -> dict[str, object]:
    return {
        "survey": one.survey.id,
        "name": one.survey.name,
        "org": one.org,
        "started_on": one.survey.started_on.isoformat(),
        "due_on": one.survey.due_on.isoformat(),
        "closed_on": one.survey.closed_on.isoformat() if one.survey.closed_on else None,
        "progress": _progress(one.progress),
    }


def _document(view: SurveyView) -> dict[str, object]:
    return {
        "survey": view.survey.id,
        "name": view.survey.name,
        "org": view.org,
        "as_of": view.as_of.isoformat(),
        "started_on": view.survey.started_on.isoformat(),
        "due_on": view.survey.due_on.isoformat(),
        "closed_on": view.survey.closed_on.isoformat() if view.survey.closed_on else None,
        "total": _progress(view.total),
        "branches": [_progress(one) for one in view.branches],
        "targets": [
            {
                "member": one.member_id,
                "name": one.name,
                "branch": one.branch,
                "assignee": one.target.assignee,
                "result": one.target.result.value if one.target.result else None,
                "done_on": one.target.done_on.isoformat() if one.target.done_on else None,
                "overdue": one.is_overdue,
            }
            for one in view.targets
        ],
    }


def register(app: typer.Typer) -> None:
    """Add `jiujin survey`."""
    app.add_typer(survey_app, name="survey")
