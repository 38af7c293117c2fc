"""What an edit does, as people read it; nothing from data is markup."""

from __future__ import annotations

from gis.model.plan import Scores
from gis.model.plans import EditEffect, IssueLevel, PlanIssue, SizeChange
from gis.ui.plans.effect import markup

HOSTILE = "<img src=x>"


def effect(**more: object) -> EditEffect:
    values: dict[str, object] = {
        "text": "把甲移到王家",
        "before": Scores(9, 300.0, 500.0, 700.0),
        "after": Scores(9, 280.0, 500.0, 760.0),
        "sizes": (SizeChange("G1", "一支部", "王家", 4, 0),),
        "new_issues": (),
        "solved_issues": (),
        "version": 1,
    }
    return EditEffect(**(values | more))  # type: ignore[arg-type]


def test_figures_say_before_and_after_and_which_is_worse():
    said = markup(effect())
    assert '300 米 → <b class="jj-better">280 米</b>' in said
    assert '700 米 → <b class="jj-worse">760 米</b>' in said
    assert "500 米　不变" in said
    assert "4 人 → <b>无小组</b>" in said
    assert "不违反任何规定" in said


def test_a_broken_rule_is_named_and_its_level_said():
    broken = PlanIssue("R01", IssueLevel.BLOCK, "G1", None, f"{HOSTILE} 只剩 2 人")
    said = markup(effect(new_issues=(broken,), text=HOSTILE))
    assert "会出现的问题" in said
    assert "不能发布" in said
    assert "&lt;img src=x&gt; 只剩 2 人" in said
    assert "不违反任何规定" not in said
    assert "<img" not in said
