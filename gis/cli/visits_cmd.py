"""`jiujin visits due | list | show | issue | close | cancel`: rounds of visits from who is due to the end.

Other modules add their commands to `visits_app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_cmd import found_id
from gis.cli.org_days import need_day, read_day
from gis.errors import InputError
from gis.model.access import operator
from gis.model.ids import MemberId, RoundId
from gis.model.visits import DueKind
from gis.services.org_edit import org_named
from gis.services.visits import rounds as visit_rounds
from gis.services.visits.asking import top_org
from gis.services.visits.due import DueRequest, list_due
from gis.services.visits.texts import due_document, due_lines, line_document, line_text, round_document, round_lines
from gis.services.visits.views import list_rounds, open_round

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.model.access import Actor
    from gis.services.visits.rounds import RoundStep
    from gis.store.database import Store

    Step = Callable[[Actor, Store, RoundId, int], RoundStep]

visits_app = typer.Typer(help="上门送学：谁该走访、走访批次、走访单和结果。", no_args_is_help=True)
RoundArgument = Annotated[int, typer.Argument(help="走访批次编号，见 visits list")]
VersionOption = Annotated[int, typer.Option("--version", help="您看到的是第几版；不填为最新", min=0)]
CURRENT = 0


@visits_app.command("due")
def due(
    since: Annotated[str, typer.Option("--from", help="从哪一天，例如 2026-11-24")],
    branch: Annotated[str, typer.Option("--branch", help="组织名称或编号，含其下级")] = "",
    street: Annotated[bool, typer.Option("--street", help="全街道")] = False,
    until: Annotated[str, typer.Option("--to", help="到哪一天；不填为同一天")] = "",
    include: Annotated[
        list[str] | None, typer.Option("--include", help="只看这几类，例如 入户送学到期；可多次")
    ] = None,
    everyone: Annotated[bool, typer.Option("--everyone", help="范围内党员全部走访，不限是否到期")] = False,
    member: Annotated[list[int] | None, typer.Option("--member", help="另外指定的党员编号；可多次")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出这几天该走访谁、为什么，以及到期但不能上门的。"""
    if street == bool(branch):
        msg = "范围请二选一：--street（全街道）或 --branch 组织名称"
        raise typer.BadParameter(msg)
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        first = need_day(since, "起始日期")
        request = DueRequest(
            org_id=top_org(actor, store) if street else found_id(org_named(actor, store, branch)),
            first_day=first,
            last_day=read_day(until, "截止日期") or first,
            kinds=_kinds(include),
            everyone=everyone,
            member_ids=tuple(MemberId(one) for one in member or ()),
        )
        found = list_due(actor, store, request)
        document = due_document(actor, store, found)
        emit(document, as_json=as_json, text="\n".join(due_lines(document)))


@visits_app.command("list")
def rounds(
    since: Annotated[str, typer.Option("--from", help="从哪一天")] = "",
    until: Annotated[str, typer.Option("--to", help="到哪一天")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出走访批次及其进度，最近的在前。"""
    with Reporting(as_json=as_json):
        found = list_rounds(
            operator(), open_store(db), since=read_day(since, "起始日期"), until=read_day(until, "截止日期")
        )
        text = "\n".join(line_text(one) for one in found) or "还没有走访批次；用 jiujin plan visits 安排"
        emit([line_document(one) for one in found], as_json=as_json, text=text)


@visits_app.command("show")
def show(number: RoundArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """查看一批走访：各组、各户、时间和结果；电话只显示头尾。"""
    with Reporting(as_json=as_json):
        view = open_round(operator(), open_store(db), RoundId(number))
        emit(round_document(view), as_json=as_json, text="\n".join(round_lines(view)))


@visits_app.command("issue")
def issue(
    number: RoundArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """下发：走访人从此可以看到自己一组的名单。"""
    with Reporting(as_json=as_json):
        _do(number, version, db, ("已下发", visit_rounds.issue_round), as_json=as_json)


@visits_app.command("close")
def close(
    number: RoundArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """结束一批走访；没有结果的计为未走访。"""
    with Reporting(as_json=as_json):
        _do(number, version, db, ("已结束", visit_rounds.close_round), as_json=as_json)


@visits_app.command("cancel")
def cancel(
    number: RoundArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """取消一批走访；已登记的结果保留。"""
    with Reporting(as_json=as_json):
        _do(number, version, db, ("已取消", visit_rounds.cancel_round), as_json=as_json)


@visits_app.command("rename")
def rename(
    number: RoundArgument,
    name: Annotated[str, typer.Argument(help="新的名称")],
    note: Annotated[str | None, typer.Option(help="备注；不填则不变")] = None,
    version: VersionOption = CURRENT,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """修改一批走访的名称和备注。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        before = open_round(actor, store, RoundId(number)).round
        kept = before.note if note is None else note
        new = visit_rounds.rename_round(actor, store, RoundId(number), version or before.version, name, kept)
        emit({"round": number, "version": new}, as_json=as_json, text=f"走访批次 {number} 已改名")


@visits_app.command("discard")
def discard(
    number: RoundArgument, version: VersionOption = CURRENT, db: DbOption = "", as_json: JsonOption = False
) -> None:
    """删除一批走访的草案。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        before = open_round(actor, store, RoundId(number)).round
        visit_rounds.discard_round(actor, store, RoundId(number), version or before.version)
        emit({"round": number, "discarded": True}, as_json=as_json, text=f"走访批次 {number} 的草案已删除")


def _do(number: int, version: int, db: str, step: tuple[str, Step], *, as_json: bool) -> None:
    store, actor = open_store(db), operator()
    said, act = step
    seen = version or open_round(actor, store, RoundId(number)).round.version
    done = act(actor, store, RoundId(number), seen)
    document = {
        "round": number,
        "version": done.version,
        "teams": done.n_teams,
        "targets": done.n_targets,
        "done": done.n_done,
        "open": done.n_open,
        "warnings": list(done.warnings),
    }
    head = f"走访批次 {number} {said}：{done.n_teams} 组 {done.n_targets} 人，已有结果 {done.n_done} 人"
    emit(document, as_json=as_json, text="\n".join((head, *done.warnings)))


def _kinds(texts: Sequence[str] | None) -> tuple[DueKind, ...] | None:
    if not texts:
        return None
    found = {text: DueKind.from_label(text.strip()) for text in texts}
    unknown = [text for text, kind in found.items() if kind is None]
    if unknown:
        msg = f"没有“{'、'.join(unknown)}”这一类，可用：{'、'.join(DueKind.labels())}"
        raise InputError(msg)
    return tuple(kind for kind in found.values() if kind is not None)


def register(app: typer.Typer) -> None:
    """Add `visits` with its commands."""
    app.add_typer(visits_app, name="visits")
