"""Waiting for work that was sent off: its result in this run when it is quick, else a progress line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.ui import jobs, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.ui.jobs import Job, Progress

MOMENT_S = 2.0  # most work is ready within this, without a second run


def send(key: str, work: Callable[[], object], *, expected_s: float) -> None:
    """Send work off under a name of this tab."""
    session.remember(key, jobs.send(work, expected_s=expected_s))


def send_watched(key: str, work: Callable[[Progress], object], *, expected_s: float, owner: str) -> None:
    """Send off work that says how it goes and can be asked to end; its owner finds it again in another tab."""
    progress = jobs.Progress()
    job = jobs.send(lambda: work(progress), expected_s=expected_s, progress=progress)
    session.remember(key, job)
    jobs.keep(owner, key, job)


def pick_up(key: str, owner: str) -> None:
    """Go on in this tab with the job that the account left behind in another."""
    job = jobs.kept(owner, key)
    if job is not None:
        session.remember(key, job)


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
    if job.progress is not None:
        _show_watched(job.progress)


def _show_watched(progress: Progress) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(progress.said or "正在读取数据、量算步行距离")
        if progress.is_cancelled:
            st.caption("正在停止…")
        else:
            st.button("停止，用目前最好的结果", on_click=_cancel, args=(progress,))


def _cancel(progress: Progress) -> None:
    progress.is_cancelled = True
