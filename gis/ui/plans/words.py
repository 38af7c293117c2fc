"""How plans are said: figures, times, people."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gis.model.office_day import BEIJING
from gis.model.plans import IssueLevel, PlanState
from gis.ui.text import metres

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from gis.model.plans import PlanHead, PlanIssue

MOST_BRANCHES = 2
TONES = {PlanState.PUBLISHED: "good", PlanState.RUNNING: "good", PlanState.REVIEW: "warn", PlanState.REPORTED: "warn"}


def moment(at: datetime) -> str:
    """Return a time of the database as the clock on the wall shows it."""
    return f"{at + BEIJING:%Y-%m-%d %H:%M}"


def who_when(who: str, at: datetime) -> str:
    """Return `张三 2026-03-01 09:30`."""
    return f"{who} {moment(at)}".strip()


def branches_of(head: PlanHead) -> str:
    """Return the branches, the first few by name."""
    names = head.branches
    return "、".join(names) if len(names) <= MOST_BRANCHES else f"{names[0]}等 {len(names)} 个支部"


def strip(values: Mapping[str, str]) -> str:
    """Return figures in one line, as markup in which nothing from data is markup."""
    parts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in values.items())
    return f'<dl class="jj-strip">{parts}</dl>'


def figures_of(head: PlanHead, n_left: int) -> dict[str, str]:
    """Return the figures of a plan; `n_left` members have no seat."""
    return {
        "已安排": f"{head.seated} / {head.seated + n_left} 名",
        "小组": f"{head.n_groups} 个",
        "平均步行": metres(head.scores.mean_walk_m),
        "九成不超过": metres(head.scores.p90_walk_m),
        "最远": metres(head.scores.longest_walk_m),
    }


def issue_lines(issues: Iterable[PlanIssue]) -> str:
    """Return issues as list items, what blocks first; nothing from data is markup."""
    ordered = sorted(issues, key=lambda issue: issue.level is not IssueLevel.BLOCK)
    return "".join(f"<li>{tag(issue)}<span>{escape(issue.message)}</span></li>" for issue in ordered)


def tag(issue: PlanIssue) -> str:
    """Return the small label of an issue's level, as markup."""
    tone = "jj-bad" if issue.level is IssueLevel.BLOCK else "jj-warn"
    return f'<b class="jj-tag {tone}">{escape(issue.level.label)}</b>'
