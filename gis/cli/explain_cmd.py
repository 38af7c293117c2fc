"""`jiujin plan explain`: why a plan is as it is, and what would make it better."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.plan_cmd import plan_app
from gis.errors import InputError, system_reason
from gis.model.access import operator
from gis.model.ids import MemberId
from gis.services.why import explain_groups, explain_members, price_limits, rank_additions
from gis.services.why_document import Explained, why_document, why_lines
from gis.services.why_facts import seats_of_document

if TYPE_CHECKING:
    from gis.services.why_facts import PlanSeats
    from gis.store.database import Store


def plan_explain(  # one parameter an option
    plan: Annotated[Path, typer.Argument(help="plan groups 写出的方案")],
    member: Annotated[list[int] | None, typer.Option(help="党员编号，可多次")] = None,
    group: Annotated[list[str] | None, typer.Option(help="小组，如 G1，可多次")] = None,
    seconds: Annotated[float, typer.Option(help="每一问最多计算几秒", min=0.0)] = 20.0,
    db: DbOption = "",
    as_json: JsonOption = False,  # a flag
) -> None:
    """说明方案的理由：指定党员或小组；都不指定时，说明各组、各项限制的代价和最有用的增补。"""
    with Reporting(as_json=as_json):
        store, seats = open_store(db), seats_of_document(_read(plan))
        said = _asked(store, seats, [MemberId(one) for one in member or []], group or [], seconds)
        emit(why_document(said), as_json=as_json, text="\n".join(why_lines(said)))


def _read(plan: Path) -> dict[str, object]:
    try:
        document: dict[str, object] = json.loads(plan.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"方案读不到：{plan}（{system_reason(error)}）"
        raise InputError(msg) from error
    except ValueError as error:
        msg = f"{plan.name} 不是方案文件：不是有效的 JSON"
        raise InputError(msg) from error
    return document


def _asked(store: Store, seats: PlanSeats, members: list[MemberId], groups: list[str], seconds: float) -> Explained:
    actor, is_whole = operator(), not members and not groups
    named = groups or ([one.id for one in seats.groups] if is_whole else [])
    return Explained(
        members=explain_members(actor, store, seats, members, seconds=seconds) if members else None,
        groups=explain_groups(actor, store, seats, named, seconds=seconds) if named else None,
        limits=price_limits(actor, store, seats, seconds=seconds) if is_whole else None,
        additions=rank_additions(actor, store, seats, seconds=seconds) if is_whole else None,
    )


def register(_app: typer.Typer) -> None:
    """Add `jiujin plan explain` to `jiujin plan`."""
    plan_app.command("explain")(plan_explain)
