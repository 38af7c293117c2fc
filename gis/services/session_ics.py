"""A calendar file of sessions that any calendar program reads (RFC 5545); no person's name stands in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require
from gis.services.ics_text import calendar_file, escaped, times
from gis.services.session_views import list_sessions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gis.model.access import Actor
    from gis.services.session_views import SessionLine, SessionQuery
    from gis.store.database import Store

LENGTH = timedelta(minutes=90)


def sessions_ics(actor: Actor, store: Store, query: SessionQuery) -> bytes:
    """Return the calendar file of the sessions that the query finds."""
    require(actor, Action.HOLD_SESSIONS)
    return ics_of(list_sessions(actor, store, query), store.clock())


def ics_of(lines: Iterable[SessionLine], made_at: datetime) -> bytes:
    """Write sessions as a calendar; equal input gives equal bytes.

    Parameters
    ----------
    lines
        `planned_at` is local time (UTC+8).
    made_at
        UTC.
    """
    return calendar_file("sessions", "组织生活", (_event(line, made_at) for line in lines))


def _event(line: SessionLine, made_at: datetime) -> list[str]:
    session = line.session
    begins = session.planned_at
    about = f"{session.kind.label}，{session.affair.label}。{session.plan}".rstrip("。") + "。"
    home = session.host_id is not None  # a private home: the building is told by the group leader, not by a file
    return [
        f"UID:session-{session.id}@jiujin",
        f"SEQUENCE:{session.version}",
        *times(begins, begins + LENGTH, made_at),
        f"SUMMARY:{escaped(f'{line.org}：{session.theme or session.kind.label}')}",
        f"LOCATION:{escaped('党员中心户' if home else line.place)}",
        f"DESCRIPTION:{escaped(about)}",
        f"STATUS:{'CANCELLED' if session.cancelled_on else 'CONFIRMED'}",
    ]
