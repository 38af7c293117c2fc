"""`jiujin care …`: figures of 关爱; who it is about is for the branch secretary and the helper alone, on the screen."""

from __future__ import annotations

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.model.access import operator
from gis.services import care

care_app = typer.Typer(help="关爱需要：只有数量；是谁只在页面上给支部书记和帮扶人看。", no_args_is_help=True)


@care_app.command("counts")
def counts(db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出各类关爱需要的人数；人数太少的不显示。"""
    with Reporting(as_json=as_json):
        found = care.care_counts(operator(), open_store(db))
        document = {
            "by_code": [
                {"code": one.code.value, "label": one.code.label, "members": one.members} for one in found.by_code
            ],
            "total": found.total,
            "suppressed_below": found.below,
        }
        few = f"少于 {found.below} 人，不显示"
        lines = [f"{one.code.label}\t{few if one.members is None else one.members}" for one in found.by_code]
        lines.append(f"合计\t{'不显示，以免倒推' if found.total is None else found.total}")
        emit(document, as_json=as_json, text="\n".join(lines))


@care_app.callback()
def _care() -> None:
    """关爱需要：只有数量。"""


def register(app: typer.Typer) -> None:
    """Add `jiujin care`."""
    app.add_typer(care_app, name="care")
