"""What an edit does, said before it is done and by the same functions as the solver's."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from gis.ui.plans.words import issue_lines
from gis.ui.text import metres

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.model.plans import EditEffect, PlanIssue, SizeChange

SAME_M = 0.5  # metres that do not show


def show_effect(effect: EditEffect, *, is_done: bool = False) -> None:
    """Show sentence, figures before and after, touched groups, rules broken and mended."""
    st.html(markup(effect, is_done=is_done))


def markup(effect: EditEffect, *, is_done: bool = False) -> str:
    """Return the effect as HTML in which nothing from data is markup; `is_done`: it has happened."""
    parts = [f'<p class="jj-effect-said">{escape(effect.text)}</p>', _figures(effect), _sizes(effect.sizes)]
    if effect.new_issues:
        parts.append(_issues("新出现的问题" if is_done else "会出现的问题", effect.new_issues, "jj-effect-new"))
    if effect.solved_issues:
        parts.append(_issues("已消除的问题" if is_done else "会消除的问题", effect.solved_issues, "jj-effect-solved"))
    if not effect.new_issues and not is_done:
        parts.append('<p class="jj-effect-fine">不违反任何规定</p>')
    return f'<div class="jj-effect" role="status">{"".join(parts)}</div>'


def _figures(effect: EditEffect) -> str:
    before, after = effect.before, effect.after
    rows = [
        ("已安排", f"{before.seated} 名", f"{after.seated} 名", after.seated - before.seated),
        *(
            (name, metres(old), metres(new), (old - new) if abs(old - new) >= SAME_M else 0)
            for name, old, new in (
                ("平均步行", before.mean_walk_m, after.mean_walk_m),
                ("九成不超过", before.p90_walk_m, after.p90_walk_m),
                ("最远", before.longest_walk_m, after.longest_walk_m),
            )
        ),
    ]
    return f'<dl class="jj-effect-figures">{"".join(_figure(*row) for row in rows)}</dl>'


def _figure(name: str, old: str, new: str, better: float) -> str:
    tone = "jj-better" if better > 0 else "jj-worse" if better < 0 else ""
    said = f'{escape(old)} → <b class="{tone}">{escape(new)}</b>' if old != new else f"{escape(new)}　不变"
    return f"<div><dt>{escape(name)}</dt><dd>{said}</dd></div>"


def _sizes(sizes: Iterable[SizeChange]) -> str:
    lines = "".join(
        f"<li>{escape(one.branch)} · {escape(one.place)}：{_people(one.before)} → <b>{_people(one.after)}</b></li>"
        for one in sizes
    )
    return f'<ul class="jj-effect-sizes">{lines}</ul>' if lines else ""


def _people(count: int) -> str:
    return f"{count} 人" if count else "无小组"


def _issues(title: str, issues: Iterable[PlanIssue], look: str) -> str:
    return f'<div class="{look}"><h4>{escape(title)}</h4><ul class="jj-issues">{issue_lines(issues)}</ul></div>'
