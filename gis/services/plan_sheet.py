"""A proposal as a workbook for the branch committee's meeting."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gis.model.access import Action
from gis.services.access import require, require_orgs
from gis.services.plan_wishes import unmet_wishes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from gis.model.access import Actor
    from gis.model.plan import Alternative, GroupPlan
    from gis.store.database import Store

NARROW, WIDE = 8, 60
Row = tuple[str | int, ...]


def plan_workbook(actor: Actor, store: Store, plan: GroupPlan) -> bytes:
    """Return the xlsx: groups, members with their walk and the reasons, those left out, and what the plan stands on.

    Raises
    ------
    DeniedError
        The actor may not plan, or no longer for these branches: the plan may be older than the actor's scope.
    """
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, plan.branch_ids)
    book = openpyxl.Workbook()
    del book["Sheet"]
    _sheet(book.create_sheet("小组"), ("小组", "支部", "活动地点", "组长", "人数", "平均步行（米）"), _group_rows(plan))
    columns = ("小组", "支部", "活动地点", "姓名", "步行（米）", "分钟", "估算", "为何在此", "其他地点")
    _sheet(book.create_sheet("组员"), columns, _seat_rows(plan))
    _sheet(book.create_sheet("未安排"), ("姓名", "原因", "怎样可以安排"), _unseated_rows(plan))
    _sheet(book.create_sheet("说明"), ("项目", "内容"), _notes(actor, store, plan))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _group_rows(plan: GroupPlan) -> list[Row]:
    rows: list[Row] = []
    for group in plan.groups:
        leader = next((seat.name for seat in group.seats if seat.member_id == group.leader_id), "")
        mean = round(sum(seat.walk_m for seat in group.seats) / len(group.seats))
        rows.append((group.id, group.branch, group.place.label, leader, len(group.seats), mean))
    return rows


def _seat_rows(plan: GroupPlan) -> list[Row]:
    return [
        (
            group.id,
            group.branch,
            group.place.label,
            seat.name,
            round(seat.walk_m),
            seat.minutes,
            "估算" if seat.is_estimated else "",
            seat.why,
            "；".join(said_alternative(one) for one in seat.alternatives),
        )
        for group in plan.groups
        for seat in group.seats
    ]


def said_alternative(one: Alternative) -> str:
    """Return another place in one phrase: where, how far, why not."""
    far = "走不到" if one.walk_m is None else f"{one.walk_m:.0f} 米"
    return f"{one.place.label}（{far}，{one.why_not}）"


def _unseated_rows(plan: GroupPlan) -> list[Row]:
    return [(one.name, one.reason, one.smallest_change) for one in plan.unseated]


def _notes(actor: Actor, store: Store, plan: GroupPlan) -> list[Row]:
    proven = "已证明最优" if plan.status == "optimal" else f"与最优差距不超过 {plan.gap:.1%}"
    return [
        ("性质", "测算方案，供支部委员会讨论；采用后才生效。内部资料，不得公开"),
        ("安排人数", plan.scores.seated),
        ("未安排人数", len(plan.unseated)),
        ("求解状态", proven),
        *(("未能满足的要求", text) for text in unmet_wishes(plan)),
        ("步行距离", "含估算（无路网处按直线距离折算）" if plan.is_estimated else "按路网计算"),
        ("数据日期", plan.as_of.isoformat()),
        ("导出人", actor.display_name or actor.name),
        ("导出时间（UTC）", store.clock().isoformat(sep=" ", timespec="minutes")),
    ]


def _sheet(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Row]) -> None:
    for line, values in enumerate((columns, *rows), start=1):
        for place, value in enumerate(values, start=1):
            cell = sheet.cell(line, place, _printable(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # a name that begins with "=" stays a name
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for head in sheet[1]:
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="F0ECE4")
    sheet.freeze_panes = "A2"
    for place in range(1, len(columns) + 1):
        longest = max(_width(row[place - 1]) for row in (columns, *rows))
        sheet.column_dimensions[get_column_letter(place)].width = min(max(NARROW, longest + 2), WIDE)


def _printable(text: str) -> str:
    """Drop what a worksheet cannot hold (control characters)."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= ord(" "))


def _width(value: object) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in str(value))  # noqa: PLR2004  # from here on full-width
