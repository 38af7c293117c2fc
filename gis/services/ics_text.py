"""Calendar files as text (RFC 5545): the head with our zone, escaped values, folded lines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LINE_BYTES = 75
ZONE = "Asia/Shanghai"
_ZONE_LINES = (
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


def calendar_file(product: str, name: str, events: Iterable[Iterable[str]]) -> bytes:
    """Write a calendar whose name programs show; `events` are the lines of each, values escaped already."""
    head = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//jiujin//{product}//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        *_ZONE_LINES,
    )
    lines = (line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT"))
    texts = (*head, *lines, "END:VCALENDAR")
    return "".join(f"{part}\r\n" for text in texts for part in folded(text)).encode()


def times(begins: datetime, ends: datetime, made_at: datetime) -> tuple[str, str, str]:
    """Return when an event was written (UTC), begins and ends (local)."""
    return (
        f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={ZONE}:{begins:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={ZONE}:{ends:%Y%m%dT%H%M%S}",
    )


def escaped(text: str) -> str:
    """Escape a value, without control characters and marks that turn the reading direction."""
    flat = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(letter for letter in flat if letter == "\n" or category(letter) not in ("Cc", "Cf"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(text: str) -> list[str]:
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
