"""Waiting for work that was sent off: its result in this run when it is quick, else a progress line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.ui import jobs, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.ui.jobs import Job

MOMENT_S = 2.0  # most work is ready within this, without a second run


def send(key: str, work: Callable[[], object], *, expected_s: float) -> None:
    """Send work off under a name of this tab."""
    session.remember(key, jobs.send(work, expected_s=expected_s))


def result_of(key: str, words: str) -> Any:  # noqa: ANN401  # each caller knows what it sent
    """Return what came of the work, None while there is none; raises what the work raised."""
    job: Job[object] | None = session.recall(key)
    if job is None:
        return None
    if not job.is_done(MOMENT_S):
        _show_progress(job, words)
        return None
    session.forget(key)
    return job.result()


@st.fragment(run_every=1.0)
def _show_progress(job: Job[object], words: str) -> None:
    if job.is_done():
        st.rerun()
    share = min(job.elapsed_s / max(job.expected_s, 1.0), 0.99)
    st.progress(share, text=f"{words}，已用 {job.elapsed_s:.0f} 秒；可以先看别的页面，回来接着看结果")
