"""Planning while it runs: what is said of it, and that a press of the button ends it."""

from __future__ import annotations

from gis.model.plan import PlanProgress
from gis.ui import jobs
from gis.ui.groups.progress import said, watching


def test_the_best_plan_and_what_none_can_beat_are_said():
    words = said(PlanProgress(1.0, 3, 2, 900, 800, 0.05))
    assert "未安排 3 名（可能少到 2 名）" in words
    assert "总代价 900 米（不可能低于 800 米）" in words
    assert "与最优差距 ≤ 5.00%" in words


def test_a_proven_plan_is_said_to_be_best():
    words = said(PlanProgress(1.0, 2, 2, 800, 800, 0.0))
    assert "已证明最优" in words
    assert "可能少到" not in words


def test_the_search_goes_on_until_somebody_ends_it():
    progress = jobs.Progress()
    told = watching(progress)
    now = PlanProgress(1.0, 0, 0, 900, 800, 0.1)
    assert told(now)
    progress.is_cancelled = True
    assert not told(now)
    assert progress.said == said(now)


def test_a_job_is_found_again_by_its_account_only_until_it_is_let_go():
    job: jobs.Job[object] = jobs.send(lambda: 7, expected_s=1.0)
    jobs.keep("甲", "k", job)
    assert jobs.kept("甲", "k") is job
    assert jobs.kept("乙", "k") is None
    jobs.let_go("甲", "k")
    assert jobs.kept("甲", "k") is None
