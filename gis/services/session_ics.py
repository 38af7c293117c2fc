"""A calendar file of sessions that any calendar program reads (RFC 5545); no person's name stands in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from unicodedata import category

from gis.model.access import Action
from gis.services.access import require
from gis.services.session_views import list_sessions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gis.model.access import Actor
    from gis.services.session_views import SessionLine, SessionQuery
    from gis.store.database import Store

LENGTH = timedelta(minutes=90)
LINE_BYTES = 75
ZONE = "Asia/Shanghai"
HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//jiujin//sessions//ZH",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "X-WR-CALNAME:组织生活",
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:STANDARD",
    "DTSTART:19920101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


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
    texts = [*HEAD, *(text for line in lines for text in _event(line, made_at)), "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for text in texts for part in _folded(text)).encode()


def _event(line: SessionLine, made_at: datetime) -> list[str]:
    session = line.session
    begins = session.planned_at
    about = f"{session.kind.label}，{session.affair.label}。{session.plan}".rstrip("。") + "。"
    home = session.host_id is not None  # a private home: the building is told by the group leader, not by a file
    return [
        "BEGIN:VEVENT",
        f"UID:session-{session.id}@jiujin",
        f"SEQUENCE:{session.version}",
        f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={ZONE}:{begins:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={ZONE}:{begins + LENGTH:%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped(f'{line.org}：{session.theme or session.kind.label}')}",
        f"LOCATION:{_escaped('党员中心户' if home else line.place)}",
        f"DESCRIPTION:{_escaped(about)}",
        f"STATUS:{'CANCELLED' if session.cancelled_on else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    flat = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(letter for letter in flat if letter == "\n" or category(letter) not in ("Cc", "Cf"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(text: str) -> list[str]:
    """Cut a line after at most 75 bytes, between letters; what continues begins with a space."""
    parts, now, size = [], "", 0
    for letter in text:
        length = len(letter.encode())
        if size + length > LINE_BYTES:
            parts.append(now)
            now, size = " ", 1
        now += letter
        size += length
    return [*parts, now]
